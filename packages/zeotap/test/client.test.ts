import { describe, expect, it } from "@effect/vitest"
import { TransportError } from "@openretl/core/TransportError"
import { DateTime, Effect, Redacted } from "effect"
import type { ZeotapClient } from "../src/ZeotapClient.ts"
import * as Fixtures from "./fixtures.ts"
import { client, onTheWire, recording, token } from "./recordingTransport.ts"

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
    name: "triggerSync, with neither a body nor its type",
    call: (client) => client.triggerSync(syncId),
    answer: { status: 201, body: Fixtures.pendingRun },
    sent: { method: "POST", url: `${base}/syncs/${syncId}/trigger`, headers },
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
      yield* call(yield* client(transport))
      expect(transport.requests.map(onTheWire)).toEqual([sent])
    }),
  )

  it.effect("goes to the address and names the workspace that it is given, encoded in the path alone", () =>
    Effect.gen(function* () {
      const transport = recording({ body: [] })
      const settings = { baseUrl: "http://localhost:8080/proxy", workspaceId: "a/b?c" }
      yield* (yield* client(transport, settings)).listRuns("s")
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
  const ask = <A, E>(answer: object, call: (client: ZeotapClient) => Effect.Effect<A, E>) =>
    Effect.flatMap(client(recording(answer)), call)

  it.effect.each([201, 200, 202])("triggerSync: the documented run, with a %s", (status) =>
    Effect.gen(function* () {
      const run = yield* ask({ status, body: Fixtures.pendingRun }, (api) => api.triggerSync(syncId))
      expect(run).toEqual(Fixtures.pendingRun)
    }),
  )

  it.effect("triggerSync: a run's id is enough, whatever else comes", () =>
    Effect.gen(function* () {
      const body = { id: "run-1", status: null, rows_synced: "many", created_at: 7, extra: true }
      expect(yield* ask({ status: 201, body }, (api) => api.triggerSync(syncId))).toEqual({ id: "run-1" })
    }),
  )

  it.effect("getRun: the documented runs", () =>
    Effect.gen(function* () {
      for (const body of [Fixtures.pendingRun, Fixtures.completedRun]) {
        expect(yield* ask({ body }, (api) => api.getRun(syncId, runId))).toEqual(body)
      }
    }),
  )

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
      expect(yield* ask({ body: JSON.stringify(body) }, (api) => api.listRuns(syncId))).toEqual(expected)
    }),
  )

  it.effect("listRuns: tells the vendor's own clock", () =>
    Effect.gen(function* () {
      const answer = { body: [], headers: { date: "Fri, 20 Nov 2026 10:00:00 GMT" } }
      expect(yield* ask(answer, (api) => api.listRuns(syncId))).toEqual({
        data: [],
        date: DateTime.makeUnsafe("2026-11-20T10:00:00Z"),
      })
    }),
  )

  it.effect("L2: listRuns: an envelope of another page than the one asked for is refused", () =>
    Effect.gen(function* () {
      const body = { data: [Fixtures.completedRun], pagination: Fixtures.pagination }
      const failure = yield* Effect.flip(ask({ body }, (api) => api.listRuns(syncId, { page: 2 })))
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
  ])("listRuns: %s is refused, and named", ([, body, path]) =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(ask({ body: JSON.stringify(body) }, (api) => api.listRuns(syncId)))
      expect(
        failure.reason._tag === "UnexpectedResponse" && failure.reason.issues.map((issue) => issue.path.join(".")),
      ).toEqual([path])
    }),
  )

  it.effect("getSync, listSyncs: the documented sync, and nothing that nobody knows", () =>
    Effect.gen(function* () {
      const body = { ...Fixtures.sync, surprise: true }
      expect(yield* ask({ body }, (api) => api.getSync(syncId))).toEqual(Fixtures.sync)
      expect(yield* ask({ body: [body] }, (api) => api.listSyncs())).toEqual({ data: [Fixtures.sync] })
    }),
  )

  it.effect("getSync: one that never ran, with null for nothing", () =>
    Effect.gen(function* () {
      const body = { ...Fixtures.sync, schedule: null, last_synced_at: null, last_run_id: null }
      const found = yield* ask({ body }, (api) => api.getSync(syncId))
      expect(found).toMatchObject({ schedule: null })
      expect(found).not.toHaveProperty("last_run_id")
    }),
  )

  it.effect("T4: a trigger that is answered with anything else than a run's id may have happened", () =>
    Effect.gen(function* () {
      for (const body of ["", "{}", '{"id":""}', '{"id":7}', '{"error":"no"}', "<html></html>", "null", "[]"]) {
        const transport = recording({ status: 201, body })
        const failure = yield* Effect.flip((yield* client(transport)).triggerSync(syncId))
        expect(failure).toMatchObject({ delivery: "unknown", reason: { _tag: "UnexpectedResponse" } })
        expect(transport.requests).toHaveLength(1)
      }
    }),
  )

  it.effect("T4: a line that breaks is a failure, and nothing is sent again", () =>
    Effect.gen(function* () {
      const transport = recording(new TransportError({ code: "ECONNRESET", delivery: "unknown" }))
      const failure = yield* Effect.flip((yield* client(transport)).triggerSync(syncId))
      expect(failure).toMatchObject({ delivery: "unknown", reason: { _tag: "Network", code: "ECONNRESET" } })
      expect(transport.requests).toHaveLength(1)
    }),
  )

  it.effect("a token that has expired is read again, once, where it can be", () =>
    Effect.gen(function* () {
      const transport = recording({ status: 401, body: { error: "token expired" } }, { status: 201, body: { id: "r" } })
      let reads = 0
      const firebase = Effect.sync(() => Redacted.make(`token-${++reads}`))
      yield* (yield* client(transport, { token: firebase })).triggerSync(syncId)
      expect(transport.requests.map((request) => onTheWire(request).headers["authorization"])).toEqual([
        "Bearer token-1",
        "Bearer token-2",
      ])
    }),
  )
})

describe("H6: a request that is not right is refused with all its problems, and nothing is sent", () => {
  const wrong: ReadonlyArray<{
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

  it.effect.each(wrong)("$name", ({ call, paths }) =>
    Effect.gen(function* () {
      const transport = recording({ body: [] })
      const failure = yield* Effect.flip(call(yield* client(transport)))
      expect(failure).toMatchObject({ delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
      const { issues } = (failure as { reason: { issues: ReadonlyArray<{ path: ReadonlyArray<string> }> } }).reason
      expect(issues.map(({ path }) => path.join(".")).sort()).toEqual(paths)
      expect(transport.requests).toHaveLength(0)
    }),
  )
})
