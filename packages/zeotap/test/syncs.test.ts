import { describe, expect, it } from "@effect/vitest"
import type { RetlError } from "@openretl/core/RetlError"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { ZeotapClient } from "../src/ZeotapClient.ts"
import type * as SyncsApi from "../src/ZeotapSyncsApi.ts"
import * as Fixtures from "./fixtures.ts"
import { nowhere, onEmulator } from "./onEmulator.ts"
import { type Answer, clientOver, onTheWire, recording } from "./recordingTransport.ts"

const create: SyncsApi.CreateSyncRequest = {
  name: "Customers",
  model_id: "model-1",
  destination_id: "destination-1",
  field_mapping: [{ source_column: "email", destination_field: "Email" }],
  sync_mode: "upsert",
  primary_key: "customer_id",
}

/** A field that a caller leaves undefined. */
const blank: Record<string, undefined> = { description: undefined }

/** Calls the client, which receives one answer. */
const callWith = <A>(answer: Answer, call: (client: ZeotapClient) => Effect.Effect<A, RetlError>) =>
  Effect.flatMap(clientOver(recording(answer)), call)

/** Returns the paths of the problems with which a call is refused before anything is sent. */
const refusedUnsent = Effect.fnUntraced(function* (call: (client: ZeotapClient) => Effect.Effect<unknown, RetlError>) {
  const transport = recording({ body: {} })
  const failure = yield* Effect.flip(call(yield* clientOver(transport)))
  expect(transport.requests).toHaveLength(0)
  expect(failure.delivery).toBe("not-sent")
  return failure.reason._tag === "InvalidRequest" ? failure.reason.issues.map(({ path }) => path.join(".")) : []
})

describe("listing", () => {
  it.effect("GET /syncs: reads a page of syncs", () =>
    Effect.gen(function* () {
      const { emulator, client, sync } = yield* onEmulator({ switches: { listShape: "envelope" } })
      yield* emulator.addSync({ state: "paused" })
      const { data, pagination } = yield* client.listSyncs({ page: 1, page_size: 1 })
      expect(data).toEqual([yield* client.getSync(sync)])
      expect(pagination).toEqual({ page: 1, page_size: 1, total: 2 })
    }),
  )

  it.effect.each<[string, object, ReadonlyArray<string>]>([
    ["an envelope", { listShape: "envelope" }, ["1", "2", "3", "1", "2", "3"]],
    ["an array by page", { arrayPaging: "honored" }, ["1", "2", "3", "1", "2", "3"]],
    ["an array of all", { arrayPaging: "ignored", runsLength: "all" }, ["1"]],
  ])("GET /syncs: streams every sync once, from %s", ([, switches, pages]) =>
    Effect.gen(function* () {
      const { emulator, client } = yield* onEmulator({ switches })
      for (let count = 1; count < 25; count++) yield* emulator.addSync()
      const syncs = yield* Stream.runCollect(client.streamSyncs({ page_size: 10 }))
      expect(syncs.map(({ id }) => id)).toEqual((yield* emulator.syncs).map(({ ids }) => ids["sync"]))
      expect((yield* emulator.calls).map(({ query }) => query["page"])).toEqual(pages)
    }),
  )

  it.effect("GET /syncs: a stream of an array that may have been cut off fails after its last sync", () =>
    Effect.gen(function* () {
      const { emulator, client } = yield* onEmulator({ switches: { runsLength: "20" } })
      for (let count = 1; count < 25; count++) yield* emulator.addSync()
      const ids: Array<string> = []
      const failure = yield* Effect.flip(
        Stream.runForEach(client.streamSyncs(), ({ id }) => Effect.sync(() => void ids.push(id))),
      )
      expect(ids).toHaveLength(20)
      expect(failure).toMatchObject({ operation: "listSyncs", reason: { _tag: "UnexpectedResponse" } })
    }),
  )

  it.effect.each([0, 101])("GET /syncs: a stream refuses the page size %s, and sends nothing", (page_size) =>
    Effect.gen(function* () {
      const { emulator, client } = yield* onEmulator()
      expect(yield* Effect.flip(Stream.runDrain(client.streamSyncs({ page_size })))).toMatchObject({
        delivery: "not-sent",
        reason: { _tag: "InvalidRequest", issues: [{ path: ["page_size"] }] },
      })
      expect(yield* emulator.calls).toHaveLength(0)
    }),
  )
})

