/** Core's queries in Zeotap's words. Pure. */
import type { PageQuery } from "@openretl/core/driver/Driver"
import type * as ZeotapApi from "../ZeotapApi.ts"
import * as Cursor from "./cursor.ts"
import type { PageRequest } from "./paging.ts"

/** The documented most. */
export const maxPageSize = 100

/** Returns the page that a query wants. */
export const pageRequest = ({ cursor, size = maxPageSize }: PageQuery): PageRequest => ({
  ...Cursor.parse(cursor),
  page_size: Math.min(maxPageSize, Math.max(1, Math.trunc(size))),
})

/** Returns the query of one page. It has no filter, because none is documented: core filters runs. */
export const listQuery = ({ page, isProbe, page_size }: PageRequest): Required<ZeotapApi.ListQuery> => ({
  page: isProbe ? Cursor.probePage : page,
  page_size,
})
