/** The schemas of the reasons of a `RetlError`. */
import * as Schema from "effect/Schema"
import { ofTag, ofTagged } from "../ofClass.ts"
import * as Plain from "../Reason.ts"
import { FieldIssue } from "./FieldIssue.ts"
import { RunRef } from "./Ref.ts"

const issues = Schema.Array(FieldIssue)

export const Unauthenticated = ofTag("Unauthenticated", Plain.Unauthenticated)

export const PermissionDenied = ofTag("PermissionDenied", Plain.PermissionDenied)

export const NotFound = ofTagged("NotFound", Plain.NotFound, {
  what: Schema.Literals(["workspace", "sync", "run", "unknown"]),
})

export const InvalidRequest = ofTagged("InvalidRequest", Plain.InvalidRequest, { issues })

export const NotTriggerable = ofTagged("NotTriggerable", Plain.NotTriggerable, {
  state: Schema.Literals(["paused", "draft", "disabled", "error", "unknown"]),
})

export const AlreadyRunning = ofTagged("AlreadyRunning", Plain.AlreadyRunning, { run: Schema.optionalKey(RunRef) })

export const Conflict = ofTag("Conflict", Plain.Conflict)

export const RateLimited = ofTagged("RateLimited", Plain.RateLimited, {
  retryAfter: Schema.optionalKey(Schema.DurationFromMillis),
})

export const Unavailable = ofTag("Unavailable", Plain.Unavailable)

export const Network = ofTagged("Network", Plain.Network, { code: Schema.String })

export const Timeout = ofTagged("Timeout", Plain.Timeout, { after: Schema.DurationFromMillis })

export const UnexpectedResponse = ofTagged("UnexpectedResponse", Plain.UnexpectedResponse, { issues })

export const Unsupported = ofTagged("Unsupported", Plain.Unsupported, { capability: Schema.String })

export const WrongWorkspace = ofTagged("WrongWorkspace", Plain.WrongWorkspace, { named: Schema.String })

export type Reason = Plain.Reason
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
