/** RudderStack's pages. The page's number is counted up; the link to the next page is a sign, and never followed. */
import * as Pages from "@openretl/core/driver/Pages"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type * as RudderStackApi from "../RudderStackApi.ts"

/** The largest page that official clients request; what the vendor allows is not documented. */
export const maxPageSize = 100

/** The page that a request wants. */
export interface PageRequest {
  /** The number of the page, from 1. */
  readonly page: number
  readonly size: number
}

/**
 * Returns whether a page follows one with this many items. Without a link the total decides; without a total, whether the
 * page is full. A short or an empty page is not the last while there is a link.
 */
export const hasNext = (
  paging: RudderStackApi.Paging | undefined,
  items: number,
  { page, size }: PageRequest,
): boolean => {
  if (paging?.next !== undefined && paging.next !== "") return true
  const total = paging?.total
  return total === undefined ? items >= size : (page - 1) * size + items < total
}

/** A page as the vendor answers it. */
interface Answer<A> {
  readonly items: ReadonlyArray<A> | null
  readonly paging?: RudderStackApi.Paging | undefined
}

/** Returns a page as core's lists take it; its cursor is the number of the next page. */
export const toPage = <A>({ items, paging }: Answer<A>, request: PageRequest): Pages.Page<A> =>
  hasNext(paging, items?.length ?? 0, request)
    ? { items: items ?? [], next: String(request.page + 1) }
    : { items: items ?? [] }

/** Returns the number of the page that a cursor of `toPage` names. */
export const pageOf = (cursor: string | undefined): number => (cursor === undefined ? 1 : Number(cursor))

/** Returns all items of a list, lazily, page after page from the first. */
export const stream = <A>(
  http: VendorClient,
  operation: string,
  options: Pages.Options,
  size: number,
  read: (page: number) => Effect.Effect<Answer<A>, RetlError>,
): Stream.Stream<A, RetlError> =>
  Pages.stream(
    operation,
    (cursor) => {
      const page = pageOf(cursor)
      return Effect.map(read(page), (answer) => toPage(answer, { page, size }))
    },
    http.error,
    options,
  )
