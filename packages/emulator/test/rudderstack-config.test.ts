import { describe, expect, it } from "@effect/vitest"
import type { Method } from "@openretl/core/Transport"
import { RudderStackEmulator } from "@openretl/emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { sendTo } from "./client.ts"

const connections = "/v2/retl-connections"
const sources = "/v2/retl-sources"

const setup = (options: RudderStackEmulator.Options = {}) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.UTC(2026, 3, 20, 12))
    const emulator = yield* RudderStackEmulator.make(options)
    const { source, destination } = yield* emulator.addParts("Orders")
    const send = (method: Method, path: string, body?: object) =>
      sendTo(emulator, method, path, body === undefined ? {} : { body })
    const connection = {
      sourceId: source,
      destinationId: destination,
      schedule: { type: "basic", everyMinutes: 60 },
      identifiers: [{ from: "email", to: "user_id" }],
      event: { type: "identify" },
    }
    const create = (change: object = {}) => send("POST", connections, { ...connection, ...change })
    return { emulator, send, connection, create }
  })

const model = {
  name: "Users",
  accountId: "acc123",
  enabled: true,
  sourceType: "model",
  sourceDefinitionName: "postgres",
  config: { primaryKey: "id", sql: "SELECT * FROM users" },
}

const reservedTargets = ["user_id", "anonymous_id", "context.externalId[0].id"]

