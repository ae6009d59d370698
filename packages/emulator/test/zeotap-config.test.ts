import { describe, expect, it } from "@effect/vitest"
import { ZeotapEmulator } from "@openretl/emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { sendTo } from "./client.ts"

const setup = (options: ZeotapEmulator.Options = {}) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.UTC(2024, 0, 15, 15, 0, 0))
    const emulator = yield* ZeotapEmulator.make(options)
    const { model: model_id, destination: destination_id } = yield* emulator.addParts("Orders")
    const root = `/api/v1/workspaces/${emulator.workspace.id}`
    const body = {
      name: "Orders",
      model_id,
      destination_id,
      field_mapping: [{ source_column: "email", destination_field: "Email" }],
      sync_mode: "upsert",
      primary_key: "id",
    }
    const call = (method: "GET" | "POST" | "PUT" | "DELETE", path: string, requestBody?: unknown) =>
      sendTo(emulator, method, `${root}${path}`, requestBody === undefined ? {} : { body: requestBody })
    const create = (extra: object = {}) => call("POST", "/syncs", { ...body, ...extra })
    return { emulator, root, body, call, create }
  })

describe("a create", () => {
  it.effect("is answered with 201 and the sync, a draft with all fields of the body", () =>
    Effect.gen(function* () {
      const { emulator, body, call, create } = yield* setup()
      const answer = yield* create({ schedule: "0 6 * * *" })
      expect(answer.status).toBe(201)
      expect(answer.json).toEqual({
        ...body,
        id: expect.any(String),
        workspace_id: emulator.workspace.id,
        description: "",
        config: {},
        schedule: "0 6 * * *",
        status: "draft",
        status_error: "",
        created_by: expect.any(String),
        created_at: "2024-01-15T15:00:00Z",
        updated_at: "2024-01-15T15:00:00Z",
        last_synced_at: null,
        last_run_id: null,
      })
      expect((yield* call("GET", `/syncs/${answer.json.id}`)).json).toEqual(answer.json)
      expect((yield* call("GET", "/syncs")).json).toEqual([answer.json])
      expect(yield* emulator.syncs).toEqual([
        {
          ids: { sync: answer.json.id },
          parts: { model: body.model_id, destination: body.destination_id },
          name: "Orders",
          state: "draft",
          schedule: "0 6 * * *",
          nextFire: Date.UTC(2024, 0, 16, 6),
          callIndex: 0,
        },
      ])
    }),
  )

  it.effect.each<[object, string]>([
    [{ name: "" }, "name is required"],
    [{ name: 7 }, "name must not be empty"],
    [{ model_id: undefined }, "model_id is required"],
    [{ model_id: "nope" }, "model_id: model not found"],
    [{ destination_id: "nope" }, "destination_id: destination not found"],
    [{ field_mapping: [] }, "field_mapping must have at least one entry"],
    [{ field_mapping: [{ source_column: "email" }] }, "field_mapping entries need source_column and destination_field"],
    [{ sync_mode: "append" }, "unsupported sync_mode"],
    [{ primary_key: undefined }, "primary_key is required"],
    [{ schedule: "every day" }, "invalid schedule: expected a cron expression"],
    [{ schedule: "0 0 6 * * *" }, "invalid schedule: expected a cron expression"],
    [{ schedule: 6 }, "invalid schedule: expected a cron expression"],
    [{ config: [] }, "config must be an object"],
    [{ description: 1 }, "description must be a string"],
  ])("with %j is refused, because %s", ([extra, error]) =>
    Effect.gen(function* () {
      const { emulator, create } = yield* setup()
      const answer = yield* create(extra)
      expect([answer.status, answer.json]).toEqual([400, { error }])
      expect(yield* emulator.syncs).toEqual([])
    }),
  )

  it.effect.each(["", "[]", "{", '"text"'])("with the body %j, which is not a JSON object, is refused", (raw) =>
    Effect.gen(function* () {
      const { emulator, root } = yield* setup()
      const answer = yield* sendTo(emulator, "POST", `${root}/syncs`, { raw })
      expect(answer.json).toEqual({ error: "invalid request body" })
    }),
  )

  it.effect("is not shown by reads that lag, but its sync can be triggered", () =>
    Effect.gen(function* () {
      const { emulator, call, create } = yield* setup({ readLag: "10 seconds", switches: { createdStatus: "active" } })
      const { id } = (yield* create()).json
      expect((yield* call("GET", `/syncs/${id}`)).status).toBe(404)
      expect((yield* call("GET", "/syncs")).json).toEqual([])
      expect((yield* call("POST", `/syncs/${id}/trigger`)).status).toBe(201)
      yield* TestClock.adjust("10 seconds")
      expect((yield* call("GET", `/syncs/${id}`)).status).toBe(200)
      expect((yield* call("GET", "/syncs")).json).toHaveLength(1)
      expect((yield* emulator.calls).map(({ operation }) => operation)).toEqual([
        "create",
        "sync",
        "syncs",
        "start",
        "sync",
        "syncs",
      ])
    }),
  )
})

