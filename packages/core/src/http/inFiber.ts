/** Running an effect in a fiber of its own, which others can end. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"

/**
 * Runs an effect with this context in a fiber of its own, and interrupts it with its caller. Where the effect does not end at
 * once, `started` gets the fiber, and returns what turns its exit into that of the whole.
 */
export const inFiber = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  context: Context.Context<R>,
  started: (fiber: Fiber.Fiber<A, E>) => (exit: Exit.Exit<A, E>) => Effect.Effect<A, E>,
): Effect.Effect<A, E> =>
  Effect.callback((resume) => {
    const running = Effect.runForkWith(context)(effect)
    const exit = running.pollUnsafe()
    if (exit !== undefined) return resume(exit)
    const ended = started(running)
    running.addObserver((exit) => resume(ended(exit)))
    return Fiber.interrupt(running)
  })
