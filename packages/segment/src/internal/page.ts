/** One page of any of Segment's lists, and where the next one begins. */
import type { Page } from "@openretl/core/driver/Pages"
import type { Pagination } from "../SegmentApi.ts"

/** The page that is requested. */
export interface PageRequest {
  /** The most items in the page. */
  readonly count: number
  /** The vendor's cursor; absent for the first page. */
  readonly cursor?: string
  /** Set on a probe of the first page: the id of the last item of that page. */
  readonly probed?: string
  /** Set on the pages after a probe: the id of an item that the first page had already; empty after the first of them. */
  readonly after?: string
}

/**
 * Returns the page that a cursor of `page` names. A probe's cursor is `?`, the size of its page, and the id of the last item;
 * the cursors after a probe are `!`, the size of its page, the length of that id, the id and the vendor's cursor. Vendor's
 * cursors that could be taken for one of these have `=` in front.
 */
export const requestOf = (cursor: string | undefined, count: number): PageRequest => {
  if (cursor === undefined) return { count }
  const [, size, probed] = /^\?(\d{1,4}):([\s\S]*)$/.exec(cursor) ?? []
  if (probed !== undefined) return { count: Number(size) - 1, probed }
  const [, probe, length, text] = /^!(\d{1,4}):(\d{1,5}):([\s\S]*)$/.exec(cursor) ?? []
  if (text !== undefined) {
    const [after, rest] = [text.slice(0, Number(length)), text.slice(Number(length))]
    return { count: Math.min(count, Number(probe)), cursor: rest, after }
  }
  return { count, cursor: cursor.replace(/^=/, "") }
}

/** Returns the query of a page. */
export const queryOf = ({ count, cursor }: PageRequest) => ({ count, ...(cursor !== undefined && { cursor }) })

/** The sizes that pages usually have, where a vendor does not heed the requested one. */
const usualSizes: ReadonlyArray<number> = [10, 20, 25, 30, 50, 100, 200, 250, 500, 1_000]

/**
 * Returns a page for a stream. The vendor's `pagination` is "present when output is paginated": without it, a first page that
 * is full, or as long as pages usually are, may or may not be the last. Then one item less than it had is requested, as a
 * probe. Where that answer has a next page, the list goes on there, in pages of that size, whose answers say whether they are the
 * last. Where it has none, the vendor says of no page whether it is the last.
 */
export const page = <A>(
  items: ReadonlyArray<A>,
  pagination: Pagination | undefined,
  { count, cursor, probed, after }: PageRequest,
  idOf: (item: A) => string,
): Page<A> => {
  const next = pagination?.next ?? ""
  if (probed !== undefined) {
    return { items: [], ...(next === "" ? { mayHaveMore: true } : { next: afterProbe(count, probed, next) }) }
  }
  const total = pagination?.totalEntries
  const isFull = !pagination && items.length >= count
  const isDoubtful = isFull || (!pagination && cursor === undefined && usualSizes.includes(items.length))
  const last = items.at(-1)
  const canProbe = isDoubtful && cursor === undefined && items.length > 1 && last !== undefined
  return {
    items: after === undefined ? items : items.filter((item) => idOf(item) !== after),
    ...(total !== undefined && { total }),
    ...(next !== "" && { next: after === undefined ? next.replace(/^[?!=]/, "=$&") : afterProbe(count, "", next) }),
    ...(canProbe && { next: `?${items.length}:${idOf(last)}` }),
    ...(isDoubtful && !canProbe && { mayHaveMore: true }),
  }
}

const afterProbe = (count: number, after: string, next: string): string => `!${count}:${after.length}:${after}${next}`
