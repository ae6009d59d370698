import { describe, expect, it } from "@effect/vitest"
import { TransportError } from "@openretl/core/TransportError"
import { DateTime, Effect, Redacted } from "effect"
import type { RudderStackClient } from "../src/RudderStackClient.ts"
import * as Fixtures from "./fixtures.ts"
import { client, onTheWire, recording, runsClient, token } from "./recordingTransport.ts"

const connection = "2C8Vk2wj8qkofy00YzJbvJOGeqa"
const base = "https://api.rudderstack.com/v2/retl-connections"
const headers = { accept: "application/json", authorization: `Bearer ${token}` }
const withBody = { ...headers, "content-type": "application/json" }
const list = { body: { syncs: [] } }
const connections = { body: { data: [] } }

const calls: ReadonlyArray<{
  readonly name: string
  readonly call: (client: RudderStackClient) => Effect.Effect<unknown, unknown>
  readonly answer: object
  readonly sent: object
}> = [
  {
    name: "startSync",
    call: (client) => client.startSync(connection, { syncType: "incremental" }),
    answer: { body: Fixtures.started },
    sent: { method: "POST", url: `${base}/${connection}/start`, headers: withBody, body: '{"syncType":"incremental"}' },
  },
  {
    name: "listSyncs without a query",
    call: (client) => client.listSyncs(connection),
    answer: list,
    sent: { method: "GET", url: `${base}/${connection}/syncs`, headers },
  },
  {
    name: "listSyncs with all of a query",
    call: (client) =>
      client.listSyncs(connection, {
        status: "succeeded",
        started_after: "2026-09-20T10:00:00Z",
        started_before: "2026-09-21T10:00:00Z",
        per_page: 20,
        page: 2,
      }),
    answer: list,
    sent: {
      method: "GET",
      url: `${base}/${connection}/syncs?status=succeeded&started_after=2026-09-20T10%3A00%3A00Z&started_before=2026-09-21T10%3A00%3A00Z&per_page=20&page=2`,
      headers,
    },
  },
  {
    name: "getSync",
    call: (client) => client.getSync(connection, "dannc59bjios73e2imjg"),
    answer: { body: Fixtures.dagsterRunning },
    sent: { method: "GET", url: `${base}/${connection}/syncs/dannc59bjios73e2imjg`, headers },
  },
  {
    name: "stopSync",
    call: (client) => client.stopSync(connection),
    answer: { status: 204 },
    // As the vendor's own client sends it (rudder-iac, 2026-09).
    sent: { method: "POST", url: `${base}/${connection}/stop`, headers: withBody, body: "{}" },
  },
  {
    name: "getConnection",
    call: (client) => client.getConnection("conn-1"),
    answer: { body: Fixtures.manualConnection },
    sent: { method: "GET", url: `${base}/conn-1`, headers },
  },
  {
    name: "listConnections without a query",
    call: (client) => client.listConnections(),
    answer: connections,
    sent: { method: "GET", url: base, headers },
  },
  {
    name: "listConnections with all of a query",
    call: (client) =>
      client.listConnections({ sourceId: "s&1", destinationId: "d", hasExternalId: false, page: 3, pageSize: 50 }),
    answer: connections,
    sent: {
      method: "GET",
      url: `${base}?sourceId=s%261&destinationId=d&hasExternalId=false&page=3&pageSize=50`,
      headers,
    },
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

  it.effect("goes to the address of the settings", () =>
    Effect.gen(function* () {
      const transport = recording(list)
      yield* (yield* client(transport, { baseUrl: "http://localhost:8080/proxy" })).listSyncs("c")
      expect(transport.requests.map(({ url }) => url)).toEqual([
        "http://localhost:8080/proxy/v2/retl-connections/c/syncs",
      ])
    }),
  )
})

