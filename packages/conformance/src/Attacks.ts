/**
 * Attacks on an adapter's driver and client: hostile ids, answers that no vendor gives, redirects, and echoes of the
 * token. An emulator produces none of these, and the suite does not reach this layer alone.
 *
 * An attack with hostile ids compares what an operation sends with what it sends for ordinary ids.
 */
import type * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import { describe, it } from "vitest"
import { answerAttacks } from "./attacks/answers.ts"
import type { Attack } from "./attacks/attack.ts"
import * as AttackedAdapter from "./attacks/attackedAdapter.ts"
import { idAttacks } from "./attacks/ids.ts"
import { redirectAttacks } from "./attacks/redirects.ts"
import { tokenAttacks } from "./attacks/token.ts"
import type { Target } from "./Target.ts"

export type { Attack } from "./attacks/attack.ts"

/** How random values are drawn. `replay`, from the message of a failure, draws that value again. */
export type Sampling = Pick<Arbitrary.CheckOptions, "runs" | "seed" | "replay">

/** How the attacks are registered. */
export interface Options extends Sampling {
  /** Which attacks to register. @default all */
  readonly only?: (attack: Attack) => boolean
}

/** Registers the attacks on one adapter as tests with vitest. Call it once, at the top of a test file. */
export const attacks = <Opened, Name extends string>(
  target: Target<Opened, Name>,
  { only = () => true, ...sampling }: Options = {},
): void => {
  describe(`${target.name} under attack`, () => {
    for (const attack of of(target, sampling).filter(only)) {
      it(`${attack.ids}: ${attack.title}`, ({ signal }) => Effect.runPromise(attack.check, { signal }), timeout)
    }
  })
}

/** Returns the attacks on one adapter, without registering tests. */
export const of = <Opened, Name extends string>(
  target: Target<Opened, Name>,
  sampling: Sampling = {},
): ReadonlyArray<Attack> => {
  const attacked = AttackedAdapter.make(target, sampling)
  return [...idAttacks(attacked), ...tokenAttacks(attacked), ...redirectAttacks(attacked), ...answerAttacks(attacked)]
}

/** Milliseconds of real time. An operation that reads a long text for so long takes more than linear time. */
const timeout = 60_000
