/** The dialect of Fivetran Activations: where its API is, its routes, what all of them refuse, and its words. */
import type { FivetranActivationsSwitches } from "../../FivetranActivationsSwitches.ts"
import type { Dialect, DialectContext } from "../../kit/Dialect.ts"
import { withHeaders } from "../../kit/Reply.ts"
import * as Route from "../../kit/Route.ts"
import { httpDate } from "../../kit/Timestamp.ts"
import { makeAccount } from "./account.ts"
import * as Runs from "./runs.ts"
import { never, toWireSchedule } from "./schedule.ts"
import * as Syncs from "./syncs.ts"
import * as Wire from "./wire.ts"

export const makeDialect = (context: DialectContext<FivetranActivationsSwitches>): Dialect => {
  const { mint, currentSwitches } = context
  const group = { id: `group_${mint.digits("group")}`, name: "Emulated group" }
  const account = makeAccount(context, group.id)
  const { fail, world } = account
  const syncOf = ({ sync = "" }: Readonly<Record<string, string>>) => world.syncs.get(sync)
  return {
    baseUrl: "https://app.getcensus.com",
    workspace: group,
    routeOf: Route.table({
      "GET /api/v2/syncs": (request) => Syncs.list(account, request),
      "GET /api/v2/syncs/{sync}": (_, ids) => Syncs.get(account, syncOf(ids), ids["sync"] ?? ""),
      "PATCH /api/v2/syncs/{sync}": (request, ids) => Syncs.update(account, syncOf(ids), request),
      "DELETE /api/v2/syncs/{sync}": (_, ids) => Syncs.remove(account, syncOf(ids)),
      "POST /api/v2/syncs/{sync}/trigger": (request, ids) => Runs.start(account, syncOf(ids), request),
      "GET /api/v2/syncs/{sync}/sync_runs": (request, ids) => Runs.list(account, syncOf(ids), request),
      "GET /api/v2/sync_runs/{run}": (_, ids) => Runs.get(account, ids["run"] ?? ""),
      "POST /api/v2/sync_runs/{run}/cancel": (_, ids) => Runs.cancel(account, ids["run"] ?? ""),
    }),
    refuse: fail,
    notFound: () => fail(404, "not found"),
    unauthorized: () => fail(401, "unauthorized"),
    forbidden: () => fail(Number(currentSwitches().permissionDeniedStatus), "permission denied"),
    tooManyRequests: ({ resetAt }, now) => {
      const reply = fail(429, "too many requests")
      const { retryAfter } = currentSwitches()
      if (retryAfter === "absent") return reply
      const wait =
        retryAfter === "seconds"
          ? String(Math.max(1, Math.ceil((resetAt - now) / 1000)))
          : httpDate(Math.ceil(resetAt / 1000) * 1000)
      return withHeaders(reply, { "retry-after": wait })
    },
    whenBusy: () => {
      const { overlap } = currentSwitches()
      if (overlap === "409") return "refuses"
      return overlap === "queued" ? "queues" : "skips"
    },
    addParts: (_, ids) => ({
      source: ids["source"] ?? mint.digits("source"),
      destination: ids["destination"] ?? mint.digits("destination"),
    }),
    newIds: () => ({ sync: mint.digits("sync") }),
    defaultAttributes: () => Syncs.defaultAttributes,
    attributeNames: Syncs.attributeNames,
    noSchedule: never,
    toWireSchedule,
    statusWord: Wire.truthWord,
  }
}
