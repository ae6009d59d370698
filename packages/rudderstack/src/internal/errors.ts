/**
 * What RudderStack's refusals mean: pure, ordered, and the only place that reads the text of an error.
 *
 * The bodies on the routes of a run are not documented, and may be empty: the status decides, and text only where it
 * says more than the status does. The operations are named as the functions of
 * `RudderStackClient`.
 */

import * as Reader from "@openretl/core/driver/Reader"
import type { Classified, Refusal } from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import type * as FieldIssue from "@openretl/core/FieldIssue"
import * as Reason from "@openretl/core/Reason"
import * as RudderStackApi from "../RudderStackApi.ts"
import * as Details from "./details.ts"

export const classify = (refusal: Refusal): Classified => {
  const body = Reader.orUndefined(RudderStackApi.errorBody, refusal.json)
  const text = textOf(body, refusal.text)
  return {
    reason: reasonOf(refusal, body, text),
    ...(body?.code !== undefined && body.code !== "" && { code: body.code }),
    ...(text !== "" && { text }),
  }
}

/** `error` comes first, as in the vendor's own client. Of a body that is not JSON only a plain line is kept. */
const textOf = (body: RudderStackApi.ErrorBody | undefined, raw: string): string => {
  if (body !== undefined) return (body.error || body.message || "").trim()
  return Wire.plainLine(raw)
}

const reasonOf = (refusal: Refusal, body: RudderStackApi.ErrorBody | undefined, text: string): Reason.Reason => {
  const { operation, status, headers } = refusal
  const isStart = operation === "startSync"
  switch (true) {
    // A guide of the vendor lists the missing permission among the causes of a 401.
    case status === 401:
      return /permission|forbidden|not allowed|access denied/i.test(text)
        ? new Reason.PermissionDenied()
        : new Reason.Unauthenticated()
    // Also a feature that is not enabled for the account.
    case status === 403:
      return new Reason.PermissionDenied()
    case status === 429:
      return rateLimited(headers)
    // A run that cannot be resolved is a 500; only for a malformed id does the text say so (rudder-iac, issue DEX-923).
    case status === 500 && operation === "getSync" && /invalid run id/i.test(text):
      return new Reason.NotFound({ what: "run" })
    case status >= 500 || status === 408 || status === 425:
      return new Reason.Unavailable()
    // Before any 409: assumed, and only where the answer's own text says so.
    case isStart && /\b(?:disabled|paused)\b/i.test(text):
      return new Reason.NotTriggerable({ state: /\bpaused\b/i.test(text) ? "paused" : "disabled" })
    // Just after a source was created the data plane may not know it yet; with which status is not documented.
    case isStart && /source not found/i.test(text):
      return new Reason.NotFound({ what: "sync" })
    case status === 404 || status === 410:
      return new Reason.NotFound({ what: missing(refusal, text) })
    case status === 409:
      return isStart ? new Reason.AlreadyRunning({}) : new Reason.Conflict()
    default:
      return new Reason.InvalidRequest({ issues: issuesOf(status, body, text) })
  }
}

const rateLimited = (headers: Refusal["headers"]): Reason.RateLimited => {
  const wait = Wire.retryAfter(headers)
  return new Reason.RateLimited(wait === undefined ? {} : { retryAfter: wait })
}

/** The documented 404 is the connection's. */
const missing = ({ operation, json, text: raw }: Refusal, text: string): Reason.NotFound["what"] => {
  // A page of something in between says nothing about what is missing.
  if (json === undefined && raw.trim() !== "") return "unknown"
  if (/\bconnection not found\b/i.test(text)) return "sync"
  switch (operation) {
    // The docs name only the connection; a comment in rudder-iac claims a 404 for an unknown run.
    case "getSync":
      return /\b(?:sync|run)\b/i.test(text) ? "run" : "unknown"
    // What is missing may be a run to stop.
    case "stopSync":
      return /\brunning\b/i.test(text) ? "run" : "sync"
    case "startSync":
    case "listSyncs":
    case "getConnection":
    case "updateConnection":
    case "deleteConnection":
    case "setConnectionExternalId":
      return "sync"
    // Of a new connection a source or a destination may be missing; sources and previews have no word of ours.
    default:
      return "unknown"
  }
}

const issuesOf = (
  status: number,
  body: RudderStackApi.ErrorBody | undefined,
  text: string,
): ReadonlyArray<FieldIssue.FieldIssue> => {
  const found = Details.toIssues(body?.details)
  return found.length > 0 ? found : [{ path: [], message: text || `Refused with HTTP ${status}, without a reason` }]
}
