/**
 * What Segment's refusals mean: pure, ordered, and the only place that reads the text of an error.
 *
 * The status decides. The vendor's `type` is a free string with several spellings: it only becomes the evidence's code.
 * Text decides where the status leaves it open. Operations have the names of `SegmentClient`'s functions.
 */
import * as Refusals from "@openretl/core/driver/Refusals"
import type { Answer, Classified } from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import type * as FieldIssue from "@openretl/core/FieldIssue"
import * as Reason from "@openretl/core/Reason"
import * as SegmentApi from "../SegmentApi.ts"
import { waitOf } from "./wait.ts"

/** Returns what a refusal means; `undefined` for a success. */
export const classify = (answer: Answer): Classified | undefined =>
  answer.status < 300 ? Refusals.insideSuccess(answer, refusalOf) : refusalOf(answer)

const refusalOf = (answer: Answer): Classified => {
  const errors = errorsOf(answer.json)
  const text = errors.length > 0 ? messagesOf(errors) : Wire.plainLine(answer.json === undefined ? answer.text : "")
  const code = errors.find(({ type }) => type !== undefined && type !== "")?.type
  return {
    reason: reasonOf(answer, errors, text),
    // Every refusal of the vendor has `errors`; the body of a gateway has not.
    isVendorsForm: decodeErrorBody(answer.json) !== undefined,
    ...(code !== undefined && { code }),
    ...(text !== "" && { text }),
  }
}

const maxErrors = 50
const maxText = 2_000

const decodeErrorBody = Wire.orUndefined(SegmentApi.ErrorBody)
const decodeRequestError = Wire.orUndefined(SegmentApi.RequestError)

/** Returns the entries of an error's body. A body of another form, from a gateway, may have a `message` of its own. */
const errorsOf = (json: unknown): ReadonlyArray<SegmentApi.RequestError> => {
  const entries = decodeErrorBody(json)?.errors.slice(0, maxErrors) ?? [json]
  return entries.map((entry) => decodeRequestError(entry) ?? {}).filter((error) => Object.keys(error).length > 0)
}

const messagesOf = (errors: ReadonlyArray<SegmentApi.RequestError>): string =>
  errors
    .map(({ message = "" }) => bounded(message.trim(), maxText))
    .filter((message) => message !== "")
    .join("; ")
    .slice(0, maxText)

const reasonOf = (answer: Answer, errors: ReadonlyArray<SegmentApi.RequestError>, text: string): Reason.Reason => {
  const { operation, status } = answer
  switch (true) {
    case status === 401 || status === 403:
      return accessReason(status, text)
    case operation === "createManualSync" && status === 429 && Refusals.saysBusy(unquoted(text)):
      return new Reason.AlreadyRunning({})
    case status === 429: {
      const retryAfter = waitOf(answer.headers, errors)
      return new Reason.RateLimited(retryAfter === undefined ? {} : { retryAfter })
    }
    case status >= 500 || status === 408 || status === 425:
      return new Reason.Unavailable()
    case status === 404 || status === 410:
      return new Reason.NotFound({ what: missingPart(answer, text) })
  }
  const stateReason = operation === "createManualSync" ? startReason(status, errors, text) : undefined
  if (stateReason !== undefined) return stateReason
  return status === 409 ? new Reason.Conflict() : new Reason.InvalidRequest({ issues: issuesOf(status, errors, text) })
}

/**
 * Returns what a refused start says about the mapping's state. How the vendor refuses a start of a mapping that is
 * disabled or busy is not documented. An error of one field is not about that.
 */
const startReason = (
  status: number,
  errors: ReadonlyArray<SegmentApi.RequestError>,
  text: string,
): Reason.Reason | undefined => {
  const general = errors.length === 0 ? text : messagesOf(errors.filter(({ field = "" }) => field === ""))
  const state = unquoted(general)
  if (/\b(?:disabled|not enabled|paused)\b/i.test(state)) {
    return new Reason.NotTriggerable({ state: /\bpaused\b/i.test(state) ? "paused" : "disabled" })
  }
  return Refusals.saysBusy(state) || status === 409 ? new Reason.AlreadyRunning({}) : undefined
}

const permissionPattern = /\bpermissions?\b|\bforbidden\b|\bnot allowed\b|\baccess denied\b|\bnot authorized to\b/i
const tokenPattern =
  /\btoken\b[^;]*\b(?:missing|invalid|not valid|expired|malformed|revoked)\b|\b(?:missing|invalid|expired|malformed|revoked)\b[^;]*\btoken\b/i

/**
 * The docs give 401 for a missing token, a wrong one, and a valid one without the permission; one of the vendor's
 * clients takes 403 for a wrong token. Where the text says which it is, the text decides; otherwise the status does.
 */
const accessReason = (status: number, text: string): Reason.Reason => {
  const [token, permission] = [tokenPattern.test(text), permissionPattern.test(text)]
  const isDenied = token === permission ? status === 403 : permission
  return isDenied ? new Reason.PermissionDenied() : new Reason.Unauthenticated()
}

/**
 * Returns what a 404 is about. What the vendor calls a sync is a run; its source, model and subscription are a sync
 * here. `unknown` stands for a source, a model or a destination by itself.
 */
const missingPart = ({ operation, json, text: raw }: Answer, text: string): Reason.NotFound["what"] => {
  // A page of a gateway says nothing about what is missing.
  if (json === undefined && raw.trim() !== "") return "unknown"
  switch (operation) {
    case "createManualSync":
    case "listSyncStatuses":
    case "getSubscription":
    case "deleteSubscription":
      return "sync"
    case "updateSubscription": {
      // The missing part may be the model that the change names.
      const [named = ""] = /\b(?:model|destination|subscription|mapping)\b/i.exec(unquoted(text)) ?? []
      return /model/i.test(named) ? "unknown" : "sync"
    }
    case "getSyncStatus":
    case "cancelSync": {
      const [named] = /\b(?:source|model|subscription|mapping|sync|run)\b/i.exec(unquoted(text)) ?? []
      if (named === undefined) return "unknown"
      return /sync|run/i.test(named) ? "run" : "sync"
    }
    default:
      return "unknown"
  }
}

/** Returns a message without its quoted parts: they are ids, and an id may say anything. */
const unquoted = (text: string): string => text.replace(/"[^"]*"|(?<!\w)'[^']*'/g, "")

const issuesOf = (
  status: number,
  errors: ReadonlyArray<SegmentApi.RequestError>,
  text: string,
): ReadonlyArray<FieldIssue.FieldIssue> =>
  errors.length > 0
    ? errors.map(({ field = "", message, type }) => ({
        path: pathOf(field),
        message: bounded(message?.trim() || type?.trim() || `Refused with HTTP ${status}`, 300),
      }))
    : [{ path: [], message: text || `Refused with HTTP ${status}, without a reason` }]

/** Returns the path of `warehouse.metadataId`, or of `fields[0].name`. */
const pathOf = (field: string): ReadonlyArray<string> =>
  bounded(field, 300)
    .split(/[.[\]]/)
    .filter((part) => part !== "")

const bounded = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`
