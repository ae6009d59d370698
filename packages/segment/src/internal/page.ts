/** One page of any of Segment's lists, and where the next one begins. */
import type { Page } from "@openretl/core/driver/Pages"
import type { Pagination } from "../SegmentApi.ts"

/** The page that is requested. */
export interface PageRequest {
  /** The most items in the page. */
  readonly count: number
  /** The vendor's cursor; absent for the first page. */
  readonly cursor?: string
  /** Set on a probe: whether the vendor's answers say that there is another page. */
  readonly isProbe?: true
}

/**
 * Returns the page that a cursor of `page` names. A probe's cursor is `?` and the size of the page that it is about; the
 * vendor's own have `=` in front where they could be taken for one.
 */
export const requestOf = (cursor: string | undefined, count: number): PageRequest => {
  if (cursor === undefined) return { count }
  if (cursor.startsWith("?")) return { count: Number(cursor.slice(1)) - 1, isProbe: true }
  return { count, cursor: cursor.replace(/^=/, "") }
}

/** Returns the query of a page. */
export const queryOf = ({ count, cursor }: PageRequest) => ({ count, ...(cursor !== undefined && { cursor }) })

/** The sizes that pages usually have, where a vendor does not heed the requested one. */
const usualSizes: ReadonlyArray<number> = [10, 20, 25, 30, 50, 100, 200, 250, 500, 1_000]

/**
 * Returns a page for a stream. The vendor's `pagination` is "present when output is paginated": without it, a page that is
 * full, or as long as pages usually are, may or may not be the last. Then one item less than it had is requested. Where that
 * answer says that there is a next page, the vendor says so of every page that is not the last, and the list is whole.
 */
export const page = <A>(
  items: ReadonlyArray<A>,
  pagination: Pagination | undefined,
  { count, isProbe }: PageRequest,
): Page<A> => {
  const next = pagination?.next ?? ""
  if (isProbe) return { items: [], ...(next === "" && { mayHaveMore: true }) }
  const total = pagination?.totalEntries
  const isDoubtful = !pagination && (items.length >= count || usualSizes.includes(items.length))
  const position =
    next === "" ? (isDoubtful ? { next: `?${items.length}` } : {}) : { next: next.replace(/^[?=]/, "=$&") }
  return {
    items,
    ...(total !== undefined && { total }),
    ...(isDoubtful && items.length < 2 ? { mayHaveMore: true } : position),
  }
}
