/** The deadline of a request. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { inFiber } from "./inFiber.ts"

/** What a request fails with that has met its deadline. */
export const late: unique symbol = Symbol("late")

const failed = /* @__PURE__ */ Effect.fail(late)

/**
 * Runs an effect and, where it takes longer than `duration`, interrupts it and fails with `late`. It does what
 * `Effect.timeoutOrElse` does, which costs twice as much: every request has a deadline, and hardly any meets it.
 */
export const within = <A, E>(
  effect: Effect.Effect<A, E>,
  duration: Duration.Duration,
): Effect.Effect<A, E | typeof late> =>
  Effect.withFiber((parent) =>
    inFiber<A, E | typeof late, never>(effect, parent.context, (running) => {
      let isLate = false
      const stop = Effect.sync(() => {
        isLate = true
        running.interruptUnsafe(parent.id)
      })
      const timer = Effect.runForkWith(parent.context)(Effect.andThen(Effect.sleep(duration), stop))
      return (exit) => {
        timer.interruptUnsafe()
        return isLate ? failed : exit
      }
    }),
  )
