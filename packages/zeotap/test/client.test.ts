import { describe, expect, it } from "@effect/vitest"
import { TransportError } from "@openretl/core/TransportError"
import { DateTime, Effect, Redacted } from "effect"
import type { ZeotapClient } from "../src/ZeotapClient.ts"
import * as Fixtures from "./fixtures.ts"
import { clientOver, onTheWire, recording, token } from "./recordingTransport.ts"

const { workspaceId, syncId, runId } = Fixtures
const base = `https://composable.zeotap.com/api/v1/workspaces/${workspaceId}`
const headers = { accept: "application/json", authorization: `Bearer ${token}`, "x-workspace-id": workspaceId }

const calls: ReadonlyArray<{
  readonly name: string
  readonly call: (client: ZeotapClient) => Effect.Effect<unknown, unknown>
  readonly answer: object
  readonly sent: object
}> = [
  {
    name: "triggerSync, with an empty body",
    call: (client) => client.triggerSync(syncId),
    answer: { status: 201, body: Fixtures.pendingRun },
    sent: {
      method: "POST",
      url: `${base}/syncs/${syncId}/trigger`,
      headers: { ...headers, "content-type": "application/json" },
      body: "{}",
    },
  },
  {
    name: "listRuns without a query",
    call: (client) => client.listRuns(syncId),
    answer: { body: [] },
    sent: { method: "GET", url: `${base}/syncs/${syncId}/runs`, headers },
  },
  {
    name: "listRuns with all of a query",
    call: (client) => client.listRuns(syncId, { page: 2, page_size: 100 }),
    answer: { body: [] },
    sent: { method: "GET", url: `${base}/syncs/${syncId}/runs?page=2&page_size=100`, headers },
  },
  {
    name: "getRun",
    call: (client) => client.getRun(syncId, runId),
    answer: { body: Fixtures.completedRun },
    sent: { method: "GET", url: `${base}/syncs/${syncId}/runs/${runId}`, headers },
  },
  {
    name: "getSync",
    call: (client) => client.getSync(syncId),
    answer: { body: Fixtures.sync },
    sent: { method: "GET", url: `${base}/syncs/${syncId}`, headers },
  },
  {
    name: "listSyncs",
    call: (client) => client.listSyncs({ page: 3 }),
    answer: { body: [] },
    sent: { method: "GET", url: `${base}/syncs?page=3`, headers },
  },
  {
    name: "deleteSync",
    call: (client) => client.deleteSync(syncId),
    answer: { status: 204, body: "" },
    sent: { method: "DELETE", url: `${base}/syncs/${syncId}`, headers },
  },
  {
    name: "updateSync",
    call: (client) => client.updateSync(syncId, { status: "paused" }),
    answer: { body: {} },
    sent: {
      method: "PUT",
      url: `${base}/syncs/${syncId}`,
      headers: { ...headers, "content-type": "application/json" },
      body: '{"status":"paused"}',
    },
  },
  {
    name: "listModels",
    call: (client) => client.listModels({ page: 2, page_size: 5 }),
    answer: { body: [] },
    sent: { method: "GET", url: `${base}/models?page=2&page_size=5`, headers },
  },
  {
    name: "getModel",
    call: (client) => client.getModel("a/b"),
    answer: { body: Fixtures.model },
    sent: { method: "GET", url: `${base}/models/a%2Fb`, headers },
  },
  {
    name: "listDestinations",
    call: (client) => client.listDestinations(),
    answer: { body: [] },
    sent: { method: "GET", url: `${base}/destinations`, headers },
  },
  {
    name: "getDestination",
    call: (client) => client.getDestination("d-1"),
    answer: { body: Fixtures.destination },
    sent: { method: "GET", url: `${base}/destinations/d-1`, headers },
  },
  {
    name: "getSyncHealth",
    call: (client) => client.getSyncHealth({ days: 30 }),
    answer: { body: Fixtures.syncHealth },
    sent: { method: "GET", url: `${base}/insights/sync-health?days=30`, headers },
  },
  {
    name: "getWorkspace",
    call: (client) => client.getWorkspace,
    answer: { body: Fixtures.workspace },
    sent: { method: "GET", url: base, headers },
  },
]

