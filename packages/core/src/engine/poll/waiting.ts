/**
 * Waiting for a run to end, and judging its end.
 *
 * Order of things: decode the ref and the options, and compute the deadline. Where that has passed, read the run once.
 * Otherwise the planner (`planner.ts`) polls the run when it is due (`dueHeap.ts`), and each poll decides what follows
 * (`polling.ts`). Then the policy judges the run.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { type Finished, judge } from "../../model/Outcome.ts"
import type { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { isTerminal, type Run } from "../../model/Run.ts"
import type { How } from "../../model/Trigger.ts"
import {
  defaultDeadline,
  defaultUnknownWithin,
  Options,
  OutcomeRejected,
  type Unended,
  WaitDeadlineExceeded,
  WaitNotStarted,
  WaitStatusUnknown,
} from "../../model/Wait.ts"
import type { WorkspaceContext } from "../context.ts"
import { aboutRef } from "../errors.ts"
import { observedStream } from "../observing.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Reading from "../runs/reading.ts"
import * as Ends from "../trigger/ends.ts"
import * as Verify from "../verify.ts"
import * as Reporting from "./endReporting.ts"
import type { Bounds, Planner } from "./planner.ts"
import * as Polling from "./polling.ts"

type WatchOptions = Omit<Options, "policy">

type WaitFailure = RetlError | Unended

export const make = (context: WorkspaceContext, planner: Planner) => {
  /**
   * Waits for a run to end; for one that the caller accepts, until its counts have settled. Calls `onChange` with the run as
   * it is first seen, at every change, and at its end.
   */
  const untilEnd = Effect.fnUntraced(function* (
    runRef: RunRef,
    waitOptions: Options,
    accepts: Bounds["accepts"],
    report: typeof Reporting.unreported,
    onChange?: (run: Run) => void,
  ): Effect.fn.Return<Run, WaitFailure> {
    const ref = yield* context.requireRun("wait", runRef)
    const options = yield* context.decodeInput("wait", Options, waitOptions)
    const now = yield* Clock.currentTimeMillis
    const since = Polling.since(ref, now)
    const deadline = deadlineOf(since, options.deadline)
    const bounds = { deadline, accepts, ...limitsOf(options) }
    const ended = deadline > now ? planner.wait(ref, bounds, onChange) : lastRead(ref, deadline, onChange)
    return yield* report(
      Effect.tap(ended, (run) => Ends.record(context, run)),
      since,
    )
  })

  /** Reads a run once, although the deadline has passed: it may have ended before that. */
  const lastRead = (
    ref: RunRef,
    deadline: number,
    onChange?: (run: Run) => void,
  ): Effect.Effect<Run, RetlError | WaitDeadlineExceeded> =>
    Effect.flatMap(Reading.get(context, ref, Priority.read), (run) => {
      onChange?.(run)
      return isTerminal(run.status)
        ? Effect.succeed(run)
        : Effect.fail(new WaitDeadlineExceeded({ ref, run, deadline: DateTime.makeUnsafe(deadline) }))
    })

  /** Waits for a run to end, at most for so long from now. */
  const endWithin = (ref: RunRef, within: Duration.Duration): Effect.Effect<Run, WaitFailure> =>
    Effect.flatMap(DateTime.now, (now) =>
      untilEnd(
        ref,
        { deadline: DateTime.addDuration(now, within), unknownWithin: within },
        () => false,
        Reporting.unreported,
      ),
    )

  const wait = (ref: RunRef, options: Options = {}): Effect.Effect<Finished, WaitFailure> =>
    untilEnd(ref, options, (run) => judge(run, options.policy).accepted, Reporting.end(context, options)).pipe(
      Effect.map((run) => ({ run, ...judge(run, options.policy) })),
    )

  /**
   * As `wait`, for a run that a trigger led to: its errors name the run, and how the call came to it, and the journal
   * learns of its end.
   */
  const waitAs = (ref: RunRef, options: Options, how: How): Effect.Effect<Finished, WaitFailure> =>
    wait(ref, options).pipe(
      Effect.map((finished): Finished => ({ ...finished, how })),
      Effect.mapError((error) => (error._tag === "RetlError" ? error.with({ run: ref, how }) : withHow(error, how))),
    )

  /** Fails with `OutcomeRejected` where the policy does not accept the outcome. */
  const accept = (finished: Finished): Effect.Effect<Finished, OutcomeRejected> => {
    const { run, verdict, accepted, how } = finished
    return accepted ? Effect.succeed(finished) : Effect.fail(new OutcomeRejected(Verify.present({ run, verdict, how })))
  }

  const watch = (ref: RunRef, options: WatchOptions = {}): Stream.Stream<Run, WaitFailure> =>
    Stream.callback<Run, WaitFailure>((queue) =>
      untilEnd(
        ref,
        options,
        () => true,
        Reporting.end(context, {}),
        (run) => void Queue.offerUnsafe(queue, run),
      ).pipe(
        Effect.andThen(Queue.end(queue)),
        Effect.catch((error) => Queue.fail(queue, aboutRef(ref)(error))),
      ),
    ).pipe(observedStream(context, "Runs.watch", "watch", ref))

  return { endWithin, wait, waitAs, watch, accept }
}

const millis = (within: Duration.Input | undefined): number =>
  within === undefined ? Number.POSITIVE_INFINITY : Duration.toMillis(Duration.fromInputUnsafe(within))

/** Returns what a caller bears. */
export const limitsOf = ({ patience, unknownWithin = defaultUnknownWithin, startWithin }: Options) => ({
  patience: millis(patience),
  unknownWithin: millis(unknownWithin),
  startWithin: millis(startWithin),
})

const withHow = (error: Unended, how: How): Unended => {
  switch (error._tag) {
    case "WaitDeadlineExceeded":
      return new WaitDeadlineExceeded({ ...error, how })
    case "WaitStatusUnknown":
      return new WaitStatusUnknown({ ...error, how })
    case "WaitNotStarted":
      return new WaitNotStarted({ ...error, how })
  }
}

/**
 * Returns the deadline in epoch milliseconds. A duration counts from the beginning of the watch, which is the time of
 * acceptance where the ref has one: so a resumed wait keeps its deadline.
 */
export const deadlineOf = (since: number, deadline: Options["deadline"] = defaultDeadline): number => {
  if (DateTime.isDateTime(deadline)) return DateTime.toEpochMillis(deadline)
  if (deadline instanceof Date) return deadline.getTime()
  return since + Duration.toMillis(Duration.fromInputUnsafe(deadline))
}
