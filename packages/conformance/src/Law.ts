/** One law as a case that can be checked against any adapter. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Setup } from "./Setup.ts"
import type { Testbed } from "./Testbed.ts"

/** One case of the suite: it proves one or more laws of SPEC.md. */
export interface Law {
  /** The ids of the laws that it proves, as in `T4, R1`. */
  readonly ids: string
  /** What holds, as one claim. */
  readonly title: string
  /** How its testbed is set up. */
  readonly setup: Setup
  /** Succeeds where the law holds. Fails with `Skipped` where it does not apply; any other end breaks the law. */
  readonly check: (testbed: Testbed) => Effect.Effect<void, unknown, Scope.Scope>
}

/** Creates a law. `npm run spec` reads the ids from the calls of this function. */
export const law = (ids: string, title: string, setup: Setup, check: Law["check"]): Law => ({
  ids,
  title,
  setup,
  check,
})
