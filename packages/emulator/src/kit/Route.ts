/** What answers a request to a vendor's API: its routes, as a table by method and path. */
import type { Operation } from "../Operation.ts"
import type { IncomingRequest } from "./IncomingRequest.ts"
import type { Reply } from "./Reply.ts"
import type { LoggedCall, Sync } from "./Run.ts"

/** When a request is carried out, and by which call. Instants are emulated epoch milliseconds. */
export interface RequestContext {
  readonly now: number
  /** Reads show the account as it was at this instant: `now` less the lag. */
  readonly asOf: number
  readonly call: LoggedCall
}

/** What answers a request. */
export interface Route {
  /** What the request does. Faults, permissions and rate limits go by it. */
  readonly operation: Operation
  /** The sync that the request is about. The engine advances it before the route is carried out. @default none */
  readonly sync?: Sync | undefined
  /** Carries the request out. */
  readonly handle: (context: RequestContext) => Reply
  /**
   * Returns the answer of this request as it would be about another sync. `Fault.anothersBody` needs it, for requests about
   * one configured sync. @default the fault changes nothing
   */
  readonly answerAbout?: (sync: Sync, context: RequestContext) => Reply
}

/** Returns the route of a request, from the request and the ids in its path. */
export type RouteOf = (request: IncomingRequest, ids: Readonly<Record<string, string>>) => Route | undefined

/** Returns the ids in the path by their names; `undefined` where the path has another shape. */
const matchOf = (
  pattern: ReadonlyArray<string>,
  segments: ReadonlyArray<string>,
): Readonly<Record<string, string>> | undefined => {
  if (pattern.length !== segments.length) return undefined
  const ids: Record<string, string> = {}
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? ""
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? []
    if (name !== undefined) ids[name] = segment
    else if (part !== segment) return undefined
  }
  return ids
}

/**
 * Returns the routes of a table, for `Dialect.routeOf`. A key is the method and the path, as in
 * `"POST /syncs/{sync}/trigger"`, where `{sync}` stands for one segment, decoded. The first key that matches counts. Returns
 * `undefined` for a request that no key matches: the dialect's `notFound` answers it.
 */
export const table = (routes: Readonly<Record<string, RouteOf>>): ((request: IncomingRequest) => Route | undefined) => {
  const entries = Object.entries(routes).map(([key, routeOf]) => {
    const [method = "", path = ""] = key.split(" ")
    return { method, pattern: path === "/" ? [] : path.slice(1).split("/"), routeOf }
  })
  return (request) => {
    for (const { method, pattern, routeOf } of entries) {
      const ids = method === request.method ? matchOf(pattern, request.segments) : undefined
      if (ids !== undefined) return routeOf(request, ids)
    }
    return undefined
  }
}
