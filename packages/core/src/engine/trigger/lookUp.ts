/**
 * Looking up, by reads alone, what became of a trigger whose answer was lost.
 *
 * Core attributes a run to the trigger when all of these conditions hold:
 *
 * - The run is past the fence, and no other trigger of this process has claimed it.
 * - It is the only such run once `runAppearsWithin` is over.
 * - No earlier trigger that is still open could have started it.
 * - The sync has no schedule.
 * - The trigger did not request a full run: no read shows whether a new run is a full one.
 *
 * With `exclusive`, the caller assures that neither another trigger nor a schedule starts runs of the sync. This lifts
 * the last two conditions.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { OwnSchedule } from "../../driver/Driver.ts"
import type { Intent } from "../../model/Intent.ts"
import { queuedOrStartedAt } from "../../model/queuedOrStartedAt.ts"
import type { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Run } from "../../model/Run.ts"
import { coversAll } from "../../model/Scope.ts"
import type { WorkspaceContext } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import type { Claims } from "./claims.ts"
import * as Fence from "./fence.ts"

/** What a search has found. `isProven`: the list shows every run after the fence, so that there is none. */
export type Finding =
  | { readonly _tag: "Found"; readonly run: RunRef; readonly evidence: string }
  | { readonly _tag: "Nothing"; readonly isProven: boolean; readonly why: string }
  | { readonly _tag: "Unclear"; readonly candidates: ReadonlyArray<RunRef>; readonly why: string }
  | { readonly _tag: "Unreadable"; readonly candidates: ReadonlyArray<RunRef>; readonly error: RetlError }

/** Returns why no search could attribute a new run to this trigger; `undefined` where one could. */
export const obstacle = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  claims: Claims,
  intent: Intent,
): Effect.fn.Return<string | undefined> {
  if (!intent.fence.complete) return "core could not read all runs before the request"
  const other = yield* claims.otherTrigger(intent, (trigger) => windowOf(context, trigger).settledAt)
  if (other === "open") return "an earlier trigger of this sync is still open"
  if (other === "unreadable") return "core could not read the intent store, where an earlier trigger may be open"
  if (intent.exclusive) return undefined
  if (coversAll(intent.scope)) return "no read shows whether a new run is a full one, and the trigger is not exclusive"
  const schedule = yield* readOwnSchedule(context, intent)
  if (schedule === "manual") return undefined
  return schedule === "scheduled"
    ? "the sync's schedule may have started a run too, and the trigger is not exclusive"
    : "the vendor does not report whether the sync has a schedule, and the trigger is not exclusive"
})

const readOwnSchedule = (context: WorkspaceContext, { sync }: Intent): Effect.Effect<OwnSchedule> => {
  const schedule = context.ownSchedule(sync, Priority.write)
  return schedule === undefined
    ? Effect.succeed("unknown")
    : Effect.orElseSucceed(RetryLoop.read(schedule), () => "unknown" as const)
}

/** The window in which a trigger may have started a run, in epoch milliseconds. */
interface Window {
  /** When core gave up on the answer, by our clock. */
  readonly lostAt: number
  /** The end of the window, by our clock. */
  readonly settledAt: number
  /** The end of the window, by the vendor's clock; `undefined` where the fence has no vendor's clock. */
  readonly until: number | undefined
}

const windowOf = (context: WorkspaceContext, intent: Intent): Window => {
  const sent = DateTime.toEpochMillis(intent.sentAt)
  // Where no process recorded when it gave up, the request may have been under way for its whole time-out.
  const longest = sent + Duration.toMillis(context.writeTimeout)
  const lostAt = intent.lostAt === undefined ? longest : DateTime.toEpochMillis(intent.lostAt)
  const settle = Duration.toMillis(context.runAppearsWithin)
  const { asOf } = intent.fence
  return {
    lostAt,
    settledAt: lostAt + settle,
    // Ten seconds more: the vendor's clock has whole seconds, and the fence was read a moment before the request.
    until: asOf && DateTime.toEpochMillis(asOf) + (lostAt - sent) + settle + 10_000,
  }
}

