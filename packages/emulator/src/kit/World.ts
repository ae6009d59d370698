/** The state of one emulated account: its syncs, their runs, and the writes that commit later. */
import type { Ids } from "../Ids.ts"
import type { DefaultPlan } from "../RunPlan.ts"
import { type Changes, makeChanges } from "./Changes.ts"
import { type History, makeHistory } from "./History.ts"
import { completePlan } from "./Plan.ts"
import type { Random } from "./Random.ts"
import type { Run, Sync } from "./Run.ts"
import * as Syncs from "./Sync.ts"

interface Job {
  readonly at: number
  readonly run: () => void
}

/** One emulated account. */
export interface World {
  /** Syncs by their keys, in order of creation. */
  readonly syncs: ReadonlyMap<string, Sync>
  readonly runs: ReadonlyMap<string, Run>
  readonly rules: Syncs.SyncRules
  /** What reads show of the syncs. */
  readonly history: History
  /** The changes of syncs that requests make. */
  readonly changes: Changes
  /** Adds a sync, which reads show from `since` on. Throws when another sync has the same key. */
  readonly add: (key: string, sync: Sync, since: number) => void
  /** Removes a sync with its runs. Reads that lag behind `now` still show it. */
  readonly remove: (key: string, now: number) => void
  /** Runs the jobs that are due by `now`, in the order of their instants. */
  readonly runJobs: (now: number) => void
  /** Leaves a job to the first `runJobs` at `at` or later. */
  readonly addJob: (at: number, run: () => void) => void
  /** Lets everything happen to a sync that is due by `now`. */
  readonly advance: (sync: Sync, now: number) => void
  /** Lets everything happen to all syncs that is due by `now`. Returns when something happens next, `Infinity` for never. */
  readonly advanceAll: (now: number) => number
  /** Calls the listeners: a request or a control may have changed what happens next. */
  readonly changed: () => void
  /** Calls `listener` after each change, until the function that is returned is called. */
  readonly listen: (listener: () => void) => () => void
}

/** Makes one account. The engine calls it. */
export const makeWorld = (options: {
  readonly randomOf: (purpose: string) => Random
  readonly plan: DefaultPlan | undefined
  readonly newRunId: () => string
  readonly whenBusy: () => Syncs.WhenBusy
  /** Draws how long an accepted change of a sync takes, in milliseconds. */
  readonly drawChange: () => number
}): World => {
  const syncs = new Map<string, Sync>()
  const runs = new Map<string, Run>()
  const jobs: Array<Job> = []
  const listeners = new Set<() => void>()
  const { plan } = options
  const random = options.randomOf("world")
  const constantPlan = typeof plan === "function" ? undefined : completePlan(plan ?? {})
  const rules: Syncs.SyncRules = {
    newRunId: options.newRunId,
    defaultPlan: () => constantPlan ?? completePlan(typeof plan === "function" ? plan(random) : {}),
    random,
    randomOf: options.randomOf,
    whenBusy: options.whenBusy,
    addRun: (run) => {
      runs.set(run.id, run)
    },
  }
  const runJobs = (now: number) => {
    for (let job = jobs[0]; job !== undefined && job.at <= now; job = jobs[0]) {
      jobs.shift()
      job.run()
    }
  }
  const addJob = (at: number, run: () => void) => {
    let index = jobs.length
    while (index > 0 && (jobs[index - 1]?.at ?? 0) > at) index--
    jobs.splice(index, 0, { at, run })
  }
  const advance = (sync: Sync, now: number) => Syncs.advance(rules, sync, now)
  const history = makeHistory()
  const add = (key: string, sync: Sync, since: number) => {
    if (syncs.has(key)) throw new Error(`This emulator already has a sync with these ids: ${JSON.stringify(sync.ids)}`)
    syncs.set(key, sync)
    history.begin(key, sync, since)
  }
  const remove = (key: string, now: number) => {
    const sync = syncs.get(key)
    if (sync === undefined) return
    for (const run of sync.runs) runs.delete(run.id)
    syncs.delete(key)
    history.end(sync, now)
  }
  return {
    syncs,
    runs,
    rules,
    history,
    changes: makeChanges({ history, draw: options.drawChange, addJob, advance, add, remove }),
    add,
    remove,
    runJobs,
    addJob,
    advance,
    advanceAll: (now) => {
      runJobs(now)
      let next = jobs[0]?.at ?? Number.POSITIVE_INFINITY
      for (const sync of syncs.values()) {
        Syncs.advance(rules, sync, now)
        next = Math.min(next, Syncs.nextAt(sync, now))
      }
      return next
    },
    changed: () => {
      for (const listener of listeners) listener()
    },
    listen: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

/** Returns the sync with these ids. Throws where there is none: for controls, whose caller is mistaken then. */
export const requireSync = (world: World, keyOf: (ids: Ids) => string, ids: Ids): Sync => {
  const sync = world.syncs.get(keyOf(ids))
  if (sync === undefined) throw new Error(`This emulator has no sync with these ids: ${JSON.stringify(ids)}`)
  return sync
}
