/**
 * Looking up, by reads alone, what became of a request whose answer is not known.
 *
 * Core attributes a run to the request when all of these conditions hold:
 *
 * - The run is past the fence, and no other trigger has claimed it.
 * - It is the only such run once the request can have had its effect.
 * - No clock of the vendor contradicts it. One that stands still while core looks says nothing.
 * - The sync has no schedule, and the trigger did not request a full run: no read shows whether a new run is a full one.
 *   With `exclusive`, the caller assures that nothing else starts runs of the sync, which lifts this condition.
 *
 * Absence is proved by the list alone, never by dates: the list reaches back to the fence and shows no run that is
 * neither in the fence nor another trigger's.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { OwnSchedule } from "../../driver/Driver.ts"
import type { TriggerEntry } from "../../model/JournalEntry.ts"
import { queuedOrStartedAt } from "../../model/queuedOrStartedAt.ts"
import type { RunRef, SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Run } from "../../model/Run.ts"
import { coversAll } from "../../model/Scope.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import type { WorkspaceContext } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import * as Claims from "./claims.ts"
import { instant, since } from "./elapsed.ts"
import * as FenceReading from "./fence.ts"

/** An entry whose request may have been sent. */
export type OpenEntry = Extract<TriggerEntry, { readonly state: "sent" | "lost" }>

/** What a look-up has found. `Nothing`: every run since the fence has another explanation. */
export type Finding =
  | { readonly _tag: "Found"; readonly run: RunRef; readonly evidence: string }
  | { readonly _tag: "Nothing"; readonly showsFence: boolean }
  | { readonly _tag: "Unclear"; readonly candidates: ReadonlyArray<RunRef>; readonly why: string }
  | { readonly _tag: "Unreadable"; readonly candidates: ReadonlyArray<RunRef>; readonly error: RetlError }

/** How long the look-up may take. Durations in milliseconds. */
export interface Bounds {
  /** In how many milliseconds the request has had its effect, if it has one; below 0 where that time is over. */
  readonly settledIn: number
  /** How long to look where reads fail. */
  readonly searchFor: number
}

/** A look this long after the window cannot show, without the vendor's clock, when a run began. In milliseconds. */
const graceMillis = 30_000

/**
 * Looks until the window is over and the list decides, or until `searchFor` has passed. After a failed read it looks
 * again, except where the vendor refuses the token or the sync does not exist. `sync` is this workspace's ref of the
 * entry's sync.
 */
export const search = (
  context: WorkspaceContext,
  entry: OpenEntry,
  sync: SyncRef,
  bounds: Bounds,
): Effect.Effect<Finding> => Tracing.lookUp(context)(searchWithin(context, entry, sync, bounds))

const searchWithin = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  entry: OpenEntry,
  sync: SyncRef,
  { settledIn, searchFor }: Bounds,
): Effect.fn.Return<Finding> {
  const { sentAt } = entry.request
  // A clock that is set says nothing of what the request had time for: only the monotonic one counts.
  const start = yield* instant
  const elapsed = Effect.map(instant, ({ monotonic }) => monotonic - start.monotonic)
  const endIn = Math.max(settledIn, searchFor)
  let candidates: ReadonlyArray<RunRef> = []
  let isClockSteady = true
  let first: FenceReading.ClockReading | undefined
  const early = new Set<string>()
  for (let look = 1; ; look++) {
    const lookedAt = yield* instant
    const lookedIn = lookedAt.monotonic - start.monotonic
    const reading = yield* Effect.result(readUnclaimed(context, entry, sync))
    if (Result.isSuccess(reading)) {
      const { runs, isComplete, mayImprove, showsFence, clock } = reading.success
      first ??= clock
      if (first !== undefined && clock !== undefined) isClockSteady &&= runsAlong(first, clock)
      candidates = runs.map(({ ref }) => ref.accepted(sentAt))
      if (since(start, lookedAt) < settledIn + graceMillis) for (const { run } of candidates) early.add(run)
      if (lookedIn >= settledIn) {
        const verdict = judge(entry, {
          ...{ runs, early, isComplete, mayImprove, isClockSteady },
          isTimely: settledIn > -graceMillis,
        })
        if (verdict._tag === "Nothing") return { _tag: "Nothing", showsFence }
        if (verdict._tag === "One") return yield* attribute(context, entry, sync, verdict.run)
        if (verdict._tag === "Unclear") return { _tag: "Unclear", candidates, why: verdict.why }
        if (lookedIn >= endIn) return { _tag: "Unclear", candidates, why: verdict.why }
      }
    } else if (isFinal(reading.failure) || lookedIn >= endIn) {
      return { _tag: "Unreadable", candidates, error: reading.failure }
    }
    const now = yield* elapsed
    const pause = Duration.toMillis(RetryLoop.pause(look))
    const next = now < settledIn ? settledIn : endIn
    yield* Effect.sleep(Math.max(1, Math.min(pause, next - now)))
  }
})

