/** The deadline of a request. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

/**
 * Runs an effect and, where it takes longer than `duration`, interrupts it and runs what `late` returns. It does what
 * `Effect.timeoutOrElse` does, which costs twice as much: every request has a deadline, and hardly any meets it.
 */
export const within = <A, E>(
  effect: Effect.Effect<A, E>,
  duration: Duration.Duration,
  late: () => Effect.Effect<A, E>,
): Effect.Effect<A, E> =>
  Effect.withFiber((parent) => {
    const fork = Effect.runForkWith(parent.context)
    return Effect.callback<A, E>((resume) => {
      const running = fork(effect)
      const end = running.pollUnsafe()
      if (end !== undefined) return resume(end)
      let isLate = false
      const stop = Effect.sync(() => {
        isLate = true
        running.interruptUnsafe(parent.id)
      })
      const timer = fork(Effect.andThen(Effect.sleep(duration), stop))
      running.addObserver((exit) => {
        timer.interruptUnsafe()
        resume(isLate ? late() : exit)
      })
      return Fiber.interrupt(running)
    })
  })
