/** A page of any list for a stream. */
import type { Page } from "@openretl/core/driver/Pages"
import type { Pagination } from "../SegmentApi.ts"

/** `pagination` is "present when output is paginated": a full page without it may or may not be the last. */
export const page = <A>(items: ReadonlyArray<A>, pagination: Pagination | undefined, count: number): Page<A> => {
  const next = pagination?.next ?? ""
  return {
    items,
    ...(next !== "" && { next }),
    ...(!pagination && items.length >= count && { mayHaveMore: true }),
  }
}
