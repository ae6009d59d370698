/** Switch-overs in which single requests fail: what is switched on in the end, and what the error says. */
import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect, Schema, Stream } from "effect"
import * as Move from "../src/Move.ts"
import { ChangeConflict } from "../src/model/Change.ts"
import { PermissionDenied } from "../src/model/Reason.ts"
import { Run } from "../src/model/Run.ts"
import type { State } from "../src/model/Sync.ts"
import { failure } from "./support/fakeDriver.ts"
import { fake, from, runOf, syncOf, target, to } from "./support/fakeFleet.ts"

const options = { from, to, whenRunning: "fail" } as const
const denied = failure(new PermissionDenied(), "refused", { status: 403 })
const states = (made: ReturnType<typeof fake>) => [made.stateOf(from), made.stateOf(to)]

type Record = Parameters<Parameters<Move.Fleet["holdForSwitch"]>[2]>[0]

/** A fleet whose pauses of one sync are others. The first one has the number 1. */
const pausing = (
  made: ReturnType<typeof fake>,
  of: typeof from,
  pause: (nth: number, usual: Record["pause"]) => Record["pause"],
): Move.Fleet => {
  let count = 0
  return {
    ...made.fleet,
    holdForSwitch: (sync, pair, work) =>
      made.fleet.holdForSwitch(sync, pair, (record) =>
        work(
          String(sync) === String(of)
            ? { ...record, pause: Effect.suspend(() => pause(++count, record.pause)) }
            : record,
        ),
      ),
  }
}

describe("a switch-over", () => {
  it.effect("A5: whose look at the runs fails says what both syncs are", () =>
    Effect.gen(function* () {
      const made = fake({})
      const error = yield* Effect.flip(Move.switchOver({ ...made.fleet, list: () => Stream.fail(denied) }, options))
      expect(error).toMatchObject({
        step: "look",
        fromState: "enabled",
        toState: "paused",
        isRolledBack: true,
        error: denied,
      })
      expect(made.writes).toEqual([])
    }),
  )

  it.effect("A5: goes on where another hand has changed other fields of the source meanwhile", () =>
    Effect.gen(function* () {
      const made = fake({})
      const fleet = pausing(made, from, (_, usual) =>
        Effect.flatMap(
          usual,
          (sync) => new ChangeConflict({ sync, fields: [{ field: "name", before: "a", after: "b" }] }),
        ),
      )
      yield* Move.switchOver(fleet, options)
      expect(states(made)).toEqual(["paused", "enabled"])
    }),
  )

  it.effect("A5: accepts a source whose switch is off, whatever else is wrong with it", () =>
    Effect.gen(function* () {
      const made = fake({})
      const fleet = pausing(made, from, (_, usual) => Effect.as(usual, syncOf(from, "error", { isSwitchedOn: false })))
      yield* Move.switchOver(fleet, options)
      expect(made.stateOf(to)).toBe("enabled")
      const on = fake({})
      const refused = pausing(on, from, (_, usual) => Effect.as(usual, syncOf(from, "error", { isSwitchedOn: true })))
      expect(yield* Effect.flip(Move.switchOver(refused, options))).toMatchObject({ step: "pause" })
      expect(on.stateOf(to)).toBe("paused")
    }),
  )

  it.effect.each<[string, Partial<Parameters<typeof fake>[0]>]>([
    ["is off by its answer, where no read shows it", { isUnreadable: true }],
    ["is off by a read, where it cannot be paused", {}],
  ])("A5: switches the source on again where the target cannot be switched on and %s", ([, more]) =>
    Effect.gen(function* () {
      const made = fake({ fates: ["done", "refused"], ...more })
      const fleet = more.isUnreadable === true ? made.fleet : pausing(made, to, () => Effect.fail(denied))
      expect(yield* Effect.flip(Move.switchOver(fleet, options))).toMatchObject({
        ...{ step: "resume", fromState: "enabled", toState: "paused", isRolledBack: true },
      })
      expect(states(made)).toEqual(["enabled", "paused"])
    }),
  )

  it.effect.each<State>(["paused", "unknown"])("A5: does not switch a source on that was %s before", (state) =>
    Effect.gen(function* () {
      const made = fake({ from: state, fates: state === "paused" ? ["refused"] : ["done", "refused"] })
      expect(yield* Effect.flip(Move.switchOver(made.fleet, options))).toMatchObject({ step: "resume" })
      expect(states(made)).toEqual(["paused", "paused"])
      expect(made.writes).not.toContain("old enabled")
    }),
  )
})

