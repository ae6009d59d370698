/** Hightouch's pages, by offset. A cursor is the offset of the next page as text. */
import * as Pages from "@openretl/core/driver/Pages"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type * as HightouchApi from "../HightouchApi.ts"

/** The default of `limit`. What it may be at most is not documented. */
export const maxPageSize = 100

/** The page that a request wants. */
export interface PageRequest {
  /** How many entries there are before it; `NaN` for a cursor that is none, which the client refuses to send. */
  readonly offset: number
  readonly limit: number
}

/** Returns the page at a cursor, with a size from 1 to 100. Its offset counts entries, whatever the size was before. */
export const requestOf = (cursor: string | undefined, wanted = maxPageSize): PageRequest => ({
  offset: cursor === undefined ? 0 : Number(/^\d{1,15}$/.exec(cursor)?.[0] ?? Number.NaN),
  limit: Math.min(maxPageSize, Math.max(1, Math.trunc(wanted))),
})

/** The sizes that pages usually have, where a server does not heed the requested one. */
const usualSizes: ReadonlyArray<number> = [10, 20, 25, 30, 50]

/**
 * Returns a page as core's lists take it. The next one begins after the entries that came, which may be fewer than wanted. The
 * list ends where the vendor says so, unless the page is shorter than wanted and exactly as long as pages usually are:
 * something may have cut it. Where the vendor says nothing, the list ends at an empty page.
 */
export const toPage = <A>({ data, hasMore }: HightouchApi.Listed<A>, request: PageRequest): Pages.Page<A> => {
  const mayBeCut = data.length < request.limit && usualSizes.includes(data.length)
  const hasNext = mayBeCut || (hasMore ?? data.length > 0)
  return { items: data, ...(hasNext && { next: String(request.offset + data.length) }) }
}

/** How many entries a request wants, and how many pages to read at most. */
interface StreamOptions {
  readonly limit: number | undefined
  readonly maxPages: number | undefined
}

/** Returns all entries, page after page. A page is read when it is pulled. */
export const stream = <A extends { readonly id: string }>(
  http: VendorClient,
  operation: string,
  read: (request: PageRequest) => Effect.Effect<HightouchApi.Listed<A>, RetlError>,
  { limit = maxPageSize, maxPages }: StreamOptions,
): Stream.Stream<A, RetlError> =>
  Pages.stream(
    operation,
    Pages.shrinking(limit, (cursor, size) => {
      const request = requestOf(cursor, size)
      return Effect.map(read(request), (listed) => toPage(listed, request))
    }),
    http.error,
    maxPages === undefined ? {} : { maxPages },
    ({ id }) => id,
  )
