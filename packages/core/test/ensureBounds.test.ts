/** The exact bounds of `ensure`: what is fresh, when the deadline is over, and what its results and errors name. */
import { describe, expect, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Runs, type Service } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** When each test begins. */
const noon = 1_000 * hour

const make = Effect.fnUntraced(function* () {
  yield* TestClock.setTime(noon)
  const fake = FakeDriver.make()
  const { services } = yield* workspace(fake)
  const runs = Context.get(services, Runs)
  const ensure = (options: Partial<Parameters<Service["ensure"]>[1]> = {}) =>
    runs.ensure(sync, options.freshSince === undefined ? { maxAge: "1 hour", ...options } : options)
  return { fake, runs, ensure, operations: () => fake.sent.map(({ operation }) => operation) }
})

describe("the bounds of ensure", () => {
  it.effect("T11, N1: a run whose trigger was marked right at freshSince is fresh, and none before", () =>
    Effect.gen(function* () {
      const { runs, ensure } = yield* make()
      // The trigger begins a millisecond after noon.
      yield* within("5 minutes", runs.run(sync, { whenRunning: "fail" }))
      const since = (millis: number) => ensure({ freshSince: new Date(noon + millis) })
      expect(yield* within("1 second", since(1))).toMatchObject({ how: "fresh", run: { ref: { run: "r1" } } })
      expect(yield* within("5 minutes", since(2))).toMatchObject({ how: "started", run: { ref: { run: "r2" } } })
    }),
  )

  it.effect("T11: right at its deadline nothing is sent any more", () =>
    Effect.gen(function* () {
      const { fake, ensure, operations } = yield* make()
      fake.delay("list", 10 * second)
      const error = yield* within("1 minute", Effect.flip(ensure({ deadline: "10 seconds" })))
      expect(error).toMatchObject({ delivery: "not-sent", reason: { _tag: "Stopped" } })
      expect(operations()).toEqual(["list"])
    }),
  )

  it.effect.each([new Date(noon + hour), FakeDriver.at(noon + hour)])(
    "W1, T11: a deadline may be a date (%s)",
    (deadline) =>
      Effect.gen(function* () {
        const { fake, ensure } = yield* make()
        fake.begin("s1", noon - 2 * hour, { lasts: 9 * hour })
        const caller = yield* begin(Effect.flip(ensure({ deadline })))
        yield* TestClock.setTime(noon + hour - 1)
        expect(caller.pollUnsafe()).toBeUndefined()
        yield* TestClock.setTime(noon + hour + second)
        expect(caller.pollUnsafe()).toMatchObject({ value: { deadline: FakeDriver.at(noon + hour) } })
        // The call waited for a run that is not its own.
        expect(caller.pollUnsafe()).not.toHaveProperty("value.how")
      }),
  )

  it.effect("T11, T3: a run whose answer was lost is adopted", () =>
    Effect.gen(function* () {
      const { fake, ensure } = yield* make()
      fake.begin("s1", noon - 5 * hour)
      fake.onStart((now, id) => {
        fake.begin(id, now)
        return Effect.fail(FakeDriver.lost)
      })
      const finished = yield* within("10 minutes", ensure({ exclusive: true }))
      expect(finished).toMatchObject({ how: "adopted", run: { ref: { run: "r2" } } })
    }),
  )

  it.effect("T11: a run that began between look and trigger costs no request of its own", () =>
    Effect.gen(function* () {
      const { fake, ensure, operations } = yield* make()
      fake.begin("s1", noon - 5 * hour)
      fake.delay("list", 5 * second)
      fake.begin("s1", noon + 2 * second, { lasts: 10 * minute })
      const caller = yield* begin(ensure())
      yield* TestClock.setTime(noon + 6 * second + 1)
      // The look, the fence, the look a second later, and the first look of the wait.
      expect(operations()).toEqual(["list", "list", "list", "get"])
      yield* TestClock.adjust("15 minutes")
      expect(caller.pollUnsafe()).toMatchObject({ value: { how: "joined", run: { ref: { run: "r2" } } } })
    }),
  )
})
