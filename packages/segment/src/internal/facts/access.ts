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
    claim: "Paths have no version: the media type carries it.",
    confidence: "documented",
    source: `${versioningPage}; ${sdk}`,
    consequence: "A `baseUrl` that ends in a version is refused.",
    probe: identity,
  },
  {
    id: "segment/bearer-token",
    claim: "A Public API token is sent as a bearer token, and opens one workspace.",
    confidence: "documented",
    source: `Segment Public API docs, Authentication page; ${sdk}`,
    consequence: "Every request carries the token. After a 401 it is read again, once, where it comes from an effect.",
    probe: identity,
  },
  {
    id: "segment/identity",
    claim: "`GET /` names the workspace of the token.",
    confidence: "documented",
    source: `${startPage}; ${typewriter} checks tokens with it`,
    consequence: "A check without a sync shows the workspace; a check with a sync reads one run of its list instead.",
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
    claim: "A valid token without the permission is refused with 401.",
    confidence: "documented",
    source: `${errorPage}; 403 is not in its table, and expected by the SDKs`,
    consequence:
      "A 403, and a 401 whose text names a permission, is `PermissionDenied`. A 401 whose text names neither a token nor a permission is `Unauthenticated`.",
    hasSwitch: true,
  },
  {
    id: "segment/error-form",
    claim: "An error is `{ errors: [{ type, message, field, data }] }`, and `type` is a free string.",
    confidence: "documented",
    source: `${errorPage}; ${sdk}; other spellings of \`type\` in ${oldOpenApi} than in ${smokeTest}`,
    consequence: "The status decides. The first `type` becomes the code of the evidence. An odd entry hides no other.",
  },
  {
    id: "segment/field-errors",
    claim: "A 422 has one error for each field, with the field's path written with dots.",
    confidence: "documented",
    source: validationPage,
    consequence:
      "Each error is an issue of `InvalidRequest` with its path. A 400, which occurs too, is decoded the same way.",
  },
  {
    id: "segment/request-id-header",
    claim: "An answer may carry its id in `x-request-id`.",
    confidence: "assumed",
    source: "no source; a common convention",
    consequence: "An error's evidence has the id where the answer has one.",
    probe: identity,
  },
]
