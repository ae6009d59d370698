/** Facts about rate limits. */
import type { Fact } from "@openretl/core/driver/Description"
import { limitsPage, page, sdk } from "./sources.ts"

const identity = "GET /"

export const limits = (): ReadonlyArray<Fact> => [
  {
    id: "segment/limits",
    claim: "20 starts and 250 reads of a run are allowed in a minute.",
    confidence: "documented",
    source: `${page}; ${sdk}`,
    consequence:
      "Each has a rate limit of its own, of which the workspace spends a share (`rateLimitShare`). Whether the vendor's window slides is not documented: core stays within the limit either way.",
  },
  {
    id: "segment/subscription-limits",
    claim: "5 creations, 5 changes and 5 removals of subscriptions are allowed in a minute.",
    confidence: "documented",
    source: sdk,
    consequence: "Each has a rate limit of its own. A new sync takes a creation and a change.",
  },
  {
    id: "segment/default-rate-limit",
    claim: "The other endpoints allow more than 600 requests a minute; how many is not published.",
    confidence: "assumed",
    source: `${sdk}, which calls limits of 600 lower than the default`,
    consequence:
      "All requests together stay within 600 a minute: the docs also name a limit of the token, without a number. So no request is unlimited.",
    hasSwitch: true,
    probe: identity,
  },
  {
    id: "segment/too-many-requests",
    claim:
      "A 429 carries `Retry-After` where the token is limited, and `errors[].data.msBeforeNext` where the endpoint is.",
    confidence: "documented",
    source: `${sdk}, since 73.1.0; ${limitsPage}`,
    consequence: "`Retry-After` comes first, then the body. Without both, core chooses the wait.",
  },
  {
    id: "segment/rate-headers",
    claim:
      "A success carries `X-RateLimit-Remaining`, and in `X-RateLimit-Reset`, as a date of RFC 5322, when the next window begins.",
    confidence: "documented",
    source: limitsPage,
    consequence:
      "Core sends no more requests than remain, until the window ends. It counts from the answer's `date` header, and ignores headers that make no sense.",
  },
  {
    id: "segment/rate-headers-on-429",
    claim: "A 429 does not carry the X-RateLimit headers that successes carry.",
    confidence: "assumed",
    source: `${limitsPage}, which promises them on successes`,
    consequence:
      "Where nothing else says the wait, `X-RateLimit-Reset` does, measured from the answer's `date` header.",
    hasSwitch: true,
  },
]
