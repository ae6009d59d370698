import * as Effect from "effect/Effect"

/** Begins a program, in a way that the test clock follows it across all of its fibers. */
export const begin = <A, E, R>(program: Effect.Effect<A, E, R>) => Effect.forkChild(Effect.delay(program, "1 millis"))
