/**
 * Finding out, by reads alone, what became of a trigger whose answer was lost.
 *
 * A run is the one when it is past the fence, claimed by nobody else here, the only such run once the vendor's settle
 * window is over, and when nothing else explains it: not an older trigger that is still open, and not the sync's own
 * schedule. For a full run nothing tells that a new run is a full one. `exclusive`, the caller's word that nobody else
 * and no schedule triggers the sync, stands in for the last two.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Intent } from "../../model/Intent.ts"
import { queuedOrStartedAt } from "../../model/queuedOrStartedAt.ts"
import type { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Run } from "../../model/Run.ts"
import { coversAll } from "../../model/Scope.ts"
import type { WorkspaceContext } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Retry from "../retry.ts"
import type { Claims } from "./claims.ts"
import * as Fence from "./fence.ts"

export type Finding =
  | { readonly _tag: "Found"; readonly run: RunRef; readonly evidence: string }
  | { readonly _tag: "Nothing"; readonly proven: boolean; readonly why: string }
  | { readonly _tag: "Unclear"; readonly candidates: ReadonlyArray<RunRef>; readonly why: string }
  | { readonly _tag: "Unreadable"; readonly candidates: ReadonlyArray<RunRef>; readonly error: RetlError }

/** Why a new run could not be told to be this trigger's, however long one looks; `undefined` where it could. */
export const obstacle = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  claims: Claims,
  intent: Intent,
): Effect.fn.Return<string | undefined> {
  if (!intent.fence.complete) return "not all runs could be read before it was sent"
  const other = yield* claims.otherOpen(intent, (one) => windowOf(context, one).settledAt)
  if (other === "one") return "an earlier trigger of this sync is still open"
  if (other === "unreadable") return "the intent store, where an earlier trigger could be open, cannot be read"
  if (intent.exclusive) return undefined
  if (coversAll(intent.scope)) return "nothing tells whether a new run is a full one, unless it is declared exclusive"
  const schedule = yield* ownSchedule(context, intent)
  if (schedule === "manual") return undefined
  return schedule === "scheduled"
    ? "the sync's own schedule could have started a run too, unless it is declared exclusive"
    : "nothing tells whether the sync has a schedule of its own, unless it is declared exclusive"
})

const ownSchedule = (context: WorkspaceContext, intent: Intent) => {
  const schedule = context.ownSchedule(intent.sync, Priority.write)
  return schedule === undefined
    ? Effect.succeed("unknown" as const)
    : Effect.orElseSucceed(Retry.read(schedule), () => "unknown" as const)
}

/**
 * When the trigger can have begun a run: up to the settle window after its answer was lost. `until` says so by the
 * vendor's clock, counted from its clock at the fence; absent where the vendor told none.
 */
const windowOf = (context: WorkspaceContext, intent: Intent) => {
  const sent = DateTime.toEpochMillis(intent.sentAt)
  // Where nothing tells when it was given up, it was under way for as long as a request may be.
  const longest = sent + Duration.toMillis(context.writeTimeout)
  const lost = intent.lostAt === undefined ? longest : DateTime.toEpochMillis(intent.lostAt)
  const settle = Duration.toMillis(context.runAppearsWithin)
  const { asOf } = intent.fence
  return {
    from: lost,
    settledAt: lost + settle,
    // The vendor's clock is told in whole seconds, and the fence was read a moment before the request.
    until: asOf && DateTime.toEpochMillis(asOf) + (lost - sent) + settle + 10_000,
  }
}

/** A look this long after the settle window cannot tell any more, without the vendor's clock, when a run began. */
const grace = 30_000

/**
 * Looks until the settle window is over and one run stands out, or for `giveUp` after the answer was lost. Trouble with
 * a read only costs time, except for a token that is refused.
 */
export const search = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  claims: Claims,
  intent: Intent,
  giveUp: Duration.Duration,
): Effect.fn.Return<Finding> {
  const { from, settledAt, until } = windowOf(context, intent)
  const end = from + Duration.toMillis(giveUp)
  const isFree = ({ ref }: Run) => !claims.isClaimedByOther(ref, intent.id)
  let failures = 0
  let candidates: ReadonlyArray<RunRef> = []
  for (let look = 1; ; look++) {
    const lookedAt = yield* Clock.currentTimeMillis
    const seen = yield* Effect.result(Fence.readPast(context, intent.sync, intent.fence, until, Priority.write))
    if (seen._tag === "Success") {
      failures = 0
      const { complete } = seen.success
      const runs = seen.success.runs.filter(isFree)
      const doubtful = seen.success.doubtful.filter(isFree)
      const known = new Set(candidates.map(({ run }) => run))
      candidates = [...runs, ...doubtful].map(({ ref }) => accepted(ref, intent))
      const unclear = (why: string): Finding => ({ _tag: "Unclear", candidates, why })
      if (runs.length > 1) return unclear(`${runs.length} new runs could be it`)
      if (lookedAt >= settledAt && candidates.length > 0) {
        const [first] = runs
        const [only] = candidates
        if (first === undefined || only === undefined || doubtful.length > 0) {
          return unclear("nothing tells on which side of the request a new run began")
        }
        if (!complete) return unclear("not all new runs could be read")
        const isTold = until !== undefined && queuedOrStartedAt(first) !== undefined
        if (isTold || known.has(only.run) || lookedAt < settledAt + grace) {
          return { _tag: "Found", run: only, evidence: describe(first) }
        }
        return unclear("a new run turned up, and nothing tells when it began")
      }
      if (lookedAt >= end) return { _tag: "Nothing", proven: complete, why: "no new run turned up" }
    } else {
      failures++
      if (isFinal(seen.failure) || lookedAt >= end) {
        return { _tag: "Unreadable", candidates, error: seen.failure }
      }
    }
    const now = yield* Clock.currentTimeMillis
    const pause = Duration.toMillis(Retry.pause(Math.max(look, failures)))
    const next = now < settledAt ? settledAt : now < end ? end : now + pause
    yield* Effect.sleep(Math.max(1, Math.min(pause, next - now)))
  }
})

const isFinal = ({ reason }: RetlError): boolean =>
  reason._tag === "Unauthenticated" || reason._tag === "PermissionDenied" || reason._tag === "NotFound"

/** A candidate's ref, as accepted when the trigger was sent. */
const accepted = (ref: RunRef, intent: Intent): RunRef => ref.accepted(intent.sentAt)

const describe = (run: Run | undefined): string => {
  const started =
    run?.startedAt === undefined ? "" : `, started ${DateTime.formatIso(run.startedAt)} by the vendor's clock`
  return `the only new run since right before the request${started}`
}
