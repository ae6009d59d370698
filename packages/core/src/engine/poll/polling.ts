/** One look at some runs of a sync, and what it means for the wait: when to look again, or how it ends. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { table } from "../../model/RetryPolicy.ts"
import { isTerminal, type Run } from "../../model/Run.ts"
import type { WaitDeadlineExceeded } from "../../model/Wait.ts"
import type { WorkspaceContext } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Reading from "../runs/reading.ts"

/** A run that is waited for. */
export interface Watched {
  readonly ref: RunRef
  /** From when its age is counted, in epoch milliseconds. */
  readonly since: number
  run: Run | undefined
  /** Looks in a row that failed. */
  failures: number
  /** Looks in a row that did not find it. */
  missing: number
}

/** What one look showed. `NotYet`: not visible, and too young for that to mean anything. */
export type Observation =
  | { readonly _tag: "Seen"; readonly run: Run }
  | { readonly _tag: "NotYet" }
  | { readonly _tag: "Failed"; readonly error: RetlError }

export type End = Effect.Effect<Run, RetlError | WaitDeadlineExceeded>

export type Step =
  | { readonly _tag: "Again"; readonly at: number; readonly changed: Run | undefined }
  | { readonly _tag: "End"; readonly exit: End; readonly changed: Run | undefined }

/** So many failed looks in a row end a wait: about half an hour of trouble. */
const failureBudget = 30

/** So many looks in a row that do not find a run, which is not young any more, end a wait. */
const missingBudget = 3

export const watched = (ref: RunRef, now: number): Watched => ({
  ref,
  since: ref.acceptedAt === undefined ? now : Math.min(now, DateTime.toEpochMillis(ref.acceptedAt)),
  run: undefined,
  failures: 0,
  missing: 0,
})

/**
 * Milliseconds to the next look: a tenth of the run's age, between a second and a minute, so that a run is never seen
 * to end later than a tenth of its length, and a long one costs few requests. A word nobody knows is looked at once a
 * minute: it may mean the end.
 */
export const interval = ({ since, run }: Watched, now: number): number => {
  if (run?.status === "unknown") return 60_000
  return Math.min(60_000, Math.max(1_000, (now - since) / 10))
}

/** Looks at runs of one sync: one by itself, several by one listing and, where they are not on its page, themselves. */
export const look = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  group: ReadonlyArray<Watched>,
): Effect.fn.Return<Map<string, Observation>> {
  const [first] = group
  const observations = new Map<string, Observation>()
  if (first === undefined) return observations
  if (group.length > 1) {
    const page = yield* Effect.result(context.list(first.ref.sync, {}, Priority.poll))
    if (Result.isFailure(page)) {
      for (const { ref } of group) observations.set(ref.run, { _tag: "Failed", error: page.failure })
      return observations
    }
    for (const run of page.success.runs) observations.set(run.ref.run, { _tag: "Seen", run })
  }
  for (const { ref } of group) if (!observations.has(ref.run)) observations.set(ref.run, yield* lookAtOne(context, ref))
  return observations
})

const lookAtOne = Effect.fnUntraced(function* (context: WorkspaceContext, ref: RunRef): Effect.fn.Return<Observation> {
  const seen = yield* Effect.result(Reading.lookAt(context, ref, Priority.poll))
  if (Result.isSuccess(seen)) return { _tag: "Seen", run: seen.success }
  const isLag = seen.failure.reason._tag === "NotFound" && (yield* Reading.mayLag(context, ref))
  return isLag ? { _tag: "NotYet" } : { _tag: "Failed", error: seen.failure }
})

/** What a look means. It keeps count in the run that is waited for. */
export const next = (entry: Watched, observation: Observation, now: number): Step => {
  const again = (millis: number): Step => ({ _tag: "Again", at: now + millis, changed: undefined })
  if (observation._tag === "NotYet") return again(2_000)
  if (observation._tag === "Seen") {
    const run = Reading.withAcceptance(observation.run, entry.ref)
    const changed = isSame(entry.run, run) ? undefined : run
    entry.run = run
    entry.failures = 0
    entry.missing = 0
    return isTerminal(run.status)
      ? { _tag: "End", exit: Effect.succeed(run), changed }
      : { _tag: "Again", at: now + interval(entry, now), changed }
  }
  const { error } = observation
  const end = (attempts: number, exhausted: boolean): Step => ({
    _tag: "End",
    exit: Effect.fail(error.withAttempts(attempts, exhausted)),
    changed: undefined,
  })
  const rest = Math.max(interval(entry, now), Math.min(60_000, 1_000 * 2 ** Math.min(entry.failures, 6)))
  switch (table[error.reason._tag].read) {
    case "after-wait":
      return again(Math.max(rest, retryAfter(error)))
    case "in-lag-window":
      entry.missing++
      return entry.missing >= missingBudget ? end(entry.missing, false) : again(rest)
    case "backoff":
    case "in-wait":
      entry.failures++
      return entry.failures >= failureBudget ? end(entry.failures, true) : again(rest)
    case "re-read-token":
    case "never":
      return end(1, false)
  }
}

const retryAfter = ({ reason }: RetlError): number =>
  reason._tag === "RateLimited" && reason.retryAfter !== undefined ? Duration.toMillis(reason.retryAfter) : 5_000

const isSame = (before: Run | undefined, run: Run): boolean =>
  before !== undefined &&
  before.status === run.status &&
  before.vendorStatus === run.vendorStatus &&
  before.rows.succeeded === run.rows.succeeded &&
  before.rows.failed === run.rows.failed &&
  before.rows.unaccounted === run.rows.unaccounted
