/** Changes whose caller is interrupted, or whose workspace closes, at any moment: what they leave, and what the log says. */
import { describe, expect, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../src/journal/Journal.ts"
import * as ProcessState from "../src/journal/ProcessState.ts"
import type * as Workspace from "../src/Workspace.ts"
import { atEachStep, letOthersGoOn } from "./support/atEachStep.ts"
import { lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { logged } from "./support/logs.ts"
import { begin, within } from "./support/testbed.ts"

const { definition, refOf } = FakeSyncs
const states = ["claimed", "sent", "lost", "started", "finished"] as const

/** A workspace in a process of its own, that can be closed. */
const make = Effect.fnUntraced(function* (options: Partial<Workspace.MakeOptions> = {}) {
  const fake = FakeSyncs.make()
  fake.add({ id: "s1", at: -1_000_000 })
  const scope = yield* Scope.make()
  const journal = Journal.memory()
  const { administration } = yield* FakeSyncs.open(fake, { journal, ...options }).pipe(
    Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
    Scope.provide(scope),
  )
  return { fake, journal, administration, close: Scope.close(scope, Exit.void) }
})

type Made = Effect.Success<ReturnType<typeof make>>

describe("an interrupt at any moment", () => {
  it.effect.each<[string, ops: number, (administration: Made["administration"]) => Effect.Effect<unknown, unknown>]>([
    ["an update", 6, ({ pause }) => pause(refOf("s1"))],
    ["a create with a key", 9, ({ create }) => create(definition("a"), { key: "crm" })],
  ])("A1: %s is not sent and leaves no entry, or it goes on to its end", ([, opsBeforeYield, change]) => {
    const attempt = Effect.gen(function* () {
      const { fake, journal, administration } = yield* make()
      const check = () => {
        const hasRead = fake.count("syncs") > 0
        return Effect.gen(function* () {
          yield* letOthersGoOn(100)
          if (!hasRead) expect(fake.writes()).toBe(0)
          const { entries } = yield* journal.list({ states })
          expect(entries.map(({ entry }) => entry.state)).toEqual(fake.writes() === 0 ? [] : ["finished"])
          expect(fake.writes()).toBeLessThanOrEqual(1)
        }).pipe(Effect.orDie)
      }
      return { program: change(administration), check }
    })
    return atEachStep(Effect.orDie(attempt), opsBeforeYield)
  })
})

describe("a workspace that closes at any moment", () => {
  it.effect("A1: sends a change and writes how it ends, or does nothing", () => {
    const attempt = Effect.gen(function* () {
      const { fake, journal, administration, close } = yield* make({ closeWithin: "1 hour" })
      const change = Effect.flatMap(Effect.forkDetach(Effect.exit(administration.pause(refOf("s1")))), Fiber.join)
      const check = () =>
        Effect.gen(function* () {
          yield* letOthersGoOn(100)
          const { entries } = yield* journal.list({ states })
          expect(entries.map(({ entry }) => entry.state)).toEqual(fake.writes() === 0 ? [] : ["finished"])
        }).pipe(Effect.orDie)
      return { program: Effect.onInterrupt(change, () => close), check }
    })
    return atEachStep(Effect.orDie(attempt), 9)
  })
})

describe("a change whose caller is interrupted before its request", () => {
  it.effect("A1: stops at once, and the next one has its turn", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("syncs", { takes: 3_600_000 })
      const fiber = yield* begin(administration.pause(refOf("s1")))
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.interrupt(fiber)
      expect(yield* within("1 second", administration.pause(refOf("s1")))).toMatchObject({ state: "paused" })
    }),
  )
})

