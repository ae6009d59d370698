/** Facts about the address, the version, keys, errors and rate limits. */
import type { Fact } from "@openretl/core/driver/Description"
import { client, syncPages, versionPage } from "./sources.ts"

const me = "GET /api/me"

/** Returns the facts about access. */
export const access = (): ReadonlyArray<Fact> => [
  {
    id: "polytomic/address",
    claim: "The API is at app.polytomic.com, under /api. Installations of one's own have other addresses.",
    confidence: "documented",
    source: client,
    consequence: "`baseUrl` replaces the address.",
    probe: me,
  },
  {
    id: "polytomic/version-header",
    claim: "`X-Polytomic-Version` names the version of the API that a request means.",
    confidence: "documented",
    source: `${versionPage}: what a request without it means has changed`,
    consequence: "Every request names 2025-09-18.",
    probe: me,
  },
  {
    id: "polytomic/key",
    claim: "A key is a bearer token, and belongs to one organization.",
    confidence: "documented",
    source: `${syncPages}; ${client}`,
    consequence:
      "The options have no id of an organization; a check names it as the identity. Keys that need the scheme Basic are not supported.",
    probe: me,
  },
  {
    id: "polytomic/permission-denied-status",
    claim: "A valid key without the permission is refused with 403.",
    confidence: "documented",
    source: syncPages,
    consequence: "A 401 whose text speaks of a permission is `PermissionDenied`, too.",
    hasSwitch: true,
  },
  {
    id: "polytomic/error-form",
    claim: "A refusal has `key`, `message`, `metadata` and `status`, all of them optional.",
    confidence: "seen-in-official-client",
    source: client,
    consequence:
      "A refusal of a write with neither `key` nor `message` does not prove that the vendor did nothing, except for 401 and 429.",
    hasSwitch: true,
  },
  {
    id: "polytomic/rate-limit-header",
    claim: "The vendor limits requests; how many is not documented.",
    confidence: "seen-in-official-client",
    source: `${client} waits as \`Retry-After\` or \`X-RateLimit-Reset\`, the seconds of an instant, says after a 429`,
    consequence: "Core plans with no limit. After a 429 it waits as the header says, or by growing pauses.",
    hasSwitch: true,
  },
]
