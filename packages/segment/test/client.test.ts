import { describe, expect, it } from "@effect/vitest"
import { TransportError } from "@openretl/core/TransportError"
import { DateTime, Effect, Redacted } from "effect"
import type { SegmentClient } from "../src/SegmentClient.ts"
import * as Fixtures from "./fixtures.ts"
import { client, onTheWire, recording, token } from "./recordingTransport.ts"

const base = "https://api.segmentapis.com"
const authorization = `Bearer ${token}`
const headers = { accept: "application/vnd.segment.v1alpha+json, application/json", authorization }
const withBody = { ...headers, "content-type": "application/vnd.segment.v1alpha+json" }
const list = { body: { data: { syncStatuses: [] } } }
const ids = { sourceId: "sourceId", modelId: "modelId", subscriptionId: "subscriptionId" }

const calls: ReadonlyArray<{
  readonly name: string
  readonly call: (client: SegmentClient) => Effect.Effect<unknown, unknown>
  readonly answer: object
  readonly sent: object
}> = [
  {
    // The body is the example of the official SDKs 73.2.0 (2026-08).
    name: "createManualSync",
    call: (client) => client.createManualSync(ids),
    answer: { body: Fixtures.kestraStarted },
    sent: {
      method: "POST",
      url: `${base}/reverse-etl-syncs`,
      headers: withBody,
      body: '{"sourceId":"sourceId","modelId":"modelId","subscriptionId":"subscriptionId"}',
    },
  },
  {
    name: "getSyncStatus",
    call: (client) => client.getSyncStatus("m", "1"),
    answer: { body: Fixtures.kestraInProgress },
    sent: { method: "GET", url: `${base}/reverse-etl-models/m/syncs/1`, headers },
  },
  {
    name: "listSyncStatuses without a query",
    call: (client) => client.listSyncStatuses("m", "s"),
    answer: list,
    sent: { method: "GET", url: `${base}/reverse-etl-models/m/subscriptionId/s/syncs`, headers },
  },
  {
    // As the TypeScript SDK 73.2.0 was seen to send it (2026-11).
    name: "listSyncStatuses with all of a query",
    call: (client) => client.listSyncStatuses("m", "s", { count: 10, cursor: "MA==" }),
    answer: list,
    sent: {
      method: "GET",
      url: `${base}/reverse-etl-models/m/subscriptionId/s/syncs?count=10&cursor=MA%3D%3D`,
      headers,
    },
  },
  {
    name: "cancelSync without a reason",
    call: (client) => client.cancelSync("m", "1"),
    answer: { body: { data: Fixtures.cancelling } },
    sent: { method: "POST", url: `${base}/reverse-etl-models/m/syncs/1/cancel`, headers: withBody, body: "{}" },
  },
  {
    // The example of the official SDKs 73.2.0 (2026-08).
    name: "cancelSync with a reason",
    call: (client) => client.cancelSync("m", "1", { reasonForCanceling: 0 }),
    answer: { body: { data: Fixtures.cancelling } },
    sent: {
      method: "POST",
      url: `${base}/reverse-etl-models/m/syncs/1/cancel`,
      headers: withBody,
      body: '{"reasonForCanceling":0}',
    },
  },
  {
    name: "getWorkspace",
    call: (client) => client.getWorkspace,
    answer: { body: { data: { workspace: { id: "w" } } } },
    sent: { method: "GET", url: `${base}/`, headers: { accept: "application/json", authorization } },
  },
]

describe("requests on the wire", () => {
  it.effect.each(calls)("$name sends the documented request", ({ call, answer, sent }) =>
    Effect.gen(function* () {
      const transport = recording(answer)
      yield* call(yield* client(transport))
      expect(transport.requests.map(onTheWire)).toEqual([sent])
    }),
  )

  it.effect("requests go to the configured base URL", () =>
    Effect.gen(function* () {
      const transport = recording(list)
      yield* (yield* client(transport, { baseUrl: "http://localhost:8080/proxy" })).listSyncStatuses("m", "s")
      expect(transport.requests.map(({ url }) => url)).toEqual([
        "http://localhost:8080/proxy/reverse-etl-models/m/subscriptionId/s/syncs",
      ])
    }),
  )
})

