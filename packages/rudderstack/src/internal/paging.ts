/** RudderStack's pages. The page's number is counted up; the link to the next page is a sign, and never followed. */
import * as Pages from "@openretl/core/driver/Pages"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type * as RudderStackApi from "../RudderStackApi.ts"

/** The largest page that official clients request; what the vendor allows is not documented. */
export const maxPageSize = 100

/** The page that a request wants, and what the earlier pages have shown. A cursor is its text form. */
export interface PageRequest {
  /** The number of the page, from 1; `NaN` for a cursor that is none, which the client refuses to send. */
  readonly page: number
  readonly size: number
  /** How many items the earlier pages had. */
  readonly count: number
  /** Whether nothing but its items shows that the previous page has a next one. */
  readonly isGuess: boolean
  /** The id of the first item of the previous page. */
  readonly after?: string
}

const format = ({ page, size, count, isGuess, after }: PageRequest): string =>
  `${page}.${size}.${count}${isGuess ? "?" : ""}${after === undefined ? "" : `~${after}`}`

/** Returns the size of a page that core requests, from 1 to 100. */
export const sizeOf = (wanted = maxPageSize): number => Math.min(maxPageSize, Math.max(1, Math.trunc(wanted)))

/**
 * Returns the page at a cursor. Where the size divides that of the earlier pages, the page begins
 * where a page of that size would; any other size stays as it was.
 */
export const requestOf = (cursor: string | undefined, size: number): PageRequest => {
  if (cursor === undefined) return { page: 1, size, count: 0, isGuess: false }
  const [, page, before, count, guess, after] =
    /^([1-9]\d{0,8})\.([1-9]\d{0,8})\.(\d{1,15})(\??)(?:~([\s\S]+))?$/.exec(cursor) ?? []
  const sizeBefore = Number(before ?? size)
  const parts = sizeBefore % size === 0 ? sizeBefore / size : 1
  return {
    page: (Number(page ?? Number.NaN) - 1) * parts + 1,
    size: sizeBefore / parts,
    count: Number(count ?? 0),
    isGuess: guess === "?",
    ...(after !== undefined && { after }),
  }
}

/** A page as the vendor answers it. */
interface Answer<A> {
  readonly items: ReadonlyArray<A> | null
  readonly paging?: RudderStackApi.Paging | undefined
}

/** The sizes that pages usually have, where a vendor does not heed the requested one. */
const usualSizes: ReadonlyArray<number> = [10, 20, 25, 30, 50, 100]

/**
 * Returns a page as core's lists take it. Without a link the total decides whether another one follows. Without either, no
 * page is the last until an empty one follows: the vendor may not heed the requested size. A short or an empty page is not
 * the last while there is a link.
 */
export const toPage = <A extends { readonly id: string }>(
  { items: answered, paging }: Answer<A>,
  request: PageRequest,
): Pages.Page<A> => {
  const { page, size, after } = request
  const items = answered ?? []
  const total = paging?.total
  const hasLink = paging?.next !== undefined && paging.next !== ""
  if (!hasLink && total === undefined && after !== undefined && items[0]?.id === after) {
    // The vendor repeats its last page. The second page may be the first because the number counts for nothing.
    return {
      items: [],
      ...(page === 2 && (items.length >= size || usualSizes.includes(items.length)) && { mayHaveMore: true }),
    }
  }
  const count = request.count + items.length
  const first = items[0]?.id
  const hasNext = hasLink || (items.length > 0 && count !== total)
  const isGuess = !hasLink && total === undefined
  const next = { page: page + 1, size, count, isGuess, ...(first !== undefined && { after: first }) }
  return { items, ...(total !== undefined && { total }), ...(hasNext && { next: format(next) }) }
}

/**
 * Returns an empty page for a 404 where only a guess led to the page: it says that there is no such page.
 */
export const orNoPage = <A extends object>(
  { isGuess }: PageRequest,
  read: Effect.Effect<A, RetlError>,
  empty: A,
): Effect.Effect<A, RetlError> =>
  Effect.catchIf(
    read,
    ({ reason, delivery }) => isGuess && reason._tag === "NotFound" && delivery === "refused",
    () => Effect.succeed(empty),
  )

/** Returns all items of a list, lazily, page after page from the first. */
export const stream = <A extends { readonly id: string }>(
  http: VendorClient,
  operation: string,
  options: Pages.Options,
  size: number,
  read: (request: PageRequest) => Effect.Effect<Answer<A>, RetlError>,
): Stream.Stream<A, RetlError> =>
  Pages.stream(
    operation,
    Pages.shrinking(size, (cursor, size) => {
      const request = requestOf(cursor, size)
      return Effect.map(orNoPage(request, read(request), { items: [] }), (answer) => toPage(answer, request))
    }),
    http.error,
    options,
    ({ id }) => id,
  )
