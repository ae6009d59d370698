import { describe, expect, it } from "@effect/vitest"
import { Fault } from "@openretl/emulator"
import { Effect, Stream } from "effect"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import { admin, textOf, within } from "./admin.ts"

/** Returns how many requests of each kind were sent. */
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

describe("Catalog.list", () => {
  it.effect("K1: the list has every mapping of every destination once, and no subscription to events", () =>
    Effect.gen(function* () {
      const { emulator, api, catalog, refOf } = yield* admin()
      const added = [yield* emulator.addSync(), yield* emulator.addSync()]
      const parts = yield* emulator.addParts()
      yield* api.createSubscription(parts["destination"] ?? "", toEvents(parts))
      added.push(yield* emulator.addSync({ parts }), yield* emulator.addSync({ parts, state: "paused" }))
      yield* emulator.clearCalls
      const syncs = yield* within("1 minute", Stream.runCollect(catalog.list))
      const refs = yield* Effect.forEach(added, refOf)
      expect(syncs.map(({ ref }) => textOf(ref))).toEqual(refs.map(String))
      const { syncs: actual } = emulator
      expect(syncs.map(({ ref }) => ref.ids["destination"])).toEqual(
        (yield* actual).map(({ parts }) => parts["destination"]),
      )
      expect(syncs.map(({ state }) => state)).toEqual(["enabled", "enabled", "enabled", "paused"])
      expect(counts(yield* emulator.calls)).toEqual({ parts: 2, syncs: 3 })
    }),
  )

  it.effect("K1: the list is lazy: it emits the first syncs before it reads all destinations", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      for (let count = 0; count < 250; count++) yield* emulator.addSync()
      expect(yield* emulator.calls).toHaveLength(0)
      expect(yield* within("1 minute", Stream.runCollect(Stream.take(catalog.list, 2)))).toHaveLength(2)
      // Two pages of models, twice, one of destinations, two of subscriptions.
      expect(counts(yield* emulator.calls)).toEqual({ parts: 5, syncs: 2 })
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
  ] as const)("K1: the list is the same where %j", (switches) =>
    Effect.gen(function* () {
      const { emulator, api, catalog, refOf } = yield* admin({ switches })
      const parts = yield* emulator.addParts()
      yield* api.createSubscription(parts["destination"] ?? "", toEvents(parts))
      const ids = yield* emulator.addSync({ parts, schedule: { every: "1 hour" } })
      const syncs = yield* within("1 minute", Stream.runCollect(catalog.list))
      expect(syncs.map(({ ref, schedule }) => [textOf(ref), schedule?._tag])).toEqual([
        [String(yield* refOf(ids)), "Every"],
      ])
    }),
  )

  it.effect("K2: the list leaves out a mapping whose model is gone, and no other", () =>
    Effect.gen(function* () {
      const { emulator, api, catalog, administration, remove, refOf } = yield* admin({
        switches: { modelWithSubscriptions: "left" },
      })
      const gone = yield* emulator.addSync()
      const there = yield* refOf(yield* emulator.addSync())
      yield* api.deleteModel(gone["model"] ?? "")
      const list = Stream.runCollect(catalog.list)
      expect((yield* within("1 minute", list)).map(({ ref }) => textOf(ref))).toEqual([String(there)])
      const ref = yield* refOf(gone)
      const sync = yield* within("1 minute", catalog.get(ref))
      expect([sync.state, sync.stateText]).toEqual(["error", "the model does not exist any more"])
      expect(yield* within("1 minute", administration.pause(ref))).toMatchObject({
        state: "paused",
        isSwitchedOn: false,
      })
      yield* within("1 minute", remove(ref))
      expect(yield* emulator.syncs).toHaveLength(1)
    }),
  )

  it.effect("K2: the catalog reads a model that is not listed by itself", () =>
    Effect.gen(function* () {
      const { emulator, catalog, refOf } = yield* admin()
      const ids = yield* emulator.addSync()
      yield* emulator.addFaults(
        Fault.respond("parts", { status: 200, body: '{"data":{"models":[],"pagination":{"current":"MA=="}}}' }),
      )
      const syncs = yield* within("1 minute", Stream.runCollect(catalog.list))
      expect(syncs.map(({ ref }) => textOf(ref))).toEqual([String(yield* refOf(ids))])
    }),
  )

  it.effect("K3: without the feature the list fails with Unsupported, and is not empty", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      yield* emulator.addSync()
      yield* emulator.addFaults(Fault.respond("syncs", { status: 404, times: Number.POSITIVE_INFINITY }))
      const failure = yield* Effect.flip(within("1 minute", Stream.runCollect(catalog.list)))
      expect(failure).toMatchObject({ operation: "listSyncs", reason: { _tag: "Unsupported" } })
      expect(failure.message).toContain("Destination Subscriptions")
    }),
  )

  it.effect("a destination that is deleted during the listing has no syncs", () =>
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

  it.effect("a destination of a kind without actions, answered with 404, has no syncs", () =>
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

  it.effect("K1: the list has a mapping once where its destination is on two pages", () =>
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

  it.effect("a workspace without models or destinations has no syncs", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      expect(yield* within("1 minute", Stream.runCollect(catalog.list))).toEqual([])
      expect(counts(yield* emulator.calls)).toEqual({ parts: 2 })
    }),
  )

  it.effect("the list of 500 destinations takes a request for each, within the limits", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      for (let count = 0; count < 500; count++) yield* emulator.addSync()
      expect(yield* within("1 hour", Stream.runCollect(catalog.list))).toHaveLength(500)
      // Three pages of models and of destinations, twice.
      expect(counts(yield* emulator.calls)).toEqual({ parts: 12, syncs: 500 })
      expect(yield* emulator.overLimit).toBe(0)
    }),
  )

  it.effect.each([
    { status: 401, tag: "Unauthenticated" },
    { status: 403, tag: "PermissionDenied" },
  ])("K3: the list fails with $tag for a $status", ({ status, tag }) =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      yield* emulator.addFaults(Fault.respond("any", { status, times: Number.POSITIVE_INFINITY }))
      const failure = yield* Effect.flip(within("1 minute", Stream.runCollect(catalog.list)))
      expect(failure).toMatchObject({ operation: "listSyncs", reason: { _tag: tag } })
    }),
  )
})