describe("a created sync", () => {
  it.effect("fires by its schedule only while it is active", () =>
    Effect.gen(function* () {
      const { emulator, call, create } = yield* setup()
      const { id } = (yield* create({ schedule: "0 * * * *" })).json
      const runCount = Effect.map(emulator.runsOf({ sync: id }), (runs) => runs.length)
      yield* TestClock.adjust("150 minutes")
      expect(yield* runCount).toBe(0)
      yield* call("PUT", `/syncs/${id}`, { status: "active" })
      yield* TestClock.adjust("2 hours")
      expect(yield* runCount).toBe(2)
      yield* call("PUT", `/syncs/${id}`, { status: "paused" })
      yield* TestClock.adjust("2 hours")
      expect(yield* runCount).toBe(2)
      yield* call("PUT", `/syncs/${id}`, { status: "active", schedule: "*/30 * * * *" })
      yield* TestClock.adjust("2 hours")
      expect(yield* runCount).toBe(6)
      yield* call("PUT", `/syncs/${id}`, { schedule: "" })
      yield* TestClock.adjust("1 day")
      expect(yield* runCount).toBe(6)
      expect((yield* call("DELETE", `/syncs/${id}`)).json).toEqual({ status: "deleted" })
      for (const path of [`/syncs/${id}`, `/syncs/${id}/runs`]) {
        expect((yield* call("GET", path)).json).toEqual({ error: "sync not found" })
      }
    }),
  )

  it.effect("keeps the fields that an update leaves out, and accepts another model and destination", () =>
    Effect.gen(function* () {
      const { emulator, call, create } = yield* setup()
      const created = (yield* create({ schedule: "0 6 * * *", config: { a: 1 } })).json
      const otherParts = yield* emulator.addParts("Others")
      yield* TestClock.adjust("1 minute")
      const change = { model_id: otherParts["model"], destination_id: otherParts["destination"], description: "new" }
      const answer = yield* call("PUT", `/syncs/${created.id}`, change)
      expect(answer.json).toEqual({ ...created, ...change, updated_at: "2024-01-15T15:01:00Z" })
      expect(yield* emulator.syncs).toMatchObject([{ parts: otherParts }])
    }),
  )

  it.effect.each<[object, string]>([
    [{ name: "" }, "name must not be empty"],
    [{ status: "draft" }, "unsupported status"],
    [{ sync_mode: "append" }, "unsupported sync_mode"],
    [{ schedule: "nope" }, "invalid schedule: expected a cron expression"],
    [{ model_id: "nope" }, "model_id: model not found"],
    [{ field_mapping: {} }, "field_mapping must have at least one entry"],
  ])("stays unchanged by an update with %j, because %s", ([change, error]) =>
    Effect.gen(function* () {
      const { call, create } = yield* setup()
      const created = (yield* create()).json
      const answer = yield* call("PUT", `/syncs/${created.id}`, { description: "new", ...change })
      expect([answer.status, answer.json]).toEqual([400, { error }])
      expect((yield* call("GET", `/syncs/${created.id}`)).json).toEqual(created)
    }),
  )

  it.effect.each(["PUT", "DELETE"] as const)(
    "%s of a sync that does not exist is answered as `unknownSync` says",
    (method) =>
      Effect.gen(function* () {
        const { call } = yield* setup({ switches: { unknownSync: "400" } })
        const answer = yield* call(method, "/syncs/nope", {})
        expect([answer.status, answer.json]).toEqual([400, { error: "sync not found" }])
      }),
  )

  it.effect("may not take another sync's name where names must differ, but may keep its name", () =>
    Effect.gen(function* () {
      const { emulator, call, create } = yield* setup({ switches: { duplicateName: "409" } })
      const { id } = (yield* create()).json
      expect((yield* create()).status).toBe(409)
      expect((yield* call("PUT", `/syncs/${id}`, { name: "Orders" })).status).toBe(200)
      yield* create({ name: "Other" })
      expect((yield* call("PUT", `/syncs/${id}`, { name: "Other" })).json).toEqual({
        error: "a sync with this name already exists",
      })
      expect((yield* emulator.syncs).map(({ name }) => name)).toEqual(["Orders", "Other"])
    }),
  )
})

