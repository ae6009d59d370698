/** What a trigger does while a run of its sync is under way, as `whenRunning` says. */
import * as Effect from "effect/Effect"
import { AlreadyRunning } from "../../model/Reason.ts"
import type { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Adopted, Guard, Skipped, WhenRunning } from "../../model/Trigger.ts"
import type { WorkspaceContext } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import { isUnderWay, newest } from "../runs/underWay.ts"
import type { Call } from "./call.ts"

/** The next attempt begins after this run; where no read shows it, after a pause. `error` ends the call otherwise. */
export interface AfterRun {
  readonly _tag: "AfterRun"
  readonly run: RunRef | undefined
  readonly error: RetlError
}

/** Ends an attempt during which a run is under way. `refusal`: the vendor refused the trigger because of it. */
export const end = (
  { error }: WorkspaceContext,
  whenRunning: WhenRunning,
  guard: Guard,
  run: RunRef | undefined,
  refusal?: RetlError,
): Effect.Effect<Skipped | Adopted | AfterRun, RetlError> => {
  const failure = () => {
    const reason = new AlreadyRunning({ ...(run && { run }) })
    return refusal === undefined ? error("start", reason) : refusal.with({ reason })
  }
  switch (whenRunning) {
    case "skip":
      return Effect.succeed({ _tag: "Skipped", because: "already-running", ...(run && { running: run }), guard })
    case "wait":
      return Effect.succeed({ _tag: "AfterRun", run, error: failure() })
    case "adopt":
      return run === undefined ? Effect.fail(failure()) : Effect.succeed(adopted(run, guard))
    case "fail":
      return Effect.fail(failure())
  }
}

const adopted = (run: RunRef, guard: Guard): Adopted => ({
  _tag: "Adopted",
  run,
  guard,
  because: "already-running",
  evidence: "it was under way when this call began",
})

/**
 * Finds the run for which the vendor refused the trigger, once reads show it. A caller who does not need the run is not
 * kept waiting for its name: one look is enough.
 */
export const find = (
  context: WorkspaceContext,
  { sync, request }: Pick<Call, "sync" | "request">,
): Effect.Effect<RunRef | undefined> => {
  const look = Effect.map(context.list(sync, {}, Priority.write), ({ runs }) => newest(runs.filter(isUnderWay))?.ref)
  return request.whenRunning === "fail" || request.whenRunning === "skip"
    ? Effect.orElseSucceed(look, () => undefined)
    : context.closing.until(RetryLoop.until(context.readLag, look, RetryLoop.steady))
}
