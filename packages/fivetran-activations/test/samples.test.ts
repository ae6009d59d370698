/** The answers that the vendor's documents show for these endpoints, and every request. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { decodeEvent } from "../src/FivetranActivationsApi.ts"
import type { FivetranActivationsClient } from "../src/FivetranActivationsClient.ts"
import * as Fixtures from "./fixtures.ts"
import { clientOver, onTheWire, recording, token } from "./recordingTransport.ts"

const success = (data: unknown) => ({ status: "success", data })

const answers: ReadonlyArray<{
  readonly name: string
  readonly body: object
  readonly call: (client: FivetranActivationsClient) => Effect.Effect<unknown, unknown>
  readonly read: unknown
}> = [
  {
    name: "the answer of a trigger",
    body: Fixtures.triggered,
    call: (client) => client.triggerSync("52"),
    read: "1234567890",
  },
  {
    name: "a run",
    body: success(Fixtures.run),
    call: (client) => client.getRun("94"),
    read: expect.objectContaining({
      ...{ id: "94", sync_id: "52", records_updated: 13, source_record_invalids: 1 },
      sync_trigger_reason: Fixtures.run.sync_trigger_reason,
    }),
  },
  {
    name: "the list of runs",
    body: { ...success([Fixtures.run, Fixtures.failedRun]), pagination: Fixtures.pagination, next: Fixtures.next },
    call: (client) => client.listRuns("52"),
    read: {
      data: [expect.objectContaining({ id: "94" }), expect.objectContaining({ id: "93", status: "failed" })],
      pagination: { total_records: 14, per_page: 25, page: 2, next_page: 3 },
    },
  },
  {
    name: "the answer of a cancel",
    body: Fixtures.cancelled,
    call: (client) => client.cancelRun("94"),
    read: undefined,
  },
  {
    name: "a sync",
    body: success(Fixtures.sync),
    call: (client) => client.getSync("52"),
    read: expect.objectContaining({ id: "52", label: "Customers", paused: false, mode: Fixtures.sync.mode }),
  },
  {
    name: "the answer of a delete",
    body: { status: "deleted" },
    call: (client) => client.deleteSync("52"),
    read: undefined,
  },
]

describe("the client reads", () => {
  it.effect.each(answers)("$name, whole", ({ body, call, read }) =>
    Effect.gen(function* () {
      const client = yield* clientOver(recording({ body }))
      expect(yield* call(client)).toEqual(read)
    }),
  )

  it.effect("an empty success of a change as one, and no other", () =>
    Effect.gen(function* () {
      const client = yield* clientOver(recording({ body: "" }))
      expect(yield* client.updateSync("52", { paused: true })).toBeUndefined()
      expect(yield* client.cancelRun("94")).toBeUndefined()
      for (const call of [client.triggerSync("52"), client.getRun("94"), client.getSync("52"), client.listRuns("52")]) {
        const error = yield* Effect.flip<unknown, Partial<Record<string, unknown>>, never>(call as never)
        expect(error).toMatchObject({ reason: { _tag: "UnexpectedResponse" }, delivery: "unknown" })
      }
    }),
  )
})

const headers = { accept: "application/json", authorization: `Bearer ${token}` }
const withBody = { ...headers, "content-type": "application/json" }
const root = "https://app.getcensus.com/api/v2"

/** Returns the requests that a call sends. */
const sentBy = Effect.fnUntraced(function* (
  call: (client: FivetranActivationsClient) => Effect.Effect<unknown, unknown>,
) {
  const transport = recording({ body: { data: [] } })
  yield* Effect.exit(call(yield* clientOver(transport)))
  return transport.requests.map(onTheWire)
})

