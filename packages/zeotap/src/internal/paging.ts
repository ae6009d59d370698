/** Where a list continues after one page of it: the same for runs and for everything else that is listed. Pure. */
import type { Page } from "@openretl/core/driver/Pages"
import type { Listed } from "../ZeotapApi.ts"
import * as Cursor from "./cursor.ts"

/** The page that was requested. */
export interface PageRequest extends Omit<Cursor.Cursor, "size"> {
  /** How many entries were requested, from 1 to 100. */
  readonly page_size: number
}

/** The documented most. */
export const maxPageSize = 100

/** Returns the size of a page that core requests, from 1 to 100. */
export const pageSizeOf = (wanted = maxPageSize): number => Math.min(maxPageSize, Math.max(1, Math.trunc(wanted)))

/**
 * Returns the page at a cursor. Where the size divides that of the earlier pages, the page begins where a page of that size
 * would; any other size stays as it was.
 */
export const requestOf = (cursor: string | undefined, page_size: number): PageRequest => {
  const { size, page, ...position } = Cursor.parse(cursor)
  const before = size ?? page_size
  const parts = before % page_size === 0 ? before / page_size : 1
  return { ...position, page: (page - 1) * parts + 1, page_size: before / parts }
}

interface Entry {
  readonly id: string
}

/**
 * Returns the entries of a page, and where the next page starts. In an envelope the total decides whether there is one;
 * without a total, no page is the last until an empty one follows.
 */
export const page = <A extends Entry>({ data, pagination }: Listed<A>, request: PageRequest): Page<A> => {
  if (request.isProbe) return afterProbe(data.length, request)
  const repeatedAt = request.after === undefined ? -1 : data.findIndex(({ id }) => id === request.after)
  if (pagination === undefined && repeatedAt >= 0) {
    // The page before had everything from there on. The entries in front of it are new.
    const next = Cursor.format({ page: request.page + 1, size: request.page_size, isProbe: true })
    return { items: data.slice(0, repeatedAt), next }
  }
  const count = (request.count ?? 0) + data.length
  const total = pagination?.total
  const hasNext = pagination === undefined ? arrayMayHaveNext(data.length, request) : data.length > 0 && count !== total
  const after = data[0]?.id
  const size = smallerSizeOf(pagination?.page_size, request.page_size)
  const next = Cursor.format({ page: request.page + 1, size, count, ...(after !== undefined && { after }) })
  return { items: data, ...(total !== undefined && { total }), ...(hasNext && { next }) }
}

/** Returns the size of the vendor's pages where they are smaller than requested, and else the requested one. */
const smallerSizeOf = (actual: number | undefined, requested: number): number =>
  actual !== undefined && Number.isInteger(actual) && actual >= 1 && actual < requested ? actual : requested

/**
 * A probe that finds no entries shows that the server heeds `page`. A probe that finds some shows that it does not: the
 * first answer was everything that the server offers. It ignored the requested size too, so that only a documented size
 * may have cut the list off.
 */
const afterProbe = (count: number, request: PageRequest): Page<never> => {
  if (count === 0) return { items: [], next: Cursor.format({ page: request.page, size: request.page_size }) }
  return { items: [], ...(documentedSizes.includes(count) && { mayHaveMore: true }) }
}

/** The sizes of the vendor's pages: the default, and the most. */
const documentedSizes: ReadonlyArray<number> = [20, 100]

/**
 * A bare array does not say whether it is the whole list. One that is as long as a page may not be, so the next page is
 * requested: it is empty, or short, or full, or the same again.
 */
const arrayMayHaveNext = (count: number, request: PageRequest): boolean =>
  count > 0 && (count === request.page_size || documentedSizes.includes(count))
