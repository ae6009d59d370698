/**
 * What Zeotap's refusals mean: pure, ordered, and the only place that reads the text of an error.
 *
 * Of the codes only 200, 201, 400, 401 and 429 are documented, and none by route: the status decides, and text only
 * where it says more than the status does. A body may be empty, or a gateway's page. The operations are named as the
 * functions of `ZeotapClient`.
 */
import * as Reader from "@openretl/core/driver/Reader"
import type { Classified, Refusal } from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import * as Reason from "@openretl/core/Reason"
import * as ZeotapApi from "../ZeotapApi.ts"

export const classify = (refusal: Refusal): Classified => {
  const text = textOf(refusal)
  return { reason: reasonOf(refusal, text), ...(text !== "" && { text }) }
}

/** More of a text than anybody wants to read says nothing either. */
const maxText = 500

const textOf = ({ json, text }: Refusal): string => {
  const body = Reader.orUndefined(ZeotapApi.errorBody, json)
  return body === undefined ? Wire.plainLine(text) : (body.error ?? "").slice(0, maxText).toWellFormed().trim()
}

const reasonOf = (refusal: Refusal, text: string): Reason.Reason => {
  const { operation, status, headers } = refusal
  switch (true) {
    // Which of the two a missing permission has is not documented.
    case status === 401:
      return /permission|forbidden|not allowed|access denied/i.test(text)
        ? new Reason.PermissionDenied()
        : new Reason.Unauthenticated()
    case status === 429:
      return rateLimited(headers)
    case status === 404 || status === 410:
      return new Reason.NotFound({ what: missing(refusal, text) })
    // What does not exist may have any other of these, where its text says so.
    case saysMissing(operation, text) &&
      (status === 400 || status === 403 || status === 422 || (status === 500 && operation === "getRun")):
      return new Reason.NotFound({ what: missing(refusal, text) })
    case status === 403:
      return new Reason.PermissionDenied()
    case status >= 500 || status === 408 || status === 425:
      return new Reason.Unavailable()
    // A read of a run sends nothing but ids: what is refused in it without a word, or for its form, can only be one.
    case operation === "getRun" && (status === 400 || status === 422) && (text === "" || isMalformedId(text)):
      return new Reason.NotFound({ what: text === "" ? "unknown" : "run" })
    case operation === "triggerSync":
      return triggerRefused(status, text)
    case status === 409:
      return new Reason.Conflict()
    case operation === "createSync" || operation === "updateSync":
      return invalid(status, text, fieldIn(text))
    default:
      return invalid(status, text)
  }
}

/** Neither the code nor the text of these is documented. A 409 that says nothing could be either, so it is neither. */
const triggerRefused = (status: number, text: string): Reason.Reason => {
  const state = haltedState(text)
  if (state !== undefined) return new Reason.NotTriggerable({ state })
  if (saysRunning(text)) return new Reason.AlreadyRunning({})
  return status === 409 ? new Reason.Conflict() : invalid(status, text)
}

const saysRunning = (text: string): boolean =>
  /\brunning\b|\bin progress\b|\balready (?:active|has|pending|queued|started|syncing|triggered)\b/i.test(text) ||
  /\b(?:active|another|pending|queued) run\b|\brun is (?:active|pending|queued)\b/i.test(text)

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

/** The things that stand in a request's path; where it is not named here, a sync or a run of one, and the workspace. */
const inPath: Readonly<Record<string, string>> = {
  getModel: "model|workspace",
  getDestination: "destination|workspace",
  createSync: "workspace",
}

/** A thing of ours, not a column or a table of the customer's, nor what the body of a write speaks of. */
const saysMissing = (operation: string, text: string): boolean => {
  const thing = inPath[operation] ?? "sync|run|workspace"
  const isGone = "(?:not (?:be )?found|does(?: not|n't) exist)"
  return new RegExp(`\\bno such (?:${thing})\\b|(?:\\b|_)(?:${thing})\\b[^:;,.]{0,80}\\b${isGone}\\b`, "i").test(text)
}

const rateLimited = (headers: Refusal["headers"]): Reason.RateLimited => {
  const wait = Wire.retryAfter(headers)
  return new Reason.RateLimited(wait === undefined ? {} : { retryAfter: wait })
}

/** Nothing else stands in the paths of these. What a new sync is made of stands in its body. */
const namesWorkspaceAlone: ReadonlyArray<string> = [
  "getWorkspace",
  "listSyncs",
  "listModels",
  "listDestinations",
  "getSyncHealth",
]

const missing = ({ operation, json, text: raw }: Refusal, text: string): Reason.NotFound["what"] => {
  // A page of something in between says nothing about what is missing.
  if (json === undefined && raw.trim() !== "") return "unknown"
  if (namesWorkspaceAlone.includes(operation)) return "workspace"
  if (operation === "getRun" && /run\b/i.test(text)) return "run"
  if (inPath[operation] === undefined && /\bsync\b/i.test(text)) return "sync"
  return /\bworkspace\b/i.test(text) ? "workspace" : "unknown"
}

const written: ReadonlyArray<string> = [
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

/** The field of a sync that a text speaks of, where it speaks of one. */
const fieldIn = (text: string): ReadonlyArray<string> => {
  const named = written.filter((field) => new RegExp(`\\b${field}\\b`).test(text))
  return named.length === 1 ? named : []
}

const invalid = (status: number, text: string, path: ReadonlyArray<string> = []): Reason.InvalidRequest =>
  new Reason.InvalidRequest({
    issues: [{ path, message: text || `Refused with HTTP ${status}, without a reason` }],
  })