describe("Catalog.get", () => {
  it.effect("K1: a sync is the same as in the list", () =>
    Effect.gen(function* () {
      const { emulator, catalog } = yield* admin()
      yield* emulator.addSync({ name: "one", schedule: { cron: "0 6 * * *", timeZone: "Europe/Berlin" } })
      const [listed] = yield* within("1 minute", Stream.runCollect(catalog.list))
      expect(yield* within("1 minute", catalog.get(listed?.ref ?? expect.fail("no sync")))).toEqual(listed)
    }),
  )

  it.effect("a mapping is searched for once, and found at once from then on", () =>
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
      expect(textOf((yield* within("1 minute", catalog.get(ref))).ref)).toBe(String(ref))
      expect(counts(yield* emulator.calls)).toEqual({ parts: 3, sync: 1, syncs: 3 })
    }),
  )

  it.effect.each(["model", "source", "subscription", "subscription to events"] as const)(
    "a read with a wrong %s fails with NotFound",
    (wrong) =>
      Effect.gen(function* () {
        const { emulator, api, catalog, refOf } = yield* admin()
        const [ids, otherIds] = [yield* emulator.addSync(), yield* emulator.addSync()]
        const parts = yield* emulator.addParts()
        const { id: events } = yield* api.createSubscription(parts["destination"] ?? "", toEvents(parts))
        const { model = "" } = otherIds
        const wrongIds = {
          model: { model },
          source: { source: "x" },
          subscription: { subscription: "x" },
          "subscription to events": { subscription: events },
        }
        const ref = yield* refOf({ ...ids, ...wrongIds[wrong] })
        const failure = yield* Effect.flip(within("1 minute", catalog.get(ref)))
        expect(failure).toMatchObject({ operation: "getSync", reason: { _tag: "NotFound", what: "sync" } })
      }),
  )

  it.effect("a read of a mapping fails with NotFound when its destination is deleted meanwhile", () =>
    Effect.gen(function* () {
      const { emulator, catalog, refOf } = yield* admin()
      const ref = yield* refOf(yield* emulator.addSync())
      yield* emulator.addFaults(Fault.respond("parts", { status: 404, after: 2 }))
      const failure = yield* Effect.flip(within("1 minute", catalog.get(ref)))
      expect(failure).toMatchObject({ operation: "getSync", reason: { _tag: "NotFound", what: "sync" } })
    }),
  )

  it.effect("nativeOf returns the payload of a sync, typed", () =>
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
