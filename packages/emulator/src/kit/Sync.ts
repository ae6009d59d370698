/**
 * A sync and its runs, advanced lazily. Whatever reads a sync first advances it to the present: everything that should
 * have happened since then (runs that start and end, ticks of the schedule, strangers' triggers) happens now, in order.
 */
import type { RunPlan } from "../RunPlan.ts"
import { completePlan, type Plan } from "./Plan.ts"
import type { Random } from "./Random.ts"
import type { LoggedCall, Run, Sync } from "./Run.ts"
import { beginRun, finishedAt } from "./RunState.ts"
import type { Timing } from "./Timing.ts"

/**
 * What becomes of a start while a run of the sync is live. `refuses`: there is no new run; the route answers with a refusal.
 * `queues`: the new run waits until the live ones are over. `skips`: the new run ends at once as skipped. `overlaps`: the new
 * run works beside the others.
 */
export type WhenBusy = "refuses" | "queues" | "skips" | "overlaps"

/** What all syncs of one emulator share. */
export interface SyncRules {
  /** Returns the id of a new run. */
  readonly newRunId: () => string
  /** Returns the plan of a run for which neither a script nor its sync has one. */
  readonly defaultPlan: () => Plan
  readonly random: Random
  /** Random numbers for one purpose: the same ones for each purpose, whatever was drawn before. */
  readonly randomOf: (purpose: string) => Random
  /** What becomes of a start while a run of the sync is live. */
  readonly whenBusy: () => WhenBusy
  /** Called with every new run. */
  readonly addRun: (run: Run) => void
}

/** Creates a sync without runs, created at `now`. */
export const newSync = (
  fields: Pick<Sync, "ids" | "parts" | "name" | "state" | "attributes" | "schedule" | "timing" | "call">,
  now: number,
): Sync => ({
  ...fields,
  createdAt: now,
  updatedAt: now,
  runs: [],
  unlistedRuns: new Set(),
  liveRuns: [],
  plan: undefined,
  scriptedPlans: [],
  freeAt: 0,
  nextFire: fields.timing.next(now - 1),
  strangersEvery: 0,
  nextStranger: Number.POSITIVE_INFINITY,
})

/** Creates a run at `at`. Its plan is that of the options, the next scripted one, the sync's, or else the default. */
export const createRun = (
  rules: SyncRules,
  sync: Sync,
  at: number,
  origin: Run["origin"],
  options: { readonly call?: LoggedCall; readonly plan?: RunPlan; readonly scope?: string } = {},
): Run => {
  const isBusy = sync.liveRuns.length > 0
  const whenBusy = rules.whenBusy()
  const isSkipped = isBusy && whenBusy === "skips"
  // A run that never begins takes no scripted plan away from those that do.
  const given = isSkipped ? {} : options.plan
  const plan =
    given === undefined ? (sync.scriptedPlans.shift() ?? sync.plan ?? rules.defaultPlan()) : completePlan(given)
  const run: Run = {
    id: rules.newRunId(),
    sync,
    origin,
    call: options.call,
    scope: options.scope,
    plan,
    duration: plan.length(() => rules.randomOf(`length/${JSON.stringify(sync.ids)}/${sync.runs.length}`)),
    createdAt: at,
    isSkipped,
    startsAt: Number.POSITIVE_INFINITY,
    endsAt: isSkipped ? at : Number.POSITIVE_INFINITY,
    stopRequestedAt: Number.POSITIVE_INFINITY,
    stoppedAt: Number.POSITIVE_INFINITY,
    finalText: undefined,
  }
  if (!isSkipped && !(isBusy && whenBusy === "queues")) beginRun(run, at + plan.queued)
  sync.runs.push(run)
  sync.liveRuns.push(run)
  if (options.call !== undefined) options.call.createdRun = run.id
  rules.addRun(run)
  return run
}

/** Whether a trigger by a stranger is refused at present. */
export const isClosedToStrangers = (rules: SyncRules, sync: Sync): boolean =>
  sync.state !== "enabled" || (sync.liveRuns.length > 0 && ["refuses", "skips"].includes(rules.whenBusy()))

/** Lets everything happen that is due by `now`. */
export const advance = (rules: SyncRules, sync: Sync, now: number): void => {
  for (let next = Math.min(sync.nextFire, sync.nextStranger); next <= now; ) {
    settleRuns(sync, next)
    if (next === sync.nextFire) fireSchedule(rules, sync, now)
    else triggerByStranger(rules, sync)
    next = Math.min(sync.nextFire, sync.nextStranger)
  }
  settleRuns(sync, now)
}