describe("creating", () => {
  it.effect("POST /syncs: creates a sync that can be read and triggered, and fires by its schedule", () =>
    Effect.gen(function* () {
      const { emulator, client, request } = yield* onEmulator({ switches: { createdStatus: "active" } })
      const all: SyncsApi.CreateSyncRequest = {
        ...request,
        description: "Orders of today",
        field_mapping: [{ source_column: "revenue", destination_field: "Annual_Revenue", type_cast: "number" }],
        sync_mode: "mirror",
        schedule: "0 */6 * * *",
        config: { batch: { size: 100 } },
      }
      const created = yield* client.createSync(all)
      const id = created.id ?? ""
      expect(created).toMatchObject({ ...all, status: "active" })
      expect(yield* client.getSync(id)).toEqual(created)
      expect((yield* emulator.syncs).at(-1)).toMatchObject({ ids: { sync: id }, callIndex: 0 })
      yield* client.triggerSync(id)
      yield* TestClock.adjust("10 hours")
      expect((yield* emulator.runsOf({ sync: id })).map(({ origin }) => origin)).toEqual([
        "call",
        "schedule",
        "schedule",
      ])
    }),
  )

  it.effect.each(["object", "id-only", "empty"] as const)(
    "POST /syncs: returns what an answer of the form %s shows",
    (form) =>
      Effect.gen(function* () {
        const { emulator, client, request } = yield* onEmulator({ switches: { createAnswer: form } })
        const created = yield* client.createSync(request)
        const id = (yield* emulator.syncs).at(-1)?.ids["sync"] ?? ""
        const whole = yield* client.getSync(id)
        expect(created).toEqual({ object: whole, "id-only": { id }, empty: {} }[form])
      }),
  )

  it.effect.each<[string, Answer, object]>([
    ["200", { status: 200, body: Fixtures.sync }, Fixtures.sync],
    ["201", { status: 201, body: Fixtures.sync }, Fixtures.sync],
    ["the sync in data", { status: 201, body: { data: Fixtures.sync } }, Fixtures.sync],
    ["an id in data", { status: 201, body: { data: { id: "s-1" } } }, { id: "s-1" }],
    ["an id beside data", { status: 201, body: { id: "s-1", data: [] } }, { id: "s-1" }],
    [
      "fields that are not what they should be",
      { status: 201, body: { id: "s-1", name: 7, config: [] } },
      { id: "s-1" },
    ],
    ["an id that is none", { status: 201, body: { id: 7, status: "draft" } }, { status: "draft" }],
    ["an empty object", { status: 201, body: {} }, {}],
    ["204", { status: 204, body: "" }, {}],
    ["blanks", { status: 201, body: " \n" }, {}],
  ])("POST /syncs: reads an answer of %s", ([, answer, expected]) =>
    Effect.gen(function* () {
      expect(yield* callWith(answer, (client) => client.createSync(create))).toEqual(expected)
    }),
  )

  it.effect.each<[string, Answer]>([
    ["a page", { status: 200, body: "<html></html>" }],
    ["a list", { status: 201, body: [Fixtures.sync] }],
    ["null", { status: 201, body: "null" }],
    ["a redirect", { status: 302, body: "" }],
  ])("POST /syncs: an answer of %s leaves open whether the sync was created", ([, answer]) =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(callWith(answer, (client) => client.createSync(create)))).toMatchObject({
        delivery: "unknown",
        reason: { _tag: "UnexpectedResponse" },
      })
    }),
  )

  it.effect("POST /syncs: sends the documented body once", () =>
    Effect.gen(function* () {
      const transport = recording({ status: 201, body: {} })
      yield* (yield* clientOver(transport)).createSync({ ...create, ...blank, schedule: "0 */6 * * *" })
      const [sent] = transport.requests.map(onTheWire)
      expect(sent).toMatchObject({ method: "POST", headers: { "content-type": "application/json" } })
      expect(sent?.url).toMatch(/\/workspaces\/[^/]+\/syncs$/)
      expect(JSON.parse(String(sent?.body))).toEqual({ ...create, schedule: "0 */6 * * *" })
    }),
  )

  it.effect("POST /syncs: H6: refuses an invalid request with every problem, and sends nothing", () =>
    Effect.gen(function* () {
      const wrong = {
        ...{ status: "active", surprise: 1 },
        ...create,
        name: "",
        destination_id: "",
        field_mapping: [],
        schedule: "0 0 6 * * *",
        primary_key: "",
      }
      expect((yield* refusedUnsent((client) => client.createSync(wrong))).sort()).toEqual([
        "destination_id",
        "field_mapping",
        "name",
        "primary_key",
        "schedule",
        "status",
        "surprise",
      ])
      const mapping = [
        { source_column: "", destination_field: "Email", ...{ transform: "trim" } },
        { source_column: "a", destination_field: "A", type_cast: "" },
      ]
      expect(
        (yield* refusedUnsent((client) => client.createSync({ ...create, field_mapping: mapping }))).sort(),
      ).toEqual(["field_mapping.0.source_column", "field_mapping.0.transform", "field_mapping.1.type_cast"])
    }),
  )

  it.effect("POST /syncs: a refused request fails with InvalidRequest, with the field that the vendor names", () =>
    Effect.gen(function* () {
      const { client, request } = yield* onEmulator()
      expect(yield* Effect.flip(client.createSync({ ...request, model_id: nowhere }))).toMatchObject({
        delivery: "refused",
        reason: { _tag: "InvalidRequest", issues: [{ path: ["model_id"], message: "model_id: model not found" }] },
      })
    }),
  )

  it.effect.each([
    ["allowed", undefined],
    ["400", "InvalidRequest"],
    ["409", "Conflict"],
  ] as const)("POST /syncs: a name that is taken, where the vendor answers %s", ([duplicateName, _tag]) =>
    Effect.gen(function* () {
      const { client, request } = yield* onEmulator({ switches: { duplicateName } })
      yield* client.createSync(request)
      const again = yield* Effect.result(client.createSync(request))
      expect(again).toMatchObject(
        _tag === undefined
          ? { _tag: "Success", success: { name: request.name } }
          : { _tag: "Failure", failure: { delivery: "refused", reason: { _tag } } },
      )
    }),
  )
})

