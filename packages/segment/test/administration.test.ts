import { describe, expect, it } from "@effect/vitest"
import type { ChangeIncomplete } from "@openretl/core/Change"
import type { RetlError } from "@openretl/core/RetlError"
import * as Schedule from "@openretl/core/Schedule"
import { Fault, SegmentSwitches } from "@openretl/emulator"
import { Effect } from "effect"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import { admin, bodies, definition, everyHour, failureOf, textOf, within } from "./admin.ts"

const everySwitch = Object.entries(SegmentSwitches).flatMap(([name, { values }]) =>
  values.map((value): readonly [string, string] => [name, value]),
)

describe("create", () => {
  it.effect.each(everySwitch)("A2: a new sync is disabled and manual by default (%s: %s)", ([name, value]) =>
    Effect.gen(function* () {
      const { emulator, create } = yield* admin({ switches: { [name]: value } })
      const parts = yield* emulator.addParts()
      const sync = yield* within("10 minutes", create(definition(parts, { name: "new" })))
      expect([sync.name, sync.state, sync.schedule]).toEqual(["new", "paused", Schedule.manual])
      expect(yield* emulator.syncs).toMatchObject([
        { name: "new", state: "paused", schedule: { strategy: "MANUAL" }, parts },
      ])
      const { source, model, subscription } = sync.ref.ids
      expect(yield* emulator.runsOf({ source, model, subscription } as Record<string, string>)).toEqual([])
    }),
  )

  it.effect("A2: a new sync is created disabled, and one change sets its schedule and enables it", () =>
    Effect.gen(function* () {
      const { emulator, create, refOf } = yield* admin({ switches: { defaultSchedule: "hourly" } })
      const parts = yield* emulator.addParts("Users")
      const wanted = definition(parts, { name: "new", enabled: true, schedule: Schedule.every("90 minutes") })
      const sync = yield* within("1 minute", create(wanted))
      expect(sync).toMatchObject({
        state: "enabled",
        connection: { source: { name: "Users" }, destination: { name: "Users" } },
        primaryKey: ["id"],
        mapping: [{ from: "email", to: "email" }],
        maskedSettings: ["settings.apiKey"],
      })
      const [truth] = yield* emulator.syncs
      expect(textOf(sync.ref)).toBe(String(yield* refOf(truth?.ids ?? {})))
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

  it.effect("S1: a definition is refused before any request, with every problem at once", () =>
    Effect.gen(function* () {
      const { emulator, create } = yield* admin()
      const wanted = definition(
        { source: "", model: "m", destination: "d" },
        {
          name: " ",
          schedule: Schedule.every("14 minutes"),
        },
      )
      const failure = (yield* failureOf(create(wanted))) as RetlError
      expect(failure).toMatchObject({ delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
      expect(failure.message).toContain("part.spec.sourceId")
      expect(failure.message).toContain("part.spec.actionId")
      expect(failure.message).toContain("name: Expected a name")
      expect(failure.message).toMatch(/schedule.*15 minutes.*Segment/)
      expect(yield* emulator.calls).toHaveLength(0)
    }),
  )

  it.effect("S1: a definition without a name is refused before any request", () =>
    Effect.gen(function* () {
      const { emulator, create } = yield* admin()
      const { name: _, ...nameless } = definition(
        { source: "s", model: "m", destination: "d", action: "a" },
        { name: "new" },
      )
      const failure = yield* failureOf(create(nameless))
      expect(failure).toMatchObject({
        delivery: "not-sent",
        reason: { _tag: "InvalidRequest", issues: [{ path: ["name"] }] },
      })
      expect(yield* emulator.calls).toHaveLength(0)
    }),
  )

  it.effect("S1: an unknown field is refused by its name", () =>
    Effect.gen(function* () {
      const { emulator, create } = yield* admin()
      const parts = { source: "s", model: "m", destination: "d", action: "a", trigger: "t" }
      const withUnknownField = { ...parts, name: "new", color: "red" }
      const failure = (yield* failureOf(create(SegmentAdmin.definition(withUnknownField)))) as RetlError
      expect(failure.message).toContain("part.spec.color")
      expect(yield* emulator.calls).toHaveLength(0)
    }),
  )

  it.effect.each([
    ["source", "sourceId"],
    ["model", "modelId"],
    ["destination", "destinationId"],
  ] as const)("a definition with a wrong %s is refused before the creation", ([part, field]) =>
    Effect.gen(function* () {
      const { emulator, create } = yield* admin()
      const parts = yield* emulator.addParts()
      const wanted = definition({ ...parts, [part]: "elsewhere" }, { name: "new" })
      const failure = yield* failureOf(create(wanted))
      expect(failure).toMatchObject({
        delivery: "not-sent",
        reason: { _tag: "InvalidRequest", issues: [{ path: ["part", "spec", field] }] },
      })
      expect(bodies(yield* emulator.calls, "create")).toEqual([])
    }),
  )

  it.effect("where reads lag, a create, an update and a delete send each write once", () =>
    Effect.gen(function* () {
      const { emulator, administration, create, remove } = yield* admin({ readLag: "10 seconds" })
      const parts = yield* emulator.addParts()
      const wanted = definition(parts, { name: "new", enabled: true, schedule: everyHour })
      const { ref } = yield* within("10 minutes", create(wanted))
      const settings = { email: { "@path": "$.properties.mail" } }
      const changed = yield* within("10 minutes", administration.update(ref, SegmentAdmin.change({ settings })))
      expect([changed.mapping, changed.state]).toEqual([[{ from: "mail", to: "email" }], "enabled"])
      yield* within("10 minutes", remove(ref))
      expect(yield* emulator.syncs).toEqual([])
      const operations = (yield* emulator.calls).map(({ operation }) => operation)
      const countOf = (kind: string) => operations.filter((operation) => operation === kind).length
      expect(["create", "update", "delete"].map(countOf)).toEqual([1, 2, 1])
    }),
  )

  it.effect("twelve creates in a row stay within the rate limits", () =>
    Effect.gen(function* () {
      const { emulator, create } = yield* admin()
      const parts = yield* emulator.addParts()
      const names = Array.from({ length: 12 }, (_, index) => `new ${index}`)
      const syncs = yield* within(
        "1 hour",
        Effect.forEach(names, (name) => create(definition(parts, { name, enabled: true }))),
      )
      expect(syncs.map(({ name }) => name)).toEqual(names)
      expect(yield* emulator.overLimit).toBe(0)
      expect(yield* emulator.syncs).toHaveLength(12)
    }),
  )

  it.effect("A1: a creation whose answer was lost is found, and sent once", () =>
    Effect.gen(function* () {
      const { emulator, create, refOf } = yield* admin()
      const parts = yield* emulator.addParts()
      yield* emulator.addSync({ parts, name: "new" })
      yield* emulator.addFaults(Fault.lost("create", { commits: true }))
      const sync = yield* within("1 hour", create(definition(parts, { name: "new" }), { exclusive: true }))
      const [, truth] = yield* emulator.syncs
      expect(textOf(sync.ref)).toBe(String(yield* refOf(truth?.ids ?? {})))
      expect(sync.state).toBe("paused")
      expect(bodies(yield* emulator.calls, "create")).toHaveLength(1)
    }),
  )

  it.effect("A1: a creation that was lost on its way fails with ChangeIndeterminate, without candidates", () =>
    Effect.gen(function* () {
      const { emulator, create } = yield* admin()
      const parts = yield* emulator.addParts()
      yield* emulator.addSync({ parts, name: "another" })
      yield* emulator.addFaults(Fault.lost("create", { commits: false }))
      const failure = yield* failureOf(create(definition(parts, { name: "new" })))
      expect(failure).toMatchObject({ _tag: "ChangeIndeterminate", operation: "create", candidates: [] })
      expect(bodies(yield* emulator.calls, "create")).toHaveLength(1)
    }),
  )

  it.effect("A3: a creation whose schedule is refused names the sync, and can be finished or undone", () =>
    Effect.gen(function* () {
      const { emulator, administration, create, remove } = yield* admin()
      const parts = yield* emulator.addParts()
      const creation = create(definition(parts, { name: "new", enabled: true, schedule: everyHour }))
      const refused = Fault.respond("update", {
        status: 400,
        body: '{"errors":[{"type":"bad-request","message":"no"}]}',
      })
      yield* emulator.addFaults(refused)
      const failure = (yield* failureOf(creation)) as ChangeIncomplete
      expect(failure).toMatchObject({
        _tag: "ChangeIncomplete",
        operation: "create",
        sync: { state: "paused", name: "new" },
        remaining: { enabled: true, schedule: everyHour },
      })
      const finished = yield* within("10 minutes", administration.update(failure.sync.ref, failure.remaining))
      expect([finished.state, finished.schedule]).toEqual(["enabled", everyHour])
      yield* emulator.addFaults(refused)
      const secondFailure = (yield* failureOf(creation)) as ChangeIncomplete
      yield* within("10 minutes", remove(secondFailure.sync.ref))
      expect(yield* emulator.syncs).toHaveLength(1)
    }),
  )

  it.effect.each([
    { status: 404, tag: "NotFound" },
    { status: 409, tag: "Conflict" },
    { status: 413, tag: "InvalidRequest" },
  ])("a creation that is refused with $status fails with $tag", ({ status, tag }) =>
    Effect.gen(function* () {
      const { emulator, create } = yield* admin()
      const parts = yield* emulator.addParts()
      const body = JSON.stringify({ errors: [{ type: "no", message: "no" }] })
      yield* emulator.addFaults(Fault.respond("create", { status, body }))
      const failure = yield* failureOf(create(definition(parts, { name: "new" })))
      expect(failure).toMatchObject({ operation: "createSync", delivery: "refused", reason: { _tag: tag } })
      expect(bodies(yield* emulator.calls, "create")).toHaveLength(1)
    }),
  )
})
