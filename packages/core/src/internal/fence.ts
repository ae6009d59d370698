/** What is there right before a trigger is sent, so that a run that turns up afterwards can be told from those before. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Fence } from "../Intent.ts"
import type { SyncRef } from "../Ref.ts"
import type { RetlError } from "../RetlError.ts"
import { isTerminal, type Run } from "../Run.ts"
import type { Base } from "./base.ts"
import type { Priority } from "./budget.ts"
import * as Reading from "./reading.ts"

/** How many pages are read to complete a fence where the order of the list is not evident. */
const maxPages = 5

export interface Sighting {
  readonly fence: Fence
  /** The run under way, if one is: the newest of them. */
  readonly running: Run | undefined
}

/** Reads the fence: the first page where that shows the list to be newest first, else all of it. */
export const read = Effect.fnUntraced(function* (
  base: Base,
  sync: SyncRef,
  priority: Priority,
): Effect.fn.Return<Sighting, RetlError> {
  const runs: Array<Run> = []
  let cursor: string | undefined
  let complete = false
  let asOf: DateTime.Utc | undefined
  for (let page = 0; page < maxPages; page++) {
    const answer = yield* Reading.page(base, sync, cursor === undefined ? {} : { cursor }, priority)
    const { runs: found, next } = answer
    runs.push(...found)
    asOf ??= answer.asOf
    complete = next === undefined || (page === 0 && isNewestFirst(found))
    if (complete || next === cursor) break
    cursor = next
  }
  return { fence: of(runs, complete, asOf), running: newest(runs.filter(isUnderWay)) }
})

const of = (runs: ReadonlyArray<Run>, complete: boolean, asOf: DateTime.Utc | undefined): Fence => {
  const times = runs.flatMap(({ startedAt }) => (startedAt === undefined ? [] : [startedAt]))
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

/** Whether the order shows: every run has a start, at least two of them differ, and none is newer than the one before. */
const isNewestFirst = (runs: ReadonlyArray<Run>): boolean => {
  let previous = Number.POSITIVE_INFINITY
  let falls = 0
  for (const { startedAt } of runs) {
    if (startedAt === undefined) return false
    const at = DateTime.toEpochMillis(startedAt)
    if (at > previous) return false
    if (at < previous) falls++
    previous = at
  }
  return falls > 1
}

export const newest = (runs: ReadonlyArray<Run>): Run | undefined =>
  runs.reduce<Run | undefined>((best, run) => {
    if (best === undefined) return run
    const [a, b] = [best.startedAt, run.startedAt]
    return a === undefined || b === undefined || DateTime.isLessThanOrEqualTo(b, a) ? best : run
  }, undefined)

/**
 * The runs that came past the fence: not among those that were there, not older than the newest of them, and not
 * started before the vendor's clock at that time. A run without a start, or one that started in the same moment, counts
 * as past it.
 */
export const past = (fence: Fence, runs: ReadonlyArray<Run>): ReadonlyArray<Run> => {
  const known = new Set(fence.runs)
  const isOlder = ({ startedAt }: Run) =>
    startedAt !== undefined &&
    [fence.newest, fence.asOf].some((bound) => bound !== undefined && DateTime.isLessThan(startedAt, bound))
  return runs.filter((run) => !known.has(run.ref.run) && !isOlder(run))
}

/**
 * Everything past the fence that the vendor lists now. `complete` where nothing can have been missed: the list was read
 * down to a run that was there before, in an order that is newest first, or to its end.
 */
export const readPast = Effect.fnUntraced(function* (
  base: Base,
  sync: SyncRef,
  fence: Fence,
  priority: Priority,
): Effect.fn.Return<{ readonly runs: ReadonlyArray<Run>; readonly complete: boolean }, RetlError> {
  const found: Array<Run> = []
  const known = new Set(fence.runs)
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const { runs, next } = yield* base.list(sync, cursor === undefined ? {} : { cursor }, priority)
    found.push(...past(fence, runs))
    const reachesFence = runs.some(({ ref }) => known.has(ref.run)) && (isNewestFirst(runs) || page > 0)
    if (next === undefined || reachesFence) return { runs: found, complete: true }
    if (next === cursor) break
    cursor = next
  }
  return { runs: found, complete: false }
})
