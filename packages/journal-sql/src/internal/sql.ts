/**
 * The one file that uses `effect/sql` and its PostgreSQL client, both marked unstable. SQLite has a small client of its own
 * here, over `node:sqlite`, because no published one works with effect 4.1.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import * as PgClient from "@effect/sql-pg/PgClient"
import {
  JournalReason,
  NotAJournal,
  StoreAccessDenied,
  StoreBusy,
  StoreNotWritable,
  StoreUnavailable,
} from "@openretl/core/JournalError"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Predicate from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Schema from "effect/Schema"
import * as EffectScope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import * as SqlClient from "effect/sql/SqlClient"
import type * as SqlConnection from "effect/sql/SqlConnection"
import * as SqlError from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"

/** A value that a statement takes. */
export type Value = string | number | null

/** A row that a statement returns. */
export type Row = Readonly<Record<string, unknown>>

/** A unique index refuses the row. */
export class Duplicate extends Data.TaggedError("Duplicate") {}

/** Another transaction has the lock, or the database undid this one in favor of another: the transaction may run again. */
export class Locked extends Data.TaggedError("Locked") {}

/** Why a statement or a transaction failed. */
export type Failure = JournalReason | Duplicate | Locked

/** A database, in the two words that the journal needs. */
export interface Database {
  /** Runs a statement. `?` stands for each parameter. */
  readonly query: (text: string, ...parameters: ReadonlyArray<Value>) => Effect.Effect<ReadonlyArray<Row>, Failure>
  /** Runs a program in a transaction, or in a savepoint within one. */
  readonly transaction: <A, E>(program: Effect.Effect<A, E>) => Effect.Effect<A, E | Failure>
}

/** Returns the reason of the journal. A statement that may be tried again is `StoreBusy`. */
export const reasonOf = (failure: Failure): JournalReason => {
  switch (failure._tag) {
    case "Locked":
      return new StoreBusy({ after: Duration.zero })
    case "Duplicate":
      return new StoreUnavailable({ code: "DUPLICATE" })
    default:
      return failure
  }
}

/** Opens a SQLite file, which is created where there is none. Nothing is written before the first statement. */
export const openSqlite = (filename: string): Effect.Effect<Database, Failure, EffectScope.Scope> =>
  Effect.gen(function* () {
    const connection = yield* sqliteConnection(filename)
    const semaphore = Semaphore.makeUnsafe(1)
    const acquirers = SqlClient.makeSqliteAcquirers({
      connection: Effect.succeed(connection),
      semaphore,
      isTransaction: ({ database }) => database.isTransaction,
    })
    const { acquirer, borrower, transactionAcquirer, onCommitFailure, isTransaction } = acquirers
    const client = yield* SqlClient.make({
      acquirer,
      borrower,
      transactionAcquirer,
      onCommitFailure,
      isTransaction,
      compiler: Statement.makeCompilerSqlite(),
      driver: "node:sqlite",
      // A transaction that reads first and writes later fails where another one wrote in between.
      beginTransaction: "BEGIN IMMEDIATE",
      releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
      spanAttributes: [["db.system.name", "sqlite"]],
    })
    return over(client, sqliteFailure, (text) => text)
  }).pipe(Effect.provide(Reactivity.layer))

/** What connects to a PostgreSQL server. */
export interface PostgresOptions {
  readonly url: Redacted.Redacted
  readonly maxConnections: number
}

/**
 * Opens a pool of connections to a PostgreSQL server. The first statement connects.
 *
 * The pool has a scope of its own, which closes at its turn: in a scope that is closing already, a pool opens no
 * connection, and the finalizers that still use the journal would wait for one. A pool whose server does not answer does
 * not end, so that closing waits for it for some seconds only; the operating system ends its connections.
 */
export const openPostgres = (options: PostgresOptions): Effect.Effect<Database, Failure, EffectScope.Scope> =>
  Effect.gen(function* () {
    const scope = yield* EffectScope.make()
    yield* Effect.addFinalizer((exit) => withoutWaiting(EffectScope.close(scope, exit)))
    const client = yield* PgClient.make({
      ...options,
      applicationName: "openretl",
      // A connection to a server that is gone ends by itself.
      keepAlive: "10 seconds",
      // A pooler between may give each transaction another session, which does not know statements by name.
      prepare: false,
    }).pipe(
      EffectScope.provide(scope),
      Effect.mapError(({ reason }) => postgresFailure(reason.cause)),
    )
    return over(client, postgresFailure, numbered)
  }).pipe(Effect.provide(Reactivity.layer))

const closeWithin = "5 seconds"

/** Runs a program that may never end, and returns after some seconds at the latest. */
const withoutWaiting = <A>(program: Effect.Effect<A>): Effect.Effect<void> =>
  Effect.flatMap(Effect.forkDetach(program, { startImmediately: true }), (fiber) =>
    Effect.interruptible(Effect.timeoutOption(Fiber.await(fiber), closeWithin)).pipe(Effect.asVoid),
  )

/** PostgreSQL numbers its parameters. */
const numbered = (text: string): string => {
  let number = 0
  return text.replaceAll("?", () => `$${++number}`)
}

