/** One poll of some runs of a sync, and what it means for their waits: when to poll again, or how a wait ends. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as RetryPolicy from "../../model/RetryPolicy.ts"
import { isTerminal, type Run } from "../../model/Run.ts"
import { type Unended, WaitNotStarted, WaitStatusUnknown } from "../../model/Wait.ts"
import type { WorkspaceContext } from "../context.ts"
import { maxPause, Priority } from "../rate-limit/rateLimit.ts"
import * as Reading from "../runs/reading.ts"

/** A run that is waited for. */
export interface WatchedRun {
  readonly ref: RunRef
  /** When its age begins, in epoch milliseconds. */
  readonly since: number
  /** The run as core last saw it. */
  run: Run | undefined
  /** How many polls in a row have failed. */
  failures: number
  /** The last of them, and when the first one failed. */
  trouble: { readonly since: number; readonly error: RetlError } | undefined
  /** Since when the run has a status word that no table lists, in epoch milliseconds. */
  unknownSince: number | undefined
  /** How many polls in a row have not shown the run. */
  missing: number
}

/** What one poll has shown. `NotYet`: the run is not visible, and was accepted so recently that reads may lag. */
export type Observation =
  | { readonly _tag: "Seen"; readonly run: Run }
  | { readonly _tag: "NotYet" }
  | { readonly _tag: "Failed"; readonly error: RetlError }

/** How a wait ends. */
export type End = Effect.Effect<Run, RetlError | Unended>

/** How long a waiter bears what is no end, in milliseconds. */
export interface Limits {
  readonly patience: number
  readonly unknownWithin: number
  readonly startWithin: number
}

/**
 * What follows a poll: another one at a time in epoch milliseconds, or the end. `changed`: the run, where it changed.
 */
export type Step =
  | { readonly _tag: "Again"; readonly at: number; readonly changed: Run | undefined }
  | { readonly _tag: "End"; readonly exit: End; readonly changed: Run | undefined }

/** A wait ends after this many polls in a row that do not show the run, once reads cannot lag any more. */
const maxMissing = 3

/** Returns the state of a wait that begins now. */
export const watch = (ref: RunRef, now: number): WatchedRun => ({
  ref,
  since: ref.acceptedAt === undefined ? now : Math.min(now, DateTime.toEpochMillis(ref.acceptedAt)),
  run: undefined,
  failures: 0,
  trouble: undefined,
  unknownSince: undefined,
  missing: 0,
})

/**
 * Returns the milliseconds until the next poll: a tenth of the run's age, between a second and a minute. Core then sees
 * the end of a run within a tenth of the run's length, and a long run costs few requests. A run with a word that the
 * adapter does not list is polled once a minute: the word may mean the end.
 */
export const interval = ({ since, run }: WatchedRun, now: number): number => {
  if (run?.status === "unknown") return 60_000
  return Math.min(60_000, Math.max(1_000, (now - since) / 10))
}

/** Polls runs of one sync: one run by a read; several by one listing, and by a read each where its page lacks them. */
export const look = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  group: ReadonlyArray<WatchedRun>,
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
  for (const { ref } of group) if (!observations.has(ref.run)) observations.set(ref.run, yield* readRun(context, ref))
  return observations
})

const readRun = Effect.fnUntraced(function* (context: WorkspaceContext, ref: RunRef): Effect.fn.Return<Observation> {
  const run = yield* Effect.result(Reading.readOnce(context, ref, Priority.poll))
  if (Result.isSuccess(run)) return { _tag: "Seen", run: run.success }
  const isLag = run.failure.reason._tag === "NotFound" && (yield* Reading.mayLag(context, ref))
  return isLag ? { _tag: "NotYet" } : { _tag: "Failed", error: run.failure }
})

/** Returns what follows an observation. It counts failures in `watched`. */
export const next = (watched: WatchedRun, observation: Observation, now: number): Step => {
  switch (observation._tag) {
    case "NotYet":
      return again(now + 2_000)
    case "Seen":
      return afterRun(watched, observation.run, now)
    case "Failed":
      return afterFailure(watched, observation.error, now)
  }
}

