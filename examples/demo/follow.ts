/** Follows one sync from its trigger, or from a run that was triggered before, to its ending. */
import type { IntentRecord } from "@openretl/core/IntentStore"
import { judge } from "@openretl/core/Outcome"
import type { RunRef, SyncRef } from "@openretl/core/Ref"
import type { Run } from "@openretl/core/Run"
import type * as Trigger from "@openretl/core/Trigger"
import { Effect, Fiber, Stream } from "effect"
import type { AnyFleet, Sync } from "./config.ts"
import type { Ending, Progress } from "./event.ts"

/** What the program does for one sync. */
export interface Task {
  /** Unique among the tasks. */
  readonly name: string
  readonly sync: SyncRef
  /** The sync's settings in the file. Absent for a ref whose sync is not in the file. */
  readonly settings: Sync | undefined
  /** Triggers that an earlier process left unsettled. They are resolved first, so that no sync is triggered twice. */
  readonly unsettled: ReadonlyArray<IntentRecord>
  /** What follows: a trigger, a wait for a run, or nothing. */
  readonly next:
    | { readonly _tag: "Trigger" }
    | { readonly _tag: "Wait"; readonly run: RunRef }
    | { readonly _tag: "Stop" }
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
const findRun = (fleet: AnyFleet, task: Task, report: Report): Effect.Effect<RunOrEnding> =>
  Effect.gen(function* () {
    const settlement = yield* settle(fleet, task, report)
    if (settlement?._tag === "Started") {
      yield* report({ _tag: "Resumed", ref: settlement.run, because: "intent" })
      return { _tag: "Run", run: settlement.run }
    }
    if (settlement?._tag === "Indeterminate") return settlement
    switch (task.next._tag) {
      case "Wait":
        yield* report({ _tag: "Resumed", ref: task.next.run, because: "ref" })
        return { _tag: "Run", run: task.next.run }
      case "Stop":
        return { _tag: "NotStarted", evidence: settlement?.evidence ?? "no trigger was left to resolve" }
      case "Trigger":
        return yield* trigger(fleet, task, report)
    }
  })

type Settlement =
  | Exclude<Trigger.Resolution, { readonly _tag: "Ambiguous" }>
  | (Ending & { readonly _tag: "Indeterminate" })

/** Resolves the unsettled triggers. Returns the run that they started, that they started none, or that it is unknown. */
const settle = (fleet: AnyFleet, task: Task, report: Report): Effect.Effect<Settlement | undefined> =>
  Effect.gen(function* () {
    let settlement: Settlement | undefined
    for (const { intent } of task.unsettled) {
      yield* report({ _tag: "Settling" })
      const current: Settlement = yield* fleet.resolve(intent).pipe(
        Effect.tap((resolution) => report({ _tag: "Settled", resolution })),
        Effect.map(
          (resolution): Settlement =>
            resolution._tag === "Ambiguous" ? { _tag: "Indeterminate", intent, why: resolution.why } : resolution,
        ),
        Effect.catch((error) => Effect.succeed({ _tag: "Indeterminate" as const, intent, why: error.message })),
      )
      if (current._tag === "Indeterminate") return current
      if (current._tag === "Started" || settlement === undefined) settlement = current
    }
    return settlement
  })

const trigger = (fleet: AnyFleet, task: Task, report: Report): Effect.Effect<RunOrEnding> =>
  Effect.gen(function* () {
    yield* report({ _tag: "Triggering" })
    const result = yield* fleet.trigger(task.sync, task.settings?.trigger ?? { whenRunning: "fail" })
    if (result._tag === "Skipped") return { _tag: "Skipped" as const, running: result.running }
    yield* report({ _tag: "Triggered", result })
    return { _tag: "Run" as const, run: result.run }
  }).pipe(
    Effect.catchTags({
      RetlError: (error) => Effect.succeed({ _tag: "Refused" as const, error }),
      TriggerIndeterminate: ({ intent, why }) => Effect.succeed({ _tag: "Indeterminate" as const, intent, why }),
    }),
  )

const waitForEnd = (fleet: AnyFleet, { settings, next }: Task, ref: RunRef, report: Report): Effect.Effect<Ending> =>
  Effect.gen(function* () {
    // A resumed run is not cancelled: the process that triggered it was to do that.
    const canceller = yield* Effect.forkChild(
      next._tag === "Trigger" && settings?.cancelAfter !== undefined
        ? Effect.delay(cancel(fleet, ref, report), settings.cancelAfter)
        : Effect.void,
    )
    const { deadline, policy } = settings?.wait ?? {}
    let latest: Run | undefined
    yield* Stream.runForEach(fleet.watch(ref, deadline === undefined ? {} : { deadline }), (run) => {
      latest = run
      return report({ _tag: "Changed", run })
    })
    yield* Fiber.interrupt(canceller)
    const run = latest ?? (yield* fleet.get(ref))
    return { _tag: "Finished" as const, finished: { run, ...judge(run, policy) } }
  }).pipe(Effect.catch((error) => Effect.succeed({ _tag: "Unfinished" as const, ref, error })))

const cancel = (fleet: AnyFleet, ref: RunRef, report: Report): Effect.Effect<void> =>
  fleet.cancel(ref).pipe(
    Effect.flatMap((result) => report({ _tag: "CancelRequested", result })),
    Effect.catch((error) => report({ _tag: "CancelFailed", error })),
  )
