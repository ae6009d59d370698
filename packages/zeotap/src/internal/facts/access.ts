/** Facts about the address, tokens, the workspace, errors and limits. */
import type { Fact } from "@openretl/core/driver/Description"
import { apiKeys, authentication, glossary, overview, retl, roles, workspaces } from "./sources.ts"

const workspace = "GET /api/v1/workspaces/{workspace}"

export const access = (): ReadonlyArray<Fact> => [
  {
    id: "zeotap/address",
    claim: "The API is at composable.zeotap.com, under /api/v1; there are no regions.",
    confidence: "documented",
    source: `${retl}; the older edition has an address for each instance`,
    consequence: "`baseUrl` replaces the address.",
    probe: workspace,
  },
  {
    id: "zeotap/older-edition",
    claim: "What the older edition says of errors, paging, limits and tokens still holds.",
    confidence: "assumed",
    source: `${overview}; the current edition has the same routes and samples, and no such pages were found in it`,
    consequence: "Each of these facts names its edition.",
  },
  {
    id: "zeotap/token-kinds",
    claim: "The bearer token is an API key, which is long-lived, or a Firebase ID token, which lasts an hour.",
    confidence: "documented",
    source: `${authentication}; ${apiKeys}; ${glossary} adds rotation and expiration of keys`,
    consequence: "Both are sent alike. A 401 has the token read again, once, where it comes from an effect.",
    probe: workspace,
  },
  {
    id: "zeotap/missing-workspace-header",
    claim: "A request without `X-Workspace-ID` is refused with 400.",
    confidence: "assumed",
    source: `${authentication} requires the header; the answer is not documented`,
    consequence: "None: every request has it.",
    hasSwitch: true,
  },
  {
    id: "zeotap/workspace-mismatch",
    claim: "An `X-Workspace-ID` that differs from the workspace in the path is refused with 403.",
    confidence: "assumed",
    source: `${retl} has both; the answer is not documented`,
    consequence: "None: both come from `workspaceId`.",
    hasSwitch: true,
  },
  {
    id: "zeotap/foreign-workspace",
    claim: "A workspace that the key does not belong to is refused with 403.",
    confidence: "assumed",
    source: `${apiKeys}: keys belong to a workspace; the answer is not documented`,
    consequence: "It is `PermissionDenied`; a 404 is `NotFound`, of the workspace where that is certain.",
    hasSwitch: true,
    probe: workspace,
  },
  {
    id: "zeotap/workspace-read",
    claim: "A token may read the workspace that it belongs to.",
    confidence: "assumed",
    source: `${workspaces} has the route, and not who may use it`,
    consequence: "A check without a sync reads it, and fails where it is closed; a check of a sync does not need it.",
    probe: workspace,
  },
  {
    id: "zeotap/permission-denied-status",
    claim: "A good token without the permission is refused with 403.",
    confidence: "assumed",
    source: `no source; ${roles}: a Member may trigger syncs`,
    consequence:
      "A 401 whose text speaks of a permission is `PermissionDenied` too; without one it is `Unauthenticated`.",
    hasSwitch: true,
  },
  {
    id: "zeotap/error-body",
    claim: "An error has one text, in `error`, and no code.",
    confidence: "documented",
    source: overview,
    consequence: "The status decides, and text only refines it; an empty body or a gateway's page is no trouble.",
    hasSwitch: true,
  },
  {
    id: "zeotap/rate-limits",
    claim: "A workspace has 100 requests a minute and 20 a second.",
    confidence: "documented",
    source: overview,
    consequence: "All requests of a workspace share one budget within both.",
  },
  {
    id: "zeotap/retry-after-form",
    claim: "A 429 carries `Retry-After`, in seconds.",
    confidence: "assumed",
    source: `${overview} has the header; whether in seconds or as a date is not documented`,
    consequence: "Both are read; a date counts from the answer's own. Without either core chooses the wait.",
    hasSwitch: true,
  },
  {
    id: "zeotap/request-id-header",
    claim: "An answer may carry its id in `x-request-id`.",
    confidence: "assumed",
    source: "no source; a common custom",
    consequence: "It is put with the evidence of an error where there is one.",
    probe: workspace,
  },
]
