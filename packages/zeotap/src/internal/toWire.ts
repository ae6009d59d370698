/** Core's questions in Zeotap's words. Pure. */
import type { PageQuery } from "@openretl/core/driver/Driver"
import type * as ZeotapApi from "../ZeotapApi.ts"
import * as Cursor from "./cursor.ts"
import type { Asked } from "./paging.ts"

/** The documented most. */
export const maxPageSize = 100

/** Where in the listing the question belongs. */
export const asked = ({ cursor, size = maxPageSize }: PageQuery): Asked => ({
  ...Cursor.parse(cursor),
  page_size: Math.min(maxPageSize, Math.max(1, Math.trunc(size))),
})

/** A page of a list. No filter is documented, so of runs core filters. */
export const listQuery = ({ page, isProbe, page_size }: Asked): Required<ZeotapApi.ListQuery> => ({
  page: isProbe ? Cursor.beyond : page,
  page_size,
})
