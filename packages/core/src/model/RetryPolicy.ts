/**
 * The retry table: what core does after a failed request, by the failure's reason, for a read and for a write.
 *
 * `isRetried` answers for one request (`engine/retryLoop.ts`), the read column also for the polls of a wait
 * (`engine/poll/polling.ts`). A 409 is never sent again, and a write only where it provably did nothing.
 */
import type { Delivery } from "./Evidence.ts"
import type { Reason } from "./Reason.ts"

/**
 * What core does after a failure:
 * - `never`: it sends no second request. The same request would fail the same way, or might be carried out twice.
 * - `re-read-token`: after a 401, it sends the request once more, with a token that was read again.
 * - `after-wait`: it sends the request again once the wait that the vendor demands is over; a write only where it
 *   provably did nothing.
 * - `backoff`: it sends the request again, after growing pauses.
 * - `backoff-if-not-sent`: as `backoff`, and only where the request provably never left.
 * - `within-read-lag`: it sends the request again while the vendor's reads may still lag behind its writes.
 * - `in-wait`: a wait polls again, as long as its patience lasts; a single read fails.
 * - `caller`: it does what the caller chose with `whenRunning`.
 */
export type Verdict =
  | "never"
  | "re-read-token"
  | "after-wait"
  | "backoff"
  | "backoff-if-not-sent"
  | "within-read-lag"
  | "in-wait"
  | "caller"

/** The retry table, a row for each reason. A reason without a row does not compile. */
export const table = {
  Unauthenticated: { read: "re-read-token", write: "re-read-token" },
  PermissionDenied: { read: "never", write: "never" },
  NotFound: { read: "within-read-lag", write: "never" },
  InvalidRequest: { read: "never", write: "never" },
  NotTriggerable: { read: "never", write: "never" },
  AlreadyRunning: { read: "never", write: "caller" },
  Conflict: { read: "never", write: "never" },
  RateLimited: { read: "after-wait", write: "after-wait" },
  Unavailable: { read: "backoff", write: "backoff-if-not-sent" },
  Network: { read: "backoff", write: "backoff-if-not-sent" },
  Timeout: { read: "backoff", write: "backoff-if-not-sent" },
  UnexpectedResponse: { read: "in-wait", write: "never" },
  TooLarge: { read: "in-wait", write: "never" },
  Stopped: { read: "never", write: "never" },
  Unsupported: { read: "never", write: "never" },
  WrongWorkspace: { read: "never", write: "never" },
  TriggerBusy: { read: "never", write: "never" },
  FenceIncomplete: { read: "never", write: "never" },
  JournalFailed: { read: "never", write: "never" },
} as const satisfies Record<Reason["_tag"], { readonly read: Verdict; readonly write: Verdict }>

/** Returns whether core sends the same request again, after a pause. */
export const isRetried = (
  kind: "read" | "write",
  failure: { readonly reason: Pick<Reason, "_tag">; readonly delivery: Delivery },
): boolean => {
  const verdict: Verdict = table[failure.reason._tag][kind]
  return (
    (verdict === "after-wait" && (kind === "read" || failure.delivery !== "unknown")) ||
    verdict === "backoff" ||
    (verdict === "backoff-if-not-sent" && failure.delivery === "not-sent")
  )
}
