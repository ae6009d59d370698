/** The schemas of the reasons of a `RetlError`. */
import * as Schema from "effect/Schema"
import { ofTag, ofTagged } from "../internal/ofClass.ts"
import * as Plain from "../Reason.ts"
import { FieldIssue } from "./FieldIssue.ts"
import { RunRef } from "./Ref.ts"

const issues = Schema.Array(FieldIssue)

export const Unauthenticated = ofTag(Plain.Unauthenticated, "Unauthenticated")

export const PermissionDenied = ofTag(Plain.PermissionDenied, "PermissionDenied")

export const NotFound = ofTagged(Plain.NotFound, "NotFound", {
  what: Schema.Literals(["workspace", "sync", "run", "unknown"]),
})

export const InvalidRequest = ofTagged(Plain.InvalidRequest, "InvalidRequest", { issues })

export const NotTriggerable = ofTagged(Plain.NotTriggerable, "NotTriggerable", {
  state: Schema.Literals(["paused", "draft", "disabled", "error", "unknown"]),
})

export const AlreadyRunning = ofTagged(Plain.AlreadyRunning, "AlreadyRunning", { run: Schema.optionalKey(RunRef) })

export const Conflict = ofTag(Plain.Conflict, "Conflict")

export const RateLimited = ofTagged(Plain.RateLimited, "RateLimited", {
  retryAfter: Schema.optionalKey(Schema.DurationFromMillis),
})

export const Unavailable = ofTag(Plain.Unavailable, "Unavailable")

export const Network = ofTagged(Plain.Network, "Network", { code: Schema.String })

export const Timeout = ofTagged(Plain.Timeout, "Timeout", { after: Schema.DurationFromMillis })

export const UnexpectedResponse = ofTagged(Plain.UnexpectedResponse, "UnexpectedResponse", { issues })

export const Unsupported = ofTagged(Plain.Unsupported, "Unsupported", { capability: Schema.String })

export const WrongWorkspace = ofTagged(Plain.WrongWorkspace, "WrongWorkspace", { named: Schema.String })

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
