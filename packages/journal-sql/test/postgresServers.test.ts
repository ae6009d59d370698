import { connect, createServer, type Socket } from "node:net"
import { describe, expect, it } from "@effect/vitest"
import * as Journal from "@openretl/core/Journal"
import * as TestPostgres from "@openretl/test-postgres/TestPostgres"
import { Duration, Effect, Exit, Fiber, Redacted, Scope } from "effect"
import { afterAll } from "vitest"
import { openPostgres } from "../src/internal/sql.ts"
import * as PostgresJournal from "../src/PostgresJournal.ts"
import { lockedTables } from "./support/stores.ts"

const server = await TestPostgres.start()
afterAll(() => server?.stop())

const owner = { host: "a", pid: 1, call: "c" }

const open = (url: string, schema?: string) =>
  PostgresJournal.make({ url: Redacted.make(url), ...(schema !== undefined && { schema }) })

const refusal = (url: string, schema?: string) => Effect.flip(Effect.scoped(open(url, schema)))

/** Passes bytes on to the server. After `freeze` it keeps its connections open and passes nothing on. */
const proxy = (url: string) =>
  Effect.acquireRelease(
    Effect.promise(
      () =>
        new Promise<{ readonly url: string; readonly freeze: () => void; readonly close: () => void }>((resolve) => {
          const { hostname, port } = new URL(url)
          const sockets = new Set<Socket>()
          let isFrozen = false
          const listener = createServer((client) => {
            const upstream = connect(Number(port), hostname)
            for (const socket of [client, upstream]) sockets.add(socket.on("error", () => socket.destroy()))
            client.on("data", (chunk) => isFrozen || upstream.write(chunk)).on("close", () => upstream.destroy())
            upstream
              .on("data", (chunk) => isFrozen || client.write(chunk))
              .on("close", () => isFrozen || client.destroy())
          })
          listener.listen(0, "127.0.0.1", () => {
            const address = listener.address()
            const through = new URL(url)
            through.port = String(typeof address === "object" ? address?.port : 0)
            resolve({
              url: through.href,
              freeze: () => {
                isFrozen = true
              },
              close: () => {
                for (const socket of sockets) socket.destroy()
                listener.close()
              },
            })
          })
        }),
    ),
    ({ close }) => Effect.sync(close),
  )

describe("a server that cannot be used", () => {
  it.live("J10: a connection that is refused is a typed error without the password", () =>
    Effect.gen(function* () {
      const error = yield* refusal("postgres://someone:secret-word@127.0.0.1:1/none")
      expect(error.reason).toMatchObject({ _tag: "StoreUnavailable", code: "ECONNREFUSED" })
      expect(`${error} ${JSON.stringify(error)} ${error.stack}`).not.toContain("secret-word")
    }),
  )

  it.live("J9: a name that is no schema's is refused before anything is sent", () =>
    Effect.gen(function* () {
      const error = yield* refusal("postgres://127.0.0.1:1/none", 'x"; drop schema public')
      expect(error.reason._tag).toBe("InvalidEntry")
    }),
  )
})

if (server !== undefined) {
  const { url } = server

  describe("a server that is there", () => {
    it.live("J10: a database that is missing is a typed error", () =>
      Effect.gen(function* () {
        const { origin } = new URL(url.replace(/^postgres/, "http"))
        const other = `${origin.replace(/^http/, "postgres")}/missing`
        expect((yield* refusal(other.replace("//", "//postgres@"))).reason._tag).toBe("StoreAccessDenied")
      }),
    )

    it.live("J9: a schema with another program's tables is refused", () =>
      Effect.gen(function* () {
        const admin = yield* openPostgres({ url: Redacted.make(url), maxConnections: 1 })
        yield* admin.query("create schema if not exists foreign_schema")
        yield* admin.query("create table if not exists foreign_schema.journal_entries (x text)")
        const { reason } = yield* refusal(url, "foreign_schema")
        expect(reason._tag).toBe("NotAJournal")
        yield* admin.query("drop schema foreign_schema cascade")
      }).pipe(Effect.scoped),
    )

    it.live("J9: a schema that an administrator made is used, and other tables in it stay", () =>
      Effect.gen(function* () {
        const admin = yield* openPostgres({ url: Redacted.make(url), maxConnections: 1 })
        yield* admin.query("create schema if not exists shared_schema")
        yield* admin.query("create table if not exists shared_schema.customers (x text)")
        const first = yield* open(url, "shared_schema")
        expect((yield* open(url, "shared_schema")).id).toBe(first.id)
        yield* admin.query("select * from shared_schema.customers")
        yield* admin.query("drop schema shared_schema cascade")
      }).pipe(Effect.scoped),
    )

    it.live("J10: a server that stops to answer ends no call late, and no scope", () =>
      Effect.gen(function* () {
        const { url: through, freeze } = yield* proxy(url)
        const closing = yield* Effect.scoped(
          Effect.gen(function* () {
            const journal = yield* open(through, "frozen_schema")
            yield* journal.acquire("sync", owner, "1 minute")
            freeze()
            const call = journal.acquire("another sync", owner, "1 minute")
            const [duration, error] = yield* Effect.timed(
              Effect.provideService(Effect.flip(call), Journal.StoreWithin, Duration.millis(300)),
            )
            expect(error.reason._tag).toBe("StoreBusy")
            expect(Duration.toSeconds(duration)).toBeLessThan(5)
            const fiber = yield* Effect.forkChild(call, { startImmediately: true })
            yield* Effect.sleep(50)
            yield* Effect.timeout(Fiber.interrupt(fiber), "5 seconds")
            return Date.now()
          }),
        )
        expect(Date.now() - closing).toBeLessThan(10_000)
      }).pipe(Effect.scoped),
    )

    it.live("J10: a connection that breaks is a typed error, and the next call connects again", () =>
      Effect.gen(function* () {
        const admin = yield* openPostgres({ url: Redacted.make(url), maxConnections: 1 })
        const journal = yield* open(url, "broken_schema")
        yield* journal.acquire("sync", owner, "1 minute")
        const kill = "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'"
        const locks = yield* Scope.make()
        yield* Scope.provide(lockedTables(admin, "broken_schema"), locks)
        const call = yield* Effect.forkChild(Effect.flip(journal.acquire("sync", owner, "1 minute")), {
          startImmediately: true,
        })
        yield* Effect.sleep(200)
        const other = yield* openPostgres({ url: Redacted.make(url), maxConnections: 1 })
        yield* other.query(kill)
        expect((yield* Fiber.join(call)).reason._tag).toBe("StoreUnavailable")
        yield* Scope.close(locks, Exit.void)
        expect(yield* journal.acquire("sync", owner, "1 minute")).toMatchObject({
          _tag: "Acquired",
          lease: { number: 2 },
        })
        yield* other.query("drop schema broken_schema cascade")
      }).pipe(Effect.scoped),
    )
  })
}
