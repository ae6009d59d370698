/**
 * A run's life. Its instants are written down as they become known; its state at any moment, past ones included, is a
 * pure function of them.
 */

import type { MutableCall } from "./calls.ts"
import type { Plan } from "./plan.ts"
import type { Sync } from "./sync.ts"

export interface Run {
  readonly id: string
  readonly sync: Sync
  readonly origin: "call" | "schedule" | "stranger"
  readonly call: MutableCall | undefined
  readonly scope: string | undefined
  readonly plan: Plan
  readonly createdAt: number
  /** `Infinity` while it waits for another run to end. */
  startsAt: number
  /** When it ends by itself; `Infinity` while that is not known, or never. */
  endsAt: number
  /** When it was asked to stop, and when that takes effect. */
  stopAt: number
  stoppedAt: number
  /** Its JSON, once nothing about it can change; see `rendered.ts`. */
  rendered: { readonly settings: object; readonly since: number; readonly text: string } | undefined
}

/** `ended` is by itself, as planned; `stopped` is not. */
export type State = "queued" | "running" | "stopping" | "ended" | "stopped"

export const finishedAt = (run: Run): number => Math.min(run.endsAt, run.stoppedAt)

/** The state at `at`, for a run created by then. */
export const stateAt = (run: Run, at: number): State => {
  if (at >= run.stoppedAt) return "stopped"
  if (at >= run.endsAt) return "ended"
  if (at >= run.stopAt) return "stopping"
  return at >= run.startsAt ? "running" : "queued"
}

export const begin = (run: Run, at: number): void => {
  run.startsAt = at
  run.endsAt = at + run.plan.duration
  settleStop(run)
}

/** Asks a run that is not over to stop. It may still end by itself before that takes effect. */
export const stop = (run: Run, at: number, takes: number): void => {
  if (run.stopAt <= at) return
  run.stopAt = at
  run.stoppedAt = at + takes
  settleStop(run)
}

const settleStop = (run: Run): void => {
  if (run.stoppedAt === Number.POSITIVE_INFINITY) return
  if (run.endsAt <= run.stoppedAt) run.stoppedAt = Number.POSITIVE_INFINITY
  else run.endsAt = Number.POSITIVE_INFINITY
}

export interface Counts {
  readonly succeeded: number
  readonly failed: number
  readonly total: number
}

/** The rows a reader sees at `at`: growing while the run works, final once it is over and the counts have settled. */
export const countsAt = (run: Run, at: number): Counts => {
  const { plan } = run
  const over = finishedAt(run)
  if (at >= run.endsAt) {
    const settled = at >= over + plan.countsSettleAfter
    return { succeeded: plan.succeeded, failed: settled ? plan.failed : 0, total: plan.total }
  }
  const share = Math.max(0, Math.min(1, (Math.min(at, over) - run.startsAt) / plan.duration)) || 0
  const [succeeded, failed] = [Math.floor(plan.succeeded * share), Math.floor(plan.failed * share)]
  return { succeeded, failed, total: succeeded + failed }
}