/** When a run is created, starts or ends next after `now`, to which the sync is advanced, unless somebody interferes. */
export const nextAt = ({ liveRuns, state, nextFire, nextStranger }: Sync, now: number): number => {
  // A tick during a run, or of a sync that is not enabled, is skipped.
  const tick = liveRuns.length === 0 && state === "enabled" ? nextFire : Number.POSITIVE_INFINITY
  return liveRuns.reduce(
    (next, run) => Math.min(next, run.startsAt > now ? run.startsAt : next, finishedAt(run)),
    Math.min(tick, nextStranger),
  )
}

/** Ends the runs that are over by `now`, and starts those that waited for them. */
const settleRuns = (sync: Sync, now: number): void => {
  const { liveRuns } = sync
  let kept = 0
  for (const run of liveRuns) {
    if (run.startsAt === Number.POSITIVE_INFINITY && !run.isSkipped && kept === 0) {
      const at = Math.max(run.createdAt + run.plan.queued, sync.freeAt)
      if (at < run.stoppedAt) beginRun(run, at)
    }
    const finish = finishedAt(run)
    if (finish <= now) sync.freeAt = Math.max(sync.freeAt, finish)
    else liveRuns[kept++] = run
  }
  liveRuns.length = kept
}

const fireSchedule = (rules: SyncRules, sync: Sync, now: number): void => {
  const at = sync.nextFire
  sync.nextFire = sync.timing.next(at)
  if (sync.liveRuns.length === 0) {
    if (sync.state === "enabled") createRun(rules, sync, at, "schedule")
    return
  }
  // The ticks until the first live run ends are skipped in one step.
  const [first] = sync.liveRuns
  const busyUntil = first === undefined ? at : Math.min(finishedAt(first), now)
  if (sync.nextFire < busyUntil) sync.nextFire = sync.timing.next(busyUntil - 1)
}

const triggerByStranger = (rules: SyncRules, sync: Sync): void => {
  const at = sync.nextStranger
  sync.nextStranger = at + Math.ceil(-Math.log(1 - rules.random()) * sync.strangersEvery) + 1
  if (!isClosedToStrangers(rules, sync)) createRun(rules, sync, at, "stranger")
}

/** Replaces the sync's schedule; the new one counts from `now`. */
export const reschedule = (sync: Sync, now: number, timing: Timing, schedule: unknown): void => {
  sync.timing = timing
  sync.schedule = schedule
  sync.nextFire = timing.next(now)
}

/** How many of the sync's runs a read as of `asOf` shows: the oldest ones. */
export const visibleRunCount = (sync: Sync, asOf: number): number => {
  let count = sync.runs.length
  while (count > 0 && (sync.runs[count - 1]?.createdAt ?? 0) > asOf) count--
  return count
}

/** One page of a list of runs. */
export interface RunPage {
  readonly runs: ReadonlyArray<Run>
  /** How many runs all pages contain. */
  readonly total: number
}

/** Returns one page of the runs that a read as of `asOf` shows, in order of creation or its reverse. */
export const pageOfRuns = (
  sync: Sync,
  asOf: number,
  options: {
    readonly isNewestFirst: boolean
    readonly offset: number
    readonly limit: number
    readonly matches?: (run: Run) => boolean
    /** No run created before this instant matches. */
    readonly createdSince?: number
  },
): RunPage => {
  const { isNewestFirst, offset, limit } = options
  const visible = visibleRunCount(sync, asOf)
  const floor = options.createdSince === undefined ? 0 : indexOfCreatedSince(sync.runs, options.createdSince, visible)
  const { unlistedRuns } = sync
  if (options.matches === undefined && floor === 0 && unlistedRuns.size === 0) {
    const from = isNewestFirst ? Math.max(0, visible - offset - limit) : offset
    const to = isNewestFirst ? Math.max(0, visible - offset) : Math.min(visible, offset + limit)
    const runs = sync.runs.slice(from, Math.max(from, to))
    return { runs: isNewestFirst ? runs.reverse() : runs, total: visible }
  }
  const { matches = () => true } = options
  const matching = sync.runs.slice(floor, visible).filter((run) => matches(run) && !unlistedRuns.has(run))
  if (isNewestFirst) matching.reverse()
  return { runs: matching.slice(offset, offset + limit), total: matching.length }
}

/** The index of the first run before `end` that was created at `since` or later; `end` where there is none. */
const indexOfCreatedSince = (runs: ReadonlyArray<Run>, since: number, end: number): number => {
  let low = 0
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((runs[middle]?.createdAt ?? 0) < since) low = middle + 1
    else high = middle
  }
  return low
}
