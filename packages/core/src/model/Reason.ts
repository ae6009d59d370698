/** Why an operation failed: the reasons of a `RetlError`, one small tagged class each. */
import * as Schema from "effect/Schema"
import { FieldIssue } from "./FieldIssue.ts"
import { EntryId, Owner } from "./JournalEntry.ts"
import { JournalError } from "./JournalError.ts"
import { RunRef } from "./Ref.ts"
import { Time } from "./Time.ts"

const Issues = /* @__PURE__ */ Schema.Array(FieldIssue)

/** 401: the token is missing, expired or malformed. */
export class Unauthenticated extends /* @__PURE__ */ Schema.TaggedError<Unauthenticated>()("Unauthenticated", {}) {}

/** 403, or a 401 whose text says so: the token is valid and lacks a permission. */
export class PermissionDenied extends /* @__PURE__ */ Schema.TaggedError<PermissionDenied>()("PermissionDenied", {}) {}

/** The workspace, sync or run does not exist at the vendor. */
export class NotFound extends /* @__PURE__ */ Schema.TaggedError<NotFound>()("NotFound", {
  /** What is missing, where the answer says so. */
  what: Schema.Literals(["workspace", "sync", "run", "unknown"]),
}) {}

/** The request is invalid: core rejected it before anything was sent, or the vendor did with 400, 413 or 422. */
export class InvalidRequest extends /* @__PURE__ */ Schema.TaggedError<InvalidRequest>()("InvalidRequest", {
  /** One issue for each field that is wrong. */
  issues: Issues,
}) {}

/** The sync's state does not allow a trigger. A trigger never enables or un-pauses a sync. */
export class NotTriggerable extends /* @__PURE__ */ Schema.TaggedError<NotTriggerable>()("NotTriggerable", {
  /** The state of the sync, where the vendor reports it. */
  state: Schema.Literals(["paused", "draft", "disabled", "error", "unknown"]),
}) {}

/** A run of this sync is under way. */
export class AlreadyRunning extends /* @__PURE__ */ Schema.TaggedError<AlreadyRunning>()("AlreadyRunning", {
  /** The run under way; absent where no read shows it. */
  run: Schema.optionalKey(RunRef),
}) {}

/** The vendor's state differs from what the request needs: 409 for another reason than a run under way. */
export class Conflict extends /* @__PURE__ */ Schema.TaggedError<Conflict>()("Conflict", {}) {}

/** 429: too many requests. */
export class RateLimited extends /* @__PURE__ */ Schema.TaggedError<RateLimited>()("RateLimited", {
  /** The wait that the vendor demands; absent where it demands no particular wait. JSON form: milliseconds. */
  retryAfter: Schema.optionalKey(Schema.DurationFromMillis),
}) {}

/** The vendor is unavailable: 5xx, a gateway's page, maintenance. */
export class Unavailable extends /* @__PURE__ */ Schema.TaggedError<Unavailable>()("Unavailable", {}) {}

/** No answer, or not a whole one: name resolution, connecting, TLS, a reset, a truncated body. */
export class Network extends /* @__PURE__ */ Schema.TaggedError<Network>()("Network", {
  /** A short machine word, as in `ECONNRESET`. */
  code: Schema.String,
  /** The address without a path, as in `https://api.rudderstack.com`; absent in errors of older versions. */
  origin: Schema.optionalKey(Schema.String),
}) {}

/** No answer within the time that one request may take (`readTimeout`, `writeTimeout`). */
export class Timeout extends /* @__PURE__ */ Schema.TaggedError<Timeout>()("Timeout", {
  /** That time. JSON form: milliseconds. */
  after: Schema.DurationFromMillis,
}) {}

/** The vendor's answer does not have the documented form. It never holds the body. */
export class UnexpectedResponse extends /* @__PURE__ */ Schema.TaggedError<UnexpectedResponse>()("UnexpectedResponse", {
  /** Where the answer does not fit, and what was expected there. */
  issues: Issues,
}) {}

/** The answer is longer than one may be. The same request would be answered alike: request a smaller page. */
export class TooLarge extends /* @__PURE__ */ Schema.TaggedError<TooLarge>()("TooLarge", {
  /** The most bytes of an answer. */
  maxBytes: Schema.Number,
}) {}

/**
 * The call was stopped: its caller no longer waits, or the workspace was closed. `not-sent`: its request had not left.
 * `unknown`: the workspace was closed while the call was at work.
 */
export class Stopped extends /* @__PURE__ */ Schema.TaggedError<Stopped>()("Stopped", {
  /** Why, as in `the workspace is closed`. */
  why: Schema.String,
}) {}

/** The vendor lacks a capability, or does not offer it to this account. */
export class Unsupported extends /* @__PURE__ */ Schema.TaggedError<Unsupported>()("Unsupported", {
  /** The missing capability, as in `scopes`; an adapter may add what to do instead. */
  capability: Schema.String,
}) {}

/** The ref belongs to another workspace. Nothing was sent. */
export class WrongWorkspace extends /* @__PURE__ */ Schema.TaggedError<WrongWorkspace>()("WrongWorkspace", {
  /** The vendor and the workspace that the ref names, as in `segment (prod-eu)`. */
  named: Schema.String,
}) {}

/** Another call, in this process or another, is at work on this sync. Nothing was sent. */
export class TriggerBusy extends /* @__PURE__ */ Schema.TaggedError<TriggerBusy>()("TriggerBusy", {
  /** The call at work, where it is known. */
  owner: Schema.optionalKey(Owner),
  /** The id of its entry, where it has one. */
  entry: Schema.optionalKey(EntryId),
  /** The time, by the store's clock, from which the entry can be settled; absent where no time is known. */
  freeAt: Schema.optionalKey(Time),
}) {}

/** The runs that core could read do not show whether one is under way. Nothing was sent. */
export class FenceIncomplete extends /* @__PURE__ */ Schema.TaggedError<FenceIncomplete>()("FenceIncomplete", {}) {}

/** The journal failed, or has a record of this sync that this version cannot decode. Nothing was sent. */
export class JournalFailed extends /* @__PURE__ */ Schema.TaggedError<JournalFailed>()("JournalFailed", {
  /** Why the journal failed. */
  error: JournalError,
}) {}

/** Why an operation failed. */
export const Reason = /* @__PURE__ */ Schema.Union([
  Unauthenticated,
  PermissionDenied,
  NotFound,
  InvalidRequest,
  NotTriggerable,
  AlreadyRunning,
  Conflict,
  RateLimited,
  Unavailable,
  Network,
  Timeout,
  UnexpectedResponse,
  TooLarge,
  Stopped,
  Unsupported,
  WrongWorkspace,
  TriggerBusy,
  FenceIncomplete,
  JournalFailed,
])
export type Reason = typeof Reason.Type
