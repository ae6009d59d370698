/**
 * What RudderStack's refusals mean: pure, ordered, and the only place that reads the text of an error.
 *
 * The bodies on the routes of a run are not documented, and may be empty: the status decides, and text decides only where
 * it says more than the status. Operations have the names of the functions of `RudderStackClient`.
 */
import * as Refusals from "@openretl/core/driver/Refusals"
import type { Answer, Classified } from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import type { FieldIssue } from "@openretl/core/FieldIssue"
import * as Reason from "@openretl/core/Reason"
import { ErrorBody } from "../RudderStackApi.ts"
import * as Details from "./details.ts"

const decodeBody = Wire.orUndefined(ErrorBody)

/** Returns what a refusal means; `undefined` for a success. */
export const classify = (answer: Answer): Classified | undefined => {
  if (answer.status >= 300) return refusalOf(answer)
  // A preview that failed has an `error` of its own.
  return answer.operation === "getPreview" ? undefined : Refusals.insideSuccess(answer, refusalOf)
}

const refusalOf = (answer: Answer): Classified => {
  const body = decodeBody(answer.json)
  const text = textOf(body, answer.text)
  return {
    reason: reasonOf(answer, body, text),
    isVendorsForm: isVendorsForm(answer, body),
    ...(body?.code !== undefined && body.code !== "" && { code: body.code }),
    ...(text !== "" && { text }),
  }
}

/** The statuses of refusals that the vendor documents, without a word about their bodies. */
const documented: ReadonlyArray<number> = [401, 404, 409]

/**
 * Returns whether an answer has the vendor's form: a text in `error` or `message`, or nothing at all with a documented
 * status.
 */
const isVendorsForm = ({ status, text }: Answer, body: ErrorBody | undefined): boolean =>
  Boolean(body?.error || body?.message) || (text.trim() === "" && documented.includes(status))

/** `error` comes before `message`, as in the vendor's own client. Of a body that is not JSON, only a plain line is kept. */
const textOf = (body: ErrorBody | undefined, raw: string): string => {
  if (body !== undefined) return (body.error || body.message || "").trim()
  return Wire.plainLine(raw)
}

const reasonOf = (answer: Answer, body: ErrorBody | undefined, text: string): Reason.Reason => {
  const { operation, status, headers } = answer
  const isStart = operation === "startSync"
  switch (true) {
    // A guide of the vendor lists the missing permission among the causes of a 401.
    case status === 401:
      return Refusals.unauthorized(text)
    // Also for a feature that is not enabled for the account.
    case status === 403:
      return new Reason.PermissionDenied()
    case isStart && status === 429 && Refusals.saysBusy(text):
      return new Reason.AlreadyRunning({})
    case status === 429:
      return Refusals.rateLimited(headers)
    // A run that does not exist is a 500; only for a malformed id does the text say so (rudder-iac, issue DEX-923).
    case status === 500 && operation === "getSync" && /invalid run id/i.test(text):
      return new Reason.NotFound({ what: "run" })
    case status >= 500 || status === 408 || status === 425:
      return new Reason.Unavailable()
    // Comes before any 409. Assumed, and only where the text says so.
    case isStart && /\b(?:disabled|paused)\b/i.test(text):
      return new Reason.NotTriggerable({ state: /\bpaused\b/i.test(text) ? "paused" : "disabled" })
    // Just after a source was created, the data plane may not have it yet. The status of that answer is not documented.
    case isStart && /source not found/i.test(text):
      return new Reason.NotFound({ what: "sync" })
    case status === 404 || status === 410:
      return new Reason.NotFound({ what: missing(answer, text) })
    // Documented as a 409. Another status is assumed, and only where the text says so.
    case isStart && (status === 409 || Refusals.saysBusy(text)):
      return new Reason.AlreadyRunning({})
    case status === 409:
      return new Reason.Conflict()
    default:
      return new Reason.InvalidRequest({ issues: issuesOf(status, body, text) })
  }
}

/** Returns what a 404 says is missing. The documented 404 is the connection's. */
const missing = ({ operation, json, text: raw }: Answer, text: string): Reason.NotFound["what"] => {
  // The page of a gateway does not say what is missing.
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
    // For a create, a source or a destination may be missing; core has no word for sources and previews.
    default:
      return "unknown"
  }
}

const issuesOf = (status: number, body: ErrorBody | undefined, text: string): ReadonlyArray<FieldIssue> => {
  const issues = Details.toIssues(body?.details)
  return issues.length > 0 ? issues : [{ path: [], message: text || `Refused with HTTP ${status}, without a reason` }]
}
