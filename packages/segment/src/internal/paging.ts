/**
 * The lists of models, destinations and subscriptions: the query of a page, and what comes after it.
 *
 * The list of runs differs: its `count` and `cursor` are not part of a `pagination`.
 */
import * as Input from "@openretl/core/driver/Input"
import * as Pages from "@openretl/core/driver/Pages"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import * as Api from "../SegmentApi.ts"
import { page, queryOf, requestOf } from "./page.ts"

/** The size of the largest page. */
const maxCount = 1_000

/** The vendor's default. It is sent all the same: older docs require it. */
const defaultCount = 200

/** The query of a page. */
export const Query = Schema.Struct({
  /** The most items in the page, 1 to 1000. @default 200 */
  count: Input.optional(Api.countUpTo(maxCount)),
  /** `pagination.next` of the previous page. */
  cursor: Input.optional(Api.Cursor),
})
export interface Query extends Schema.Schema.Type<typeof Query> {}

/** How a stream reads its pages. */
export interface Options extends Pages.Options {
  /** The most items in a page, 1 to 1000. @default 200 */
  readonly count?: number | undefined
}

/**
 * Returns `pagination.count=200&pagination.cursor=Mw==`: with dots, as in the docs and in clients that are seen to
 * work.
 */
export const parameters = ({ count = defaultCount, cursor }: Query) => ({
  "pagination.count": count,
  "pagination.cursor": cursor,
})

/**
 * Returns all items of a list, page after page as they are pulled. `read` reads a page; `itemsOf` returns its items.
 */
export const stream = <P extends { readonly pagination?: Api.Pagination }, A extends { readonly id: string }>(
  http: VendorClient,
  operation: string,
  { count = defaultCount, ...options }: Options,
  read: (query: Query) => Effect.Effect<P, RetlError>,
  itemsOf: (page: P) => ReadonlyArray<A>,
): Stream.Stream<A, RetlError> =>
  Pages.stream(
    operation,
    Pages.shrinking(count, (cursor, count) => {
      const request = requestOf(cursor, count)
      return Effect.map(read(queryOf(request)), (response) =>
        page(itemsOf(response), response.pagination, request, ({ id }) => id),
      )
    }),
    http.error,
    options,
    ({ id }) => id,
  )
