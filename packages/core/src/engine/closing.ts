/**
 * The end of a workspace: what waits ends at once, and what has left goes on for `closeWithin`.
 *
 * A call that waits, or that reads from the store, does so within `until`. Work that outlives its caller, such as the
 * settlement of a trigger, runs in `background`.
 */
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as EffectScope from "effect/Scope"

/** The end of one workspace. */
export interface Closing {
  /** Returns whether the workspace is closed. */
  readonly isClosed: () => boolean
  /** Runs an effect that the closing of the workspace interrupts at once. */
  readonly until: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
  /**
   * Runs an effect in a fiber that outlives its caller, at once up to its first pause. The closing waits for it for
   * `closeWithin`, then runs `whenLeft` and interrupts it.
   */
  readonly background: <A>(work: Effect.Effect<A>, whenLeft?: Effect.Effect<void>) => Effect.Effect<Fiber.Fiber<A>>
}

/** Work that the closing waits for. */
interface Work {
  readonly fiber: Fiber.Fiber<unknown>
  readonly whenLeft: Effect.Effect<void>
}

/** Creates the end of a workspace, which comes when the scope closes. */
export const make = Effect.fnUntraced(function* (
  scope: EffectScope.Scope,
  closeWithin: Duration.Duration,
): Effect.fn.Return<Closing> {
  const closed = Deferred.makeUnsafe<never>()
  const underWay = new Set<Work>()
  let isClosed = false

  yield* EffectScope.addFinalizer(
    scope,
    Effect.suspend(() => {
      isClosed = true
      Deferred.doneUnsafe(closed, Effect.interrupt)
      const fibers = Array.from(underWay, ({ fiber }) => fiber)
      return Effect.forEach(fibers, Fiber.await, { concurrency: "unbounded", discard: true }).pipe(
        Effect.timeoutOption(closeWithin),
        Effect.andThen(
          Effect.suspend(() =>
            Effect.forEach(
              Array.from(underWay),
              ({ fiber, whenLeft }) => Effect.andThen(whenLeft, Fiber.interrupt(fiber)),
              { discard: true },
            ),
          ),
        ),
      )
    }),
  )

  return {
    isClosed: () => isClosed,
    until: (effect) =>
      Effect.suspend(() => (isClosed ? Effect.interrupt : Effect.raceFirst(effect, Deferred.await(closed)))),
    background: (work, whenLeft = Effect.void) =>
      Effect.suspend(() => {
        let entry: Work | undefined
        let hasEnded = false
        const end = Effect.sync(() => {
          hasEnded = true
          if (entry !== undefined) underWay.delete(entry)
        })
        return work.pipe(
          Effect.ensuring(end),
          Effect.forkDetach({ startImmediately: true }),
          Effect.tap((fiber) =>
            Effect.sync(() => {
              if (hasEnded) return
              entry = { fiber, whenLeft }
              underWay.add(entry)
            }),
          ),
        )
      }),
  }
})
