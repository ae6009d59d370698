import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Api from "../src/SegmentModelsApi.ts"
import { emulated, pathsOf, withParts } from "./emulated.ts"
import { client, onTheWire, recording } from "./recordingTransport.ts"
import { roundTrip } from "./roundTrip.ts"

/** The example of the official SDKs 73.2.0 (2026-08). */
const example = {
  sourceId: "qQEHquLrjRDN9j1ByrChyn",
  name: "Model 1",
  description: "This model is very useful.",
  enabled: true,
  query: "SELECT 'user_1' AS id",
  queryIdentifierColumn: "id",
}

describe("models over the emulator", () => {
  it.effect("POST /reverse-etl-models: creates a model, which can be read", () =>
    Effect.gen(function* () {
      const { api, source } = yield* withParts()
      const created = yield* api.createModel({ ...example, sourceId: source })
      expect(created).toEqual({ ...example, sourceId: source, id: expect.any(String) })
      expect(yield* api.getModel(created.id)).toEqual(created)
      const failure = yield* Effect.flip(api.createModel(example))
      expect(failure.reason).toMatchObject({ _tag: "NotFound", what: "unknown" })
    }),
  )

  it.effect("GET /reverse-etl-models: lists models, and streams them as they are pulled", () =>
    Effect.gen(function* () {
      const { emulator, api } = yield* emulated()
      const added: Array<string> = []
      for (let count = 0; count < 5; count++) added.push((yield* emulator.addParts())["model"] ?? "")
      const page = yield* api.listModels()
      expect(page.models.map(({ id }) => id)).toEqual(added)
      expect(page.pagination).toEqual({ totalEntries: 5 })
      yield* emulator.clearCalls
      const all = api.streamModels({ count: 2 })
      expect(yield* emulator.calls).toHaveLength(0)
      expect(yield* Stream.runCollect(Stream.take(all, 1))).toHaveLength(1)
      expect(yield* emulator.calls).toHaveLength(1)
      expect((yield* Stream.runCollect(all)).map(({ id }) => id)).toEqual(added)
      expect((yield* emulator.calls).slice(1).map(({ query }) => query)).toEqual([
        { "pagination.count": "2" },
        { "pagination.count": "2", "pagination.cursor": "Mg==" },
        { "pagination.count": "2", "pagination.cursor": "NA==" },
        { "pagination.count": "2" },
        { "pagination.count": "2", "pagination.cursor": "Mg==" },
        { "pagination.count": "2", "pagination.cursor": "NA==" },
      ])
    }),
  )

  it.effect("GET /reverse-etl-models/{modelId}: reads a model, and fails with NotFound for an unknown id", () =>
    Effect.gen(function* () {
      const { api, source, model } = yield* withParts()
      expect(yield* api.getModel(model)).toMatchObject({ id: model, sourceId: source, enabled: true })
      const failure = yield* Effect.flip(api.getModel("nope"))
      expect(failure).toMatchObject({ operation: "getModel", reason: { _tag: "NotFound", what: "unknown" } })
    }),
  )

  it.effect("PATCH /reverse-etl-models/{modelId}: changes the passed fields and no others", () =>
    Effect.gen(function* () {
      const { api, model } = yield* withParts()
      const before = yield* api.getModel(model)
      // The example of the official SDKs 73.2.0 (2026-08).
      const changes = { name: "My Updated Model", query: "SELECT 'user_2' AS id" }
      expect(yield* api.updateModel(model, changes)).toEqual({ ...before, ...changes })
      expect(yield* api.updateModel(model, { enabled: false })).toEqual({ ...before, ...changes, enabled: false })
      const failure = yield* Effect.flip(api.updateModel("nope", changes))
      expect(failure.reason).toMatchObject({ _tag: "NotFound", what: "unknown" })
    }),
  )

  it.effect("DELETE /reverse-etl-models/{modelId}: deletes a model, once", () =>
    Effect.gen(function* () {
      const { api, model } = yield* withParts()
      expect(yield* api.deleteModel(model)).toBeUndefined()
      expect((yield* Effect.flip(api.getModel(model))).reason._tag).toBe("NotFound")
      expect((yield* Effect.flip(api.deleteModel(model))).reason._tag).toBe("NotFound")
    }),
  )

  it.effect("a refused deletion fails with Conflict, and the model remains", () =>
    Effect.gen(function* () {
      const { emulator, api } = yield* emulated({ switches: { modelWithSubscriptions: "refused" } })
      const { model = "" } = yield* emulator.addSync()
      expect((yield* Effect.flip(api.deleteModel(model))).reason._tag).toBe("Conflict")
      expect((yield* api.getModel(model)).id).toBe(model)
    }),
  )
})

