import { describe, expect, it } from "@effect/vitest"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { CreateConnectionRequest, UpdateConnectionRequest } from "../src/RudderStackConnectionsApi.ts"
import { emulated, failure } from "./emulated.ts"
import { client, recording } from "./recordingTransport.ts"

const nope = { reason: "NotFound", delivery: "refused" }
const isMissing = { reason: "InvalidRequest", delivery: "not-sent" }

const setup = Effect.fnUntraced(function* (options: Parameters<typeof emulated>[0] = {}) {
  const made = yield* emulated(options)
  const parts = yield* made.emulator.addParts()
  const wanted: CreateConnectionRequest = {
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
  return { ...made, wanted }
})

describe("the endpoints of connections", () => {
  it.effect("POST /v2/retl-connections: makes a connection that runs by its schedule", () =>
    Effect.gen(function* () {
      const { emulator, client, wanted } = yield* setup()
      const made = yield* client.createConnection(wanted)
      expect(made).toMatchObject(wanted)
      yield* TestClock.adjust("150 minutes")
      expect(yield* emulator.runsOf({ connection: made.id })).toMatchObject([
        { origin: "schedule" },
        { origin: "schedule" },
      ])
      expect(yield* failure(client.createConnection({ ...wanted, sourceId: "nope" }))).toEqual(nope)
    }),
  )

  it.effect(
    "POST /v2/retl-connections: is right whatever a second one of its pair, or one after a delete, is told",
    () =>
      Effect.gen(function* () {
        for (const createStatus of RudderStackSwitches.createStatus.values) {
          for (const [pairTaken, reason] of [
            ["409", "Conflict"],
            ["400", "InvalidRequest"],
          ] as const) {
            const { client, wanted } = yield* setup({ switches: { createStatus, pairTaken } })
            yield* client.createConnection(wanted)
            expect(yield* failure(client.createConnection(wanted))).toMatchObject({ reason, delivery: "refused" })
          }
          const { client, wanted } = yield* setup({ switches: { createStatus, pairTaken: "existing" } })
          const first = yield* client.createConnection(wanted)
          expect(yield* client.createConnection({ ...wanted, enabled: false })).toEqual(first)
        }
        for (const deletedPairRevived of RudderStackSwitches.deletedPairRevived.values) {
          const { client, wanted } = yield* setup({ switches: { deletedPairRevived } })
          const { id } = yield* client.createConnection(wanted)
          yield* client.deleteConnection(id)
          const again = yield* client.createConnection(wanted)
          expect(again.id === id).toBe(deletedPairRevived === "old-id")
          expect(yield* client.getConnection(again.id)).toEqual(again)
        }
      }),
  )

  it.effect("GET /v2/retl-connections/{id}: reads a connection, and says NotFound for another", () =>
    Effect.gen(function* () {
      const { emulator, client, wanted } = yield* setup()
      const made = yield* client.createConnection(wanted)
      expect(yield* client.getConnection(made.id)).toEqual(made)
      expect(yield* failure(client.getConnection("nope"))).toEqual(nope)
      const outside = yield* emulator.addSync({ schedule: { cron: "0 6 * * *" }, state: "paused" })
      expect(yield* client.getConnection(String(outside["connection"]))).toMatchObject({
        enabled: false,
        schedule: { type: "cron", cronExpression: "0 6 * * *" },
        syncBehaviour: "upsert",
        event: { type: "identify" },
      })
    }),
  )

  it.effect("GET /v2/retl-connections/{id}: reads an empty object of events as it is", () =>
    Effect.gen(function* () {
      const { client, wanted } = yield* setup({ switches: { objectOfEvents: "empty-string" } })
      expect((yield* client.createConnection(wanted)).object).toBe("")
    }),
  )

  it.effect("PUT /v2/retl-connections/{id}: keeps what is absent, and clears what is empty", () =>
    Effect.gen(function* () {
      const { client, wanted } = yield* setup()
      const { id } = yield* client.createConnection(wanted)
      const kept = yield* client.updateConnection(id, {
        schedule: { type: "cron", cronExpression: "0 */6 * * *" },
        syncSettings: { failedKeysConfig: { enableFailedKeysRetry: false } },
      })
      expect(kept).toMatchObject({
        ...wanted,
        schedule: { type: "cron", cronExpression: "0 */6 * * *" },
        syncSettings: { ...wanted.syncSettings, failedKeysConfig: { enableFailedKeysRetry: false } },
      })
      const cleared = yield* client.updateConnection(id, {
        schedule: { type: "manual" },
        enabled: false,
        mappings: [],
        constants: [],
      })
      expect(cleared).toMatchObject({ enabled: false, schedule: { type: "manual" }, identifiers: wanted.identifiers })
      expect([cleared.mappings, cleared.constants]).toEqual([undefined, undefined])
      expect(yield* client.getConnection(id)).toEqual(cleared)
      expect(yield* failure(client.updateConnection("nope", { schedule: { type: "manual" } }))).toEqual(nope)
    }),
  )

  it.effect("PUT /v2/retl-connections/{id}: passes on what the vendor says of each field", () =>
    Effect.gen(function* () {
      const { client, wanted } = yield* setup()
      const { id } = yield* client.createConnection(wanted)
      const failed = yield* failure(
        client.updateConnection(id, { schedule: { type: "manual" }, identifiers: [{ from: "id", to: "email" }] }),
      )
      expect(failed).toEqual({ reason: "InvalidRequest", delivery: "refused", paths: ["identifiers.0.to"] })
    }),
  )

  it.effect("DELETE /v2/retl-connections/{id}: deletes a connection, whose schedule then is over", () =>
    Effect.gen(function* () {
      const { emulator, client, wanted } = yield* setup()
      const { id } = yield* client.createConnection(wanted)
      yield* client.deleteConnection(id)
      yield* TestClock.adjust("1 day")
      expect(yield* emulator.syncs).toEqual([])
      expect(yield* failure(client.getConnection(id))).toEqual(nope)
      expect(yield* failure(client.startSync(id, { syncType: "full" }))).toEqual(nope)
      expect(yield* failure(client.deleteConnection(id))).toEqual(nope)
    }),
  )

  it.effect("GET /v2/retl-connections: lists connections, filtered, in pages", () =>
    Effect.gen(function* () {
      const { emulator, client, wanted } = yield* setup()
      const other = yield* emulator.addSync()
      const made = yield* client.createConnection(wanted)
      const idsOf = (query: Parameters<typeof client.listConnections>[0]) =>
        Effect.map(client.listConnections(query), ({ data }) => data?.map(({ id }) => id))
      expect(yield* idsOf({})).toEqual([other["connection"], made.id])
      expect(yield* idsOf({ page: 2, pageSize: 1 })).toEqual([made.id])
      expect(yield* idsOf({ hasExternalId: true })).toEqual([made.id])
      expect(yield* idsOf({ hasExternalId: false })).toEqual([other["connection"]])
      expect(yield* idsOf({ sourceId: wanted.sourceId, destinationId: wanted.destinationId })).toEqual([made.id])
      expect(yield* idsOf({ sourceId: "nope" })).toEqual([])
    }),
  )

  it.effect("GET /v2/retl-connections: streams all, and reads no page before it is pulled", () =>
    Effect.gen(function* () {
      const { emulator, client } = yield* setup()
      const ids: Array<string | undefined> = []
      for (let count = 0; count < 5; count++) ids.push((yield* emulator.addSync())["connection"])
      const all = yield* Stream.runCollect(client.streamConnections({ pageSize: 2 }))
      expect(all.map(({ id }) => id)).toEqual(ids)
      expect((yield* emulator.calls).map(({ query }) => query)).toEqual(
        ["1", "2", "3"].map((page) => ({ page, pageSize: "2" })),
      )
      yield* emulator.clearCalls
      yield* client.streamConnections({ pageSize: 2 }).pipe(Stream.take(1), Stream.runDrain)
      expect(yield* emulator.calls).toHaveLength(1)
    }),
  )

  it.effect("GET /v2/retl-connections: passes over an empty page that has a next one, and never follows it", () =>
    Effect.gen(function* () {
      const transport = recording(
        { body: { data: null, paging: { total: 3, next: "/apigateway/v1/retl-connections?page=9" } } },
        { body: { data: [{ id: "c" }], paging: { total: 3 } } },
      )
      const all = yield* Stream.runCollect((yield* client(transport)).streamConnections({ hasExternalId: true }))
      expect(all).toEqual([{ id: "c" }])
      expect(transport.requests.map(({ url }) => new URL(url).search)).toEqual([
        "?hasExternalId=true&page=1&pageSize=100",
        "?hasExternalId=true&page=2&pageSize=100",
      ])
    }),
  )

  it.effect("PUT /v2/retl-connections/{id}/external-id: sets it, and does not read the answer", () =>
    Effect.gen(function* () {
      const { client, wanted } = yield* setup()
      const { id } = yield* client.createConnection(wanted)
      yield* client.setConnectionExternalId(id, { externalId: "orders-2" })
      expect((yield* client.getConnection(id)).externalId).toBe("orders-2")
      expect(yield* failure(client.setConnectionExternalId("nope", { externalId: "x" }))).toEqual(nope)
      expect(yield* failure(client.setConnectionExternalId(id, { externalId: "" }))).toEqual({
        ...isMissing,
        paths: ["externalId"],
      })
    }),
  )

  it.effect("say PermissionDenied or NotFound where they are closed", () =>
    Effect.gen(function* () {
      for (const [connectionsList, reason] of [
        ["403", "PermissionDenied"],
        ["404", "NotFound"],
      ] as const) {
        const { client, wanted } = yield* setup({ switches: { connectionsList } })
        const calls = [
          client.createConnection(wanted),
          client.getConnection("c"),
          client.updateConnection("c", { schedule: { type: "manual" } }),
          client.deleteConnection("c"),
          client.listConnections(),
          client.setConnectionExternalId("c", { externalId: "x" }),
        ]
        for (const call of calls) expect(yield* failure(call)).toEqual({ reason, delivery: "refused" })
      }
    }),
  )
})

describe("H6: a connection that is not right is refused with all its problems, and nothing is sent:", () => {
  const right: CreateConnectionRequest = {
    sourceId: "s",
    destinationId: "d",
    enabled: true,
    schedule: { type: "manual" },
    identifiers: [{ from: "email", to: "user_id" }],
  }
  const event = { type: "identify" } as const

  it.effect.each<[string, object, ReadonlyArray<string>]>([
    [
      "fields",
      { sourceId: "", enabled: "yes", identifiers: [{ from: "" }], extra: 1 },
      ["enabled", "extra", "identifiers.0.from", "identifiers.0.to", "sourceId"],
    ],
    ["no enabled", { enabled: undefined }, ["enabled"]],
    ["a short interval", { schedule: { type: "basic", everyMinutes: 4 } }, ["schedule.everyMinutes"]],
    ["a broken interval", { schedule: { type: "basic", everyMinutes: 7.5 } }, ["schedule.everyMinutes"]],
    ["no interval", { schedule: { type: "basic" } }, ["schedule.everyMinutes"]],
    ["an interval too many", { schedule: { type: "manual", everyMinutes: 60 } }, ["schedule.everyMinutes"]],
    [
      "both fields",
      { schedule: { type: "cron", everyMinutes: 60, cronExpression: "* * * * *" } },
      ["schedule.everyMinutes"],
    ],
    ["six cron fields", { schedule: { type: "cron", cronExpression: "0 0 6 * * *" } }, ["schedule.cronExpression"]],
    ["another schedule", { schedule: { type: "hourly" } }, ["schedule"]],
    ["American spelling", { syncBehavior: "upsert" }, ["syncBehavior"]],
    ["another behavior", { syncBehaviour: "insert" }, ["syncBehaviour"]],
    [
      "events that mirror, by another identifier",
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
    ["two names of an event", { event: { type: "track", name: "a", nameColumn: "b" } }, ["event.nameColumn"]],
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
    ["no identifier", { identifiers: [] }, ["identifiers"]],
    [
      "an object with two identifiers",
      { object: "person", identifiers: [...right.identifiers, { from: "b", to: "c" }] },
      ["identifiers"],
    ],
    ["a cursor of a mirror", { syncBehaviour: "mirror", cursorColumn: "at" }, ["cursorColumn"]],
    [
      "a broken retention",
      { syncSettings: { syncLogsConfig: { logRetentionInDays: -1 } } },
      ["syncSettings.syncLogsConfig.logRetentionInDays"],
    ],
  ])("%s", ([, change, paths]) =>
    Effect.gen(function* () {
      const transport = recording()
      const failed = yield* failure((yield* client(transport)).createConnection({ ...right, ...change }))
      expect(failed).toEqual({ ...isMissing, paths })
      expect(transport.requests).toHaveLength(0)
    }),
  )

  it.effect.each<[string, object, ReadonlyArray<string>]>([
    ["no schedule", { schedule: undefined }, ["schedule"]],
    [
      "what is fixed",
      { sourceId: "s", destinationId: "d", syncBehaviour: "full", object: "o", event, cursorColumn: "c" },
      ["cursorColumn", "destinationId", "event", "object", "sourceId", "syncBehaviour"],
    ],
    ["a reserved constant", { constants: [{ key: "context.mappedToDestination", value: "" }] }, ["constants.0.key"]],
  ])("a change of %s", ([, change, paths]) =>
    Effect.gen(function* () {
      const transport = recording()
      const update: UpdateConnectionRequest = { schedule: { type: "manual" } }
      const failed = yield* failure((yield* client(transport)).updateConnection("c", { ...update, ...change }))
      expect(failed).toEqual({ ...isMissing, paths })
      expect(transport.requests).toHaveLength(0)
    }),
  )
})

describe("H5: a connection is read leniently:", () => {
  const read = Effect.fnUntraced(function* (body: object) {
    return yield* (yield* client(recording({ body }))).getConnection("c")
  })

  it.effect("what is not as it should be is left out, and what is not known is dropped, but of its schedule", () =>
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
        object: null,
        destinationConfig: null,
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
      })
    }),
  )

  it.effect("its id has to be there", () =>
    Effect.gen(function* () {
      for (const body of [{}, { id: "" }, { id: 7 }, []]) {
        expect(yield* failure(read(body))).toEqual({ reason: "UnexpectedResponse", delivery: "unknown" })
      }
    }),
  )
})
