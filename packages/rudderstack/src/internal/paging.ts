/** RudderStack's pages: the number is counted up, and the link to the next page is a sign, never an address. */
import * as Pages from "@openretl/core/driver/Pages"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type * as RudderStackApi from "../RudderStackApi.ts"

/** The most that official clients ask for; what the vendor allows is not documented. */
export const maxPageSize = 100

/** Where in the list an answer belongs: as it was asked for. */
export interface Asked {
  readonly page: number
  readonly size: number
}

/**
 * Whether there is a page after one with so many items. Without a link the total tells; without that, a page that is
 * full. A short page, or an empty one, is not the last while there is a link.
 */
export const hasNext = (paging: RudderStackApi.Paging | undefined, here: number, { page, size }: Asked): boolean => {
  if (paging?.next !== undefined && paging.next !== "") return true
  const total = paging?.total
  return total === undefined ? here >= size : (page - 1) * size + here < total
}

interface Answer<A> {
  readonly items: ReadonlyArray<A> | null
  readonly paging?: RudderStackApi.Paging | undefined
}

/** All items of a list, page after page from the first. */
export const stream = <A>(
  http: VendorClient,
  operation: string,
  options: Pages.Options,
  size: number,
  read: (page: number) => Effect.Effect<Answer<A>, RetlError>,
): Stream.Stream<A, RetlError> =>
  Pages.stream<A>(
    operation,
    (cursor) => {
      const page = cursor === undefined ? 1 : Number(cursor)
      return Effect.map(read(page), ({ items, paging }): Pages.Page<A> => {
        const found = items ?? []
        return hasNext(paging, found.length, { page, size })
          ? { items: found, next: String(page + 1) }
          : { items: found }
      })
    },
    http.error,
    options,
  )
