import { describe, expect, it } from "@effect/vitest"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { CreateConnectionRequest, UpdateConnectionRequest } from "../src/RudderStackConnectionsApi.ts"
import { emulated, failure } from "./emulated.ts"
import { client, recording } from "./recordingTransport.ts"

const isNotFound = { reason: "NotFound", delivery: "refused" }
const isRefused = { reason: "InvalidRequest", delivery: "not-sent" }

const setup = Effect.fnUntraced(function* (options: Parameters<typeof emulated>[0] = {}) {
  const { emulator, client } = yield* emulated(options)
  const parts = yield* emulator.addParts()
  const request: CreateConnectionRequest = {
    sourceId: String(parts["source"]),
    destinationId: String(parts["destination"]),
    enabled: true,
    externalId: "orders",
    schedule: { type: "basic", everyMinutes: 60 },
    syncBehaviour: "upsert",
    identifiers: [{ from: "email", to: "user_id" }],
    mappings: [{ from: "name", to: "first_name" }],
    event: { type: "track", nameColumn: "kind" },
    constants: [{ key: "from", value: "warehouse" }],
    cursorColumn: "updated_at",
    destinationConfig: { audienceId: 42 },
    syncSettings: { syncLogsConfig: { enabled: true, snapshotsToRetain: 5 } },
  }
  return { emulator, client, request }
})

