/**
 * What an emulator would never do: ids that are no ids, answers that no vendor gives, redirects, echoes of the token. They
 * are for the layer below the suite, the driver and the client, where nothing stands between them and the wire.
 *
 * What an operation sends is compared with what it sends for ordinary ids, so that nobody has to list what is allowed.
 */
import type * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import { describe, it } from "vitest"
import { answers } from "./attacks/answers.ts"
import type { Attack } from "./attacks/attack.ts"
import * as Attacked from "./attacks/attackedAdapter.ts"
import { ids } from "./attacks/ids.ts"
import { redirects } from "./attacks/redirects.ts"
import { token } from "./attacks/token.ts"
import type { Target } from "./Target.ts"

export type { Attack } from "./attacks/attack.ts"

/** How arbitrary values are drawn: `replay`, from the message of a failure, shows that one again. */
export type Sampling = Pick<Arbitrary.CheckOptions, "runs" | "seed" | "replay">

/** Registers the tests of one adapter. Call it once, at the top of a test file. */
export const attacks = <Opened, Name extends string>(target: Target<Opened, Name>, sampling: Sampling = {}): void => {
  describe(`${target.name} under attack`, () => {
    for (const attack of of(target, sampling)) {
      it(`${attack.ids}: ${attack.title}`, ({ signal }) => Effect.runPromise(attack.check, { signal }), timeout)
    }
  })
}

/** The attacks alone. The check of one succeeds where the adapter withstands, on a virtual clock of its own. */
export const of = <Opened, Name extends string>(
  target: Target<Opened, Name>,
  sampling: Sampling = {},
): ReadonlyArray<Attack> => {
  const attacked = Attacked.make(target, sampling)
  return [...ids(attacked), ...token(attacked), ...redirects(attacked), ...answers(attacked)]
}

/** Milliseconds of real time: a text that takes so long to be read is one without end. */
const timeout = 60_000