describe("a change whose caller is interrupted after its request", () => {
  it.effect("A1: is looked for where its answer was lost, and its end is logged", () =>
    Effect.gen(function* () {
      const { lines } = yield* logged(
        Effect.gen(function* () {
          const { fake, administration } = yield* make()
          fake.trouble("update", { error: lost, commits: 60_000 })
          const fiber = yield* begin(administration.pause(refOf("s1")))
          yield* TestClock.adjust("5 seconds")
          yield* Fiber.interrupt(fiber)
          const exit = yield* Fiber.await(fiber)
          expect(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)).toBe(true)
          yield* TestClock.adjust("10 minutes")
          expect(yield* administration.pending).toEqual([])
        }),
      )
      expect(lines).toMatchObject([
        {
          level: "WARN",
          message: "Change completed after its caller was interrupted",
          annotations: { workspace: "test", operation: "pauseSync", sync: String(refOf("s1")), outcome: "done" },
        },
      ])
    }),
  )

  it.effect("A1: and that was not, is not logged", () =>
    Effect.gen(function* () {
      const { lines } = yield* logged(
        Effect.gen(function* () {
          const { fake, journal, administration } = yield* make()
          yield* within("1 minute", administration.pause(refOf("s1")))
          yield* within("1 minute", administration.create(definition("a"), { key: "crm" }))
          fake.trouble("update", { error: lost })
          yield* within("1 hour", Effect.flip(administration.resume(refOf("s1"))))
          expect((yield* journal.list({ states })).entries).toHaveLength(3)
        }),
      )
      expect(lines).toEqual([])
    }),
  )
})

describe("a workspace that closes", () => {
  const closing = ({ close, fake }: Made, change: Effect.Effect<unknown, unknown>, at: number, takes: number) =>
    Effect.gen(function* () {
      fake.trouble("update", { takes })
      const caller = yield* begin(Effect.exit(change))
      yield* TestClock.adjust(at)
      const fiber = yield* begin(close)
      yield* TestClock.adjust("9 seconds")
      const early = fiber.pollUnsafe() !== undefined
      yield* TestClock.adjust("1 hour")
      yield* Fiber.join(fiber)
      const exit = yield* Fiber.join(caller)
      return { isClosedEarly: early, isDone: Exit.isSuccess(exit) }
    })

  it.effect.each([
    ["that ends in time is done", 5_000, true, []],
    ["that does not is left, and the log says so", 60_000, false, ["A change was left unsettled"]],
  ] as const)("A1: a change %s", ([, takes, isDone, messages]) =>
    Effect.gen(function* () {
      const { value, lines } = yield* logged(
        Effect.gen(function* () {
          const made = yield* make({ closeWithin: "10 seconds" })
          return yield* closing(made, made.administration.pause(refOf("s1")), 1_000, takes)
        }),
      )
      expect(value).toEqual({ isClosedEarly: isDone, isDone })
      expect(lines.map(({ message }) => message)).toEqual(messages)
      if (!isDone) {
        expect(lines[0]?.annotations).toMatchObject({
          workspace: "test",
          operation: "pauseSync",
          sync: String(refOf("s1")),
        })
      }
    }),
  )

  it.effect.each<[string, (made: Made) => Effect.Effect<unknown, unknown>]>([
    [
      "waits for the read of its sync",
      ({ fake, administration }) => {
        fake.trouble("syncs", { takes: 60_000 })
        return administration.pause(refOf("s1"))
      },
    ],
    [
      "waits for its turn",
      ({ fake, journal, administration }) =>
        Effect.andThen(
          journal.acquire(
            `change ${JSON.stringify(["fake", fake.driver.baseUrl, "s1"])}`,
            { call: "c", host: "h", pid: 1 },
            "1 hour",
          ),
          administration.pause(refOf("s1")),
        ),
    ],
  ])("A1: ends a change at once that %s, and sends nothing", ([, change]) =>
    Effect.gen(function* () {
      const made = yield* make({ closeWithin: "10 seconds" })
      const { isClosedEarly } = yield* closing(made, change(made), 1_000, 0)
      expect(isClosedEarly).toBe(true)
    }),
  )
})
