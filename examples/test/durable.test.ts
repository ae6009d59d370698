/** The durable workflow over both stores. Its workers are killed; the truth of the vendor says how many runs there were. */
import { randomUUID } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import * as PgClient from "@effect/sql-pg/PgClient"
import { describe, expect, it } from "@effect/vitest"
import { serveEmulator } from "@openretl/crash/processes"
import * as ControlClient from "@openretl/emulator/ControlClient"
import { RudderStack } from "@openretl/rudderstack"
import * as TestPostgres from "@openretl/test-postgres/TestPostgres"
import { Effect, Redacted, type Scope } from "effect"
import { afterAll } from "vitest"
import { form } from "../../scripts/forms.ts"
import { isTriggerOf, killTwice } from "../durable/killTwice.ts"
import { start } from "../support/processes.ts"
import { bundled } from "./support/processes.ts"

/** Where the journal and the engine of the workers are, and how many workers share them. */
interface Store {
  readonly name: string
  readonly workers: number
  readonly env: Effect.Effect<Readonly<Record<string, string>>, never, Scope.Scope>
  readonly isMissing?: boolean
}

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "openretl-durable-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true })),
)

const sqlite: Store = {
  name: "SQLite, one process",
  workers: 1,
  env: Effect.map(folder, (path) => ({ DURABLE_STORE: join(path, "store") })),
}

/** Removes what the workers have left in the database. */
const clear = (url: string, schema: string) =>
  Effect.gen(function* () {
    const sql = yield* PgClient.PgClient
    yield* sql`drop schema if exists ${sql(schema)} cascade`
    const tables = yield* sql<{
      tablename: string
    }>`select tablename from pg_tables where tablename like ${`${schema}%`}`
    yield* Effect.forEach(tables, ({ tablename }) => sql`drop table ${sql(tablename)}`)
  }).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(url) })), Effect.ignore)

const postgresAt = (url: string): Store => ({
  name: "PostgreSQL, two workers",
  workers: 2,
  env: Effect.acquireRelease(
    Effect.sync(() => ({ DURABLE_STORE: url, DURABLE_SCHEMA: `durable_${randomUUID().slice(0, 8)}` })),
    ({ DURABLE_SCHEMA }) => clear(url, DURABLE_SCHEMA),
  ),
})

const server = await TestPostgres.start()
afterAll(() => server?.stop())

const postgres: Store =
  server === undefined
    ? { ...postgresAt(""), name: `PostgreSQL (${TestPostgres.missing})`, isMissing: true }
    : postgresAt(server.url)

/** The example itself is the case of SQLite that is left out of the short form. */
const cases: ReadonlyArray<Store & { readonly when: string; readonly commits: boolean }> = [sqlite, postgres].flatMap(
  (store) => [
    { ...store, when: "before", commits: false },
    { ...store, when: "after", commits: true },
  ],
)
const tried = form(
  cases.filter(({ workers, commits }) => workers === 2 && !commits),
  cases,
)

const program = pathToFileURL(resolve(import.meta.dirname, "..", await bundled("durable.ts")))

describe.each(tried)("a workflow over $name", ({ workers, when, commits, env, isMissing = false }) => {
  it.live.skipIf(isMissing)(
    `T8, T10: killed ${when} the vendor starts its run, and again in a sleep, it ends with one run`,
    () =>
      Effect.gen(function* () {
        const emulator = yield* serveEmulator({ syncs: [{ plan: { ends: "never", rows: { succeeded: 640 } } }] })
        const vendor = yield* ControlClient.make({ url: emulator.url })
        const [{ connection = "" } = {}] = emulator.syncs
        const sync = yield* RudderStack.syncRef("crm", { connection })
        const variables = {
          ...(yield* env),
          RUDDERSTACK_URL: emulator.url,
          RUDDERSTACK_TOKEN: emulator.token,
          OPENRETL_KEY: "nightly",
        }

        const happenings = yield* killTwice({
          ...{ vendor, sync, commits, workers },
          start: start(program, ["worker", String(sync)], variables),
        })

        const { runs, calls } = yield* vendor.truth
        expect(runs).toHaveLength(1)
        expect(calls.filter((call) => isTriggerOf(sync, call))).toHaveLength(commits ? 1 : 2)

        const lines = happenings.filter(({ what }) => what === "prints").map(({ line }) => line)
        const times = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length
        expect(times(/^ends: complete, 640 rows$/)).toBe(workers)
        // The engine runs the step again that was cut off, and no step that had ended: its memory came from the store.
        expect(times(/^triggers nightly$/)).toBe(2)
        expect(times(/^looks for the first time: Running$/)).toBe(1)
        expect(times(new RegExp(`^has run ${runs[0]?.id}: `))).toBe(1)
      }).pipe(Effect.scoped),
    240_000,
  )
})
