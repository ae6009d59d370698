/** One attack as a case that can be checked. */
import * as Arbitrary from "effect/Arbitrary"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { origin } from "../testbed/virtualTime.ts"

export interface Attack {
  /** The ids of the laws that it is about. */
  readonly ids: string
  readonly title: string
  readonly check: Effect.Effect<void, unknown>
}

export const law = (ids: string, title: string, check: Effect.Effect<void, unknown>): Attack => ({
  ids,
  title,
  check: Effect.andThen(TestClock.setTime(origin), check).pipe(Effect.provide(TestClock.layer())),
})

/** Holds for whatever is drawn; dies with the smallest value for which it does not, and how to see that one again. */
export const forAll = <A>(
  drawn: Arbitrary.Arbitrary<A>,
  sampling: Arbitrary.CheckOptions,
  holds: (value: A) => Effect.Effect<void, unknown>,
): Effect.Effect<void> =>
  // Only failures are made smaller, so a failed expectation, which is a defect, becomes one.
  Arbitrary.checkEffect(
    drawn,
    (value) =>
      Effect.suspend(() => holds(value)).pipe(
        Effect.as(true),
        Effect.catchCause((cause) => (Cause.hasInterrupts(cause) ? Effect.failCause(cause) : Effect.fail(cause))),
      ),
    sampling,
  ).pipe(
    Effect.flatMap((result) => {
      const failure = Arbitrary.formatCheckFailure(result)
      return failure === undefined ? Effect.void : Effect.die(new Error(failure))
    }),
  )