/** A look this long after `settledAt` cannot show, without the vendor's clock, when a run began. In milliseconds. */
const graceMillis = 30_000

/**
 * Looks until the trigger's window is over and one candidate is left, or until `searchFor` has passed since the answer
 * was lost. After a failed read it looks again, except where the vendor refuses the token or the sync does not exist.
 */
export const search = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  claims: Claims,
  intent: Intent,
  searchFor: Duration.Duration,
): Effect.fn.Return<Finding> {
  const window = windowOf(context, intent)
  const { settledAt } = window
  const end = window.lostAt + Duration.toMillis(searchFor)
  const isUnclaimed = ({ ref }: Run) => !claims.isClaimedByOther(ref, intent.id)
  let failures = 0
  let candidates: ReadonlyArray<RunRef> = []
  for (let look = 1; ; look++) {
    const lookedAt = yield* Clock.currentTimeMillis
    const reading = yield* Effect.result(
      Fence.readPast(context, intent.sync, intent.fence, window.until, Priority.write),
    )
    if (Result.isSuccess(reading)) {
      failures = 0
      const { complete } = reading.success
      const runs = reading.success.runs.filter(isUnclaimed)
      const doubtful = reading.success.doubtful.filter(isUnclaimed)
      const earlier = candidates
      candidates = [...runs, ...doubtful].map(({ ref }) => ref.accepted(intent.sentAt))
      const finding = judge({ runs, doubtful, complete, candidates, earlier, window, lookedAt })
      if (finding !== undefined) return finding
      if (lookedAt >= end) return { _tag: "Nothing", isProven: complete, why: "no new run appeared" }
    } else {
      failures++
      if (isFinal(reading.failure) || lookedAt >= end) {
        return { _tag: "Unreadable", candidates, error: reading.failure }
      }
    }
    const now = yield* Clock.currentTimeMillis
    const pause = Duration.toMillis(RetryLoop.pause(Math.max(look, failures)))
    const next = now < settledAt ? settledAt : now < end ? end : now + pause
    yield* Effect.sleep(Math.max(1, Math.min(pause, next - now)))
  }
})

/** What one look has shown: the runs after the fence that no other trigger has claimed, and their refs. */
interface Look extends Fence.RunsAfterFence {
  readonly candidates: ReadonlyArray<RunRef>
  /** The candidates of the previous look. */
  readonly earlier: ReadonlyArray<RunRef>
  readonly window: Window
  readonly lookedAt: number
}

/** Returns what a look decides; `undefined` where core has to look again. */
const judge = ({
  runs,
  doubtful,
  complete,
  candidates,
  earlier,
  window: { settledAt, until },
  lookedAt,
}: Look): Finding | undefined => {
  const unclear = (why: string): Finding => ({ _tag: "Unclear", candidates, why })
  if (runs.length > 1) return unclear(`${runs.length} new runs could be this trigger's`)
  if (lookedAt < settledAt || candidates.length === 0) return undefined
  const [run] = runs
  const [candidate] = candidates
  if (run === undefined || candidate === undefined || doubtful.length > 0) {
    return unclear("clocks cannot decide whether a new run began in this trigger's window")
  }
  if (!complete) return unclear("core could not read all new runs")
  const isDated = until !== undefined && queuedOrStartedAt(run) !== undefined
  const wasSeen = earlier.some((ref) => ref.run === candidate.run)
  return isDated || wasSeen || lookedAt < settledAt + graceMillis
    ? { _tag: "Found", run: candidate, evidence: evidenceOf(run) }
    : unclear("a new run appeared late, and no clock of the vendor shows when it began")
}

const isFinal = ({ reason }: RetlError): boolean =>
  reason._tag === "Unauthenticated" || reason._tag === "PermissionDenied" || reason._tag === "NotFound"

const evidenceOf = ({ startedAt }: Run): string => {
  const started = startedAt === undefined ? "" : `, started ${DateTime.formatIso(startedAt)} by the vendor's clock`
  return `the only new run since right before the request${started}`
}
