/** The deadline of a request. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { inFiber } from "./inFiber.ts"

/**
 * Runs an effect and, where it takes longer than `duration`, interrupts it and runs what `late` returns. It does what
 * `Effect.timeoutOrElse` does, which costs twice as much: every request has a deadline, and hardly any meets it.
 */
export const within = <A, E>(
  effect: Effect.Effect<A, E>,
  duration: Duration.Duration,
  late: () => Effect.Effect<A, E>,
): Effect.Effect<A, E> =>
  Effect.withFiber((parent) =>
    inFiber(effect, parent.context, (running) => {
      let isLate = false
      const stop = Effect.sync(() => {
        isLate = true
        running.interruptUnsafe(parent.id)
      })
      const timer = Effect.runForkWith(parent.context)(Effect.andThen(Effect.sleep(duration), stop))
      return (exit) => {
        timer.interruptUnsafe()
        return isLate ? late() : exit
      }
    }),
  )
