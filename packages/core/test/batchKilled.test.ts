/** Batches whose process dies at any moment, and that are run again with their key. */
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Fleet from "../src/Fleet.ts"
import * as Journal from "../src/journal/Journal.ts"
import { jobs, wait } from "./support/batches.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, otherProcess, within } from "./support/testbed.ts"

/** A process that can die: from then on, nothing that it called returns, and it calls nothing, until it is buried. */
const mortal = () => {
  let isDead = false
  const grave = Deferred.makeUnsafe<never>()
  const gated = <A, E, R>(call: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
    const unlessDead = <B>(value: B) => (isDead ? Deferred.await(grave) : Effect.succeed(value))
    return Effect.suspend(() => (isDead ? Deferred.await(grave) : Effect.flatMap(call, unlessDead)))
  }
  const calls = <S extends object>(service: S): S =>
    Object.fromEntries(
      Object.entries(service).map(([name, member]) => [
        name,
        typeof member === "function"
          ? (...args: ReadonlyArray<unknown>) => {
              const result = member(...args)
              return Effect.isEffect(result) ? gated(result as Effect.Effect<unknown, unknown>) : result
            }
          : member,
      ]),
    ) as S
  return {
    calls,
    kill: () => {
      isDead = true
    },
    bury: Deferred.die(grave, "the process has died"),
  }
}

const names = ["a", "b", "c", "d", "e"]
const options = { ...wait, key: "nightly/2026-11-28", concurrency: 2 }

/** Opens a fleet over the vendor in a process of its own. */
const fleetOf = (fake: FakeDriver.Fake, journal: Journal.Service) =>
  Effect.flatMap(otherProcess(fake, { name: "crm", journal }), (crm) => Fleet.make({ crm }))

/** The first runs begin at 0, the next at about 80 seconds, and the last at about 160. */
const moments = Array.from({ length: 25 }, (_, at) => at * 8_000 + at * 130)

describe("a batch whose process dies", () => {
  it.effect.each(moments)("T10, F7: %i ms after its start, it goes on with its key, and no sync runs twice", (moment) =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      // The vendor begins the run at once, and answers after 4 seconds.
      fake.onStart((now, id) => {
        const run = fake.begin(id, now, { lasts: 75_000 })
        return Effect.delay(Effect.succeed(run.id), "4 seconds")
      })
      const journal = Journal.memory()
      const process = mortal()
      const dying = { ...fake, driver: { ...fake.driver, runs: process.calls(fake.driver.runs) } }
      const first = yield* fleetOf(dying, process.calls(journal))
      const fiber = yield* begin(first.runAll(jobs(...names), options))
      yield* TestClock.adjust(moment)
      process.kill()

      const second = yield* fleetOf(fake, journal)
      const report = yield* within("3 hours", second.runAll(jobs(...names), options))
      expect(report.jobs.map(({ name, verdict }) => [name, verdict])).toEqual(names.map((name) => [name, "complete"]))
      expect(names.map((name) => fake.runsOf(name).length)).toEqual(names.map(() => 1))
      yield* process.bury
      yield* Fiber.interrupt(fiber)
    }),
  )
})
