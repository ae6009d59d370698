/** The one outer error of operations: its `reason` says why an operation failed. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { Delivery, Evidence } from "./Evidence.ts"
import * as FieldIssue from "./FieldIssue.ts"
import { Reason, type TriggerBusy } from "./Reason.ts"
import { RunRef, SyncRef } from "./Ref.ts"
import * as Shown from "./shown.ts"
import { How } from "./Trigger.ts"

/**
 * An operation failed: why (`reason`), whether the vendor may have carried the request out (`delivery`), and what the
 * vendor said (`evidence`). Catch one reason with `Effect.catchReason("RetlError", "RateLimited", ...)`.
 */
export class RetlError extends /* @__PURE__ */ Schema.TaggedError<RetlError>()("RetlError", {
  /** The workspace's name. */
  workspace: Schema.String,
  /** The vendor's short name, as in `segment`. */
  vendor: Schema.String,
  /** The operation that failed, as in `start` or `list`. */
  operation: Schema.String,
  /** What the operation was doing when it failed, where that is not its own request. */
  during: Schema.optionalKey(Schema.String),
  /** Why it failed. */
  reason: Reason,
  /** Whether the vendor may have carried the request out. */
  delivery: Delivery,
  /** What the vendor said; empty where no answer came. */
  evidence: Evidence,
  /** How many requests were sent. */
  attempts: Schema.Int,
  /** Whether core has already sent the request as often as it may: an outer layer need not send it again at once. */
  exhausted: Schema.Boolean,
  /** The sync that the operation was about; absent where it was about none, or about a ref that names none. */
  sync: Schema.optionalKey(SyncRef),
  /** The run that the call had triggered, joined, waited for or read when it failed; absent where it had none. */
  run: Schema.optionalKey(RunRef),
  /** How the call came to that run. */
  how: Schema.optionalKey(How),
}) {
  /** What the vendor said; empty where no answer came. A logger that prints the error's fields shows its text masked. */
  override readonly evidence: Evidence = Shown.evidenceOf(this)

  /** Returns the error of an operation that sent nothing. */
  static notSent(fields: Pick<RetlError, "workspace" | "vendor" | "operation" | "reason">): RetlError {
    return new RetlError({ ...fields, delivery: "not-sent", evidence: {}, attempts: 0, exhausted: false })
  }

  /** A stable code without ids, safe to alert on and to group by, as in `retl.rate-limited`. */
  get code(): string {
    return `retl.${this.reason._tag.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}`
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    const { reason, delivery, evidence } = this
    if (reason._tag === "JournalFailed") return reason.error.guidance
    if (reason._tag === "Stopped" && delivery !== "not-sent") return underWay
    if (reason._tag === "Unsupported" && configuring.has(reason.capability)) return openToConfigure
    if (reason._tag === "Unauthenticated" && evidence.status === undefined && delivery === "not-sent") return noToken
    return guidance[reason._tag]
  }

  /** What failed and why, in one line. */
  get summary(): string {
    const { status, code, text } = this.evidence
    const details = [
      status === undefined ? undefined : `HTTP ${status}`,
      code,
      detailOf(this.reason),
      text && Shown.masked(text),
    ]
    const attempts = this.attempts > 1 ? ` after ${this.attempts} attempts` : ""
    const during = this.during === undefined ? "" : `, while ${this.during}`
    const about = Shown.aboutText(this.sync, this.reason._tag === "AlreadyRunning" ? undefined : this.run)
    return [
      `${this.vendor}${this.workspace && ` (${this.workspace})`} ${this.operation}${about}${during}: ${this.reason._tag}${attempts}, ${this.delivery}`,
      // Where the vendor names no field, its text is the only issue.
      ...new Set(details.filter((detail) => detail !== undefined && detail !== "")),
    ].join(": ")
  }

  /** The refs of what the error is about, as text. */
  get refs(): Readonly<Record<string, string | undefined>> {
    const { sync, run } = this
    return { sync: run === undefined ? sync?.toString() : undefined, run: run?.toString() }
  }

  /** What the vendor said, and how the call went. */
  get details(): Readonly<Record<string, unknown>> {
    const { delivery, attempts, exhausted, how, evidence } = this
    return { delivery, attempts, exhausted, how, evidence }
  }

  /** The summary, the code and what to do, and the refs: a line each. */
  override get message(): string {
    return Shown.message(this)
  }

  /** Returns what logs show. `Schema.encodeEffect(RetlError)` returns what can be decoded. */
  override toJSON(): unknown {
    return Shown.json(this)
  }

  [Shown.inspect](): string {
    return Shown.text(this)
  }

  /** Returns the same error with the number of requests that were sent, and whether more are worthwhile. */
  withAttempts(attempts: number, exhausted: boolean): RetlError {
    return this.with({ attempts, exhausted })
  }

  /** Returns the same error about a sync or a run, unless it is about one already. */
  about(ref: SyncRef | RunRef | undefined): RetlError {
    const isRun = ref instanceof RunRef
    if (this.sync !== undefined || !(isRun || ref instanceof SyncRef)) return this
    return this.with(isRun ? { sync: ref.sync, run: this.run ?? ref } : { sync: ref })
  }

  /** Returns the same error with these fields changed. */
  with(
    changes: Partial<
      Pick<
        RetlError,
        "operation" | "during" | "reason" | "delivery" | "attempts" | "exhausted" | "sync" | "run" | "how"
      >
    >,
  ): RetlError {
    const { workspace, vendor, operation, during, reason, delivery, evidence, attempts, exhausted, sync, run, how } =
      this
    return new RetlError({
      workspace,
      vendor,
      operation,
      reason,
      delivery,
      evidence,
      attempts,
      exhausted,
      ...(during !== undefined && { during }),
      ...(sync && { sync }),
      ...(run && { run }),
      ...(how && { how }),
      ...changes,
    })
  }
}

