/** Follows one sync from its trigger, or from what was triggered before, to its ending. */

import type { EnsureOptions } from "@openretl/core/EnsureOptions"
import type { TriggerEntry } from "@openretl/core/JournalEntry"
import { judge } from "@openretl/core/Outcome"
import type { RunRef, SyncRef } from "@openretl/core/Ref"
import { Run } from "@openretl/core/Run"
import type { Scope } from "@openretl/core/Scope"
import type * as Trigger from "@openretl/core/Trigger"
import type * as Wait from "@openretl/core/Wait"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import type { AnyFleet, Sync } from "../../Configuration.ts"
import type { Ending, Progress } from "./event.ts"

/** What the program does for one sync. */
export interface Task {
  /** Unique among the tasks. */
  readonly name: string
  readonly sync: SyncRef
  /** The sync's settings in the file. Absent for a ref whose sync is not in the file. */
  readonly settings: Sync | undefined
  /** The options of its wait. */
  readonly wait: Wait.Options
  /** How long after its trigger the run is cancelled. Absent where it is not cancelled. */
  readonly cancelAfter?: Duration.Duration
  /** How it begins: with a trigger, a run to wait for, or an entry that an earlier process left in the journal. */
  readonly next:
    | { readonly _tag: "Trigger"; readonly options: Trigger.Options & { readonly scope?: Scope } }
    | { readonly _tag: "Ensure"; readonly options: EnsureOptions & { readonly scope?: Scope } }
    | { readonly _tag: "Wait"; readonly run: RunRef }
    | { readonly _tag: "Resume"; readonly entry: TriggerEntry }
}

/** Receives every step of a task. */
export type Report = (progress: Progress) => Effect.Effect<void>

/** Does a task and returns its ending. It never fails: an error is an ending as well. */
export const follow = (fleet: AnyFleet, task: Task, report: Report): Effect.Effect<Ending> =>
  Effect.gen(function* () {
    const runOrEnding = yield* findRun(fleet, task, report)
    const ending = runOrEnding._tag === "Run" ? yield* waitForEnd(fleet, task, runOrEnding.run, report) : runOrEnding
    yield* report({ _tag: "Ended", ending })
    return ending
  })

type RunOrEnding = { readonly _tag: "Run"; readonly run: RunRef } | Ending

/** Returns the run to wait for, or the ending of a task that has none. */
const findRun = (fleet: AnyFleet, { sync, wait, next }: Task, report: Report): Effect.Effect<RunOrEnding> => {
  switch (next._tag) {
    case "Trigger":
      return trigger(fleet, sync, next.options, wait, report)
    case "Ensure":
      return ensure(fleet, sync, next.options, report)
    case "Wait":
      return Effect.as(report({ _tag: "Resumed", ref: next.run, because: "ref" }), { _tag: "Run", run: next.run })
    case "Resume":
      return resume(fleet, next.entry, report)
  }
}

/** Finds the run of an entry, whose trigger another process sent. */
const resume = (fleet: AnyFleet, entry: TriggerEntry, report: Report): Effect.Effect<RunOrEnding> =>
  Effect.gen(function* () {
    if (entry.state !== "started") yield* report({ _tag: "Settling" })
    const resolution = yield* fleet.resolve(entry)
    if (entry.state !== "started") yield* report({ _tag: "Settled", resolution })
    switch (resolution._tag) {
      case "Started":
        yield* report({ _tag: "Resumed", ref: resolution.run, because: "journal" })
        return { _tag: "Run" as const, run: resolution.run }
      case "NotStarted":
        return resolution
      case "Ambiguous":
        return { _tag: "Indeterminate" as const, entry, why: resolution.why }
    }
  }).pipe(Effect.catch((error) => Effect.succeed({ _tag: "Indeterminate" as const, entry, why: error.summary })))

