/** Every answer that the vendor's documents show for these endpoints, and every request. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import type { HightouchClient } from "../src/HightouchClient.ts"
import * as Fixtures from "./fixtures.ts"
import { clientOver, onTheWire, recording, token } from "./recordingTransport.ts"

const { error: _, ...run } = { ...Fixtures.run, id: "42" }
const sync = { ...Fixtures.sync, id: "1", workspaceId: "1", modelId: "1", destinationId: "1" }

const answers: ReadonlyArray<{
  readonly name: string
  readonly body: object
  readonly call: (client: HightouchClient) => Effect.Effect<unknown, unknown>
  readonly read: unknown
}> = [
  {
    name: "the answer of a trigger",
    body: Fixtures.triggered,
    call: (client) => client.triggerSync("1", {}),
    read: { id: "123" },
  },
  {
    name: "the list of runs",
    body: { data: [Fixtures.run, Fixtures.secondRun], hasMore: false },
    call: (client) => client.listRuns("1"),
    read: { data: [run, expect.objectContaining({ id: "43", createdAt: "2022-02-08T17:44:05.198Z" })], hasMore: false },
  },
  {
    name: "one run",
    body: { data: [Fixtures.secondRun, Fixtures.run], hasMore: false },
    call: (client) => client.getRun("1", "42"),
    read: run,
  },
  { name: "a sync", body: Fixtures.sync, call: (client) => client.getSync("1"), read: sync },
  {
    name: "the list of syncs",
    body: { data: [Fixtures.sync], hasMore: false },
    call: (client) => client.listSyncs(),
    read: { data: [sync], hasMore: false },
  },
  {
    name: "the answer of an update",
    body: { ...Fixtures.sync, disabled: true },
    call: (client) => client.updateSync("1", { disabled: true }),
    read: { ...sync, disabled: true },
  },
]

describe("the client reads", () => {
  it.effect.each(answers)("$name, whole", ({ body, call, read }) =>
    Effect.gen(function* () {
      const client = yield* clientOver(recording({ body }))
      expect(yield* call(client)).toEqual(read)
    }),
  )
})

const headers = { accept: "application/json", authorization: `Bearer ${token}` }
const withBody = { ...headers, "content-type": "application/json" }
const root = "https://api.hightouch.com/api/v1/syncs"
const empty = { data: [], hasMore: false }

/** Returns the requests that a call sends. */
const sentBy = Effect.fnUntraced(function* (call: (client: HightouchClient) => Effect.Effect<unknown, unknown>) {
  const transport = recording({ body: empty })
  yield* Effect.exit(call(yield* clientOver(transport)))
  return transport.requests.map(onTheWire)
})