describe("an answer", () => {
  const answered = <A, E>(answer: object, call: (client: RudderStackClient) => Effect.Effect<A, E>) =>
    Effect.flatMap(client(recording(answer)), call)

  it.effect.each([
    ["the docs", Fixtures.started],
    ["an official client", Fixtures.airflowStarted],
  ])("startSync: returns the id of the run, with the body of %s", ([, body]) =>
    Effect.gen(function* () {
      expect(yield* answered({ body }, (api) => api.startSync("c", { syncType: "full" }))).toEqual(body)
    }),
  )

  it.effect("listSyncs: returns the documented page, with the vendor's clock", () =>
    Effect.gen(function* () {
      const answer = { body: Fixtures.syncsPage, headers: { date: "Fri, 20 Nov 2026 10:00:00 GMT" } }
      expect(yield* answered(answer, (api) => api.listSyncs("c"))).toEqual({
        ...Fixtures.syncsPage,
        date: DateTime.makeUnsafe("2026-11-20T10:00:00Z"),
      })
    }),
  )

  it.effect("getSync: returns the documented run, and fills in an id that is missing or empty", () =>
    Effect.gen(function* () {
      const documented = yield* answered({ body: Fixtures.runningSync }, (api) => api.getSync("c", "<sync_id>"))
      expect(documented).toEqual(Fixtures.runningSync)
      const withoutId = yield* answered({ body: Fixtures.dagsterFailed }, (api) => api.getSync("c", "run-1"))
      expect(withoutId).toEqual({ id: "run-1", status: "failed", error: "Test error" })
      const withEmptyId = yield* answered({ body: { id: "", status: "running" } }, (api) => api.getSync("c", "run-1"))
      expect(withEmptyId.id).toBe("run-1")
    }),
  )

  it.effect("listConnections, getConnection: return all fields, and in the runs client those that running needs", () =>
    Effect.gen(function* () {
      const [whole] = Fixtures.connectionsPage.data
      const answers = [{ body: Fixtures.connectionsPage }, { body: whole }]
      const complete = yield* client(recording(...answers))
      expect(yield* complete.listConnections()).toEqual(Fixtures.connectionsPage)
      expect(yield* complete.getConnection("conn-1")).toEqual(whole)
      const needed = {
        id: "conn-1",
        sourceId: "retl-src-123",
        destinationId: "dest-456",
        enabled: true,
        schedule: { type: "basic", everyMinutes: 60 },
      }
      const runs = yield* runsClient(recording(...answers))
      expect((yield* runs.listConnections()).data).toEqual([needed])
      expect(yield* runs.getConnection("conn-1")).toEqual(needed)
    }),
  )

  it.effect.each(["", "{}", '{"syncId":""}', '{"syncId":7}', '{"error":"no"}', "<html></html>", "null"])(
    "T4: a start whose answer is %j may have happened, and is not sent again",
    (body) =>
      Effect.gen(function* () {
        const transport = recording({ body })
        const failure = yield* Effect.flip((yield* client(transport)).startSync("c", { syncType: "full" }))
        expect(failure).toMatchObject({ delivery: "unknown", reason: { _tag: "UnexpectedResponse" } })
        expect(transport.requests).toHaveLength(1)
      }),
  )

  it.effect("T4: a start whose connection breaks may have happened, and is not sent again", () =>
    Effect.gen(function* () {
      const transport = recording(new TransportError({ code: "ECONNRESET", delivery: "unknown" }))
      const failure = yield* Effect.flip((yield* client(transport)).startSync("c", { syncType: "full" }))
      expect(failure).toMatchObject({ delivery: "unknown", reason: { _tag: "Network", code: "ECONNRESET" } })
      expect(transport.requests).toHaveLength(1)
    }),
  )

  it.effect("with a 401 makes the client read the token again, once, where it comes from an effect", () =>
    Effect.gen(function* () {
      const transport = recording({ status: 401 }, list)
      let reads = 0
      const rotatingToken = Effect.sync(() => Redacted.make(`token-${++reads}`))
      yield* (yield* client(transport, { token: rotatingToken })).listSyncs("c")
      expect(transport.requests.map((request) => onTheWire(request).headers["authorization"])).toEqual([
        "Bearer token-1",
        "Bearer token-2",
      ])
    }),
  )
})

describe("H6: a wrong request fails with all its problems before anything is sent", () => {
  const wrongCalls: ReadonlyArray<{
    readonly name: string
    readonly call: (client: RudderStackClient) => Effect.Effect<unknown, unknown>
    readonly paths: ReadonlyArray<string>
  }> = [
    {
      name: "startSync",
      // @ts-expect-error not a type of sync
      call: (api) => api.startSync("c", { syncType: "everything" }),
      paths: ["syncType"],
    },
    {
      name: "startSync with an unknown field",
      call: (api) => api.startSync("c", { ...{ force: true }, syncType: "full" }),
      paths: ["force"],
    },
    {
      name: "listSyncs",
      call: (api) =>
        api.listSyncs("c", {
          // @ts-expect-error not a documented word
          status: "aborted",
          started_after: "yesterday",
          started_before: "2026-09-20T10:00:00.000Z",
          per_page: 0,
          page: 1.5,
        }),
      paths: ["page", "per_page", "started_after", "started_before", "status"],
    },
    {
      name: "listConnections",
      call: (api) => api.listConnections({ sourceId: "", page: Number.NaN, pageSize: Number.POSITIVE_INFINITY }),
      paths: ["page", "pageSize", "sourceId"],
    },
  ]

  it.effect.each(wrongCalls)("$name", ({ call, paths }) =>
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
