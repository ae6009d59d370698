/** The stores as the suite examines them, with a mutant in front of their database where a test says so. */
import { randomUUID } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { JournalHarness, PlantedRecord, Setting } from "@openretl/conformance/JournalHarness"
import type { Service } from "@openretl/core/Journal"
import { JournalError } from "@openretl/core/JournalError"
import { Deferred, Effect, Redacted } from "effect"
import * as Postgres from "../../src/internal/postgres.ts"
import { type Database, openPostgres } from "../../src/internal/sql.ts"
import * as Sqlite from "../../src/internal/sqlite.ts"
import { type Mutant, type MutantName, mutants } from "../mutants/mutants.ts"

/** What another process needs to open the store. */
export interface SqliteData {
  readonly filename: string
  readonly mutant?: MutantName
}

export interface PostgresData {
  readonly url: string
  readonly schema: string
  readonly mutant?: MutantName
}

type Wrap = (database: Database) => Database

const mutated =
  (name: MutantName | undefined, wrap: Wrap): Wrap =>
  (database) =>
    wrap(name === undefined ? database : mutants[name].wrap(database))

/** Returns the journal with the operations of a mutant. */
const changed =
  (name: MutantName | undefined) =>
  (journal: Service): Service => {
    const { change }: Partial<Mutant> = name === undefined ? {} : mutants[name]
    return change === undefined ? journal : { ...journal, ...change(journal) }
  }

export const openSqlite = ({ filename, mutant }: SqliteData, wrap: Wrap = (database) => database) =>
  Effect.mapBoth(Sqlite.open(filename, mutated(mutant, wrap)), {
    onSuccess: changed(mutant),
    onFailure: (reason) => new JournalError({ store: "SQLite", operation: "open", reason }),
  })

export const openPostgresJournal = ({ url, schema, mutant }: PostgresData, wrap: Wrap = (database) => database) =>
  Effect.mapBoth(Postgres.open({ url: Redacted.make(url), schema }, mutated(mutant, wrap)), {
    onSuccess: changed(mutant),
    onFailure: (reason) => new JournalError({ store: "PostgreSQL", operation: "open", reason }),
  })

const columns =
  "id, edition, identity, workspace, entry_key, attempt, state, claim_until, touched_at, created_at, forgotten_from, body"

const values = (record: PlantedRecord): ReadonlyArray<string | number> => {
  const { id, edition, identity, workspace, key, state, body } = record
  return [id, edition, identity, workspace, key, 1, state, 0, 0, 1, 1, body]
}

/** A temporary folder, until the scope closes. */
export const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "openretl-journal-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true })),
)

export const sqlite = (mutant?: MutantName): JournalHarness => ({
  name: "SqliteJournal",
  time: "real",
  place: Effect.map(folder, (path) => {
    const filename = join(path, "journal.db")
    const data: SqliteData = { filename, ...(mutant !== undefined && { mutant }) }
    let opened: Database | undefined
    const raw = <A>(use: (database: DatabaseSync) => A) =>
      Effect.sync(() => {
        const database = new DatabaseSync(filename)
        try {
          return use(database)
        } finally {
          database.close()
        }
      })
    return {
      open: openSqlite(data, (database) => {
        opened = database
        return database
      }),
      program: { module: new URL("./sqliteProgram.ts", import.meta.url), data },
      plant: (record) =>
        raw((database) =>
          database
            .prepare(
              `insert into journal_entries (${columns}) values (${values(record)
                .map(() => "?")
                .join(", ")})`,
            )
            .run(...values(record)),
        ),
      raiseSchema: raw((database) => database.exec("pragma user_version = 99")),
      block: Effect.acquireRelease(
        Effect.sync(() => {
          const database = new DatabaseSync(filename)
          database.exec("begin immediate")
          return database
        }),
        (database) => Effect.sync(() => database.close()),
      ),
      durability: Effect.suspend(() => sqliteSettings(opened)),
      isSharedByHosts: false,
    }
  }),
})

const sqliteSettings = Effect.fnUntraced(function* (database: Database | undefined) {
  const settings: Array<Setting> = []
  for (const [name, needed] of Object.entries({ journal_mode: "wal", synchronous: 2, fullfsync: 1 })) {
    const [row] = database === undefined ? [] : yield* database.query(`pragma ${name}`)
    settings.push({ name, value: row?.[name], needed })
  }
  return settings
})

export const postgres = (url: string, mutant?: MutantName): JournalHarness => ({
  name: "PostgresJournal",
  time: "real",
  place: Effect.gen(function* () {
    const schema = `journal_${randomUUID().replaceAll("-", "").slice(0, 20)}`
    const data: PostgresData = { url, schema, ...(mutant !== undefined && { mutant }) }
    const admin = yield* openPostgres({ url: Redacted.make(url), maxConnections: 2 })
    yield* Effect.addFinalizer(() => Effect.ignore(admin.query(`drop schema if exists ${schema} cascade`)))
    const settings: Array<Setting> = []
    return {
      open: openPostgresJournal(data, (database) => watching(database, settings)),
      program: { module: new URL("./postgresProgram.ts", import.meta.url), data },
      plant: (record) =>
        admin.query(
          `insert into ${schema}.journal_entries (${columns}) values (${values(record)
            .map(() => "?")
            .join(", ")})`,
          ...values(record),
        ),
      raiseSchema: admin.query(`update ${schema}.journal_facts set value = '99' where name = 'schema'`),
      block: lockedTables(admin, schema),
      durability: Effect.sync(() => settings),
      isSharedByHosts: true,
    }
  }),
})

/** Looks at the settings at the end of each transaction. */
const watching = (database: Database, settings: Array<Setting>): Database => ({
  query: database.query,
  transaction: (program) =>
    database.transaction(
      Effect.tap(
        program,
        Effect.map(database.query("select current_setting('synchronous_commit') as value"), ([row]) =>
          settings.push({ name: "synchronous_commit", value: row?.["value"], needed: "on" }),
        ).pipe(Effect.ignore),
      ),
    ),
})

/** Locks the tables until the scope closes, which interrupts the transaction. */
export const lockedTables = Effect.fnUntraced(function* (admin: Database, schema: string) {
  const locked = yield* Deferred.make<void>()
  const tables = `${schema}.journal_entries, ${schema}.journal_leases`
  const holding = Effect.andThen(
    admin.query(`lock table ${tables} in access exclusive mode`),
    Effect.andThen(Deferred.succeed(locked, undefined), Effect.never),
  )
  yield* Effect.forkScoped(admin.transaction(holding))
  yield* Deferred.await(locked)
})