describe("a sync that was set up without the API", () => {
  it.effect("is shown by all reads, with its model and destination", () =>
    Effect.gen(function* () {
      const { emulator, call } = yield* setup()
      const { sync } = yield* emulator.addSync({ name: "Customers", schedule: { cron: "0 6 * * 1" }, state: "paused" })
      const { json } = yield* call("GET", `/syncs/${sync}`)
      expect(json).toMatchObject({ name: "Customers", schedule: "0 6 * * 1", status: "paused" })
      expect((yield* call("GET", "/syncs")).json).toEqual([json])
      for (const [kind, id] of [
        ["models", json.model_id],
        ["destinations", json.destination_id],
      ]) {
        const part = yield* call("GET", `/${kind}/${id}`)
        expect(part.json).toMatchObject({ id, name: "Customers" })
        expect((yield* call("GET", `/${kind}`)).json).toContainEqual(part.json)
      }
      expect((yield* call("GET", "/insights/sync-health")).json).toMatchObject({
        total_syncs: 1,
        paused_syncs: 1,
        syncs: [{ sync_id: sync, status: "paused", last_run_at: null, total_runs: 0 }],
      })
    }),
  )

  it.effect("can share its parts with a created one", () =>
    Effect.gen(function* () {
      const { emulator, create } = yield* setup()
      const parts = yield* emulator.addParts()
      yield* emulator.addSync({ parts })
      const model_id = parts["model"]
      expect((yield* create({ model_id })).json).toMatchObject({ model_id })
      expect((yield* emulator.syncs).map((sync) => sync.parts["model"])).toEqual([model_id, model_id])
    }),
  )
})

describe("paths", () => {
  it.effect("that are not documented are not found", () =>
    Effect.gen(function* () {
      const { call, create } = yield* setup()
      const { id } = (yield* create()).json
      for (const [method, path] of [
        ["POST", `/syncs/${id}`],
        ["DELETE", "/syncs"],
        ["POST", `/syncs/${id}/runs`],
        ["GET", `/syncs/${id}/trigger`],
        ["POST", "/models"],
        ["DELETE", "/destinations/x"],
        ["GET", "/insights/summary"],
        ["GET", "/insights"],
        ["GET", "/"],
        ["GET", `/syncs/${id}/runs/a/b`],
      ] as const) {
        const answer = yield* call(method, path)
        expect([path, answer.status, answer.json]).toEqual([path, 404, { error: "not found" }])
      }
    }),
  )

  it.effect("of parts that do not exist are not found", () =>
    Effect.gen(function* () {
      const { call } = yield* setup()
      expect((yield* call("GET", "/models/nope")).json).toEqual({ error: "model not found" })
      expect((yield* call("GET", "/destinations/nope")).json).toEqual({ error: "destination not found" })
    }),
  )

  it.effect.each(["0", "-1", "many"])("of figures refuse days=%s", (days) =>
    Effect.gen(function* () {
      const { call } = yield* setup()
      expect((yield* call("GET", `/insights/sync-health?days=${days}`)).status).toBe(400)
    }),
  )
})

describe("limits", () => {
  it.effect("B1: all operations share 20 requests a second", () =>
    Effect.gen(function* () {
      const { emulator, call, create } = yield* setup()
      const paths = ["/syncs", "/models", "/destinations", "/insights/sync-health", ""]
      for (let count = 0; count < 19; count++) {
        expect((yield* call("GET", paths[count % paths.length] ?? "")).status).toBe(200)
      }
      expect((yield* create()).status).toBe(201)
      expect((yield* create()).status).toBe(429)
      expect((yield* call("DELETE", "/syncs/nope")).status).toBe(429)
      expect(yield* emulator.overLimit).toBe(2)
      expect(yield* emulator.syncs).toHaveLength(1)
    }),
  )

  it.effect("a permission can be denied by operation", () =>
    Effect.gen(function* () {
      const { emulator, call, create } = yield* setup()
      yield* emulator.deny(["create", "parts", "insights"])
      for (const answer of [
        yield* create(),
        yield* call("GET", "/models"),
        yield* call("GET", "/insights/sync-health"),
      ]) {
        expect(answer.status).toBe(403)
      }
      expect((yield* call("GET", "/syncs")).status).toBe(200)
    }),
  )
})

describe("faults", () => {
  it.effect("a create whose answer is lost has happened only if the fault commits", () =>
    Effect.gen(function* () {
      const { emulator, create } = yield* setup()
      yield* emulator.addFaults({ kind: "lost", operation: "create", commits: false })
      yield* Effect.flip(create())
      expect(yield* emulator.syncs).toHaveLength(0)
      yield* emulator.addFaults({ kind: "lost", operation: "create", commits: true })
      yield* Effect.flip(create())
      expect(yield* emulator.syncs).toHaveLength(1)
    }),
  )
})