const isReason = Schema.is(JournalReason)

type FailureOf = (cause: unknown) => Failure

const over = (client: SqlClient.SqlClient, failureOf: FailureOf, compile: (text: string) => string): Database => ({
  query: (text, ...parameters) =>
    Effect.mapError(client.unsafe<Row>(compile(text), parameters), ({ reason }) => failureOf(reason.cause)),
  transaction: <A, E>(program: Effect.Effect<A, E>) =>
    client.withTransaction(program).pipe(
      Effect.mapError((error) => (SqlError.isSqlError(error) ? failureOf(error.reason.cause) : error)),
      // A connection that breaks cannot be rolled back, which is a defect for the client, as is what failed before it.
      Effect.catchDefect((defect) => {
        if (SqlError.isSqlError(defect)) return Effect.fail(failureOf(defect.reason.cause))
        return isReason(defect) ? Effect.fail(defect) : Effect.die(defect)
      }),
    ) as Effect.Effect<A, Exclude<E, SqlError.SqlError> | Failure>,
})

const fieldOf = (cause: unknown, name: string): unknown =>
  Predicate.isObject(cause) ? Reflect.get(cause, name) : undefined

interface SqliteConnection extends SqlConnection.Connection {
  readonly database: DatabaseSync
}

const sqliteConnection = (filename: string): Effect.Effect<SqliteConnection, Failure, EffectScope.Scope> =>
  Effect.acquireRelease(
    // A busy time-out would stop the event loop for as long. A transaction whose lock is taken runs again later instead.
    Effect.try({ try: () => new DatabaseSync(filename, { timeout: 0 }), catch: sqliteFailure }),
    (database) => Effect.sync(() => database.close()),
  ).pipe(Effect.map(connectionOf))

const connectionOf = (database: DatabaseSync): SqliteConnection => {
  const statements = new Map<string, StatementSync>()
  const prepared = (text: string): StatementSync => {
    const statement = statements.get(text) ?? database.prepare(text)
    statements.set(text, statement)
    return statement
  }
  const run = <A>(text: string, use: (statement: StatementSync) => A): Effect.Effect<A, SqlError.SqlError> =>
    Effect.try({
      try: () => use(prepared(text)),
      catch: (cause) => new SqlError.SqlError({ reason: SqlError.classifySqliteError(cause) }),
    })
  const rows = (text: string, parameters: ReadonlyArray<unknown>) =>
    run(text, (statement) => statement.all(...(parameters as ReadonlyArray<SQLInputValue>)))
  const values = (text: string, parameters: ReadonlyArray<unknown>) =>
    Effect.map(rows(text, parameters), (all) => all.map((row) => Object.values(row)))
  const execute: SqliteConnection["execute"] = (text, parameters, transform) =>
    transform ? Effect.map(rows(text, parameters), transform) : rows(text, parameters)
  return {
    database,
    execute,
    executeUnprepared: execute,
    executeRaw: rows,
    executeValues: values,
    executeValuesUnprepared: values,
    executeStream: (text, parameters, transform) => Stream.fromIterableEffect(execute(text, parameters, transform)),
  }
}

/** Primary result codes of SQLite: https://sqlite.org/rescode.html */
const sqliteCodes: Readonly<Record<number, string>> = {
  3: "SQLITE_PERM",
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  8: "SQLITE_READONLY",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  19: "SQLITE_CONSTRAINT",
  23: "SQLITE_AUTH",
  26: "SQLITE_NOTADB",
}

const sqliteFailure = (cause: unknown): Failure => {
  const number = fieldOf(cause, "errcode")
  if (typeof number !== "number") return new StoreUnavailable({ code: "SQLITE" })
  // The higher bits are details of the primary code.
  const primary = number & 0xff
  const code = sqliteCodes[primary] ?? `SQLITE_${primary}`
  switch (primary) {
    case 5:
    case 6:
      return new Locked()
    case 19:
      // SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE
      return number === 1555 || number === 2067 ? new Duplicate() : new StoreUnavailable({ code })
    case 8:
    case 13:
      return new StoreNotWritable({ code })
    case 3:
    case 23:
      return new StoreAccessDenied({ code })
    case 26:
      return new NotAJournal({ instead: "a file that is no SQLite database" })
    default:
      return new StoreUnavailable({ code })
  }
}

/** SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html. Trouble with the socket has Node's code. */
const postgresFailure = (cause: unknown): Failure => {
  const code = fieldOf(cause, "code")
  if (typeof code !== "string") return new StoreUnavailable({ code: "CONNECTION" })
  if (code === "23505") return new Duplicate()
  // A lock that was not granted in time, a deadlock, transactions that could not be put in an order.
  if (["55P03", "40P01", "40001"].includes(code)) return new Locked()
  // A disk that is full, a transaction that may only read, as on a standby.
  if (["53100", "25006"].includes(code)) return new StoreNotWritable({ code })
  if (code.startsWith("28") || code === "42501" || code === "3D000") return new StoreAccessDenied({ code })
  return new StoreUnavailable({ code })
}