describe("answers", () => {
  const answered = <A, E>(answer: object, call: (client: SegmentClient) => Effect.Effect<A, E>) =>
    Effect.flatMap(client(recording(answer)), call)

  it.effect("createManualSync: returns the run's id and its start", () =>
    Effect.gen(function* () {
      const { syncId, startedAt } = yield* answered({ body: Fixtures.kestraStarted }, (api) =>
        api.createManualSync(ids),
      )
      expect([syncId, startedAt]).toEqual(["sync-123", "2025-01-01T00:00:00Z"])
    }),
  )

  it.effect("getSyncStatus: returns the fields of the schema, with counts as numbers, and drops the others", () =>
    Effect.gen(function* () {
      const reverseETLSyncStatus = { ...Fixtures.partialSync, surprise: true }
      const status = yield* answered({ body: { data: { reverseETLSyncStatus } } }, (api) => api.getSyncStatus("m", "1"))
      expect(status).toEqual({
        ...Fixtures.partialSync,
        extractPhase: {
          ...Fixtures.partialSync.extractPhase,
          addedCount: 90,
          updatedCount: 10,
          deletedCount: 0,
          extractCount: 100,
        },
        loadPhase: { ...Fixtures.partialSync.loadPhase, deliverSuccessCount: 97, deliverFailureCount: 3 },
      })
    }),
  )

  it.effect("getSyncStatus: fills in the id of a run that the answer leaves out", () =>
    Effect.gen(function* () {
      const least = yield* answered({ body: Fixtures.kestraInProgress }, (api) => api.getSyncStatus("m", "7"))
      expect(least).toEqual({ syncId: "7", syncStatus: "IN_PROGRESS" })
      const body = { data: { reverseETLSyncStatus: { syncId: "", syncStatus: "FAIL" } } }
      expect((yield* answered({ body }, (api) => api.getSyncStatus("m", "7"))).syncId).toBe("7")
    }),
  )

  it.effect("listSyncStatuses: returns a page, with the vendor's clock", () =>
    Effect.gen(function* () {
      const syncStatuses = [{ syncId: "1", syncStatus: "FAIL" }]
      const answer = {
        body: { data: { syncStatuses, pagination: Fixtures.firstPage } },
        headers: { date: "Fri, 20 Nov 2026 10:00:00 GMT" },
      }
      expect(yield* answered(answer, (api) => api.listSyncStatuses("m", "s"))).toEqual({
        syncStatuses,
        pagination: { next: "MQ==", totalEntries: 2 },
        date: DateTime.makeUnsafe("2026-11-20T10:00:00Z"),
      })
    }),
  )

  it.effect.each([Fixtures.cancelling, Fixtures.alreadyCanceled, Fixtures.alreadyFinished])(
    "cancelSync: returns %j, also where it is an error in a success",
    (data) =>
      Effect.gen(function* () {
        expect(yield* answered({ body: { data } }, (api) => api.cancelSync("m", "1"))).toEqual(data)
      }),
  )

  it.effect("getWorkspace: returns the workspace of the token", () =>
    Effect.gen(function* () {
      const workspace = { id: "9aQ1Lj62S4bomZKLF4DPqW", name: "Acme", slug: "acme" }
      expect(yield* answered({ body: { data: { workspace } } }, (api) => api.getWorkspace)).toEqual(workspace)
    }),
  )

  it.effect.each([
    "",
    "{}",
    "null",
    "<html></html>",
    '{"data":{}}',
    '{"data":{"reverseETLManualSync":{}}}',
    '{"data":{"reverseETLManualSync":{"syncId":""}}}',
    '{"data":{"reverseETLManualSync":{"syncId":7}}}',
    '{"data":{"reverseEtlManualSync":{"syncId":"7"}}}',
    '{"errors":[{"type":"bad-request","message":"no"}]}',
  ])("T4: a start that is answered without a run's id may have happened: %s", (body) =>
    Effect.gen(function* () {
      const transport = recording({ body })
      const failure = yield* Effect.flip((yield* client(transport)).createManualSync(ids))
      expect(failure).toMatchObject({ delivery: "unknown", reason: { _tag: "UnexpectedResponse" } })
      expect(transport.requests).toHaveLength(1)
    }),
  )

  it.effect("T4: a start is not sent again after its connection broke", () =>
    Effect.gen(function* () {
      const transport = recording(new TransportError({ code: "ECONNRESET", delivery: "unknown" }))
      const failure = yield* Effect.flip((yield* client(transport)).createManualSync(ids))
      expect(failure).toMatchObject({ delivery: "unknown", reason: { _tag: "Network", code: "ECONNRESET" } })
      expect(transport.requests).toHaveLength(1)
    }),
  )

  it.effect("a refused token is read again, once, where it is an effect", () =>
    Effect.gen(function* () {
      const transport = recording({ status: 401 }, list)
      let reads = 0
      const rotating = Effect.sync(() => Redacted.make(`token-${++reads}`))
      yield* (yield* client(transport, { token: rotating })).listSyncStatuses("m", "s")
      expect(transport.requests.map((request) => onTheWire(request).headers["authorization"])).toEqual([
        "Bearer token-1",
        "Bearer token-2",
      ])
    }),
  )
})

describe("H6: an invalid request is refused with all its problems, and nothing is sent", () => {
  const invalidCalls: ReadonlyArray<{
    readonly name: string
    readonly call: (client: SegmentClient) => Effect.Effect<unknown, unknown>
    readonly paths: ReadonlyArray<string>
  }> = [
    {
      name: "createManualSync",
      call: (api) => api.createManualSync({ sourceId: "", modelId: "m".repeat(256), subscriptionId: "\ud800" }),
      paths: ["modelId", "sourceId", "subscriptionId"],
    },
    {
      name: "createManualSync with an unknown field",
      call: (api) => api.createManualSync({ ...ids, ...{ force: true } }),
      paths: ["force"],
    },
    {
      name: "listSyncStatuses",
      call: (api) => api.listSyncStatuses("m", "s", { count: 101, cursor: "" }),
      paths: ["count", "cursor"],
    },
    {
      name: "listSyncStatuses with values that cannot be written",
      call: (api) => api.listSyncStatuses("m", "s", { count: 1.5, cursor: "\udfff" }),
      paths: ["count", "cursor"],
    },
    {
      name: "listSyncStatuses with a cursor that is too long",
      call: (api) => api.listSyncStatuses("m", "s", { count: 0, cursor: "x".repeat(2_049) }),
      paths: ["count", "cursor"],
    },
    {
      name: "cancelSync",
      // @ts-expect-error an unknown reason
      call: (api) => api.cancelSync("m", "1", { reasonForCanceling: 5 }),
      paths: ["reasonForCanceling"],
    },
  ]

  it.effect.each(invalidCalls)("$name", ({ call, paths }) =>
    Effect.gen(function* () {
      const transport = recording({ body: {} })
      const failure = yield* Effect.flip(call(yield* client(transport)))
      expect(failure).toMatchObject({ delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
      const { issues } = (failure as { reason: { issues: ReadonlyArray<{ path: ReadonlyArray<string> }> } }).reason
      expect(issues.map(({ path }) => path.join(".")).sort()).toEqual(paths)
      expect(transport.requests).toHaveLength(0)
    }),
  )
})
