/**
 * What Zeotap's refusals mean: pure, ordered, and the only place that reads the text of an error.
 *
 * Only the status codes 200, 201, 400, 401 and 429 are documented, and none by route. The status decides; the text decides
 * where it says more than the status does. A body may be empty, or a gateway's page: then it is not in the vendor's form,
 * which has `error`. Operations are named as the functions of `ZeotapClient`.
 */
import * as Refusals from "@openretl/core/driver/Refusals"
import type { Answer, Classified } from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import * as Reason from "@openretl/core/Reason"
import * as ZeotapApi from "../ZeotapApi.ts"

/** Returns what a refusal means; `undefined` for an answer that is not a refusal. */
export const classify = (answer: Answer): Classified | undefined =>
  answer.status < 300 ? Refusals.insideSuccess(answer, refusalOf) : refusalOf(answer)

const refusalOf = (answer: Answer): Classified => {
  const body = decodeErrorBody(answer.json)
  const text = textOf(answer, body)
  return { reason: reasonOf(answer, text), isVendorsForm: body?.error !== undefined, ...(text !== "" && { text }) }
}

/** The rest of a longer text is dropped. */
const maxText = 500

const decodeErrorBody = Wire.orUndefined(ZeotapApi.ErrorBody)

const textOf = ({ text }: Answer, body: ZeotapApi.ErrorBody | undefined): string =>
  body === undefined ? Wire.plainLine(text) : Wire.cut((body.error ?? "").trim(), maxText)

const reasonOf = (answer: Answer, text: string): Reason.Reason => {
  const { operation, status, headers } = answer
  switch (true) {
    // Whether a missing permission is a 401 or a 403 is not documented.
    case status === 401:
      return Refusals.unauthorized(text)
    case operation === "triggerSync" && status === 429 && Refusals.saysBusy(text):
      return new Reason.AlreadyRunning({})
    case status === 429:
      return Refusals.rateLimited(headers)
    case status === 404 || status === 410:
      return new Reason.NotFound({ what: missingThing(answer, text) })
    // Something that does not exist may have any of these statuses, where the text says so.
    case saysMissing(operation, text) &&
      (status === 400 || status === 403 || status === 422 || (status === 500 && operation === "getRun")):
      return new Reason.NotFound({ what: missingThing(answer, text) })
    case status === 403:
      return new Reason.PermissionDenied()
    case status >= 500 || status === 408 || status === 425:
      return new Reason.Unavailable()
    // A read of a run sends nothing but ids: a refusal without a text, or for a form, can only be about one of them.
    case operation === "getRun" && (status === 400 || status === 422) && (text === "" || isMalformedId(text)):
      return new Reason.NotFound({ what: text === "" ? "unknown" : "run" })
    case operation === "triggerSync":
      return triggerRefused(status, text)
    case status === 409:
      return new Reason.Conflict()
    case operation === "createSync" || operation === "updateSync":
      return invalid(status, text, fieldPath(text))
    default:
      return invalid(status, text)
  }
}

/**
 * Neither the status nor the text of these refusals is documented. A 409 without a text could mean a run under way or a
 * sync that is not active, so it is neither.
 */
const triggerRefused = (status: number, text: string): Reason.Reason => {
  const state = haltedState(text)
  if (state !== undefined) return new Reason.NotTriggerable({ state })
  if (saysRunning(text)) return new Reason.AlreadyRunning({})
  return status === 409 ? new Reason.Conflict() : invalid(status, text)
}

const saysRunning = (text: string): boolean =>
  Refusals.saysBusy(text) || /\brunning\b|\bin progress\b|\balready has\b/i.test(text)

const haltedState = (text: string): Reason.NotTriggerable["state"] | undefined => {
  switch (true) {
    case /\bpaused\b/i.test(text):
      return "paused"
    case /\bdraft\b/i.test(text):
      return "draft"
    case /\b(?:inactive|disabled|not enabled)\b/i.test(text):
      return "disabled"
    case /\b(?:is|in|has) (?:an? )?error\b|\berror (?:state|status)\b/i.test(text):
      return "error"
    case /\b(?:not|be|isn't) active\b|\bonly active\b/i.test(text):
      return "unknown"
    default:
      return undefined
  }
}

const isMalformedId = (text: string): boolean => /\b(?:invalid|malformed)\b.*(?:\b|_)(?:id|uuid)\b/i.test(text)

/** The things that the path of an operation names. The paths of other operations name a sync or its run, and the workspace. */
const thingsInPath: Readonly<Record<string, string>> = {
  getModel: "model|workspace",
  getDestination: "destination|workspace",
  createSync: "workspace",
}

/**
 * Returns whether a text says that a thing in the request's path does not exist. A missing column or table of the customer's
 * does not count, nor does what the body of a write names.
 */
const saysMissing = (operation: string, text: string): boolean => {
  const thing = thingsInPath[operation] ?? "sync|run|workspace"
  const isGone = "(?:not (?:be )?found|does(?: not|n't) exist)"
  return new RegExp(`\\bno such (?:${thing})\\b|(?:\\b|_)(?:${thing})\\b[^:;,.]{0,80}\\b${isGone}\\b`, "i").test(text)
}

/** The operations whose path names the workspace alone. `createSync` is not one: its body names a model and a destination. */
const workspaceOperations: ReadonlyArray<string> = [
  "getWorkspace",
  "listSyncs",
  "listModels",
  "listDestinations",
  "getSyncHealth",
]

const missingThing = ({ operation, json, text: body }: Answer, text: string): Reason.NotFound["what"] => {
  // A page of a gateway says nothing about what is missing.
  if (json === undefined && body.trim() !== "") return "unknown"
  if (workspaceOperations.includes(operation)) return "workspace"
  if (operation === "getRun" && /run\b/i.test(text)) return "run"
  if (thingsInPath[operation] === undefined && /\bsync\b/i.test(text)) return "sync"
  return /\bworkspace\b/i.test(text) ? "workspace" : "unknown"
}

const writableFields: ReadonlyArray<string> = [
  "name",
  "description",
  "model_id",
  "destination_id",
  "field_mapping",
  "sync_mode",
  "schedule",
  "primary_key",
  "config",
  "status",
]

/** Returns the path of the field that a text names; empty where it names none, or several. */
const fieldPath = (text: string): ReadonlyArray<string> => {
  const fields = writableFields.filter((field) => new RegExp(`\\b${field}\\b`).test(text))
  return fields.length === 1 ? fields : []
}

const invalid = (status: number, text: string, path: ReadonlyArray<string> = []): Reason.InvalidRequest =>
  new Reason.InvalidRequest({
    issues: [{ path, message: text || `Refused with HTTP ${status}, without a reason` }],
  })
