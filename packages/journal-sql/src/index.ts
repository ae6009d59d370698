export * as PostgresJournal from "./PostgresJournal.ts"
export * as SqliteJournal from "./SqliteJournal.ts"
