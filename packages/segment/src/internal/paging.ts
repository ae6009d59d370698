/**
 * The lists of models, destinations and subscriptions: how a page is asked for, and what comes after it.
 *
 * The list of runs is another matter: its `count` and `cursor` stand alone.
 */
import * as Pages from "@openretl/core/driver/Pages"
import * as Reader from "@openretl/core/driver/Reader"
import { toSchema } from "@openretl/core/driver/schema/Reader"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import * as Api from "../SegmentApi.ts"
import { page } from "./page.ts"

/** The most that the vendor gives at once. */
const maxCount = 1_000

/** What the vendor takes where nothing is said; it is said all the same, for older docs want it. */
const defaultCount = 200

const Cursor = Schema.String.check(
  Schema.makeFilter((cursor: string) => Reader.problems(Api.cursor, cursor)[0]?.message),
)

export const Query = Schema.Struct({
  /** How many at the most, 1 to 1000. @default 200 */
  count: Schema.optional(
    Schema.Int.check(
      Schema.isBetween(
        { minimum: 1, maximum: maxCount },
        { expected: "a whole number from 1 to 1000 (Segment's SDKs 73.2.0)" },
      ),
    ),
  ),
  /** `pagination.next` of the page before. */
  cursor: Schema.optional(Cursor),
})

/** What a page says of the next. */
export const Pagination = toSchema(Api.pagination)

/** As a stream asks: pages of so many, and no more than `maxPages` of them. */
export interface Options extends Pages.Options {
  /** How many a page holds at the most, 1 to 1000. @default 200 */
  readonly count?: number | undefined
}

/** `pagination.count=200&pagination.cursor=Mw==`: dots, as in the docs and in clients that are known to work. */
export const parameters = ({ count = defaultCount, cursor }: typeof Query.Type) => ({
  "pagination.count": count,
  "pagination.cursor": cursor,
})

/** All items of a list, page after page as they are pulled; `read` is one page, and `items` picks what it holds. */
export const stream = <P extends { readonly pagination?: Api.Pagination }, A>(
  http: VendorClient,
  operation: string,
  { count = defaultCount, ...options }: Options,
  read: (query: typeof Query.Type) => Effect.Effect<P, RetlError>,
  items: (page: P) => ReadonlyArray<A>,
): Stream.Stream<A, RetlError> =>
  Pages.stream(
    operation,
    (cursor) =>
      Effect.map(read({ count, ...(cursor !== undefined && { cursor }) }), (found) =>
        page(items(found), found.pagination, count),
      ),
    http.error,
    options,
  )