const trigger = (
  fleet: AnyFleet,
  sync: SyncRef,
  options: Trigger.Options & { readonly scope?: Scope },
  wait: Wait.Options,
  report: Report,
): Effect.Effect<RunOrEnding> =>
  Effect.gen(function* () {
    yield* report({ _tag: "Triggering" })
    const result = yield* fleet.trigger(sync, options)
    switch (result._tag) {
      case "Skipped":
        return { _tag: "Skipped" as const, running: result.running }
      case "Remembered":
        yield* report({ _tag: "Resumed", ref: result.run, because: "journal" })
        return { _tag: "Finished" as const, finished: remembered(result, wait) }
      default:
        yield* report({ _tag: "Triggered", result })
        return { _tag: "Run" as const, run: result.run }
    }
  }).pipe(
    Effect.catchTags({
      RetlError: (error) => Effect.succeed({ _tag: "Refused" as const, error }),
      TriggerIndeterminate: ({ entry, why }) => Effect.succeed({ _tag: "Indeterminate" as const, entry, why }),
    }),
  )

/** Makes the data fresh. Its end is what it returns: a run that is fresh, or one that it waited for. */
const ensure = (
  fleet: AnyFleet,
  sync: SyncRef,
  options: EnsureOptions & { readonly scope?: Scope },
  report: Report,
): Effect.Effect<RunOrEnding> =>
  Effect.gen(function* () {
    yield* report({ _tag: "Triggering" })
    const finished = yield* fleet.ensure(sync, options)
    return { _tag: "Finished" as const, finished }
  }).pipe(
    Effect.catchTags({
      RetlError: (error) => Effect.succeed({ _tag: "Refused" as const, error }),
      TriggerIndeterminate: (error) =>
        Effect.succeed({ _tag: "Indeterminate" as const, entry: error.entry, why: error.why }),
      OutcomeRejected: ({ run, verdict, how }) =>
        Effect.succeed({ _tag: "Finished" as const, finished: { run, verdict, accepted: false, ...(how && { how }) } }),
    }),
    Effect.catch((error) => Effect.succeed({ _tag: "Unfinished" as const, ref: refOf(error), error })),
  )

const refOf = (error: Wait.WaitDeadlineExceeded | Wait.WaitNotStarted | Wait.WaitStatusUnknown): RunRef =>
  error._tag === "WaitDeadlineExceeded" ? error.ref : error.run.ref

/** Judges the end that the journal has of a run. */
const remembered = ({ run: ref, status, rows, age }: Trigger.Remembered, wait: Wait.Options) => {
  const run = new Run({ ref, status, vendorStatus: status, rows, native: undefined })
  return { run, ...judge(run, wait.policy), how: "remembered", age } as const
}

const waitForEnd = (
  fleet: AnyFleet,
  { wait: options, cancelAfter, next }: Task,
  ref: RunRef,
  report: Report,
): Effect.Effect<Ending> =>
  Effect.gen(function* () {
    // A run that another process triggered is not cancelled: that process was to do it.
    const canceller = yield* Effect.forkChild(
      next._tag === "Trigger" && cancelAfter !== undefined
        ? Effect.delay(cancel(fleet, ref, report), cancelAfter)
        : Effect.void,
    )
    const { deadline } = options
    // Both share their polls; the wait also writes the end to the journal.
    const [finished] = yield* Effect.all(
      [
        next._tag === "Resume" ? resumeEntry(fleet, next.entry, options) : fleet.wait(ref, options),
        Stream.runForEach(fleet.watch(ref, deadline === undefined ? {} : { deadline }), (run) =>
          report({ _tag: "Changed", run }),
        ),
      ],
      { concurrency: "unbounded" },
    )
    yield* Fiber.interrupt(canceller)
    return { _tag: "Finished" as const, finished }
  }).pipe(
    Effect.catchTags({
      TriggerIndeterminate: ({ entry, why }) => Effect.succeed({ _tag: "Indeterminate" as const, entry, why }),
    }),
    Effect.catch((error) => Effect.succeed({ _tag: "Unfinished" as const, ref, error })),
  )

/** Waits for the run of an entry that has one. */
const resumeEntry = (fleet: AnyFleet, entry: TriggerEntry, options: Wait.Options) =>
  Effect.flatMap(fleet.resume(entry, options), (resumed) =>
    resumed._tag === "Finished" ? Effect.succeed(resumed.finished) : Effect.die("the entry has a run"),
  )

const cancel = (fleet: AnyFleet, ref: RunRef, report: Report): Effect.Effect<void> =>
  fleet.cancel(ref).pipe(
    Effect.flatMap((result) => report({ _tag: "CancelRequested", result })),
    Effect.catch((error) => report({ _tag: "CancelFailed", error })),
  )
