/**
 * What Hightouch's refusals mean: pure, ordered, and the only place that reads the text of an error.
 *
 * The documents have `message` with `details` for 409 and 422, inside a 200 too, and no body for others. The status decides;
 * the text decides where it says more than the status does. Operations are named as the functions of `HightouchClient`.
 */
import * as Refusals from "@openretl/core/driver/Refusals"
import type { Answer, Classified } from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import type { FieldIssue } from "@openretl/core/FieldIssue"
import * as Reason from "@openretl/core/Reason"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as HightouchApi from "../HightouchApi.ts"

/** Returns what a refusal means; `undefined` for an answer that is not a refusal. */
export const classify = (answer: Answer): Classified | undefined => {
  if (answer.status >= 300) return refusalOf(answer)
  if (decodeValidationError(answer.json) !== undefined) return refusalOf({ ...answer, status: 422 })
  // The documents list this text among the bodies of a 200.
  if (answer.json === "Internal Server Error") return { reason: new Reason.Unavailable(), isVendorsForm: false }
  return Refusals.insideSuccess(answer, refusalOf)
}

/** A refusal that the documents list among the bodies of a 200. */
const decodeValidationError = Wire.orUndefined(
  Schema.Struct({
    message: Schema.String.check(Schema.isPattern(/^validation failed$/i)),
    details: Schema.Unknown,
    id: Schema.optionalKey(Schema.Never),
    data: Schema.optionalKey(Schema.Never),
  }),
)

const decodeErrorBody = Wire.orUndefined(HightouchApi.ErrorBody)

/** What a refusal says. */
interface Said {
  /** Everything that it says, in one line: for what the vendor means. */
  readonly text: string
  /** The part of it that says most, as the vendor writes it: for people. */
  readonly shown: string
  /** One for each field that `details` name. */
  readonly issues: ReadonlyArray<FieldIssue>
}

const refusalOf = (answer: Answer): Classified => {
  const body = decodeErrorBody(answer.json)
  const isVendorsForm = body?.message !== undefined || body?.error !== undefined
  const line = Wire.plainLine(answer.text)
  const said = isVendorsForm ? saidBy(body) : { text: line, shown: line, issues: [] }
  return { reason: reasonOf(answer, said), isVendorsForm, ...(said.shown !== "" && { text: said.shown }) }
}

/** The rest of a longer text is dropped, and so are further issues. */
const maxText = 500
const maxIssues = 20

const cut = (text: string): string => Wire.cut(text.trim(), maxText)

const saidBy = ({ message = "", details, error = "" }: HightouchApi.ErrorBody): Said => {
  const issues = Predicate.isObject(details)
    ? Object.entries(details)
        .slice(0, maxIssues)
        .map(([field, detail]) => issueOf(field, detail))
    : []
  const detail = typeof details === "string" ? details : ""
  const parts = [message, error, detail, ...issues.map(textOfIssue)]
  const shown = [issues[0]?.message ?? "", detail, error, message].find((part) => part.trim() !== "") ?? ""
  return { text: cut(parts.filter((part) => part.trim() !== "").join(": ")), shown: cut(shown), issues }
}

/** Fields are named as in `requestBody.schedule`. */
const issueOf = (field: string, detail: unknown): FieldIssue => {
  const message: unknown = Predicate.isObject(detail) ? Reflect.get(detail, "message") : detail
  return {
    path: cut(field)
      .split(".")
      .filter((part) => !/^(?:request|requestBody|body|query)$/.test(part)),
    message: typeof message === "string" ? cut(message) : Wire.oneLine(detail),
  }
}

const textOfIssue = ({ path, message }: FieldIssue): string => `${path.join(".")}: ${message}`

const reasonOf = (answer: Answer, said: Said): Reason.Reason => {
  const { operation, status, headers } = answer
  const { text } = said
  const isInvalid = status === 400 || status === 422
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
    // The routes of runs do not document how they answer for a sync that does not exist.
    case isMissing(operation, text) && (isInvalid || status === 403):
      return new Reason.NotFound({ what: missingThing(answer, text) })
    case status === 403:
      return new Reason.PermissionDenied()
    case status >= 500 || status === 408 || status === 425:
      return new Reason.Unavailable()
    // A read of a run sends nothing but ids: a refusal without a text, or for the form of an id, can only be about one.
    case operation === "getRun" && isInvalid:
      return new Reason.NotFound({ what: text === "" ? "unknown" : missingThing(answer, text) })
    case operation === "triggerSync":
      return triggerRefused(status, said)
    case status === 409:
      return new Reason.Conflict()
    default:
      return invalid(status, said)
  }
}

/** Neither the status nor the text of these refusals is documented. */
const triggerRefused = (status: number, said: Said): Reason.Reason => {
  const state = haltedState(said.text)
  if (state !== undefined) return new Reason.NotTriggerable({ state })
  if (Refusals.saysBusy(said.text)) return new Reason.AlreadyRunning({})
  return status === 409 ? new Reason.Conflict() : invalid(status, said)
}

const haltedState = (text: string): Reason.NotTriggerable["state"] | undefined => {
  if (/\b(?:disabled|inactive|not enabled)\b/i.test(text)) return "disabled"
  if (/\bpaused\b/i.test(text)) return "paused"
  return /\bdraft\b/i.test(text) ? "draft" : undefined
}

/**
 * Returns whether a text says that a sync or a run does not exist. A missing column or table of the customer's does not count,
 * nor does what the body of a write names.
 */
const isMissing = (operation: string, text: string): boolean =>
  operation !== "createSync" &&
  /\bno such (?:sync|run)\b|\b(?:sync|run)(?:Id)?\b[^;,.]{0,80}\b(?:not (?:be )?found|does(?: not|n't) exist)\b/i.test(
    text,
  )

const missingThing = ({ operation, json, text: body }: Answer, text: string): Reason.NotFound["what"] => {
  // A page of a gateway says nothing about what is missing.
  if (json === undefined && body.trim() !== "") return "unknown"
  if (operation === "getRun" && /\brun(?:Id)?\b/i.test(text)) return "run"
  if (/\bsync(?:Id)?\b/i.test(text)) return "sync"
  // These name a sync in their path, and nothing else.
  return operation === "getSync" || operation === "updateSync" ? "sync" : "unknown"
}

const invalid = (status: number, { text, issues }: Said): Reason.InvalidRequest =>
  new Reason.InvalidRequest({
    issues:
      issues.length > 0 ? issues : [{ path: [], message: text || `Refused with HTTP ${status}, without a reason` }],
  })
