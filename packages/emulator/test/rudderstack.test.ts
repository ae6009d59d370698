import { describe, expect, it } from "@effect/vitest"
import { RudderStackEmulator } from "@openretl/emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type RequestFields, sendTo } from "./client.ts"

const setup = (options: RudderStackEmulator.Options = {}) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.UTC(2024, 3, 20, 5, 41, 18, 871))
    const emulator = yield* RudderStackEmulator.make(options)
    const ids = yield* emulator.addSync()
    const root = `/v2/retl-connections/${ids["connection"]}`
    const start = (fields: RequestFields = { body: { syncType: "incremental" } }) =>
      sendTo(emulator, "POST", `${root}/start`, fields)
    const get = (run: string) => sendTo(emulator, "GET", `${root}/syncs/${run}`)
    const list = (query = "") => sendTo(emulator, "GET", `${root}/syncs${query}`)
    const stop = sendTo(emulator, "POST", `${root}/stop`)
    return { emulator, ids, root, start, get, list, stop }
  })

const metrics = (succeeded: number, failed: number) => ({
  succeeded: { total: succeeded },
  failed: { total: failed },
  changed: { total: succeeded + failed },
  total: succeeded + failed,
})

describe("starting", () => {
  it.effect("a start is answered with a run id like the vendor's, and the run has its scope", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      const answer = yield* start()
      expect([answer.status, answer.json]).toEqual([200, { syncId: expect.stringMatching(/^[0-9a-v]{20}$/) }])
      yield* TestClock.adjust("2 minutes")
      yield* start({ body: { syncType: "full" } })
      yield* TestClock.adjust("2 minutes")
      yield* start({ body: {} })
      expect((yield* emulator.runsOf(ids)).map((run) => run.scope)).toEqual(["incremental", "full", "full"])
    }),
  )

  it.effect.each([
    { body: { syncType: "sideways" }, details: { syncType: "Invalid" } },
    { body: { syncType: "full", extra: 1 }, details: { extra: "Unknown field" } },
  ])("the refusal of an undocumented body has a message by field: $details", ({ body, details }) =>
    Effect.gen(function* () {
      const { start } = yield* setup()
      const answer = yield* start({ body })
      expect([answer.status, answer.json]).toEqual([400, { error: "request validation failed", details }])
    }),
  )

  it.effect.each(["", "nonsense", "[]"])("a body that is not a JSON object is refused: %j", (raw) =>
    Effect.gen(function* () {
      const { start } = yield* setup()
      const answer = yield* start({ raw })
      expect([answer.status, answer.json]).toEqual([400, { error: "Bad Request" }])
    }),
  )

  it.effect("a start is a 409 while a run is live, and a 404 for a connection that does not exist", () =>
    Effect.gen(function* () {
      const { emulator, start } = yield* setup()
      yield* start()
      const second = yield* start()
      expect([second.status, Object.keys(second.json)]).toEqual([409, ["error"]])
      const notFound = yield* sendTo(emulator, "POST", "/v2/retl-connections/nope/start", {
        body: { syncType: "full" },
      })
      expect([notFound.status, notFound.json]).toEqual([404, { error: "connection not found" }])
    }),
  )
})

