/**
 * A sync and its runs, brought up to date lazily: whoever looks first advances it to the present, and everything that
 * should have happened since (runs starting and ending, the schedule firing, strangers triggering) happens then, in order.
 */
import type { Ids, SyncState } from "../../Emulator.ts"
import type { RunPlan } from "../../RunPlan.ts"
import type { MutableCall } from "./calls.ts"
import { complete, type Plan } from "./plan.ts"
import type { Random } from "./random.ts"
import { begin, finishedAt, type Run } from "./run.ts"
import type { Timing } from "./timing.ts"

export interface Sync {
  readonly ids: Ids
  /** What it is made of: a source, a model, a destination, as its vendor has them. */
  parts: Ids
  readonly createdAt: number
  /** The request that created it, where one did. */
  readonly call: MutableCall | undefined
  name: string
  updatedAt: number
  state: SyncState
  /** Whatever else the vendor shows of it, in its own words: a mapping, a mode. */
  attributes: Readonly<Record<string, unknown>>
  /** Its own schedule as the vendor writes it; `undefined` where it has none. */
  schedule: unknown
  /** All runs, in order of creation. */
  readonly runs: Array<Run>
  /** Those that are not over. */
  readonly live: Array<Run>
  /** Plans for the runs to come. */
  readonly scripted: Array<Plan>
  /** When the last run that is over ended. */
  freeAt: number
  timing: Timing
  nextFire: number
  readonly strangersEvery: number
  nextStranger: number
}

/** What syncs of one emulator share. */
export interface SyncRules {
  readonly newRunId: () => string
  readonly defaultPlan: () => Plan
  readonly random: Random
  /** Whether a new run waits until the live ones are over. */
  readonly serial: () => boolean
  /** Whether a new run is refused while one is live. */
  readonly exclusive: () => boolean
  readonly created: (run: Run) => void
}

export const create = (
  rules: SyncRules,
  sync: Sync,
  at: number,
  origin: Run["origin"],
  options: { readonly call?: MutableCall; readonly plan?: RunPlan; readonly scope?: string } = {},
): Run => {
  const plan = options.plan === undefined ? (sync.scripted.shift() ?? rules.defaultPlan()) : complete(options.plan)
  const run: Run = {
    id: rules.newRunId(),
    sync,
    origin,
    call: options.call,
    scope: options.scope,
    plan,
    createdAt: at,
    startsAt: Number.POSITIVE_INFINITY,
    endsAt: Number.POSITIVE_INFINITY,
    stopAt: Number.POSITIVE_INFINITY,
    stoppedAt: Number.POSITIVE_INFINITY,
    rendered: undefined,
  }
  if (sync.live.length === 0 || !rules.serial()) begin(run, at + plan.queued)
  sync.runs.push(run)
  sync.live.push(run)
  if (options.call !== undefined) options.call.createdRun = run.id
  rules.created(run)
  return run
}

/** Brings a sync to `now`. */
export const advance = (rules: SyncRules, sync: Sync, now: number): void => {
  for (let next = Math.min(sync.nextFire, sync.nextStranger); next <= now; ) {
    settle(sync, next)
    if (next === sync.nextFire) fire(rules, sync, now)
    else visit(rules, sync)
    next = Math.min(sync.nextFire, sync.nextStranger)
  }
  settle(sync, now)
}

/** Ends what is over by `now`, and starts what waited for it. */
const settle = (sync: Sync, now: number): void => {
  const { live } = sync
  let kept = 0
  for (const run of live) {
    if (run.startsAt === Number.POSITIVE_INFINITY && kept === 0) {
      const at = Math.max(run.createdAt + run.plan.queued, sync.freeAt)
      if (at < run.stoppedAt) begin(run, at)
    }
    const over = finishedAt(run)
    if (over <= now) sync.freeAt = Math.max(sync.freeAt, over)
    else live[kept++] = run
  }
  live.length = kept
}

const fire = (rules: SyncRules, sync: Sync, now: number): void => {
  const at = sync.nextFire
  sync.nextFire = sync.timing.next(at)
  if (sync.live.length === 0) {
    if (sync.state === "enabled") create(rules, sync, at, "schedule")
    return
  }
  // Ticks that certainly meet the same live run are passed over at once.
  const [first] = sync.live
  const busyUntil = first === undefined ? at : Math.min(finishedAt(first), now)
  if (sync.nextFire < busyUntil) sync.nextFire = sync.timing.next(busyUntil - 1)
}

const visit = (rules: SyncRules, sync: Sync): void => {
  const at = sync.nextStranger
  sync.nextStranger = at + Math.ceil(-Math.log(1 - rules.random()) * sync.strangersEvery) + 1
  const refused = sync.state !== "enabled" || (sync.live.length > 0 && rules.exclusive())
  if (!refused) create(rules, sync, at, "stranger")
}

/** Gives it another schedule of its own, which counts from now. */
export const reschedule = (sync: Sync, now: number, timing: Timing, schedule: unknown): void => {
  sync.timing = timing
  sync.schedule = schedule
  sync.nextFire = timing.next(now)
}

/** The runs a reader sees whose reads are as old as `view`. */
export const visible = (sync: Sync, view: number): number => {
  let count = sync.runs.length
  while (count > 0 && (sync.runs[count - 1]?.createdAt ?? 0) > view) count--
  return count
}

export interface Page {
  readonly rows: ReadonlyArray<Run>
  /** How many match in all. */
  readonly total: number
}

/** One page of the visible runs, in either order of creation. */
export const page = (
  sync: Sync,
  view: number,
  options: {
    readonly newestFirst: boolean
    readonly offset: number
    readonly limit: number
    readonly matches?: (run: Run) => boolean
    /** Nothing created before this can match. */
    readonly createdSince?: number
  },
): Page => {
  const seen = visible(sync, view)
  const floor = options.createdSince === undefined ? 0 : lowerBound(sync.runs, options.createdSince, seen)
  if (options.matches === undefined && floor === 0) {
    const from = options.newestFirst ? Math.max(0, seen - options.offset - options.limit) : options.offset
    const to = options.newestFirst ? Math.max(0, seen - options.offset) : Math.min(seen, options.offset + options.limit)
    const rows = sync.runs.slice(from, Math.max(from, to))
    return { rows: options.newestFirst ? rows.reverse() : rows, total: seen }
  }
  const all = sync.runs.slice(floor, seen).filter(options.matches ?? (() => true))
  if (options.newestFirst) all.reverse()
  return { rows: all.slice(options.offset, options.offset + options.limit), total: all.length }
}

/** The first index whose run was created at `since` or later. */
const lowerBound = (runs: ReadonlyArray<Run>, since: number, end: number): number => {
  let low = 0
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((runs[middle]?.createdAt ?? 0) < since) low = middle + 1
    else high = middle
  }
  return low
}
