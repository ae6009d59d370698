/** Runs: triggers, reads, lists and cancels. */
import type { IncomingRequest } from "../../kit/IncomingRequest.ts"
import { json, jsonText } from "../../kit/Reply.ts"
import type { Route } from "../../kit/Route.ts"
import type { Sync } from "../../kit/Run.ts"
import { finishedAt, stopRun } from "../../kit/RunState.ts"
import { pageOfRuns } from "../../kit/Sync.ts"
import { type Account, listReply, pageRequest } from "./account.ts"
import * as Wire from "./wire.ts"

/** How long a run waits before it is skipped, at `skipped-later`, in milliseconds. */
const skippedAfter = 3_000

export const start = (account: Account, sync: Sync | undefined, { query }: IncomingRequest): Route => ({
  operation: "start",
  sync,
  handle: (context) => {
    const { currentSwitches, fail, startRun } = account
    const { overlap, triggerWhenPaused } = currentSwitches()
    // The documents have this 404.
    if (sync === undefined) return fail(404, "sync not found")
    const full = query.get("force_full_sync") ?? "false"
    if (full !== "true" && full !== "false") return fail(400, "force_full_sync is invalid")
    if (Wire.isPaused(sync) && triggerWhenPaused !== "runs") {
      return fail(Number(triggerWhenPaused), sync.state === "draft" ? "sync is not ready" : "sync is paused")
    }
    if (overlap === "409" && sync.liveRuns.length > 0) return fail(409, "sync is already running")
    const run = startRun(sync, context, { scope: full === "true" ? "full" : "incremental" })
    if (run.isSkipped && overlap === "skipped-later") run.endsAt = context.now + skippedAfter
    return json(200, { status: "success", data: { sync_run_id: Wire.idOf(currentSwitches(), run.id) } })
  },
})

export const list = (account: Account, sync: Sync | undefined, request: IncomingRequest): Route => ({
  operation: "list",
  sync,
  handle: ({ asOf }) => {
    const switches = account.currentSwitches()
    const page = pageRequest(account, request.query)
    if ("status" in page) return page
    if (sync === undefined) {
      if (switches.unknownSync !== "empty-runs") return account.syncNotFound()
      return listReply(account, request, page, { texts: [], total: 0 })
    }
    const { runs, total } = pageOfRuns(sync, asOf, page)
    return listReply(account, request, page, { texts: runs.map((run) => Wire.runText(switches, run, asOf)), total })
  },
})

export const get = ({ world, currentSwitches, fail }: Account, id: string): Route => {
  const run = world.runs.get(id)
  return {
    operation: "get",
    sync: run?.sync,
    handle: ({ asOf }) => {
      const switches = currentSwitches()
      return run === undefined || run.createdAt > asOf
        ? fail(Number(switches.unknownRun), "sync run not found")
        : jsonText(200, `{"status":"success","data":${Wire.runText(switches, run, asOf)}}`)
    },
  }
}

export const cancel = ({ world, currentSwitches, fail, stopTakes }: Account, id: string): Route => {
  const run = world.runs.get(id)
  return {
    operation: "cancel",
    sync: run?.sync,
    handle: ({ now }) => {
      // The documents have this 404.
      if (run === undefined) return fail(404, "sync run not found")
      const { cancelWhenEnded } = currentSwitches()
      if (finishedAt(run) > now) stopRun(run, now, stopTakes)
      else if (cancelWhenEnded !== "200") return fail(Number(cancelWhenEnded), "sync run has already completed")
      return json(200, { status: "cancelled", data: {} })
    },
  }
}
