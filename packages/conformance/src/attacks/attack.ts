/** One attack as a case that can be checked. */
import * as Arbitrary from "effect/Arbitrary"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { AttackClock, origin } from "../testbed/virtualTime.ts"

/** One attack on an adapter's driver and client. */
export interface Attack {
  /** The ids of the laws that it is about, as in `H1, H5`. */
  readonly ids: string
  /** What holds under this attack, as one claim. */
  readonly title: string
  /** Succeeds where the adapter withstands the attack. Provides a virtual clock of its own. */
  readonly check: Effect.Effect<void, unknown>
}

/** Creates an attack. `npm run spec` reads the ids from the calls of this function. */
export const law = (ids: string, title: string, check: Effect.Effect<void, unknown>): Attack => ({
  ids,
  title,
  check: Effect.flatMap(AttackClock, (clock) =>
    Effect.provide(Effect.andThen(TestClock.setTime(origin), check), clock),
  ),
})

/**
 * Checks that `holds` succeeds for every drawn value. Dies with the smallest value for which it does not succeed, and
 * with the text that replays it.
 */
export const forAll = <A>(
  drawn: Arbitrary.Arbitrary<A>,
  sampling: Arbitrary.CheckOptions,
  holds: (value: A) => Effect.Effect<void, unknown>,
): Effect.Effect<void> =>
  // Arbitrary makes only failures smaller; a failed expectation is a defect, so it is turned into a failure.
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
