/**
 * What the refusals of Fivetran Activations mean: pure, ordered, and the only place that reads the text of an error.
 *
 * The documents have a body for few refusals, and the vendor's own client calls the rest inconsistent: `message` with `status`,
 * which is a number or `error`, or nothing at all. The status decides; the text decides where it says more than the status does.
 * Operations are named as the functions of `FivetranActivationsClient`.
 */
import * as Refusals from "@openretl/core/driver/Refusals"
import type { Answer, Classified } from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import * as Reason from "@openretl/core/Reason"
import * as FivetranActivationsApi from "../FivetranActivationsApi.ts"

/** Returns what a refusal means; `undefined` for an answer that is not a refusal. */
export const classify = (answer: Answer): Classified | undefined =>
  answer.status >= 300 ? refusalOf(answer) : Refusals.insideSuccess(answer, refusalOf)

const decodeErrorBody = Wire.orUndefined(FivetranActivationsApi.ErrorBody)

const refusalOf = (answer: Answer): Classified => {
  const { message, error, status } = decodeErrorBody(answer.json) ?? {}
  const text = [message, error].find((part = "") => part.trim() !== "") ?? Wire.plainLine(answer.text)
  const said = Wire.cut(text.trim(), maxText)
  const isVendorsForm = message !== undefined || error !== undefined || status === answer.status
  return { reason: reasonOf(answer, said), isVendorsForm, ...(said !== "" && { text: said }) }
}

/** The rest of a longer text is dropped. */
const maxText = 500

const reasonOf = (answer: Answer, text: string): Reason.Reason => {
  const { operation, status, headers } = answer
  const isInvalid = status === 400 || status === 422
  switch (true) {
    // Whether a missing permission is a 401 or a 403 is not documented.
    case status === 401:
      return /\bnot authorized to\b/i.test(text) ? new Reason.PermissionDenied() : Refusals.unauthorized(text)
    case operation === "triggerSync" && status === 429 && Refusals.saysBusy(text):
      return new Reason.AlreadyRunning({})
    case status === 429:
      return Refusals.rateLimited(headers)
    case status === 404 || status === 410:
      return new Reason.NotFound({ what: missingThing(answer) })
    case isMissing(text) && (isInvalid || status === 403):
      return new Reason.NotFound({ what: missingThing(answer) })
    case status === 403:
      return new Reason.PermissionDenied()
    // A 504 says that the vendor was slower than its own limit: it goes on with the request.
    case status >= 500 || status === 408 || status === 425:
      return new Reason.Unavailable()
    // A read of a run sends nothing but its id.
    case operation === "getRun" && isInvalid:
      return new Reason.NotFound({ what: "run" })
    case operation === "triggerSync":
      return triggerRefused(status, text)
    // What a conflict is about is documented for no route. A run that has ended cannot be cancelled.
    case status === 409 || (operation === "cancelRun" && isInvalid && hasEnded(text)):
      return new Reason.Conflict()
    default:
      return invalid(status, text)
  }
}

/** Neither the status nor the text of these refusals is documented. */
const triggerRefused = (status: number, text: string): Reason.Reason => {
  const state = haltedState(text)
  if (state !== undefined) return new Reason.NotTriggerable({ state })
  if (Refusals.saysBusy(text)) return new Reason.AlreadyRunning({})
  return status === 409 ? new Reason.Conflict() : invalid(status, text)
}

const haltedState = (text: string): Reason.NotTriggerable["state"] | undefined => {
  if (/\bpaused\b/i.test(text)) return "paused"
  if (/\b(?:disabled|inactive|not enabled)\b/i.test(text)) return "disabled"
  if (/\bdraft\b/i.test(text)) return "draft"
  return /\blive (?:sync|mode)\b|\bnot (?:active|ready)\b/i.test(text) ? "unknown" : undefined
}

const hasEnded = (text: string): boolean =>
  /\b(?:already|has|is|not) (?:been )?(?:ended|finished|completed?|cancell?ed|running|in progress)\b/i.test(text)

/** Returns whether a text says that a sync or a run does not exist. A missing column or table of the customer's does not count. */
const isMissing = (text: string): boolean =>
  /\bno such (?:sync|run)\b|\b(?:sync|run)\b[^;:,.]{0,80}\b(?:not (?:be )?found|does(?: not|n't) exist)\b/i.test(text)

/** The operations whose path names a run. The paths of the others name a sync, or nothing. */
const runOperations: ReadonlyArray<string> = ["getRun", "cancelRun"]
const syncOperations: ReadonlyArray<string> = ["getSync", "updateSync", "deleteSync", "triggerSync", "listRuns"]

const missingThing = ({ operation, json, text }: Answer): Reason.NotFound["what"] => {
  // A page of a gateway says nothing about what is missing.
  if (json === undefined && text.trim() !== "") return "unknown"
  if (runOperations.includes(operation)) return "run"
  return syncOperations.includes(operation) ? "sync" : "unknown"
}

const invalid = (status: number, text: string): Reason.InvalidRequest =>
  new Reason.InvalidRequest({
    issues: [{ path: [], message: text || `Refused with HTTP ${status}, without a reason` }],
  })
