/** Facts about addresses, tokens, errors and limits. */
import type { Fact } from "@openretl/core/driver/Description"
import { airflow, commonGo, connectionsGo, dbtGuide, page } from "./citations.ts"

export const access = (): ReadonlyArray<Fact> => [
  {
    id: "rudderstack/regions",
    claim: "The address of the API is api.rudderstack.com in the US and api.eu.rudderstack.com in the EU.",
    confidence: "documented",
    source: `${page}; ${dbtGuide}`,
    consequence: "`region` chooses the address; `baseUrl` replaces it.",
    probe: "GET /v2/retl-connections",
  },
  {
    id: "rudderstack/bearer-token",
    claim: "A service access token is sent as a bearer token.",
    confidence: "documented",
    source: page,
    consequence: "Every request carries it. After a 401 a token that comes from an effect is read again, once.",
    probe: "GET /v2/retl-connections",
  },
  {
    id: "rudderstack/permission-denied-status",
    claim: "The answer to a valid token without the permission is 403.",
    confidence: "seen-in-official-client",
    source: `${commonGo}; ${dbtGuide} lists the missing permission among the causes of a 401`,
    consequence: "A 401 is `PermissionDenied` where its text mentions a permission, and otherwise `Unauthenticated`.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/error-form",
    claim: "The text of an error is in `error` or in `message`; it may also have `code` and `details`.",
    confidence: "seen-in-official-client",
    source: `${commonGo}; ${page} shows no body`,
    consequence:
      "The status decides, and text only refines it. A refusal of a write without a text does not prove that the vendor did nothing, unless it is a 401, 404, 409 or 429 with an empty body.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/error-details",
    claim: "`details` is an object of messages by field. Lists, nested objects and single values occur as well.",
    confidence: "seen-in-official-client",
    source: commonGo,
    consequence:
      "Each message becomes an issue of `InvalidRequest`. For any other shape the issue is the text of the error.",
  },
  {
    id: "rudderstack/connections-list",
    claim: "Connections and sources can be read and changed. The answer to accounts without the feature is 403.",
    confidence: "seen-in-official-client",
    source: connectionsGo,
    consequence:
      "Where they are closed (403, 404), a check without a sync says so, and `ownSchedule` of a sync is `unknown`.",
    hasSwitch: true,
    probe: "GET /v2/retl-connections?page=1&pageSize=1",
  },
  {
    id: "rudderstack/no-rate-limit",
    claim: "No rate limit is documented.",
    confidence: "documented",
    source: `${page}, which mentions none`,
    consequence: "Requests are sent at once, until a 429 makes core wait.",
  },
  {
    id: "rudderstack/retry-after",
    claim: "A 429 carries `Retry-After`.",
    confidence: "assumed",
    source: `no source; ${airflow} does not read it`,
    consequence: "It is read in seconds or as a date. Without it core chooses the wait.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/request-id-header",
    claim: "An answer may carry the id of its request in `x-request-id`.",
    confidence: "assumed",
    source: "no source; a common custom",
    consequence: "It is part of the evidence of an error, where there is one.",
    probe: "GET /v2/retl-connections",
  },
]
