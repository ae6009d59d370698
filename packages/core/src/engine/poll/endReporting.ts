/** What operators see of the ends of runs, and of waits that stop before: metrics, and a log line for each end. */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { judge, type Policy } from "../../model/Outcome.ts"
import type { Run } from "../../model/Run.ts"
import * as Logging from "../../telemetry/logging.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import type { WorkspaceContext } from "../context.ts"

/** Leaves a wait as it is: its caller does not wait for a run of its own. */
export const unreported = <E>(wait: Effect.Effect<Run, E>, _since: number): Effect.Effect<Run, E> => wait

/** Reports how a wait ended that began, or whose run was accepted, at `since`, in epoch milliseconds. */
export const end =
  (context: WorkspaceContext, options: { readonly policy?: Policy }): typeof unreported =>
  (wait, since) =>
    Effect.onExit(wait, (exit) => {
      if (Exit.isSuccess(exit)) return ended(context, exit.value, since, options.policy)
      return Effect.flatMap(Clock.currentTimeMillis, (now) =>
        context.record("openretl.run.duration", Math.max(0, now - since) / 1_000, {
          "openretl.run.verdict": "none",
          "error.type": Tracing.errorTypeOf(exit.cause),
        }),
      )
    })

/** Reports the end of a run, unless this workspace has done so. */
export const ended = (context: WorkspaceContext, run: Run, since: number, policy?: Policy): Effect.Effect<void> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const key = context.runKeyOf(run.ref)
    if (context.reported.has(key)) return Effect.void
    context.reported.set(key, true)
    const { verdict } = judge(run, policy)
    const seconds = millisOf(run, since, now) / 1_000
    const rows = Tracing.rowsOf(run.rows)
    return Effect.all(
      [
        context.record("openretl.run.duration", seconds, { "openretl.run.verdict": verdict }),
        ...outcomes.flatMap((outcome) => {
          const count = rows[outcome]
          return count === undefined || count === 0
            ? []
            : [context.record("openretl.rows", count, { "openretl.rows.outcome": outcome })]
        }),
        Logging.info("A run has ended", {
          ...{ workspace: context.name, run: run.ref.toString(), status: run.status, verdict, seconds },
          ...rows,
        }),
      ],
      { discard: true },
    )
  })

const outcomes = ["succeeded", "failed", "unaccounted"] as const

/** Returns how long a run took: by the vendor's times where it reports both, else until now. */
const millisOf = ({ startedAt, finishedAt }: Run, since: number, now: number): number => {
  const from = startedAt === undefined ? since : DateTime.toEpochMillis(startedAt)
  return Math.max(0, (finishedAt === undefined ? now : DateTime.toEpochMillis(finishedAt)) - from)
}
