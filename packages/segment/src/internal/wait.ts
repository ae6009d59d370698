/** How long a 429 asks to wait. */
import * as Wire from "@openretl/core/driver/Wire"
import * as Duration from "effect/Duration"
import type * as SegmentApi from "../SegmentApi.ts"

/**
 * `Retry-After` comes first, as the vendor asks; it is sent where the token is limited. Where one endpoint is, the body
 * says it. The header that successes carry is the last resort: it is a date, and measured from the answer's own.
 */
export const waitOf = (
  headers: Readonly<Record<string, string>>,
  errors: ReadonlyArray<SegmentApi.RequestError>,
): Duration.Duration | undefined => {
  const asked = Wire.retryAfter(headers)
  if (asked !== undefined) return asked
  const [first, ...others] = errors.flatMap(({ data }) => (data?.msBeforeNext === undefined ? [] : [data.msBeforeNext]))
  if (first !== undefined) return Duration.millis(Math.max(first, ...others))
  const reset = headers["x-ratelimit-reset"]?.trim().replace(/\+0000$/, "GMT")
  return reset === undefined ? undefined : Wire.retryAfter({ ...headers, "retry-after": reset })
}
