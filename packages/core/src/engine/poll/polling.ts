/**
 * What is known of a run that is waited for, one look at it, and what follows from that: when to look again, or how the
 * wait ends. But for the look itself, everything here is pure: waits and checks take the same steps.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as RetryPolicy from "../../model/RetryPolicy.ts"
import { isSameCounts, isTerminal, lostRows, Run } from "../../model/Run.ts"
import { type Unended, type WaitDeadlineExceeded, WaitNotStarted, WaitStatusUnknown } from "../../model/Wait.ts"
import * as Logging from "../../telemetry/logging.ts"
import type { WorkspaceContext } from "../context.ts"
import { maxPause, Priority } from "../rate-limit/rateLimit.ts"
import * as Reading from "../runs/reading.ts"
import * as Lengths from "./lengths.ts"
import * as Rhythm from "./rhythm.ts"
import type { Rules } from "./rules.ts"

/** What is known of a run that is waited for. All times are epoch milliseconds. */
export interface Watched {
  readonly ref: RunRef
  /** When it was accepted or, where the ref does not say so, first waited for. */
  readonly since: number
  /** The run as core last saw it. */
  readonly run: Run | undefined
  /** When that was. */
  readonly seenAt: number | undefined
  /** How many looks in a row have failed. */
  readonly failures: number
  /** When the first of them failed, and why the last did: absent where that was another process's. */
  readonly trouble: { readonly since: number; readonly error: RetlError | undefined } | undefined
  /** How many looks in a row have not shown the run. */
  readonly missing: number
  /** Since when the run has a status word that no table lists. */
  readonly unknownSince: number | undefined
  /** When a look first showed that the run has ended. */
  readonly endedSince: number | undefined
  /** How long past runs of its sync took; `undefined` where no list was read. */
  readonly lengths: Rhythm.Lengths | undefined
  /** Whether the run takes much longer than past runs. */
  readonly isSlow: boolean
}

/** What one look has shown. `NotYet`: the run is not visible, and was accepted so recently that reads may lag. */
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

/** What follows a look: another one at a time in epoch milliseconds, or the end. */
export type Step = (
  | { readonly _tag: "Again"; readonly at: number }
  /** The run has ended, and its counts may change until then. */
  | { readonly _tag: "Settling"; readonly at: number; readonly run: Run }
  | { readonly _tag: "End"; readonly exit: Effect.Effect<Run, RetlError> }
) & {
  readonly watched: Watched
  /** The run, where it changed. */
  readonly changed: Run | undefined
}

/** A wait ends after this many looks in a row that do not show the run, once reads cannot lag any more. */
const maxMissing = 3

/** A run whose end was seen counts as it is after this many looks in a row that fail. */
const maxFailuresAfterEnd = 10

/** The longest time between two looks while hints are expected, in milliseconds. */
const netMillis = 600_000

/** When the first look is due at the latest, in milliseconds. */
const maxFirstMillis = 30_000

/** From this age on, in milliseconds, a look reads the list, where none has shown how long past runs took. */
const minAgeForHistory = 300_000

/** By how much a vendor's clock may be behind, in milliseconds. */
const maxSkewMillis = 60_000

/** Returns when a watch of a run begins. A time of acceptance in the future counts as now. */
export const since = ({ acceptedAt }: RunRef, now: number): number =>
  acceptedAt === undefined ? now : Math.min(now, DateTime.toEpochMillis(acceptedAt))

/** Returns what is known of a run when a wait for it begins. */
export const watch = (ref: RunRef, lengths: Rhythm.Lengths | undefined, now: number): Watched => ({
  ref,
  since: since(ref, now),
  run: undefined,
  seenAt: undefined,
  failures: 0,
  trouble: undefined,
  missing: 0,
  unknownSince: undefined,
  endedSince: undefined,
  lengths,
  isSlow: false,
})

/** Returns what is known with no time after `now`: a clock that was set back must not make a wait stand still. */
export const upTo = (watched: Watched, now: number): Watched => {
  const { since, trouble, unknownSince, endedSince } = watched
  return {
    ...watched,
    since: Math.min(since, now),
    trouble: trouble && { ...trouble, since: Math.min(trouble.since, now) },
    unknownSince: unknownSince && Math.min(unknownSince, now),
    endedSince: endedSince && Math.min(endedSince, now),
  }
}

