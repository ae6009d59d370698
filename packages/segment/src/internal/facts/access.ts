/** Facts about addresses, tokens and errors. */
import type { Fact } from "@openretl/core/driver/Description"
import {
  errorPage,
  oldOpenApi,
  sdk,
  smokeTest,
  startPage,
  typewriter,
  validationPage,
  versioningPage,
} from "./sources.ts"

const identity = "GET /"

export const access = (): ReadonlyArray<Fact> => [
  {
    id: "segment/regions",
    claim: "The API is at api.segmentapis.com for the US and at eu1.api.segmentapis.com for the EU.",
    confidence: "documented",
    source: startPage,
    consequence: "`region` chooses the address; `baseUrl` replaces it. A redirect to the other one is not followed.",
    probe: identity,
  },
  {
    id: "segment/no-version-in-path",
    claim: "Paths have no version: that goes by media type.",
    confidence: "documented",
    source: `${versioningPage}; ${sdk}`,
    consequence: "A `baseUrl` that ends in one is refused.",
    probe: identity,
  },
  {
    id: "segment/bearer-token",
    claim: "A Public API token is sent as a bearer token, and opens one workspace.",
    confidence: "documented",
    source: `Segment Public API docs, Authentication page; ${sdk}`,
    consequence: "Every request carries it; a 401 has it read again, once, where it comes from an effect.",
    probe: identity,
  },
  {
    id: "segment/identity",
    claim: "`GET /` names the workspace of the token.",
    confidence: "documented",
    source: `${startPage}; ${typewriter} checks tokens so`,
    consequence: "A check without a sync shows it; with a sync, one run of its list is read instead.",
    probe: identity,
  },
  {
    id: "segment/unauthorized-status",
    claim: "A missing or a wrong token is refused with 401.",
    confidence: "documented",
    source: `${errorPage}; ${typewriter} takes a 403 for a wrong token`,
    consequence: "A 403 whose text calls the token missing, invalid or expired is `Unauthenticated` too.",
    hasSwitch: true,
  },
  {
    id: "segment/permission-denied-status",
    claim: "A good token without the permission is refused with 401.",
    confidence: "documented",
    source: `${errorPage}; 403 is not in its table, and expected by the SDKs`,
    consequence:
      "A 403, and a 401 whose text speaks of a permission, is `PermissionDenied`; a 401 that says neither is `Unauthenticated`.",
    hasSwitch: true,
  },
  {
    id: "segment/error-form",
    claim: "An error is `{ errors: [{ type, message, field, data }] }`, and `type` is a free string.",
    confidence: "documented",
    source: `${errorPage}; ${sdk}; other spellings of \`type\` in ${oldOpenApi} than in ${smokeTest}`,
    consequence: "The status decides; the first `type` goes along as the code, and an odd entry hides no other.",
  },
  {
    id: "segment/field-errors",
    claim: "A 422 has one error for each field, with the way to it written with dots.",
    confidence: "documented",
    source: validationPage,
    consequence: "Each is an issue of `InvalidRequest` with its path. A 400, which occurs too, is read the same way.",
  },
  {
    id: "segment/request-id-header",
    claim: "An answer may carry its id in `x-request-id`.",
    confidence: "assumed",
    source: "no source; a common custom",
    consequence: "It is put with the evidence of an error where there is one.",
    probe: identity,
  },
]
