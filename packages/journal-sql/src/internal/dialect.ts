/** Where the SQL of SQLite and PostgreSQL differs. */

export interface Dialect {
  /** What people call it. */
  readonly name: string
  /** Writes the name of one of the journal's tables. */
  readonly table: (name: "entries" | "leases" | "workspaces" | "facts") => string
  /** The database's time of this moment, in whole epoch milliseconds. */
  readonly now: string
  /** Ends a `select`: no other transaction changes the rows of this table before this one ends. */
  readonly forUpdate: (table: string) => string
  /** The same for a `select` that leaves out rows that another transaction is changing. */
  readonly skipLocked: (table: string) => string
  /** Whether only one host at a time can use the database. */
  readonly isBoundToHost: boolean
}

export const sqlite: Dialect = {
  name: "SQLite",
  table: (name) => `journal_${name}`,
  now: "cast(round(unixepoch('now', 'subsec') * 1000) as integer)",
  // Every transaction begins as the only one that writes.
  forUpdate: () => "",
  skipLocked: () => "",
  isBoundToHost: true,
}

/** Tables in a schema whose name was validated. */
export const postgres = (schema: string): Dialect => ({
  name: "PostgreSQL",
  table: (name) => `${schema}.journal_${name}`,
  // Not now(): that is the time at which the transaction began, perhaps long before it got its locks.
  now: "floor(extract(epoch from clock_timestamp()) * 1000)::bigint",
  forUpdate: (table) => ` for update of ${table}`,
  skipLocked: (table) => ` for update of ${table} skip locked`,
  isBoundToHost: false,
})
