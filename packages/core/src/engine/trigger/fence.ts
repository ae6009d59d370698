/** What is there right before a trigger is sent, so that a run that turns up afterwards can be told from those before. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Fence } from "../../model/Intent.ts"
import { queuedOrStartedAt } from "../../model/queuedOrStartedAt.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { isTerminal, type Run } from "../../model/Run.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Priority } from "../rate-limit/rateLimit.ts"
import * as Reading from "../runs/reading.ts"

/** How many pages are read to complete a fence where the order of the list is not evident. */
const maxPages = 5

/** No vendor is known to keep fewer runs than this: a list that is shorter has lost none. */
const fewRuns = 20

export interface Sighting {
  readonly fence: Fence
  /** The run under way, if one is: the newest of them. */
  readonly running: Run | undefined
}

/** Reads the fence: the first page where that shows the list to be newest first, else all of it. */
export const read = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sync: SyncRef,
  priority: Priority,
): Effect.fn.Return<Sighting, RetlError> {
  const runs: Array<Run> = []
  let complete = false
  let asOf: DateTime.Utc | undefined
  yield* Reading.visitPages(patiently(context), sync, priority, maxPages, ({ page, number, ending, asOf: date }) => {
    runs.push(...page.items)
    asOf ??= date
    complete = ending === "last" || (number === 1 && isNewestFirst(page.items))
    return !complete
  })
  return { fence: of(runs, complete, asOf), running: newest(runs.filter(isUnderWay)) }
})

/** Reads one page, with retries. */
const patiently =
  (context: WorkspaceContext): WorkspaceContext["list"] =>
  (sync, query, priority) =>
    Reading.page(context, sync, query, priority)

const of = (runs: ReadonlyArray<Run>, complete: boolean, asOf: DateTime.Utc | undefined): Fence => {
  const times = runs.map(queuedOrStartedAt).filter((at) => at !== undefined)
  const [first, ...others] = times
  const newestTime = first && others.reduce((a, b) => DateTime.max(a, b), first)
  return {
    runs: runs.map(({ ref }) => ref.run),
    ...(newestTime && { newest: newestTime }),
    ...(asOf && { asOf }),
    complete,
  }
}

/**
 * A run under way keeps a trigger back. A word that nobody listed counts as under way, unless the vendor says that the
 * run has finished: to start beside a run that may be going on is the greater harm.
 */
export const isUnderWay = ({ status, finishedAt }: Run): boolean =>
  status === "unknown" ? finishedAt === undefined : !isTerminal(status)

/** Whether the order shows: every run has a birth, at least two of them differ, and none is newer than the one before. */
const isNewestFirst = (runs: ReadonlyArray<Run>): boolean => {
  let previous = Number.POSITIVE_INFINITY
  let falls = 0
  for (const run of runs) {
    const born = queuedOrStartedAt(run)
    if (born === undefined) return false
    const at = DateTime.toEpochMillis(born)
    if (at > previous) return false
    if (at < previous) falls++
    previous = at
  }
  return falls > 1
}

export const newest = (runs: ReadonlyArray<Run>): Run | undefined =>
  runs.reduce<Run | undefined>((best, run) => {
    if (best === undefined) return run
    const [a, b] = [queuedOrStartedAt(best), queuedOrStartedAt(run)]
    return a === undefined || b === undefined || DateTime.isLessThanOrEqualTo(b, a) ? best : run
  }, undefined)

/** By how much the clock of a vendor's gateway may differ from the one that dates its runs. */
const skew = 30_000

/** What the vendor lists beyond a fence. */
export interface Beyond {
  /** Runs that came into being after the fence, and by `until` where that is known. */
  readonly runs: ReadonlyArray<Run>
  /** Runs so close to these bounds that the skew of clocks may have put them on either side. */
  readonly doubtful: ReadonlyArray<Run>
  /** Whether nothing can have been missed. */
  readonly complete: boolean
}

/**
 * On which side of the fence a run is. It is before when it was there, when it is older than the newest of those that
 * were, or than the vendor's clock at that time, however late it shows.
 */
const sideOf = (fence: Fence, known: ReadonlySet<string>, until: number | undefined, run: Run) => {
  if (known.has(run.ref.run)) return "before"
  const birthday = queuedOrStartedAt(run)
  if (birthday === undefined) return "beyond"
  const born = DateTime.toEpochMillis(birthday)
  if (fence.newest !== undefined && born < DateTime.toEpochMillis(fence.newest)) return "before"
  const asOf = fence.asOf === undefined ? Number.NEGATIVE_INFINITY : DateTime.toEpochMillis(fence.asOf)
  if (born < asOf - skew) return "before"
  const end = until ?? Number.POSITIVE_INFINITY
  if (born > end + skew) return "after"
  return born < asOf || born > end ? "doubtful" : "beyond"
}

/**
 * Reads what is past the fence, up to `until` (the vendor's clock, in epoch milliseconds) where that is given. Complete
 * where the list was read down to a run from before the fence, newest first or to its end. A list that ends without one
 * has lost its older runs, and maybe the one that is looked for; where there was none before, a long list may have.
 */
export const readPast = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sync: SyncRef,
  fence: Fence,
  until: number | undefined,
  priority: Priority,
): Effect.fn.Return<Beyond, RetlError> {
  const sides = { before: new Map<string, Run>(), beyond: new Map(), doubtful: new Map(), after: new Map() }
  const known = new Set(fence.runs)
  let isOrdered = true
  let complete = false
  yield* Reading.visitPages(patiently(context), sync, priority, maxPages, ({ page, ending }) => {
    for (const run of page.items) sides[sideOf(fence, known, until, run)].set(run.ref.run, run)
    isOrdered &&= isNewestFirst(page.items)
    const reaches = sides.before.size > 0
    complete =
      ending === "last"
        ? reaches || (known.size === 0 && sides.after.size + sides.beyond.size < fewRuns)
        : reaches && isOrdered
    return !complete
  })
  return { runs: Array.from(sides.beyond.values()), doubtful: Array.from(sides.doubtful.values()), complete }
})