describe("a request on the wire", () => {
  it.effect.each(calls)("of $name", ({ call, answer, sent }) =>
    Effect.gen(function* () {
      const transport = recording(answer)
      yield* call(yield* clientOver(transport))
      expect(transport.requests.map(onTheWire)).toEqual([sent])
    }),
  )

  it.effect("goes to the base URL, and encodes the workspace id in the path alone", () =>
    Effect.gen(function* () {
      const transport = recording({ body: [] })
      const settings = { baseUrl: "http://localhost:8080/proxy", workspaceId: "a/b?c" }
      yield* (yield* clientOver(transport, settings)).listRuns("s")
      expect(transport.requests.map(onTheWire)).toMatchObject([
        {
          url: "http://localhost:8080/proxy/api/v1/workspaces/a%2Fb%3Fc/syncs/s/runs",
          headers: { "x-workspace-id": "a/b?c" },
        },
      ])
    }),
  )
})

describe("an answer", () => {
  /** Calls the client, which receives one answer. */
  const callWith = <A, E>(answer: object, call: (client: ZeotapClient) => Effect.Effect<A, E>) =>
    Effect.flatMap(clientOver(recording(answer)), call)

  it.effect.each([201, 200, 202])("triggerSync: the documented run, with a %s", (status) =>
    Effect.gen(function* () {
      const run = yield* callWith({ status, body: Fixtures.pendingRun }, (api) => api.triggerSync(syncId))
      expect(run).toEqual(Fixtures.pendingRun)
    }),
  )

  it.effect("triggerSync: a run's id is enough", () =>
    Effect.gen(function* () {
      const body = { id: "run-1", status: null, rows_synced: "many", created_at: 7, extra: true }
      expect(yield* callWith({ status: 201, body }, (api) => api.triggerSync(syncId))).toEqual({ id: "run-1" })
    }),
  )

  it.effect("getRun: the documented runs", () => Effect.gen(function* () {}))

  it.effect.each<[string, unknown, object]>([
    ["a bare array", [Fixtures.completedRun], { data: [Fixtures.completedRun] }],
    ["an empty array", [], { data: [] }],
    ["null", null, { data: [] }],
    [
      "an envelope",
      { data: [Fixtures.completedRun], pagination: Fixtures.pagination },
      { data: [Fixtures.completedRun], pagination: Fixtures.pagination },
    ],
    ["an envelope of null", { data: null, pagination: { total: 0 } }, { data: [], pagination: { total: 0 } }],
    ["an envelope without pagination", { data: [] }, { data: [] }],
    [
      "an envelope with numbers as texts",
      { data: [], pagination: { page: "1" } },
      { data: [], pagination: { page: 1 } },
    ],
  ])("listRuns: of %s", ([, body, expected]) =>
    Effect.gen(function* () {
      expect(yield* callWith({ body: JSON.stringify(body) }, (api) => api.listRuns(syncId))).toEqual(expected)
    }),
  )

  it.effect("listRuns: returns the vendor's clock", () =>
    Effect.gen(function* () {
      const answer = { body: [], headers: { date: "Fri, 20 Nov 2026 10:00:00 GMT" } }
      expect(yield* callWith(answer, (api) => api.listRuns(syncId))).toEqual({
        data: [],
        date: DateTime.makeUnsafe("2026-11-20T10:00:00Z"),
      })
    }),
  )

  it.effect("L2: listRuns: an envelope of another page than the requested one is refused", () =>
    Effect.gen(function* () {
      const body = { data: [Fixtures.completedRun], pagination: Fixtures.pagination }
      const failure = yield* Effect.flip(callWith({ body }, (api) => api.listRuns(syncId, { page: 2 })))
      expect(failure).toMatchObject({
        delivery: "unknown",
        reason: { _tag: "UnexpectedResponse", issues: [{ path: ["pagination", "page"] }] },
      })
    }),
  )

  it.effect.each<[string, unknown, string]>([
    ["an entry without a status", [{ id: "run-1" }], "0.status"],
    ["an envelope with such an entry", { data: [{ id: "run-1" }] }, "data.0.status"],
    ["an object without data", {}, "data"],
    ["a text", "none", ""],
  ])("listRuns: %s is refused with its path", ([, body, path]) =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(callWith({ body: JSON.stringify(body) }, (api) => api.listRuns(syncId)))
      expect(
        failure.reason._tag === "UnexpectedResponse" && failure.reason.issues.map((issue) => issue.path.join(".")),
      ).toEqual([path])
    }),
  )

  it.effect("getSync, listSyncs: the documented sync, with the names of unknown fields", () =>
    Effect.gen(function* () {
      const body = { ...Fixtures.sync, surprise: true }
      const sync = { ...Fixtures.sync, unreadKeys: ["surprise"] }
      expect(yield* callWith({ body }, (api) => api.getSync(syncId))).toEqual(sync)
      expect(yield* callWith({ body: [body] }, (api) => api.listSyncs())).toEqual({ data: [sync] })
    }),
  )

  it.effect("getSync: a sync that never ran, with null for absent fields", () =>
    Effect.gen(function* () {
      const body = { ...Fixtures.sync, schedule: null, last_synced_at: null, last_run_id: null }
      const sync = yield* callWith({ body }, (api) => api.getSync(syncId))
      expect(sync).toMatchObject({ schedule: null })
      expect(sync).not.toHaveProperty("last_run_id")
    }),
  )

  it.effect.each(["", "{}", '{"id":""}', '{"id":7}', '{"error":"no"}', "<html></html>", "null", "[]"])(
    "T4: a trigger whose answer %j has no run id may have happened",
    (body) =>
      Effect.gen(function* () {
        const transport = recording({ status: 201, body })
        const failure = yield* Effect.flip((yield* clientOver(transport)).triggerSync(syncId))
        expect(failure).toMatchObject({ delivery: "unknown", reason: { _tag: "UnexpectedResponse" } })
        expect(transport.requests).toHaveLength(1)
      }),
  )

  it.effect("T4: after a broken connection nothing is sent again", () =>
    Effect.gen(function* () {
      const transport = recording(new TransportError({ code: "ECONNRESET", delivery: "unknown" }))
      const failure = yield* Effect.flip((yield* clientOver(transport)).triggerSync(syncId))
      expect(failure).toMatchObject({ delivery: "unknown", reason: { _tag: "Network", code: "ECONNRESET" } })
      expect(transport.requests).toHaveLength(1)
    }),
  )

  it.effect("an expired token that comes from an effect is read again, once", () =>
    Effect.gen(function* () {
      const transport = recording({ status: 401, body: { error: "token expired" } }, { status: 201, body: { id: "r" } })
      let reads = 0
      const firebase = Effect.sync(() => Redacted.make(`token-${++reads}`))
      yield* (yield* clientOver(transport, { token: firebase })).triggerSync(syncId)
      expect(transport.requests.map((request) => onTheWire(request).headers["authorization"])).toEqual([
        "Bearer token-1",
        "Bearer token-2",
      ])
    }),
  )
})

