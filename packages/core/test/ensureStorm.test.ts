import { describe, expect, it } from "@effect/vitest"
import { Clock, Context, DateTime, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { form } from "../../../scripts/forms.ts"
import * as Journal from "../src/journal/Journal.ts"
import { Network } from "../src/model/Reason.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { randomOf } from "./support/histories.ts"
import { slow } from "./support/journals.ts"
import { begin, otherProcess } from "./support/testbed.ts"

const sync = FakeDriver.sync()

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const noon = 1_000 * hour

const unreachable = FakeDriver.failure(new Network({ code: "ECONNREFUSED" }), "not-sent")

/** Ten callers in three processes, over ten minutes, with slow stores, slow answers, lost ones, lists that lag, and strangers. */
const storm = Effect.fnUntraced(function* (seed: number) {
  const random = randomOf(seed)
  const between = (from: number, to: number): number => Math.floor(from + random() * (to - from))
  const chance = (part: number): boolean => random() < part
  const start = (yield* Clock.currentTimeMillis) + 10 * hour
  yield* TestClock.setTime(start)
  const fake = FakeDriver.make()
  const old = between(0, 3)
  for (let index = 0; index < old; index++) fake.begin("s1", start - between(61, 600) * minute, { lasts: minute })
  if (chance(0.3)) fake.begin("s1", start - between(61, 100) * minute, { lasts: 100 * minute })
  const strangers = chance(0.3) ? 1 : 0
  if (strangers > 0) fake.begin("s1", start + between(0, 10 * minute), { lasts: between(second, 10 * minute) })
  const before = fake.runsOf("s1").length
  const lasts = between(0, chance(0.5) ? 20 * second : 15 * minute)
  const trouble = between(0, 5)
  let requests = 0
  fake.onStart((now, id) => {
    const isFirst = requests++ === 0
    if (isFirst && trouble === 0) return Effect.fail(FakeDriver.lost)
    if (isFirst && trouble === 1) return Effect.fail(unreachable)
    const run = Effect.succeed(fake.begin(id, now, { lasts }).id)
    return isFirst && trouble === 2 ? Effect.andThen(run, Effect.fail(FakeDriver.lost)) : run
  })
  for (const operation of ["start", "list", "list", "list"] as const) {
    if (chance(0.4)) fake.delay(operation, between(0, 40 * second))
  }
  // Lists lag behind.
  const lag = chance(0.5) ? between(0, 50 * second) : 0
  const { runs } = fake.driver
  const list: typeof runs.list = (ids, query) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Effect.map(runs.list(ids, query), (page) => ({
        ...page,
        runs: page.runs.filter(({ startedAt }) => now - (startedAt?.epochMilliseconds ?? 0) >= lag),
      })),
    )
  const lagging: FakeDriver.Fake = { ...fake, driver: { ...fake.driver, runs: { ...runs, list } } }
  const longest = between(0, 2 * second)
  const journal = slow(Journal.memory(), () => between(0, longest))
  // Calls at the same time may each want data from their beginning on.
  const isBurst = chance(0.3)
  const processes = yield* Effect.forEach([1, 2, 3], () => otherProcess(lagging, { journal }))
  const settled = { exclusive: true, turnWithin: "1 hour" } as const
  const hourly = { ...settled, maxAge: "1 hour" } as const
  const fromNowOn = Effect.map(DateTime.now, (now) => ({ ...settled, freshSince: now }))
  const callers = yield* Effect.forEach(Array.from({ length: 10 }), (_, index) => {
    const { services } = processes[index % 3] ?? expect.unreachable()
    const { ensure } = Context.get(services, Runs)
    const call = isBurst
      ? Effect.flatMap(fromNowOn, (options) => ensure(sync, options))
      : Effect.delay(ensure(sync, hourly), between(0, chance(0.5) ? 50 : 10 * minute))
    const leaves = chance(0.15) ? Effect.sleep(between(0, 12 * minute)) : Effect.never
    return begin(Effect.raceFirst(Effect.exit(call), Effect.as(leaves, undefined)))
  })
  yield* TestClock.adjust("3 hours")
  const exits = yield* Effect.forEach(callers, Fiber.join)
  return { started: fake.runsOf("s1").length - before, exits, strangers, trouble }
}, Effect.scoped)

describe("ensure in a storm", () => {
  const storms = form(15, 1_000)

  it.effect(
    `T11: in ${storms} storms, ten callers in three processes start at most one run`,
    () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(noon)
        let accepted = 0
        for (let seed = 1; seed <= storms; seed++) {
          const { started, exits, trouble } = yield* storm(seed)
          const text = `seed ${seed}: ${started} runs, trouble ${trouble}: ${exits.map((exit) => exit?.toString().slice(0, 200)).join("\n")}`
          expect(started, text).toBeLessThanOrEqual(1)
          for (const exit of exits) {
            if (exit === undefined) continue
            if (Exit.isSuccess(exit)) accepted++
            // Only an answer that is lost, and the strangers that make it ambiguous, leave a caller without fresh data.
            else expect(trouble, text).toBeLessThan(3)
          }
        }
        expect(accepted).toBeGreaterThan(storms * 6)
      }),
    form(60_000, 1_200_000),
  )
})
