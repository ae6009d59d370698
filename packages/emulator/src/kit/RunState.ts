/** The life of a run. Its state at any instant, past ones included, is a pure function of the instants it carries. */

import type { Counts } from "./Counts.ts"
import type { Run } from "./Run.ts"

/** `ended`: by itself, as planned. `stopped`: before that. `skipped`: it never began, because another run was live. */
export type RunState = "queued" | "running" | "stopping" | "ended" | "stopped" | "skipped"

/** When the run ends, by itself or not; `Infinity` while that is not known. */
export const finishedAt = (run: Run): number => Math.min(run.endsAt, run.stoppedAt)

/** The state at `at`, of a run created by then. */
export const stateAt = (run: Run, at: number): RunState => {
  if (run.isSkipped) return at >= run.endsAt ? "skipped" : "queued"
  if (at >= run.stoppedAt) return "stopped"
  if (at >= run.endsAt) return "ended"
  if (at >= run.stopRequestedAt) return "stopping"
  return at >= run.startsAt ? "running" : "queued"
}

/** Sets the run's start, and with it its end. */
export const beginRun = (run: Run, at: number): void => {
  run.startsAt = at
  run.endsAt = at + run.duration
  settleStop(run)
}

/** Requests that a run stop, which takes `takes` milliseconds. A run that ends by itself before that is not stopped. */
export const stopRun = (run: Run, at: number, takes: number): void => {
  if (run.stopRequestedAt <= at) return
  run.stopRequestedAt = at
  run.stoppedAt = at + takes
  settleStop(run)
}

/** Lets the run end as planned at `at`. One that waits starts then, and one that is over stays as it is. */
export const endRun = (run: Run, at: number): void => {
  if (finishedAt(run) <= at || run.isSkipped) return
  run.startsAt = Math.min(run.startsAt, at)
  run.endsAt = at
  settleStop(run)
}

/** Drops whichever of the two ends comes later. */
const settleStop = (run: Run): void => {
  if (run.stoppedAt === Number.POSITIVE_INFINITY) return
  if (run.endsAt <= run.stoppedAt) run.stoppedAt = Number.POSITIVE_INFINITY
  else run.endsAt = Number.POSITIVE_INFINITY
}

/** When reads show the final counts of the run; `Infinity` while that is not known. */
export const countsSettleAt = (run: Run): number =>
  run.endsAt === Number.POSITIVE_INFINITY ? run.stoppedAt : run.endsAt + run.plan.countsSettleAfter

/** The counts that a read shows at `at`: growing while the run works, final once it is over and they have settled. */
export const countsAt = (run: Run, at: number): Counts =>
  at >= run.endsAt && at < countsSettleAt(run) ? run.plan.earlyCounts : realCountsAt(run, at)

/** What the run has delivered at `at`, also where reads show less. */
export const realCountsAt = (run: Run, at: number): Counts => {
  const { counts } = run.plan
  if (run.isSkipped) return { succeeded: 0, failed: 0, total: 0 }
  if (at >= run.endsAt) return counts
  const progress = Math.max(0, Math.min(1, (Math.min(at, finishedAt(run)) - run.startsAt) / run.duration)) || 0
  const [succeeded, failed] = [Math.floor(counts.succeeded * progress), Math.floor(counts.failed * progress)]
  const invalid = counts.invalid === undefined ? undefined : Math.floor(counts.invalid * progress)
  return {
    succeeded,
    failed,
    ...(invalid !== undefined && { invalid }),
    total: succeeded + failed + (invalid ?? 0),
  }
}

/** A vendor's words for the status of a run. */
export interface Words {
  readonly queued: string
  readonly running: string
  /** A run that was requested to stop and has not ended. @default the word of a running one */
  readonly stopping?: string
  readonly succeeded: string
  readonly failed: string
  readonly cancelled: string
  /** A run that never began because another run was live. @default the word of a cancelled one */
  readonly skipped?: string
}

/** The words that a dialect has by default. */
export const usualWords: Words = {
  queued: "queued",
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  cancelled: "cancelled",
  skipped: "skipped",
}

/** Returns the vendor's word for the status of a run at `at`. The words of the run's plan take precedence. */
export const wordAt = (run: Run, at: number, words: Words): string => {
  const { plan } = run
  const state = stateAt(run, at)
  switch (state) {
    case "queued":
      return words.queued
    case "stopped":
      return words.cancelled
    case "skipped":
      return words.skipped ?? words.cancelled
    case "ended":
      return plan.endedWord ?? words[plan.ends]
    default:
      return plan.runningWord ?? (state === "stopping" ? words.stopping : undefined) ?? words.running
  }
}
