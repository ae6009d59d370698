/** One page of any of Segment's lists. */
import type { Page } from "@openretl/core/driver/Pages"
import type { Pagination } from "../SegmentApi.ts"

/**
 * Returns a page for a stream. The vendor's `pagination` is "present when output is paginated": a page of `count` items
 * without it may or may not be the last.
 */
export const page = <A>(items: ReadonlyArray<A>, pagination: Pagination | undefined, count: number): Page<A> => {
  const next = pagination?.next ?? ""
  return {
    items,
    ...(next !== "" && { next }),
    ...(!pagination && items.length >= count && { mayHaveMore: true }),
  }
}
