/**
 * Runs the jobs of a batch, each to its end, within bounds. A job that fails stops no other: its report says what became of
 * it.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import type { Pending } from "../engine/trigger/pending.ts"
import { defaultConcurrency, type Job, type RunAllOptions } from "../model/Job.ts"
import * as Report from "../model/Report.ts"
import { RetlError } from "../model/RetlError.ts"
import { Runs } from "../Runs.ts"
import * as Logging from "../telemetry/logging.ts"
import type { CallName, calls } from "../telemetry/spans.ts"
import { named } from "../telemetry/syncName.ts"
import * as Tracing from "../telemetry/tracing.ts"
import * as Ended from "./ended.ts"
import type { Needs } from "./needs.ts"
import * as Opening from "./opening.ts"
import * as Problems from "./problems.ts"

/** The operation of a fleet that runs a batch. */
export type RunAll = (jobs: ReadonlyArray<Job>, options?: RunAllOptions) => Effect.Effect<Report.Report, RetlError>

/** Creates the operation. */
export const make = (fleet: Needs): RunAll =>
  Effect.fnUntraced(function* (
    jobs: ReadonlyArray<Job>,
    options: RunAllOptions = {},
  ): Effect.fn.Return<Report.Report, RetlError> {
    const batch = Problems.read(fleet, jobs, options)
    if (Result.isFailure(batch)) return yield* Effect.fail(Opening.invalid("runAll", batch.failure))
    const { key } = batch.success.options
    const startedAt = yield* Clock.currentTimeMillis
    const ended = yield* run(fleet, batch.success)
    const duration = Duration.millis((yield* Clock.currentTimeMillis) - startedAt)
    return Report.make(ended, { key, startedAt: DateTime.makeUnsafe(startedAt), duration })
  }, observed)

/** Runs a batch in its span. */
const observed = <A, E>(batch: Effect.Effect<A, E>, jobs: ReadonlyArray<Job>): Effect.Effect<A, E> =>
  Tracing.within(() => ({
    name: "Fleet.runAll" satisfies CallName,
    attributes: {
      "openretl.operation": "runAll" satisfies (typeof calls)["Fleet.runAll"]["operation"],
      "openretl.jobs": Array.isArray(jobs) ? jobs.length : 0,
    },
  }))(batch)

/** Runs all jobs. Returns their reports in the order of the jobs. */
const run = Effect.fnUntraced(function* (
  fleet: Needs,
  { jobs, options }: Problems.Batch,
): Effect.fn.Return<ReadonlyArray<Report.JobReport>> {
  const begunAt = new Map<Problems.Ready, number>()
  const reports = new Map<Problems.Ready, Report.JobReport>()

  const end = (job: Problems.Ready, report: Report.JobReport, error?: unknown) =>
    Effect.suspend(() => {
      reports.set(job, report)
      return notify(options.onEnd, report, error)
    })

  /** Runs one job. What an interrupt has stopped, of the batch or of its workspace, gets its report in the end. */
  const begin = (job: Problems.Ready) =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        const startedAt = yield* Clock.currentTimeMillis
        begunAt.set(job, startedAt)
        const exit = yield* Effect.exit(restore(fleet.run(job.sync, job.options)))
        if (Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)) return
        const duration = Duration.millis((yield* Clock.currentTimeMillis) - startedAt)
        const report = Ended.report({ name: job.name, sync: job.sync, duration }, exit)
        yield* end(job, report, Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined)
      }),
    )

  const endUnfinished = Effect.gen(function* () {
    const unfinished = jobs.filter((job) => !reports.has(job))
    if (unfinished.length === 0) return
    const now = yield* Clock.currentTimeMillis
    const entries = yield* pendingOf(fleet, unfinished)
    for (const job of unfinished) {
      const startedAt = begunAt.get(job)
      const details =
        startedAt === undefined
          ? Ended.notBegun
          : Ended.interrupted(entryOf(job, entries, now - startedAt), options.key !== undefined)
      const duration = Duration.millis(startedAt === undefined ? 0 : now - startedAt)
      yield* end(job, { name: job.name, sync: job.sync, duration, ...details })
    }
    yield* logUnfinished(
      options.key,
      unfinished.flatMap((job) => reports.get(job) ?? []),
    )
  })

  const slot = slots(options)
  const all = Effect.forEach(jobs, (job) => slot(job)(named(job.name)(begin(job))), {
    concurrency: "unbounded",
    discard: true,
  })
  yield* Effect.onInterrupt(all, () => endUnfinished)
  yield* endUnfinished
  return jobs.flatMap((job) => reports.get(job) ?? [])
})

