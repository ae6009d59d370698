/** The usual forms of refusals in APIs, for vendors whose documents do not say how they refuse. All of it is assumed. */

import type { Answer, Classified } from "../http/VendorClient.ts"
import * as Wire from "../http/Wire.ts"
import * as Reason from "../model/Reason.ts"

const busy =
  /\b(?:already|currently|still|is|are|being) (?:\w+ )?(?:running|in progress|executing|syncing|triggered|started|pending|queued|active)\b|\b(?:active|another|pending|queued|running|ongoing|previous) (?:run|sync|job|execution)\b/i

/** A run that is not there, a limit of the account, and rules for other things. */
const notBusy = /\b(?:not|no|isn't|aren't|too many|limits?|quota|exceed(?:s|ed)?|maximum)\b/i

/** Returns whether the text of a refused trigger says that a run of the sync is under way, whatever the status is. */
export const saysBusy = (text: string): boolean => busy.test(text) && !notBusy.test(text)

/** Returns the reason of a 401: some vendors answer so where the token lacks a permission, and only the text says it. */
export const unauthorized = (text: string): Reason.PermissionDenied | Reason.Unauthenticated =>
  /permission|forbidden|not allowed|access denied/i.test(text)
    ? new Reason.PermissionDenied()
    : new Reason.Unauthenticated()

/** Returns the reason of a 429, with the wait of its `retry-after` header. */
export const rateLimited = (headers: Answer["headers"]): Reason.RateLimited => {
  const retryAfter = Wire.retryAfter(headers)
  return new Reason.RateLimited(retryAfter === undefined ? {} : { retryAfter })
}

/** The other fields of a body that says nothing but an error. */
const fields: ReadonlyArray<string> = [
  "code",
  "detail",
  "details",
  "message",
  "path",
  "reason",
  "requestId",
  "request_id",
  "statusCode",
  "timestamp",
  "type",
]

/** Returns whether a body says that the request was refused, and nothing else: `{ "error": "..." }`, `{ "errors": [...] }`. */
const isErrorAlone = (json: unknown): boolean => {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return false
  const { error, errors, success, status, ...others } = json as Readonly<Record<string, unknown>>
  // A run that failed has an `error` and a `status`, too.
  if (typeof status === "string" && !/^(?:error|\d+)$/i.test(status)) return false
  const hasError = (typeof error === "string" && error.trim() !== "") || (typeof error === "object" && error !== null)
  const isError = hasError || (Array.isArray(errors) && errors.length > 0)
  return isError && success !== true && Object.keys(others).every((name) => fields.includes(name))
}

/**
 * Returns what a 2xx means whose body is an error and nothing else; `undefined` for any other answer. `refusalOf` reads it
 * as it reads a 400. What that does not understand proves nothing: the reason is `UnexpectedResponse`, and the delivery of
 * the request `unknown`.
 */
export const insideSuccess = (answer: Answer, refusalOf: (answer: Answer) => Classified): Classified | undefined => {
  if (!isErrorAlone(answer.json)) return undefined
  const refusal = refusalOf({ ...answer, status: 400 })
  if (refusal.reason._tag !== "InvalidRequest") return { ...refusal, isVendorsForm: true }
  const issues = [{ path: [], message: `Expected a success, found an error in a ${answer.status}` }]
  return { ...refusal, reason: new Reason.UnexpectedResponse({ issues }), isVendorsForm: false }
}
