/** The fence of a trigger: the runs of its sync right before the request. A run that appears later is past it. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Fence } from "../../model/Intent.ts"
import { queuedOrStartedAt } from "../../model/queuedOrStartedAt.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Run } from "../../model/Run.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Priority } from "../rate-limit/rateLimit.ts"
import * as Reading from "../runs/reading.ts"
import { isUnderWay, newest } from "../runs/underWay.ts"

/** The most pages that are read where the first does not show the list's order. */
const maxPages = 5

/** Known vendors keep at least this many runs: a shorter list has dropped none. */
const fewRuns = 20

/** The runs of a sync right before a request. */
export interface Observation {
  readonly fence: Fence
  /** The newest run that is under way; `undefined` where none is. */
  readonly running: Run | undefined
}

/** Reads the fence: the first page where it shows that the list is newest first, otherwise more pages, at most 5. */
export const read = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sync: SyncRef,
  priority: Priority,
): Effect.fn.Return<Observation, RetlError> {
  const runs: Array<Run> = []
  let complete = false
  let asOf: DateTime.Utc | undefined
  yield* Reading.visitPages(listWithRetries(context), sync, priority, maxPages, (turn) => {
    const { page, number, ending } = turn
    runs.push(...page.items)
    asOf ??= turn.asOf
    complete = ending === "last" || (number === 1 && isNewestFirst(page.items))
    return !complete
  })
  return { fence: fenceOf(runs, complete, asOf), running: newest(runs.filter(isUnderWay)) }
})

const listWithRetries =
  (context: WorkspaceContext): WorkspaceContext["list"] =>
  (sync, query, priority) =>
    Reading.page(context, sync, query, priority)

const fenceOf = (runs: ReadonlyArray<Run>, complete: boolean, asOf: DateTime.Utc | undefined): Fence => {
  const [first, ...others] = runs.map(queuedOrStartedAt).filter((time) => time !== undefined)
  const newestTime = first && others.reduce((a, b) => DateTime.max(a, b), first)
  return {
    runs: runs.map(({ ref }) => ref.run),
    ...(newestTime && { newest: newestTime }),
    ...(asOf && { asOf }),
    complete,
  }
}

/**
 * Returns whether runs show themselves newest first: every run has a time, no time is later than the previous one, and
 * at least two are earlier.
 */
const isNewestFirst = (runs: ReadonlyArray<Run>): boolean => {
  let previous = Number.POSITIVE_INFINITY
  let falls = 0
  for (const run of runs) {
    const time = queuedOrStartedAt(run)
    if (time === undefined) return false
    const millis = DateTime.toEpochMillis(time)
    if (millis > previous) return false
    if (millis < previous) falls++
    previous = millis
  }
  return falls > 1
}

/** How far the clock of a vendor's gateway may be off the clock that dates its runs. */
const skewMillis = 30_000

/** The runs that a vendor lists after a fence. */
export interface RunsAfterFence {
  /** Runs that began after the fence and no later than `until`. */
  readonly runs: ReadonlyArray<Run>
  /** Runs so close to these bounds that clocks cannot decide. */
  readonly doubtful: ReadonlyArray<Run>
  /** Whether the list shows every run after the fence. */
  readonly complete: boolean
}

/**
 * Where a run is: before the fence, after it and by `until` (`new`), after `until` (`late`), or so close to one of
 * these bounds that clocks cannot decide (`doubtful`).
 */
type Side = "before" | "new" | "doubtful" | "late"

/**
 * Returns where a run is. It is before the fence where the fence lists it, and where it is older than the newest listed
 * run or than the vendor's clock at the fence, however late it shows. A run without a time is new unless it is listed.
 */
const sideOf = (fence: Fence, listed: ReadonlySet<string>, until: number | undefined, run: Run): Side => {
  if (listed.has(run.ref.run)) return "before"
  const time = queuedOrStartedAt(run)
  if (time === undefined) return "new"
  const millis = DateTime.toEpochMillis(time)
  if (fence.newest !== undefined && millis < DateTime.toEpochMillis(fence.newest)) return "before"
  const start = fence.asOf === undefined ? Number.NEGATIVE_INFINITY : DateTime.toEpochMillis(fence.asOf)
  const end = until ?? Number.POSITIVE_INFINITY
  if (millis < start - skewMillis) return "before"
  if (millis > end + skewMillis) return "late"
  return millis < start || millis > end ? "doubtful" : "new"
}

/**
 * Reads the runs after a fence, and up to `until` where that is given: the vendor's clock, in epoch milliseconds.
 *
 * They are complete where the list was read to its end, or newest first, down to a run from before the fence. A list
 * that ends without such a run has dropped older runs, and may have dropped new ones. Where the fence lists no run, a
 * list of few runs is complete as well.
 */
export const readPast = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sync: SyncRef,
  fence: Fence,
  until: number | undefined,
  priority: Priority,
): Effect.fn.Return<RunsAfterFence, RetlError> {
  /** Runs by their ids, on each side. */
  const sides = { before: new Map<string, Run>(), new: new Map(), doubtful: new Map(), late: new Map() }
  const listed = new Set(fence.runs)
  let isOrdered = true
  let complete = false
  yield* Reading.visitPages(listWithRetries(context), sync, priority, maxPages, ({ page, ending }) => {
    for (const run of page.items) sides[sideOf(fence, listed, until, run)].set(run.ref.run, run)
    isOrdered &&= isNewestFirst(page.items)
    const reachesFence = sides.before.size > 0
    complete =
      ending === "last"
        ? reachesFence || (listed.size === 0 && sides.late.size + sides.new.size < fewRuns)
        : reachesFence && isOrdered
    return !complete
  })
  return { runs: Array.from(sides.new.values()), doubtful: Array.from(sides.doubtful.values()), complete }
})