describe("a run", () => {
  it.effect("has a zero `finishedAt` while it works, and succeeds although rows failed", () =>
    Effect.gen(function* () {
      const { emulator, ids, start, get } = yield* setup()
      yield* emulator.script(ids, [{ duration: "1 minute", rows: { succeeded: 90, failed: 10 } }])
      const { syncId } = (yield* start()).json
      yield* TestClock.adjust("30 seconds")
      expect((yield* get(syncId)).json).toEqual({
        id: syncId,
        status: "running",
        startedAt: "2024-04-20T05:41:18.871Z",
        finishedAt: "0001-01-01T00:00:00Z",
        metrics: metrics(45, 5),
      })
      yield* TestClock.adjust("30 seconds")
      expect((yield* get(syncId)).json).toEqual({
        id: syncId,
        status: "succeeded",
        startedAt: "2024-04-20T05:41:18.871Z",
        finishedAt: "2024-04-20T05:42:18.871Z",
        metrics: metrics(90, 10),
      })
    }),
  )

  it.effect("that failed is answered with 200 and its error", () =>
    Effect.gen(function* () {
      const { emulator, ids, start, get } = yield* setup()
      yield* emulator.script(ids, [{ ends: "failed", error: { text: "could not create database client" } }])
      const { syncId } = (yield* start()).json
      yield* TestClock.adjust("1 minute")
      const answer = yield* get(syncId)
      expect(answer.status).toBe(200)
      expect(answer.json).toMatchObject({ status: "failed", error: "could not create database client" })
    }),
  )

  it.effect("that does not exist is a 500, whose text depends on whether the id is well formed", () =>
    Effect.gen(function* () {
      const { get } = yield* setup()
      const malformedIdAnswer = yield* get("nope")
      expect([malformedIdAnswer.status, malformedIdAnswer.json]).toEqual([500, { error: "invalid run id" }])
      expect((yield* get("dannc59bjios73e2imjg")).json).toEqual({ error: "Internal Server Error" })
    }),
  )
})

describe("the list", () => {
  it.effect("is newest first, with pages from 1 and a relative `next` on all but the last", () =>
    Effect.gen(function* () {
      const { emulator, ids, list } = yield* setup({ switches: { overlap: "concurrent" } })
      const runs: Array<string | undefined> = []
      for (let count = 0; count < 5; count++) runs.unshift(yield* emulator.triggerAsStranger(ids))
      const idsOn = (page: { json: { syncs: ReadonlyArray<{ id: string }> } }) => page.json.syncs.map((run) => run.id)
      const first = yield* list("?per_page=3")
      expect(first.json.paging).toEqual({
        total: 5,
        next: `/retl-connections/${ids["connection"]}/syncs?page=2`,
      })
      const second = yield* list("?per_page=3&page=2")
      expect(second.json.paging).toEqual({ total: 5 })
      expect([...idsOn(first), ...idsOn(second)]).toEqual(runs)
      expect((yield* list("?per_page=3&page=9")).json).toEqual({ syncs: [], paging: { total: 5 } })
    }),
  )

  it.effect("filters by status and by start, and counts only matching runs", () =>
    Effect.gen(function* () {
      const { emulator, ids, list } = yield* setup()
      yield* emulator.script(ids, [{}, { ends: "failed" }, { rows: { succeeded: 1, failed: 1 } }, { ends: "never" }])
      const runs: Array<string | undefined> = []
      for (let count = 0; count < 4; count++) {
        runs.push(yield* emulator.triggerAsStranger(ids))
        yield* TestClock.adjust("1 hour")
      }
      const totalAndIds = (query: string) =>
        Effect.map(list(query), ({ json }) => [json.paging.total, json.syncs.map((run: { id: string }) => run.id)])
      expect(yield* totalAndIds("?status=running")).toEqual([1, [runs[3]]])
      expect(yield* totalAndIds("?status=failed")).toEqual([1, [runs[1]]])
      expect(yield* totalAndIds("?status=succeeded")).toEqual([2, [runs[2], runs[0]]])
      expect(yield* totalAndIds("?started_after=2024-04-20T07:00:00Z")).toEqual([2, [runs[3], runs[2]]])
      expect(yield* totalAndIds("?started_before=2024-04-20T06:41:18.871Z")).toEqual([2, [runs[1], runs[0]]])
      expect(yield* totalAndIds("?started_after=2024-04-20T06:00:00Z&started_before=2024-04-20T07:00:00Z")).toEqual([
        1,
        [runs[1]],
      ])
      expect((yield* list("?status=paused")).status).toBe(400)
      expect((yield* list("?started_after=yesterday")).status).toBe(400)
    }),
  )

  it.effect("is empty for a connection that never ran, and a 404 for one that does not exist", () =>
    Effect.gen(function* () {
      const { emulator, list } = yield* setup()
      expect((yield* list()).json).toEqual({ syncs: [], paging: { total: 0 } })
      expect((yield* sendTo(emulator, "GET", "/v2/retl-connections/nope/syncs")).status).toBe(404)
    }),
  )
})

