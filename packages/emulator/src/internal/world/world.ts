/** What one emulator knows: its syncs and runs, and the writes still on their way. */
import type { Ids } from "../../Emulator.ts"
import type { DefaultPlan } from "../../RunPlan.ts"
import { complete } from "./plan.ts"
import type { Random } from "./random.ts"
import type { Run } from "./run.ts"
import * as Syncs from "./sync.ts"

interface Job {
  readonly at: number
  readonly run: () => void
}

export interface World {
  readonly syncs: ReadonlyMap<string, Syncs.Sync>
  readonly runs: ReadonlyMap<string, Run>
  readonly rules: Syncs.SyncRules
  readonly add: (key: string, sync: Syncs.Sync) => void
  /** A deleted sync starts nothing any more; its runs are gone with it. */
  readonly remove: (key: string) => void
  /** Carries out what is due by `now`: writes that commit late. */
  readonly settle: (now: number) => void
  readonly later: (at: number, run: () => void) => void
  readonly advance: (sync: Syncs.Sync, now: number) => void
}

export const makeWorld = (options: {
  readonly random: Random
  readonly plan: DefaultPlan | undefined
  readonly newRunId: () => string
  readonly serial: () => boolean
  readonly exclusive: () => boolean
}): World => {
  const syncs = new Map<string, Syncs.Sync>()
  const runs = new Map<string, Run>()
  const jobs: Array<Job> = []
  const { plan } = options
  const fixed = typeof plan === "function" ? undefined : complete(plan ?? {})
  const rules: Syncs.SyncRules = {
    newRunId: options.newRunId,
    defaultPlan: () => fixed ?? complete(typeof plan === "function" ? plan(options.random) : {}),
    random: options.random,
    serial: options.serial,
    exclusive: options.exclusive,
    created: (run) => {
      runs.set(run.id, run)
    },
  }
  const settle = (now: number) => {
    for (let job = jobs[0]; job !== undefined && job.at <= now; job = jobs[0]) {
      jobs.shift()
      job.run()
    }
  }
  return {
    syncs,
    runs,
    rules,
    add: (key, sync) => {
      if (syncs.has(key)) throw new Error(`this emulator has such a sync already: ${JSON.stringify(sync.ids)}`)
      syncs.set(key, sync)
    },
    remove: (key) => {
      for (const run of syncs.get(key)?.runs ?? []) runs.delete(run.id)
      syncs.delete(key)
    },
    settle,
    later: (at, run) => {
      let index = jobs.length
      while (index > 0 && (jobs[index - 1]?.at ?? 0) > at) index--
      jobs.splice(index, 0, { at, run })
    },
    advance: (sync, now) => Syncs.advance(rules, sync, now),
  }
}

/** Finds a sync by ids, or says which are missing: for controls, where that is a mistake in the test. */
export const syncOf = (world: World, key: (ids: Ids) => string, ids: Ids): Syncs.Sync => {
  const sync = world.syncs.get(key(ids))
  if (sync === undefined) throw new Error(`no such sync in this emulator: ${JSON.stringify(ids)}`)
  return sync
}
