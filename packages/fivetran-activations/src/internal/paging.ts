/** The pages of Fivetran Activations, by number. Links are never followed: the vendor's sample of one leads to the first page. */
import * as Pages from "@openretl/core/driver/Pages"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type * as FivetranActivationsApi from "../FivetranActivationsApi.ts"

/** The documented maximum of `per_page`. */
export const maxPageSize = 100

/** The page that a request wants. A cursor is its text form, as in `2.100`. */
export interface PageRequest {
  /** The number of the page, from 1; `NaN` for a cursor that is none, which the client refuses to send. */
  readonly page: number
  readonly per_page: number
}

/**
 * Returns the page at a cursor. Where the wanted size divides that of the earlier pages, the page begins where a page of that
 * size would; any other size stays as it was.
 */
export const requestOf = (cursor: string | undefined, wanted = maxPageSize): PageRequest => {
  const size = Math.min(maxPageSize, Math.max(1, Math.trunc(wanted)))
  if (cursor === undefined) return { page: 1, per_page: size }
  const [, page = "x", before] = /^([1-9]\d{0,8})\.([1-9]\d{0,2})$/.exec(cursor) ?? []
  const sizeBefore = Number(before ?? size)
  const parts = sizeBefore % size === 0 ? sizeBefore / size : 1
  return { page: (Number(page) - 1) * parts + 1, per_page: sizeBefore / parts }
}

/**
 * Returns a page as core's lists take it. The list ends where the vendor names no next page; where the answer has no
 * pagination, it ends at an empty page.
 */
export const toPage = <A>(
  { data, pagination }: FivetranActivationsApi.Listed<A>,
  { page, per_page }: PageRequest,
): Pages.Page<A> => {
  const total = pagination?.total_records
  const hasNext = pagination === undefined ? data.length > 0 : pagination.next_page !== undefined
  return { items: data, ...(total !== undefined && { total }), ...(hasNext && { next: `${page + 1}.${per_page}` }) }
}

/** How many entries a request wants, and how many pages to read at most. */
interface StreamOptions {
  readonly per_page: number | undefined
  readonly maxPages: number | undefined
}

/** Returns all entries, page after page. A page is read when it is pulled. */
export const stream = <A extends { readonly id: string }>(
  http: VendorClient,
  operation: string,
  read: (request: PageRequest) => Effect.Effect<FivetranActivationsApi.Listed<A>, RetlError>,
  { per_page = maxPageSize, maxPages }: StreamOptions,
): Stream.Stream<A, RetlError> =>
  Pages.stream(
    operation,
    Pages.shrinking(per_page, (cursor, size) => {
      const request = requestOf(cursor, size)
      return Effect.map(read(request), (listed) => toPage(listed, request))
    }),
    http.error,
    maxPages === undefined ? {} : { maxPages },
    ({ id }) => id,
  )