const again = (at: number): Step => ({ _tag: "Again", at, changed: undefined })

const afterRun = (watched: WatchedRun, listed: Run, now: number): Step => {
  const run = Reading.withAcceptance(listed, watched.ref)
  const changed = isSame(watched.run, run) ? undefined : run
  watched.run = run
  watched.failures = 0
  watched.trouble = undefined
  watched.missing = 0
  watched.unknownSince = run.status === "unknown" ? (watched.unknownSince ?? now) : undefined
  return isTerminal(run.status)
    ? { _tag: "End", exit: Effect.succeed(run), changed }
    : { _tag: "Again", at: now + interval(watched, now), changed }
}

const afterFailure = (watched: WatchedRun, error: RetlError, now: number): Step => {
  const end = (attempts: number, exhausted: boolean): Step => ({
    _tag: "End",
    exit: Effect.fail(error.withAttempts(attempts, exhausted)),
    changed: undefined,
  })
  const pause = Math.max(interval(watched, now), Math.min(60_000, 1_000 * 2 ** Math.min(watched.failures, 6)))
  switch (RetryPolicy.table[error.reason._tag].read) {
    case "after-wait":
      watched.trouble = { since: watched.trouble?.since ?? now, error }
      return again(now + Math.max(pause, retryAfter(error)))
    case "within-read-lag":
      watched.missing++
      return watched.missing >= maxMissing ? end(watched.missing, false) : again(now + pause)
    case "backoff":
    case "in-wait":
      watched.failures++
      watched.trouble = { since: watched.trouble?.since ?? now, error: error.withAttempts(watched.failures, true) }
      return again(now + pause)
    case "re-read-token":
    case "never":
      return end(1, false)
  }
}

/** What a waiter does not bear any longer from some time on, in epoch milliseconds, and how its wait then ends. */
interface Limit {
  readonly at: number
  readonly exit: () => End
}

const limitsOf = (watched: WatchedRun, limits: Limits): ReadonlyArray<Limit> => {
  const { run, trouble, unknownSince, since } = watched
  const found: Array<Limit> = []
  if (trouble !== undefined) found.push({ at: trouble.since + limits.patience, exit: () => Effect.fail(trouble.error) })
  if (run === undefined) return found
  if (unknownSince !== undefined) {
    const within = Duration.millis(limits.unknownWithin)
    const exit = () => Effect.fail(new WaitStatusUnknown({ run, within }))
    found.push({ at: unknownSince + limits.unknownWithin, exit })
  }
  if (run.status === "queued") {
    const within = Duration.millis(limits.startWithin)
    found.push({ at: since + limits.startWithin, exit: () => Effect.fail(new WaitNotStarted({ run, within })) })
  }
  return found
}

/** Returns how a wait with these limits ends now, after a look; `undefined` where it goes on. */
export const endOf = (watched: WatchedRun, limits: Limits, now: number): End | undefined =>
  limitsOf(watched, limits)
    .find(({ at }) => at <= now)
    ?.exit()

/** Returns when a limit is reached: the time of a look, in epoch milliseconds. */
export const limitAt = (watched: WatchedRun, limits: Limits): number =>
  Math.min(...limitsOf(watched, limits).map(({ at }) => at))

/** Returns the wait that the vendor demands, in milliseconds, at most a day; by default 5 seconds. */
const retryAfter = ({ reason }: RetlError): number =>
  reason._tag === "RateLimited" && reason.retryAfter !== undefined
    ? Duration.toMillis(Duration.min(reason.retryAfter, maxPause))
    : 5_000

const isSame = (before: Run | undefined, run: Run): boolean =>
  before !== undefined &&
  before.status === run.status &&
  before.vendorStatus === run.vendorStatus &&
  before.rows.succeeded === run.rows.succeeded &&
  before.rows.failed === run.rows.failed &&
  before.rows.unaccounted === run.rows.unaccounted
