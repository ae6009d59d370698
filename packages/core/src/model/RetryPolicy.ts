/** The one table that says what may be tried again: every reason, for a read and for a write. */
import type { Delivery } from "./Evidence.ts"
import type { Reason } from "./Reason.ts"

/**
 * - `never`: the same request would fail the same way, or might be carried out twice.
 * - `re-read-token`: once, with a token that was read again.
 * - `after-wait`: once the wait that the vendor asks for is over.
 * - `backoff`: with growing pauses.
 * - `backoff-if-not-sent`: the same, and only where the request provably never left.
 * - `in-lag-window`: while the vendor's reads may still lag behind its writes.
 * - `in-wait`: within the rate limit of failures of a wait, not by itself.
 * - `caller`: the caller chose what to do with it (`whenRunning`).
 */
export type Verdict =
  | "never"
  | "re-read-token"
  | "after-wait"
  | "backoff"
  | "backoff-if-not-sent"
  | "in-lag-window"
  | "in-wait"
  | "caller"

/** A reason without a row here does not compile. A 409 is never tried again, a write never blindly. */
export const table = {
  Unauthenticated: { read: "re-read-token", write: "re-read-token" },
  PermissionDenied: { read: "never", write: "never" },
  NotFound: { read: "in-lag-window", write: "never" },
  InvalidRequest: { read: "never", write: "never" },
  NotTriggerable: { read: "never", write: "never" },
  AlreadyRunning: { read: "never", write: "caller" },
  Conflict: { read: "never", write: "never" },
  RateLimited: { read: "after-wait", write: "after-wait" },
  Unavailable: { read: "backoff", write: "backoff-if-not-sent" },
  Network: { read: "backoff", write: "backoff-if-not-sent" },
  Timeout: { read: "backoff", write: "backoff-if-not-sent" },
  UnexpectedResponse: { read: "in-wait", write: "never" },
  Unsupported: { read: "never", write: "never" },
  WrongWorkspace: { read: "never", write: "never" },
} as const satisfies Record<Reason["_tag"], { readonly read: Verdict; readonly write: Verdict }>

/** Whether core itself sends the request again, after a pause, for this failure. */
export const isRetried = (
  kind: "read" | "write",
  failure: { readonly reason: Pick<Reason, "_tag">; readonly delivery: Delivery },
): boolean => {
  const verdict: Verdict = table[failure.reason._tag][kind]
  return (
    verdict === "after-wait" ||
    verdict === "backoff" ||
    (verdict === "backoff-if-not-sent" && failure.delivery === "not-sent")
  )
}
