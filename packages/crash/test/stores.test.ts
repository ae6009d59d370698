import * as PgClient from "@effect/sql-pg/PgClient"
import { expect, it } from "@effect/vitest"
import * as TestPostgres from "@openretl/test-postgres/TestPostgres"
import { Effect, Redacted } from "effect"
import { afterAll } from "vitest"
import * as Stores from "../src/stores.ts"

const server = await TestPostgres.start()
afterAll(() => server?.stop())
const url = server?.url ?? ""

it.live.skipIf(server === undefined)("a PostgreSQL server that others use keeps nothing of a crash test", () =>
  Effect.gen(function* () {
    const sql = yield* PgClient.PgClient
    const names = Effect.map(
      sql<{ readonly name: string }>`select schema_name as name from information_schema.schemata`,
      (rows) => rows.map(({ name }) => name).filter((name) => name.startsWith("crash_")),
    )
    const during = yield* Effect.scoped(Effect.andThen(Stores.postgresAt(url), names))
    expect(during).toHaveLength(1)
    expect(yield* names).toEqual([])
  }).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(url) }))),
)
