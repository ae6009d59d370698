/** Virtual time for the examples: hours pass at once, and a wait takes no longer than its requests. */
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"

/** Runs a program on a clock that moves on, a second at a time, until the program has ended. */
export const virtually = <A, E>(program: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.parse("2026-01-05T06:00:00Z"))
    // The clock waits only for what it has woken, so the program begins with a sleep.
    const fiber = yield* Effect.forkChild(Effect.delay(program, "1 millis"))
    while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("1 second")
    return yield* Fiber.join(fiber)
  }).pipe(Effect.provide(TestClock.layer()))
