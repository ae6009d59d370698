/**
 * SQLite for the engine, over `node:sqlite`. No client that is published works with effect 4.1; once `@effect/sql-sqlite-node`
 * does, it takes the place of this file.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import * as SqlClient from "effect/sql/SqlClient"
import type * as SqlConnection from "effect/sql/SqlConnection"
import * as SqlError from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"

/** Provides a client of the file, until the scope closes. The file is created where there is none. */
export const layer = (filename: string): Layer.Layer<SqlClient.SqlClient> =>
  Layer.effect(SqlClient.SqlClient, make(filename)).pipe(Layer.provide(Reactivity.layer))

const make = Effect.fnUntraced(function* (filename: string) {
  const database = yield* Effect.acquireRelease(
    Effect.sync(() => open(filename)),
    (opened) => Effect.sync(() => opened.close()),
  )
  return yield* SqlClient.make({
    ...SqlClient.makeSqliteAcquirers({
      connection: Effect.succeed(connectionOf(database)),
      semaphore: Semaphore.makeUnsafe(1),
      isTransaction: () => database.isTransaction,
    }),
    isTransaction: () => database.isTransaction,
    compiler: Statement.makeCompilerSqlite(),
    driver: "node:sqlite",
    beginTransaction: "BEGIN IMMEDIATE",
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
    spanAttributes: [["db.system.name", "sqlite"]],
  })
})

const open = (filename: string): DatabaseSync => {
  const database = new DatabaseSync(filename)
  database.exec("pragma journal_mode = wal; pragma synchronous = full")
  return database
}

const connectionOf = (database: DatabaseSync): SqlConnection.Connection => {
  const statements = new Map<string, StatementSync>()
  const prepared = (text: string): StatementSync => {
    const statement = statements.get(text) ?? database.prepare(text)
    statements.set(text, statement)
    return statement
  }
  const run = (text: string, parameters: ReadonlyArray<unknown>, isArrays = false) =>
    Effect.withFiber(({ context }) =>
      Effect.try({
        try: () => {
          const statement = prepared(text)
          statement.setReadBigInts(Context.get(context, SqlClient.SafeIntegers))
          statement.setReturnArrays(isArrays)
          return statement.all(...(parameters as ReadonlyArray<SQLInputValue>))
        },
        catch: (cause) => new SqlError.SqlError({ reason: SqlError.classifySqliteError(cause) }),
      }),
    )
  const execute: SqlConnection.Connection["execute"] = (text, parameters, transform) =>
    transform ? Effect.map(run(text, parameters), transform) : run(text, parameters)
  const values: SqlConnection.Connection["executeValues"] = (text, parameters) =>
    run(text, parameters, true) as unknown as ReturnType<SqlConnection.Connection["executeValues"]>
  return {
    execute,
    executeUnprepared: execute,
    executeRaw: run,
    executeValues: values,
    executeValuesUnprepared: values,
    executeStream: (text, parameters, transform) => Stream.fromIterableEffect(execute(text, parameters, transform)),
  }
}
