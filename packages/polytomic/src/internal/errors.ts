/**
 * What Polytomic's refusals mean: pure, ordered, and the only place that reads the text of an error.
 *
 * A refusal has `key`, `message`, `metadata` and `status`, all of them optional. The status decides; the text decides where it
 * says more than the status does. Operations are named as the functions of `PolytomicClient`.
 */
import * as Refusals from "@openretl/core/driver/Refusals"
import type { Answer, Classified } from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import * as Reason from "@openretl/core/Reason"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as PolytomicApi from "../PolytomicApi.ts"

/** Returns what a refusal means; `undefined` for an answer that is not a refusal. */
export const classify = (answer: Answer): Classified | undefined =>
  answer.status < 300 ? Refusals.insideSuccess(answer, refusalOf) : refusalOf(answer)

const decodeErrorBody = Wire.orUndefined(PolytomicApi.ErrorBody)

/** The rest of a longer text is dropped. */
const maxText = 500

const cut = (text: string): string => Wire.cut(text.trim(), maxText)

const refusalOf = (answer: Answer): Classified => {
  const body = decodeErrorBody(answer.json)
  const hasForm = body?.message !== undefined || body?.key !== undefined
  const shown = hasForm ? cut(body.message || body.key || "") : Wire.plainLine(answer.text)
  const text = hasForm ? cut(`${(body.key ?? "").replaceAll("_", " ")}: ${body.message ?? ""}`) : shown
  const isAboutKey = answer.status === 409 && saysKey(text)
  return {
    reason: isAboutKey ? new Reason.Conflict() : reasonOf(answer, text),
    // What such a 409 refuses is this request: an earlier one with the key may be at work.
    isVendorsForm: hasForm && !isAboutKey,
    ...(shown !== "" && { text: shown }),
  }
}

/** Returns whether a text is about the idempotency key of a request. */
const saysKey = (text: string): boolean =>
  /\bidempoten|\b(?:same|this) key\b|\brequest (?:is )?(?:already |still )?in (?:progress|flight)\b/i.test(text)

const reasonOf = (answer: Answer, text: string): Reason.Reason => {
  const { operation, status, headers } = answer
  const isInvalid = status === 400 || status === 422
  switch (true) {
    case status === 401:
      return Refusals.unauthorized(text)
    case status === 429:
      return rateLimited(headers)
    case status === 404 || status === 410:
      return new Reason.NotFound({ what: missingThing(answer, text) })
    case operation === "startSync" &&
      (isInvalid || status === 403 || status === 409) &&
      haltedState(text) !== undefined:
      return new Reason.NotTriggerable({ state: haltedState(text) ?? "unknown" })
    case status === 403:
      return new Reason.PermissionDenied()
    case status >= 500 || status === 408 || status === 425:
      return new Reason.Unavailable()
    // A read of an execution sends nothing but ids.
    case operation === "getExecution" && isInvalid:
      return new Reason.NotFound({ what: "unknown" })
    case operation === "cancelExecution" && saysEnded(text):
      return new Reason.Conflict()
    case operation === "startSync" && (isInvalid || status === 409) && Refusals.saysBusy(text):
      return new Reason.AlreadyRunning({})
    case status === 409:
      return new Reason.Conflict()
    default:
      return new Reason.InvalidRequest({
        issues: [{ path: [], message: text || `Refused with HTTP ${status}, without a reason` }],
      })
  }
}

const saysEnded = (text: string): boolean =>
  /\b(?:not|no|isn't) (?:currently )?(?:running|active|in progress|cancell?able)\b|\balready (?:completed|ended|finished|cancell?ed|failed)\b|\bhas (?:completed|ended|finished)\b/i.test(
    text,
  )

const haltedState = (text: string): Reason.NotTriggerable["state"] | undefined => {
  if (/\b(?:inactive|disabled|(?:not|isn't) active|not enabled)\b/i.test(text)) return "disabled"
  return /\bpaused\b/i.test(text) ? "paused" : undefined
}

const missingThing = ({ operation, json, text: body }: Answer, text: string): Reason.NotFound["what"] => {
  // A page of a gateway says nothing about what is missing.
  if (json === undefined && body.trim() !== "") return "unknown"
  const isAboutExecution = operation === "getExecution" || operation === "cancelExecution"
  if (isAboutExecution) return /\bexecution\b/i.test(text) ? "run" : /\bsync\b/i.test(text) ? "sync" : "unknown"
  return operation === "getIdentity" || operation === "listSyncs" ? "unknown" : "sync"
}

/** The wait of a 429 is in `Retry-After`, or in `X-RateLimit-Reset` as the seconds of an instant. */
const rateLimited = (headers: Answer["headers"]): Reason.RateLimited => {
  const limited = Refusals.rateLimited(headers)
  if (limited.retryAfter !== undefined) return limited
  const [reset, now] = [headers["x-ratelimit-reset"] ?? "", Wire.httpDate(headers["date"])]
  if (!/^\d{9,10}$/.test(reset) || now === undefined) return limited
  const millis = Number(reset) * 1_000 - DateTime.toEpochMillis(now)
  return new Reason.RateLimited({ retryAfter: Duration.millis(Math.max(0, millis)) })
}
