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
import type { Intent } from "../Intent.ts"
import type { RunRef } from "../Ref.ts"
import type { RetlError } from "../RetlError.ts"
import type { Run } from "../Run.ts"
import type { Base } from "./base.ts"
import { Priority } from "./budget.ts"
import type { Claims } from "./claims.ts"
import * as Fence from "./fence.ts"
import * as Retry from "./retry.ts"

export type Finding =
  | { readonly _tag: "Found"; readonly run: RunRef; readonly evidence: string }
  | { readonly _tag: "Nothing"; readonly proven: boolean; readonly why: string }
  | { readonly _tag: "Unclear"; readonly candidates: ReadonlyArray<RunRef>; readonly why: string }

/** Why a new run could not be told to be this trigger's, however long one looks; `undefined` where it could. */
export const obstacle = Effect.fnUntraced(function* (
  base: Base,
  claims: Claims,
  intent: Intent,
): Effect.fn.Return<string | undefined> {
  if (!intent.fence.complete) return "not all runs could be read before it was sent"
  const other = yield* claims.otherOpen(intent, base.settleWindow)
  if (other) return "an earlier trigger of this sync is still open"
  if (intent.exclusive) return undefined
  if (intent.scope === "full") return "nothing tells whether a new run is a full one, unless it is declared exclusive"
  const schedule = yield* ownSchedule(base, intent)
  if (schedule === "manual") return undefined
  return schedule === "scheduled"
    ? "the sync's own schedule could have started a run too, unless it is declared exclusive"
    : "nothing tells whether the sync has a schedule of its own, unless it is declared exclusive"
})

const ownSchedule = (base: Base, intent: Intent) => {
  const { ownSchedule } = base.driver.runs
  if (ownSchedule === undefined) return Effect.succeed("unknown" as const)
  return Retry.read(base.budget.within("schedule", Priority.write)(ownSchedule(intent.sync.ids))).pipe(
    Effect.catch(() => Effect.succeed("unknown" as const)),
  )
}

/**
 * Looks until the settle window, counted from `from` (epoch milliseconds), is over and one run stands out, or until
 * `giveUp` after it. Trouble with a read only costs time, except for a token that is refused.
 */
export const search = Effect.fnUntraced(function* (
  base: Base,
  claims: Claims,
  intent: Intent,
  from: number,
  giveUp: Duration.Duration,
): Effect.fn.Return<Finding> {
  const settledAt = from + Duration.toMillis(base.settleWindow)
  const until = from + Duration.toMillis(giveUp)
  let failures = 0
  let candidates: ReadonlyArray<Run> = []
  for (let look = 1; ; look++) {
    const lookedAt = yield* Clock.currentTimeMillis
    const seen = yield* Effect.result(Fence.readPast(base, intent.sync, intent.fence, Priority.write))
    if (seen._tag === "Success") {
      failures = 0
      const { runs, complete } = seen.success
      candidates = runs.filter(({ ref }) => !claims.isClaimedByOther(ref, intent.id))
      const refs = candidates.map(({ ref }) => accepted(ref, intent))
      if (refs.length > 1) return { _tag: "Unclear", candidates: refs, why: `${refs.length} new runs could be it` }
      if (lookedAt >= settledAt) {
        const [only] = refs
        if (only !== undefined && complete) return { _tag: "Found", run: only, evidence: describe(candidates[0]) }
        if (only !== undefined) return { _tag: "Unclear", candidates: refs, why: "not all new runs could be read" }
        if (lookedAt >= until) return { _tag: "Nothing", proven: complete, why: "no new run turned up" }
      }
    } else {
      failures++
      if (isFinal(seen.failure)) return unreadable(candidates, intent, seen.failure)
      if (lookedAt >= until) return unreadable(candidates, intent, seen.failure)
    }
    const now = yield* Clock.currentTimeMillis
    const pause = Duration.toMillis(Retry.pause(Math.max(look, failures)))
    yield* Effect.sleep(Math.max(1, Math.min(pause, (now < settledAt ? settledAt : Math.max(until, now + 1)) - now)))
  }
})

const unreadable = (candidates: ReadonlyArray<Run>, intent: Intent, error: RetlError): Finding => ({
  _tag: "Unclear",
  candidates: candidates.map(({ ref }) => accepted(ref, intent)),
  why: `the runs could not be read: ${error.code}`,
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
