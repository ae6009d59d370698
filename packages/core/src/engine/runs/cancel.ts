/** Cancelling a run: a read, one request and, where the caller wants it or the answer is lost, more reads. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Options, type Result } from "../../model/Cancel.ts"
import { Conflict } from "../../model/Reason.ts"
import type { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { isTerminal, type Run } from "../../model/Run.ts"
import type { WaitDeadlineExceeded } from "../../model/Wait.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Cancellation } from "../driverRequests.ts"
import { observed } from "../observing.ts"
import * as Planner from "../poll/planner.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import * as Reading from "./reading.ts"
import { isUnderWay } from "./underWay.ts"

/** Returns the function that cancels a run. */
export const make = (context: WorkspaceContext, planner: Planner.Planner, cancellation: Cancellation) =>
  Effect.fn("Cancellation.cancel")(
    function* (runRef: RunRef, options: Options = {}): Effect.fn.Return<Result, RetlError | WaitDeadlineExceeded> {
      const ref = yield* context.requireRun("cancel", runRef)
      const { confirmWithin } = yield* context.decodeInput("cancel", Options, options)
      const ended = yield* context.rateLimit.whileOpen(cancel(context, cancellation, ref))
      if (ended !== undefined) return { _tag: "AlreadyFinished", run: ended }
      const { undelivered } = cancellation
      if (confirmWithin === undefined) return { _tag: "Requested", ref, undelivered }
      const deadline = (yield* Clock.currentTimeMillis) + Duration.toMillis(Duration.fromInputUnsafe(confirmWithin))
      const untilEnd = planner.wait(ref, Planner.until(deadline))
      const confirmed = yield* Effect.catchTag(untilEnd, ["WaitStatusUnknown", "WaitNotStarted"], Effect.die)
      return { _tag: "Requested", ref, undelivered, ended: confirmed }
    },
    observed(context)("Cancellation.cancel", "cancel"),
  )

/** Reads the run and requests its cancel. Returns the run where it has ended by itself. */
const cancel = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  cancellation: Cancellation,
  ref: RunRef,
): Effect.fn.Return<Run | undefined, RetlError> {
  const run = yield* Reading.get(context, ref, Priority.write)
  if (isTerminal(run.status)) return run
  if (cancellation.stops === "sync") yield* requireOnlyRun(context, ref)
  return yield* request(context, cancellation, ref, run.vendorStatus)
})

/**
 * Fails with `Conflict` where another run of the sync is under way: the vendor would stop it too. It cannot exclude a
 * run that starts between this read and the request.
 */
const requireOnlyRun = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  ref: RunRef,
): Effect.fn.Return<void, RetlError> {
  const { runs } = yield* Reading.page(context, ref.sync, {}, Priority.write)
  const other = runs.find((run) => isUnderWay(run) && run.ref.run !== ref.run)
  if (other === undefined) return
  const text = `a stop would also stop run ${other.ref.run} of this sync, which is under way`
  return yield* context.error("cancel", new Conflict(), "not-sent", text)
})

/**
 * Requests the cancel once, and remembers it with the vendor's word for the run, so that the run does not count as
 * failed. Returns the run where it has ended by itself.
 */
const request = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  cancellation: Cancellation,
  ref: RunRef,
  vendorStatus: string,
): Effect.fn.Return<Run | undefined, RetlError> {
  const key = context.runKeyOf(ref)
  const wordBefore = context.cancelRequested.get(key)
  context.cancelRequested.set(key, vendorStatus)
  const answer = yield* cancellation.request(ref).pipe(
    Effect.catchIf(
      ({ delivery }) => delivery === "unknown",
      (error) => lookUp(context, ref, error),
    ),
    Effect.tapError(() =>
      Effect.sync(() => {
        if (wordBefore === undefined) context.cancelRequested.delete(key)
        else context.cancelRequested.set(key, wordBefore)
      }),
    ),
  )
  if (answer === "requested") return undefined
  // The run ended by itself: this cancel did not stop it.
  if (wordBefore === undefined) context.cancelRequested.delete(key)
  const endOf = Effect.map(Reading.readOnce(context, ref, Priority.write), (run) =>
    mayHaveEnded(run) ? run : undefined,
  )
  const ended = yield* RetryLoop.until(context.readLag, endOf, RetryLoop.steady)
  if (ended !== undefined || wordBefore !== undefined) return ended
  // Where the looks failed, this one says why.
  const { status } = yield* Reading.get(context, ref, Priority.write)
  const text = `the vendor answers that the run has ended, and shows it as ${status}`
  return yield* context.error("cancel", new Conflict(), "refused", text)
})

/** No read contradicts the vendor's answer where its word for the run is none that core knows. */
const mayHaveEnded = ({ status }: Run): boolean => isTerminal(status) || status === "unknown"

/** Looks up a cancel whose answer was lost, without a second request. Fails with `error` where the run goes on. */
const lookUp = (
  context: WorkspaceContext,
  ref: RunRef,
  error: RetlError,
): Effect.Effect<"requested" | "finished", RetlError> =>
  Effect.flatMap(
    RetryLoop.until(
      context.readLag,
      Effect.map(Reading.readOnce(context, ref, Priority.write), (run) => (hasTakenEffect(run) ? true : undefined)),
      RetryLoop.steady,
    ),
    (isRequested) => (isRequested === true ? Effect.succeed("requested" as const) : Effect.fail(error)),
  ).pipe(Tracing.lookUp(context))

/**
 * Returns whether the vendor itself shows that the cancel took effect; that this process requested it does not count.
 */
const hasTakenEffect = (run: Run): boolean => isTerminal(run.status) || /cancel/i.test(run.vendorStatus)