/** Whether the vendor's clock advanced as time did between two readings, give or take its skew. */
const runsAlong = (first: FenceReading.ClockReading, last: FenceReading.ClockReading): boolean =>
  Math.abs(
    DateTime.toEpochMillis(last.asOf) - DateTime.toEpochMillis(first.asOf) - (last.monotonic - first.monotonic),
  ) <= skewMillis

const readUnclaimed = (context: WorkspaceContext, entry: OpenEntry, sync: SyncRef) =>
  Effect.flatMap(FenceReading.readPast(context, sync, entry.request.fence, Priority.write), (past) =>
    Effect.map(Claims.withoutClaimed(context, entry, past.runs), (runs) => ({ ...past, runs })),
  )

/** What one look has shown. */
export interface Seen {
  /** The runs past the fence that no other trigger has claimed. */
  readonly runs: ReadonlyArray<Run>
  /** The ids of those that a look showed while a run of this request could appear. */
  readonly early: ReadonlySet<string>
  /** Whether these are all runs past the fence. */
  readonly isComplete: boolean
  /** Whether another look may show what this one did not. */
  readonly mayImprove: boolean
  /** Whether the vendor's clock ran along while core looked: otherwise it says nothing. */
  readonly isClockSteady: boolean
  /** Whether the look-up began while a run of this request could still appear. */
  readonly isTimely: boolean
}

/** What a look decides. `Again`: nothing yet. */
export type Verdict =
  | { readonly _tag: "Nothing" }
  | { readonly _tag: "One"; readonly run: Run }
  | { readonly _tag: "Unclear"; readonly why: string }
  | { readonly _tag: "Again"; readonly why: string }

/** Returns what a look after the window decides. Pure. */
export const judge = (entry: OpenEntry, seen: Seen): Verdict => {
  const { runs, early, isComplete, mayImprove, isTimely, isClockSteady } = seen
  const unclear = (why: string): Verdict => ({ _tag: "Unclear", why })
  if (!entry.request.fence.complete) return unclear(cutFence)
  if (!isComplete) return mayImprove ? { _tag: "Again", why: cutList } : unclear(cutList)
  if (runs.length === 0) return { _tag: "Nothing" }
  const sides = runs.map((run) => ({ run, side: sideOf(entry, run, isClockSteady) }))
  // Long after the request, runs that the vendor's clocks exclude do not compete.
  const possible = sides.filter(({ side }) => isTimely || runs.length === 1 || (side !== "older" && side !== "late"))
  const [one] = possible
  if (one === undefined || possible.length > 1) return unclear(`${runs.length} new runs could be this trigger's`)
  const { run, side } = one
  const wasEarly = isTimely && early.has(run.ref.run)
  if (side === "within") return { _tag: "One", run }
  if (side === "unknown") return wasEarly ? { _tag: "One", run } : unclear(contradicted[side])
  const isSure = entry.request.exclusive && (wasEarly || side !== "late")
  return isSure ? { _tag: "One", run } : unclear(contradicted[side])
}

const contradicted = {
  unknown: "a new run appeared late, and no clock of the vendor shows when it began",
  near: "clocks differ too much to decide whether the new run began in this trigger's window",
  before: "by the vendor's clock, the new run began before the request",
  older: "by the vendor's clock, the new run is older than a run before the request",
  late: "by the vendor's clock, the new run began later than this trigger's could",
}

