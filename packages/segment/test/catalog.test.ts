import { describe, expect, it } from "@effect/vitest"
import { Fault } from "@openretl/emulator"
import { Effect, Result, Stream } from "effect"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import { admin, within } from "./admin.ts"

/** How often each kind of request was made. */
const counts = (calls: ReadonlyArray<{ readonly operation: string }>) => {
  const sums: Record<string, number> = {}
  for (const { operation } of calls) sums[operation] = (sums[operation] ?? 0) + 1
  return sums
}

const toEvents = ({ action = "" }: Readonly<Record<string, string>>) => ({
  name: "events",
  actionId: action,
  trigger: 'type = "track"',
  enabled: true,
})

describe("the list of syncs", () => {
  it.effect("K1: tells every mapping once, of every destination, and no subscription to events", () =>
    Effect.gen(function* () {
      const { emulator, api, catalog, refOf } = yield* admin()
      const made = [yield* emulator.addSync(), yield* emulator.addSync()]
      const parts = yield* emulator.addParts()
      yield* api.createSubscription(parts["destination"] ?? "", toEvents(parts))
      made.push(yield* emulator.addSync({ parts }), yield* emulator.addSync({ parts, state: "paused" }))
      yield* emulator.clearCalls
      const syncs = yield* within("1 minute", Stream.runCollect(catalog.list))
      const refs = yield* Effect.forEach(made, refOf)
      expect(syncs.map(({ ref }) => String(ref))).toEqual(refs.map(String))
      expect(syncs.map(({ state }) => state)).toEqual(["enabled", "enabled", "enabled", "paused"])
      expect(counts(yield* emulator.calls)).toEqual({ parts: 2, syncs: 3 })
    }),
  )

  it.effect("K1: is lazy: the first comes before all destinations are read", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      for (let count = 0; count < 250; count++) yield* emulator.addSync()
      expect(yield* emulator.calls).toHaveLength(0)
      expect(yield* within("1 minute", Stream.runCollect(Stream.take(catalog.list, 2)))).toHaveLength(2)
      // Two pages of models, one of destinations, two of subscriptions.
      expect(counts(yield* emulator.calls)).toEqual({ parts: 3, syncs: 2 })
      expect(yield* within("1 hour", Stream.runCollect(catalog.list))).toHaveLength(250)
      expect(yield* emulator.overLimit).toBe(0)
    }),
  )

  it.effect.each([
    { noModelForm: "absent" },
    { noModelForm: "empty-string" },
    { destinationSource: "another-source" },
    { listPagination: "absent" },
    { listPagination: "present" },
    { lastPageForm: "null" },
    { strategyCase: "lower" },
  ] as const)("K1: is the same where %j", (switches) =>
    Effect.gen(function* () {
      const { emulator, api, catalog, refOf } = yield* admin({ switches })
      const parts = yield* emulator.addParts()
      yield* api.createSubscription(parts["destination"] ?? "", toEvents(parts))
      const ids = yield* emulator.addSync({ parts, schedule: { every: "1 hour" } })
      const syncs = yield* within("1 minute", Stream.runCollect(catalog.list))
      expect(syncs.map(({ ref, schedule }) => [String(ref), schedule?._tag])).toEqual([
        [String(yield* refOf(ids)), "Every"],
      ])
    }),
  )

  it.effect("K2: a mapping whose model is gone is left out, and hides no other", () =>
    Effect.gen(function* () {
      const { emulator, api, catalog, administration, refOf } = yield* admin({
        switches: { modelWithSubscriptions: "left" },
      })
      const gone = yield* emulator.addSync()
      const there = yield* refOf(yield* emulator.addSync())
      yield* api.deleteModel(gone["model"] ?? "")
      const list = Stream.runCollect(catalog.list)
      expect((yield* within("1 minute", list)).map(({ ref }) => String(ref))).toEqual([String(there)])
      const ref = yield* refOf(gone)
      const sync = yield* within("1 minute", catalog.get(ref))
      expect([sync.state, sync.stateText]).toEqual(["error", "the model is not there any more"])
      expect(yield* within("1 minute", administration.pause(ref))).toMatchObject({
        state: "error",
        stateText: "the model is not there any more",
        isSwitchedOn: false,
      })
      yield* within("1 minute", administration.delete(ref))
      expect(yield* emulator.syncs).toHaveLength(1)
    }),
  )

  it.effect("K2: a model that is not on the list is read by itself", () =>
    Effect.gen(function* () {
      const { emulator, catalog, refOf } = yield* admin()
      const ids = yield* emulator.addSync()
      yield* emulator.addFaults(
        Fault.respond("parts", { status: 200, body: '{"data":{"models":[],"pagination":{"current":"MA=="}}}' }),
      )
      const syncs = yield* within("1 minute", Stream.runCollect(catalog.list))
      expect(syncs.map(({ ref }) => String(ref))).toEqual([String(yield* refOf(ids))])
    }),
  )

  it.effect("K3: where subscriptions are closed, that is Unsupported, and not an empty list", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      yield* emulator.addSync()
      yield* emulator.addFaults(Fault.respond("syncs", { status: 404, times: Number.POSITIVE_INFINITY }))
      const failure = yield* Effect.flip(within("1 minute", Stream.runCollect(catalog.list)))
      expect(failure).toMatchObject({ operation: "listSyncs", reason: { _tag: "Unsupported" } })
      expect(failure.message).toContain("Destination Subscriptions")
    }),
  )

  it.effect("a destination that is deleted on the way has no syncs any more", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      yield* emulator.addSync()
      yield* emulator.addSync()
      yield* emulator.addFaults(
        Fault.respond("syncs", { status: 404 }),
        Fault.respond("parts", { status: 404, after: 2 }),
      )
      expect(yield* within("1 minute", Stream.runCollect(catalog.list))).toHaveLength(1)
    }),
  )

  it.effect("a 404 for a destination whose kind has no actions is a destination without syncs", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      yield* emulator.addSync()
      yield* emulator.addSync()
      const destination = '{"id":"d","metadata":{"id":"k","actions":[]}}'
      yield* emulator.addFaults(
        Fault.respond("syncs", { status: 404 }),
        Fault.respond("parts", { status: 200, body: `{"data":{"destination":${destination}}}`, after: 2 }),
      )
      expect(yield* within("1 minute", Stream.runCollect(catalog.list))).toHaveLength(1)
    }),
  )

  it.effect(
    "K1: tells a mapping once where its destination comes on two pages, as cursors that are offsets have it",
    () =>
      Effect.gen(function* () {
        const { emulator, catalog } = yield* admin()
        const { source = "", model = "", destination = "" } = yield* emulator.addParts()
        const { subscription } = yield* emulator.addSync({ parts: { source, model, destination } })
        const again = `{"data":{"destinations":[{"id":"${destination}"},{"id":"gone"}],"pagination":{"current":"MA==","next":"MA=="}}}`
        yield* emulator.addFaults(Fault.respond("parts", { status: 200, body: again, after: 1 }))
        const subscriptions = [1, 2].map(() => `{"id":"${subscription}","modelId":"${model}"}`).join(",")
        yield* emulator.addFaults(
          Fault.respond("syncs", { status: 200, body: `{"data":{"subscriptions":[${subscriptions}]}}` }),
        )
        const syncs = yield* within("1 minute", Stream.runCollect(catalog.list))
        expect(syncs.map(({ ref }) => ref.ids["subscription"])).toEqual([subscription])
      }),
  )

  it.effect("without models or destinations there are no syncs", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      expect(yield* within("1 minute", Stream.runCollect(catalog.list))).toEqual([])
      expect(counts(yield* emulator.calls)).toEqual({ parts: 2 })
    }),
  )

  it.effect("of 500 destinations takes a request for each, within the limits", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      for (let count = 0; count < 500; count++) yield* emulator.addSync()
      expect(yield* within("1 hour", Stream.runCollect(catalog.list))).toHaveLength(500)
      // Three pages of models and of destinations.
      expect(counts(yield* emulator.calls)).toEqual({ parts: 6, syncs: 500 })
      expect(yield* emulator.overLimit).toBe(0)
    }),
  )

  it.effect.each([
    { status: 401, tag: "Unauthenticated" },
    { status: 403, tag: "PermissionDenied" },
  ])("K3: a $status is $tag", ({ status, tag }) =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      yield* emulator.addFaults(Fault.respond("any", { status, times: Number.POSITIVE_INFINITY }))
      const failure = yield* Effect.flip(within("1 minute", Stream.runCollect(catalog.list)))
      expect(failure).toMatchObject({ operation: "listSyncs", reason: { _tag: tag } })
    }),
  )
})

