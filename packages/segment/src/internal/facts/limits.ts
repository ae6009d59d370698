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
      "Each has a budget of its own, of which a share is spent here (`rateLimitShare`). Whether the window slides is not known: the budget holds either way.",
  },
  {
    id: "segment/subscription-limits",
    claim: "5 creations, 5 changes and 5 removals of subscriptions are allowed in a minute.",
    confidence: "documented",
    source: sdk,
    consequence: "Each has a budget of its own. A new sync is a creation and a change.",
  },
  {
    id: "segment/default-rate-limit",
    claim: "The other endpoints allow more than 600 requests a minute; how many is not published.",
    confidence: "assumed",
    source: `${sdk}, which calls limits of 600 lower than the default`,
    consequence:
      "Reads of what is configured stay within 600 a minute, since a catalog has a request for each destination. Lists of runs, cancels and checks are not held back until a 429 asks for it.",
    hasSwitch: true,
    probe: identity,
  },
  {
    id: "segment/too-many-requests",
    claim:
      "A 429 carries `Retry-After` where the token is limited, and `errors[].data.msBeforeNext` where the endpoint is.",
    confidence: "documented",
    source: `${sdk}, since 73.1.0; ${limitsPage}`,
    consequence: "`Retry-After` comes first, then the body. Without either core chooses the wait.",
  },
  {
    id: "segment/rate-headers-on-429",
    claim: "A 429 does not carry the X-RateLimit headers that successes carry.",
    confidence: "assumed",
    source: `${limitsPage}, which promises them on successes`,
    consequence: "`X-RateLimit-Reset` is read where nothing else tells the wait, against the answer's own `date`.",
    hasSwitch: true,
  },
]
