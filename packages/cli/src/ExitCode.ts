/** The exit codes of the command line: stable, and documented in `docs/cli.md`. */
import { JournalError } from "@openretl/core/JournalError"
import type { Verdict } from "@openretl/core/Outcome"
import type { Reason } from "@openretl/core/Reason"
import { RetlError } from "@openretl/core/RetlError"
import { TriggerIndeterminate } from "@openretl/core/Trigger"
import * as Wait from "@openretl/core/Wait"
import { ConfigurationProblems } from "./Configuration.ts"

/** Every exit code, and what it means. */
export const codes = {
  ok: [0, "done, and accepted"],
  notAccepted: [1, "the run ended `partial`, `excessive` or `empty`, which the policy does not accept"],
  badInput: [2, "the command line, the configuration or a name is wrong; nothing was sent"],
  failed: [3, "the run failed"],
  cancelled: [4, "the run was cancelled"],
  unverified: [5, "the vendor does not say enough to judge the run, or how fresh the data are"],
  indeterminate: [6, "it is unknown whether a run was started: look at `openretl pending`"],
  deadline: [7, "the deadline passed, or the wait lost its patience; the run goes on"],
  stale: [8, "the data are stale, or there has never been an accepted run"],
  busy: [9, "a run or another trigger of the sync was in the way, or could not be ruled out"],
  rateLimited: [10, "the vendor's rate limit is exhausted"],
  authentication: [11, "the token was refused, or may not do this"],
  unavailable: [12, "the vendor, the network or the journal could not be reached"],
  unsupported: [13, "the vendor cannot do this"],
  notFound: [14, "the sync or the run does not exist"],
  refused: [15, "the vendor refused, or an earlier trigger started no run"],
  defect: [70, "a mistake in this program"],
  hungUp: [129, "stopped by SIGHUP, as of a terminal that was closed; the runs go on"],
  interrupted: [130, "stopped by SIGINT (Ctrl-C); the runs go on"],
  closed: [141, "standard output was closed by its reader, or could not be written; the runs go on"],
  terminated: [143, "stopped by SIGTERM; the runs go on"],
} as const satisfies Readonly<Record<string, readonly [code: number, meaning: string]>>

/** The name of an exit code. */
export type Name = keyof typeof codes

/** Returns the number of an exit code. */
export const numberOf = (name: Name): number => codes[name][0]

/**
 * The order in which the codes of several syncs count: the exit code of `run-all` is that of the sync that comes first here.
 * What is unknown comes before what is certain.
 */
export const precedence: ReadonlyArray<Name> = [
  "defect",
  "indeterminate",
  "authentication",
  "unavailable",
  "rateLimited",
  "deadline",
  "unsupported",
  "notFound",
  "badInput",
  "refused",
  "busy",
  "failed",
  "cancelled",
  "notAccepted",
  "stale",
  "unverified",
  "ok",
]

/** Returns the one of several codes that counts; `ok` where there is none. */
export const worst = (names: ReadonlyArray<Name>): Name => precedence.find((name) => names.includes(name)) ?? "ok"

const ofReason = {
  Unauthenticated: "authentication",
  PermissionDenied: "authentication",
  NotFound: "notFound",
  InvalidRequest: "badInput",
  NotTriggerable: "refused",
  AlreadyRunning: "busy",
  Conflict: "refused",
  RateLimited: "rateLimited",
  Unavailable: "unavailable",
  Network: "unavailable",
  Timeout: "unavailable",
  UnexpectedResponse: "unavailable",
  TooLarge: "unavailable",
  Stopped: "deadline",
  Unsupported: "unsupported",
  WrongWorkspace: "badInput",
  TriggerBusy: "busy",
  FenceIncomplete: "busy",
  JournalFailed: "unavailable",
} as const satisfies Record<Reason["_tag"], Name>

/** Returns the code of a run that has ended. */
export const ofVerdict = (verdict: Verdict, accepted: boolean): Name => {
  if (accepted) return "ok"
  switch (verdict) {
    case "failed":
    case "cancelled":
    case "unverified":
      return verdict
    case "skipped":
      return "busy"
    default:
      return "notAccepted"
  }
}

/** Returns the code of a failure. */
export const ofError = (error: unknown): Name => {
  if (error instanceof RetlError) return ofReason[error.reason._tag]
  if (error instanceof TriggerIndeterminate) return "indeterminate"
  if (error instanceof Wait.OutcomeRejected) return ofVerdict(error.verdict, false)
  if (error instanceof Wait.WaitDeadlineExceeded || error instanceof Wait.WaitNotStarted) return "deadline"
  if (error instanceof Wait.WaitStatusUnknown) return "unverified"
  if (error instanceof JournalError) return error.reason._tag === "NotAJournal" ? "badInput" : "unavailable"
  if (error instanceof ConfigurationProblems) return "badInput"
  return "defect"
}
