/**
 * Making the data of a sync fresh: by a run that was there, a run under way, or a trigger of its own, whichever does.
 *
 * Order of things:
 *
 * 1. The course of a trigger (`trigger/course.ts`) takes turn and lease, settles what is open at the sync, and looks: it
 *    reads the facts (`facts.ts`) and judges them (`judge.ts`).
 *    - Fresh: that is the result.
 *    - A run under way: the course ends, and gives turn and lease back.
 *    - Else the course goes on to its trigger. Where a run is quicker, it looks again.
 * 2. A run under way is waited for, outside the course. One that is fresh once it is accepted, and is, is the result. After
 *    any other end, the call begins again.
 * 3. Its own run is waited for, and is the result where the policy accepts it.
 *
 * A call triggers at most once: its own run ends it. So does a run whose trigger the journal marked since this call began:
 * calls at the same time share one trigger, however its run ends, and whether or not the vendor answered with it.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Struct from "effect/Struct"
import { EnsureOptions, pointMillis, problems } from "../../model/EnsureOptions.ts"
import type { Fresh } from "../../model/Freshness.ts"
import { type Finished, judge as judgeRun } from "../../model/Outcome.ts"
import { InvalidRequest, Stopped } from "../../model/Reason.ts"
import type { RunRef, SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Scope } from "../../model/Scope.ts"
import { defaultTurnWithin, type TriggerIndeterminate } from "../../model/Trigger.ts"
import * as Wait from "../../model/Wait.ts"
import type { WorkspaceContext } from "../context.ts"
import type * as Waiting from "../poll/waiting.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Reading from "../runs/reading.ts"
import * as Claims from "../trigger/claims.ts"
import type { Course, Look } from "../trigger/course.ts"
import { instant } from "../trigger/elapsed.ts"
import * as Facts from "./facts.ts"
import { type Bounds, isDecided, type Journaled, judge, type Facts as Known, type UnderWay, underWay } from "./judge.ts"

/** What ends a look: the data are fresh, or a run is under way. */
type Looked = Fresh | RunUnderWay

interface RunUnderWay extends UnderWay {
  readonly _tag: "UnderWay"
  /** Whether its trigger was marked since the call began: its end is that of the call. */
  readonly isShared: boolean
}

type Failure = RetlError | TriggerIndeterminate | Wait.Unended | Wait.OutcomeRejected

const operation = "ensure"

const millis = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration))

/** The last point in time that a date can have, in epoch milliseconds. */
const endOfTime = 8.64e15

/** Returns the epoch milliseconds of a call's deadline. */
const deadlineOf = (deadline: EnsureOptions["deadline"] = Wait.defaultDeadline, now: number): number =>
  DateTime.isDateTime(deadline) || deadline instanceof Date
    ? pointMillis(deadline)
    : Math.min(endOfTime, now + millis(deadline))

/** Returns the function that makes the data of a sync fresh, with runs of a scope. */
export const make = (context: WorkspaceContext, course: Course, waiting: ReturnType<typeof Waiting.make>) =>
  Effect.fnUntraced(function* (
    ref: SyncRef,
    input: EnsureOptions,
    scope: Scope | undefined,
  ): Effect.fn.Return<Finished, Failure> {
    const start = yield* instant
    const sync = yield* context.requireSync(operation, ref)
    const issues = problems(input, start.wall)
    if (issues.length > 0) return yield* context.error(operation, new InvalidRequest({ issues }))
    const options = yield* context.decodeInput(operation, EnsureOptions, input)
    const { policy, freshSince, maxAge = 0, turnWithin = defaultTurnWithin } = options
    const deadline = deadlineOf(options.deadline, start.wall)
    const wait: Wait.Options = {
      ...Struct.pick(options, ["policy", "patience", "unknownWithin", "startWithin"]),
      deadline: DateTime.makeUnsafe(deadline),
    }
    const age = freshSince === undefined ? millis(maxAge) : start.wall - pointMillis(freshSince)
    const ended = new Set<string>()
    let hasSkipped = false

    const look = lookOf(context, sync, { age, deadline, ended, policy, startedAt: start.monotonic })
    while (true) {
      const left = Math.max(0, deadline - (yield* instant).wall)
      const result = yield* course.ensure(
        sync,
        {
          ...Struct.pick(options, ["exclusive", "whenOpen", "whenUnseen", "whenPaused"]),
          ...{ scope, whenRunning: "wait", turnWithin: Math.min(millis(turnWithin), left) },
        },
        look,
      )
      switch (result._tag) {
        case "Fresh":
          return { run: result.run, ...judgeRun(result.run, policy), how: "fresh", age: result.age }
        case "UnderWay": {
          const { run, isFresh, isShared, isMissing } = result
          const finished = yield* Effect.catchIf(
            isFresh ? waiting.waitAs(run.ref, wait, "joined") : waiting.wait(run.ref, wait),
            (error) => isMissing && error._tag === "RetlError" && error.reason._tag === "NotFound",
            () => Effect.undefined,
          )
          const isResult = finished?.accepted || (isShared && finished?.run.status !== "skipped")
          if (finished !== undefined && isFresh && isResult) return yield* waiting.accept(finished)
          ended.add(run.ref.run)
          break
        }
        case "Started":
        case "Adopted": {
          const how = result._tag === "Started" ? "started" : "adopted"
          const finished = yield* waiting.waitAs(result.run, wait, how)
          // The vendor never began it, since a run was in the way: the call looks again, once.
          if (finished.run.status !== "skipped" || hasSkipped) return yield* waiting.accept(finished)
          hasSkipped = true
          ended.add(result.run.run)
          break
        }
        default:
          return yield* Effect.die("a call without a key that waits for no run triggers")
      }
    }
  })

