/** Which route answers which request. */

import type { IncomingRequest } from "../../kit/IncomingRequest.ts"
import { json } from "../../kit/Reply.ts"
import type { Route } from "../../kit/Route.ts"
import { isoSeconds } from "../../kit/Timestamp.ts"
import type { Account } from "./account.ts"
import * as Insights from "./insights.ts"
import type { Parts } from "./parts.ts"
import * as Runs from "./runs.ts"
import * as Syncs from "./syncs.ts"

/** Zeotap's routes, by the path behind the workspace. `{id}` stands for every second segment. */
export const makeRoutes = (
  account: Account,
  parts: Parts,
  workspace: { readonly id: string; readonly name: string },
) => {
  const identity: Route = {
    operation: "identity",
    handle: () =>
      json(200, {
        ...workspace,
        slug: "emulated-workspace",
        avatar_url: "",
        default_role: "member",
        settings: {},
        organization_id: account.owners.account,
        member_count: 1,
        created_at: isoSeconds(0),
        updated_at: isoSeconds(0),
      }),
  }

  return (request: IncomingRequest): Route | undefined => {
    const path = request.segments.slice(4)
    const [, id = "", , run = ""] = path
    const sync = account.world.syncs.get(id)
    const shape = ["", ...path.map((segment, index) => (index % 2 === 0 ? segment : "{id}"))].join("/")
    switch (`${request.method} ${shape}`) {
      case "GET ":
        return identity
      case "GET /syncs":
        return Syncs.list(account, request)
      case "POST /syncs":
        return Syncs.create(account, parts, request)
      case "GET /syncs/{id}":
        return Syncs.get(account, sync, id)
      case "PUT /syncs/{id}":
        return Syncs.update(account, parts, sync, request)
      case "DELETE /syncs/{id}":
        return Syncs.remove(account, sync)
      case "POST /syncs/{id}/trigger":
        return Runs.start(account, sync)
      case "GET /syncs/{id}/runs":
        return Runs.list(account, sync, request)
      case "GET /syncs/{id}/runs/{id}":
        return Runs.get(account, sync, run)
      case "GET /models":
        return parts.list("models", request)
      case "GET /models/{id}":
        return parts.get("models", id)
      case "GET /destinations":
        return parts.list("destinations", request)
      case "GET /destinations/{id}":
        return parts.get("destinations", id)
      case "GET /insights/{id}":
        return id === "sync-health" ? Insights.syncHealth(account, request) : undefined
      default:
        return undefined
    }
  }
}
