/** Facts about the address, tokens, the workspace, errors and rate limits. */
import type { Fact } from "@openretl/core/driver/Description"
import { apiKeys, authentication, glossary, overview, retl, roles, workspaces } from "./sources.ts"

const workspace = "GET /api/v1/workspaces/{workspace}"

/** Returns the facts about access. */
export const access = (): ReadonlyArray<Fact> => [
  {
    id: "zeotap/address",
    claim: "The API is at composable.zeotap.com, under /api/v1, without regions.",
    confidence: "documented",
    source: `${retl}; the older edition has an address for each instance`,
    consequence: "`baseUrl` replaces the address.",
    probe: workspace,
  },
  {
    id: "zeotap/older-edition",
    claim: "The older edition's statements about errors, paging, rate limits and tokens still hold.",
    confidence: "assumed",
    source: `${overview}; the current edition has the same routes and samples, and no pages about these`,
    consequence: "Each fact names the edition that it comes from.",
  },
  {
    id: "zeotap/token-kinds",
    claim: "The bearer token is an API key, which is long-lived, or a Firebase ID token, which lasts an hour.",
    confidence: "documented",
    source: `${authentication}; ${apiKeys}; ${glossary} adds rotation and expiration of keys`,
    consequence: "Both are sent in the same way. After a 401, a token that comes from an effect is read again, once.",
    probe: workspace,
  },
  {
    id: "zeotap/missing-workspace-header",
    claim: "The vendor refuses a request without `X-Workspace-ID` with 400.",
    confidence: "assumed",
    source: `${authentication} requires the header; the answer is not documented`,
    consequence: "None: every request has the header.",
    hasSwitch: true,
  },
  {
    id: "zeotap/workspace-mismatch",
    claim: "The vendor refuses an `X-Workspace-ID` that differs from the workspace in the path with 403.",
    confidence: "assumed",
    source: `${retl} requires both; the answer is not documented`,
    consequence: "None: both come from `workspaceId`.",
    hasSwitch: true,
  },
  {
    id: "zeotap/foreign-workspace",
    claim: "The vendor refuses a workspace that the key does not belong to with 403.",
    confidence: "assumed",
    source: `${apiKeys}: keys belong to a workspace; the answer is not documented`,
    consequence:
      "A 403 is `PermissionDenied`. A 404 is `NotFound`, and names the workspace where nothing else can be meant.",
    hasSwitch: true,
    probe: workspace,
  },
  {
    id: "zeotap/workspace-read",
    claim: "A token may read the workspace that it belongs to.",
    confidence: "assumed",
    source: `${workspaces} has the route, but not who may use it`,
    consequence:
      "A check without a sync reads the workspace, and fails where the token may not. A check of a sync does not read it.",
    probe: workspace,
  },
  {
    id: "zeotap/permission-denied-status",
    claim: "The vendor refuses a valid token without the permission with 403.",
    confidence: "assumed",
    source: `no source; ${roles}: a Member may trigger syncs`,
    consequence: "A 401 whose text names a permission is `PermissionDenied` too. Any other 401 is `Unauthenticated`.",
    hasSwitch: true,
  },
  {
    id: "zeotap/error-body",
    claim: "An error has one text, in `error`, and no code.",
    confidence: "documented",
    source: overview,
    consequence:
      "The status decides, and the text refines it. A refusal of a write without `error` does not prove that the vendor did nothing, except for 401 and 429.",
    hasSwitch: true,
  },
  {
    id: "zeotap/rate-limits",
    claim: "A workspace may send 100 requests a minute and 20 a second.",
    confidence: "documented",
    source: overview,
    consequence: "All requests of a workspace share one rate limit within both.",
  },
  {
    id: "zeotap/retry-after-form",
    claim: "A 429 carries `Retry-After`, in seconds.",
    confidence: "assumed",
    source: `${overview} has the header; whether in seconds or as a date is not documented`,
    consequence:
      "Both forms are read. A date counts from the answer's `date` header. Without either, core chooses the wait.",
    hasSwitch: true,
  },
  {
    id: "zeotap/request-id-header",
    claim: "An answer may carry its id in `x-request-id`.",
    confidence: "assumed",
    source: "no source; a common custom",
    consequence: "An error's evidence has the id where the answer has one.",
    probe: workspace,
  },
]
