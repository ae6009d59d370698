/** What is there right before a trigger is sent, so that a run that turns up afterwards can be told from those before. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Fence } from "../Intent.ts"
import type { SyncRef } from "../Ref.ts"
import type { RetlError } from "../RetlError.ts"
import { isTerminal, type Run } from "../Run.ts"
import type { Base, Page } from "./base.ts"
import { birth } from "./birth.ts"
import type { Priority } from "./budget.ts"
import * as Reading from "./reading.ts"

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
    complete = isLast(answer) || (page === 0 && isNewestFirst(found))
    if (complete || next === undefined || next === cursor) break
    cursor = next
  }
  return { fence: of(runs, complete, asOf), running: newest(runs.filter(isUnderWay)) }
})

/** Whether nothing can come behind this page. */
const isLast = ({ next, mayHaveMore }: Page): boolean => next === undefined && mayHaveMore !== true

const of = (runs: ReadonlyArray<Run>, complete: boolean, asOf: DateTime.Utc | undefined): Fence => {
  const times = runs.map(birth).filter((at) => at !== undefined)
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
    const born = birth(run)
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
    const [a, b] = [birth(best), birth(run)]
    return a === undefined || b === undefined || DateTime.isLessThanOrEqualTo(b, a) ? best : run
  }, undefined)

/**
 * Whether a run is from before the fence: it was there, or it is older than the newest of those that were there or than
 * the vendor's clock at that time, however late it shows. A run without a birth, or one of the same moment, is not.
 */
const isBefore = (fence: Fence, known: ReadonlySet<string>, run: Run): boolean => {
  const born = birth(run)
  return (
    known.has(run.ref.run) ||
    (born !== undefined &&
      [fence.newest, fence.asOf].some((bound) => bound !== undefined && DateTime.isLessThan(born, bound)))
  )
}

/**
 * Everything past the fence that the vendor lists now. `complete` where nothing can have been missed: the list was read
 * down to a run from before the fence, newest first or to its end. A list that ends without one has lost its older runs,
 * and maybe the one that is looked for; where there was none before, a long list may have.
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
  let isOrdered = true
  let reaches = false
  for (let page = 0; page < maxPages; page++) {
    const answer = yield* Reading.page(base, sync, cursor === undefined ? {} : { cursor }, priority)
    const { runs, next } = answer
    for (const run of runs) {
      if (isBefore(fence, known, run)) reaches = true
      else found.push(run)
    }
    isOrdered &&= isNewestFirst(runs)
    if (reaches && isOrdered) return { runs: found, complete: true }
    if (isLast(answer)) return { runs: found, complete: known.size === 0 ? found.length < fewRuns : reaches }
    if (next === undefined || next === cursor) break
    cursor = next
  }
  return { runs: found, complete: false }
})
