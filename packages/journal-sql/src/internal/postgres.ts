/** A schema of a PostgreSQL database as the database of a journal. */
import type { FieldIssue } from "@openretl/core/FieldIssue"
import type { Service } from "@openretl/core/Journal"
import { InvalidEntry, type JournalReason, NewerSchema, NotAJournal } from "@openretl/core/JournalError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as EffectScope from "effect/Scope"
import { type Dialect, postgres } from "./dialect.ts"
import * as SqlJournal from "./journal.ts"
import { migrations, supported } from "./schema.ts"
import { type Database, type Failure, openPostgres, reasonOf } from "./sql.ts"

interface Options {
  readonly url: Redacted.Redacted
  readonly schema?: string
  readonly maxConnections?: number
}

/** Opens a journal in a schema. `wrap` lets tests stand between the journal and its database. */
export const open = Effect.fnUntraced(function* (
  { url, schema = "openretl", maxConnections = 4 }: Options,
  wrap: (database: Database) => Database = (database) => database,
): Effect.fn.Return<Service, JournalReason, EffectScope.Scope> {
  const issues = issuesOf(url, schema, maxConnections)
  if (issues.length > 0) return yield* Effect.fail(new InvalidEntry({ issues }))
  const database = wrap(yield* Effect.mapError(openPostgres({ url, maxConnections }), reasonOf))
  const dialect = postgres(schema)
  const id = yield* SqlJournal.bounded((within) => prepare(database, dialect, schema, within))
  return SqlJournal.make(database, { id, dialect, begin })
})

/** Returns what is wrong with the options: no later call would succeed. No message shows the URL. */
const issuesOf = (url: unknown, schema: unknown, maxConnections: unknown): ReadonlyArray<FieldIssue> => {
  const text = Redacted.isRedacted(url) ? Redacted.value(url) : undefined
  const parsed = typeof text === "string" ? (URL.parse(text) ?? undefined) : undefined
  const isUrl = parsed !== undefined && /^postgres(?:ql)?:$/.test(parsed.protocol) && parsed.username !== ""
  const isName = typeof schema === "string" && /^[a-z_][a-z0-9_]{0,39}$/.test(schema)
  const isCount = Number.isSafeInteger(maxConnections) && Number(maxConnections) > 0
  const expected = "Expected a Redacted URL, as in postgres://user:password@host:5432/database"
  return [
    ...(isUrl ? [] : [{ path: ["url"], message: expected }]),
    ...(isName
      ? []
      : [{ path: ["schema"], message: "Expected a name of lower-case letters, digits and _, at most 40" }]),
    ...(isCount ? [] : [{ path: ["maxConnections"], message: "Expected a whole number from 1" }]),
  ]
}

/** Settings of one transaction, which a pooler between passes on. */
const begin = (database: Database, within: Duration.Duration) => {
  const milliseconds = `${Math.ceil(Duration.toMillis(within))}`
  return database.query(
    `select set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true),
      set_config('idle_in_transaction_session_timeout', ?, true),
      set_config('synchronous_commit', case current_setting('synchronous_commit')
        when 'off' then 'on' else current_setting('synchronous_commit') end, true)`,
    milliseconds,
    milliseconds,
    milliseconds,
  )
}

/** Brings the database to this version's schema, and returns the id of the store. */
const prepare = Effect.fnUntraced(function* (
  database: Database,
  dialect: Dialect,
  schema: string,
  within: Duration.Duration,
): Effect.fn.Return<string, Failure> {
  const number = yield* schemaNumber(database, dialect, schema)
  if (number < supported) {
    yield* database.transaction(Effect.andThen(begin(database, within), migrate(database, dialect, schema)))
  }
  return yield* fact(database, dialect, "id")
})

/** Of several starters one migrates; the others wait for it, and read the number again. */
const migrate = Effect.fnUntraced(function* (
  database: Database,
  dialect: Dialect,
  schema: string,
): Effect.fn.Return<void, Failure> {
  yield* database.query("select pg_advisory_xact_lock(hashtextextended(?, 0))", `openretl journal ${schema}`)
  const number = yield* schemaNumber(database, dialect, schema)
  if (number === supported) return
  const [existing] = yield* database.query("select 1 as existing from pg_namespace where nspname = ?", schema)
  if (existing === undefined) yield* database.query(`create schema ${schema}`)
  for (const statement of migrations(dialect).slice(number).flat()) yield* database.query(statement)
  if (number === 0) {
    yield* database.query(
      `insert into ${dialect.table("facts")} (name, value)
        values ('id', gen_random_uuid()::text), ('schema', '0')`,
    )
  }
  yield* database.query(`update ${dialect.table("facts")} set value = ? where name = 'schema'`, `${supported}`)
})

/** Read before anything else: 0 where there is no journal. */
const schemaNumber = Effect.fnUntraced(function* (
  database: Database,
  dialect: Dialect,
  schema: string,
): Effect.fn.Return<number, Failure> {
  // Not to_regclass: without a lock on a table it answers from the session's cache, which does not see what another
  // starter committed since this transaction began.
  const tables = yield* database.query(
    `select relation.relname as name from pg_class relation
      join pg_namespace namespace on namespace.oid = relation.relnamespace where namespace.nspname = ?`,
    schema,
  )
  const exists = (name: "facts" | "entries") => tables.some((row) => row["name"] === `journal_${name}`)
  if (!exists("facts")) {
    if (!exists("entries")) return 0
    return yield* Effect.fail(new NotAJournal({ instead: "a schema with tables of another program" }))
  }
  const number = Number(yield* fact(database, dialect, "schema"))
  if (number > supported) return yield* Effect.fail(new NewerSchema({ schema: number, supported }))
  return number
})

const fact = (database: Database, dialect: Dialect, name: string): Effect.Effect<string, Failure> =>
  Effect.map(database.query(`select value from ${dialect.table("facts")} where name = ?`, name), ([row]) =>
    String(row?.["value"]),
  )
