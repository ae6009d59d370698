/** The one outer error for trouble with a vendor or on the way to it. */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { Delivery, Evidence } from "./Evidence.ts"
import * as FieldIssue from "./FieldIssue.ts"
import { Reason } from "./Reason.ts"

/**
 * Trouble with a vendor, or on the way to it: why (`reason`), whether the request may have been carried out (`delivery`), and
 * what the vendor said (`evidence`). One reason is caught with `Effect.catchReason("RetlError", "RateLimited", ...)`.
 */
export class RetlError extends /* @__PURE__ */ Schema.TaggedError<RetlError>()("RetlError", {
  /** The workspace's name. */
  workspace: Schema.String,
  vendor: Schema.String,
  /** The operation that failed, as in `start` or `list`. */
  operation: Schema.String,
  /** Why it failed: narrow it with `Effect.catchReason("RetlError", "RateLimited", ...)`. */
  reason: Reason,
  /** Whether the vendor may have carried the request out. */
  delivery: Delivery,
  evidence: Evidence,
  /** How many requests were sent. */
  attempts: Schema.Int,
  /** Whether every attempt that was worth making was made: an outer layer need not try again at once. */
  exhausted: Schema.Boolean,
}) {
  /** An error from before anything was sent. */
  static notSent(what: Pick<RetlError, "workspace" | "vendor" | "operation" | "reason">): RetlError {
    return new RetlError({ ...what, delivery: "not-sent", evidence: {}, attempts: 0, exhausted: false })
  }

  /** A stable code without ids, safe to alert on and to group by: `retl.rate-limited`. */
  get code(): string {
    return `retl.${this.reason._tag.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}`
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return guidance[this.reason._tag]
  }

  override get message(): string {
    const { status, code, text } = this.evidence
    const said = [status === undefined ? undefined : `HTTP ${status}`, code, detail(this.reason), text]
    const tries = this.attempts > 1 ? ` after ${this.attempts} tries` : ""
    return [
      `${this.vendor} (${this.workspace}) ${this.operation}: ${this.reason._tag}${tries}, ${this.delivery}`,
      ...said.filter((part) => part !== undefined && part !== ""),
    ].join(": ")
  }

  /** The same error, told of the tries that were made. */
  withAttempts(attempts: number, exhausted: boolean): RetlError {
    return this.with({ attempts, exhausted })
  }

  with(changes: Partial<Pick<RetlError, "operation" | "reason" | "delivery" | "attempts" | "exhausted">>): RetlError {
    const { workspace, vendor, operation, reason, delivery, evidence, attempts, exhausted } = this
    return new RetlError({ workspace, vendor, operation, reason, delivery, evidence, attempts, exhausted, ...changes })
  }
}

const detail = (reason: Reason): string | undefined => {
  switch (reason._tag) {
    case "InvalidRequest":
    case "UnexpectedResponse":
      return FieldIssue.toText(reason.issues)
    case "NotTriggerable":
      return `the sync is ${reason.state}`
    case "AlreadyRunning":
      return reason.run && `run ${reason.run.run}`
    case "RateLimited":
      return reason.retryAfter && `for ${Duration.format(reason.retryAfter)}`
    case "Network":
      return reason.code
    case "Timeout":
      return `no answer within ${Duration.format(reason.after)}`
    case "Unsupported":
      return reason.capability
    case "WrongWorkspace":
      return `the ref names ${reason.named}`
    case "NotFound":
      return reason.what === "unknown" ? undefined : `no such ${reason.what}`
    default:
      return undefined
  }
}

const guidance = {
  Unauthenticated: "Check that the token is the one for this workspace and region, and has not expired.",
  PermissionDenied: "Give the token's role the permission for this operation, or use another token.",
  NotFound: "Check the ids, the workspace and the region; a run just started may need a moment to show.",
  InvalidRequest: "Mend the fields that are named; sending the same request again will fail the same way.",
  NotTriggerable: "Enable or repair the sync at the vendor first; a trigger never does that by itself.",
  AlreadyRunning: "Choose with whenRunning what should happen then: adopt it, wait for it, skip, or fail.",
  Conflict: "Look at the current state at the vendor before you decide; it differs from what was expected.",
  RateLimited: "Wait as long as the vendor asks; other clients of the same account may be using up its limit.",
  Unavailable: "Try again later; a write whose delivery is unknown has to be looked up first.",
  Network: "Check the network and the base URL; a write whose delivery is unknown has to be looked up first.",
  Timeout: "Try again later; a write whose delivery is unknown has to be looked up first.",
  UnexpectedResponse: "The vendor's answer has changed or came from something in between: report it with the path.",
  Unsupported: "This vendor cannot do that; choose another way, or another vendor, for this sync.",
  WrongWorkspace: "Use the workspace that the ref names.",
} as const satisfies Record<Reason["_tag"], string>
