import { describe, expect, it } from "@effect/vitest"
import type { ChangeIncomplete } from "@openretl/core/Change"
import type { RetlError } from "@openretl/core/RetlError"
import * as Schedule from "@openretl/core/Schedule"
import { Fault, SegmentSwitches } from "@openretl/emulator"
import { Effect } from "effect"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import { admin, bodies, definition, everyHour, failureOf, within } from "./admin.ts"

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
      expect(yield* emulator.syncs).toMatchObject([
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
      const [truth] = yield* emulator.syncs
      expect(String(sync.ref)).toBe(String(yield* refOf(truth?.ids ?? {})))
      expect(bodies(yield* emulator.calls, "create")).toMatchObject([{ enabled: false }])
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

  it.effect("S1: a field that has no place here is refused by its name, though the compiler would have said so", () =>
    Effect.gen(function* () {
      const { emulator, administration } = yield* admin()
      const parts = { source: "s", model: "m", destination: "d", action: "a", trigger: "t" }
      const strange = { ...parts, name: "new", color: "red" }
      const failure = (yield* failureOf(administration.create(SegmentAdmin.definition(strange)))) as RetlError
      expect(failure.message).toContain("part.spec.color")
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

  it.effect("is made, changed and deleted where reads lag, each in the requests that it takes", () =>
    Effect.gen(function* () {
      const { emulator, administration } = yield* admin({ readLag: "10 seconds" })
      const parts = yield* emulator.addParts()
      const wanted = definition(parts, { name: "new", enabled: true, schedule: everyHour })
      const { ref } = yield* within("10 minutes", administration.create(wanted))
      const settings = { email: { "@path": "$.properties.mail" } }
      const changed = yield* within("10 minutes", administration.update(ref, SegmentAdmin.change({ settings })))
      expect([changed.mapping, changed.state]).toEqual([[{ from: "mail", to: "email" }], "enabled"])
      yield* within("10 minutes", administration.delete(ref))
      expect(yield* emulator.syncs).toEqual([])
      const sent = (yield* emulator.calls).map(({ operation }) => operation)
      expect(["create", "update", "delete"].map((kind) => sent.filter((one) => one === kind).length)).toEqual([1, 2, 1])
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
      expect(yield* emulator.syncs).toHaveLength(12)
    }),
  )

  it.effect("A1: is found where the answer was lost after it was made, and sent once", () =>
    Effect.gen(function* () {
      const { emulator, administration, refOf } = yield* admin()
      const parts = yield* emulator.addParts()
      yield* emulator.addSync({ parts, name: "new" })
      yield* emulator.addFaults(Fault.lost("create", { commits: true }))
      const sync = yield* within("1 hour", administration.create(definition(parts, { name: "new", enabled: true })))
      const [, truth] = yield* emulator.syncs
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
      yield* emulator.addFaults(Fault.lost("create", { commits: false }))
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
      yield* emulator.addFaults(refused)
      const failure = (yield* failureOf(create)) as ChangeIncomplete
      expect(failure).toMatchObject({
        _tag: "ChangeIncomplete",
        operation: "create",
        sync: { state: "paused", name: "new" },
        remaining: { enabled: true, schedule: everyHour },
      })
      const finished = yield* within("10 minutes", administration.update(failure.sync.ref, failure.remaining))
      expect([finished.state, finished.schedule]).toEqual(["enabled", everyHour])
      yield* emulator.addFaults(refused)
      const again = (yield* failureOf(create)) as ChangeIncomplete
      yield* within("10 minutes", administration.delete(again.sync.ref))
      expect(yield* emulator.syncs).toHaveLength(1)
    }),
  )

  it.effect.each([
    { status: 404, tag: "NotFound" },
    { status: 409, tag: "Conflict" },
    { status: 413, tag: "InvalidRequest" },
  ])("a creation that is refused with $status is $tag, and nothing is made", ({ status, tag }) =>
    Effect.gen(function* () {
      const { emulator, administration } = yield* admin()
      const parts = yield* emulator.addParts()
      yield* emulator.addFaults(Fault.respond("create", { status }))
      const failure = yield* failureOf(administration.create(definition(parts, { name: "new" })))
      expect(failure).toMatchObject({ operation: "createSync", delivery: "refused", reason: { _tag: tag } })
      expect(bodies(yield* emulator.calls, "create")).toHaveLength(1)
    }),
  )
})
