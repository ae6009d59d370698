/** Every answer that the vendor's client has a sample of for these endpoints, and every request. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { decodeEvent } from "../src/PolytomicApi.ts"
import type { PolytomicClient } from "../src/PolytomicClient.ts"
import * as Fixtures from "./fixtures.ts"
import { type Answer, clientOver, onTheWire, recording, token } from "./recordingTransport.ts"

const { execution, sync } = Fixtures
const next = Fixtures.executions.pagination.next_page_token

const answers: ReadonlyArray<{
  readonly name: string
  readonly body: object
  readonly call: (client: PolytomicClient) => Effect.Effect<unknown, unknown>
  readonly read: unknown
}> = [
  {
    name: "the answer of a start",
    body: Fixtures.started,
    call: (client) => client.startSync("s", {}),
    read: Fixtures.started.data,
  },
  {
    name: "the list of executions",
    body: Fixtures.executions,
    call: (client) => client.listExecutions("s"),
    read: { data: [execution], next },
  },
  {
    name: "an execution",
    body: { data: execution },
    call: (client) => client.getExecution("s", "e"),
    read: execution,
  },
  { name: "a sync", body: { data: sync }, call: (client) => client.getSync("s"), read: sync },
  {
    name: "the list of syncs",
    body: { data: [sync], pagination: {} },
    call: (client) => client.listSyncs(),
    read: { data: [{ id: sync.id, name: sync.name, organization_id: sync.organization_id }] },
  },
  {
    name: "the answer of a change of whether a sync is active",
    body: { data: { active: true, id: "s" } },
    call: (client) => client.activateSync("s", { active: true }),
    read: { active: true, id: "s" },
  },
  {
    name: "the identity of a key",
    body: Fixtures.identity,
    call: (client) => client.getIdentity,
    read: { organization_id: sync.organization_id, organization_name: "My Organization" },
  },
  {
    name: "an empty list that is null",
    body: { data: null },
    call: (client) => client.listSyncs(),
    read: { data: [] },
  },
]

describe("the client reads", () => {
  it.effect.each(answers)("$name, whole", ({ body, call, read }) =>
    Effect.gen(function* () {
      const client = yield* clientOver(recording({ body }))
      expect(yield* call(client)).toEqual(read)
    }),
  )

  it("an event, and nothing else for one", () => {
    expect(decodeEvent(Fixtures.event)).toEqual({
      type: "sync.running",
      event: { sync_id: sync.id, execution_id: sync.id },
    })
    for (const other of [
      undefined,
      {},
      [],
      { ...Fixtures.event, type: "bulk_sync.running" },
      { type: "sync.failed" },
    ]) {
      expect(decodeEvent(other)).toBeUndefined()
    }
  })
})

const headers = {
  accept: "application/json",
  authorization: `Bearer ${token}`,
  "x-polytomic-version": "2025-09-18",
}
const withBody = { ...headers, "content-type": "application/json" }
const root = "https://app.polytomic.com/api/syncs"

/** Returns the requests that a call sends. */
const sentBy = Effect.fnUntraced(function* (
  call: (client: PolytomicClient) => Effect.Effect<unknown, unknown>,
  answer: Answer = { body: { data: [] } },
) {
  const transport = recording(answer)
  yield* Effect.exit(call(yield* clientOver(transport)))
  return transport.requests.map(onTheWire)
})