describe("the endpoints of connections", () => {
  it.effect("POST /v2/retl-connections: creates a connection that runs by its schedule", () =>
    Effect.gen(function* () {
      const { emulator, client, request } = yield* setup()
      const created = yield* client.createConnection(request)
      expect(created).toMatchObject(request)
      yield* TestClock.adjust("150 minutes")
      expect(yield* emulator.runsOf({ connection: created.id })).toMatchObject([
        { origin: "schedule" },
        { origin: "schedule" },
      ])
      expect(yield* failure(client.createConnection({ ...request, sourceId: "nope" }))).toEqual(isNotFound)
    }),
  )

  it.effect.each(
    RudderStackSwitches.createStatus.values.flatMap((createStatus) => [
      { createStatus, pairTaken: "409", reason: "Conflict" } as const,
      { createStatus, pairTaken: "400", reason: "InvalidRequest" } as const,
    ]),
  )(
    "POST /v2/retl-connections: fails for a second connection of a pair, with $createStatus and $pairTaken",
    ({ createStatus, pairTaken, reason }) =>
      Effect.gen(function* () {
        const { client, request } = yield* setup({ switches: { createStatus, pairTaken } })
        yield* client.createConnection(request)
        expect(yield* failure(client.createConnection(request))).toMatchObject({ reason, delivery: "refused" })
      }),
  )

  it.effect.each(RudderStackSwitches.createStatus.values)(
    "POST /v2/retl-connections: returns the existing connection where the vendor answers with it, with %s",
    (createStatus) =>
      Effect.gen(function* () {
        const { client, request } = yield* setup({ switches: { createStatus, pairTaken: "existing" } })
        const existing = yield* client.createConnection(request)
        expect(yield* client.createConnection({ ...request, enabled: false })).toEqual(existing)
      }),
  )

  it.effect.each(RudderStackSwitches.deletedPairRevived.values)(
    "POST /v2/retl-connections: creates a connection for a pair whose old one was deleted, with %s",
    (deletedPairRevived) =>
      Effect.gen(function* () {
        const { client, request } = yield* setup({ switches: { deletedPairRevived } })
        const { id } = yield* client.createConnection(request)
        yield* client.deleteConnection(id)
        const again = yield* client.createConnection(request)
        expect(again.id === id).toBe(deletedPairRevived === "old-id")
        expect(yield* client.getConnection(again.id)).toEqual(again)
      }),
  )

  it.effect("GET /v2/retl-connections/{id}: reads a connection, and fails with NotFound for an unknown one", () =>
    Effect.gen(function* () {
      const { emulator, client, request } = yield* setup()
      const created = yield* client.createConnection(request)
      expect(yield* client.getConnection(created.id)).toEqual(created)
      expect(yield* failure(client.getConnection("nope"))).toEqual(isNotFound)
      const paused = yield* emulator.addSync({ schedule: { cron: "0 6 * * *" }, state: "paused" })
      expect(yield* client.getConnection(String(paused["connection"]))).toMatchObject({
        enabled: false,
        schedule: { type: "cron", cronExpression: "0 6 * * *" },
        syncBehaviour: "upsert",
        event: { type: "identify" },
      })
    }),
  )

  it.effect("GET /v2/retl-connections/{id}: keeps the empty object of a connection with events", () =>
    Effect.gen(function* () {
      const { client, request } = yield* setup({ switches: { objectOfEvents: "empty-string" } })
      expect((yield* client.createConnection(request)).object).toBe("")
    }),
  )

  it.effect("PUT /v2/retl-connections/{id}: keeps absent fields, and clears empty lists", () =>
    Effect.gen(function* () {
      const { client, request } = yield* setup()
      const { id } = yield* client.createConnection(request)
      const kept = yield* client.updateConnection(id, {
        schedule: { type: "cron", cronExpression: "0 */6 * * *" },
        syncSettings: { failedKeysConfig: { enableFailedKeysRetry: false } },
      })
      expect(kept).toMatchObject({
        ...request,
        schedule: { type: "cron", cronExpression: "0 */6 * * *" },
        syncSettings: { ...request.syncSettings, failedKeysConfig: { enableFailedKeysRetry: false } },
      })
      const cleared = yield* client.updateConnection(id, {
        schedule: { type: "manual" },
        enabled: false,
        mappings: [],
        constants: [],
      })
      expect(cleared).toMatchObject({ enabled: false, schedule: { type: "manual" }, identifiers: request.identifiers })
      expect([cleared.mappings, cleared.constants]).toEqual([undefined, undefined])
      expect(yield* client.getConnection(id)).toEqual(cleared)
      expect(yield* failure(client.updateConnection("nope", { schedule: { type: "manual" } }))).toEqual(isNotFound)
    }),
  )

  it.effect("PUT /v2/retl-connections/{id}: fails with the issue that the vendor reports for each field", () =>
    Effect.gen(function* () {
      const { client, request } = yield* setup()
      const { id } = yield* client.createConnection(request)
      const refusal = yield* failure(
        client.updateConnection(id, { schedule: { type: "manual" }, identifiers: [{ from: "id", to: "email" }] }),
      )
      expect(refusal).toEqual({ reason: "InvalidRequest", delivery: "refused", paths: ["identifiers.0.to"] })
    }),
  )

  it.effect("DELETE /v2/retl-connections/{id}: deletes a connection, and its schedule fires no more", () =>
    Effect.gen(function* () {
      const { emulator, client, request } = yield* setup()
      const { id } = yield* client.createConnection(request)
      yield* client.deleteConnection(id)
      yield* TestClock.adjust("1 day")
      expect(yield* emulator.syncs).toEqual([])
      expect(yield* failure(client.getConnection(id))).toEqual(isNotFound)
      expect(yield* failure(client.startSync(id, { syncType: "full" }))).toEqual(isNotFound)
      expect(yield* failure(client.deleteConnection(id))).toEqual(isNotFound)
    }),
  )

  it.effect("GET /v2/retl-connections: lists connections, filtered, in pages", () =>
    Effect.gen(function* () {
      const { emulator, client, request } = yield* setup()
      const other = yield* emulator.addSync()
      const created = yield* client.createConnection(request)
      const idsOf = (query: Parameters<typeof client.listConnections>[0]) =>
        Effect.map(client.listConnections(query), ({ data }) => data?.map(({ id }) => id))
      expect(yield* idsOf({})).toEqual([other["connection"], created.id])
      expect(yield* idsOf({ page: 2, pageSize: 1 })).toEqual([created.id])
      expect(yield* idsOf({ hasExternalId: true })).toEqual([created.id])
      expect(yield* idsOf({ hasExternalId: false })).toEqual([other["connection"]])
      expect(yield* idsOf({ sourceId: request.sourceId, destinationId: request.destinationId })).toEqual([created.id])
      expect(yield* idsOf({ sourceId: "nope" })).toEqual([])
    }),
  )

  it.effect("GET /v2/retl-connections: streams all connections, and reads no page before it is pulled", () =>
    Effect.gen(function* () {
      const { emulator, client } = yield* setup()
      const ids: Array<string | undefined> = []
      for (let count = 0; count < 5; count++) ids.push((yield* emulator.addSync())["connection"])
      const all = yield* Stream.runCollect(client.streamConnections({ pageSize: 2 }))
      expect(all.map(({ id }) => id)).toEqual(ids)
      expect((yield* emulator.calls).map(({ query }) => query["page"])).toEqual(["1", "2", "3", "1", "2", "3"])
      yield* emulator.clearCalls
      yield* client.streamConnections({ pageSize: 2 }).pipe(Stream.take(1), Stream.runDrain)
      expect(yield* emulator.calls).toHaveLength(1)
    }),
  )

  it.effect("GET /v2/retl-connections: goes on after an empty page that has a next one, and follows no link", () =>
    Effect.gen(function* () {
      const transport = recording(
        { body: { data: null, paging: { total: 1, next: "/apigateway/v1/retl-connections?page=9" } } },
        { body: { data: [{ id: "c" }], paging: { total: 1 } } },
      )
      const all = yield* Stream.runCollect((yield* client(transport)).streamConnections({ hasExternalId: true }))
      expect(all).toEqual([{ id: "c" }])
      const searches = transport.requests.map(({ url }) => new URL(url).search)
      expect(searches).toEqual(["1", "2"].map((page) => `?hasExternalId=true&page=${page}&pageSize=100`))
    }),
  )

  it.effect("PUT /v2/retl-connections/{id}/external-id: sets the id, and does not read the answer", () =>
    Effect.gen(function* () {
      const { client, request } = yield* setup()
      const { id } = yield* client.createConnection(request)
      yield* client.setConnectionExternalId(id, { externalId: "orders-2" })
      expect((yield* client.getConnection(id)).externalId).toBe("orders-2")
      expect(yield* failure(client.setConnectionExternalId("nope", { externalId: "x" }))).toEqual(isNotFound)
      expect(yield* failure(client.setConnectionExternalId(id, { externalId: "" }))).toEqual({
        ...isRefused,
        paths: ["externalId"],
      })
    }),
  )

  it.effect.each([
    ["403", "PermissionDenied"],
    ["404", "NotFound"],
  ] as const)("fail after a %s with %s where they are closed", ([connectionsList, reason]) =>
    Effect.gen(function* () {
      const { client, request } = yield* setup({ switches: { connectionsList } })
      const calls = [
        client.createConnection(request),
        client.getConnection("c"),
        client.updateConnection("c", { schedule: { type: "manual" } }),
        client.deleteConnection("c"),
        client.listConnections(),
        client.setConnectionExternalId("c", { externalId: "x" }),
      ]
      for (const call of calls) expect(yield* failure(call)).toEqual({ reason, delivery: "refused" })
    }),
  )
})

