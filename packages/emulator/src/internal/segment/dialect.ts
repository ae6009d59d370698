/** Segment's dialect: where its API is, what all routes refuse, and its words. */

import type { Dialect, DialectContext } from "../../kit/Dialect.ts"
import type { LimitState } from "../../kit/LimitState.ts"
import { type Reply, withHeaders } from "../../kit/Reply.ts"
import { rfc5322 } from "../../kit/Timestamp.ts"
import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import { keyOf, makeAccount } from "./account.ts"
import { makeRoutes } from "./routes.ts"
import { toWireSchedule } from "./schedule.ts"
import * as Syncs from "./syncs.ts"
import * as Wire from "./wire.ts"

export const makeDialect = (context: DialectContext<SegmentSwitches>, region: "us" | "eu"): Dialect => {
  const { mint, currentSwitches } = context
  const workspace = { id: mint.short("workspace"), name: "Emulated workspace" }
  const account = makeAccount(context)
  return {
    baseUrl: region === "us" ? "https://api.segmentapis.com" : "https://eu1.api.segmentapis.com",
    workspace,
    routeOf: makeRoutes(account, workspace),
    refuse: (status, message) => Wire.refusal(String(status), message),
    notFound: () => Wire.failure(404, { type: "not-found", message: "Not found.", data: null }),
    unauthorized: () => Wire.refusal(currentSwitches().unauthorizedStatus, "The token is missing or not valid."),
    forbidden: () => Wire.refusal(currentSwitches().permissionDeniedStatus, "The token does not have permission."),
    tooManyRequests: (limit, now) => tooManyRequests(limit, now, currentSwitches().rateHeadersOn429 === "present"),
    successHeaders: rateHeaders,
    whenBusy: () => (currentSwitches().overlap === "new-run" ? "overlaps" : "refuses"),
    newRunId: () => mint.digits("run"),
    addParts: account.addParts,
    newIds: (parts) => ({
      source: parts["source"] ?? "",
      model: parts["model"] ?? "",
      subscription: mint.short("subscription"),
    }),
    defaultAttributes: () => Syncs.defaultAttributes,
    attributeNames: ["trigger", "settings"],
    noSchedule: { strategy: "MANUAL" },
    toWireSchedule,
    keyOf: (ids) => keyOf(ids["model"], ids["subscription"]),
    statusWord: (run, at) => Wire.statusWord(currentSwitches(), run, at),
  }
}

const rateHeaders = ({ consumed, remaining, resetAt }: LimitState) => ({
  "x-ratelimit-consumed": String(consumed),
  "x-ratelimit-remaining": String(remaining),
  "x-ratelimit-reset": rfc5322(Math.ceil(resetAt / 1000) * 1000),
})

const tooManyRequests = (state: LimitState, now: number, hasRateHeaders: boolean): Reply => {
  const waitMillis = Math.max(1, Math.ceil(state.resetAt - now))
  const reply = Wire.failure(429, {
    type: "RequestError",
    message: "Too many requests",
    data: { remainingPoints: 0, msBeforeNext: waitMillis, consumedPoints: state.limit.requests + 1 },
  })
  return withHeaders(reply, {
    ...(hasRateHeaders && rateHeaders(state)),
    ...(state.limit.operations === "all" && { "retry-after": String(Math.ceil(waitMillis / 1000)) }),
  })
}
