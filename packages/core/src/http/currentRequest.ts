/** What a workspace gives to each request of its driver: its kind, and what gets the rest of the rate limit. */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { RequestKind } from "../telemetry/tracing.ts"

/** What a vendor says is left of a rate limit. */
export interface Remaining {
  /** How many more requests it allows before the reset. */
  readonly requests: number
  /** How long after the answer it resets. */
  readonly resetAfter: Duration.Duration
}

/** What a workspace gives to a request. */
export interface Current {
  /** `client` outside of a workspace. */
  readonly kind: RequestKind
  /** Gets what the answer says is left. */
  readonly onRemaining: (remaining: Remaining) => Effect.Effect<unknown>
}

/** The current request. A workspace provides it around each; outside of one, what is left of a limit is dropped. */
export const CurrentRequest: Context.Reference<Current> = /* @__PURE__ */ Context.Reference<Current>(
  "@openretl/core/CurrentRequest",
  { defaultValue: () => ({ kind: "client", onRemaining: () => Effect.void }) },
)
