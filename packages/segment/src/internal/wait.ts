/** What Segment says about its rate limits: how long a 429 wants the client to wait, and what is left. */
import type { Remaining } from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import * as Duration from "effect/Duration"
import type * as SegmentApi from "../SegmentApi.ts"

/**
 * Returns the wait of a 429. `Retry-After` comes first, as the vendor advises; the vendor sends it where the token is
 * limited. Where one endpoint is limited, the body has the wait. The header that successes carry is the last resort: it
 * is a date, and is measured from the answer's `date` header.
 */
export const waitOf = (
  headers: Readonly<Record<string, string>>,
  errors: ReadonlyArray<SegmentApi.RequestError>,
): Duration.Duration | undefined => {
  const retryAfter = Wire.retryAfter(headers)
  if (retryAfter !== undefined) return retryAfter
  const waits = errors.flatMap(({ data }) => (data?.msBeforeNext === undefined ? [] : [data.msBeforeNext]))
  if (waits.length > 0) return Duration.millis(Math.max(...waits))
  return resetAfter(headers)
}

/** Returns the time until the window of `X-RateLimit-Reset` ends, a date of RFC 5322, from the answer's `date` header. */
const resetAfter = (headers: Readonly<Record<string, string>>): Duration.Duration | undefined => {
  const reset = headers["x-ratelimit-reset"]?.trim().replace(/\+0000$/, "GMT")
  return reset === undefined ? undefined : Wire.retryAfter({ ...headers, "retry-after": reset })
}

/** Returns what the headers of a success say is left of the rate limit; `undefined` where they do not say both parts. */
export const remainingOf = (headers: Readonly<Record<string, string>>): Remaining | undefined => {
  const requests = headers["x-ratelimit-remaining"]?.trim() ?? ""
  const reset = resetAfter(headers)
  return /^\d{1,9}$/.test(requests) && reset !== undefined
    ? { requests: Number(requests), resetAfter: reset }
    : undefined
}
