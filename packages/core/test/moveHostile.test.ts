import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Logger } from "effect"
import { TestClock } from "effect/testing"
import * as Move from "../src/Move.ts"
import { SyncRef } from "../src/model/Ref.ts"
import { Sync } from "../src/model/Sync.ts"
import { fake, from, runOf, syncOf, target, to } from "./support/fakeFleet.ts"
import { logged } from "./support/logs.ts"

describe("report", () => {
  it("A5: for a sync without details the report names everything that is to be chosen", () => {
    const { items, schedule } = Move.report(
      new Sync({ ref: from, connection: {}, state: "unknown", vendorState: "", native: null }),
      target,
    )
    expect(items.map(({ field, fate, value }) => `${field} ${fate}: ${value}`)).toEqual([
      "connection.source yours: not reported",
      "connection.destination yours: not reported",
      "mode yours: not reported",
      "primaryKey yours: not reported",
      "mapping yours: not reported",
      "schedule yours: not reported",
      "state changed: unknown",
    ])
    expect(schedule).toBe(undefined)
  })

  it("A5: an unknown mode, an identifier and an empty key are reported", () => {
    const sync = syncOf(from, "paused", {
      isSwitchedOn: true,
      vendorMode: "turbo",
      primaryKey: [],
      mapping: [{ from: "email", to: "Email", isIdentifier: true }],
    })
    const lines = Move.report(sync, target).items.map(({ field, fate, value }) => `${field} ${fate}: ${value}`)
    expect(lines).toEqual(
      expect.arrayContaining([
        "mode yours: turbo",
        "primaryKey yours: not reported",
        "mapping.Email carried: email, an identifier",
        "state changed: paused",
      ]),
    )
  })
})

describe("sideBySide", () => {
  const invalid = [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 1.1]
  it.each(invalid)("A5: the invalid tolerance %s makes nothing close", (tolerance) => {
    const [many, few] = [runOf("succeeded", { succeeded: 1000 }), runOf("succeeded", { succeeded: 10 })]
    expect(Move.sideBySide(many, few, { tolerance }).verdict).toBe("different")
    expect(Move.sideBySide(many, many, { tolerance }).verdict).toBe("same")
  })

  it("A5: the tolerance 1 makes any difference close", () => {
    const [many, few] = [runOf("succeeded", { succeeded: 1000 }), runOf("succeeded", { succeeded: 10 })]
    expect(Move.sideBySide(many, few, { tolerance: 1 }).verdict).toBe("close")
  })

  it("A5: equal counts prove nothing where only one vendor reports failed rows", () => {
    const partial = runOf("partial", { succeeded: 10, failed: 5 })
    expect(Move.sideBySide(partial, runOf("succeeded", { succeeded: 10 })).verdict).toBe("unknown")
    expect(Move.sideBySide(partial, runOf("succeeded", { succeeded: 3 })).verdict).toBe("different")
    expect(Move.sideBySide(partial, runOf("partial", { succeeded: 10, failed: 4 })).verdict).toBe("different")
  })
})

