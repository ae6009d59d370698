import { describe, expect, it } from "@effect/vitest"
import { Fault } from "@openretl/emulator"
import * as PageRequest from "@openretl/emulator/kit/PageRequest"
import * as Reply from "@openretl/emulator/kit/Reply"
import * as Route from "@openretl/emulator/kit/Route"
import type { Run } from "@openretl/emulator/kit/Run"
import { finishedAt } from "@openretl/emulator/kit/RunState"
import { pageOfRuns, type WhenBusy } from "@openretl/emulator/kit/Sync"
import * as Vendor from "@openretl/emulator/kit/Vendor"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"

/** An emulator of an invented vendor that has runs alone: it leaves all defaults as they are, except for what is given. */
const make = (whenBusy: WhenBusy = "overlaps") =>
  Vendor.make({
    vendor: "acme",
    idNames: { sync: ["sync"], parts: [] },
    defaultLimits: () => [{ name: "all", operations: "all", requests: 5, window: "1 second" }],
    makeDialect: ({ world, startRun }) => {
      const toBody = (run: Run, at: number) => ({ id: Number(run.id), isOver: finishedAt(run) <= at })
      return {
        baseUrl: "https://api.acme.test",
        whenBusy: () => whenBusy,
        idempotencyKeys: {
          keyOf: (request) => request.header("idempotency-key"),
          keptFor: "24 hours",
          inFlight: () => Reply.json(409, { key: "in-flight" }),
        },
        routeOf: Route.table({
          "POST /syncs/{sync}/runs": (_, { sync: id = "" }) => {
            const sync = world.syncs.get(id)
            return {
              operation: "start",
              sync,
              handle: (context) => {
                if (sync === undefined) return Reply.json(404, {})
                if (sync.liveRuns.length > 0 && whenBusy === "refuses") return Reply.json(409, { key: "busy" })
                return Reply.json(201, toBody(startRun(sync, context), context.now))
              },
            }
          },
          "GET /syncs/{sync}/runs": ({ query }, { sync: id = "" }) => {
            const sync = world.syncs.get(id)
            return {
              operation: "list",
              sync,
              handle: ({ asOf }) => {
                const page = PageRequest.ofOffset(query, { from: "offset", size: "limit", defaultSize: 2 })
                if (sync === undefined || page === undefined) return Reply.json(200, { data: [], hasMore: false })
                const { runs, total } = pageOfRuns(sync, asOf, { isNewestFirst: false, ...page })
                const data = runs.map((run) => toBody(run, asOf))
                return Reply.json(200, { data, hasMore: page.offset + page.limit < total })
              },
            }
          },
        }),
      }
    },
  })

const setup = (whenBusy?: WhenBusy) =>
  Effect.gen(function* () {
    const emulator = yield* make(whenBusy)
    const ids = yield* emulator.addSync()
    const send = (method: "GET" | "POST", path: string, headers: Readonly<Record<string, string>> = {}) =>
      Effect.map(
        emulator.transport.send({
          method,
          url: `${emulator.baseUrl}${path}`,
          headers: { authorization: Redacted.make(`Bearer ${emulator.token}`), ...headers },
          maxBytes: 10_000,
        }),
        ({ status, headers, body }) => ({
          status,
          headers,
          json: JSON.parse(new TextDecoder().decode(body) || "null") as unknown,
        }),
      )
    const start = (key?: string) =>
      send("POST", `/syncs/${ids["sync"]}/runs`, key === undefined ? {} : { "idempotency-key": key })
    return { emulator, ids, send, start, list: (query = "") => send("GET", `/syncs/${ids["sync"]}/runs${query}`) }
  })

describe("an emulator of another vendor has by default", () => {
  it.effect("ids of digits, a workspace, and refusals as JSON", () =>
    Effect.gen(function* () {
      const { emulator, ids, send, list } = yield* setup()
      expect(ids["sync"]).toMatch(/^\d+$/)
      expect(emulator).toMatchObject({ vendor: "acme", workspace: { id: expect.stringMatching(/^\d+$/) } })
      expect(yield* send("GET", "/nothing")).toMatchObject({ status: 404, json: { message: "not found" } })
      yield* emulator.deny(["list"])
      expect((yield* list()).status).toBe(403)
      yield* emulator.rotateToken
      expect((yield* send("GET", "/syncs", { authorization: "Bearer old" })).status).toBe(401)
    }),
  )

  it.effect("a 429 with the seconds to wait", () =>
    Effect.gen(function* () {
      const { list } = yield* setup()
      for (let count = 0; count < 5; count++) expect((yield* list()).status).toBe(200)
      expect(yield* list()).toMatchObject({ status: 429, headers: { "retry-after": "1" } })
    }),
  )

  it.effect("faults, scripts, strangers and the truth", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      yield* emulator.script(ids, [{ duration: "1 hour", ends: "failed" }])
      yield* emulator.addFaults(Fault.lost("start", { commits: true }))
      expect(yield* Effect.flip(start())).toMatchObject({ delivery: "unknown" })
      yield* emulator.triggerAsStranger(ids)
      yield* TestClock.adjust("1 hour")
      expect(yield* emulator.runsOf(ids)).toMatchObject([
        { origin: "call", status: "failed" },
        { origin: "stranger", status: "succeeded", rows: { succeeded: 100 } },
      ])
    }),
  )
})