describe("creating a connection", () => {
  it.effect("enables it and makes it upsert by default, and shows no empty lists", () =>
    Effect.gen(function* () {
      const { emulator, connection, create } = yield* setup()
      const { status, json } = yield* create({ mappings: [], constants: [] })
      expect([status, json]).toEqual([
        200,
        {
          ...connection,
          id: expect.stringMatching(/^[0-9A-Za-z]{27}$/),
          enabled: true,
          syncBehaviour: "upsert",
          createdAt: "2026-04-20T12:00:00.000Z",
          updatedAt: "2026-04-20T12:00:00.000Z",
        },
      ])
      expect(yield* emulator.syncs).toEqual([
        {
          ids: { connection: json.id },
          parts: { source: connection.sourceId, destination: connection.destinationId },
          name: json.id,
          state: "enabled",
          schedule: connection.schedule,
          nextFire: Date.UTC(2026, 3, 20, 13),
          callIndex: 0,
        },
      ])
    }),
  )

  it.effect("is refused with every missing field", () =>
    Effect.gen(function* () {
      const { send } = yield* setup()
      const emptyBodyAnswer = yield* send("POST", connections, {})
      expect([emptyBodyAnswer.status, emptyBodyAnswer.json]).toEqual([
        400,
        {
          error: "request validation failed",
          details: { sourceId: "Required", destinationId: "Required", schedule: "Required", identifiers: "Required" },
        },
      ])
    }),
  )

  it.effect.each<readonly [change: object, fields: ReadonlyArray<string>]>([
    [{ enabled: "yes", syncBehaviour: "append", flow: "x" }, ["enabled", "flow", "syncBehaviour"]],
    [{ schedule: { type: "basic", everyMinutes: 4 } }, ["schedule.everyMinutes"]],
    [{ schedule: { type: "basic" } }, ["schedule.everyMinutes"]],
    [{ schedule: { type: "manual", everyMinutes: 60 } }, ["schedule.everyMinutes"]],
    [{ schedule: { type: "cron" } }, ["schedule.cronExpression"]],
    [{ schedule: { type: "daily" } }, ["schedule.type"]],
    [{ syncBehaviour: "mirror", identifiers: [{ from: "id", to: "email" }] }, ["identifiers.0.to", "syncBehaviour"]],
    [{ identifiers: [{ from: "id" }, 7] }, ["identifiers.0.to", "identifiers.1.from", "identifiers.1.to"]],
    [{ event: { type: "page", name: "a", nameColumn: "b" } }, ["event.nameColumn", "event.type"]],
    [{ constants: [{ key: "context.mappedToDestination", value: "x" }] }, ["constants.0.key"]],
    [{ event: undefined, constants: [{ key: "a", value: "b" }] }, ["constants"]],
    [{ object: "person", identifiers: [] }, ["event", "identifiers"]],
    [{ event: undefined, object: "person", constants: [] }, ["constants"]],
    [{ syncBehaviour: "full", cursorColumn: "at" }, ["cursorColumn"]],
  ])("with %j is refused for the fields %j", ([change, fields]) =>
    Effect.gen(function* () {
      const { emulator, create } = yield* setup()
      const { status, json } = yield* create(change)
      expect([status, Object.keys(json.details).sort()]).toEqual([400, fields])
      expect(yield* emulator.syncs).toEqual([])
    }),
  )

  it.effect(
    "is refused for a source or a destination that does not exist, and for a body that is not a JSON object",
    () =>
      Effect.gen(function* () {
        const { emulator, create } = yield* setup()
        expect((yield* create({ sourceId: "nope" })).json).toEqual({ error: "source not found" })
        expect((yield* create({ destinationId: "nope" })).status).toBe(404)
        expect((yield* sendTo(emulator, "POST", connections, { raw: "nonsense" })).json).toEqual({
          error: "Bad Request",
        })
        expect(yield* emulator.syncs).toEqual([])
      }),
  )

  it.effect.each([
    { pairTaken: "409", status: 409 },
    { pairTaken: "400", status: 400 },
    { pairTaken: "existing", status: 201 },
  ] as const)(
    "a second time for one source and destination is answered as `pairTaken` says: $pairTaken",
    ({ pairTaken, status }) =>
      Effect.gen(function* () {
        const { emulator, create } = yield* setup({ switches: { pairTaken, createStatus: "201" } })
        const first = yield* create()
        expect(first.status).toBe(201)
        const second = yield* create({ enabled: false })
        expect(second.status).toBe(status)
        if (pairTaken === "existing") expect(second.json).toEqual(first.json)
        expect(yield* emulator.syncs).toHaveLength(1)
      }),
  )

  it.effect.each([
    { cronFloor: "unchecked", statuses: [200, 200, 200] },
    { cronFloor: "400", statuses: [400, 400, 200] },
  ] as const)(
    "with a cron expression each minute is answered as `cronFloor` says: $cronFloor",
    ({ cronFloor, statuses }) =>
      Effect.gen(function* () {
        const { create, send } = yield* setup({ switches: { cronFloor } })
        const schedule = (cronExpression: string) => ({ schedule: { type: "cron", cronExpression } })
        const often = yield* create(schedule("* * * * *"))
        const { id } = (often.status === 200 ? often : yield* create(schedule("*/5 * * * *"))).json
        const update = yield* send("PUT", `${connections}/${id}`, schedule("*/4 * * * *"))
        const allowed = yield* send("PUT", `${connections}/${id}`, schedule("*/5 * * * *"))
        expect([often.status, update.status, allowed.status]).toEqual(statuses)
      }),
  )

  it.effect.each([
    ["folded", { event: { type: "identify" } }, ["user_id", "user_id", "anonymous_id"], ["context.externalId[0].id"]],
    ["folded", { event: undefined, object: "person" }, ["user_id"], ["anonymous_id"]],
    ["kept", { event: undefined, object: "person" }, ["user_id"], reservedTargets],
  ] as const)(
    "keeps mappings to reserved targets as `reservedTargets` says: %s, for %j",
    ([value, kind, identifiers, mappings]) =>
      Effect.gen(function* () {
        const { create } = yield* setup({ switches: { reservedTargets: value } })
        const { json } = yield* create({ ...kind, mappings: reservedTargets.map((to) => ({ from: "column", to })) })
        const targetsOf = (list: ReadonlyArray<{ readonly to: string }>) => list.map(({ to }) => to)
        expect([targetsOf(json.identifiers), targetsOf(json.mappings)]).toEqual([identifiers, mappings])
      }),
  )

  it.effect.each([
    ["reservedTargets", { mappings: [{ from: "column", to: "user_id" }] }, ["mappings.0.to"]],
    ["eventsWithoutMappings", { mappings: [] }, ["mappings"]],
    ["externalIdAtCreate", { externalId: "e" }, ["externalId"]],
  ] as const)("is refused where the switch %s says so, with %j", ([name, change, fields]) =>
    Effect.gen(function* () {
      const { create } = yield* setup({ switches: { [name]: "400" } })
      const { status, json } = yield* create(change)
      expect([status, Object.keys(json.details)]).toEqual([400, fields])
    }),
  )

  it.effect("stores a cron expression that is not valid, and never fires by it", () =>
    Effect.gen(function* () {
      const { emulator, create } = yield* setup()
      const { json } = yield* create({ schedule: { type: "cron", cronExpression: "whenever" } })
      expect(json.schedule).toEqual({ type: "cron", cronExpression: "whenever" })
      yield* TestClock.adjust("7 days")
      expect(yield* emulator.runsOf({ connection: json.id })).toEqual([])
    }),
  )
})

