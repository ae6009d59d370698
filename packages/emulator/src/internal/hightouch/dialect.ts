/** Hightouch's dialect: where its API is, its routes, what all of them refuse, and its words. */

import type { HightouchSwitches } from "../../HightouchSwitches.ts"
import type { Dialect, DialectContext } from "../../kit/Dialect.ts"
import { withHeaders } from "../../kit/Reply.ts"
import * as Route from "../../kit/Route.ts"
import { makeAccount } from "./account.ts"
import * as Runs from "./runs.ts"
import { toWireSchedule } from "./schedule.ts"
import * as Syncs from "./syncs.ts"
import * as Wire from "./wire.ts"

export const makeDialect = (context: DialectContext<HightouchSwitches>): Dialect => {
  const { mint, currentSwitches } = context
  const workspace = { id: mint.digits("workspace"), name: "Emulated workspace" }
  const account = makeAccount(context, workspace.id)
  const { fail } = account
  const syncOf = ({ sync = "" }: Readonly<Record<string, string>>) => account.world.syncs.get(sync)
  return {
    baseUrl: "https://api.hightouch.com",
    workspace,
    routeOf: Route.table({
      "GET /api/v1/syncs": (request) => Syncs.list(account, request),
      "POST /api/v1/syncs": (request) => Syncs.create(account, request),
      "GET /api/v1/syncs/{sync}": (_, ids) => Syncs.get(account, syncOf(ids), ids["sync"] ?? ""),
      "PATCH /api/v1/syncs/{sync}": (request, ids) => Syncs.update(account, syncOf(ids), request),
      "POST /api/v1/syncs/{sync}/trigger": (request, ids) => Runs.start(account, syncOf(ids), request),
      "GET /api/v1/syncs/{sync}/runs": (request, ids) => Runs.list(account, syncOf(ids), request),
    }),
    notFound: () => fail(404, "Not found"),
    unauthorized: () => fail(401, "Authentication error", "Token is invalid"),
    forbidden: () => fail(Number(currentSwitches().permissionDeniedStatus), "Forbidden", "Missing permission"),
    tooManyRequests: ({ resetAt }, now) => {
      const reply = fail(429, "Too many requests", "Rate limit exceeded")
      if (currentSwitches().retryAfter === "absent") return reply
      return withHeaders(reply, { "retry-after": String(Math.max(1, Math.ceil((resetAt - now) / 1000))) })
    },
    whenBusy: () => "queues",
    addParts: (_, ids) => {
      const model = ids["model"] ?? mint.digits("model")
      const destination = ids["destination"] ?? mint.digits("destination")
      account.parts.models.add(model)
      account.parts.destinations.add(destination)
      return { model, destination }
    },
    newIds: () => ({ sync: mint.digits("sync") }),
    defaultAttributes: () => Syncs.defaultAttributes,
    attributeNames: Syncs.attributeNames,
    noSchedule: undefined,
    toWireSchedule,
    statusWord: (run, at) => Wire.statusWord(currentSwitches(), run, at),
  }
}