describe("H6: an invalid request is refused with all its problems, and nothing is sent", () => {
  const cases: ReadonlyArray<{
    readonly name: string
    readonly call: (client: ZeotapClient) => Effect.Effect<unknown, unknown>
    readonly paths: ReadonlyArray<string>
  }> = [
    {
      name: "listRuns",
      call: (api) => api.listRuns(syncId, { page: 0, page_size: 101 }),
      paths: ["page", "page_size"],
    },
    {
      name: "listSyncs",
      call: (api) => api.listSyncs({ page: -1, page_size: 0 }),
      paths: ["page", "page_size"],
    },
    {
      name: "listRuns with a filter",
      call: (api) => api.listRuns(syncId, { ...{ status: "failed" }, page: 1 }),
      paths: ["status"],
    },
  ]

  it.effect.each(cases)("$name", ({ call, paths }) =>
    Effect.gen(function* () {
      const transport = recording({ body: [] })
      const failure = yield* Effect.flip(call(yield* clientOver(transport)))
      expect(failure).toMatchObject({ delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
      const { issues } = (failure as { reason: { issues: ReadonlyArray<{ path: ReadonlyArray<string> }> } }).reason
      expect(issues.map(({ path }) => path.join(".")).sort()).toEqual(paths)
      expect(transport.requests).toHaveLength(0)
    }),
  )
})