const detailOf = (reason: Reason): string | undefined => {
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
      return reason.origin === undefined ? reason.code : `${reason.code} from ${reason.origin}`
    case "Timeout":
      return `no answer within ${Duration.format(reason.after)}`
    case "TooLarge":
      return `more than ${reason.maxBytes} bytes`
    case "Stopped":
      return reason.why
    case "Unsupported":
      return reason.capability
    case "WrongWorkspace":
      return `the ref names ${reason.named}`
    case "TriggerBusy":
      return busyDetail(reason)
    case "JournalFailed":
      return reason.error.summary
    case "NotFound":
      return reason.what === "unknown" ? undefined : `no such ${reason.what}`
    default:
      return undefined
  }
}

const busyDetail = ({ owner, entry, freeAt }: TriggerBusy): string =>
  [
    owner === undefined ? "another call is at work" : `process ${owner.pid} on ${owner.host} is at work`,
    ...(entry === undefined ? [] : [`entry ${entry}`]),
    ...(freeAt === undefined ? [] : [`until ${DateTime.formatIso(freeAt)} at the latest`]),
  ].join(", ")

const underWay = "A request may be under way: pending shows its entry, and resume goes on with its run."

const configuring: ReadonlySet<string> = /* @__PURE__ */ new Set(["catalog", "administration", "creation", "deletion"])

const openToConfigure =
  "Open the workspace with the Admin module of its adapter, as in RudderStackAdmin, if its vendor can do this."

const noToken = "Look at what reads the token: its function or effect has failed, or has returned no usable token."

const guidance = {
  Unauthenticated: "Check that the token is the one for this workspace and region, and has not expired.",
  PermissionDenied: "Grant the token the permission for this operation, or use another token.",
  NotFound: "Check the ids, the workspace and the region; a run that has just started may not be visible yet.",
  InvalidRequest: "Correct the named fields; the same request would fail again.",
  NotTriggerable: "Enable or repair the sync at the vendor first; a trigger never does that.",
  AlreadyRunning: "Choose with whenRunning what a trigger then does: adopt the run, wait for it, skip, or fail.",
  Conflict: "Read the current state at the vendor first; it differs from the expected one.",
  RateLimited: "Wait as long as the vendor demands; other clients of the same account may use up its limit.",
  Unavailable: "Try again later; where a write's delivery is unknown, read what became of it first.",
  Network: "Check the network and the base URL; where a write's delivery is unknown, read what became of it first.",
  Timeout: "Try again later; where a write's delivery is unknown, read what became of it first.",
  UnexpectedResponse: "The vendor's answers have changed, or a proxy answered instead: report the named paths.",
  TooLarge: "Request smaller pages; the same request would be answered alike.",
  Stopped: "Nothing was sent: call again where the result is still wanted.",
  Unsupported: "The vendor cannot do this; choose another way, or another vendor, for this sync.",
  WrongWorkspace: "Use the workspace that the ref names.",
  TriggerBusy: "Try again later: a call of this or another process is at work on the sync; pending shows its entry.",
  FenceIncomplete: 'Look at the runs of the sync at the vendor; whenUnseen: "send" triggers without seeing them all.',
} as const satisfies Record<Exclude<Reason["_tag"], "JournalFailed">, string>
