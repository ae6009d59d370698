import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as Fixtures from "./fixtures.ts"
import { nowhere, onEmulator } from "./onEmulator.ts"
import { clientOver, recording } from "./recordingTransport.ts"

describe("models", () => {
  it.effect("GET /models: reads a page of models", () =>
    Effect.gen(function* () {
      const { emulator, client, model } = yield* onEmulator()
      const { data } = yield* client.listModels()
      const [sync] = yield* emulator.syncs
      expect(data.map(({ id, name }) => [id, name])).toEqual([
        [sync?.parts["model"], "Customers"],
        [model, "Orders"],
      ])
    }),
  )

  it.effect("GET /models: streams all models, and reads only pages that are pulled", () =>
    Effect.gen(function* () {
      const { emulator, client } = yield* onEmulator({ switches: { listShape: "envelope" } })
      for (let count = 0; count < 3; count++) yield* emulator.addParts()
      const all = yield* Stream.runCollect(client.streamModels({ page_size: 2 }))
      expect(new Set(all.map(({ id }) => id)).size).toBe(5)
      expect(yield* emulator.calls).toHaveLength(6)
      yield* Stream.runDrain(client.streamModels({ page_size: 2 }).pipe(Stream.take(1)))
      expect(yield* emulator.calls).toHaveLength(7)
    }),
  )

  it.effect("GET /models: H6: refuses an invalid page, and sends nothing", () =>
    Effect.gen(function* () {
      const { emulator, client } = yield* onEmulator()
      expect(yield* Effect.flip(client.listModels({ page: 0, page_size: 101 }))).toMatchObject({
        operation: "listModels",
        delivery: "not-sent",
        reason: { _tag: "InvalidRequest", issues: [{ path: ["page"] }, { path: ["page_size"] }] },
      })
      expect(yield* emulator.calls).toHaveLength(0)
    }),
  )

  it.effect("GET /models/{modelId}: reads a model, and fails with NotFound for another", () =>
    Effect.gen(function* () {
      const { client, model } = yield* onEmulator()
      expect(yield* client.getModel(model)).toMatchObject({
        id: model,
        name: "Orders",
        columns: [{ name: "customer_id", type: "VARCHAR", nullable: false }, {}, {}, {}],
        selected_columns: null,
        primary_key_column: "customer_id",
      })
      expect(yield* Effect.flip(client.getModel(nowhere))).toMatchObject({
        delivery: "refused",
        reason: { _tag: "NotFound", what: "unknown" },
      })
    }),
  )

  it.effect("GET /models/{modelId}: fails with NotFound for a 400 that says so", () =>
    Effect.gen(function* () {
      const client = yield* clientOver(recording({ status: 400, body: { error: "model not found" } }))
      expect(yield* Effect.flip(client.getModel("m-1"))).toMatchObject({
        reason: { _tag: "NotFound", what: "unknown" },
      })
    }),
  )

  it.effect("GET /models/{modelId}: an id is enough", () =>
    Effect.gen(function* () {
      const odd = { id: "m-1", name: 7, columns: "all", sql_query: null, column_config: { a: [1] }, extra: true }
      const client = yield* clientOver(recording({ body: odd }))
      expect(yield* client.getModel("m-1")).toEqual({ id: "m-1", column_config: { a: [1] } })
      const idless = yield* clientOver(recording({ body: { name: "no id" } }))
      expect(yield* Effect.flip(idless.getModel("m-1"))).toMatchObject({
        reason: { _tag: "UnexpectedResponse", issues: [{ path: ["id"] }] },
      })
    }),
  )

  it.effect("GET /models: reads a bare array, an envelope and null", () =>
    Effect.gen(function* () {
      for (const body of [[Fixtures.model], { data: [Fixtures.model] }]) {
        expect((yield* (yield* clientOver(recording({ body }))).listModels()).data).toEqual([Fixtures.model])
      }
      expect(yield* (yield* clientOver(recording({ body: "null" }))).listModels()).toEqual({ data: [] })
    }),
  )
})