/** What the looks of one call have in common. */
interface Call extends Pick<Bounds, "policy"> {
  /** The age at which a run is no longer fresh when the call begins, in milliseconds. */
  readonly age: number
  /** In epoch milliseconds. */
  readonly deadline: number
  /** The runs that the call has seen end. */
  readonly ended: ReadonlySet<string>
  /** When the call began, by the monotonic clock in milliseconds. */
  readonly startedAt: number
}

/** Returns what facts mean for a call; `undefined`: it triggers. Pure. */
const decide = (facts: Known, bounds: Bounds, { age, ended }: Call): Looked | undefined => {
  // A run that the vendor never began is no result.
  const isResult = ({ run }: Journaled) => run.status !== "skipped" && !ended.has(run.ref.run)
  const sibling = Array.from(facts.journaled.values()).find(
    (entry) => entry.markedAgo < bounds.freshFor - age && isResult(entry),
  )
  if (sibling !== undefined) {
    return { _tag: "UnderWay", run: sibling.run, journaled: sibling, isFresh: true, isMissing: false, isShared: true }
  }
  const freshness = judge(facts, bounds)
  if (freshness._tag === "Fresh") return freshness
  const current = underWay(facts, bounds, ended)
  return current && { _tag: "UnderWay", isShared: false, ...current }
}

/** Returns the look of a call. It fails once the deadline has passed, unless the data are fresh or a run is under way. */
const lookOf = (context: WorkspaceContext, sync: SyncRef, call: Call): Look<Looked> =>
  Effect.fnUntraced(
    function* (running: RunRef | undefined): Effect.fn.Return<Looked | undefined, RetlError> {
      const { age, deadline, policy, startedAt } = call
      // A run that began right when it was to be fresh is fresh.
      const boundsAt: Facts.BoundsAt = ({ monotonic }) => ({ freshFor: age + monotonic - startedAt + 1, policy })
      const isEnough: typeof isDecided = (facts, bounds) => {
        const looked = decide(facts, bounds, call)
        return (looked?._tag === "UnderWay" && looked.isFresh && !looked.isMissing) || isDecided(facts, bounds)
      }
      const { facts, bounds } = yield* Facts.read(context, sync, Priority.write, boundsAt, isEnough)
      const listed = [...facts.listed]
      // The list was not read down to the run that kept the call from triggering.
      if (running !== undefined && !listed.some(({ ref }) => ref.run === running.run)) {
        const run = yield* Effect.option(Reading.readOnce(context, running, Priority.write))
        listed.unshift(...Option.toArray(run))
      }
      const looked = decide({ ...facts, listed }, bounds, call)
      if (looked?._tag === "UnderWay" && looked.journaled !== undefined) {
        // Its end then reaches the journal, whichever process waits for it.
        Claims.claim(context, looked.run.ref, looked.journaled.entry)
      }
      if (looked !== undefined || (yield* instant).wall < deadline) return looked
      return yield* context.error(operation, new Stopped({ why: "the deadline passed before it triggered" }))
    },
    Effect.mapError((error) => error.with({ operation, delivery: "not-sent" })),
  )
