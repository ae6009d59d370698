/**
 * The fence of a trigger: reading the runs right before its request, and those that are past it later.
 *
 * Where a list shows itself newest first, its place decides what is past the fence; elsewhere the whole list is read.
 * Dates decide nothing here: the clocks of a vendor may differ from each other.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Fence } from "../../model/Fence.ts"
import { queuedOrStartedAt } from "../../model/queuedOrStartedAt.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { isTerminal, type Run } from "../../model/Run.ts"
import type { WorkspaceContext } from "../context.ts"
import * as Lengths from "../poll/lengths.ts"
import type { Priority } from "../rate-limit/rateLimit.ts"
import * as Reading from "../runs/reading.ts"
import { isUnderWay, newest } from "../runs/underWay.ts"

/** The most pages of one reading. */
const maxPages = 20

/** The most pages of a reading that show themselves newest first: hundreds of runs that have ended follow one another. */
const maxOrderedPages = 10

/** How often a list of several pages is read until two readings agree. */
const maxReadings = 3

/** Known vendors keep at least this many runs: a shorter list has dropped none. */
export const fewRuns = 20

/** The runs of a sync right before a request. */
export interface Observation {
  readonly fence: Fence
  /** The newest run that is under way. Where none is, and the fence is complete, none was seen under way. */
  readonly running: Run | undefined
}

/** What the vendor's clock showed, and when. */
export interface ClockReading {
  readonly asOf: DateTime.Utc
  /** The monotonic clock of this process, in milliseconds. */
  readonly monotonic: number
}

/** What one reading of a list has shown. */
export interface Listing {
  /** The runs, in the order of the list, each once. */
  readonly runs: ReadonlyArray<Run>
  /** Whether the runs show themselves newest first. */
  readonly isOrdered: boolean
  /** Whether the list was read to its end. */
  readonly isWhole: boolean
  /** Whether the list changed while it was read, so that another reading may show more. */
  readonly isUnstable: boolean
  readonly pages: number
  readonly clock: ClockReading | undefined
}

/** What was read before the first page. */
export const noListing: Listing = {
  ...{ runs: [], isOrdered: false, isWhole: false, isUnstable: false, pages: 0, clock: undefined },
}

/** Reads a list until it ends, or until `isEnough` says so. */
const readOnce = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sync: SyncRef,
  priority: Priority,
  isEnough: (listing: Listing) => boolean,
): Effect.fn.Return<Listing, RetlError> {
  const runs = new Map<string, Run>()
  const { monotonicTimeNanosUnsafe } = yield* Clock.Clock
  let listing = noListing
  let isRepeated = false
  const list: WorkspaceContext["list"] = (sync, query, priority) => Reading.page(context, sync, query, priority)
  yield* Reading.visitPages(list, sync, priority, maxPages, ({ page, number, ending, asOf }) => {
    const { size } = runs
    for (const run of page.items) if (!runs.has(run.ref.run)) runs.set(run.ref.run, run)
    // A page of repeated runs may stand in the place of another.
    isRepeated ||= page.items.length > 0 && runs.size === size
    const read = Array.from(runs.values())
    listing = {
      runs: read,
      isOrdered: isNewestFirst(read),
      isWhole: ending === "last" && !isRepeated,
      isUnstable: false,
      pages: number,
      clock: listing.clock ?? (asOf && { asOf, monotonic: Number(monotonicTimeNanosUnsafe()) / 1e6 }),
    }
    return !(isEnough(listing) || (listing.isOrdered && number >= maxOrderedPages))
  })
  return listing
})

/**
 * Reads a list, or as much of it as is enough. Where it takes several pages and is not newest first, it is read again until
 * a reading shows every run of the one before: a run that vanishes meanwhile moves another one onto a page that was read
 * already. Where no two readings agree, the list counts as cut.
 */
