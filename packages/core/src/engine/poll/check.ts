/**
 * Checks: one look at a run, which never sleeps, for callers that sleep by themselves.
 *
 * Order of things: the memory becomes what a wait knows of its run (`polling.ts`); then comes one look; the step after it
 * becomes the result, with a new memory. So checks at the times that they name send the requests that a wait would send,
 * whichever process each of them runs in.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Check from "../../model/Check.ts"
import * as Input from "../../model/Input.ts"
import { judge } from "../../model/Outcome.ts"
import { InvalidRequest } from "../../model/Reason.ts"
import type { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { Run } from "../../model/Run.ts"
import type { Unended, WaitDeadlineExceeded } from "../../model/Wait.ts"
import type { WorkspaceContext } from "../context.ts"
import { AtOnce } from "../rate-limit/rateLimit.ts"
import * as Ends from "../trigger/ends.ts"
import * as Verify from "../verify.ts"
import { ended } from "./endReporting.ts"
import * as Lengths from "./lengths.ts"
import { lastLookMillis } from "./planner.ts"
import * as Polling from "./polling.ts"
import * as Reporting from "./pollReporting.ts"
import { deadlineOf, limitsOf } from "./waiting.ts"

type Overdue = Extract<Check.Checked, { readonly _tag: "Overdue" }>

export const make = (context: WorkspaceContext) =>
  Effect.fnUntraced(function* (
    runRef: RunRef,
    checkOptions: Check.Options = {},
  ): Effect.fn.Return<Check.Checked, RetlError | Exclude<Unended, WaitDeadlineExceeded>> {
    const ref = yield* context.requireRun("check", runRef)
    const options = yield* context.decodeInput("check", Check.Options, withoutOtherEdition(checkOptions))
    const from = yield* Clock.currentTimeMillis
    const watched = yield* recall(context, ref, options.memory, from)
    const deadline = deadlineOf(watched.since, options.deadline)
    const looked = Reporting.poll(context)(Polling.look(context, [watched], from))
    const observed = yield* Effect.provideService(looked, AtOnce, true)
    const now = yield* Clock.currentTimeMillis
    const known = { ...watched, lengths: watched.lengths ?? observed.lengths }
    const observation = observed.observations.get(ref.run) ?? { _tag: "NotYet" }
    const isLate = deadline <= from
    const delay = Reporting.detectionDelay(watched, undefined, observation, now)
    if (delay !== undefined) yield* context.record("openretl.detection.delay", delay, {})

    const overdue = (run: Run | undefined, error: RetlError | undefined) =>
      Verify.present<Overdue>({ _tag: "Overdue", ref, run, deadline: DateTime.makeUnsafe(deadline), error })
    const next = (watched: Polling.Watched, at: number) => ({
      lookAgainAt: DateTime.makeUnsafe(at),
      memory: memoryOf(context, watched, now),
    })
    const finished = (run: Run): Effect.Effect<Check.Checked> =>
      Effect.andThen(Ends.record(context, run), ended(context, run, watched.since, options.policy)).pipe(
        Effect.as({ _tag: "Finished", run, ...judge(run, options.policy) }),
      )

    // Nothing was sent: this says nothing about the run.
    const ungranted =
      observation._tag === "Failed" && Polling.wasNotGranted(observation.error) ? observation.error : undefined
    if (ungranted !== undefined) {
      const { run } = known
      const lastAt = deadline + lastLookMillis
      if (lastAt <= from) {
        return run && known.endedSince !== undefined ? yield* finished(run) : overdue(run, ungranted)
      }
      const at = now + Math.max(1_000, Polling.demandedPause(ungranted))
      return { _tag: "Unreachable", error: ungranted, ...next(known, Math.min(at, lastAt)) }
    }

    const step = Polling.next(context.rules, known, observation, now)
    if (step.watched.isSlow && !known.isSlow) yield* Polling.reportSlow(step.watched, now)
    const { run, trouble } = step.watched
    if (step._tag === "End") return yield* finished(yield* step.exit)
    if (step._tag === "Settling") {
      const isTaken = isLate || !judge(step.run, options.policy).accepted
      if (isTaken) return yield* finished(step.run)
      return { _tag: "Settling", run: step.run, ...next(step.watched, Math.min(step.at, deadline)) }
    }
    if (isLate) return overdue(run, trouble?.error)
    const limits = limitsOf(options)
    const over = Polling.endOf(step.watched, limits, now)
    if (over !== undefined) return yield* over
    const again = next(step.watched, Math.min(step.at, deadline, Polling.limitAt(step.watched, limits)))
    if (observation._tag === "Seen" && run !== undefined) {
      return { _tag: "Running", run, slow: step.watched.isSlow, ...again }
    }
    return trouble?.error === undefined
      ? { _tag: "NotVisibleYet", ...again }
      : { _tag: "Unreachable", error: trouble.error, ...again }
  })

/** A memory of another edition counts as none: its check begins anew. */
const withoutOtherEdition = (options: Check.Options): Check.Options => {
  const edition = Input.field(Input.field(options, "memory"), "edition")
  return Number.isSafeInteger(edition) && edition !== Check.edition ? Input.take(options, "memory")[1] : options
}

/** Returns what a memory knows of a run. Fails where it is of another run. */
const recall = (
  context: WorkspaceContext,
  ref: RunRef,
  memory: Check.Memory | undefined,
  now: number,
): Effect.Effect<Polling.Watched, RetlError> => {
  const begun = Polling.watch(ref, memory?.lengths ?? Lengths.known(context, ref.sync), now)
  if (memory === undefined) return Effect.succeed(begun)
  if (memory.run !== context.runKeyOf(ref)) {
    const message = "Expected the memory of a check of this run"
    return Effect.fail(context.error("check", new InvalidRequest({ issues: [{ path: ["memory", "run"], message }] })))
  }
  const { edition: _, seen, troubleSince, slow, ...known } = memory
  const remembered: Polling.Watched = {
    ...{ ...begun, ...known },
    // Where the time of acceptance is not known, or in the future by this clock, the run is as old as the first check.
    since: begun.since < now ? begun.since : memory.since,
    run: seen && recalledRun(ref, seen),
    seenAt: seen?.at,
    trouble: troubleSince === undefined ? undefined : { since: troubleSince, error: undefined },
    isSlow: slow,
  }
  // The clock of this check may be behind that of the last one.
  return Effect.succeed(Polling.upTo(remembered, now))
}

const recalledRun = (ref: RunRef, { at: _, startedAt, ...seen }: NonNullable<Check.Memory["seen"]>): Run =>
  new Run({
    ...{ ...seen, ref, native: undefined },
    ...(startedAt !== undefined && { startedAt: DateTime.makeUnsafe(startedAt) }),
  })

/** Returns what a check remembers. */
const memoryOf = (context: WorkspaceContext, watched: Polling.Watched, now: number): Check.Memory => {
  const { ref, run, seenAt = now, trouble, isSlow: slow, ...known } = watched
  return Verify.present<Check.Memory>({
    ...{ ...known, edition: Check.edition, run: context.runKeyOf(ref), slow, troubleSince: trouble?.since },
    seen: run && seenOf(run, seenAt),
  })
}

const seenOf = ({ status, vendorStatus, startedAt, rows }: Run, at: number) =>
  Verify.present<NonNullable<Check.Memory["seen"]>>({
    ...{ at, status, vendorStatus, rows },
    startedAt: startedAt && DateTime.toEpochMillis(startedAt),
  })
