/** Polytomic's pages, by opaque tokens. A cursor is the token of the next page. */
import * as Pages from "@openretl/core/driver/Pages"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type * as PolytomicApi from "../PolytomicApi.ts"

/** The most syncs of a page. How many executions a page has is not documented, and no request chooses it. */
export const maxPageSize = 50

/** Sends one read of a page, and returns it with the vendor's clock. */
export const read = <A>(
  http: VendorClient,
  call: {
    readonly operation: string
    readonly path: Parameters<VendorClient["call"]>[0]["path"]
    readonly query: Readonly<Record<string, string | number | boolean | undefined>>
    readonly answer: Schema.ConstraintDecoder<{
      readonly data: ReadonlyArray<A> | null
      readonly pagination?: { readonly next_page_token?: string }
    }>
  },
): Effect.Effect<PolytomicApi.Listed<A>, RetlError> =>
  Effect.map(http.callDated({ method: "GET", ...call }), ({ value, date }) => {
    const next = value.pagination?.next_page_token ?? ""
    return { data: value.data ?? [], ...(next !== "" && { next }), ...(date !== undefined && { date }) }
  })

/** Returns a page as core's lists take it. */
export const toPage = <A>({ data, next }: PolytomicApi.Listed<A>): Pages.Page<A> => ({
  items: data,
  ...(next !== undefined && { next }),
})

/** The sizes that pages usually have, where something has cut them. */
const usualSizes: ReadonlyArray<number> = [10, 20, 25, 30, 50, 100]

const oldestPrefix = "oldest:"

/** Returns whether the page at a cursor only shows whether the page before it was whole. */
export const isCheck = (cursor: string | undefined): cursor is string => cursor?.startsWith(oldestPrefix) === true

/** Returns the query for the page of executions at a cursor. */
export const executionsQuery = (cursor: string | undefined): PolytomicApi.ListExecutionsQuery => {
  if (cursor === undefined) return {}
  return isCheck(cursor) ? { ascending: true } : { page_token: cursor }
}

/**
 * Returns how the list of executions goes on after a page. A last page whose length is a usual size may be cut: the next page
 * then is the list from its other end, which has to begin with the execution that ended this page.
 */
export const executionsAfter = (
  cursor: string | undefined,
  { data, next }: PolytomicApi.Listed<PolytomicApi.Execution>,
): { readonly next?: string; readonly mayHaveMore?: true } => {
  const started = data.filter(({ started_at }) => Wire.time(started_at) !== undefined)
  if (isCheck(cursor)) {
    return started[0]?.id === cursor.slice(oldestPrefix.length) ? {} : { mayHaveMore: true }
  }
  if (next !== undefined) return { next }
  const oldest = started.at(-1)
  return oldest !== undefined && usualSizes.includes(data.length) ? { next: `${oldestPrefix}${oldest.id}` } : {}
}

/** Returns all entries, page after page. A page is read when it is pulled. */
export const stream = <A extends { readonly id: string }>(
  http: VendorClient,
  operation: string,
  page: (cursor: string | undefined, size: number | undefined) => Effect.Effect<PolytomicApi.Listed<A>, RetlError>,
  options: Pages.Options,
  limit?: number,
): Stream.Stream<A, RetlError> =>
  Pages.stream(
    operation,
    Pages.shrinking(limit ?? maxPageSize, (cursor, size) => Effect.map(page(cursor, size), toPage)),
    http.error,
    options,
    ({ id }) => id,
  )
