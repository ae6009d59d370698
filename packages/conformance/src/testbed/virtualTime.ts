/** Driving programs on the test clock. Whatever they do, no law hangs: what does not end in time is a defect. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"

/** The virtual time at which every law begins: vendors know no years around 1970. */
export const origin = 1_790_000_000_000

/** A program that goes on by itself while virtual time passes. */
export interface Begun<A, E> {
  /** How it has ended, which it must have by now. */
  readonly exit: Effect.Effect<Exit.Exit<A, E>>
  /** The same, as a success or a failure. */
  readonly result: Effect.Effect<A, E>
  /** Interrupts it, which may take a minute of virtual time at the most. */
  readonly stop: Effect.Effect<void>
}

// Only what the test clock has woken is waited for, so a program begins with a sleep. A detached fiber that is stuck
// keeps nobody from ending.
const fork = <A, E, R>(program: Effect.Effect<A, E, R>) => Effect.forkDetach(Effect.delay(program, 1))

const late = (what: string, within: number) =>
  Effect.die(new Error(`${what} within ${Duration.format(Duration.millis(within))} of virtual time`))

/** Begins a program; it has begun once virtual time passes. */
export const begin = <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<Begun<A, E>, never, R> =>
  Effect.map(fork(program), (fiber) => {
    const exit = Effect.suspend(() => {
      const ended = fiber.pollUnsafe()
      return ended === undefined ? Effect.die(new Error("it should have ended by now")) : Effect.succeed(ended)
    })
    return { exit, result: Effect.flatten(exit), stop: stop(fiber) }
  })

const stop = Effect.fnUntraced(function* (fiber: Fiber.Fiber<unknown, unknown>) {
  const stopping = yield* Effect.forkDetach(Fiber.interrupt(fiber))
  for (let hop = 0; hop < 20 && stopping.pollUnsafe() === undefined; hop++) yield* Effect.yieldNow
  for (let second = 0; stopping.pollUnsafe() === undefined; second++) {
    if (second === 60) return yield* late("was not interrupted", 60_000)
    yield* TestClock.adjust("1 second")
  }
})

/** How the program ends, and at once when it does. One that has not ended `within` that much virtual time is a defect. */
export const drive = Effect.fnUntraced(function* <A, E, R>(
  program: Effect.Effect<A, E, R>,
  within: Duration.Input,
): Effect.fn.Return<Exit.Exit<A, E>, never, R> {
  const fiber = yield* fork(program)
  const total = Duration.toMillis(Duration.fromInputUnsafe(within))
  let passed = 0
  for (let step = 1; passed < total; step = Math.min(step * 2, Math.max(250, total / 100))) {
    yield* TestClock.adjust(step)
    passed += step
    const exit = fiber.pollUnsafe()
    if (exit !== undefined) return exit
  }
  yield* Effect.forkDetach(Fiber.interrupt(fiber))
  return yield* late("did not end", total)
})
