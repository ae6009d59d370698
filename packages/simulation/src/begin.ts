import * as Effect from "effect/Effect"

/** Forks a program after a sleep, so that the test clock waits for all of its fibers. */
export const begin = <A, E, R>(program: Effect.Effect<A, E, R>) => Effect.forkChild(Effect.delay(program, "1 millis"))