describe("switchOver, with interference", () => {
  const running = [runOf("running", {})]

  const twice = [
    ["equal", from, from],
    ["of two workspaces", from, new SyncRef({ workspace: "other", vendor: from.vendor, ids: { ...from.ids } })],
    [
      "with their ids in another order",
      new SyncRef({ workspace: "old", vendor: "segment", ids: { model: "m", source: "s" } }),
      new SyncRef({ workspace: "old", vendor: "segment", ids: { source: "s", model: "m" } }),
    ],
  ] as const
  it.effect.each(twice)("A5: two refs to one sync, %s, are refused before any change", ([, source, target]) =>
    Effect.gen(function* () {
      const { fleet, writes } = fake({ from: "paused" })
      const error = yield* Effect.flip(Move.switchOver(fleet, { from: source, to: target, whenRunning: "fail" }))
      expect(error).toMatchObject({ step: "look", isRolledBack: true, why: expect.stringContaining("two syncs") })
      expect(writes).toEqual([])
    }),
  )

  it.effect("A5: an invalid `whenRunning` is refused before any change", () =>
    Effect.gen(function* () {
      const { fleet, writes } = fake({ from: "paused" })
      const options = { from, to, whenRunning: "maybe" as "fail" }
      expect((yield* Effect.flip(Move.switchOver(fleet, options))).why).toContain("whenRunning")
      expect(writes).toEqual([])
    }),
  )

  it.effect("A5: refs from JSON work like SyncRefs, and other values are refused", () =>
    Effect.gen(function* () {
      const world = fake({ begins: running })
      const asJson = { from: JSON.parse(JSON.stringify(from)), to: JSON.parse(JSON.stringify(to)) }
      const error = yield* Effect.flip(Move.switchOver(world.fleet, { ...asJson, whenRunning: "fail" }))
      expect(error).toMatchObject({ step: "wait", isRolledBack: true, underWay: [{ run: "r1" }] })
      expect([error.from, error.to].map(String)).toEqual([String(from), String(to)])
      const untouched = fake({})
      for (const options of [undefined, null, {}, { ...asJson, from: { ids: { model: 5 } } }]) {
        const refused = yield* Effect.flip(Move.switchOver(untouched.fleet, options as Move.SwitchOptions))
        expect(refused).toMatchObject({ _tag: "SwitchOverFailed", step: "look", isRolledBack: true })
        expect(refused.why).toContain("Expected")
        expect(refused.from).toEqual(
          new SyncRef({ workspace: "unknown", vendor: "unknown", ids: { unknown: "unknown" } }),
        )
      }
      expect(untouched.writes).toEqual([])
    }),
  )

  it.effect("A5: a run that begins between the look and the pause fails the switch, or is waited for", () =>
    Effect.gen(function* () {
      const world = fake({ begins: running })
      const error = yield* Effect.flip(Move.switchOver(world.fleet, { from, to, whenRunning: "fail" }))
      expect(error).toMatchObject({ step: "wait", isRolledBack: true, underWay: [{ run: "r1" }] })
      expect(world.writes).toEqual(["old paused", "old enabled"])
      const patient = fake({ begins: running })
      yield* Move.switchOver(patient.fleet, { from, to, whenRunning: "wait" })
      expect(patient.stateOf(to)).toBe("enabled")
    }),
  )

  it.effect("A5: a wait that reaches its deadline undoes the switch", () =>
    Effect.gen(function* () {
      const world = fake({ running, waitFails: true })
      const error = yield* Effect.flip(Move.switchOver(world.fleet, { from, to, whenRunning: "wait" }))
      expect(error).toMatchObject({ step: "wait", isRolledBack: true, why: expect.stringContaining("deadline") })
      expect(world.writes).toEqual(["old paused", "old enabled"])
    }),
  )

  it.effect("A5: the target is not resumed while the source does not show as paused", () =>
    Effect.gen(function* () {
      const world = fake({ paused: "unknown" })
      const error = yield* Effect.flip(Move.switchOver(world.fleet, { from, to, whenRunning: "fail" }))
      expect(error).toMatchObject({ step: "pause", isRolledBack: false, toState: "paused" })
      expect(world.writes).toEqual(["old paused"])
    }),
  )

  // A change takes ten seconds, a wait a minute.
  const moments: ReadonlyArray<[string, number, ReadonlyArray<string>, string]> = [
    ["while the source is being paused", 5, ["old paused", "old enabled"], "interrupted"],
    ["while a run is waited for", 30, ["old paused", "old enabled"], "interrupted"],
    ["while the target is being resumed", 75, ["old paused", "new enabled"], "the switch-over is complete"],
  ]
  it.effect.each(moments)(
    "A5: an interrupt %s leaves one sync enabled, and is logged",
    ([, seconds, writes, outcome]) =>
      Effect.gen(function* () {
        const world = fake({ running, takes: "10 seconds", waits: "1 minute" })
        const lines: Array<string> = []
        const logger = Logger.make((line) => void lines.push(Logger.formatJson.log(line)))
        const switching = Move.switchOver(world.fleet, { from, to, whenRunning: "wait" })
        const fiber = yield* Effect.forkChild(Effect.provide(switching, Logger.layer([logger])))
        yield* TestClock.adjust(`${seconds} seconds`)
        const interrupting = yield* Effect.forkChild(Fiber.interrupt(fiber))
        yield* TestClock.adjust("2 minutes")
        yield* Fiber.join(interrupting)
        expect(world.writes).toEqual(writes)
        expect([world.stateOf(from), world.stateOf(to)].filter((state) => state === "enabled")).toHaveLength(1)
        expect(world.bothEnabled()).toBe(0)
        expect(lines).toEqual([expect.stringContaining("A switch-over was interrupted")])
        expect(lines[0]).toContain(outcome)
      }),
  )

  it.effect("A5: an interrupt whose rollback fails logs that both are paused", () =>
    Effect.gen(function* () {
      const world = fake({ running, waits: "1 minute", fates: ["done", "refused"] })
      const lines: Array<string> = []
      const logger = Logger.make((line) => void lines.push(Logger.formatJson.log(line)))
      const switching = Move.switchOver(world.fleet, { from, to, whenRunning: "wait" })
      const fiber = yield* Effect.forkChild(Effect.provide(switching, Logger.layer([logger])))
      yield* TestClock.adjust("30 seconds")
      yield* Fiber.interrupt(fiber)
      expect([world.stateOf(from), world.stateOf(to)]).toEqual(["paused", "paused"])
      expect(lines).toEqual([expect.stringContaining("it stopped at wait, from is paused, to is paused")])
      expect(lines[0]).not.toContain("as they were")
    }),
  )

  it.effect("A5: an interrupt during a resume that fails logs that both are as they were", () =>
    Effect.gen(function* () {
      const world = fake({ takes: "10 seconds", fates: ["done", "refused"] })
      const { lines } = yield* logged(
        Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(Move.switchOver(world.fleet, { from, to, whenRunning: "fail" }))
          yield* TestClock.adjust("25 seconds")
          const interrupting = yield* Effect.forkChild(Fiber.interrupt(fiber))
          yield* TestClock.adjust("2 minutes")
          yield* Fiber.join(interrupting)
        }),
      )
      expect([world.stateOf(from), world.stateOf(to)]).toEqual(["enabled", "paused"])
      const outcome = "it stopped at resume, from is enabled, to is paused, both as they were"
      expect(lines).toMatchObject([{ level: "WARN", annotations: { outcome } }])
    }),
  )
})
