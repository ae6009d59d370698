/** Figures about all syncs. */

import { type IncomingRequest, parseInteger } from "../../kit/IncomingRequest.ts"
import { json } from "../../kit/Reply.ts"
import type { Route } from "../../kit/Route.ts"
import type { Run, Sync } from "../../kit/Run.ts"
import { countsAt, finishedAt, stateAt } from "../../kit/RunState.ts"
import { visibleRunCount } from "../../kit/Sync.ts"
import type { Account } from "./account.ts"
import * as Wire from "./wire.ts"

const day = 24 * 60 * 60 * 1000

export const syncHealth = ({ world, currentSwitches, fail }: Account, request: IncomingRequest): Route => ({
  operation: "insights",
  handle: ({ now, asOf }) => {
    const days = parseInteger(request.query.get("days") ?? "7")
    if (!(days >= 1)) return fail(400, "invalid days")
    for (const sync of world.syncs.values()) world.advance(sync, now)
    const syncs = world.history.at(asOf)
    const isFailing = (sync: Sync) => sync.state === "error" || lastRunStatus(sync, asOf) === "failed"
    const active = syncs.filter(({ state }) => state === "enabled")
    return json(200, {
      total_syncs: syncs.length,
      active_syncs: active.length,
      healthy_syncs: active.filter((sync) => !isFailing(sync)).length,
      failing_syncs: syncs.filter(isFailing).length,
      paused_syncs: syncs.filter(({ state }) => state === "paused").length,
      syncs: syncs.map((sync) => figuresOf(currentSwitches(), sync, asOf, asOf - days * day)),
    })
  },
})

const lastRunOf = (sync: Sync, asOf: number): Run | undefined => sync.runs[visibleRunCount(sync, asOf) - 1]

const lastRunStatus = (sync: Sync, asOf: number): string => {
  const run = lastRunOf(sync, asOf)
  return run === undefined ? "" : Wire.statusWord(run, asOf)
}

/** The figures of one sync, over the runs created since `since`. */
const figuresOf = (switches: Wire.SwitchSettings, sync: Sync, asOf: number, since: number) => {
  const runs = sync.runs.slice(0, visibleRunCount(sync, asOf)).filter(({ createdAt }) => createdAt >= since)
  const finished = runs.filter((run) => finishedAt(run) <= asOf)
  const failed = runs.filter((run) => Wire.statusWord(run, asOf) === "failed")
  const succeeded = finished.filter((run) => stateAt(run, asOf) === "ended" && run.plan.ends === "succeeded")
  const lastRun = lastRunOf(sync, asOf)
  const seconds = finished.reduce(
    (sum, run) => sum + (finishedAt(run) - Math.min(run.startsAt, finishedAt(run))) / 1000,
    0,
  )
  return {
    sync_id: sync.ids["sync"],
    sync_name: sync.name,
    status: Wire.syncStatus(sync),
    last_run_status: lastRunStatus(sync, asOf),
    last_run_at: lastRun === undefined ? null : Wire.timestamp(switches, lastRun.createdAt),
    success_rate: finished.length === 0 ? 0 : succeeded.length / finished.length,
    total_runs: runs.length,
    failed_runs: failed.length,
    avg_duration_seconds: finished.length === 0 ? 0 : seconds / finished.length,
    total_rows_synced: runs.reduce((sum, run) => sum + countsAt(run, asOf).succeeded, 0),
  }
}