describe("the client sends", () => {
  it.effect("POST /syncs/{syncId}/trigger: a reset, or none", () =>
    Effect.gen(function* () {
      const url = `${root}/42/trigger`
      expect(yield* sentBy((client) => client.triggerSync("42", {}))).toEqual([
        { method: "POST", url, headers: withBody, body: "{}" },
      ])
      expect(yield* sentBy((client) => client.triggerSync("42", { clearAndFill: true }))).toEqual([
        { method: "POST", url, headers: withBody, body: '{"clearAndFill":true}' },
      ])
    }),
  )

  it.effect("GET /syncs/{syncId}/runs: a page and a filter", () =>
    Effect.gen(function* () {
      const query = { offset: 100, limit: 100, after: "2022-02-08T16:11:04.712Z" }
      const url = `${root}/42/runs?offset=100&limit=100&after=2022-02-08T16%3A11%3A04.712Z`
      expect(yield* sentBy((client) => client.listRuns("42", query))).toEqual([{ method: "GET", url, headers }])
    }),
  )

  it.effect("GET /syncs/{syncId}/runs?runId={runId}: the id of the run alone", () =>
    Effect.gen(function* () {
      const url = `${root}/42/runs?runId=7`
      expect(yield* sentBy((client) => client.getRun("42", "7"))).toEqual([{ method: "GET", url, headers }])
    }),
  )

  it.effect("GET /syncs/{syncId}: the id of the sync", () =>
    Effect.gen(function* () {
      expect(yield* sentBy((client) => client.getSync("42"))).toEqual([{ method: "GET", url: `${root}/42`, headers }])
    }),
  )

  it.effect("GET /syncs: a page and a filter", () =>
    Effect.gen(function* () {
      const url = `${root}?limit=1&modelId=9`
      expect(yield* sentBy((client) => client.listSyncs({ limit: 1, modelId: "9" }))).toEqual([
        { method: "GET", url, headers },
      ])
    }),
  )

  it.effect("PATCH /syncs/{syncId}: the vendor's sample of an update", () =>
    Effect.gen(function* () {
      const request = { configuration: Fixtures.configuration, schedule: null, disabled: true }
      expect(yield* sentBy((client) => client.updateSync("1", request))).toEqual([
        { method: "PATCH", url: `${root}/1`, headers: withBody, body: JSON.stringify(request) },
      ])
    }),
  )

  it.effect("POST /syncs: ids as numbers, also those that no number of JavaScript holds", () =>
    Effect.gen(function* () {
      const request = {
        ...{ slug: "s", modelId: "4", destinationId: "9007199254740993", configuration: {} },
        ...{ schedule: null, disabled: true },
      }
      const body = expect.stringMatching(/"modelId":4,"destinationId":9007199254740993\}$/)
      expect(yield* sentBy((client) => client.createSync(request))).toEqual([
        { method: "POST", url: root, headers: withBody, body },
      ])
    }),
  )

  it.effect("H6: nothing, where a request is invalid, with every problem at once", () =>
    Effect.gen(function* () {
      const transport = recording({})
      const client = yield* clientOver(transport)
      const request = { slug: "", modelId: "x", destinationId: "01", configuration: [], schedule: {}, disabled: 1 }
      const error = yield* Effect.flip(client.createSync(request as never))
      const paths = error.reason._tag === "InvalidRequest" ? error.reason.issues.map(({ path }) => path[0]) : []
      expect(new Set(paths)).toEqual(new Set(Object.keys(request)))
      const page = yield* Effect.flip(client.listRuns("1", { limit: 101, offset: -1 }))
      expect(page).toMatchObject({ reason: { _tag: "InvalidRequest" }, delivery: "not-sent" })
      expect(transport.requests).toEqual([])
    }),
  )
})

describe("an id", () => {
  it.effect.each<[unknown, string]>([
    [42, "42"],
    ["42", "42"],
    ["a-text", "a-text"],
  ])("of %j is read as text", ([id, text]) =>
    Effect.gen(function* () {
      const client = yield* clientOver(recording({ body: { id } }))
      expect(yield* client.triggerSync("1", {})).toEqual({ id: text })
    }),
  )

  it.effect("that no number of JavaScript holds is read exactly", () =>
    Effect.gen(function* () {
      const client = yield* clientOver(recording({ body: '{"id":9007199254740993}' }))
      expect(yield* client.triggerSync("1", {})).toEqual({ id: "9007199254740993" })
    }),
  )

  it.effect.each([null, 1.5, "", true, {}])("is not %j", (id) =>
    Effect.gen(function* () {
      const client = yield* clientOver(recording({ body: { id } }))
      const error = yield* Effect.flip(client.triggerSync("1", {}))
      expect(error).toMatchObject({ reason: { _tag: "UnexpectedResponse" }, delivery: "unknown" })
    }),
  )
})

describe("streams", () => {
  it.effect("L1: a page begins after the entries that came, and a list without `hasMore` ends at an empty page", () =>
    Effect.gen(function* () {
      const transport = recording(
        { body: { data: [Fixtures.run], hasMore: true } },
        { body: { data: [Fixtures.secondRun] } },
        { body: { data: [] } },
      )
      const client = yield* clientOver(transport)
      const runs = yield* Stream.runCollect(Stream.take(client.streamRuns("1", { limit: 5 }), 2))
      expect(runs.map(({ id }) => id)).toEqual(["42", "43"])
      expect(transport.requests.map(({ url }) => new URL(url).search)).toEqual([
        "?offset=0&limit=5",
        "?offset=1&limit=5",
      ])
    }),
  )
})
