/** Figures about all syncs. */
import type { Route } from "../engine/dialect.ts"
import { type Incoming, integer } from "../http/incomingRequest.ts"
import { json } from "../http/reply.ts"
import { countsAt, finishedAt, type Run, stateAt } from "../world/run.ts"
import { type Sync, visible } from "../world/sync.ts"
import type { Account } from "./account.ts"
import * as Wire from "./wire.ts"

const day = 24 * 60 * 60 * 1000

export const syncHealth = ({ world, settings, fail }: Account, incoming: Incoming): Route => ({
  operation: "insights",
  handle: ({ now, view }) => {
    const days = integer(incoming.query.get("days") ?? "7")
    if (!(days >= 1)) return fail(400, "invalid days")
    const syncs = [...world.syncs.values()]
    for (const sync of syncs) world.advance(sync, now)
    const isFailing = (sync: Sync) => sync.state === "error" || lastWord(sync, view) === "failed"
    const active = syncs.filter(({ state }) => state === "enabled")
    return json(200, {
      total_syncs: syncs.length,
      active_syncs: active.length,
      healthy_syncs: active.filter((sync) => !isFailing(sync)).length,
      failing_syncs: syncs.filter(isFailing).length,
      paused_syncs: syncs.filter(({ state }) => state === "paused").length,
      syncs: syncs.map((sync) => figures(settings(), sync, view, view - days * day)),
    })
  },
})

const lastOf = (sync: Sync, view: number): Run | undefined => sync.runs[visible(sync, view) - 1]

const lastWord = (sync: Sync, view: number): string => {
  const last = lastOf(sync, view)
  return last === undefined ? "" : Wire.word(last, view)
}

const figures = (set: Wire.Chosen, sync: Sync, view: number, since: number) => {
  const runs = sync.runs.slice(0, visible(sync, view)).filter(({ createdAt }) => createdAt >= since)
  const over = runs.filter((run) => finishedAt(run) <= view)
  const failed = runs.filter((run) => Wire.word(run, view) === "failed")
  const well = over.filter((run) => stateAt(run, view) === "ended" && run.plan.ends === "succeeded")
  const last = lastOf(sync, view)
  const seconds = over.reduce((sum, run) => sum + (finishedAt(run) - Math.min(run.startsAt, finishedAt(run))) / 1000, 0)
  return {
    sync_id: sync.ids["sync"],
    sync_name: sync.name,
    status: Wire.status(sync),
    last_run_status: lastWord(sync, view),
    last_run_at: last === undefined ? null : Wire.timestamp(set, last.createdAt),
    success_rate: over.length === 0 ? 0 : well.length / over.length,
    total_runs: runs.length,
    failed_runs: failed.length,
    avg_duration_seconds: over.length === 0 ? 0 : seconds / over.length,
    total_rows_synced: runs.reduce((sum, run) => sum + countsAt(run, view).succeeded, 0),
  }
}
