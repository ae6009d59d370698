/** One sync from its trigger, or from a run that was triggered before, to the verdict. */
import type { IntentRecord } from "@openretl/core/IntentStore"
import { judge } from "@openretl/core/Outcome"
import type { RunRef, SyncRef } from "@openretl/core/Ref"
import type { Run } from "@openretl/core/Run"
import type * as Trigger from "@openretl/core/Trigger"
import { Effect, Fiber, Stream } from "effect"
import type { AnyFleet, Sync } from "./config.ts"
import type { Ending, Happening } from "./event.ts"

/** What is to be done for one sync. */
export interface Task {
  /** Unique among the tasks. */
  readonly name: string
  readonly sync: SyncRef
  /** What the file says about the sync; absent for a ref of a sync that it does not have. */
  readonly settings: Sync | undefined
  /** Triggers that an earlier process left unsettled: they are looked up first, so that nothing is triggered twice. */
  readonly left: ReadonlyArray<IntentRecord>
  /** What follows then: a trigger, waiting for a run, or nothing. */
  readonly next:
    | { readonly _tag: "Trigger" }
    | { readonly _tag: "Wait"; readonly run: RunRef }
    | { readonly _tag: "Stop" }
}

/** Hears of everything that happens to a task. */
export type Report = (happening: Happening) => Effect.Effect<void>

export const follow = (fleet: AnyFleet, task: Task, report: Report): Effect.Effect<Ending> =>
  Effect.gen(function* () {
    const began = yield* begin(fleet, task, report)
    const ending = began._tag === "Run" ? yield* awaitEnd(fleet, task, began.run, report) : began
    yield* report({ _tag: "Ended", ending })
    return ending
  })

type Began = { readonly _tag: "Run"; readonly run: RunRef } | Ending

const begin = (fleet: AnyFleet, task: Task, report: Report): Effect.Effect<Began> =>
  Effect.gen(function* () {
    const settled = yield* settle(fleet, task, report)
    if (settled?._tag === "Started") {
      yield* report({ _tag: "Resumed", ref: settled.run, because: "intent" })
      return { _tag: "Run", run: settled.run }
    }
    if (settled?._tag === "Indeterminate") return settled
    switch (task.next._tag) {
      case "Wait":
        yield* report({ _tag: "Resumed", ref: task.next.run, because: "ref" })
        return { _tag: "Run", run: task.next.run }
      case "Stop":
        return { _tag: "NotStarted", evidence: settled?.evidence ?? "nothing was left to look up" }
      case "Trigger":
        return yield* trigger(fleet, task, report)
    }
  })

type Settled =
  | Exclude<Trigger.Resolution, { readonly _tag: "Ambiguous" }>
  | (Ending & { readonly _tag: "Indeterminate" })

/** What became of the triggers that were left: a run to wait for, none, or nobody knows. */
const settle = (fleet: AnyFleet, task: Task, report: Report): Effect.Effect<Settled | undefined> =>
  Effect.gen(function* () {
    let last: Settled | undefined
    for (const { intent } of task.left) {
      yield* report({ _tag: "Settling" })
      const found: Settled = yield* fleet.resolve(intent).pipe(
        Effect.tap((resolution) => report({ _tag: "Settled", resolution })),
        Effect.map(
          (resolution): Settled =>
            resolution._tag === "Ambiguous" ? { _tag: "Indeterminate", intent, why: resolution.why } : resolution,
        ),
        Effect.catch((error) => Effect.succeed({ _tag: "Indeterminate" as const, intent, why: error.message })),
      )
      if (found._tag === "Indeterminate") return found
      if (found._tag === "Started" || last === undefined) last = found
    }
    return last
  })

const trigger = (fleet: AnyFleet, task: Task, report: Report): Effect.Effect<Began> =>
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

const awaitEnd = (fleet: AnyFleet, { settings, next }: Task, ref: RunRef, report: Report): Effect.Effect<Ending> =>
  Effect.gen(function* () {
    // A resumed run was triggered elsewhere: the process that did so had the cancelling of it, too.
    const canceller = yield* Effect.forkChild(
      next._tag === "Trigger" && settings?.cancelAfter !== undefined
        ? Effect.delay(cancel(fleet, ref, report), settings.cancelAfter)
        : Effect.void,
    )
    const { deadline, policy } = settings?.wait ?? {}
    let seen: Run | undefined
    yield* Stream.runForEach(fleet.watch(ref, deadline === undefined ? {} : { deadline }), (run) => {
      seen = run
      return report({ _tag: "Changed", run })
    })
    yield* Fiber.interrupt(canceller)
    const run = seen ?? (yield* fleet.get(ref))
    return { _tag: "Finished" as const, finished: { run, ...judge(run, policy) } }
  }).pipe(Effect.catch((error) => Effect.succeed({ _tag: "Unfinished" as const, ref, error })))

const cancel = (fleet: AnyFleet, ref: RunRef, report: Report): Effect.Effect<void> =>
  fleet.cancel(ref).pipe(
    Effect.flatMap((result) => report({ _tag: "CancelAsked", result })),
    Effect.catch((error) => report({ _tag: "CancelFailed", error })),
  )