describe("a connection", () => {
  it.effect("fires by its schedule unless it is disabled, and by a new schedule from its change on", () =>
    Effect.gen(function* () {
      const { emulator, send, create } = yield* setup()
      const { id } = (yield* create()).json
      const put = (body: object) => send("PUT", `${connections}/${id}`, body)
      yield* TestClock.adjust("150 minutes")
      yield* put({ schedule: { type: "basic", everyMinutes: 60 }, enabled: false })
      yield* TestClock.adjust("1 hour")
      yield* put({ schedule: { type: "cron", cronExpression: "0 18 * * *" }, enabled: true })
      yield* TestClock.adjust("1 day")
      yield* put({ schedule: { type: "manual" } })
      yield* TestClock.adjust("1 day")
      const hours = (yield* emulator.runsOf({ connection: id })).map((run) => new Date(run.createdAt).toISOString())
      expect(hours).toEqual(["2026-04-20T13:00:00.000Z", "2026-04-20T14:00:00.000Z", "2026-04-20T18:00:00.000Z"])
      expect((yield* send("POST", `${connections}/${id}/start`, { syncType: "full" })).status).toBe(200)
    }),
  )

  it.effect("is updated with a schedule: absent fields stay, empty lists clear, and the others cannot change", () =>
    Effect.gen(function* () {
      const { send, create, connection } = yield* setup()
      const constants = [{ key: "from", value: "warehouse" }]
      const { id } = (yield* create({ constants, externalId: "e" })).json
      const put = (body: object) => send("PUT", `${connections}/${id}`, body)
      const refusal = yield* put({
        sourceId: "s",
        object: "o",
        syncBehaviour: "full",
        identifiers: [{ from: "a", to: "b" }],
      })
      expect([refusal.status, Object.keys(refusal.json.details).sort()]).toEqual([
        400,
        ["identifiers.0.to", "object", "schedule", "sourceId", "syncBehaviour"],
      ])
      const keptAnswer = yield* put({ schedule: { type: "manual" } })
      expect(keptAnswer.json).toMatchObject({ ...connection, constants, externalId: "e", schedule: { type: "manual" } })
      const clearedAnswer = yield* put({ schedule: { type: "manual" }, constants: [] })
      expect(clearedAnswer.json).not.toHaveProperty("constants")
      expect((yield* send("GET", `${connections}/${id}`)).json).toEqual(clearedAnswer.json)
    }),
  )

  it.effect.each([
    { deletedPairRevived: "old-id", hasOldId: true },
    { deletedPairRevived: "new-id", hasOldId: false },
  ] as const)(
    "is not found after its deletion; created again, it has the id that `deletedPairRevived` says: $deletedPairRevived",
    ({ deletedPairRevived, hasOldId }) =>
      Effect.gen(function* () {
        const { send, create } = yield* setup({ switches: { deletedPairRevived } })
        const { id } = (yield* create()).json
        yield* send("POST", `${connections}/${id}/start`, { syncType: "full" })
        const deletion = yield* send("DELETE", `${connections}/${id}`)
        expect([deletion.status, deletion.text]).toEqual([204, ""])
        expect((yield* send("GET", `${connections}/${id}`)).status).toBe(404)
        expect((yield* send("DELETE", `${connections}/${id}`)).status).toBe(404)
        expect((yield* send("GET", connections)).json).toEqual({ data: [], paging: { total: 0 } })
        const secondId = (yield* create()).json.id
        expect(secondId === id).toBe(hasOldId)
        expect((yield* send("GET", `${connections}/${secondId}/syncs`)).json.syncs).toEqual([])
      }),
  )

  it.effect("is not shown, nor is a source, by reads that lag behind its creation", () =>
    Effect.gen(function* () {
      const { send, create } = yield* setup({ readLag: "5 seconds" })
      const { id } = (yield* create()).json
      const source = (yield* send("POST", sources, model)).json.id
      const statuses = Effect.all([
        Effect.map(send("GET", `${connections}/${id}`), ({ status }) => status),
        Effect.map(send("GET", connections), ({ json }) => json.data.length),
        Effect.map(send("GET", `${sources}/${source}`), ({ status }) => status),
        Effect.map(send("GET", `${sources}?hasExternalId=false`), ({ json }) => json.data.length),
      ])
      expect(yield* statuses).toEqual([404, 0, 404, 1])
      yield* TestClock.adjust("5 seconds")
      expect(yield* statuses).toEqual([200, 1, 200, 2])
    }),
  )

  it.effect("that was set up without the API has a source that can be read", () =>
    Effect.gen(function* () {
      const { emulator, send } = yield* setup()
      const ids = yield* emulator.addSync({ name: "Users" })
      const { json } = yield* send("GET", `${connections}/${ids["connection"]}`)
      expect((yield* send("GET", `${sources}/${json.sourceId}`)).json).toMatchObject({ name: "Users", enabled: true })
      expect((yield* send("GET", sources)).json.data).toHaveLength(2)
    }),
  )
})