describe("stopping", () => {
  it.effect("a stop is a 204 without a body, and ends the run after `stopTakes`", () =>
    Effect.gen(function* () {
      const { emulator, ids, start, get, stop } = yield* setup({ stopTakes: "10 seconds" })
      yield* emulator.script(ids, [{ ends: "never" }])
      const { syncId } = (yield* start()).json
      yield* TestClock.adjust("1 minute")
      const answer = yield* stop
      expect([answer.status, answer.text, answer.headers]).toEqual([204, "", { date: expect.any(String) }])
      expect((yield* get(syncId)).json.status).toBe("running")
      yield* TestClock.adjust("10 seconds")
      expect((yield* get(syncId)).json.status).toBe("failed")
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ id: syncId, stopped: true }])
      expect((yield* start()).status).toBe(200)
    }),
  )

  it.effect("a run that ends before the stop takes effect is not stopped", () =>
    Effect.gen(function* () {
      const { emulator, ids, start, stop } = yield* setup({ stopTakes: "10 seconds", plan: { duration: "1 minute" } })
      yield* start()
      yield* TestClock.adjust("55 seconds")
      yield* stop
      yield* TestClock.adjust("1 minute")
      const [run] = yield* emulator.runsOf(ids)
      expect(run).toMatchObject({ status: "succeeded" })
      expect(run).not.toHaveProperty("stopped")
    }),
  )
})

describe("access and limits", () => {
  it.effect("a connection is read with its schedule, unless its routes are closed to the account", () =>
    Effect.gen(function* () {
      const emulator = yield* RudderStackEmulator.make()
      const manual = yield* emulator.addSync()
      const scheduled = yield* emulator.addSync({ schedule: { every: "1 hour" } })
      const read = (id: string | undefined) => sendTo(emulator, "GET", `/v2/retl-connections/${id}`)
      expect((yield* read(manual["connection"])).json).toMatchObject({ enabled: true, schedule: { type: "manual" } })
      expect((yield* read(scheduled["connection"])).json).toMatchObject({
        schedule: { type: "basic", everyMinutes: 60 },
      })
      expect((yield* read("nope")).status).toBe(404)
      yield* emulator.setSwitches({ connectionsList: "403" })
      expect((yield* read(manual["connection"])).status).toBe(403)
    }),
  )

  it.effect("connections are listed for a valid token only", () =>
    Effect.gen(function* () {
      const { emulator, ids } = yield* setup()
      yield* emulator.addSync({ schedule: { every: "1 hour" } })
      const answer = yield* sendTo(emulator, "GET", "/v2/retl-connections?pageSize=1")
      expect(answer.json).toMatchObject({
        data: [{ id: ids["connection"], enabled: true, schedule: { type: "manual" } }],
        paging: { total: 2, next: "/retl-connections?page=2" },
      })
      const refusal = yield* sendTo(emulator, "GET", "/v2/retl-connections", { token: "other" })
      expect([refusal.status, refusal.json]).toEqual([401, { error: "Invalid Authorization Header" }])
    }),
  )

  it.effect("only the option `limits` limits requests", () =>
    Effect.gen(function* () {
      const { list } = yield* setup()
      for (let count = 0; count < 2000; count++) expect((yield* list()).status).toBe(200)
      const limitedSetup = yield* setup({
        limits: [{ name: "all", operations: "all", requests: 2, window: "10 seconds" }],
      })
      yield* limitedSetup.list()
      yield* limitedSetup.list()
      const refusal = yield* limitedSetup.list()
      expect([refusal.status, refusal.headers["retry-after"]]).toEqual([429, "10"])
    }),
  )

  it.effect("each region has its host", () =>
    Effect.gen(function* () {
      expect((yield* RudderStackEmulator.make({ region: "eu" })).baseUrl).toBe("https://api.eu.rudderstack.com")
    }),
  )
})