describe("H6: a wrong request fails with all its problems before anything is sent:", () => {
  const valid: CreateConnectionRequest = {
    sourceId: "s",
    destinationId: "d",
    enabled: true,
    schedule: { type: "manual" },
    identifiers: [{ from: "email", to: "user_id" }],
    mappings: [{ from: "name", to: "first_name" }],
  }
  const event = { type: "identify" } as const
  const targets = (...names: ReadonlyArray<string>) => names.map((to) => ({ from: "column", to }))

  it.effect.each<[string, object, ReadonlyArray<string>]>([
    [
      "fields",
      { sourceId: "", enabled: "yes", identifiers: [{ from: "" }], extra: 1 },
      ["enabled", "extra", "identifiers.0.from", "identifiers.0.to", "sourceId"],
    ],
    ["a missing switch", { enabled: undefined }, ["enabled"]],
    ["a short interval", { schedule: { type: "basic", everyMinutes: 4 } }, ["schedule.everyMinutes"]],
    ["a broken interval", { schedule: { type: "basic", everyMinutes: 7.5 } }, ["schedule.everyMinutes"]],
    ["an endless interval", { schedule: { type: "basic", everyMinutes: 1e65 } }, ["schedule.everyMinutes"]],
    ["a missing interval", { schedule: { type: "basic" } }, ["schedule.everyMinutes"]],
    ["an interval of a manual schedule", { schedule: { type: "manual", everyMinutes: 60 } }, ["schedule.everyMinutes"]],
    [
      "the fields of two schedules",
      { schedule: { type: "cron", everyMinutes: 60, cronExpression: "0 * * * *" } },
      ["schedule.everyMinutes"],
    ],
    ["six cron fields", { schedule: { type: "cron", cronExpression: "0 0 6 * * *" } }, ["schedule.cronExpression"]],
    ["an unknown type of schedule", { schedule: { type: "hourly" } }, ["schedule"]],
    ["American spelling", { syncBehavior: "upsert" }, ["syncBehavior"]],
    ["an unknown behavior", { syncBehaviour: "insert" }, ["syncBehaviour"]],
    [
      "events that mirror, with an identifier that events lack",
      {
        event,
        syncBehaviour: "mirror",
        identifiers: [
          { from: "a", to: "anonymous_id" },
          { from: "b", to: "email" },
        ],
      },
      ["identifiers.1.to", "syncBehaviour"],
    ],
    ["an event with two names", { event: { type: "track", name: "a", nameColumn: "b" } }, ["event.nameColumn"]],
    ["constants without an event", { constants: [{ key: "a", value: "b" }] }, ["constants"]],
    [
      "a reserved constant",
      { event, constants: [{ key: "context.mappedToDestination", value: "b" }] },
      ["constants.0.key"],
    ],
    [
      "an object with an event and no identifier",
      { object: "person", event, identifiers: [] },
      ["event", "identifiers"],
    ],
    ["no identifiers", { identifiers: [] }, ["identifiers"]],
    [
      "an object with two identifiers",
      { object: "person", identifiers: [...valid.identifiers, { from: "b", to: "c" }] },
      ["identifiers"],
    ],
    ["an event without mappings", { event, mappings: undefined }, ["mappings"]],
    [
      "an event whose mappings go to reserved targets, and to one of objects",
      { event, mappings: targets("user_id", "anonymous_id", "context.externalId[0].id", "name") },
      ["mappings.0.to", "mappings.1.to"],
    ],
    [
      "an object whose mappings go to reserved targets, and to one of events",
      { object: "person", mappings: targets("user_id", "anonymous_id", "context.externalId[0].id", "name") },
      ["mappings.0.to", "mappings.2.to"],
    ],
    ["neither, and a target that both reserve", { mappings: targets("user_id", "anonymous_id") }, ["mappings.0.to"]],
    [
      "an object with blanks, constants, a reserved target and a field of another type",
      { object: " person", constants: [], mappings: targets("context.externalId[0].id"), enabled: "yes" },
      ["constants", "enabled", "mappings.0.to", "object"],
    ],
    ["a constant without a value", { event, constants: [{ key: "a", value: "" }] }, ["constants.0.value"]],
    ["a mirror with a cursor", { syncBehaviour: "mirror", cursorColumn: "at" }, ["cursorColumn"]],
    [
      "a negative retention",
      { syncSettings: { syncLogsConfig: { logRetentionInDays: -1 } } },
      ["syncSettings.syncLogsConfig.logRetentionInDays"],
    ],
  ])("a create with %s", ([, changes, paths]) =>
    Effect.gen(function* () {
      const transport = recording()
      const refusal = yield* failure((yield* client(transport)).createConnection({ ...valid, ...changes }))
      expect(refusal).toEqual({ ...isRefused, paths })
      expect(transport.requests).toHaveLength(0)
    }),
  )

  it.effect.each<[string, object, ReadonlyArray<string>]>([
    ["no schedule", { schedule: undefined }, ["schedule"]],
    [
      "fixed fields",
      { sourceId: "s", destinationId: "d", syncBehaviour: "full", object: "o", event, cursorColumn: "c" },
      ["cursorColumn", "destinationId", "event", "object", "sourceId", "syncBehaviour"],
    ],
    ["a reserved constant", { constants: [{ key: "context.mappedToDestination", value: "b" }] }, ["constants.0.key"]],
    ["no identifier", { identifiers: [] }, ["identifiers"]],
    [
      "mappings to a target that events and objects reserve",
      { mappings: targets("name", "user_id"), enabled: 1 },
      ["enabled", "mappings.1.to"],
    ],
  ])("an update with %s", ([, changes, paths]) =>
    Effect.gen(function* () {
      const transport = recording()
      const update: UpdateConnectionRequest = { schedule: { type: "manual" } }
      const refusal = yield* failure((yield* client(transport)).updateConnection("c", { ...update, ...changes }))
      expect(refusal).toEqual({ ...isRefused, paths })
      expect(transport.requests).toHaveLength(0)
    }),
  )
})