describe("a switch-over whose last pause of the source fails", () => {
  /** The source is paused before and after the wait, and after the target is switched on. */
  const last = 3
  const failing = (made: ReturnType<typeof fake>) =>
    pausing(made, from, (nth, usual) => (nth >= last ? Effect.fail(denied) : usual))

  it.effect.each([false, true])("A5: is done where the source is off or cannot be read (%s)", (isUnreadable) =>
    Effect.gen(function* () {
      const made = fake({ isUnreadable })
      const switched = yield* Move.switchOver(failing(made), options)
      expect([switched.from.state, switched.to.state]).toEqual(["paused", "enabled"])
      expect(states(made)).toEqual(["paused", "enabled"])
    }),
  )

  it.effect.each([
    ["is paused", true, "paused"],
    ["stays on where it cannot be paused, and the error says so", false, "enabled"],
  ] as const)("A5: where somebody has switched the source on, the target %s", ([, canPause, toState]) =>
    Effect.gen(function* () {
      const made = fake({})
      const source = failing(made)
      const holdForSwitch: Move.Fleet["holdForSwitch"] = (sync, pair, work) =>
        source.holdForSwitch(sync, pair, (record) =>
          work(String(sync) === String(to) && !canPause ? { ...record, pause: Effect.fail(denied) } : record),
        )
      let isOn = false
      const fleet: Move.Fleet = {
        ...source,
        holdForSwitch,
        resumeSync: (ref) =>
          Effect.tap(source.resumeSync(ref), () =>
            Effect.sync(() => {
              isOn = true
            }),
          ),
        getSync: (ref) =>
          isOn && String(ref) === String(from) ? Effect.succeed(syncOf(from, "enabled")) : source.getSync(ref),
      }
      expect(yield* Effect.flip(Move.switchOver(fleet, options))).toMatchObject({
        ...{ step: "resume", fromState: "enabled", toState, isRolledBack: toState === "paused", error: denied },
      })
      expect(made.stateOf(to)).toBe(toState)
    }),
  )
})

describe("the runs of a source", () => {
  it.effect("A5: that have not begun have no date, and are under way", () =>
    Effect.gen(function* () {
      const ended = new Run({ ...runOf("succeeded", {}, "old"), startedAt: DateTime.makeUnsafe(1_000) })
      const made = fake({ running: [runOf("queued", {}, "next"), ended] })
      const error = yield* Effect.flip(Move.switchOver(made.fleet, options))
      expect(error).toMatchObject({ step: "look", underWay: [{ run: "next" }] })
    }),
  )

  it.effect("A5: are read as far as the newest hundred where the newest come first, once for each look", () =>
    Effect.gen(function* () {
      const made = fake({})
      let read = 0
      const runs = Stream.map(Stream.rechunk(Stream.range(1, 1_000), 1), (index) => {
        read++
        return new Run({ ...runOf("succeeded", {}, `r${index}`), startedAt: DateTime.makeUnsafe(2_000 - index) })
      })
      yield* Move.switchOver({ ...made.fleet, list: () => runs }, options)
      expect(read).toBeLessThanOrEqual(2 * 110)
    }),
  )
})

describe("a report", () => {
  it("A5: is JSON, whatever becomes of the parts of a sync", () => {
    const sync = syncOf(from, "enabled", { name: "Customers", mode: "insert" })
    const report = Move.report(sync, { ...target, hasNames: false })
    expect(new Set(report.items.map(({ fate }) => fate))).toContain("lost")
    const codec = Schema.toCodecJson(Move.Report)
    for (const item of report.items) expect(Schema.is(Move.Item)(item)).toBe(true)
    expect(Schema.decodeUnknownSync(codec)(JSON.parse(JSON.stringify(Schema.encodeSync(codec)(report))))).toEqual(
      report,
    )
  })
})
