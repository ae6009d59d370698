/** Where a request goes, apart from the ids in it. */
import type { Request } from "@openretl/core/Transport"
import * as Result from "effect/Result"

/**
 * Returns the method, path, query names, fragment and user of a request, with each of these ids in the path replaced.
 * Two requests with the same shape go to the same place, whatever their ids.
 */
export const requestShape = ({ method, url }: Request, ids: ReadonlyArray<string>): string => {
  const { pathname, searchParams, hash, username } = new URL(url)
  const segments = pathname.split("/").map((segment) => {
    const decoded = Result.getOrElse(
      Result.try(() => decodeURIComponent(segment)),
      () => segment,
    )
    return ids.includes(decoded) ? "{id}" : segment
  })
  return `${method} ${segments.join("/")} ${Array.from(searchParams.keys()).sort().join("&")} ${hash}${username}`
}
