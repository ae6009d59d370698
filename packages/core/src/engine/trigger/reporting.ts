/** What operators see of a trigger, however it ends: its metric, its log lines, and the attributes of its call's span. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { RetlError } from "../../model/RetlError.ts"
import type { Result, TriggerIndeterminate } from "../../model/Trigger.ts"
import type { ValueOf } from "../../telemetry/attributes.ts"
import * as Logging from "../../telemetry/logging.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Call } from "./call.ts"

type TriggerResult = ValueOf<"openretl.trigger.result">

const results = {
  Started: "started",
  Adopted: "adopted",
  Joined: "joined",
  Remembered: "remembered",
  Skipped: "skipped",
} as const satisfies Record<Result["_tag"], TriggerResult>

/** Reports a trigger, unless it ended with something else than a trigger's result, as a look of `ensure`. */
export const trigger =
  (context: WorkspaceContext, call: Call) =>
  <A, E extends RetlError | TriggerIndeterminate>(attempts: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.onExit(attempts, (exit) => {
      if (Exit.isFailure(exit)) return report(context, call, resultOfFailure(exit), { cause: exit.cause })
      const ended = exit.value as Partial<Result> | null
      const result = ended?._tag && results[ended._tag]
      return result === undefined ? Effect.void : report(context, call, result, { ended: exit.value as Result & A })
    })

/** How a trigger ended. */
interface End {
  readonly ended?: Result
  readonly cause?: Cause.Cause<RetlError | TriggerIndeterminate>
}

const report = (
  { name: workspace, record }: WorkspaceContext,
  { sync, request }: Call,
  result: TriggerResult,
  { ended, cause }: End,
): Effect.Effect<void> => {
  const error = cause && Tracing.errorTypeOf(cause)
  const failure = cause && Option.getOrUndefined(Exit.findErrorOption(Exit.failCause(cause)))
  const entry = failure?._tag === "TriggerIndeterminate" ? failure.entry.id : undefined
  const run = ended && ("run" in ended ? ended.run : ended.running)?.toString()
  const because = ended && "because" in ended ? ended.because : undefined
  const guard = ended && "guard" in ended ? ended.guard : undefined
  return Effect.all(
    [
      record("openretl.triggers", 1, {
        "openretl.trigger.result": result,
        ...(error !== undefined && { "error.type": error }),
      }),
      Tracing.annotate(() => ({
        ...{ "openretl.trigger.result": result, "openretl.guard": guard, "openretl.key": request.key },
        ...{ "openretl.scope": request.scope },
      })),
      Logging.info("A trigger has ended", {
        ...{ workspace, sync: sync.toString(), result, run, guard, because, key: request.key, entry, error },
      }),
      ended?._tag === "Adopted" && run !== undefined
        ? Logging.info("A run was adopted", { workspace, run, because })
        : Effect.void,
      failure?._tag === "TriggerIndeterminate"
        ? Logging.warn("A trigger may have started a run: its entry stays open", {
            ...{ workspace, sync: sync.toString(), entry, candidates: failure.candidates.map(String) },
          })
        : Effect.void,
    ],
    { discard: true },
  )
}

const resultOfFailure = (exit: Exit.Failure<unknown, RetlError | TriggerIndeterminate>): TriggerResult => {
  const failure = Option.getOrUndefined(Exit.findErrorOption(exit))
  if (failure === undefined) return Tracing.errorTypeOf(exit.cause) === "interrupted" ? "interrupted" : "indeterminate"
  if (failure._tag === "TriggerIndeterminate" || failure.delivery === "unknown") return "indeterminate"
  return failure.delivery
}
