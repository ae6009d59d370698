/** Where a list continues after one page of it: the same for runs and for everything else that is listed. Pure. */
import type { Page } from "@openretl/core/driver/Pages"
import type { Listed, Pagination } from "../ZeotapApi.ts"
import * as Cursor from "./cursor.ts"

/** The page that was requested. */
export interface PageRequest extends Cursor.Cursor {
  /** How many entries were requested, from 1 to 100. */
  readonly page_size: number
}

interface Entry {
  readonly id: string
}

/** Returns the entries of a page, and where the next page starts. */
export const page = <A extends Entry>({ data, pagination }: Listed<A>, request: PageRequest): Page<A> => {
  if (request.isProbe) return afterProbe(data.length, request)
  const repeatedAt = request.after === undefined ? -1 : data.findIndex(({ id }) => id === request.after)
  if (pagination === undefined && repeatedAt >= 0) {
    // The page before had everything from there on. The entries in front of it are new.
    const next = Cursor.format({ page: request.page + 1, isProbe: true })
    return { items: data.slice(0, repeatedAt), next }
  }
  const hasNext =
    pagination === undefined
      ? arrayMayHaveNext(data.length, request)
      : envelopeHasNext(pagination, data.length, request)
  const after = data[0]?.id
  const next = Cursor.format({ page: request.page + 1, ...(after !== undefined && { after }) })
  return { items: data, ...(hasNext && { next }) }
}

/**
 * A probe that finds no entries shows that the server heeds `page`. A probe that finds some shows that it does not: the
 * first answer was everything that the server offers. It ignored the requested size too, so that only a documented size
 * may have cut the list off.
 */
const afterProbe = (count: number, request: PageRequest): Page<never> => {
  if (count === 0) return { items: [], next: Cursor.format({ page: request.page }) }
  return { items: [], ...(documentedSizes.includes(count) && { mayHaveMore: true }) }
}

/** Returns whether the page ends before the total; without a total, whether the page is full. */
const envelopeHasNext = (pagination: Pagination, count: number, request: PageRequest): boolean => {
  const size = pagination.page_size || request.page_size
  return pagination.total === undefined ? count >= size : request.page * size < pagination.total
}

/** The sizes of the vendor's pages: the default, and the most. */
const documentedSizes: ReadonlyArray<number> = [20, 100]

/**
 * A bare array does not say whether it is the whole list. One that is as long as a page may not be, so the next page is
 * requested: it is empty, or short, or full, or the same again.
 */
const arrayMayHaveNext = (count: number, request: PageRequest): boolean =>
  count > 0 && (count === request.page_size || documentedSizes.includes(count))
