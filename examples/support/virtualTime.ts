/** Virtual time for the examples: hours pass at once, and a wait takes no longer than its requests. */
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"

/** Runs a program on a virtual clock that advances one second at a time until the program ends. */
export const inVirtualTime = <A, E>(program: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-05T06:00:00Z"))
    // `adjust` waits only for fibers that it woke, so the program begins with a sleep.
    const fiber = yield* Effect.forkChild(Effect.delay(program, "1 millis"))
    while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("1 second")
    return yield* Fiber.join(fiber)
  }).pipe(Effect.provide(TestClock.layer()))
