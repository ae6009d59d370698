/** Why an operation failed: one small tagged class each, carried by a `RetlError`. */
import * as Schema from "effect/Schema"
import { FieldIssue } from "./FieldIssue.ts"
import { RunRef } from "./Ref.ts"

const Issues = /* @__PURE__ */ Schema.Array(FieldIssue)

/** 401: the token is missing, expired or malformed. */
export class Unauthenticated extends /* @__PURE__ */ Schema.TaggedError<Unauthenticated>()("Unauthenticated", {}) {}

/** 403, or a 401 whose text says so: the token is good and may not do this. */
export class PermissionDenied extends /* @__PURE__ */ Schema.TaggedError<PermissionDenied>()("PermissionDenied", {}) {}

/** There is no such thing at the vendor. */
export class NotFound extends /* @__PURE__ */ Schema.TaggedError<NotFound>()("NotFound", {
  /** What is missing, where the answer says so. */
  what: Schema.Literals(["workspace", "sync", "run", "unknown"]),
}) {}

/** 400, 413, 422, or refused here before anything was sent: one issue for every field that is wrong. */
export class InvalidRequest extends /* @__PURE__ */ Schema.TaggedError<InvalidRequest>()("InvalidRequest", {
  issues: Issues,
}) {}

/** The sync is not in a state in which it can be triggered. Nothing is ever enabled or un-paused on the way. */
export class NotTriggerable extends /* @__PURE__ */ Schema.TaggedError<NotTriggerable>()("NotTriggerable", {
  state: Schema.Literals(["paused", "draft", "disabled", "error", "unknown"]),
}) {}

/** A run of this sync is under way. */
export class AlreadyRunning extends /* @__PURE__ */ Schema.TaggedError<AlreadyRunning>()("AlreadyRunning", {
  /** The run under way, where it could be found. */
  run: Schema.optionalKey(RunRef),
}) {}

/** 409 for another reason than a run under way. */
export class Conflict extends /* @__PURE__ */ Schema.TaggedError<Conflict>()("Conflict", {}) {}

/** 429. */
export class RateLimited extends /* @__PURE__ */ Schema.TaggedError<RateLimited>()("RateLimited", {
  /** How long the vendor asks to wait; absent where it does not say. JSON form: milliseconds. */
  retryAfter: Schema.optionalKey(Schema.DurationFromMillis),
}) {}

/** 5xx, a gateway's page, maintenance. */
export class Unavailable extends /* @__PURE__ */ Schema.TaggedError<Unavailable>()("Unavailable", {}) {}

/** No answer: name resolution, connecting, TLS, a reset, a truncated body. */
export class Network extends /* @__PURE__ */ Schema.TaggedError<Network>()("Network", {
  /** A short machine word, as in `ECONNRESET`. */
  code: Schema.String,
}) {}

/** No answer within our own deadline for one request. */
export class Timeout extends /* @__PURE__ */ Schema.TaggedError<Timeout>()("Timeout", {
  /** The deadline. JSON form: milliseconds. */
  after: Schema.DurationFromMillis,
}) {}

/** An answer that does not fit: where, and what was expected there; never the body. */
export class UnexpectedResponse extends /* @__PURE__ */ Schema.TaggedError<UnexpectedResponse>()("UnexpectedResponse", {
  issues: Issues,
}) {}

/** The vendor lacks this capability; nothing was sent. */
export class Unsupported extends /* @__PURE__ */ Schema.TaggedError<Unsupported>()("Unsupported", {
  capability: Schema.String,
}) {}

/** A ref of another workspace; nothing was sent. */
export class WrongWorkspace extends /* @__PURE__ */ Schema.TaggedError<WrongWorkspace>()("WrongWorkspace", {
  /** The workspace and vendor that the ref names. */
  named: Schema.String,
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
  Unsupported,
  WrongWorkspace,
])
export type Reason = typeof Reason.Type
