import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { emulated, failure } from "./emulated.ts"
import { client, recording } from "./recordingTransport.ts"

const setup = Effect.fnUntraced(function* (options: Parameters<typeof emulated>[0] = {}) {
  yield* TestClock.setTime(Date.UTC(2026, 8, 20, 10))
  const { emulator, client } = yield* emulated(options)
  const ids = yield* emulator.addSync()
  return { emulator, client, ids, connection: String(ids["connection"]) }
})

const run = (id: number) => ({ id: `run-${id}`, status: "succeeded" })

describe("the endpoints of runs", () => {
  it.effect(
    "POST /v2/retl-connections/{connectionId}/start: starts a run, and fails with AlreadyRunning for a second one",
    () =>
      Effect.gen(function* () {
        const { emulator, client, ids, connection } = yield* setup()
        const { syncId } = yield* client.startSync(connection, { syncType: "full" })
        expect(yield* emulator.runsOf(ids)).toMatchObject([{ id: syncId, origin: "call", scope: "full" }])
        expect(yield* failure(client.startSync(connection, { syncType: "full" }))).toEqual({
          reason: "AlreadyRunning",
          delivery: "refused",
        })
        expect(yield* failure(client.startSync("nope", { syncType: "full" }))).toEqual({
          reason: "NotFound",
          delivery: "refused",
        })
      }),
  )

  it.effect("GET /v2/retl-connections/{connectionId}/syncs: lists runs, newest first, filtered, in pages", () =>
    Effect.gen(function* () {
      const { emulator, client, ids, connection } = yield* setup()
      yield* emulator.script(ids, [{}, { ends: "failed" }, {}])
      const started: Array<string> = []
      for (let count = 0; count < 3; count++) {
        started.unshift((yield* client.startSync(connection, { syncType: "incremental" })).syncId)
        yield* TestClock.adjust("1 hour")
      }
      const first = yield* client.listSyncs(connection, { per_page: 2 })
      expect(first.syncs?.map(({ id }) => id)).toEqual(started.slice(0, 2))
      expect(first.paging?.total).toBe(3)
      const failed = yield* client.listSyncs(connection, { status: "failed" })
      expect(failed.syncs?.map(({ id }) => id)).toEqual([started[1]])
      expect(yield* failure(client.listSyncs("nope"))).toEqual({ reason: "NotFound", delivery: "refused" })
    }),
  )

  it.effect(
    "GET /v2/retl-connections/{connectionId}/syncs: streams all runs, and reads no page before it is pulled",
    () =>
      Effect.gen(function* () {
        const { emulator, client, ids, connection } = yield* setup({ switches: { overlap: "concurrent" } })
        const runs: Array<string | undefined> = []
        for (let count = 0; count < 5; count++) runs.unshift(yield* emulator.triggerAsStranger(ids))
        const all = yield* Stream.runCollect(client.streamSyncs(connection, { per_page: 2 }))
        expect(all.map(({ id }) => id)).toEqual(runs)
        expect((yield* emulator.calls).map(({ query }) => query["page"])).toEqual(["1", "2", "3", "1", "2", "3"])
        yield* emulator.clearCalls
        const two = yield* client
          .streamSyncs(connection, { per_page: 2, status: "running" })
          .pipe(Stream.take(2), Stream.runCollect)
        expect(two.map(({ id }) => id)).toEqual(runs.slice(0, 2))
        expect((yield* emulator.calls).map(({ query }) => query)).toEqual([
          { status: "running", per_page: "2", page: "1" },
        ])
      }),
  )

  it.effect(
    "GET /v2/retl-connections/{connectionId}/syncs/{syncId}: reads a run, and fails with NotFound where the text of the error says so",
    () =>
      Effect.gen(function* () {
        const { client, connection } = yield* setup()
        const { syncId } = yield* client.startSync(connection, { syncType: "full" })
        yield* TestClock.adjust("1 hour")
        expect(yield* client.getSync(connection, syncId)).toMatchObject({ id: syncId, status: "succeeded" })
        expect(yield* failure(client.getSync(connection, "nope"))).toEqual({ reason: "NotFound", delivery: "unknown" })
        expect(yield* failure(client.getSync(connection, "dannc59bjios73e2imjg"))).toEqual({
          reason: "Unavailable",
          delivery: "unknown",
        })
      }),
  )

  it.effect("POST /v2/retl-connections/{connectionId}/stop: stops what runs on the connection", () =>
    Effect.gen(function* () {
      const { emulator, client, ids, connection } = yield* setup()
      yield* emulator.script(ids, [{ ends: "never" }])
      yield* client.startSync(connection, { syncType: "full" })
      yield* client.stopSync(connection)
      yield* TestClock.adjust("1 minute")
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ stopped: true }])
      expect(yield* failure(client.stopSync("nope"))).toEqual({ reason: "NotFound", delivery: "refused" })
    }),
  )
})

describe("a stream of runs", () => {
  it.effect("L2: goes on after an empty page that has a next one, and follows no link", () =>
    Effect.gen(function* () {
      const transport = recording(
        { body: { syncs: [run(1)], paging: { next: "https://evil.example/?page=7" } } },
        { body: { syncs: [], paging: { next: "/apigateway/v1/syncs?page=3" } } },
        { body: { syncs: [run(2)], paging: { total: 2 } } },
        { body: { syncs: [run(1), run(2)], paging: { total: 2 } } },
      )
      const all = yield* Stream.runCollect((yield* client(transport)).streamSyncs("c"))
      expect(all.map(({ id }) => id)).toEqual(["run-1", "run-2"])
      expect(transport.requests.map(({ url }) => new URL(url).search)).toEqual([
        "?per_page=100&page=1",
        "?per_page=100&page=2",
        "?per_page=100&page=3",
        "?per_page=100&page=1",
      ])
    }),
  )

  it.effect.each<[string, { readonly paging?: object }, ReadonlyArray<ReadonlyArray<number>>]>([
    ["the total", { paging: { total: 3 } }, [[1, 2], [3]]],
    ["an empty page", {}, [[1, 2], [3], []]],
    ["a page that comes again", {}, [[1, 2], [3], [3]]],
  ])("L2: ends with %s, in both readings", ([, fields, pages]) =>
    Effect.gen(function* () {
      const answers = pages.map((ids) => ({ body: { syncs: ids.map(run), ...fields } }))
      const transport = recording(...answers, ...answers)
      const all = yield* Stream.runCollect((yield* client(transport)).streamSyncs("c", { per_page: 2 }))
      expect(all).toHaveLength(3)
      expect(transport.requests).toHaveLength(2 * pages.length)
    }),
  )

  it.effect("L2: fails where pages do not end", () =>
    Effect.gen(function* () {
      const page = { body: { syncs: [run(1)], paging: { next: "/more" } } }
      const api = yield* client(recording(page, page, page))
      const endless = Stream.runDrain(api.streamSyncs("c", { maxPages: 2 }))
      expect(yield* failure(endless)).toEqual({ reason: "UnexpectedResponse", delivery: "unknown" })
    }),
  )

  it.effect("fails for wrong options before anything is sent", () =>
    Effect.gen(function* () {
      const transport = recording()
      const api = yield* client(transport)
      const wrong = Stream.runDrain(api.streamSyncs("c", { per_page: 0, started_after: "yesterday" }))
      expect(yield* failure(wrong)).toEqual({
        reason: "InvalidRequest",
        delivery: "not-sent",
        paths: ["per_page", "started_after"],
      })
      expect(transport.requests).toHaveLength(0)
    }),
  )
})