describe("one sync", () => {
  it.effect("K1: is the same as in the list", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      yield* emulator.addSync({ name: "one", schedule: { cron: "0 6 * * *", timeZone: "Europe/Berlin" } })
      const [listed] = yield* within("1 minute", Stream.runCollect(catalog.list))
      expect(yield* within("1 minute", catalog.get(listed?.ref ?? expect.fail("no sync")))).toEqual(listed)
    }),
  )

  it.effect("is searched for where nobody has seen it, and found at once from then on", () =>
    Effect.gen(function* () {
      const { emulator, catalog, refOf } = yield* admin()
      yield* emulator.addSync()
      yield* emulator.addSync()
      const ref = yield* refOf(yield* emulator.addSync())
      yield* within("1 minute", catalog.get(ref))
      expect(counts(yield* emulator.calls)).toEqual({ parts: 3, syncs: 3 })
      yield* emulator.clearCalls
      yield* within("1 minute", catalog.get(ref))
      expect(counts(yield* emulator.calls)).toEqual({ parts: 2, sync: 1 })
      yield* emulator.clearCalls
      yield* emulator.addFaults(Fault.respond("sync", { status: 404 }))
      expect((yield* within("1 minute", catalog.get(ref))).ref).toEqual(ref)
      expect(counts(yield* emulator.calls)).toEqual({ parts: 3, sync: 1, syncs: 3 })
    }),
  )

  it.effect("is NotFound with an id of another, and for events", () =>
    Effect.gen(function* () {
      const { emulator, api, catalog, refOf } = yield* admin()
      const [one, other] = [yield* emulator.addSync(), yield* emulator.addSync()]
      const parts = yield* emulator.addParts()
      const { id: events } = yield* api.createSubscription(parts["destination"] ?? "", toEvents(parts))
      const { model = "" } = other
      for (const wrong of [{ model }, { source: "x" }, { subscription: "x" }, { subscription: events }]) {
        const ref = yield* refOf({ ...one, ...wrong })
        const result = yield* within("1 minute", Effect.result(catalog.get(ref)))
        expect(Result.isFailure(result) && result.failure).toMatchObject({
          operation: "getSync",
          reason: { _tag: "NotFound", what: "sync" },
        })
      }
    }),
  )

  it.effect("is NotFound, too, where its destination is deleted while it is read", () =>
    Effect.gen(function* () {
      const { emulator, catalog, refOf } = yield* admin()
      const ref = yield* refOf(yield* emulator.addSync())
      yield* emulator.addFaults(Fault.respond("parts", { status: 404, after: 2 }))
      const failure = yield* Effect.flip(within("1 minute", catalog.get(ref)))
      expect(failure).toMatchObject({ operation: "getSync", reason: { _tag: "NotFound", what: "sync" } })
    }),
  )

  it.effect("opens its payload, typed", () =>
    Effect.gen(function* () {
      const { emulator, catalog, refOf } = yield* admin()
      const ids = yield* emulator.addSync()
      const sync = yield* within("1 minute", catalog.get(yield* refOf(ids)))
      const { subscription, model, destination } = SegmentAdmin.nativeOf(sync) ?? expect.fail("no payload")
      expect([subscription.id, model?.id, subscription.trigger]).toEqual([
        ids["subscription"],
        ids["model"],
        'event = "new"',
      ])
      expect(destination?.metadata?.actions?.map(({ id }) => id)).toContain(subscription.actionId)
    }),
  )
})
