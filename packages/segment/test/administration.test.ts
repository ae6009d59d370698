import { describe, expect, it } from "@effect/vitest"
import type { ChangeIncomplete, ChangeIndeterminate } from "@openretl/core/Change"
import type { RetlError } from "@openretl/core/RetlError"
import * as Schedule from "@openretl/core/Schedule"
import { Transport } from "@openretl/core/Transport"
import { Fault, SegmentSwitches } from "@openretl/emulator"
import { Effect, Redacted } from "effect"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import * as SegmentClient from "../src/SegmentClient.ts"
import { admin, definition, within } from "./admin.ts"

type Failure = RetlError | ChangeIncomplete | ChangeIndeterminate

const bodies = (calls: ReadonlyArray<{ readonly operation: string; readonly body?: string }>, kind: string) =>
  calls.flatMap(({ operation, body }) =>
    operation === kind ? [body === undefined ? undefined : JSON.parse(body)] : [],
  )

const failureOf = <A>(work: Effect.Effect<A, Failure>) => within("1 hour", Effect.flip(work))

const everyHour = Schedule.every("1 hour")

const everySwitch = Object.entries(SegmentSwitches).flatMap(([name, { values }]) =>
  values.map((value): readonly [string, string] => [name, value]),
)

describe("a new sync", () => {
  it.effect.each(everySwitch)("A2: is disabled and manual unless told otherwise (%s: %s)", ([name, value]) =>
    Effect.gen(function* () {
      const { emulator, administration } = yield* admin({ switches: { [name]: value } })
      const parts = yield* emulator.addParts()
      const sync = yield* within("10 minutes", administration.create(definition(parts, { name: "new" })))
      expect([sync.name, sync.state, sync.schedule]).toEqual(["new", "paused", Schedule.manual])
      expect(yield* emulator.configured).toMatchObject([
        { name: "new", state: "paused", schedule: { strategy: "MANUAL" }, parts },
      ])
      const { source, model, subscription } = sync.ref.ids
      expect(yield* emulator.runsOf({ source, model, subscription } as Record<string, string>)).toEqual([])
    }),
  )

  it.effect("A2: is created disabled, and gets its schedule and its switch in one request", () =>
    Effect.gen(function* () {
      const { emulator, administration, refOf } = yield* admin({ switches: { defaultSchedule: "hourly" } })
      const parts = yield* emulator.addParts("Users")
      const wanted = definition(parts, { name: "new", enabled: true, schedule: Schedule.every("90 minutes") })
      const sync = yield* within("1 minute", administration.create(wanted))
      expect(sync).toMatchObject({
        state: "enabled",
        connection: { source: { name: "Users" }, destination: { name: "Users" } },
        primaryKey: ["id"],
        mapping: [{ from: "email", to: "email" }],
        maskedSettings: ["settings.apiKey"],
      })
      const [truth] = yield* emulator.configured
      expect(String(sync.ref)).toBe(String(yield* refOf(truth?.ids ?? {})))
      expect(bodies(yield* emulator.calls, "create").map(({ enabled }) => enabled)).toEqual([false])
      expect(bodies(yield* emulator.calls, "update")).toEqual([
        {
          input: {
            enabled: true,
            reverseETLSchedule: { strategy: "PERIODIC", config: { interval: "1h30m" } },
          },
        },
      ])
    }),
  )

  it.effect("S1: is refused before any request, with every problem at once", () =>
    Effect.gen(function* () {
      const { emulator, administration } = yield* admin()
      const wanted = definition(
        { source: "", model: "m", destination: "d" },
        {
          name: " ",
          schedule: Schedule.every("14 minutes"),
        },
      )
      const failure = (yield* failureOf(administration.create(wanted))) as RetlError
      expect(failure).toMatchObject({ delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
      expect(failure.message).toContain("part.spec.sourceId")
      expect(failure.message).toContain("part.spec.actionId")
      expect(failure.message).toContain("name: Expected a name")
      expect(failure.message).toMatch(/schedule.*15 minutes.*Segment/)
      expect(yield* emulator.calls).toHaveLength(0)
    }),
  )

  it.effect.each([
    ["source", "sourceId"],
    ["model", "modelId"],
    ["destination", "destinationId"],
  ] as const)("whose %s is not right is refused before it is made", ([part, field]) =>
    Effect.gen(function* () {
      const { emulator, administration } = yield* admin()
      const parts = yield* emulator.addParts()
      const wanted = definition({ ...parts, [part]: "elsewhere" }, { name: "new" })
      const failure = yield* failureOf(administration.create(wanted))
      expect(failure).toMatchObject({
        delivery: "not-sent",
        reason: { _tag: "InvalidRequest", issues: [{ path: ["part", "spec", field] }] },
      })
      expect(bodies(yield* emulator.calls, "create")).toEqual([])
    }),
  )

  it.effect("twelve in a row break no limit", () =>
    Effect.gen(function* () {
      const { emulator, administration } = yield* admin()
      const parts = yield* emulator.addParts()
      const names = Array.from({ length: 12 }, (_, index) => `new ${index}`)
      const made = yield* within(
        "1 hour",
        Effect.forEach(names, (name) => administration.create(definition(parts, { name, enabled: true }))),
      )
      expect(made.map(({ name }) => name)).toEqual(names)
      expect(yield* emulator.overLimit).toBe(0)
      expect(yield* emulator.configured).toHaveLength(12)
    }),
  )

  it.effect("A1: is found where the answer was lost after it was made, and sent once", () =>
    Effect.gen(function* () {
      const { emulator, administration, refOf } = yield* admin()
      const parts = yield* emulator.addParts()
      yield* emulator.addSync({ parts, name: "new" })
      yield* emulator.fault(Fault.lost("create", { commits: true }))
      const sync = yield* within("1 hour", administration.create(definition(parts, { name: "new", enabled: true })))
      const [, truth] = yield* emulator.configured
      expect(String(sync.ref)).toBe(String(yield* refOf(truth?.ids ?? {})))
      expect(sync.state).toBe("enabled")
      expect(bodies(yield* emulator.calls, "create")).toHaveLength(1)
    }),
  )

  it.effect("A1: that was lost before it was made is ChangeIndeterminate, without candidates", () =>
    Effect.gen(function* () {
      const { emulator, administration } = yield* admin()
      const parts = yield* emulator.addParts()
      yield* emulator.addSync({ parts, name: "another" })
      yield* emulator.fault(Fault.lost("create", { commits: false }))
      const failure = yield* failureOf(administration.create(definition(parts, { name: "new" })))
      expect(failure).toMatchObject({ _tag: "ChangeIndeterminate", operation: "create", candidates: [] })
      expect(bodies(yield* emulator.calls, "create")).toHaveLength(1)
    }),
  )

  it.effect("A3: whose schedule is refused says what there is, and can be finished, or undone", () =>
    Effect.gen(function* () {
      const { emulator, administration } = yield* admin()
      const parts = yield* emulator.addParts()
      const create = administration.create(definition(parts, { name: "new", enabled: true, schedule: everyHour }))
      const refused = Fault.respond("update", {
        status: 400,
        body: '{"errors":[{"type":"bad-request","message":"no"}]}',
      })
      yield* emulator.fault(refused)
      const failure = (yield* failureOf(create)) as ChangeIncomplete
      expect(failure).toMatchObject({
        _tag: "ChangeIncomplete",
        operation: "create",
        sync: { state: "paused", name: "new" },
        remaining: { enabled: true, schedule: everyHour },
      })
      const finished = yield* within("10 minutes", administration.update(failure.sync.ref, failure.remaining))
      expect([finished.state, finished.schedule]).toEqual(["enabled", everyHour])
      yield* emulator.fault(refused)
      const again = (yield* failureOf(create)) as ChangeIncomplete
      yield* within("10 minutes", administration.delete(again.sync.ref))
      expect(yield* emulator.configured).toHaveLength(1)
    }),
  )
})

describe("a change", () => {
  const withSync = Effect.fnUntraced(function* (switches: object = {}) {
    const made = yield* admin({ switches })
    const ids = yield* made.emulator.addSync({ name: "old", schedule: { every: "1 hour" } })
    return { ...made, ids, ref: yield* made.refOf(ids) }
  })

  it.effect("A4: sends what is different, in one request, and nothing where nothing is", () =>
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

  it.effect(
    "A4: of a mapping whose model is off, pause switches off the mapping: enabling the model does not start it",
    () =>
      Effect.gen(function* () {
        const { emulator, administration, catalogue, ref, ids } = yield* withSync()
        const api = yield* SegmentClient.make({
          workspace: "prod",
          baseUrl: emulator.baseUrl,
          token: Redacted.make(emulator.token),
        }).pipe(Effect.provideService(Transport, emulator.transport))
        const { model = "" } = ids
        yield* api.updateModel(model, { enabled: false })
        const seen = yield* within("1 minute", catalogue.get(ref))
        expect(seen).toMatchObject({ state: "paused", stateText: "disabled: model", isSwitchedOn: true })
        expect(yield* within("1 minute", administration.pause(ref))).toMatchObject({ isSwitchedOn: false })
        yield* api.updateModel(model, { enabled: true })
        yield* within("3 hours", Effect.void)
        expect(yield* emulator.runsOf(ids)).toEqual([])
      }),
  )

  it.effect("A4: pause stops the schedule, resume goes on with it, delete ends it", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref, ids } = yield* withSync()
      expect((yield* within("1 minute", administration.pause(ref))).state).toBe("paused")
      yield* within("3 hours", Effect.void)
      expect(yield* emulator.runsOf(ids)).toEqual([])
      expect(yield* within("1 minute", administration.resume(ref))).toMatchObject({
        state: "enabled",
        schedule: everyHour,
      })
      yield* within("3 hours", Effect.void)
      expect(yield* emulator.runsOf(ids)).toHaveLength(3)
      yield* within("1 minute", administration.delete(ref))
      yield* within("1 minute", administration.delete(ref))
      expect(yield* emulator.configured).toEqual([])
      expect(bodies(yield* emulator.calls, "delete")).toHaveLength(1)
    }),
  )

  it.effect.each(["merge", "replace"] as const)(
    "of all settings is shown, where they are taken for a %s",
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

  it.effect("A3: that leaves an old setting behind says so, where settings are merged", () =>
    Effect.gen(function* () {
      const { administration, ref } = yield* withSync({ settingsUpdate: "merge" })
      const change = SegmentAdmin.change({ settings: { email: "x" } })
      const failure = (yield* failureOf(administration.update(ref, change))) as ChangeIncomplete
      expect(failure).toMatchObject({ _tag: "ChangeIncomplete", operation: "update", remaining: change })
      expect(SegmentAdmin.nativeOf(failure.sync)?.subscription.settings).toEqual({ object_type: "contact", email: "x" })
    }),
  )

  it.effect.each([
    { kind: "update", commits: true },
    { kind: "update", commits: false },
    { kind: "delete", commits: true },
    { kind: "delete", commits: false },
  ] as const)("A1: whose answer is lost is looked up and sent once: $kind, done: $commits", ({ kind, commits }) =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* withSync()
      yield* emulator.fault(Fault.lost(kind, { commits }))
      const changing: Effect.Effect<unknown, Failure> =
        kind === "update" ? administration.pause(ref) : administration.delete(ref)
      const result = yield* within("1 hour", Effect.result(changing))
      expect(result._tag).toBe(commits ? "Success" : "Failure")
      if (result._tag === "Failure")
        expect(result.failure).toMatchObject({ _tag: "ChangeIndeterminate", operation: kind })
      expect(bodies(yield* emulator.calls, kind)).toHaveLength(1)
      const states = (yield* emulator.configured).map(({ state }) => state)
      expect(states).toEqual(commits ? (kind === "update" ? ["paused"] : []) : ["enabled"])
    }),
  )

  it.effect("S1: that is not right is refused before any request", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* withSync()
      for (const change of [
        { schedule: Schedule.cron("*/5 * * * *", "UTC") },
        { part: { vendor: "segment", spec: { trigger: 1, actionId: "a" } } },
        { part: { vendor: "zeotap", spec: {} } },
        {},
      ]) {
        const failure = yield* failureOf(administration.update(ref, change))
        expect(failure).toMatchObject({ delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
      }
      expect(yield* emulator.calls).toHaveLength(0)
    }),
  )
})
