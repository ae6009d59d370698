/** Switch-overs between two vendors whose reads lag, over one journal. */
import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect, Exit, Fiber, Logger, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Administration } from "../src/Administration.ts"
import * as AdminWorkspace from "../src/AdminWorkspace.ts"
import * as Fleet from "../src/Fleet.ts"
import * as Journal from "../src/journal/Journal.ts"
import * as ProcessState from "../src/journal/ProcessState.ts"
import * as Move from "../src/Move.ts"
import { allStates } from "../src/model/JournalEntry.ts"
import { atEachStep, letOthersGoOn } from "./support/atEachStep.ts"
import { lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { begin, within } from "./support/testbed.ts"

const from = FakeSyncs.refOf("old", "one")
const to = FakeSyncs.refOf("new", "other")
const forward = { from, to, whenRunning: "fail" } as const
const back = { from: to, to: from, whenRunning: "fail" } as const

/** Two vendors, each with a sync, and the processes that reach both over one journal. */
const vendors = Effect.fnUntraced(function* (
  lags: { readonly from?: number; readonly to?: number } = {},
  alter: (journal: Journal.Service) => Partial<Journal.Service> = () => ({}),
) {
  const one = FakeSyncs.make({ ...(lags.from !== undefined && { lag: lags.from }) })
  const other = FakeSyncs.make({ ...(lags.to !== undefined && { lag: lags.to }) })
  one.add({ id: "old", at: -1_000_000 })
  other.add({ id: "new", state: "paused", at: -1_000_000 })
  const journal = Journal.memory()
  const start = Effect.gen(function* () {
    const scope = yield* Scope.make()
    const options = { journal: { ...journal, ...alter(journal) }, closeWithin: 0 }
    const fleet = yield* Effect.gen(function* () {
      return yield* Fleet.make({
        one: yield* AdminWorkspace.make({ name: "one", ...options }, one.driver),
        other: yield* AdminWorkspace.make({ name: "other", ...options }, other.driver),
      })
    }).pipe(Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()), Scope.provide(scope))
    return { fleet, close: Scope.close(scope, Exit.void) }
  })
  const states = Effect.map(Effect.all([one.truth, other.truth]), (truths) => truths.flat().map(({ state }) => state))
  return { one, other, journal, start, states }
})

