/** Runs programs on the test clock. */
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as ProcessState from "../../src/journal/ProcessState.ts"
import * as Workspace from "../../src/Workspace.ts"
import type { Fake } from "./fakeDriver.ts"

/** Forks a program after a sleep, so that the test clock waits for all of its fibers. */
export const begin = <A, E, R>(program: Effect.Effect<A, E, R>) => Effect.forkChild(Effect.delay(program, "1 millis"))

/** Lets so much time pass and returns how the program ended. Fails the test when it has not ended by then. */
export const within = <A, E, R>(duration: Duration.Input, program: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* begin(program)
    yield* TestClock.adjust(duration)
    const exit = fiber.pollUnsafe()
    if (exit === undefined) {
      yield* Fiber.interrupt(fiber)
      return yield* Effect.die(new Error("the program had not ended by then"))
    }
    return yield* exit
  })

/** The present clock, and how many timers it has and has had. */
export const countedTimers = Effect.map(Clock.Clock, (present) => {
  const timers = { active: 0, begun: 0 }
  const clock: Clock.Clock = {
    ...present,
    sleep: (duration) =>
      Effect.suspend(() => {
        timers.active++
        timers.begun++
        return Effect.ensuring(
          present.sleep(duration),
          Effect.sync(() => timers.active--),
        )
      }),
  }
  return { clock, timers }
})

/** The states of the processes that use the fake vendors: one for each vendor. */
const processes = new WeakMap<Fake, ProcessState.Service>()

const processOf = (fake: Fake): ProcessState.Service => {
  const state = processes.get(fake) ?? ProcessState.isolated()
  processes.set(fake, state)
  return state
}

/** Opens the workspace `test` over the fake vendor, in the one process that uses the vendor. */
export const workspace = (fake: Fake, options: Partial<Workspace.MakeOptions> = {}) =>
  Workspace.make({ name: "test", closeWithin: 0, ...options }, fake.driver).pipe(
    Effect.provideService(ProcessState.ProcessState, processOf(fake)),
  )

/** Opens the workspace `test` over the fake vendor, in a process of its own. */
export const otherProcess = (fake: Fake, options: Partial<Workspace.MakeOptions> = {}) =>
  Workspace.make({ name: "test", closeWithin: 0, ...options }, fake.driver).pipe(
    Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
  )
