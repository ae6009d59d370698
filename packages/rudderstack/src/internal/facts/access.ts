/** Facts about addresses, tokens, errors and limits. */
import type { Fact } from "@openretl/core/driver/Description"
import { airflow, commonGo, connectionsGo, dbtGuide, page } from "./sources.ts"

export const access = (): ReadonlyArray<Fact> => [
  {
    id: "rudderstack/regions",
    claim: "The API is at api.rudderstack.com for the US and at api.eu.rudderstack.com for the EU.",
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
    consequence: "Every request carries it; a 401 has it read again, once, where it comes from an effect.",
    probe: "GET /v2/retl-connections",
  },
  {
    id: "rudderstack/permission-denied-status",
    claim: "A good token without the permission is refused with 403.",
    confidence: "seen-in-official-client",
    source: `${commonGo}; ${dbtGuide} names the missing permission under 401`,
    consequence:
      "A 401 whose text speaks of a permission is `PermissionDenied` too; without one it is `Unauthenticated`.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/error-form",
    claim: "An error's text is in `error`, or else in `message`; `code` and `details` may be there too.",
    confidence: "seen-in-official-client",
    source: `${commonGo}; ${page} shows no body`,
    consequence: "The status decides, and text only refines it; an empty body is no trouble.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/error-details",
    claim: "`details` is an object of messages by field; lists, nested objects and single values occur.",
    confidence: "seen-in-official-client",
    source: commonGo,
    consequence: "Each becomes an issue of `InvalidRequest`; a shape not foreseen leaves the text.",
  },
  {
    id: "rudderstack/connections-list",
    claim: "Connections and sources can be read and changed; accounts without the feature are refused with 403.",
    confidence: "seen-in-official-client",
    source: connectionsGo,
    consequence:
      "Where they are closed (403, 404), a check without a sync says so, and a sync's own schedule is `unknown`.",
    hasSwitch: true,
    probe: "GET /v2/retl-connections?page=1&pageSize=1",
  },
  {
    id: "rudderstack/no-rate-limit",
    claim: "No rate limit is documented.",
    confidence: "documented",
    source: `${page}, by its silence`,
    consequence: "Requests are not held back until a 429 asks for it.",
  },
  {
    id: "rudderstack/retry-after",
    claim: "A 429 carries `Retry-After`.",
    confidence: "assumed",
    source: `no source; ${airflow} does not read it`,
    consequence: "It is kept, in seconds or as a date; without it core chooses the wait.",
    hasSwitch: true,
  },
  {
    id: "rudderstack/request-id-header",
    claim: "An answer may carry its id in `x-request-id`.",
    confidence: "assumed",
    source: "no source; a common custom",
    consequence: "It is put with the evidence of an error where there is one.",
    probe: "GET /v2/retl-connections",
  },
]
