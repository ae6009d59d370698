/** Why an operation failed: one small tagged class each, carried by a `RetlError`. */
import * as Schema from "effect/Schema"
import { FieldIssue } from "./FieldIssue.ts"
import { RunRef } from "./Ref.ts"

/** 401: the token is missing, expired or malformed. */
export class Unauthenticated extends Schema.TaggedError<Unauthenticated>("@openretl/core/Unauthenticated")(
  "Unauthenticated",
  {},
) {}

/** 403, or a 401 whose text says so: the token is good and may not do this. */
export class PermissionDenied extends Schema.TaggedError<PermissionDenied>("@openretl/core/PermissionDenied")(
  "PermissionDenied",
  {},
) {}

/** There is no such thing at the vendor. */
export class NotFound extends Schema.TaggedError<NotFound>("@openretl/core/NotFound")("NotFound", {
  /** What is missing, as far as the answer tells. */
  what: Schema.Literals(["workspace", "sync", "run", "unknown"]),
}) {}

/** 400, 413, 422, or refused here before anything was sent: one issue for every field that is wrong. */
export class InvalidRequest extends Schema.TaggedError<InvalidRequest>("@openretl/core/InvalidRequest")(
  "InvalidRequest",
  { issues: Schema.Array(FieldIssue) },
) {}

/** The sync is not in a state in which it can be triggered. Nothing is ever enabled or un-paused on the way. */
export class NotTriggerable extends Schema.TaggedError<NotTriggerable>("@openretl/core/NotTriggerable")(
  "NotTriggerable",
  { state: Schema.Literals(["paused", "draft", "disabled", "error", "unknown"]) },
) {}

/** A run of this sync is under way. */
export class AlreadyRunning extends Schema.TaggedError<AlreadyRunning>("@openretl/core/AlreadyRunning")(
  "AlreadyRunning",
  {
    /** The run under way, where it could be found. */
    run: Schema.optionalKey(RunRef),
  },
) {}

/** 409 for another reason than a run under way. */
export class Conflict extends Schema.TaggedError<Conflict>("@openretl/core/Conflict")("Conflict", {}) {}

/** 429. */
export class RateLimited extends Schema.TaggedError<RateLimited>("@openretl/core/RateLimited")("RateLimited", {
  /** How long the vendor asks to wait; absent where it does not say. */
  retryAfter: Schema.optionalKey(Schema.DurationFromMillis),
}) {}

/** 5xx, a gateway's page, maintenance. */
export class Unavailable extends Schema.TaggedError<Unavailable>("@openretl/core/Unavailable")("Unavailable", {}) {}

/** No answer: name resolution, connecting, TLS, a reset, a truncated body. */
export class Network extends Schema.TaggedError<Network>("@openretl/core/Network")("Network", {
  /** A short machine word, as in `ECONNRESET`. */
  code: Schema.String,
}) {}

/** No answer within our own deadline for one request. */
export class Timeout extends Schema.TaggedError<Timeout>("@openretl/core/Timeout")("Timeout", {
  after: Schema.DurationFromMillis,
}) {}

/** An answer that does not fit: where, and what was expected there; never the body. */
export class UnexpectedResponse extends Schema.TaggedError<UnexpectedResponse>("@openretl/core/UnexpectedResponse")(
  "UnexpectedResponse",
  { issues: Schema.Array(FieldIssue) },
) {}

/** The vendor lacks this capability; nothing was sent. */
export class Unsupported extends Schema.TaggedError<Unsupported>("@openretl/core/Unsupported")("Unsupported", {
  capability: Schema.String,
}) {}

/** A ref of another workspace; nothing was sent. */
export class WrongWorkspace extends Schema.TaggedError<WrongWorkspace>("@openretl/core/WrongWorkspace")(
  "WrongWorkspace",
  {
    /** The workspace and vendor that the ref names. */
    named: Schema.String,
  },
) {}

export const Reason = Schema.Union([
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
