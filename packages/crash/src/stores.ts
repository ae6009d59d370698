/** The stores that crash tests share between processes. */
import { randomUUID } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as PgClient from "@effect/sql-pg/PgClient"
import type { Service as Journal } from "@openretl/core/Journal"
import type { JournalError } from "@openretl/core/JournalError"
import * as PostgresJournal from "@openretl/journal-sql/PostgresJournal"
import * as SqliteJournal from "@openretl/journal-sql/SqliteJournal"
import * as TestPostgres from "@openretl/test-postgres/TestPostgres"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as EffectScope from "effect/Scope"
import type { StorePlace } from "./messages.ts"

/** A place, and the journal in it as the harness sees it. */
export interface Store {
  readonly place: StorePlace
  readonly journal: Journal
}

/** Opens a journal in a file of a temporary folder, until the scope closes. */
export const sqlite: Effect.Effect<Store, JournalError, EffectScope.Scope> = Effect.gen(function* () {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "openretl-crash-"))),
    (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true })),
  )
  const filename = join(folder, "journal.db")
  return { place: { _tag: "SQLite", filename }, journal: yield* SqliteJournal.make({ filename }) }
})

/** Removes a schema, where the server can be reached: one that somebody else runs stays as it was. */
const dropSchema = (url: string, schema: string): Effect.Effect<void> =>
  Effect.gen(function* () {
    const sql = yield* PgClient.PgClient
    yield* sql`drop schema if exists ${sql(schema)} cascade`
  }).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(url) })), Effect.ignore)

/** Opens a journal in a new schema of a PostgreSQL server, until the scope closes. */
export const postgresAt = (url: string): Effect.Effect<Store, JournalError, EffectScope.Scope> =>
  Effect.gen(function* () {
    const schema = `crash_${randomUUID().replaceAll("-", "")}`
    yield* Effect.addFinalizer(() => dropSchema(url, schema))
    const journal = yield* PostgresJournal.make({ url: Redacted.make(url), schema, maxConnections: 2 })
    return { place: { _tag: "PostgreSQL", url, schema }, journal }
  })

/** Starts a PostgreSQL server and opens a journal in it, until the scope closes. Returns `undefined` where there is none. */
export const postgres: Effect.Effect<Store | undefined, JournalError, EffectScope.Scope> = Effect.gen(function* () {
  const server = yield* Effect.acquireRelease(
    Effect.promise(() => TestPostgres.start()),
    (started) => Effect.promise(async () => started?.stop()),
  )
  return server === undefined ? undefined : yield* postgresAt(server.url)
})