describe("H6: an invalid request is refused with all its problems, and nothing is sent", () => {
  it.effect("a creation", () =>
    Effect.gen(function* () {
      const transport = recording({ body: {} })
      const api = yield* client(transport)
      const request = {
        ...example,
        sourceId: "",
        query: "x".repeat(65_536),
        queryIdentifierColumn: "c".repeat(192),
        scheduleStrategy: "MANUAL",
      }
      const failure = yield* Effect.flip(api.createModel(request))
      expect(failure.delivery).toBe("not-sent")
      expect(pathsOf(failure)).toEqual(["query", "queryIdentifierColumn", "scheduleStrategy", "sourceId"])
      expect(failure.message).toContain("at most 65535 characters (Segment docs")
      expect(transport.requests).toHaveLength(0)
    }),
  )

  it.effect("changes and lists", () =>
    Effect.gen(function* () {
      const transport = recording({ body: {} })
      const api = yield* client(transport)
      const failure = yield* Effect.flip(api.updateModel("m", { query: "x".repeat(65_536), ...{ sourceId: "s" } }))
      expect(pathsOf(failure)).toEqual(["query", "sourceId"])
      expect(pathsOf(yield* Effect.flip(api.listModels({ count: 1_001, cursor: "" })))).toEqual(["count", "cursor"])
      expect(pathsOf(yield* Effect.flip(Stream.runCollect(api.streamModels({ count: 0 }))))).toEqual(["count"])
      expect(transport.requests).toHaveLength(0)
    }),
  )
})

describe("on the wire", () => {
  it.effect("a list sends its count and its cursor with a dot", () =>
    Effect.gen(function* () {
      const transport = recording({ body: { data: { models: [], pagination: { current: "MA==" } } } })
      const api = yield* client(transport)
      yield* api.listModels()
      // As in the Pagination page of the docs, but for the count.
      yield* api.listModels({ count: 10, cursor: "Mw==" })
      const root = "https://api.segmentapis.com/reverse-etl-models"
      expect(transport.requests.map((request) => onTheWire(request).url)).toEqual([
        `${root}?pagination.count=200`,
        `${root}?pagination.count=10&pagination.cursor=Mw%3D%3D`,
      ])
    }),
  )

  it.effect("a field that does not fit hides no other; a model without its ids fails with UnexpectedResponse", () =>
    Effect.gen(function* () {
      const read = (reverseEtlModel: unknown) =>
        Effect.flatMap(client(recording({ body: { data: { reverseEtlModel } } })), (api) => api.getModel("m"))
      expect(
        yield* read({
          id: "m",
          sourceId: "s",
          name: 7,
          description: null,
          enabled: "yes",
          query: "SELECT 1",
          more: {},
        }),
      ).toEqual({ id: "m", sourceId: "s", query: "SELECT 1", unreadKeys: ["name", "enabled"] })
      const failure = yield* Effect.flip(read({ name: "x" }))
      expect(failure.reason._tag).toBe("UnexpectedResponse")
      expect(pathsOf(failure)).toEqual(["data.reverseEtlModel.id"])
    }),
  )

  it.effect("a full page without pagination ends a stream in an error", () =>
    Effect.gen(function* () {
      const models = [{ id: "m", sourceId: "s" }]
      const transport = recording({ body: { data: { models } } })
      const api = yield* client(transport)
      expect(yield* Stream.runCollect(api.streamModels())).toHaveLength(1)
      const failure = yield* Effect.flip(Stream.runCollect(api.streamModels({ count: 1 })))
      expect(failure).toMatchObject({ operation: "streamModels", reason: { _tag: "UnexpectedResponse" } })
    }),
  )

  it.effect.each([{}, "", { data: { status: "QUEUED" } }, "<html></html>"])(
    "a deletion that is answered with %j may have happened",
    (body) =>
      Effect.gen(function* () {
        const failure = yield* Effect.flip((yield* client(recording({ body }))).deleteModel("m"))
        expect(failure).toMatchObject({ delivery: "unknown", reason: { _tag: "UnexpectedResponse" } })
      }),
  )
})

describe("requests survive a round trip", () => {
  it.effect.prop("a creation", { request: Arbitrary.schema(Api.CreateModelRequest) }, ({ request }) =>
    roundTrip(Api.CreateModelRequest, request),
  )

  it.effect.prop("a change", { request: Arbitrary.schema(Api.UpdateModelRequest) }, ({ request }) =>
    roundTrip(Api.UpdateModelRequest, request),
  )
})
