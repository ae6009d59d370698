/** How much of a rate limit is spent, as answers of a vendor show it. */
import type { RateLimit } from "../RateLimit.ts"

/** The state of one limit at one instant. */
export interface LimitState {
  readonly limit: RateLimit
  /** The requests that count at present. */
  readonly consumed: number
  readonly remaining: number
  /** When the oldest request that counts leaves the window, in emulated epoch milliseconds. */
  readonly resetAt: number
}
