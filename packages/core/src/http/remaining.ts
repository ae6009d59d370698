/** What the headers of an answer say about a rate limit, and who wants to know. */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** What a vendor says is left of a rate limit. */
export interface Remaining {
  /** How many more requests it allows before the reset. */
  readonly requests: number
  /** How long after the answer it resets. */
  readonly resetAfter: Duration.Duration
}

/** Gets what each answer says is left. Core provides it around each request; by default nothing happens. */
export const OnRemaining: Context.Reference<(remaining: Remaining) => Effect.Effect<unknown>> =
  /* @__PURE__ */ Context.Reference<(remaining: Remaining) => Effect.Effect<unknown>>("@openretl/core/OnRemaining", {
    defaultValue: () => () => Effect.void,
  })