describe("a switch-over", () => {
  it.effect.each([
    ["nothing", {}],
    ["the old vendor", { from: 30_000 }],
    ["the new vendor", { to: 30_000 }],
    ["both", { from: 30_000, to: 30_000 }],
  ] as const)("A5: there, back at once, and there again leaves one on, where %s lags", ([, lags]) =>
    Effect.gen(function* () {
      const { start, states } = yield* vendors(lags)
      const { fleet } = yield* start
      const then = (options: Move.SwitchOptions) => within("3 minutes", Effect.exit(Move.switchOver(fleet, options)))
      for (const options of [forward, back, forward, forward]) {
        yield* then(options)
        expect((yield* states).filter((state) => state === "enabled").length).toBeLessThanOrEqual(1)
      }
      yield* TestClock.adjust("5 minutes")
      yield* within("10 minutes", Move.switchOver(fleet, forward))
      expect(yield* states).toEqual(["paused", "enabled"])
    }),
  )

  it.effect("A5: is done where the target is switched on late", () =>
    Effect.gen(function* () {
      const { other, start, states } = yield* vendors()
      const { fleet } = yield* start
      other.trouble("update", { error: lost, commits: 20_000 })
      yield* within("1 hour", Move.switchOver(fleet, forward))
      expect(yield* states).toEqual(["paused", "enabled"])
    }),
  )

  it.effect("A5: pauses the target whatever reads show, before the source is switched on again", () =>
    Effect.gen(function* () {
      const { other, start, states } = yield* vendors()
      const { fleet } = yield* start
      other.trouble("update", { error: lost })
      const error = yield* Effect.flip(within("1 hour", Move.switchOver(fleet, forward)))
      expect(error).toMatchObject({ step: "resume", isRolledBack: true })
      expect(other.count("update")).toBe(2)
      expect(yield* states).toEqual(["enabled", "paused"])
    }),
  )

  it.effect.each([0, 30_000])(
    "A5: pauses the source again where a colleague switched it on during the wait (lag: %s)",
    (lag) =>
      Effect.gen(function* () {
        const { one, start, states } = yield* vendors({ from: lag })
        const { fleet } = yield* start
        one.runs.begin("old", 0, { lasts: 600_000 })
        const fiber = yield* begin(Move.switchOver(fleet, { ...forward, whenRunning: "wait" }))
        yield* TestClock.adjust(590_000)
        one.set("old", 590_000, { state: "enabled" })
        yield* TestClock.adjust("30 minutes")
        yield* Fiber.join(fiber)
        expect(yield* states).toEqual(["paused", "enabled"])
      }),
  )

  it.effect("A5: of two that are opposite, one waits for the other", () =>
    Effect.gen(function* () {
      const { one, other, start, states } = yield* vendors()
      const [first, second] = [yield* start, yield* start]
      one.trouble("update", { takes: 10_000 })
      other.trouble("update", { takes: 10_000 })
      const both = Effect.all(
        [Effect.exit(Move.switchOver(first.fleet, forward)), Effect.exit(Move.switchOver(second.fleet, back))],
        { concurrency: "unbounded" },
      )
      yield* within("1 hour", both)
      expect((yield* states).filter((state) => state === "enabled")).toHaveLength(1)
    }),
  )

  it.effect("A5: decides by what reads show once they show what other processes wrote, and not before", () =>
    Effect.gen(function* () {
      const { one, other, start, states } = yield* vendors({ from: 30_000, to: 30_000 })
      const [first, second] = [yield* start, yield* start]
      yield* within("10 seconds", Move.switchOver(first.fleet, forward))
      // Reads still show the source on and the target off: undoing by these would switch both on.
      one.runs.begin("old", 0, { lasts: 6_000_000 })
      const begunAt = yield* Clock.currentTimeMillis
      const error = yield* within("10 minutes", Effect.flip(Move.switchOver(second.fleet, forward)))
      expect(error).toMatchObject({ step: "look", fromState: "paused", toState: "enabled" })
      expect(yield* states).toEqual(["paused", "enabled"])
      const reads = other.sent.filter(({ operation, at }) => operation === "syncs" && at > begunAt)
      expect((reads[0]?.at ?? 0) - begunAt).toBeGreaterThan(50_000)
    }),
  )

  it.effect("A5: pauses the source once more where a colleague switched it on while the target was switched on", () =>
    Effect.gen(function* () {
      const { one, other, start, states } = yield* vendors({ from: 30_000 })
      const { fleet } = yield* start
      other.when("update", (now) => one.set("old", now, { state: "enabled" }))
      yield* within("10 seconds", Move.switchOver(fleet, forward))
      expect(yield* states).toEqual(["paused", "enabled"])
      expect(one.count("update")).toBe(3)
    }),
  )

  it.effect.each([
    ["the pause of the source", 1, 0, ["enabled", "paused"]],
    ["the pauses of both", 1, 1, ["paused", "enabled"]],
    ["two pauses of the source and one of the target", 2, 1, ["enabled", "paused"]],
    ["three pauses of the source and two of the target", 3, 2, ["enabled", "enabled"]],
  ] as const)(
    "A5: pauses either, and says which is on, where a colleague switched the source on meanwhile and %s came to nothing",
    ([, ofSource, ofTarget, expected]) =>
      Effect.gen(function* () {
        const { one, other, start, states } = yield* vendors()
        const { fleet } = yield* start
        let resumed = false
        other.when("update", (now) => {
          if (!resumed) one.set("old", now, { state: "enabled" })
          resumed = true
        })
        const nothing = { error: lost } as const
        for (const trouble of [{}, {}, ...Array(ofSource).fill(nothing)]) one.trouble("update", trouble)
        for (const trouble of [{}, ...Array(ofTarget).fill(nothing)]) other.trouble("update", trouble)
        const error = yield* within("1 hour", Effect.flip(Move.switchOver(fleet, forward)))
        expect(yield* states).toEqual(expected)
        expect([error.fromState, error.toState]).toEqual(expected)
      }),
  )

  it.effect("A5: of a process that died leaves an entry, and another process finishes it", () =>
    Effect.gen(function* () {
      const { other, start, states } = yield* vendors()
      const first = yield* start
      other.trouble("update", { error: lost, takes: 100_000 })
      const fiber = yield* begin(Effect.exit(Move.switchOver(first.fleet, forward)))
      yield* TestClock.adjust("5 seconds")
      yield* first.close
      yield* TestClock.adjust("40 seconds")
      yield* Fiber.interrupt(fiber)
      expect(yield* states).toEqual(["paused", "paused"])

      const { fleet } = yield* start
      const pending = yield* fleet.in("one")(Effect.flatMap(Administration, ({ pending }) => pending))
      expect(pending).toMatchObject([
        { entry: { kind: "update", sync: from, fingerprint: { ends: { from: String(from), to: String(to) } } } },
      ])
      yield* within("10 minutes", Move.switchOver(fleet, forward))
      expect(yield* states).toEqual(["paused", "enabled"])
      expect(yield* fleet.in("one")(Effect.flatMap(Administration, ({ pending }) => pending))).toEqual([])
    }),
  )

  it.effect.each([
    ["is switched", false, "finished"],
    ["is undone", true, "not-started"],
  ] as const)("A5: leaves an entry that says that it %s", ([, isUndone, state]) =>
    Effect.gen(function* () {
      const { one, journal, start } = yield* vendors()
      const { fleet } = yield* start
      if (isUndone) one.when("update", (now) => one.runs.begin("old", now, { lasts: 6_000_000 }))
      yield* within("10 minutes", Effect.exit(Move.switchOver(fleet, forward)))
      const { entries } = yield* journal.list({ states: allStates })
      const own = entries.flatMap(({ entry }) =>
        entry.kind === "update" && entry.fingerprint.fields?.includes("switchOver") === true ? [entry.state] : [],
      )
      expect(own).toEqual([state])
    }),
  )

  it.effect("A5: ends at once where a workspace closes while reads may not show what was written", () =>
    Effect.gen(function* () {
      const { start } = yield* vendors()
      const [first, second] = [yield* start, yield* start]
      yield* within("1 second", Move.switchOver(first.fleet, forward))
      const fiber = yield* begin(Effect.exit(Move.switchOver(second.fleet, back)))
      yield* TestClock.adjust("1 second")
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* second.close
      yield* TestClock.adjust(1)
      expect(fiber.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect.each(["is interrupted", "closes its workspaces"])(
    "A5: that %s while its entry is written ends at once, and leaves none",
    (how) =>
      Effect.gen(function* () {
        const { journal, start, states } = yield* vendors({}, (memory) => ({
          mark: (request) => Effect.tap(memory.mark(request), () => Effect.sleep("9 seconds")),
        }))
        const { fleet, close } = yield* start
        const fiber = yield* begin(Effect.exit(Move.switchOver(fleet, forward)))
        yield* TestClock.adjust("1 second")
        expect((yield* journal.list({})).entries).toHaveLength(1)
        const ending = yield* begin(how === "is interrupted" ? Fiber.interrupt(fiber) : close)
        yield* TestClock.adjust("1 second")
        expect([fiber.pollUnsafe(), ending.pollUnsafe()]).toEqual([expect.anything(), expect.anything()])
        yield* TestClock.adjust("1 minute")
        expect((yield* journal.list({})).entries).toEqual([])
        expect(yield* states).toEqual(["enabled", "paused"])
      }),
  )

  it.effect("A5: that is interrupted at any moment leaves one sync on and no entry open", () =>
    atEachStep(
      Effect.gen(function* () {
        const { one, journal, start, states } = yield* vendors()
        const { fleet } = yield* start
        const check = () =>
          Effect.gen(function* () {
            yield* letOthersGoOn(100)
            expect((yield* states).filter((state) => state === "enabled")).toHaveLength(1)
            const { entries } = yield* Effect.orDie(journal.list({ states: ["claimed", "sent", "lost"] }))
            expect(entries.map(({ entry }) => entry.state)).toEqual([])
            expect(one.count("update")).toBeLessThanOrEqual(4)
          })
        return { program: Move.switchOver(fleet, forward), check }
      }).pipe(Effect.orDie),
      29,
    ),
  )

  it.effect("A5: whose workspace closes during the wait says so in the log, with both syncs", () => {
    const lines: Array<string> = []
    const logger = Logger.make((options) => void lines.push(Logger.formatJson.log(options)))
    return Effect.gen(function* () {
      const { one, start } = yield* vendors()
      const { fleet, close } = yield* start
      one.runs.begin("old", 0, { lasts: 6_000_000 })
      const fiber = yield* begin(Effect.exit(Move.switchOver(fleet, { ...forward, whenRunning: "wait" })))
      yield* TestClock.adjust("5 minutes")
      yield* close
      yield* TestClock.adjust("1 hour")
      yield* Fiber.interrupt(fiber)
      const line = lines.find((text) => text.includes("A switch-over was interrupted"))
      expect(line).toContain(String(from))
      expect(line).toContain(String(to))
    }).pipe(Effect.provide(Logger.layer([logger])))
  })
})
