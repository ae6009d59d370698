/** Cancellation: a look, one request, and a look afterwards where the request could not be aimed at the run. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Options, type Result } from "../../model/Cancel.ts"
import { Conflict } from "../../model/Reason.ts"
import type { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { isTerminal, type Run } from "../../model/Run.ts"
import type { WaitDeadlineExceeded } from "../../model/Wait.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Cancellation } from "../driverRequests.ts"
import type { Planner } from "../poll/planner.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Retry from "../retry.ts"
import * as Reading from "./reading.ts"
import { isUnderWay } from "./underWay.ts"

export const make = (context: WorkspaceContext, planner: Planner, { stops, request }: Cancellation) =>
  Effect.fn("Cancellation.cancel")(function* (
    runRef: RunRef,
    options: Options = {},
  ): Effect.fn.Return<Result, RetlError | WaitDeadlineExceeded> {
    const ref = yield* context.requireRun("cancel", runRef)
    const { confirmWithin } = yield* context.decodeInput("cancel", Options, options)
    const run = yield* Reading.get(context, ref, Priority.write)
    if (isTerminal(run.status)) return { _tag: "AlreadyFinished", run }
    if (stops === "sync") yield* isTheOneRunning(context, ref)

    const key = context.runKeyOf(ref)
    const wordBefore = context.cancelRequested.get(key)
    context.cancelRequested.set(key, run.vendorStatus)
    const answer = yield* request(ref).pipe(
      Effect.catchIf(
        ({ delivery }) => delivery === "unknown",
        (lost) => lookedUp(context, ref, lost),
      ),
      Effect.tapError(() =>
        Effect.sync(() => {
          if (wordBefore === undefined) context.cancelRequested.delete(key)
          else context.cancelRequested.set(key, wordBefore)
        }),
      ),
    )
    if (answer === "finished") {
      // What ended by itself was not cancelled by us.
      if (wordBefore === undefined) context.cancelRequested.delete(key)
      const ended = yield* Reading.get(context, ref, Priority.write)
      if (isTerminal(ended.status)) return { _tag: "AlreadyFinished", run: ended }
    }
    if (confirmWithin === undefined) return { _tag: "Requested", ref }
    const deadline = (yield* Clock.currentTimeMillis) + Duration.toMillis(Duration.fromInputUnsafe(confirmWithin))
    return { _tag: "Requested", ref, ended: yield* planner.wait(ref, deadline) }
  })

/**
 * The vendor stops whatever runs on the sync: asks only when that is this run and no other. A run that starts between
 * this look and the request is beyond our reach.
 */
const isTheOneRunning = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  ref: RunRef,
): Effect.fn.Return<void, RetlError> {
  const { runs } = yield* Reading.page(context, ref.sync, {}, Priority.write)
  const other = runs.find((run) => isUnderWay(run) && run.ref.run !== ref.run)
  if (other === undefined) return
  const text = `a stop would also stop run ${other.ref.run} of this sync, which is under way`
  return yield* context.error("cancel", new Conflict(), "not-sent", text)
})

/** The answer was lost. It is not requested again; the run shows whether it took effect. */
const lookedUp = (
  context: WorkspaceContext,
  ref: RunRef,
  lost: RetlError,
): Effect.Effect<"requested" | "finished", RetlError> =>
  Effect.flatMap(
    Retry.until(
      context.readLag,
      Effect.map(Reading.lookAt(context, ref, Priority.write), (run) => (isOver(run) ? true : undefined)),
      Retry.steady,
    ),
    (isRequested) => (isRequested === true ? Effect.succeed("requested" as const) : Effect.fail(lost)),
  )

/** Whether the vendor itself shows that the cancel took effect; our own memory of asking does not count. */
const isOver = (run: Run): boolean => isTerminal(run.status) || /cancel/i.test(run.vendorStatus)
