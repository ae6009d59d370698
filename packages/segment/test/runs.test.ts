import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { emulated, withParts } from "./emulated.ts"
import { client, recording } from "./recordingTransport.ts"

const withSync = Effect.fnUntraced(function* (options = {}) {
  const { emulator, api } = yield* emulated(options)
  const ids = yield* emulator.addSync()
  const { source = "", model = "", subscription = "" } = ids
  const start = api.createManualSync({ sourceId: source, modelId: model, subscriptionId: subscription })
  return { emulator, api, ids, source, model, subscription, start }
})

describe("runs over the emulator", () => {
  it.effect("GET /: names the workspace of the token", () =>
    Effect.gen(function* () {
      const { emulator, api } = yield* emulated()
      expect(yield* api.getWorkspace).toMatchObject(emulator.workspace)
    }),
  )

  it.effect("POST /reverse-etl-syncs: starts a run of a mapping, and fails with NotFound for an unknown one", () =>
    Effect.gen(function* () {
      const { emulator, api, ids, source, model, start } = yield* withSync()
      const { syncId, startedAt } = yield* start
      expect(startedAt).toBe("2026-08-20T16:00:00.000Z")
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ id: syncId, origin: "call" }])
      const unknownSync = api.createManualSync({ sourceId: source, modelId: model, subscriptionId: "nope" })
      expect((yield* Effect.flip(unknownSync)).reason).toMatchObject({ _tag: "NotFound", what: "sync" })
    }),
  )

  it.effect(
    "GET /reverse-etl-models/{modelId}/syncs/{syncId}: reads a run, and fails with NotFound for an unknown id",
    () =>
      Effect.gen(function* () {
        const { api, source, model, start } = yield* withSync()
        const { syncId } = yield* start
        yield* TestClock.adjust("1 hour")
        expect(yield* api.getSyncStatus(model, syncId)).toMatchObject({
          syncId,
          modelId: model,
          sourceId: source,
          syncStatus: "SUCCESS",
        })
        const failure = yield* Effect.flip(api.getSyncStatus(model, "1"))
        expect(failure.reason).toMatchObject({ _tag: "NotFound", what: "run" })
      }),
  )

  it.effect(
    "GET /reverse-etl-models/{modelId}/subscriptionId/{subscriptionId}/syncs: lists runs, and streams them as they are pulled",
    () =>
      Effect.gen(function* () {
        const { emulator, api, ids, model, subscription } = yield* withSync()
        for (let count = 0; count < 5; count++) {
          yield* emulator.triggerAsStranger(ids)
          yield* TestClock.adjust("1 hour")
        }
        const first = yield* api.listSyncStatuses(model, subscription, { count: 2 })
        expect(first.syncStatuses).toHaveLength(2)
        yield* emulator.clearCalls
        const all = api.streamSyncStatuses(model, subscription, { count: 2 })
        expect(yield* emulator.calls).toHaveLength(0)
        expect(yield* Stream.runCollect(Stream.take(all, 2))).toEqual(first.syncStatuses)
        expect(yield* emulator.calls).toHaveLength(1)
        const truth = yield* emulator.runsOf(ids)
        const listed = yield* Stream.runCollect(all)
        expect(listed.map(({ syncId }) => syncId)).toEqual(truth.map(({ id }) => id).reverse())
        // Three pages, twice, after the first one.
        expect(yield* emulator.calls).toHaveLength(1 + 2 * 3)
        const failure = yield* Effect.flip(api.listSyncStatuses(model, "nope"))
        expect(failure.reason).toMatchObject({ _tag: "NotFound", what: "sync" })
      }),
  )

  it.effect("a stream of runs fails at a full page without pagination", () =>
    Effect.gen(function* () {
      const { emulator, api, ids, model, subscription } = yield* withSync({ switches: { listPagination: "absent" } })
      for (let count = 0; count < 3; count++) {
        yield* emulator.triggerAsStranger(ids)
        yield* TestClock.adjust("1 hour")
      }
      const all = (count: number) => Stream.runCollect(api.streamSyncStatuses(model, subscription, { count }))
      expect(yield* all(4)).toHaveLength(3)
      const failure = yield* Effect.flip(all(3))
      expect(failure).toMatchObject({ operation: "streamSyncStatuses", reason: { _tag: "UnexpectedResponse" } })
    }),
  )

  it.effect(
    "POST /reverse-etl-models/{modelId}/syncs/{syncId}/cancel: stops a run, and returns an error for one that is over",
    () =>
      Effect.gen(function* () {
        const { emulator, api, ids, model, start } = yield* withSync()
        yield* emulator.script(ids, [{ ends: "never" }])
        const { syncId } = yield* start
        expect((yield* api.cancelSync(model, syncId, { reasonForCanceling: 4 })).status).toBe("CANCELLING")
        yield* TestClock.adjust("10 seconds")
        expect((yield* api.cancelSync(model, syncId)).errorCode).toBe("SyncAlreadyCanceled")
        const failure = yield* Effect.flip(api.cancelSync(model, "1"))
        expect(failure.reason).toMatchObject({ _tag: "NotFound", what: "run" })
      }),
  )
})

describe("media types", () => {
  it.effect.each(["406", "404", "answered"] as const)(
    "every request is accepted by an API that answers other media types with %s",
    (acceptV1) =>
      Effect.gen(function* () {
        const { api, source, model, destination, action } = yield* withParts({ switches: { acceptV1 } })
        const subscription = { name: "s", actionId: action, trigger: 'event = "new"', enabled: true, modelId: model }
        const { id } = yield* api.createSubscription(destination, subscription)
        yield* api.createManualSync({ sourceId: source, modelId: model, subscriptionId: id })
        yield* api.updateModel(model, { name: "m" })
        yield* api.updateDestination(destination, { name: "d" })
        yield* api.getDeliveryMetrics(destination, { sourceId: source })
        yield* api.deleteSubscription(destination, id)
        expect((yield* api.listDestinations()).destinations.map(({ name }) => name)).toEqual(["d"])
      }),
  )

  it.effect("a request names the endpoint's media type, and then plain JSON", () =>
    Effect.gen(function* () {
      const transport = recording({ body: { data: { status: "SUCCESS" } } })
      const api = yield* client(transport)
      yield* api.deleteModel("m")
      yield* api.deleteDestination("d")
      yield* api.deleteSubscription("d", "s")
      yield* Effect.flip(api.getDeliveryMetrics("d", { sourceId: "s" }))
      yield* Effect.flip(api.updateDestination("d", {}))
      const type = (version: string) => `application/vnd.segment.${version}+json`
      expect(transport.requests.map(({ headers }) => [headers["accept"], headers["content-type"]])).toEqual([
        [`${type("v1alpha")}, application/json`, undefined],
        [`${type("v1")}, application/json`, undefined],
        [`${type("v1alpha")}, application/json`, undefined],
        [`${type("v1beta")}, application/json`, undefined],
        [`${type("v1")}, application/json`, type("v1")],
      ])
    }),
  )
})
