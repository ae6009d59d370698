/** Executions: starts, reads, lists and cancels. */
import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import * as PageRequest from "../../kit/PageRequest.ts"
import { json, jsonText, type Reply } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import type { Run, Sync } from "../../kit/Run.ts"
import { finishedAt, stopRun } from "../../kit/RunState.ts"
import { pageOfRuns } from "../../kit/Sync.ts"
import { isoMillis } from "../../kit/Timestamp.ts"
import type { Account } from "./account.ts"
import * as Wire from "./wire.ts"

/** Returns the scope of a start, or the refusal of its body. A test run has a scope of its own. */
const scopeOf = ({ fail }: Account, { body: text }: IncomingRequest): string | Reply => {
  const body = text === undefined || text === "" ? {} : parseObject(text)
  if (body === undefined) return fail(400, "invalid JSON")
  const { resync = false, test = false, identities = [], ...others } = body
  const isValid = typeof resync === "boolean" && typeof test === "boolean" && Array.isArray(identities)
  if (!isValid || Object.keys(others).length > 0) return fail(400, "invalid request body")
  const scopes = [...(resync ? ["full"] : []), ...(test ? ["test"] : []), ...(identities.length > 0 ? ["partial"] : [])]
  return scopes.join("+") || "incremental"
}

export const start = (account: Account, sync: Sync | undefined, request: IncomingRequest): Route => ({
  operation: "start",
  sync,
  handle: (context) => {
    const { fail, currentSwitches, startRun } = account
    const switches = currentSwitches()
    if (!Wire.keyForm.test(request.header("idempotency-key") ?? "a-valid-key"))
      return fail(400, "invalid Idempotency-Key")
    if (sync === undefined) return fail(404, "sync not found")
    const scope = scopeOf(account, request)
    if (typeof scope !== "string") return scope
    if (sync.state !== "enabled" && switches.triggerWhenInactive !== "runs") {
      return fail(Number(switches.triggerWhenInactive), "sync is not active")
    }
    if (sync.liveRuns.length > 0 && switches.overlap === "refused") {
      return Wire.conflict(switches, "sync_already_running", "The sync is already running")
    }
    const run = startRun(sync, context, { scope })
    return json(200, { data: { created_at: isoMillis(run.createdAt), id: run.id, status: "created" } })
  },
})

/** Returns the execution of the sync that exists at `at`. */
const find = ({ world }: Account, sync: Sync | undefined, id: string, at: number): Run | undefined => {
  const run = world.runs.get(id)
  return run !== undefined && run.sync === sync && run.createdAt <= at ? run : undefined
}

export const get = (account: Account, sync: Sync | undefined, id: string): Route => ({
  operation: "get",
  sync,
  handle: ({ asOf }) => {
    const switches = account.currentSwitches()
    if (sync === undefined) return account.fail(404, "sync not found")
    const run = find(account, sync, id, asOf)
    return run === undefined
      ? account.fail(Number(switches.unknownRun), "execution not found")
      : jsonText(200, `{"data":${Wire.runText(switches, run, asOf)}}`)
  },
})

export const list = (account: Account, sync: Sync | undefined, request: IncomingRequest): Route => ({
  operation: "list",
  sync,
  handle: (context) =>
    sync === undefined ? account.fail(404, "sync not found") : listRuns(account, sync, request, context),
})

const listRuns = (account: Account, sync: Sync, { query }: IncomingRequest, { asOf }: RequestContext): Reply => {
  const switches = account.currentSwitches()
  const size = Number(switches.executionsPageSize)
  const request = PageRequest.ofToken(query, { from: "page_token", size: "", defaultSize: size })
  if (request === undefined) return account.fail(400, "invalid page_token")
  const { runs, total } = pageOfRuns(sync, asOf, {
    isNewestFirst: query.get("ascending") !== "true",
    ...request,
    ...(query.get("only_completed") === "true" && { matches: (run: Run) => finishedAt(run) <= asOf }),
  })
  const texts = runs.map((run) => Wire.runText(switches, run, asOf))
  return Wire.listReply(
    switches,
    texts,
    request.offset + runs.length < total ? request.offset + runs.length : undefined,
  )
}

export const cancel = (account: Account, sync: Sync | undefined, id: string): Route => ({
  operation: "cancel",
  sync,
  handle: ({ now }) => {
    const { fail, currentSwitches, stopTakes } = account
    const run = find(account, sync, id, now)
    if (run === undefined) return fail(404, sync === undefined ? "sync not found" : "execution not found")
    const { cancelWhenOver } = currentSwitches()
    const isOver = finishedAt(run) <= now
    if (isOver && cancelWhenOver !== "200") return fail(Number(cancelWhenOver), "execution is not running")
    if (!isOver) stopRun(run, now, stopTakes)
    return json(200, { data: { message: "cancellation requested" } })
  },
})
