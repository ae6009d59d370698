/** Where a list goes on, from one page of it: the same for runs and for everything else that is listed. Pure. */
import type { Page } from "@openretl/core/driver/Pages"
import type { Listed } from "../ZeotapApi.ts"
import * as Cursor from "./cursor.ts"

/** Where in the listing an answer belongs: as it was asked for. */
export interface Asked extends Cursor.Cursor {
  readonly page_size: number
}

interface Entry {
  readonly id: string
}

export const page = <A extends Entry>({ data, pagination }: Listed<A>, asked: Asked): Page<A> => {
  if (asked.isProbe) {
    // Where something is that far out, pages do not turn: what came first was all that can be had. The size asked for
    // meant nothing then, so only a documented one may have cut it off.
    const isTurning = data.length === 0
    const next = Cursor.format({ page: asked.page })
    const isCutOff = documentedSizes.includes(data.length)
    return { items: [], ...(isTurning ? { next } : isCutOff && { mayHaveMore: true }) }
  }
  const repeated = asked.after === undefined ? -1 : data.findIndex(({ id }) => id === asked.after)
  if (pagination === undefined && repeated >= 0) {
    // From there on all was on the page before; what stands in front of it is new.
    const next = Cursor.format({ page: asked.page + 1, isProbe: true })
    return { items: data.slice(0, repeated), next }
  }
  const goesOn = pagination === undefined ? mayGoOn(data.length, asked) : hasNext(data.length, pagination, asked)
  const after = data[0]?.id
  const next = Cursor.format({ page: asked.page + 1, ...(after !== undefined && { after }) })
  return { items: data, ...(goesOn && { next }) }
}

/** By the total; without one, by whether the page is full. */
const hasNext = (count: number, pagination: NonNullable<Listed<unknown>["pagination"]>, asked: Asked): boolean => {
  const size = pagination.page_size || asked.page_size
  return pagination.total === undefined ? count >= size : asked.page * size < pagination.total
}

/** How many entries the vendor is documented to put on a page when it is not asked, and at the most. */
const documentedSizes: ReadonlyArray<number> = [20, 100]

/**
 * A bare array does not say whether it is all there is. One whose length is that of a page may not be, so the next page
 * is asked for: it is empty, or short, or goes on, or is the same again.
 */
const mayGoOn = (count: number, asked: Asked): boolean =>
  count > 0 && (count === asked.page_size || documentedSizes.includes(count))
