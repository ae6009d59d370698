import { describe, expect, it } from "@effect/vitest"
import type { ChangeIncomplete } from "@openretl/core/Change"
import * as Schedule from "@openretl/core/Schedule"
import { Fault } from "@openretl/emulator"
import { Effect } from "effect"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import { admin, bodies, definition, everyHour, type Failure, failureOf, within } from "./admin.ts"

describe("update and delete", () => {
  const withSync = Effect.fnUntraced(function* (switches: object = {}) {
    const workspace = yield* admin({ switches })
    const ids = yield* workspace.emulator.addSync({ name: "old", schedule: { every: "1 hour" } })
    return { ...workspace, ids, ref: yield* workspace.refOf(ids) }
  })

  it.effect("A4: an update sends the fields that differ, in one request, and nothing where none does", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* withSync()
      const wanted = SegmentAdmin.change({ name: "old", enabled: false, schedule: Schedule.manual, trigger: "x" })
      const sync = yield* within("1 minute", administration.update(ref, wanted))
      expect([sync.name, sync.state, sync.schedule]).toEqual(["old", "paused", Schedule.manual])
      expect(bodies(yield* emulator.calls, "update")).toEqual([
        { input: { enabled: false, reverseETLSchedule: { strategy: "MANUAL" }, trigger: "x" } },
      ])
      yield* emulator.clearCalls
      expect(yield* within("1 minute", administration.update(ref, wanted))).toEqual(sync)
      expect(bodies(yield* emulator.calls, "update")).toEqual([])
    }),
  )

  it.effect("A4: pause disables the mapping itself where its model is disabled", () =>
    Effect.gen(function* () {
      const { emulator, api, administration, catalog, ref, ids } = yield* withSync()
      const { model = "" } = ids
      yield* api.updateModel(model, { enabled: false })
      const sync = yield* within("1 minute", catalog.get(ref))
      expect(sync).toMatchObject({ state: "paused", stateText: "disabled: model", isSwitchedOn: true })
      expect(yield* within("1 minute", administration.pause(ref))).toMatchObject({ isSwitchedOn: false })
      yield* api.updateModel(model, { enabled: true })
      yield* within("3 hours", Effect.void)
      expect(yield* emulator.runsOf(ids)).toEqual([])
    }),
  )

  it.effect("A4: pause stops the schedule, resume restarts it, and delete ends it", () =>
    Effect.gen(function* () {
      const { emulator, administration, remove, ref, ids } = yield* withSync()
      expect((yield* within("1 minute", administration.pause(ref))).state).toBe("paused")
      yield* within("3 hours", Effect.void)
      expect(yield* emulator.runsOf(ids)).toEqual([])
      expect(yield* within("1 minute", administration.resume(ref))).toMatchObject({
        state: "enabled",
        schedule: everyHour,
      })
      yield* within("3 hours", Effect.void)
      expect(yield* emulator.runsOf(ids)).toHaveLength(3)
      yield* within("1 minute", remove(ref))
      yield* within("1 minute", remove(ref))
      expect(yield* emulator.syncs).toEqual([])
      expect(bodies(yield* emulator.calls, "delete")).toHaveLength(1)
    }),
  )

  it.effect.each(["merge", "replace"] as const)(
    "an update of all settings is shown, where the vendor takes them for a %s",
    (settingsUpdate) =>
      Effect.gen(function* () {
        const { emulator, administration, ref } = yield* withSync({ settingsUpdate })
        const settings = { object_type: "company", email: { "@path": "$.properties.email" } }
        const sync = yield* within("10 minutes", administration.update(ref, SegmentAdmin.change({ settings })))
        expect(sync.mapping).toEqual([{ from: "email", to: "email" }])
        expect(SegmentAdmin.nativeOf(sync)?.subscription.settings).toEqual(settings)
        expect(bodies(yield* emulator.calls, "update")).toEqual([{ input: { settings } }])
      }),
  )

  it.effect("A3: an update that leaves an old setting is ChangeIncomplete, where the vendor merges settings", () =>
    Effect.gen(function* () {
      const { administration, ref } = yield* withSync({ settingsUpdate: "merge" })
      const change = SegmentAdmin.change({ settings: { email: "x" } })
      const failure = (yield* failureOf(administration.update(ref, change))) as ChangeIncomplete
      expect(failure).toMatchObject({ _tag: "ChangeIncomplete", operation: "update", remaining: change })
      expect(SegmentAdmin.nativeOf(failure.sync)?.subscription.settings).toEqual({ object_type: "contact", email: "x" })
    }),
  )

  describe("an update of a masked setting", () => {
    const change = SegmentAdmin.change({ settings: { password: "new" } })
    /** The mapping of the emulator, as a vendor would show it that masks its settings. */
    const masked = (ids: Readonly<Record<string, string>>) =>
      `{"data":{"subscription":{"id":"${ids["subscription"]}","modelId":"${ids["model"]}","settings":{"password":"••••"}}}}`

    it.effect("an update of a masked setting is sent each time, and done once it was accepted", () =>
      Effect.gen(function* () {
        const { emulator, administration, catalog, ref, ids, refOf } = yield* withSync()
        yield* within("1 minute", catalog.get(ref))
        const shown = { status: 200, body: masked(ids), commits: true }
        const otherIds = yield* emulator.addSync()
        const otherRef = yield* refOf(otherIds)
        yield* within("1 minute", catalog.get(otherRef))
        for (const [sync, body] of [
          [ref, masked(ids)],
          [otherRef, masked(otherIds)],
          [ref, masked(ids)],
        ] as const) {
          yield* emulator.addFaults(
            Fault.respond("sync", { ...shown, body, times: Number.POSITIVE_INFINITY, sync: sync.ids }),
            Fault.respond("update", { ...shown, body, sync: sync.ids }),
          )
          yield* within("10 minutes", administration.update(sync, change))
        }
        expect(bodies(yield* emulator.calls, "update")).toEqual(
          [1, 2, 3].map(() => ({ input: { settings: { password: "new" } } })),
        )
      }),
    )

    it.effect("A1: an update of a masked setting whose answer is lost fails with ChangeIndeterminate", () =>
      Effect.gen(function* () {
        const { emulator, administration, catalog, ref, ids } = yield* withSync()
        yield* within("1 minute", catalog.get(ref))
        yield* emulator.addFaults(
          Fault.respond("sync", { status: 200, body: masked(ids), times: Number.POSITIVE_INFINITY }),
          Fault.lost("update", { commits: true }),
        )
        expect(yield* failureOf(administration.update(ref, change))).toMatchObject({
          _tag: "ChangeIndeterminate",
          operation: "update",
        })
      }),
    )
  })

  it.effect("S1: an update that sends a mask is refused: it would replace the secret", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* withSync()
      const settings = { a: { secret: "••••••••••dada" }, b: { "@template": "• {{properties.b}}" } }
      const failure = yield* failureOf(administration.update(ref, SegmentAdmin.change({ settings })))
      expect(failure).toMatchObject({
        delivery: "not-sent",
        reason: { _tag: "InvalidRequest", issues: [{ path: ["part", "spec", "settings", "a", "secret"] }] },
      })
      expect(yield* emulator.calls).toHaveLength(0)
    }),
  )

  it.effect.each(["manual", "absent", "hourly"] as const)(
    "A2: a create and an update set the requested schedule, where new mappings are %s",
    (defaultSchedule) =>
      Effect.gen(function* () {
        const { emulator, administration, create } = yield* withSync({ defaultSchedule })
        const parts = yield* emulator.addParts()
        const wanted = { name: "new", enabled: true, schedule: everyHour }
        const { ref, schedule } = yield* within("10 minutes", create(definition(parts, wanted)))
        expect(schedule).toEqual(everyHour)
        for (const next of [Schedule.manual, Schedule.cron("0 6 * * *", "UTC"), Schedule.manual]) {
          expect(yield* within("10 minutes", administration.setSchedule(ref, next))).toMatchObject({
            schedule: next,
            state: "enabled",
          })
        }
      }),
  )

  it.effect.each([
    { kind: "update", commits: true },
    { kind: "update", commits: false },
    { kind: "delete", commits: true },
    { kind: "delete", commits: false },
  ] as const)(
    "A1: a change whose answer is lost is looked up and sent once ($kind, carried out: $commits)",
    ({ kind, commits }) =>
      Effect.gen(function* () {
        const { emulator, administration, remove, ref } = yield* withSync()
        yield* emulator.addFaults(Fault.lost(kind, { commits }))
        const changing: Effect.Effect<unknown, Failure> = kind === "update" ? administration.pause(ref) : remove(ref)
        const result = yield* within("1 hour", Effect.result(changing))
        expect(result._tag).toBe(commits ? "Success" : "Failure")
        if (result._tag === "Failure")
          expect(result.failure).toMatchObject({ _tag: "ChangeIndeterminate", operation: kind })
        expect(bodies(yield* emulator.calls, kind)).toHaveLength(1)
        const states = (yield* emulator.syncs).map(({ state }) => state)
        expect(states).toEqual(commits ? (kind === "update" ? ["paused"] : []) : ["enabled"])
      }),
  )

  it.effect.each([
    { schedule: Schedule.cron("*/5 * * * *", "UTC") },
    { part: { vendor: "segment", spec: { trigger: 1, actionId: "a" } } },
    { part: { vendor: "zeotap", spec: {} } },
    {},
  ])("S1: an invalid update is refused before any request: %j", (change) =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* withSync()
      const failure = yield* failureOf(administration.update(ref, change))
      expect(failure).toMatchObject({ delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
      expect(yield* emulator.calls).toHaveLength(0)
    }),
  )
})