describe("H5: the answer about a connection", () => {
  const read = Effect.fnUntraced(function* (body: object) {
    return yield* (yield* client(recording({ body }))).getConnection("c")
  })

  it.effect("names fields that do not fit or are not listed", () =>
    Effect.gen(function* () {
      const odd = {
        id: "c",
        sourceId: 7,
        enabled: "yes",
        externalId: null,
        schedule: { type: "lunar", everyMinutes: "sixty", moon: "full" },
        syncSettings: { syncLogsConfig: { enabled: 1, snapshotsToRetain: 5 }, failedKeysConfig: [] },
        syncBehaviour: "append",
        identifiers: [{ from: "a", to: "b" }, { from: "c" }],
        mappings: null,
        constants: [{ key: "a", value: "b", more: true }, 7],
        event: "identify",
        ...{ object: null, destinationConfig: null },
        createdAt: 1,
        flow: "json-mapper",
      }
      expect(yield* read(odd)).toEqual({
        id: "c",
        schedule: { type: "lunar", moon: "full" },
        syncSettings: { syncLogsConfig: { snapshotsToRetain: 5 } },
        syncBehaviour: "append",
        identifiers: [{ from: "a", to: "b" }, { from: "c" }],
        destinationConfig: null,
        unreadKeys: ["sourceId", "enabled", "constants", "event", "createdAt", "flow"],
      })
    }),
  )

  it.effect.each([{}, { id: "" }, { id: 7 }, []])("needs an id: %j", (body) =>
    Effect.gen(function* () {
      expect(yield* failure(read(body))).toEqual({ reason: "UnexpectedResponse", delivery: "unknown" })
    }),
  )
})