describe("the client sends", () => {
  it.effect("POST /syncs/{sync_id}/trigger: nothing, or the scope in the query", () =>
    Effect.gen(function* () {
      const url = `${root}/syncs/52/trigger`
      const sent = { method: "POST", headers: withBody, body: "{}" }
      expect(yield* sentBy((client) => client.triggerSync("52"))).toEqual([{ ...sent, url }])
      expect(yield* sentBy((client) => client.triggerSync("52", { force_full_sync: true }))).toEqual([
        { ...sent, url: `${url}?force_full_sync=true` },
      ])
    }),
  )

  it.effect("GET /syncs/{sync_id}/sync_runs: a page in an order", () =>
    Effect.gen(function* () {
      const query = { page: 2, per_page: 100, order: "desc" } as const
      const url = `${root}/syncs/52/sync_runs?page=2&per_page=100&order=desc`
      expect(yield* sentBy((client) => client.listRuns("52", query))).toEqual([{ method: "GET", url, headers }])
    }),
  )

  it.effect("GET /sync_runs/{sync_run_id}: the id of the run", () =>
    Effect.gen(function* () {
      const url = `${root}/sync_runs/94`
      expect(yield* sentBy((client) => client.getRun("94"))).toEqual([{ method: "GET", url, headers }])
    }),
  )

  it.effect("POST /sync_runs/{sync_run_id}/cancel: the id of the run", () =>
    Effect.gen(function* () {
      const url = `${root}/sync_runs/94/cancel`
      expect(yield* sentBy((client) => client.cancelRun("94"))).toEqual([
        { method: "POST", url, headers: withBody, body: "{}" },
      ])
    }),
  )

  it.effect("GET /syncs: a page of a group", () =>
    Effect.gen(function* () {
      const url = `${root}/syncs?per_page=1&group_id=wandering_aimlessly`
      const query = { per_page: 1, group_id: "wandering_aimlessly" }
      expect(yield* sentBy((client) => client.listSyncs(query))).toEqual([{ method: "GET", url, headers }])
    }),
  )

  it.effect("GET /syncs/{sync_id}: the id of the sync", () =>
    Effect.gen(function* () {
      const url = `${root}/syncs/52`
      expect(yield* sentBy((client) => client.getSync("52"))).toEqual([{ method: "GET", url, headers }])
    }),
  )

  it.effect("PATCH /syncs/{sync_id}: the fields to change, `paused: false` among them", () =>
    Effect.gen(function* () {
      expect(yield* sentBy((client) => client.updateSync("52", { paused: false }))).toEqual([
        { method: "PATCH", url: `${root}/syncs/52`, headers: withBody, body: '{"paused":false}' },
      ])
    }),
  )

  it.effect("DELETE /syncs/{sync_id}: the id of the sync", () =>
    Effect.gen(function* () {
      const url = `${root}/syncs/52`
      expect(yield* sentBy((client) => client.deleteSync("52"))).toEqual([{ method: "DELETE", url, headers }])
    }),
  )

  it.effect("H6: nothing, where a request is invalid, with every problem at once", () =>
    Effect.gen(function* () {
      const transport = recording({})
      const client = yield* clientOver(transport)
      const request = {
        ...{ label: "", operation: "merge", alert_attributes: {}, mappings: [] },
        ...{ paused: 1, mode: { type: "live" }, color: "red" },
      }
      const error = yield* Effect.flip(client.updateSync("52", request as never))
      const paths = error.reason._tag === "InvalidRequest" ? error.reason.issues.map(({ path }) => path[0]) : []
      expect(new Set(paths)).toEqual(new Set(Object.keys(request)))
      const page = yield* Effect.flip(client.listRuns("1", { per_page: 101, page: 0 }))
      expect(page).toMatchObject({ reason: { _tag: "InvalidRequest" }, delivery: "not-sent" })
      expect(transport.requests).toEqual([])
    }),
  )
})

describe("an id", () => {
  it.effect.each<[unknown, string]>([
    [42, "42"],
    ["42", "42"],
    ["glimmering_donkey", "glimmering_donkey"],
  ])("of %j is read as text", ([id, text]) =>
    Effect.gen(function* () {
      const client = yield* clientOver(recording({ body: success({ sync_run_id: id }) }))
      expect(yield* client.triggerSync("1")).toBe(text)
    }),
  )

  it.effect("that no number of JavaScript holds is read exactly", () =>
    Effect.gen(function* () {
      const client = yield* clientOver(recording({ body: '{"data":{"sync_run_id":9007199254740993}}' }))
      expect(yield* client.triggerSync("1")).toBe("9007199254740993")
    }),
  )

  it.effect.each([null, 1.5, "", true, {}])("is not %j", (id) =>
    Effect.gen(function* () {
      const client = yield* clientOver(recording({ body: success({ sync_run_id: id }) }))
      const error = yield* Effect.flip(client.triggerSync("1"))
      expect(error).toMatchObject({ reason: { _tag: "UnexpectedResponse" }, delivery: "unknown" })
    }),
  )
})

describe("streams", () => {
  it.effect("L1: pages are counted, and the link to the first page is not followed", () =>
    Effect.gen(function* () {
      const page = (id: number, next_page: number | null) => ({
        body: { data: [{ ...Fixtures.run, id }], pagination: { total_records: 2, next_page }, next: Fixtures.next },
      })
      const transport = recording(page(2, 2), page(1, null), page(2, 2), page(1, null))
      const client = yield* clientOver(transport)
      const runs = yield* Stream.runCollect(client.streamRuns("1", { per_page: 1 }))
      expect(runs.map(({ id }) => id)).toEqual(["2", "1"])
      expect(transport.requests.slice(0, 2).map(({ url }) => new URL(url).search)).toEqual([
        "?page=1&per_page=1",
        "?page=2&per_page=1",
      ])
    }),
  )
})

describe("an event of a webhook", () => {
  it("of the vendor's sample names its sync and its run", () => {
    const event = decodeEvent(Fixtures.event)
    expect(event).toEqual({
      sync_id: "3167956",
      sync_run_id: "324402082",
      event: "sync.completed",
      status: "emergency",
    })
  })

  it.each([undefined, null, "sync.completed", {}, { sync_id: 1 }, { sync_id: {}, event: "x" }])("is not %j", (body) => {
    expect(decodeEvent(body)).toBeUndefined()
  })
})
