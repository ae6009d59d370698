/** Which route answers which request. */

import type { IncomingRequest } from "../../kit/IncomingRequest.ts"
import type { Route } from "../../kit/Route.ts"
import type { Account } from "./account.ts"
import { makePreviews } from "./previews.ts"
import { makeRuns } from "./runs.ts"
import { makeSources } from "./sources.ts"
import { makeSyncs } from "./syncs.ts"

/** RudderStack's routes, by path. `{id}` stands for the third and fifth segments, and for the fourth below `preview`. */
export const makeRoutes = (account: Account) => {
  const syncs = makeSyncs(account)
  const runs = makeRuns(account)
  const sources = makeSources(account)
  const previews = makePreviews(account)

  return (request: IncomingRequest): Route | undefined => {
    const { method, segments } = request
    const [, root, id = "", verb = "", run = ""] = segments
    const isPreview = root === "retl-sources" && id === "preview"
    const isId = (index: number) => (isPreview ? index === 3 : index === 2 || index === 4)
    const shape = segments.map((segment, index) => (isId(index) ? "{id}" : encodeURIComponent(segment))).join("/")
    const sync = account.world.syncs.get(id)
    switch (`${method} /${shape}`) {
      case "GET /v2/retl-connections":
        return syncs.list(request)
      case "POST /v2/retl-connections":
        return syncs.create(request)
      case "GET /v2/retl-connections/{id}":
        return syncs.get(sync, id)
      case "PUT /v2/retl-connections/{id}":
        return syncs.update(sync, request)
      case "PUT /v2/retl-connections/{id}/external-id":
        return syncs.setExternalId(sync, request)
      case "DELETE /v2/retl-connections/{id}":
        return syncs.remove(sync)
      case "POST /v2/retl-connections/{id}/start":
        return runs.start(sync, request)
      case "POST /v2/retl-connections/{id}/stop":
        return runs.cancel(sync)
      case "GET /v2/retl-connections/{id}/syncs":
        return runs.list(sync, request)
      case "GET /v2/retl-connections/{id}/syncs/{id}":
        return runs.get(sync, run)
      case "GET /v2/retl-sources":
        return sources.list(request)
      case "POST /v2/retl-sources":
        return sources.create(request)
      case "GET /v2/retl-sources/{id}":
        return sources.get(id)
      case "PUT /v2/retl-sources/{id}":
        return sources.update(id, request)
      case "PUT /v2/retl-sources/{id}/external-id":
        return sources.setExternalId(id, request)
      case "DELETE /v2/retl-sources/{id}":
        return sources.remove(id)
      case "POST /v2/retl-sources/preview":
        return previews.submit(request)
      case "GET /v2/retl-sources/preview/{id}":
        return previews.get(verb)
      default:
        return undefined
    }
  }
}