/** Returns the age of a run in milliseconds: from its start, where the vendor reports it; never from before it was accepted. */
export const ageOf = ({ since, run, ref }: Watched, now: number): number => {
  const startedAt = run?.startedAt === undefined ? Number.NaN : DateTime.toEpochMillis(run.startedAt)
  if (!(startedAt <= now)) return now - since
  return now - (ref.acceptedAt === undefined ? startedAt : Math.max(startedAt, since))
}

/**
 * Returns the milliseconds until the next look. Past runs give it its rhythm. Without any, it is a tenth of the run's age,
 * between a second and a minute: core then sees the end of a run within a tenth of the run's length, and a long run costs
 * few requests. A run with a word that the adapter does not list is looked at once a minute: the word may mean the end.
 */
export const interval = (rules: Rules, watched: Watched, now: number): number => {
  const { run, lengths = [] } = watched
  const age = ageOf(watched, now)
  if (rules.areHintsExpected) {
    // Without past runs it is not a number.
    const untilLikelyEnd = Rhythm.quantile(lengths, 0.75) * 1_000 - age
    return untilLikelyEnd > 0 ? Math.min(netMillis, Math.max(1_000, untilLikelyEnd)) : netMillis
  }
  if (run?.status === "unknown") return 60_000
  return run?.startedAt === undefined || lengths.length === 0
    ? Math.min(60_000, Math.max(1_000, Math.round(age / 10)))
    : Math.round(Rhythm.gap(Math.max(1, age / 1_000), lengths, rules.lookCost) * 1_000)
}

/**
 * Returns when the first look is due, in epoch milliseconds: at once or, where past runs tell that there is no hurry, within
 * half a minute, since a run that fails at its start should be seen soon.
 */
export const firstAt = (rules: Rules, { since, ref, lengths = [] }: Watched, now: number): number => {
  if (ref.acceptedAt === undefined || lengths.length === 0 || rules.areHintsExpected) return now
  return Math.max(now, since + Math.min(maxFirstMillis, Math.round(Rhythm.gap(1, lengths, rules.lookCost) * 1_000)))
}

/** How long a look may be overdue until it goes before one that is likely to show an end, in milliseconds. */
const maxOverdueMillis = 30_000

/** Returns how urgent a look is, where not all can be had at once: by how likely it shows an end, and by how overdue it is. */
export const urgency = (rules: Rules, watched: Watched, lookedAt: number, dueAt: number, now: number): number => {
  const elapsed = now - Math.max(lookedAt, watched.since)
  const { lengths = [] } = watched
  const perMilli =
    lengths.length === 0 || rules.areHintsExpected
      ? 1 / interval(rules, watched, now)
      : Rhythm.density(Math.max(1, ageOf(watched, now) / 1_000), lengths, rules.lookCost) / 1_000
  return elapsed * perMilli + (now - dueAt) / maxOverdueMillis
}

/** What a look at runs of one sync has shown. */
export interface Look {
  /** By the ids of runs; also of runs that no wait is for. */
  readonly observations: ReadonlyMap<string, Observation>
  /** How long past runs took, where the look read the list. */
  readonly lengths: Rhythm.Lengths | undefined
}

/**
 * Looks at runs of one sync: at one by a read; at several by one listing, and by a read each where its page lacks them. A
 * look at one run that is old enough reads the list too where nothing else has shown how long past runs took.
 */
