/** Runs: start, read and list. */

import type { IncomingRequest } from "../../kit/IncomingRequest.ts"
import { jsonText } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import type { Sync } from "../../kit/Run.ts"
import { createRun, pageOfRuns } from "../../kit/Sync.ts"
import type { Account } from "./account.ts"
import { listReply } from "./pages.ts"
import * as Wire from "./wire.ts"

export const start = (
  { world, currentSwitches, owners, fail, syncNotFound }: Account,
  sync: Sync | undefined,
): Route => ({
  operation: "start",
  sync,
  handle: ({ now, call }: RequestContext) => {
    const switches = currentSwitches()
    if (sync === undefined) return syncNotFound()
    if (sync.state !== "enabled" && switches.triggerWhenPaused !== "runs") {
      return fail(Number(switches.triggerWhenPaused), `sync is ${sync.state}`)
    }
    if (sync.liveRuns.length > 0 && switches.overlap !== "queue") {
      return fail(Number(switches.overlap), "a run is already in progress for this sync")
    }
    const run = createRun(world.rules, sync, now, "call", { call })
    // The answer shows the run as it was before it started: pending, whatever its plan.
    return jsonText(201, Wire.runText(switches, run, Number.NEGATIVE_INFINITY, owners))
  },
})

export const get = (account: Account, sync: Sync | undefined, id: string): Route => ({
  operation: "get",
  sync,
  handle: ({ asOf }) => {
    const { world, currentSwitches, owners, fail, syncNotFound } = account
    if (sync === undefined) return syncNotFound()
    const run = world.runs.get(id)
    return run === undefined || run.sync !== sync || run.createdAt > asOf
      ? fail(Number(currentSwitches().unknownRun), "run not found")
      : jsonText(200, Wire.runText(currentSwitches(), run, asOf, owners))
  },
})

export const list = (account: Account, sync: Sync | undefined, request: IncomingRequest): Route => ({
  operation: "list",
  sync,
  handle: ({ asOf }) => {
    const { currentSwitches, owners, syncNotFound } = account
    const switches = currentSwitches()
    if (sync === undefined) return syncNotFound()
    return listReply(account, request, ({ isNewestOnly, offset, limit }) => {
      const isNewestFirst = switches.runOrder === "newest-first"
      const page = pageOfRuns(sync, asOf, { isNewestFirst: isNewestOnly || isNewestFirst, offset, limit })
      const runs = isNewestOnly && !isNewestFirst ? page.runs.slice().reverse() : page.runs
      return { total: page.total, texts: runs.map((run) => Wire.runText(switches, run, asOf, owners)) }
    })
  },
})
