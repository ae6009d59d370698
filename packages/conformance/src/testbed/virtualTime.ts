/** Runs programs on the test clock. No program can make a law hang: one that does not end in time is a defect. */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"

/** The virtual time at which every law begins, in epoch milliseconds. Vendors take years around 1970 for nonsense. */
export const origin = 1_790_000_000_000

/** The clock that attacks run on. Tests over sockets replace it by one that waits for these. */
export const AttackClock = Context.Reference<Layer.Layer<never>>("@openretl/conformance/AttackClock", {
  defaultValue: () => TestClock.layer(),
})

/** A program that goes on in the background while virtual time passes. */
export interface BackgroundProgram<A, E> {
  /** Returns how the program ended. Dies when it has not ended yet. */
  readonly exit: Effect.Effect<Exit.Exit<A, E>>
  /** Returns or fails as the program did. Dies when it has not ended yet. */
  readonly result: Effect.Effect<A, E>
  /** Interrupts the program. Takes at most a minute of virtual time. */
  readonly stop: Effect.Effect<void>
}

// `TestClock.adjust` waits only for fibers that the clock wakes, so a program begins with a sleep. The fiber is detached,
// so that a program that is stuck does not keep its law from ending.
const fork = <A, E, R>(program: Effect.Effect<A, E, R>) => Effect.forkDetach(Effect.delay(program, 1))

/** A program that did not end in time. */
export class Late extends Error {}

const late = (problem: string, within: number) =>
  Effect.die(new Late(`${problem} within ${Duration.format(Duration.millis(within))} of virtual time`))

/** Begins a program in the background. It takes its first step once virtual time passes. */
export const begin = <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<BackgroundProgram<A, E>, never, R> =>
  Effect.map(fork(program), (fiber) => {
    const exit = Effect.suspend(() => {
      const ended = fiber.pollUnsafe()
      return ended === undefined ? Effect.die(new Error("the program has not ended yet")) : Effect.succeed(ended)
    })
    return { exit, result: Effect.flatten(exit), stop: stop(fiber) }
  })

const stop = Effect.fnUntraced(function* (fiber: Fiber.Fiber<unknown, unknown>) {
  const stopping = yield* Effect.forkDetach(Fiber.interrupt(fiber))
  for (let hop = 0; hop < 20 && stopping.pollUnsafe() === undefined; hop++) yield* Effect.yieldNow
  for (let second = 0; stopping.pollUnsafe() === undefined; second++) {
    if (second === 60) return yield* late("the program did not stop", 60_000)
    yield* TestClock.adjust("1 second")
  }
})

/**
 * Runs a program and returns how it ended, as soon as it ends. Dies when it does not end `within` that virtual time.
 */
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
  return yield* late("the program did not end", total)
})