it.effect("a list by offset is oldest first, and ends where there is no more", () =>
  Effect.gen(function* () {
    const { start, list } = yield* setup()
    const first = (yield* start()).json as { readonly id: number }
    yield* start()
    yield* start()
    expect((yield* list()).json).toMatchObject({ data: [{ id: first.id }, { id: first.id + 1 }], hasMore: true })
    expect((yield* list("?offset=2")).json).toMatchObject({ data: [{ id: first.id + 2 }], hasMore: false })
  }),
)

describe("while a run is live, a start", () => {
  it.effect("is refused", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup("refuses")
      yield* start()
      expect((yield* start()).status).toBe(409)
      expect(yield* emulator.triggerAsStranger(ids)).toBeUndefined()
    }),
  )

  it.effect("waits until the others are over", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup("queues")
      yield* start()
      yield* start()
      yield* TestClock.adjust("90 seconds")
      const [first, second] = yield* emulator.runsOf(ids)
      expect(second).toMatchObject({ status: "running", startedAt: first?.finishedAt })
    }),
  )

  it.effect("ends at once as skipped, and takes no scripted plan", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup("skips")
      yield* emulator.script(ids, [{}, { rows: { succeeded: 7 } }])
      yield* start()
      expect((yield* start()).json).toMatchObject({ isOver: true })
      const [, skipped] = yield* emulator.runsOf(ids)
      expect(skipped).toMatchObject({ status: "skipped", skipped: true, rows: { succeeded: 0, total: 0 } })
      expect(skipped).not.toHaveProperty("startedAt")
      yield* TestClock.adjust("1 minute")
      yield* start()
      yield* TestClock.adjust("1 minute")
      expect((yield* emulator.runsOf(ids))[2]).toMatchObject({ status: "succeeded", rows: { succeeded: 7 } })
    }),
  )
})

describe("with an idempotency key, a repeated start", () => {
  it.effect("gets the first answer, and starts no other run until the key is forgotten", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      yield* emulator.addFaults(Fault.lost("start", { commits: true }))
      yield* Effect.flip(start("key-00001"))
      yield* TestClock.adjust("23 hours")
      const again = yield* start("key-00001")
      expect(again).toMatchObject({ status: 201, json: { isOver: false } })
      expect(yield* emulator.runsOf(ids)).toHaveLength(1)
      yield* start("key-00002")
      yield* TestClock.adjust("1 hour")
      yield* start("key-00001")
      expect(yield* emulator.runsOf(ids)).toHaveLength(3)
    }),
  )

  it.effect("is refused while the first is under way", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      yield* emulator.addFaults(Fault.lost("start", { commits: true, commitAfter: "30 seconds" }))
      yield* Effect.flip(start("key-00001"))
      expect(yield* start("key-00001")).toMatchObject({ status: 409, json: { key: "in-flight" } })
      yield* TestClock.adjust("30 seconds")
      expect((yield* start("key-00001")).status).toBe(201)
      expect(yield* emulator.runsOf(ids)).toHaveLength(1)
    }),
  )

  it.effect("gets an error again that the vendor keeps, and none that a gateway sent", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      yield* emulator.addFaults(
        Fault.respond("start", { status: 502 }),
        Fault.respond("start", { status: 500, body: "{}", isKept: true, after: 1 }),
      )
      expect((yield* start("key-00001")).status).toBe(502)
      expect((yield* start("key-00001")).status).toBe(201)
      expect((yield* start("key-00002")).status).toBe(500)
      expect((yield* start("key-00002")).status).toBe(500)
      expect(yield* emulator.runsOf(ids)).toHaveLength(1)
    }),
  )
})
