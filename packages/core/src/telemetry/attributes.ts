/** The attributes of spans and metrics: where each may be, and which values it has. */
import { statuses } from "../model/Run.ts"

/** What the contract says of an attribute. */
export interface Attribute {
  /** What it means, in one sentence. */
  readonly meaning: string
  /** Where it may be: an attribute with many values is on spans only, so that it makes no series. */
  readonly on: "spans" | "metrics" | "spans and metrics"
  /**
   * Its values. `bounded`: as many as the operator configures, as names of workspaces. `unbounded`: any number, on spans only.
   */
  readonly values: ReadonlyArray<string> | "bounded" | "unbounded"
}

/** The kinds of requests: the operations of a driver, and calls of a vendor's client outside of a workspace. */
export const requestKinds = [
  "start",
  "get",
  "list",
  "cancel",
  "schedule",
  "check",
  "syncs",
  "create",
  "update",
  "delete",
  "client",
] as const

/** How a trigger ends. The last four: it started no run, or core cannot say whether it did. */
export const triggerResults = [
  "started",
  "adopted",
  "joined",
  "remembered",
  "skipped",
  "refused",
  "not-sent",
  "indeterminate",
  "interrupted",
] as const

/** The verdicts of runs, and `none` of a call that stopped waiting for its run. */
export const verdicts = [
  "complete",
  "tolerated",
  "partial",
  "excessive",
  "empty",
  "failed",
  "cancelled",
  "skipped",
  "unverified",
  "none",
] as const

/** The codes of errors, an interrupt, and a defect of a program. */
export const errorTypes = [
  "retl.unauthenticated",
  "retl.permission-denied",
  "retl.not-found",
  "retl.invalid-request",
  "retl.not-triggerable",
  "retl.already-running",
  "retl.conflict",
  "retl.rate-limited",
  "retl.unavailable",
  "retl.network",
  "retl.timeout",
  "retl.unexpected-response",
  "retl.too-large",
  "retl.stopped",
  "retl.unsupported",
  "retl.wrong-workspace",
  "retl.trigger-busy",
  "retl.fence-incomplete",
  "retl.journal-failed",
  "retl.trigger-indeterminate",
  "retl.wait-deadline-exceeded",
  "retl.wait-status-unknown",
  "retl.wait-not-started",
  "retl.outcome-partial",
  "retl.outcome-excessive",
  "retl.outcome-empty",
  "retl.outcome-failed",
  "retl.outcome-cancelled",
  "retl.outcome-skipped",
  "retl.outcome-unverified",
  "retl.change-indeterminate",
  "retl.change-incomplete",
  "retl.change-conflict",
  "retl.switch-over-failed",
  "interrupted",
  "defect",
] as const

/** The operations of workspaces that spans name. */
export const callOperations = [
  "trigger",
  "run",
  "ensure",
  "pending",
  "resolve",
  "resume",
  "settle",
  "get",
  "list",
  "freshness",
  "wait",
  "watch",
  "check",
  "notice",
  "cancel",
  "listSyncs",
  "getSync",
  "createSync",
  "updateSync",
  "pauseSync",
  "resumeSync",
  "setSchedule",
  "deleteSync",
  "switchOver",
  "runAll",
] as const

/** Every attribute that OpenRETL sets, by its name. */
export const attributes = {
  "openretl.vendor": {
    meaning: "The vendor's short name, as in `segment`.",
    on: "spans and metrics",
    values: "bounded",
  },
  "openretl.workspace": { meaning: "The workspace's name.", on: "spans and metrics", values: "bounded" },
  "openretl.operation": {
    meaning:
      "On the span of a call: what was called. On requests and waits for the rate limit: the kind of the request.",
    on: "spans and metrics",
    values: [...new Set<string>([...callOperations, ...requestKinds])],
  },
  "openretl.sync.name": {
    meaning: "The name that the caller gave to the sync with `Telemetry.named`; absent where it has none.",
    on: "spans and metrics",
    values: "bounded",
  },
  "openretl.scope": {
    meaning: "What the run covers, in the vendor's word: `incremental`, `full` or another.",
    on: "spans",
    values: "unbounded",
  },
  "openretl.trigger.result": {
    meaning: "How the trigger ended.",
    on: "spans and metrics",
    values: triggerResults,
  },
  "openretl.how": {
    meaning: "How the call came to its run.",
    on: "spans",
    values: ["started", "adopted", "joined", "remembered", "fresh"],
  },
  "openretl.guard": {
    meaning: "What kept another run from starting beside this one.",
    on: "spans",
    values: ["keyed", "vendor", "observed", "none"],
  },
  "openretl.run.status": { meaning: "The status of the run.", on: "spans", values: statuses },
  "openretl.run.verdict": {
    meaning: "The judgment of the run by the caller's policy; `none` where the call stopped waiting before its end.",
    on: "spans and metrics",
    values: verdicts,
  },
  "openretl.rows.succeeded": { meaning: "The rows that reached the destination.", on: "spans", values: "unbounded" },
  "openretl.rows.failed": { meaning: "The rows that failed, invalid ones included.", on: "spans", values: "unbounded" },
  "openretl.rows.unaccounted": {
    meaning: "The rows that the vendor's counts leave out.",
    on: "spans",
    values: "unbounded",
  },
  "openretl.rows.outcome": {
    meaning: "What became of the rows.",
    on: "metrics",
    values: ["succeeded", "failed", "unaccounted"],
  },
  "openretl.status_class": {
    meaning: "The class of the answer's status; `none` where no answer came.",
    on: "metrics",
    values: ["2xx", "3xx", "4xx", "5xx", "other", "none"],
  },
  "error.type": {
    meaning: "Our code of the error, `interrupted`, or `defect`; only on failure, and where a check returns trouble.",
    on: "spans and metrics",
    values: errorTypes,
  },
  "openretl.jobs": { meaning: "How many jobs the batch has.", on: "spans", values: "unbounded" },
  "openretl.sync.ref": { meaning: "The ref of the sync, as text.", on: "spans", values: "unbounded" },
  "openretl.run.ref": { meaning: "The ref of the run, as text.", on: "spans", values: "unbounded" },
  "openretl.entry.id": { meaning: "The id of the entry in the journal.", on: "spans", values: "unbounded" },
  "openretl.key": { meaning: "The key that the caller passed.", on: "spans", values: "unbounded" },
  "http.request.method": {
    meaning: "The method of the request.",
    on: "spans",
    values: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  },
  "server.address": { meaning: "The host of the vendor's API.", on: "spans", values: "bounded" },
  "server.port": { meaning: "Its port; absent for the usual one.", on: "spans", values: "bounded" },
  "url.template": {
    meaning: "The route, with names in the place of ids, as in `/v2/retl-connections/{connection}/syncs`.",
    on: "spans",
    values: "bounded",
  },
  "http.response.status_code": {
    meaning: "The status of the answer; absent where none came.",
    on: "spans",
    values: "bounded",
  },
  "http.request.resend_count": {
    meaning: "How often the request had been sent before; absent for the first time.",
    on: "spans",
    values: "bounded",
  },
} as const satisfies Readonly<Record<string, Attribute>>

/** The name of an attribute. */
export type AttributeName = keyof typeof attributes

/** The values of an attribute. */
export type ValueOf<Name extends AttributeName> = (typeof attributes)[Name] extends {
  readonly values: ReadonlyArray<infer Value>
}
  ? Value
  : string

/** Attributes of a span, by their names. */
export type SpanAttributes = { readonly [Name in AttributeName]?: string | number | undefined }
