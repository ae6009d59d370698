/** Cancellation: a look, one request, and a look afterwards where the request could not be aimed at the run. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Options, Result } from "../../Cancellation.ts"
import type { Driver } from "../../driver/Driver.ts"
import { duration } from "../../model/durations.ts"
import * as Reader from "../../model/Reader.ts"
import { Conflict } from "../../model/Reason.ts"
import type { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { isTerminal, type Run } from "../../model/Run.ts"
import type { WaitDeadlineExceeded } from "../../model/Wait.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Planner } from "../poll/planner.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Fence from "../trigger/fence.ts"
import * as Reading from "./reading.ts"

export const make = (context: WorkspaceContext, planner: Planner, cancellation: NonNullable<Driver["cancellation"]>) =>
  Effect.fn("Cancellation.cancel")(function* (
    asked: RunRef,
    options: Options = {},
  ): Effect.fn.Return<Result, RetlError | WaitDeadlineExceeded> {
    const ref = yield* context.requireRun("cancel", asked)
    const { confirmWithin } = yield* context.decodeInput("cancel", cancelOptions, options)
    const run = yield* Reading.get(context, ref, Priority.write)
    if (isTerminal(run.status)) return { _tag: "AlreadyFinished", run }
    if (cancellation.stops === "sync") yield* isTheOneRunning(context, ref)

    const askedBefore = context.cancelRequested.get(ref.key)
    context.cancelRequested.set(ref.key, run.vendorStatus)
    const answer = yield* cancellation.cancel(ref.sync.ids, ref.run).pipe(
      context.rateLimit.within("cancel", Priority.write),
      Effect.catchIf(
        ({ delivery }) => delivery === "unknown",
        (lost) => lookedUp(context, ref, lost),
      ),
      Effect.tapError(() =>
        Effect.sync(() => {
          if (askedBefore === undefined) context.cancelRequested.delete(ref.key)
          else context.cancelRequested.set(ref.key, askedBefore)
        }),
      ),
    )
    if (answer === "finished") {
      // What ended by itself was not cancelled by us.
      if (askedBefore === undefined) context.cancelRequested.delete(ref.key)
      const ended = yield* Reading.get(context, ref, Priority.write)
      if (isTerminal(ended.status)) return { _tag: "AlreadyFinished", run: ended }
    }
    if (confirmWithin === undefined) return { _tag: "Requested", ref }
    const deadline = (yield* Clock.currentTimeMillis) + Duration.toMillis(Duration.fromInputUnsafe(confirmWithin))
    return { _tag: "Requested", ref, ended: yield* planner.wait(ref, deadline) }
  })

const cancelOptions = Reader.struct({ confirmWithin: Reader.optional(duration) })

/**
 * The vendor stops whatever runs on the sync: asks only when that is this run and no other. A run that starts between
 * this look and the request is beyond our reach.
 */
const isTheOneRunning = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  ref: RunRef,
): Effect.fn.Return<void, RetlError> {
  const { runs } = yield* Reading.page(context, ref.sync, {}, Priority.write)
  const other = runs.find((run) => Fence.isUnderWay(run) && run.ref.run !== ref.run)
  if (other === undefined) return
  const text = `a stop would also stop run ${other.ref.run} of this sync, which is under way`
  return yield* context.error("cancel", new Conflict(), "not-sent", text)
})

/** The answer was lost. It is not asked again; whether it worked shows in the run. */
const lookedUp = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  ref: RunRef,
  lost: RetlError,
): Effect.fn.Return<"requested" | "finished", RetlError> {
  const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(context.readLag)
  while (true) {
    const seen = yield* Effect.result(Reading.lookAt(context, ref, Priority.write))
    if (seen._tag === "Success" && isOver(seen.success)) return "requested"
    if ((yield* Clock.currentTimeMillis) >= until) return yield* lost
    yield* Effect.sleep("2 seconds")
  }
})

/** Whether the vendor itself shows that the cancel took effect; our own memory of asking does not count. */
const isOver = (run: Run): boolean => isTerminal(run.status) || /cancel/i.test(run.vendorStatus)
