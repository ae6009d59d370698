/**
 * What Segment's refusals mean: pure, ordered, and the only place that reads the text of an error.
 *
 * The status decides. The vendor's `type` is a free string of several spellings and only goes along as a code; text
 * speaks where the status leaves it open. The operations are named as the functions of `SegmentClient`.
 */

import * as Reader from "@openretl/core/driver/Reader"
import type { Classified, Refusal } from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import type * as FieldIssue from "@openretl/core/FieldIssue"
import * as Reason from "@openretl/core/Reason"
import * as SegmentApi from "../SegmentApi.ts"
import { waitOf } from "./wait.ts"

export const classify = (refusal: Refusal): Classified => {
  const errors = errorsOf(refusal.json)
  const text = errors.length > 0 ? said(errors) : Wire.plainLine(refusal.json === undefined ? refusal.text : "")
  const code = errors.find(({ type }) => type !== undefined && type !== "")?.type
  return {
    reason: reasonOf(refusal, errors, text),
    ...(code !== undefined && { code }),
    ...(text !== "" && { text }),
  }
}

const maxErrors = 50
const maxText = 2_000

/** A body of another shape, from a gateway, may have a `message` of its own. */
const errorsOf = (json: unknown): ReadonlyArray<SegmentApi.RequestError> => {
  const entries = Reader.orUndefined(SegmentApi.errorBody, json)?.errors.slice(0, maxErrors) ?? [json]
  return entries
    .map((entry) => Reader.orUndefined(SegmentApi.requestError, entry) ?? {})
    .filter((error) => Object.keys(error).length > 0)
}

const said = (errors: ReadonlyArray<SegmentApi.RequestError>): string =>
  errors
    .map(({ message = "" }) => bounded(message.trim(), maxText))
    .filter((message) => message !== "")
    .join("; ")
    .slice(0, maxText)

const reasonOf = (refusal: Refusal, errors: ReadonlyArray<SegmentApi.RequestError>, text: string): Reason.Reason => {
  const { operation, status } = refusal
  const isStart = operation === "createManualSync"
  switch (true) {
    case status === 401 || status === 403:
      return access(status, text)
    case status === 429: {
      const retryAfter = waitOf(refusal.headers, errors)
      return new Reason.RateLimited(retryAfter === undefined ? {} : { retryAfter })
    }
    case status >= 500 || status === 408 || status === 425:
      return new Reason.Unavailable()
    case status === 404 || status === 410:
      return new Reason.NotFound({ what: missing(refusal, text) })
  }
  // How a mapping that is disabled, or busy, is refused is not documented. A problem of one field is not about that.
  const general = errors.length === 0 ? text : said(errors.filter(({ field = "" }) => field === ""))
  const state = isStart ? unquoted(general) : ""
  switch (true) {
    case /\b(?:disabled|not enabled|paused)\b/i.test(state):
      return new Reason.NotTriggerable({ state: /\bpaused\b/i.test(state) ? "paused" : "disabled" })
    case /\b(?:(?:already|currently|still|is) (?:running|in progress)|already (?:started|syncing))\b/i.test(state):
      return new Reason.AlreadyRunning({})
    case status === 409:
      return isStart ? new Reason.AlreadyRunning({}) : new Reason.Conflict()
    default:
      return new Reason.InvalidRequest({ issues: issuesOf(status, errors, text) })
  }
}

const ofPermission = /\bpermissions?\b|\bforbidden\b|\bnot allowed\b|\baccess denied\b|\bnot authorized to\b/i
const ofToken =
  /\btoken\b[^;]*\b(?:missing|invalid|not valid|expired|malformed|revoked)\b|\b(?:missing|invalid|expired|malformed|revoked)\b[^;]*\btoken\b/i

/**
 * The docs give 401 for a missing token, a wrong one, and a good one without the permission; a client of the vendor's
 * own takes 403 for a wrong token. Text that says which decides, else the status.
 */
const access = (status: number, text: string): Reason.Reason => {
  const [token, permission] = [ofToken.test(text), ofPermission.test(text)]
  const isDenied = token === permission ? status === 403 : permission
  return isDenied ? new Reason.PermissionDenied() : new Reason.Unauthenticated()
}

/**
 * A sync of the vendor's is a run; what a run hangs from is our sync, and so is a subscription. The parts of a sync have
 * no word of their own.
 */
const missing = ({ operation, json, text: raw }: Refusal, text: string): Reason.NotFound["what"] => {
  // A page of something in between says nothing about what is missing.
  if (json === undefined && raw.trim() !== "") return "unknown"
  switch (operation) {
    case "createManualSync":
    case "listSyncStatuses":
    case "getSubscription":
    case "deleteSubscription":
      return "sync"
    case "updateSubscription": {
      // It may be the model that it is to have from now on.
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

/** Ids are quoted in messages, and an id may say anything. */
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

/** `warehouse.metadataId`, and `fields[0].name` should it come. */
const pathOf = (field: string): ReadonlyArray<string> =>
  bounded(field, 300)
    .split(/[.[\]]/)
    .filter((part) => part !== "")

const bounded = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`
