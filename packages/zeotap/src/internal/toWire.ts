/** Core's queries in Zeotap's words. Pure. */
import type * as ZeotapApi from "../ZeotapApi.ts"
import * as Cursor from "./cursor.ts"
import type { PageRequest } from "./paging.ts"

/** Returns the query of one page. It has no filter, because none is documented: core filters runs. */
export const listQuery = ({ page, isProbe, page_size }: PageRequest): Required<ZeotapApi.ListQuery> => ({
  page: isProbe ? Cursor.probePage : page,
  page_size,
})