export const read = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sync: SyncRef,
  priority: Priority,
  isEnough: (listing: Listing) => boolean,
): Effect.fn.Return<Listing, RetlError> {
  let listing = yield* readOnce(context, sync, priority, isEnough)
  for (let readings = 1; listing.pages > 1 && !listing.isOrdered && !isEnough(listing); readings++) {
    if (readings === maxReadings) return { ...listing, isWhole: false, isUnstable: true }
    const again = yield* readOnce(context, sync, priority, isEnough)
    const ids = new Set(again.runs.map(({ ref }) => ref.run))
    const isStable = listing.runs.every(({ ref }) => ids.has(ref.run))
    listing = again
    if (isStable) return listing
  }
  return listing
})

/**
 * Reads the fence. An ordered list is read down to a run that shows that all older ones have ended: one that had ended,
 * where the vendor runs one at a time, and elsewhere the newest run of a list that was read to its end.
 */
export const observe = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sync: SyncRef,
  priority: Priority,
): Effect.fn.Return<Observation, RetlError> {
  const identity = context.identityOf(sync)
  const ended = context.shared.ended.get(identity)
  const isOneAtATime = context.description.whenBusy === "refuses"
  const reachesEnded = ({ runs, isOrdered }: Listing): boolean =>
    isOrdered && runs.some(({ ref, status }) => (isOneAtATime ? isTerminal(status) : ref.run === ended))
  const listing = yield* read(context, sync, priority, reachesEnded)
  const { runs, isOrdered, isWhole, clock } = listing
  Lengths.note(context, sync, runs)
  const complete = isWhole || isOrdered
  const running = newest(runs.filter(isUnderWay))
  const [first] = runs
  if (isOrdered && running === undefined && first !== undefined) context.shared.ended.set(identity, first.ref.run)
  return { fence: fenceOf(runs, complete, clock?.asOf), running }
})

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
  // The first run counts as one: it falls from infinity.
  return falls > 2
}

/** The runs that a vendor lists past a fence. */
export interface RunsPastFence {
  /** The runs that the fence does not list. */
  readonly runs: ReadonlyArray<Run>
  /** Whether these are all: the list reaches back to the fence. */
  readonly isComplete: boolean
  /** Whether another reading may show what this one did not. */
  readonly mayImprove: boolean
  /** Whether the list shows a run of the fence: the token reaches the sync whose fence it is. */
  readonly showsFence: boolean
  /** The vendor's clock, where an answer shows it. */
  readonly clock: ClockReading | undefined
}

/**
 * Reads the runs past a fence.
 *
 * They are complete where the list was read to its end, or newest first down to the fence. A list that shows no run of the
 * fence has dropped older runs, and may have dropped new ones. Where the fence lists no run, a list of few runs is
 * complete as well.
 */
export const readPast = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sync: SyncRef,
  fence: Fence,
  priority: Priority,
): Effect.fn.Return<RunsPastFence, RetlError> {
  const listed = new Set(fence.runs)
  const isListed = ({ ref }: Run): boolean => listed.has(ref.run)
  // A run whose date is behind may stand among those of the fence: read until the fence's runs alone follow.
  const reachesFence = ({ runs, isOrdered }: Listing): boolean => {
    const last = runs.at(-1)
    return isOrdered && last !== undefined && isListed(last)
  }
  const { runs, isOrdered, isWhole, isUnstable, clock } = yield* read(context, sync, priority, reachesFence)
  const oldestListed = runs.findLastIndex(isListed)
  const showsFence = oldestListed >= 0
  // In an ordered list, what stands below every run of the fence is older than the fence.
  const past = runs.filter((run, index) => !isListed(run) && (!isOrdered || !showsFence || index < oldestListed))
  const isComplete =
    fence.complete && (showsFence ? isWhole || isOrdered : isWhole && listed.size === 0 && runs.length < fewRuns)
  return { runs: past, isComplete, mayImprove: isUnstable || (listed.size > 0 && runs.length === 0), showsFence, clock }
})
