/** Facts about the address, keys, errors and rate limits. */
import type { Fact } from "@openretl/core/driver/Description"
import { airflow, guide, openapi, probes } from "./sources.ts"

const syncs = "GET /api/v1/syncs?limit=1"

/** Returns the facts about access. */
export const access = (): ReadonlyArray<Fact> => [
  {
    id: "hightouch/address",
    claim: "The API is at api.hightouch.com, under /api/v1, without regions; an older API is under /api/v2/rest.",
    confidence: "documented",
    source: `${openapi}; ${airflow} names both`,
    consequence: "`baseUrl` replaces the address. The older API is not used.",
    probe: syncs,
  },
  {
    id: "hightouch/key-decides-workspace",
    claim: "A key belongs to one workspace. No path, header or route names it; every sync does.",
    confidence: "documented",
    source: `${guide}; ${openapi}, by its silence`,
    consequence:
      "The options have no id of a workspace. A check without a sync reads one sync, and its identity is the workspace of that sync; in a workspace without syncs it has none.",
    probe: syncs,
  },
  {
    id: "hightouch/error-form",
    claim: "A refusal has `message` and `details`, which are a text or an object with a field for each problem.",
    confidence: "assumed",
    source: `${openapi} has it for 409 and 422; ${probes} show it for 401, with a text; the form of others is not documented`,
    consequence:
      "`message`, `details` and `error` are read. A refusal of a write without any of them does not prove that the vendor did nothing, except for 401 and 429.",
    hasSwitch: true,
  },
  {
    id: "hightouch/refusal-in-success",
    claim: "A trigger and a change are refused with a status of their own, not inside a 200.",
    confidence: "assumed",
    source: `${openapi} lists the body of a 422 and a text for a 500 among those of a 200 of creates, updates and triggers by slug`,
    consequence: "A 200 with either body is a refusal, whatever the operation.",
    hasSwitch: true,
  },
  {
    id: "hightouch/permission-denied-status",
    claim: "The vendor refuses a valid key without the permission with 403.",
    confidence: "assumed",
    source: `no source; ${openapi} has 401 alone`,
    consequence: "A 401 whose text names a permission is `PermissionDenied` too. Any other 401 is `Unauthenticated`.",
    hasSwitch: true,
  },
  {
    id: "hightouch/rate-limits",
    claim: "A workspace may send 200 requests in 10 seconds.",
    confidence: "documented",
    source: guide,
    consequence: "All requests of a workspace share one rate limit within it.",
  },
  {
    id: "hightouch/retry-after",
    claim: "A 429 has no `Retry-After`.",
    confidence: "assumed",
    source: `${probes} show no such header, nor one about what is left of the limit; none is documented`,
    consequence: "Core chooses the wait. A `Retry-After` is read where there is one.",
    hasSwitch: true,
  },
  {
    id: "hightouch/id-form",
    claim: "Ids are numbers in objects, and a text in the answer of a trigger.",
    confidence: "documented",
    source: openapi,
    consequence: "Numbers of any size and texts are read, as text.",
    hasSwitch: true,
    probe: syncs,
  },
]
