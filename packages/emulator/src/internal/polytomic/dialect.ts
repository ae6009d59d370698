/** Polytomic's dialect: where its API is, its routes, what all of them refuse, its idempotency keys, and its words. */
import type { Dialect, DialectContext } from "../../kit/Dialect.ts"
import type { IncomingRequest } from "../../kit/IncomingRequest.ts"
import { json, withHeaders } from "../../kit/Reply.ts"
import * as Route from "../../kit/Route.ts"
import type { PolytomicSwitches } from "../../PolytomicSwitches.ts"
import { makeAccount } from "./account.ts"
import * as Runs from "./runs.ts"
import * as Schedules from "./schedule.ts"
import * as Syncs from "./syncs.ts"
import * as Wire from "./wire.ts"

/** The versions of the API that a request may name. */
const versions = ["2025-09-18"]

export const makeDialect = (context: DialectContext<PolytomicSwitches>): Dialect => {
  const { mint, currentSwitches } = context
  const workspace = { id: mint.uuid("organization"), name: "Emulated organization" }
  const account = makeAccount(context, workspace.id)
  const { fail } = account
  const syncOf = ({ sync = "" }: Readonly<Record<string, string>>) => account.world.syncs.get(sync)
  const routes = Route.table({
    "GET /api/me": () => ({
      operation: "identity",
      handle: () =>
        json(200, { data: { organization_id: workspace.id, organization_name: workspace.name, is_user: true } }),
    }),
    "GET /api/syncs": (request) => Syncs.list(account, request),
    "GET /api/syncs/{sync}": (_, ids) => Syncs.get(account, syncOf(ids), ids["sync"] ?? ""),
    "PUT /api/syncs/{sync}": (request, ids) => Syncs.update(account, syncOf(ids), request),
    "DELETE /api/syncs/{sync}": (_, ids) => Syncs.remove(account, syncOf(ids)),
    "POST /api/syncs/{sync}/activate": (request, ids) => Syncs.activate(account, syncOf(ids), request),
    "POST /api/syncs/{sync}/executions": (request, ids) => Runs.start(account, syncOf(ids), request),
    "GET /api/syncs/{sync}/executions": (request, ids) => Runs.list(account, syncOf(ids), request),
    "GET /api/syncs/{sync}/executions/{run}": (_, ids) => Runs.get(account, syncOf(ids), ids["run"] ?? ""),
    "POST /api/syncs/{sync}/executions/{run}/cancel": (_, ids) => Runs.cancel(account, syncOf(ids), ids["run"] ?? ""),
  })
  return {
    baseUrl: "https://app.polytomic.com",
    workspace,
    routeOf: (request) => {
      const route = routes(request)
      if (route === undefined || versions.includes(request.header("x-polytomic-version") ?? "")) return route
      return { ...route, handle: () => fail(400, "X-Polytomic-Version is missing or not supported") }
    },
    notFound: () => fail(404, "not found"),
    unauthorized: () => fail(401, "unauthorized"),
    forbidden: () => fail(Number(currentSwitches().permissionDeniedStatus), "permission denied"),
    tooManyRequests: ({ resetAt }, now) => {
      const reply = fail(429, "too many requests")
      const header = currentSwitches().rateLimitHeader
      if (header === "absent") return reply
      const seconds =
        header === "retry-after" ? Math.max(1, Math.ceil((resetAt - now) / 1000)) : Math.ceil(resetAt / 1000)
      return withHeaders(reply, { [header]: String(seconds) })
    },
    idempotencyKeys: {
      keyOf: (request: IncomingRequest) => {
        const key = request.header("idempotency-key")
        return request.method === "POST" && key !== undefined && Wire.keyForm.test(key) ? key : undefined
      },
      keptFor: "24 hours",
      inFlight: () =>
        Wire.conflict(currentSwitches(), "idempotency_key_in_use", "A request with this key is in progress"),
      otherRequest: () => {
        const { keyReuse } = currentSwitches()
        return keyReuse === "replayed"
          ? undefined
          : fail(Number(keyReuse), "This idempotency key was used with another request", "idempotency_key_reused")
      },
    },
    whenBusy: () =>
      (({ refused: "refuses", queued: "queues", overlaps: "overlaps" }) as const)[currentSwitches().overlap],
    newRunId: () => mint.uuid("execution"),
    addParts: (_, ids) => ({
      model: ids["model"] ?? mint.uuid("model"),
      connection: ids["connection"] ?? mint.uuid("connection"),
    }),
    newIds: () => ({ sync: mint.uuid("sync") }),
    defaultAttributes: () => Syncs.defaultAttributes,
    attributeNames: Syncs.attributeNames,
    noSchedule: Schedules.none,
    toWireSchedule: Schedules.toWireSchedule,
    statusWord: (run, at) => Wire.statusWord(currentSwitches(), run, at),
  }
}