const cutFence = "core could not read all runs before the request"
const cutList = "the list may not show every run since the request"

/**
 * Where a run's date lies: `within` the window in which the request can have started it, `before` or `late` by a clear
 * margin, `near` one of these bounds, or `older` than the newest run of the fence. `unknown`: no date, or clocks that
 * contradict themselves.
 */
type Side = "within" | "near" | "before" | "older" | "late" | "unknown"

/** How far the clock of a vendor's gateway may be off the clock that dates its runs. */
const skewMillis = 30_000

/** By how much a fence's newest run may be later than the vendor's clock at the fence before that clock says nothing. */
const absurdMillis = 30_000

const sideOf = (entry: OpenEntry, run: Run, isClockSteady: boolean): Side => {
  const { fence } = entry.request
  const time = queuedOrStartedAt(run)
  if (time === undefined) return "unknown"
  const millis = DateTime.toEpochMillis(time)
  const newest = fence.newest && DateTime.toEpochMillis(fence.newest)
  if (newest !== undefined && millis < newest) return "older"
  const start = fence.asOf && DateTime.toEpochMillis(fence.asOf)
  if (!isClockSteady || start === undefined || (newest !== undefined && newest > start + absurdMillis)) return "unknown"
  const end = start + windowMillis(entry)
  if (millis < start - skewMillis) return "before"
  if (millis > end + skewMillis) return "late"
  return millis < start || millis > end ? "near" : "within"
}

/** How long after the fence the request can have started a run, in milliseconds. */
const windowMillis = (entry: OpenEntry): number => {
  const { sentAt, writeTimeout, runAppearsWithin } = entry.request
  const lost =
    entry.state === "lost" ? DateTime.toEpochMillis(entry.lostAt) - DateTime.toEpochMillis(sentAt) : undefined
  // A clock of the store that was set back says nothing: the request took its whole time then.
  const request = lost === undefined || lost < 0 ? Duration.toMillis(writeTimeout) : lost
  // Ten seconds more: the vendor's clock has whole seconds, and the fence was read a moment before the request.
  return request + Duration.toMillis(runAppearsWithin) + 10_000
}

/** Attributes the only new run to the request, unless something else may have started it. */
const attribute = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  entry: OpenEntry,
  sync: SyncRef,
  run: Run,
): Effect.fn.Return<Finding> {
  const ref = run.ref.accepted(entry.request.sentAt)
  const obstacle = yield* obstacleTo(context, entry, sync)
  return obstacle === undefined
    ? { _tag: "Found", run: ref, evidence: evidenceOf(run) }
    : { _tag: "Unclear", candidates: [ref], why: obstacle }
})

/** Returns what else may have started a new run; `undefined` for nothing. */
const obstacleTo = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  entry: OpenEntry,
  sync: SyncRef,
): Effect.fn.Return<string | undefined> {
  if (entry.request.exclusive) return undefined
  if (coversAll(entry.scope)) return "no read shows whether a new run is a full one, and the trigger is not exclusive"
  const schedule = yield* readOwnSchedule(context, sync)
  if (schedule === "manual") return undefined
  return schedule === "scheduled"
    ? "the sync's schedule may have started the new run, and the trigger is not exclusive"
    : "the vendor does not report whether the sync has a schedule, and the trigger is not exclusive"
})

const readOwnSchedule = (context: WorkspaceContext, sync: SyncRef): Effect.Effect<OwnSchedule> => {
  const schedule = context.ownSchedule(sync, Priority.write)
  return schedule === undefined
    ? Effect.succeed("unknown")
    : Effect.orElseSucceed(RetryLoop.read(schedule), () => "unknown" as const)
}

const isFinal = ({ reason }: RetlError): boolean =>
  reason._tag === "Unauthenticated" || reason._tag === "PermissionDenied" || reason._tag === "NotFound"

const evidenceOf = ({ startedAt }: Run): string => {
  const started = startedAt === undefined ? "" : `, started ${DateTime.formatIso(startedAt)} by the vendor's clock`
  return `the only new run since right before the request${started}`
}