export const look = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  group: ReadonlyArray<Watched>,
  now: number,
): Effect.fn.Return<Look> {
  const [first] = group
  const observations = new Map<string, Observation>()
  let lengths: Rhythm.Lengths | undefined
  if (first === undefined) return { observations, lengths }
  const isAlone = group.length === 1
  if (!isAlone || (first.lengths === undefined && ageOf(first, now) >= minAgeForHistory)) {
    const page = yield* Effect.result(context.list(first.ref.sync, {}, Priority.poll))
    if (Result.isSuccess(page)) {
      Lengths.note(context, first.ref.sync, page.success.runs)
      for (const run of page.success.runs) observations.set(run.ref.run, { _tag: "Seen", run })
    } else if (!isAlone && RetryPolicy.isRetried("read", page.failure)) {
      // An outage fails the other reads too. Else the list alone may be malformed, too large or closed.
      for (const { ref } of group) observations.set(ref.run, { _tag: "Failed", error: page.failure })
    }
    if (Result.isSuccess(page) || !wasNotGranted(page.failure)) lengths = Lengths.known(context, first.ref.sync) ?? []
  }
  for (const { ref } of group) if (!observations.has(ref.run)) observations.set(ref.run, yield* readRun(context, ref))
  return { observations, lengths }
})

/** Returns whether the rate limit has not let a request leave. */
export const wasNotGranted = ({ reason, delivery }: RetlError): boolean =>
  reason._tag === "RateLimited" && delivery === "not-sent"

const readRun = Effect.fnUntraced(function* (context: WorkspaceContext, ref: RunRef): Effect.fn.Return<Observation> {
  const run = yield* Effect.result(Reading.readOnce(context, ref, Priority.poll))
  if (Result.isSuccess(run)) return { _tag: "Seen", run: run.success }
  const isLag = run.failure.reason._tag === "NotFound" && (yield* Reading.mayLag(context, ref))
  return isLag ? { _tag: "NotYet" } : { _tag: "Failed", error: run.failure }
})

/** Returns what follows an observation. */
export const next = (rules: Rules, before: Watched, observation: Observation, now: number): Step => {
  const watched = upTo(before, now)
  switch (observation._tag) {
    case "NotYet":
      return again(watched, now + 2_000)
    case "Seen":
      return afterRun(rules, watched, observation.run, now)
    case "Failed":
      return watched.endedSince === undefined
        ? afterFailure(rules, watched, observation.error, now)
        : afterFailureOnceEnded(watched, observation.error, now)
  }
}

const again = (watched: Watched, at: number): Step => ({ _tag: "Again", watched, at, changed: undefined })

const afterRun = (rules: Rules, watched: Watched, listed: Run, now: number): Step => {
  const read = Reading.withAcceptance(listed, watched.ref)
  const run = watched.run !== undefined && watched.endedSince !== undefined ? corrected(watched.run, read) : read
  const changed = isSame(watched.run, run) ? undefined : run
  const endedSince = isTerminal(run.status) ? (watched.endedSince ?? now) : undefined
  const seen: Watched = {
    ...watched,
    run,
    seenAt: now,
    failures: 0,
    trouble: undefined,
    missing: 0,
    unknownSince: run.status === "unknown" ? (watched.unknownSince ?? now) : undefined,
    endedSince,
  }
  if (endedSince === undefined) {
    // Once it is slow it stays so: a run that was queued for long begins anew.
    const isSlow = watched.isSlow || Rhythm.isSlow(ageOf(seen, now) / 1_000, seen.lengths ?? [])
    return { _tag: "Again", watched: { ...seen, isSlow }, at: now + interval(rules, seen, now), changed }
  }
  const at = settledAt(rules, endedSince, run, now)
  return at <= now
    ? { _tag: "End", watched: seen, exit: Effect.succeed(run), changed }
    : { _tag: "Settling", watched: seen, at, run, changed }
}

/** Returns when the counts of an ended run change no more, in epoch milliseconds. */
const settledAt = ({ countsSettleWithin }: Rules, endedSince: number, { finishedAt }: Run, now: number): number => {
  // A run that ended long ago, by a clock that may be behind, has settled.
  const endedAt = finishedAt === undefined ? now : DateTime.toEpochMillis(finishedAt)
  return endedAt + countsSettleWithin + maxSkewMillis <= now ? now : endedSince + countsSettleWithin
}

/** Returns an ended run with the counts of a later read. Its end stays: only a success may turn out to be `partial`. */
export const corrected = (ended: Run, later: Run): Run => {
  if (!isTerminal(later.status)) return ended
  if (later.status === ended.status) return later
  const hasFailures = ended.status === "succeeded" && lostRows(later.rows) > 0
  return new Run({ ...later, status: hasFailures ? "partial" : ended.status })
}