describe("changing", () => {
  it.effect("PUT /syncs/{syncId}: changes the fields of the request alone, and pauses and resumes", () =>
    Effect.gen(function* () {
      const { client, request, emulator } = yield* onEmulator()
      const created = yield* client.createSync({ ...request, schedule: "0 6 * * *" })
      const id = created.id ?? ""
      expect(created.status).toBe("draft")
      yield* TestClock.adjust("1 minute")
      const updated = yield* client.updateSync(id, { schedule: "0 */12 * * *", status: "paused" })
      const updated_at = "2024-01-15T15:01:00Z"
      expect(updated).toEqual({ ...created, schedule: "0 */12 * * *", status: "paused", updated_at })
      expect((yield* client.updateSync(id, { status: "active", name: "Renamed" })).name).toBe("Renamed")
      expect((yield* emulator.syncs).at(-1)).toMatchObject({ state: "enabled", name: "Renamed" })
    }),
  )

  it.effect.each(["object", "id-only", "empty"] as const)(
    "PUT /syncs/{syncId}: returns what an answer of the form %s shows",
    (updateAnswer) =>
      Effect.gen(function* () {
        const { client, sync } = yield* onEmulator({ switches: { updateAnswer } })
        const answer = yield* client.updateSync(sync, { description: "New" })
        const whole = yield* client.getSync(sync)
        expect(whole.description).toBe("New")
        expect(answer).toEqual({ object: whole, "id-only": { id: sync }, empty: {} }[updateAnswer])
      }),
  )

  it.effect.each<["either" | "empty/ignored" | "empty/400" | "null/ignored" | "null/400", "" | null, string]>([
    ["either", "", "cleared"],
    ["either", null, "cleared"],
    ["empty/ignored", "", "cleared"],
    ["empty/ignored", null, "kept"],
    ["empty/400", "", "cleared"],
    ["empty/400", null, "refused"],
    ["null/ignored", "", "kept"],
    ["null/ignored", null, "cleared"],
    ["null/400", "", "refused"],
    ["null/400", null, "cleared"],
  ])("PUT /syncs/{syncId}: where %s removes a schedule, %j: %s", ([scheduleClear, schedule, expected]) =>
    Effect.gen(function* () {
      const { client, request } = yield* onEmulator({ switches: { scheduleClear } })
      const { id = "" } = yield* client.createSync({ ...request, schedule: "0 6 * * *" })
      const result = yield* Effect.result(client.updateSync(id, { schedule }))
      expect({ schedule: (yield* client.getSync(id)).schedule, tag: result._tag }).toEqual({
        schedule: expected === "cleared" ? undefined : "0 6 * * *",
        tag: expected === "refused" ? "Failure" : "Success",
      })
    }),
  )

  it.effect("PUT /syncs/{syncId}: H6: refuses an invalid request with every problem, and one without a field", () =>
    Effect.gen(function* () {
      const wrong: SyncsApi.UpdateSyncRequest = {
        ...{ id: "other" },
        name: "",
        schedule: "@daily",
        field_mapping: [],
      }
      expect((yield* refusedUnsent((client) => client.updateSync("s-1", wrong))).sort()).toEqual([
        "field_mapping",
        "id",
        "name",
        "schedule",
      ])
      expect(yield* refusedUnsent((client) => client.updateSync("s-1", {}))).toEqual([""])
      expect(yield* refusedUnsent((client) => client.updateSync("s-1", { ...blank }))).toEqual([""])
    }),
  )

  it.effect("PUT /syncs/{syncId}: a refused request fails with InvalidRequest, and changes nothing", () =>
    Effect.gen(function* () {
      const { client, sync } = yield* onEmulator()
      const before = yield* client.getSync(sync)
      const failure = yield* Effect.flip(client.updateSync(sync, { name: "Renamed", destination_id: nowhere }))
      expect(failure).toMatchObject({ reason: { _tag: "InvalidRequest", issues: [{ path: ["destination_id"] }] } })
      expect(yield* client.getSync(sync)).toEqual(before)
    }),
  )
})