describe("the client sends", () => {
  it.effect("POST /api/syncs/{id}/executions: a resync and a key, or neither", () =>
    Effect.gen(function* () {
      const url = `${root}/s/executions`
      expect(yield* sentBy((client) => client.startSync("s", {}))).toEqual([
        { method: "POST", url, headers: withBody, body: "{}" },
      ])
      const keyed = { ...withBody, "idempotency-key": "a-key-of-mine" }
      expect(yield* sentBy((client) => client.startSync("s", { resync: true }, "a-key-of-mine"))).toEqual([
        { method: "POST", url, headers: keyed, body: '{"resync":true}' },
      ])
    }),
  )

  it.effect("GET /api/syncs/{id}/executions: a page and its order", () =>
    Effect.gen(function* () {
      const query = { page_token: next, ascending: true, only_completed: true }
      const url = `${root}/s/executions?page_token=${encodeURIComponent(next)}&ascending=true&only_completed=true`
      const [request] = yield* sentBy((client) => client.listExecutions("s", query))
      const parametersOf = (text = "") => Object.fromEntries(new URL(text).searchParams)
      expect(parametersOf(request?.url)).toEqual(parametersOf(url))
      expect(request).toMatchObject({ method: "GET", headers })
    }),
  )

  it.effect("GET /api/syncs/{id}/executions/{execution}: both ids", () =>
    Effect.gen(function* () {
      const url = `${root}/s/executions/e`
      expect(yield* sentBy((client) => client.getExecution("s", "e"))).toEqual([{ method: "GET", url, headers }])
    }),
  )

  it.effect("POST /api/syncs/{id}/executions/{execution}/cancel: nothing but the ids", () =>
    Effect.gen(function* () {
      const url = `${root}/s/executions/e/cancel`
      expect(yield* sentBy((client) => client.cancelExecution("s", "e"))).toEqual([
        { method: "POST", url, headers: withBody, body: "{}" },
      ])
    }),
  )

  it.effect("GET /api/syncs: a page and filters", () =>
    Effect.gen(function* () {
      const url = `${root}?limit=50&active=true&target_connection_id=c`
      const query = { limit: 50, active: true, target_connection_id: "c" }
      expect(yield* sentBy((client) => client.listSyncs(query))).toEqual([{ method: "GET", url, headers }])
    }),
  )

  it.effect("GET /api/syncs/{id}: the id of the sync", () =>
    Effect.gen(function* () {
      expect(yield* sentBy((client) => client.getSync("s"))).toEqual([{ method: "GET", url: `${root}/s`, headers }])
    }),
  )

  it.effect("PUT /api/syncs/{id}: the whole sync", () =>
    Effect.gen(function* () {
      const { name, mode, target, fields, schedule } = sync
      const request = { name, mode, target, fields, schedule }
      const [sent] = yield* sentBy((client) => client.updateSync("s", request))
      expect(sent).toMatchObject({ method: "PUT", url: `${root}/s`, headers: withBody })
      expect(JSON.parse(sent?.body ?? "")).toEqual(request)
    }),
  )

  it.effect("POST /api/syncs/{id}/activate: whether the sync is active", () =>
    Effect.gen(function* () {
      expect(yield* sentBy((client) => client.activateSync("s", { active: false }))).toEqual([
        { method: "POST", url: `${root}/s/activate`, headers: withBody, body: '{"active":false}' },
      ])
    }),
  )

  it.effect("DELETE /api/syncs/{id}: the id of the sync", () =>
    Effect.gen(function* () {
      expect(yield* sentBy((client) => client.deleteSync("s"))).toEqual([
        { method: "DELETE", url: `${root}/s`, headers },
      ])
    }),
  )

  it.effect("GET /api/me: nothing but the key", () =>
    Effect.gen(function* () {
      const url = "https://app.polytomic.com/api/me"
      expect(yield* sentBy((client) => client.getIdentity)).toEqual([{ method: "GET", url, headers }])
    }),
  )

  it.effect("H6: nothing, where a request is invalid, with every problem at once", () =>
    Effect.gen(function* () {
      const transport = recording({})
      const client = yield* clientOver(transport)
      const error = yield* Effect.flip(client.updateSync("s", { name: 1, fields: {}, color: "red" } as never))
      const paths = error.reason._tag === "InvalidRequest" ? error.reason.issues.map(({ path }) => path[0]) : []
      expect(new Set(paths)).toEqual(new Set(["name", "mode", "target", "fields", "schedule", "color"]))
      const page = yield* Effect.flip(client.listSyncs({ limit: 51 }))
      expect(page).toMatchObject({ reason: { _tag: "InvalidRequest" }, delivery: "not-sent" })
      expect(transport.requests).toEqual([])
    }),
  )
})

describe("streams", () => {
  it.effect("L1: a page is requested with the token of the one before, unchanged", () =>
    Effect.gen(function* () {
      const transport = recording({ body: Fixtures.executions }, { body: { data: [{ ...execution, id: "e2" }] } })
      const client = yield* clientOver(transport)
      const ids = yield* Stream.runCollect(Stream.map(client.streamExecutions("s"), (one) => one.id))
      expect(ids).toEqual([execution.id, "e2"])
      const tokens = transport.requests.map(({ url }) => new URL(url).searchParams.get("page_token"))
      expect(tokens.slice(0, 2)).toEqual([null, next])
    }),
  )

  it.effect("L1: the syncs of several pages come one after the other", () =>
    Effect.gen(function* () {
      const transport = recording(
        { body: { data: [sync], pagination: { next_page_token: "t" } } },
        { body: { data: [{ ...sync, id: "s2" }], pagination: { next_page_token: "" } } },
      )
      const client = yield* clientOver(transport)
      const ids = yield* Stream.runCollect(Stream.map(client.streamSyncs({ limit: 5 }), (one) => one.id))
      expect(ids).toEqual([sync.id, "s2"])
    }),
  )
})