/** Returns what keeps a job waiting until its destination, and then the batch, has a place for it. */
const slots = ({ concurrency = defaultConcurrency, perDestination }: RunAllOptions) => {
  const ofBatch = Semaphore.makeUnsafe(concurrency)
  const byDestination = new Map<string, Semaphore.Semaphore>()
  const ofDestination = (destination: string, most: number) => {
    const semaphore = byDestination.get(destination) ?? Semaphore.makeUnsafe(most)
    byDestination.set(destination, semaphore)
    return semaphore
  }
  return ({ destination }: Problems.Ready) =>
    <A, E, R>(job: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
      const inBatch = ofBatch.withPermits(1)(job)
      return perDestination === undefined || destination === undefined
        ? inBatch
        : ofDestination(destination, perDestination).withPermits(1)(inBatch)
    }
}

/** Reads what the journal has open for these jobs. A journal that fails has nothing. */
const pendingOf = (fleet: Needs, jobs: ReadonlyArray<Problems.Ready>): Effect.Effect<ReadonlyArray<Pending>> => {
  const services = new Set(jobs.flatMap(({ sync }) => fleet.find(sync, Runs) ?? []))
  return Effect.map(
    Effect.forEach(services, ({ pending }) =>
      Effect.catchCause(pending, (cause) =>
        Effect.as(Logging.warn("The journal of an interrupted batch could not be read", { error: errorOf(cause) }), []),
      ),
    ),
    (entries) => entries.flat(),
  )
}

/** A clock that counts the time of a job may be off by so much. */
const margin = 1_000

/** Returns the newest entry of a job: with its key or, without one, of its sync since the job began, by the store's clock. */
const entryOf = (
  { sync, options: { key } }: Problems.Ready,
  entries: ReadonlyArray<Pending>,
  elapsed: number,
): Pending["entry"] | undefined =>
  entries.find(({ entry, readAt }) => {
    if (String(entry.sync) !== String(sync) || entry.key !== key) return false
    const age = DateTime.toEpochMillis(readAt) - DateTime.toEpochMillis(entry.createdAt)
    return key !== undefined || age <= elapsed + margin
  })?.entry

/** Calls the caller's function. What it throws stops no job. */
const notify = (onEnd: RunAllOptions["onEnd"], report: Report.JobReport, error: unknown): Effect.Effect<void> =>
  onEnd === undefined
    ? Effect.void
    : Effect.catchCause(
        Effect.sync(() => onEnd(report, error)),
        (cause) => Logging.warn("The onEnd of a batch has thrown", { error: errorOf(cause) }),
      )

/** Returns what a log line shows of a failure: the code of an error of ours, or its name, and no text that may hold a row. */
const errorOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  if (error instanceof RetlError) return error.code
  return error instanceof Error ? error.name : "defect"
}

const logUnfinished = (key: string | undefined, reports: ReadonlyArray<Report.JobReport>): Effect.Effect<void> =>
  Logging.warn("A batch was interrupted: its runs go on at their vendors", {
    key,
    jobs: reports.map(({ name, verdict, run, entry }) =>
      [
        name,
        verdict,
        ...(run === undefined ? [] : [String(run)]),
        ...(entry === undefined ? [] : [`entry ${entry}`]),
      ].join(" "),
    ),
  })