const afterFailureOnceEnded = (watched: Watched, error: RetlError, now: number): Step => {
  const { run } = watched
  const failures = watched.failures + 1
  const seen = { ...watched, failures }
  if (run === undefined || failures >= maxFailuresAfterEnd || !isRetried(error)) {
    return { _tag: "End", watched: seen, exit: run ? Effect.succeed(run) : Effect.fail(error), changed: undefined }
  }
  return { _tag: "Settling", watched: seen, at: now + Math.max(5_000, backoff(failures)), run, changed: undefined }
}

const isRetried = ({ reason }: RetlError): boolean => {
  const { read } = RetryPolicy.table[reason._tag]
  return read !== "never" && read !== "re-read-token"
}

const backoff = (failures: number): number => Math.min(60_000, 1_000 * 2 ** failures)

const afterFailure = (rules: Rules, watched: Watched, error: RetlError, now: number): Step => {
  const end = (attempts: number, exhausted: boolean): Step => ({
    _tag: "End",
    watched,
    exit: Effect.fail(error.withAttempts(attempts, exhausted)),
    changed: undefined,
  })
  // A look that fails tells nothing of what a hint was about.
  const pause = Math.max(rules.areHintsExpected ? 2_000 : interval(rules, watched, now), backoff(watched.failures))
  const since = watched.trouble?.since ?? now
  switch (RetryPolicy.table[error.reason._tag].read) {
    case "after-wait":
      return again({ ...watched, trouble: { since, error } }, now + Math.max(pause, demandedPause(error)))
    case "within-read-lag": {
      const missing = watched.missing + 1
      return missing >= maxMissing ? end(missing, false) : again({ ...watched, missing }, now + pause)
    }
    case "backoff":
    case "in-wait": {
      const failures = watched.failures + 1
      return again({ ...watched, failures, trouble: { since, error: error.withAttempts(failures, true) } }, now + pause)
    }
    case "re-read-token":
    case "never":
      return end(1, false)
  }
}

/** How a wait ends whose limit is reached. */
export type LimitReached = RetlError | Exclude<Unended, WaitDeadlineExceeded>

/** What a waiter does not bear any longer from some time on, in epoch milliseconds, and how its wait then ends. */
interface Limit {
  readonly at: number
  readonly exit: () => Effect.Effect<never, LimitReached>
}

const limitsOf = (watched: Watched, limits: Limits): ReadonlyArray<Limit> => {
  const { run, trouble, unknownSince, since } = watched
  const found: Array<Limit> = []
  if (trouble?.error !== undefined) {
    const { since, error } = trouble
    found.push({ at: since + limits.patience, exit: () => Effect.fail(error) })
  }
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
export const endOf = (watched: Watched, limits: Limits, now: number): Effect.Effect<never, LimitReached> | undefined =>
  limitsOf(watched, limits)
    .find(({ at }) => at <= now)
    ?.exit()

/** Returns when a limit is reached: the time of a look, in epoch milliseconds. */
export const limitAt = (watched: Watched, limits: Limits): number =>
  Math.min(...limitsOf(watched, limits).map(({ at }) => at))

/** Returns the wait that the vendor demands, in milliseconds, at most a day; by default 5 seconds. */
export const demandedPause = ({ reason }: RetlError): number =>
  reason._tag === "RateLimited" && reason.retryAfter !== undefined
    ? Duration.toMillis(Duration.min(reason.retryAfter, maxPause))
    : 5_000

const isSame = (before: Run | undefined, run: Run): boolean =>
  before !== undefined &&
  before.status === run.status &&
  before.vendorStatus === run.vendorStatus &&
  isSameCounts(before.rows, run.rows)

/** Logs that a run takes much longer than past runs. */
export const reportSlow = (watched: Watched, now: number): Effect.Effect<void> =>
  Logging.warn("A run takes much longer than the past runs of its sync", {
    run: watched.ref.toString(),
    age: Duration.format(Duration.seconds(Math.round(ageOf(watched, now) / 1_000))),
    usual: Duration.format(Duration.seconds(Rhythm.quantile(watched.lengths ?? [], 0.5))),
  })
