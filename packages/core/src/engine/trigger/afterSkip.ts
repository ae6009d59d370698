/**
 * What a call does whose trigger the vendor took, and whose run it never began, since another one was in the way. The
 * attempt is over, as after a refusal.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Finished } from "../../model/Outcome.ts"
import { AlreadyRunning } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { TriggerIndeterminate } from "../../model/Trigger.ts"
import type * as Wait from "../../model/Wait.ts"
import type { WorkspaceContext } from "../context.ts"
import type * as Waiting from "../poll/waiting.ts"
import type { Request } from "./call.ts"
import * as WhileRunning from "./whileRunning.ts"

type Failure = RetlError | TriggerIndeterminate | Wait.Unended

/** The call. */
interface Call {
  readonly sync: SyncRef
  readonly request: Request
  readonly wait: Wait.Options
  /** How long it waits for others. */
  readonly othersWithin: Duration.Duration
}

/**
 * Ends the call as `whenRunning` says: with the skipped run, with the run that was in the way, or with one new attempt after
 * that. A second skipped run ends it as busy.
 */
export const end = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  waiting: ReturnType<typeof Waiting.make>,
  { sync, request, wait, othersWithin }: Call,
  skipped: Finished,
  attempt: Effect.Effect<Finished, Failure>,
): Effect.fn.Return<Finished, Failure | Wait.OutcomeRejected> {
  if (request.whenRunning === "fail" || request.whenRunning === "skip") return yield* waiting.accept(skipped)
  const running = yield* WhileRunning.find(context, { sync, request })
  if (request.whenRunning === "adopt") {
    if (running === undefined) return yield* waiting.accept(skipped)
    return yield* Effect.flatMap(waiting.waitAs(running, wait, "adopted"), waiting.accept)
  }
  if (running !== undefined) yield* waiting.endWithin(running, othersWithin)
  const again = yield* attempt
  if (again.run.status !== "skipped") return yield* waiting.accept(again)
  return yield* context.error("start", new AlreadyRunning({ ...(running && { run: running }) }), "refused")
})
