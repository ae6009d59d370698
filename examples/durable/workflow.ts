/**
 * A sync as a durable workflow: one step triggers its run, then steps look at the run, with durable sleeps between them. It
 * ends as `runs.run` does, and no process has to live for as long as the run.
 */

// #region workflow
import * as Check from "@openretl/core/Check"
import { Key } from "@openretl/core/JournalEntry"
import { Verdict } from "@openretl/core/Outcome"
import { RunRef, SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Rows } from "@openretl/core/Run"
import { Runs } from "@openretl/core/Runs"
import { OutcomeRejected, WaitDeadlineExceeded } from "@openretl/core/Wait"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Activity from "effect/workflow/Activity"
import * as DurableClock from "effect/workflow/DurableClock"
import * as Workflow from "effect/workflow/Workflow"

/** The engine stores what steps return and how they fail. A code and two sentences hold no row and no payload of the vendor. */
export class SyncFailed extends Schema.TaggedError<SyncFailed>()("SyncFailed", {
  code: Schema.String,
  summary: Schema.String,
  guidance: Schema.String,
}) {}

const toFailure = ({ code, summary, guidance }: Pick<RetlError, "code" | "summary" | "guidance">) =>
  new SyncFailed({ code, summary, guidance })

/** How the run ended. */
const Ended = Schema.TaggedStruct("Ended", { run: RunRef, verdict: Verdict, rows: Rows })

/** What a look leaves for the next one: when it is due, and the memory. */
const Again = Schema.TaggedStruct("Again", { lookAgainAt: Schema.Number, memory: Check.Memory })

export const SyncOnce = Workflow.make("SyncOnce", {
  payload: { sync: SyncRef, key: Key },
  success: Ended,
  error: SyncFailed,
  // One execution for each occasion. It does not make one run of it: the key of the trigger does.
  idempotencyKey: ({ sync, key }) => `${key} ${sync}`,
})

/** Triggers the run. The engine runs this step again after a kill: with the key, that leads to the same run. */
const trigger = Effect.fnUntraced(function* (sync: SyncRef, key: string) {
  yield* Console.log(`triggers ${key}`)
  const result = yield* (yield* Runs).trigger(sync, { key, whenRunning: "wait" })
  if (result._tag === "Skipped") return yield* Effect.die("a trigger that waits for a run under way skips nothing")
  yield* Console.log(`has run ${result.run.run}: ${result._tag}`)
  return result.run
}, Effect.mapError(toFailure))

/** Looks once. Trouble is no failure: `Unreachable` says when to look again, as `Running` does, and no layer retries on top. */
const look = Effect.fnUntraced(function* (ref: RunRef, memory: Check.Memory | undefined) {
  const checked = yield* (yield* Runs).check(ref, { deadline: "2 hours", ...(memory && { memory }) })
  yield* Console.log(`looks ${memory === undefined ? "for the first time" : "with its memory"}: ${checked._tag}`)
  switch (checked._tag) {
    case "Finished": {
      const { run, verdict, accepted } = checked
      if (!accepted) return yield* Effect.fail(new OutcomeRejected({ run, verdict }))
      return Ended.make({ run: ref, verdict, rows: run.rows })
    }
    case "Overdue": {
      const { run, deadline, error } = checked
      return yield* Effect.fail(
        new WaitDeadlineExceeded({ ref, deadline, ...(run && { run }), ...(error && { trouble: error }) }),
      )
    }
    default:
      return Again.make({ lookAgainAt: DateTime.toEpochMillis(checked.lookAgainAt), memory: checked.memory })
  }
}, Effect.mapError(toFailure))

export const SyncOnceLayer = SyncOnce.toLayer(
  Effect.fnUntraced(function* ({ sync, key }) {
    const run = yield* Activity.make({
      name: "trigger",
      success: RunRef,
      error: SyncFailed,
      execute: trigger(sync, key),
    })
    let memory: Check.Memory | undefined
    for (let number = 1; ; number++) {
      const looked = yield* Activity.make({
        name: `look ${number}`,
        success: Schema.Union([Again, Ended]),
        error: SyncFailed,
        execute: look(run, memory),
      })
      if (looked._tag === "Ended") return looked
      memory = looked.memory
      yield* DurableClock.sleep({
        name: `until look ${number + 1}`,
        duration: Math.max(0, looked.lookAgainAt - (yield* Clock.currentTimeMillis)),
        // Each sleep is stored, however short: the process may end meanwhile.
        inMemoryThreshold: 0,
      })
    }
  }),
)
// #endregion
