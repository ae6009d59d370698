/** RudderStack's dialect: where its API is, what all routes refuse, and its words. */

import type { Dialect, DialectContext } from "../../kit/Dialect.ts"
import { withHeaders } from "../../kit/Reply.ts"
import type { RudderStackSwitches } from "../../RudderStackSwitches.ts"
import { makeAccount } from "./account.ts"
import { makeRoutes } from "./routes.ts"
import { toWireSchedule } from "./schedule.ts"
import * as Sources from "./sources.ts"
import { attributeNames } from "./syncBody.ts"
import * as Syncs from "./syncs.ts"
import * as Wire from "./wire.ts"

export const makeDialect = (context: DialectContext<RudderStackSwitches>, region: "us" | "eu"): Dialect => {
  const { mint, currentSwitches } = context
  const account = makeAccount(context)
  const { fail } = account
  return {
    baseUrl: region === "us" ? "https://api.rudderstack.com" : "https://api.eu.rudderstack.com",
    workspace: { id: mint.ksuid("workspace"), name: "Emulated workspace" },
    routeOf: makeRoutes(account),
    refuse: (status, message) => fail(status, message),
    notFound: () => fail(404, "Not Found"),
    unauthorized: () => fail(401, "Invalid Authorization Header"),
    forbidden: () =>
      fail(Number(currentSwitches().permissionDeniedStatus), "You do not have permission for this resource"),
    tooManyRequests: ({ resetAt }, now) => {
      const reply = fail(429, "Too Many Requests")
      if (currentSwitches().retryAfter === "absent") return reply
      return withHeaders(reply, { "retry-after": String(Math.max(1, Math.ceil((resetAt - now) / 1000))) })
    },
    whenBusy: () => {
      const { overlap } = currentSwitches()
      if (overlap === "queued") return "queues"
      return /^\d/.test(overlap) ? "refuses" : "overlaps"
    },
    newRunId: () => mint.xid("run"),
    addParts: (name, ids) => {
      const source = ids["source"] ?? mint.ksuid("source")
      const destination = ids["destination"] ?? mint.ksuid("destination")
      account.sources.set(source, Sources.defaultSource(account, source, name))
      account.destinations.add(destination)
      return { source, destination }
    },
    newIds: () => ({ connection: mint.ksuid("connection") }),
    defaultAttributes: () => ({ ...Syncs.defaultAttributes }),
    attributeNames,
    noSchedule: undefined,
    toWireSchedule,
    keyOf: (ids) => String(ids["connection"]),
    statusWord: (run, at) => Wire.statusWord(currentSwitches(), run, at),
  }
}
