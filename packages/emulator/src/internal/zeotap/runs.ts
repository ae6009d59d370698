/** Runs: triggering, reading one, and listing them. */
import type { Moment, Route } from "../engine/dialect.ts"
import type { Incoming } from "../http/incomingRequest.ts"
import { jsonText } from "../http/reply.ts"
import { create, page, type Sync } from "../world/sync.ts"
import type { Account } from "./account.ts"
import * as Wire from "./wire.ts"

export const trigger = ({ world, settings, names, fail, noSync }: Account, sync: Sync | undefined): Route => ({
  operation: "start",
  sync,
  handle: ({ now, call }: Moment) => {
    const set = settings()
    if (sync === undefined) return noSync()
    if (sync.state !== "enabled" && set.triggerWhenPaused !== "runs") {
      return fail(Number(set.triggerWhenPaused), `sync is ${sync.state}`)
    }
    if (sync.live.length > 0 && set.overlap !== "queue") {
      return fail(Number(set.overlap), "a run is already in progress for this sync")
    }
    const run = create(world.rules, sync, now, "call", { call })
    // The answer describes the run before anything happened to it: pending, whatever its plan says.
    return jsonText(201, Wire.runText(set, run, Number.NEGATIVE_INFINITY, names))
  },
})

export const get = (account: Account, sync: Sync | undefined, id: string): Route => ({
  operation: "get",
  sync,
  handle: ({ view }) => {
    const { world, settings, names, fail, noSync } = account
    if (sync === undefined) return noSync()
    const run = world.runs.get(id)
    return run === undefined || run.sync !== sync || run.createdAt > view
      ? fail(Number(settings().unknownRun), "run not found")
      : jsonText(200, Wire.runText(settings(), run, view, names))
  },
})

export const list = (account: Account, sync: Sync | undefined, incoming: Incoming): Route => ({
  operation: "list",
  sync,
  handle: ({ view }) => {
    const { settings, names, noSync, listed } = account
    const set = settings()
    if (sync === undefined) return noSync()
    return listed(incoming, (newest, offset, limit) => {
      const newestFirst = set.runOrder === "newest-first"
      // A bare array holds the newest runs, in whichever order.
      const found = page(sync, view, { newestFirst: newest || newestFirst, offset, limit })
      const rows = newest && !newestFirst ? found.rows.slice().reverse() : found.rows
      return { total: found.total, rows: rows.map((run) => Wire.runText(set, run, view, names)) }
    })
  },
})
