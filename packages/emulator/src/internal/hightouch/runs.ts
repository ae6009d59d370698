/** Runs: triggers, and the list that also reads one run. */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { type IncomingRequest, parseInteger, parseObject } from "../../kit/IncomingRequest.ts"
import * as PageRequest from "../../kit/PageRequest.ts"
import { json, jsonArray, jsonText, type Reply } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import type { Run, Sync } from "../../kit/Run.ts"
import { stateAt } from "../../kit/RunState.ts"
import { pageOfRuns } from "../../kit/Sync.ts"
import type { Account } from "./account.ts"
import * as Wire from "./wire.ts"

/** The resets of a trigger, with the scopes that they stand for. */
const scopesByFlag: ReadonlyMap<string, string> = new Map([
  ["fullResync", "full"],
  ["resetCDC", "resetCDC"],
  ["clearAndFill", "clearAndFill"],
])

/** Returns the scope of a trigger, or the refusal of its body. */
const scopeOf = ({ fail, invalid }: Account, { body: text }: IncomingRequest): string | Reply => {
  if (text === undefined || text === "") return "incremental"
  const body = parseObject(text)
  if (body === undefined) return fail(400, "Bad request")
  const wrong = Object.entries(body).filter(([name, value]) => !scopesByFlag.has(name) || typeof value !== "boolean")
  if (wrong.length > 0) {
    return invalid(Object.fromEntries(wrong.map(([name]) => [`body.${name}`, { message: "invalid value" }])))
  }
  const scopes = Array.from(scopesByFlag).flatMap(([name, scope]) => (body[name] === true ? [scope] : []))
  return scopes.join("+") || "incremental"
}

export const start = (account: Account, sync: Sync | undefined, request: IncomingRequest): Route => ({
  operation: "start",
  sync,
  handle: (context) => {
    if (sync === undefined) return account.syncNotFound()
    const switches = account.currentSwitches()
    const scope = scopeOf(account, request)
    if (typeof scope !== "string") return scope
    if (Wire.isDisabled(sync) && switches.triggerWhenDisabled !== "runs") {
      const status = switches.refusalInSuccess === "yes" ? 200 : Number(switches.triggerWhenDisabled)
      return account.fail(status, "Validation failed", { syncId: { message: "sync is disabled" } })
    }
    const waiting = sync.liveRuns.find((run) => stateAt(run, context.now) === "queued")
    const run =
      waiting !== undefined && sync.liveRuns.length > 1 && switches.furtherTrigger === "same-run"
        ? waiting
        : account.startRun(sync, context, { scope })
    return json(200, { id: Wire.triggeredId(switches, run.id) })
  },
})

export const list = (account: Account, sync: Sync | undefined, request: IncomingRequest): Route => {
  const runId = request.query.get("runId")
  const refuseUnknownSync = () =>
    account.currentSwitches().unknownSyncRuns === "empty" ? page([], false) : account.syncNotFound()
  return {
    operation: runId === null ? "list" : "get",
    sync,
    handle: (context) => {
      if (sync === undefined) return refuseUnknownSync()
      return runId === null ? listRuns(account, sync, request, context) : getRun(account, sync, runId, context)
    },
  }
}

const page = (texts: ReadonlyArray<string>, hasMore: boolean): Reply =>
  jsonText(200, `{"data":${jsonArray(texts)},"hasMore":${hasMore}}`)

const getRun = (account: Account, sync: Sync, id: string, { asOf }: RequestContext): Reply => {
  const switches = account.currentSwitches()
  if (!/^\d+$/.test(id)) return account.invalid({ "request.query.runId": { message: "invalid float number" } })
  const run = account.world.runs.get(id)
  if (run !== undefined && run.sync === sync && run.createdAt <= asOf) {
    return page([Wire.runText(switches, run, asOf)], false)
  }
  if (switches.unknownRun === "empty") return page([], false)
  return switches.unknownRun === "404"
    ? account.fail(404, "Not found", "run not found")
    : account.invalid({ runId: { message: "run not found" } })
}

const listRuns = (account: Account, sync: Sync, { query }: IncomingRequest, { now, asOf }: RequestContext): Reply => {
  const switches = account.currentSwitches()
  const request = pageRequest(account, query)
  if ("status" in request) return request
  const [after, before] = [parseInstant(query.get("after")), parseInstant(query.get("before"))]
  const within = query.get("within")
  const since = Math.max(after ?? 0, within === null ? 0 : now - parseInteger(within) * 60_000)
  if (Number.isNaN(since) || Number.isNaN(before ?? 0)) {
    return account.invalid({ "request.query": { message: "invalid ISO 8601 datetime format" } })
  }
  const isFiltered = since > 0 || before !== undefined
  const { offset, limit } = request
  const { runs, total } = pageOfRuns(sync, asOf, {
    isNewestFirst: switches.runOrder === "newest-first",
    offset,
    limit,
    ...(isFiltered && { matches: (run: Run) => run.startsAt > since && run.startsAt < (before ?? Infinity) }),
  })
  return page(
    runs.map((run) => Wire.runText(switches, run, asOf)),
    offset + runs.length < total,
  )
}

/** Reads the page that a query wants, or returns its refusal. */
export const pageRequest = (
  { currentSwitches, invalid }: Account,
  query: URLSearchParams,
): PageRequest.PageRequest | Reply => {
  const { pageSize } = currentSwitches()
  const request = PageRequest.ofOffset(query, {
    from: "offset",
    size: "limit",
    defaultSize: 100,
    ...(pageSize !== "unlimited" && { maxSize: Number(pageSize) }),
  })
  return request ?? invalid({ "request.query": { message: "invalid float number" } })
}

/** Returns `NaN` where the text is not a time. */
const parseInstant = (text: string | null): number | undefined => {
  if (text === null) return undefined
  return Option.match(DateTime.make(text), { onNone: () => Number.NaN, onSome: DateTime.toEpochMillis })
}
