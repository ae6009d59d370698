/** Which route answers which request. */

import type { IncomingRequest } from "../../kit/IncomingRequest.ts"
import type { Route } from "../../kit/Route.ts"
import type { Account } from "./account.ts"
import { makeDestinations } from "./destinations.ts"
import { deliveryMetrics } from "./insights.ts"
import * as Media from "./media.ts"
import { makeModels } from "./models.ts"
import { makeRuns } from "./runs.ts"
import { makeSyncs } from "./syncs.ts"
import * as Wire from "./wire.ts"

/** A route and the media types of its endpoint; without media types, it accepts every request. */
interface Endpoint {
  readonly route: Route
  readonly media?: Media.MediaTypes
}

/** Segment's routes, by path. `*` stands for an id: every second segment, except below `/reverse-etl-syncs`. */
export const makeRoutes = (account: Account, workspace: { readonly id: string; readonly name: string }) => {
  const { currentSwitches } = account
  const runs = makeRuns(account)
  const syncs = makeSyncs(account)
  const models = makeModels(account)
  const destinations = makeDestinations(account)

  const identity: Route = {
    operation: "identity",
    handle: () => Wire.success(currentSwitches(), { workspace: { ...workspace, slug: "emulated-workspace" } }),
  }

  const endpointOf = (request: IncomingRequest): Endpoint | undefined => {
    const [root, first = "", , second = ""] = request.segments
    const hasIds = root !== "reverse-etl-syncs" && root !== undefined
    const shape = request.segments.map((segment, index) => (hasIds && index % 2 === 1 ? "*" : segment)).join("/")
    switch (`${request.method} /${shape}`) {
      case "GET /":
        return { route: identity }
      case "POST /reverse-etl-syncs":
        return { route: runs.start(request), media: Media.alpha }
      case "GET /reverse-etl-models/*/syncs/*":
        return { route: runs.get(first, second), media: Media.alpha }
      case "GET /reverse-etl-models/*/subscriptionId/*/syncs":
        return { route: runs.list(first, second, request), media: Media.alpha }
      case "POST /reverse-etl-models/*/syncs/*/cancel":
        return { route: runs.cancel(first, second, request), media: Media.alpha }
      case "GET /reverse-etl-models":
        return { route: models.list(request), media: Media.alpha }
      case "POST /reverse-etl-models":
        return { route: models.create(request), media: Media.alpha }
      case "GET /reverse-etl-models/*":
        return { route: models.get(first), media: Media.alpha }
      case "PATCH /reverse-etl-models/*":
        return { route: models.update(first, request), media: Media.alpha }
      case "DELETE /reverse-etl-models/*":
        return { route: models.remove(first), media: Media.alpha }
      case "GET /destinations":
        return { route: destinations.list(request), media: Media.stable }
      case "POST /destinations":
        return { route: destinations.create(request), media: Media.stable }
      case "GET /destinations/*":
        return { route: destinations.get(first), media: Media.stable }
      case "PATCH /destinations/*":
        return { route: destinations.update(first, request), media: Media.stable }
      case "DELETE /destinations/*":
        return { route: destinations.remove(first), media: Media.stable }
      case "GET /destinations/*/delivery-metrics":
        return { route: deliveryMetrics(account, first, request), media: Media.beta }
      case "GET /destinations/*/subscriptions":
        return { route: syncs.list(first, request), media: Media.alpha }
      case "POST /destinations/*/subscriptions":
        return { route: syncs.create(first, request), media: Media.alpha }
      case "GET /destinations/*/subscriptions/*":
        return { route: syncs.get(first, second), media: Media.alpha }
      case "PATCH /destinations/*/subscriptions/*":
        return { route: syncs.update(first, second, request), media: Media.alpha }
      case "DELETE /destinations/*/subscriptions/*":
        return { route: syncs.remove(first, second), media: Media.alpha }
      default:
        return undefined
    }
  }

  return (request: IncomingRequest): Route | undefined => {
    const endpoint = endpointOf(request)
    if (endpoint?.media === undefined) return endpoint?.route
    const refusal = Media.acceptRefusal(currentSwitches(), request, endpoint.media)
    return refusal === undefined ? endpoint.route : { ...endpoint.route, handle: () => refusal }
  }
}