describe("sources", () => {
  it.effect("need exactly the config of their type", () =>
    Effect.gen(function* () {
      const { send } = yield* setup()
      const fieldsOf = (change: object) =>
        Effect.map(send("POST", sources, { ...model, ...change }), ({ json }) => Object.keys(json.details ?? {}).sort())
      expect(yield* fieldsOf({})).toEqual([])
      expect(yield* fieldsOf({ sourceType: "table" })).toEqual(["config.schema", "config.sql", "config.table"])
      expect(yield* fieldsOf({ sourceType: "table", sourceDefinitionName: "s3" })).toEqual([
        "config.bucketName",
        "config.primaryKey",
        "config.sql",
      ])
      expect(yield* fieldsOf({ config: { ...model.config, description: 7 } })).toEqual(["config.description"])
      const answer = yield* send("POST", sources, { extra: 1 })
      expect([answer.status, Object.keys(answer.json.details).sort()]).toEqual([
        400,
        ["accountId", "config", "enabled", "extra", "name", "sourceDefinitionName", "sourceType"],
      ])
    }),
  )

  it.effect("cannot be deleted while a connection uses them", () =>
    Effect.gen(function* () {
      const { send, create, connection } = yield* setup()
      const { id } = (yield* create()).json
      const refusal = yield* send("DELETE", `${sources}/${connection.sourceId}`)
      expect([refusal.status, refusal.json]).toEqual([400, { error: "source is connected to some destinations" }])
      yield* send("DELETE", `${connections}/${id}`)
      expect((yield* send("DELETE", `${sources}/${connection.sourceId}`)).status).toBe(204)
      expect((yield* create()).json).toEqual({ error: "source not found" })
    }),
  )

  it.effect("that were just created are not found by starts for ten seconds", () =>
    Effect.gen(function* () {
      const { send, create } = yield* setup()
      const sourceId = (yield* send("POST", sources, model)).json.id
      const { id } = (yield* create({ sourceId })).json
      const start = send("POST", `${connections}/${id}/start`, { syncType: "full" })
      const earlyStart = yield* start
      expect([earlyStart.status, earlyStart.json]).toEqual([404, { error: "source not found" }])
      yield* TestClock.adjust("10 seconds")
      expect((yield* start).status).toBe(200)
    }),
  )

  it.effect("have previews, which are pending at first", () =>
    Effect.gen(function* () {
      const { send } = yield* setup()
      const { id } = (yield* send("POST", `${sources}/preview`, { accountId: "a", sql: "SELECT 1", limit: 1 })).json
      expect((yield* send("GET", `${sources}/preview/${id}`)).json).toEqual({ status: "pending" })
      yield* TestClock.adjust("2 seconds")
      expect((yield* send("GET", `${sources}/preview/${id}`)).json.rows).toHaveLength(1)
      const refusal = yield* send("POST", `${sources}/preview`, { limit: 0 })
      expect(refusal.json.details).toMatchObject({ accountId: "Required", sql: "Required" })
      expect(Object.keys(refusal.json.details)).toContain("limit")
      expect((yield* send("GET", `${sources}/preview/nope`)).status).toBe(404)
    }),
  )
})

describe("operations", () => {
  it.effect("are distinguished by method and path", () =>
    Effect.gen(function* () {
      const { emulator, send, create } = yield* setup()
      const { id } = (yield* create()).json
      const source = (yield* send("POST", sources, model)).json.id
      const externalId = { externalId: "e" }
      yield* send("GET", connections)
      yield* send("GET", `${connections}/${id}`)
      yield* send("PUT", `${connections}/${id}`, { schedule: { type: "manual" } })
      yield* send("PUT", `${connections}/${id}/external-id`, externalId)
      yield* send("DELETE", `${connections}/${id}`)
      yield* send("GET", sources)
      yield* send("GET", `${sources}/${source}`)
      yield* send("PUT", `${sources}/${source}/external-id`, externalId)
      yield* send("DELETE", `${sources}/${source}`)
      yield* send("POST", `${sources}/preview`, { accountId: "a", sql: "SELECT 1" })
      yield* send("PATCH", `${sources}/${source}`, {})
      expect((yield* emulator.calls).map(({ operation, status }) => `${operation} ${status}`)).toEqual([
        "create 200",
        "changePart 200",
        "syncs 200",
        "sync 200",
        "update 200",
        "update 200",
        "delete 204",
        "parts 200",
        "parts 200",
        "changePart 200",
        "changePart 204",
        "parts 200",
        "other 404",
      ])
      yield* emulator.deny(["syncs", "parts"])
      expect((yield* send("GET", connections)).status).toBe(403)
      expect((yield* send("GET", sources)).status).toBe(403)
    }),
  )
})
