/** Zeotap's dialect: where its API is, what all routes refuse, and its words. */

import type { Dialect, DialectContext } from "../../kit/Dialect.ts"
import type { IncomingRequest } from "../../kit/IncomingRequest.ts"
import { type Reply, withHeaders } from "../../kit/Reply.ts"
import { httpDate } from "../../kit/Timestamp.ts"
import type { ZeotapSwitches } from "../../ZeotapSwitches.ts"
import { makeAccount } from "./account.ts"
import { makeParts } from "./parts.ts"
import { makeRoutes } from "./routes.ts"
import { toWireSchedule } from "./schedule.ts"
import { attributeNames } from "./syncBody.ts"
import * as Syncs from "./syncs.ts"
import * as Wire from "./wire.ts"

export const makeDialect = (context: DialectContext<ZeotapSwitches>, workspaceId: string | undefined): Dialect => {
  const { mint, currentSwitches } = context
  const workspace = { id: workspaceId ?? mint.uuid("workspace"), name: "Emulated workspace" }
  const account = makeAccount(context, workspace.id)
  const parts = makeParts(account)
  const routeOf = makeRoutes(account, parts, workspace)
  const { fail } = account

  /** The refusal of a request whose path and header do not both name this workspace. */
  const workspaceRefusal = (request: IncomingRequest, workspaceInPath: string): Reply | undefined => {
    const switches = currentSwitches()
    const header = request.header("x-workspace-id")
    if (header === undefined && switches.missingWorkspaceHeader !== "ignored") {
      return fail(Number(switches.missingWorkspaceHeader), "X-Workspace-ID header is required")
    }
    if (workspaceInPath !== workspace.id) return fail(Number(switches.foreignWorkspace), "no access to this workspace")
    if (header !== undefined && header !== workspaceInPath && switches.workspaceMismatch !== "ignored") {
      return fail(Number(switches.workspaceMismatch), "X-Workspace-ID does not match the path")
    }
    return undefined
  }

  return {
    baseUrl: "https://composable.zeotap.com",
    workspace,
    routeOf: (request) => {
      const [api, version, root, workspaceInPath] = request.segments
      if (api !== "api" || version !== "v1" || root !== "workspaces" || workspaceInPath === undefined) return undefined
      const route = routeOf(request)
      const refusal = route === undefined ? undefined : workspaceRefusal(request, workspaceInPath)
      return route === undefined || refusal === undefined ? route : { ...route, handle: () => refusal }
    },
    refuse: fail,
    notFound: () => fail(404, "not found"),
    unauthorized: () => fail(401, "missing or invalid token"),
    forbidden: () => fail(Number(currentSwitches().permissionDeniedStatus), "permission denied"),
    tooManyRequests: ({ resetAt }, now) => {
      const retryAfter =
        currentSwitches().retryAfterForm === "seconds"
          ? String(Math.max(1, Math.ceil((resetAt - now) / 1000)))
          : httpDate(Math.ceil(resetAt / 1000) * 1000)
      return withHeaders(fail(429, "rate limit exceeded"), { "retry-after": retryAfter })
    },
    whenBusy: () => (currentSwitches().overlap === "queue" ? "queues" : "refuses"),
    newRunId: () => {
      const id = mint.uuid("run")
      return currentSwitches().malformedIds === "seven-digits" ? id.slice(1) : id
    },
    addParts: parts.add,
    newIds: () => ({ sync: mint.uuid("sync") }),
    defaultAttributes: () => Syncs.defaultAttributes,
    attributeNames,
    noSchedule: undefined,
    toWireSchedule,
    keyOf: (ids) => String(ids["sync"]),
    statusWord: Wire.statusWord,
  }
}