describe("deleting", () => {
  it.effect.each(["200", "204"] as const)(
    "DELETE /syncs/{syncId}: deletes the sync and its runs, where the answer is a %s; a second delete fails with NotFound",
    (deleteAnswer) =>
      Effect.gen(function* () {
        const { emulator, client, sync } = yield* onEmulator({ switches: { deleteAnswer } })
        const { id } = yield* client.triggerSync(sync)
        expect(yield* client.deleteSync(sync)).toBeUndefined()
        expect(yield* emulator.syncs).toEqual([])
        for (const call of [client.deleteSync(sync), client.getSync(sync), client.getRun(sync, id)]) {
          expect(yield* Effect.flip<unknown, unknown, never>(call)).toMatchObject({
            reason: { _tag: "NotFound", what: "sync" },
          })
        }
      }),
  )

  it.effect.each([
    [400, "InvalidRequest", "refused"],
    [401, "Unauthenticated", "refused"],
    [403, "PermissionDenied", "refused"],
    [409, "Conflict", "refused"],
    [500, "Unavailable", "unknown"],
  ] as const)("DELETE /syncs/{syncId}: a %s fails with %s, with delivery %s", ([status, _tag, delivery]) =>
    Effect.gen(function* () {
      const answer = { status, body: { error: "no" } }
      expect(yield* Effect.flip(callWith(answer, (client) => client.deleteSync("s-1")))).toMatchObject({
        delivery,
        reason: { _tag },
      })
    }),
  )
})

describe("a mapping that is read", () => {
  it.effect("GET /syncs/{syncId}: keeps undocumented keys, and a malformed mapping spoils no sync", () =>
    Effect.gen(function* () {
      const odd = { source_column: "email", destination_field: "Email", transform: { kind: "trim" } }
      const read = (field_mapping: unknown) =>
        Effect.map(
          callWith({ body: { ...Fixtures.sync, field_mapping } }, (client) => client.getSync(Fixtures.syncId)),
          (sync) => sync.field_mapping,
        )
      expect(yield* read([odd])).toEqual([odd])
      expect(yield* read([{ ...odd, type_cast: null, source_column: 7 }])).toEqual([
        { destination_field: "Email", transform: { kind: "trim" } },
      ])
      for (const malformed of [null, {}, "email", [7], [null]]) expect(yield* read(malformed)).toBeUndefined()
    }),
  )
})
