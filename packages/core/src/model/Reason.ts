/** Why an operation failed: one small tagged class each, carried by a `RetlError`. */
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import type { FieldIssue } from "./FieldIssue.ts"
import type { RunRef } from "./Ref.ts"

/** 401: the token is missing, expired or malformed. */
export class Unauthenticated extends Data.TaggedError("Unauthenticated") {}

/** 403, or a 401 whose text says so: the token is good and may not do this. */
export class PermissionDenied extends Data.TaggedError("PermissionDenied") {}

/** There is no such thing at the vendor. */
export class NotFound extends Data.TaggedError("NotFound")<{
  /** What is missing, as far as the answer tells. */
  readonly what: "workspace" | "sync" | "run" | "unknown"
}> {}

/** 400, 413, 422, or refused here before anything was sent: one issue for every field that is wrong. */
export class InvalidRequest extends Data.TaggedError("InvalidRequest")<{
  readonly issues: ReadonlyArray<FieldIssue>
}> {}

/** The sync is not in a state in which it can be triggered. Nothing is ever enabled or un-paused on the way. */
export class NotTriggerable extends Data.TaggedError("NotTriggerable")<{
  readonly state: "paused" | "draft" | "disabled" | "error" | "unknown"
}> {}

/** A run of this sync is under way. */
export class AlreadyRunning extends Data.TaggedError("AlreadyRunning")<{
  /** The run under way, where it could be found. */
  readonly run?: RunRef
}> {}

/** 409 for another reason than a run under way. */
export class Conflict extends Data.TaggedError("Conflict") {}

/** 429. */
export class RateLimited extends Data.TaggedError("RateLimited")<{
  /** How long the vendor asks to wait; absent where it does not say. */
  readonly retryAfter?: Duration.Duration
}> {}

/** 5xx, a gateway's page, maintenance. */
export class Unavailable extends Data.TaggedError("Unavailable") {}

/** No answer: name resolution, connecting, TLS, a reset, a truncated body. */
export class Network extends Data.TaggedError("Network")<{
  /** A short machine word, as in `ECONNRESET`. */
  readonly code: string
}> {}

/** No answer within our own deadline for one request. */
export class Timeout extends Data.TaggedError("Timeout")<{
  readonly after: Duration.Duration
}> {}

/** An answer that does not fit: where, and what was expected there; never the body. */
export class UnexpectedResponse extends Data.TaggedError("UnexpectedResponse")<{
  readonly issues: ReadonlyArray<FieldIssue>
}> {}

/** The vendor lacks this capability; nothing was sent. */
export class Unsupported extends Data.TaggedError("Unsupported")<{
  readonly capability: string
}> {}

/** A ref of another workspace; nothing was sent. */
export class WrongWorkspace extends Data.TaggedError("WrongWorkspace")<{
  /** The workspace and vendor that the ref names. */
  readonly named: string
}> {}

export type Reason =
  | Unauthenticated
  | PermissionDenied
  | NotFound
  | InvalidRequest
  | NotTriggerable
  | AlreadyRunning
  | Conflict
  | RateLimited
  | Unavailable
  | Network
  | Timeout
  | UnexpectedResponse
  | Unsupported
  | WrongWorkspace
