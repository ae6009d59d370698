/**
 * Lists that come in pages, as lazy streams: a page is read when it is pulled, and never a page twice.
 *
 * For adapters, and for whoever pages through an endpoint of a vendor's own client.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { UnexpectedResponse } from "../model/Reason.ts"
import type { RetlError } from "../model/RetlError.ts"

export interface Page<A> {
  readonly items: ReadonlyArray<A>
  /** Where the next page starts; absent, or empty, on the last. */
  readonly next?: string
  /** Set on a last page behind which there may be more that the vendor does not offer. */
  readonly mayHaveMore?: boolean
}

export interface Options {
  /**
   * How many pages are read at the most; more than that ends in an error, never in silence. What is not at least 1 reads
   * nothing and is that error. @default 1000
   */
  readonly maxPages?: number
}

/** So many empty pages in a row, each with a next one, end a list. */
const maxEmptyPages = 10

interface State {
  readonly cursor: string | undefined
  readonly page: number
  readonly empty: number
  readonly isCutOff?: boolean
  /** How many items the page before had. */
  readonly length: number
}

/**
 * All items, page after page. A cursor that comes again, pages without end and a list that cannot be read to its end
 * fail with `UnexpectedResponse`, after the items of the pages before; so does an error of `read`, which is handed on as it
 * is. `error` makes it, as in `client.http.error`. `read` gets no cursor for the first page.
 *
 * `idOf` names an item: one that comes again on a later page, pushed there by what came in meanwhile, is told once, and
 * pages that do not turn fail. Without it, items are told as they come.
 */
export const stream = <A>(
  operation: string,
  read: (cursor: string | undefined) => Effect.Effect<Page<A>, RetlError>,
  error: (operation: string, reason: UnexpectedResponse, delivery: "unknown") => RetlError,
  { maxPages = 1_000 }: Options = {},
  idOf?: (item: A) => string,
): Stream.Stream<A, RetlError> =>
  Stream.suspend(() => {
    const cursors = new Set<string>()
    const seen = new Set<string>()
    const isNew = (item: A): boolean => {
      if (idOf === undefined) return true
      const known = seen.size
      return seen.add(idOf(item)).size > known
    }
    const fail = (message: string) =>
      error(operation, new UnexpectedResponse({ issues: [{ path: ["page"], message }] }), "unknown")
    return Stream.paginate<State, A, RetlError>(
      { cursor: undefined, page: 1, empty: 0, length: 0 },
      Effect.fnUntraced(function* ({ cursor, page, empty, isCutOff, length }) {
        if (isCutOff === true)
          return yield* fail("Expected the whole list, found no way to what is behind the last page")
        if (!(page <= maxPages)) return yield* fail(`Expected at most ${maxPages} pages (maxPages)`)
        const { items: found, next, mayHaveMore } = yield* read(cursor)
        const items = found.filter(isNew)
        if (items.length === 0 && found.length > 0 && found.length === length) {
          return yield* fail("Expected another page, found only what was on those before")
        }
        if (next === undefined || next === "") {
          const last = { cursor, page, empty, isCutOff: true, length }
          return [items, mayHaveMore === true ? Option.some(last) : Option.none()]
        }
        if (cursors.has(next)) return yield* fail("Expected a new cursor, found one that was used before")
        cursors.add(next)
        const emptyNow = items.length > 0 ? 0 : empty + 1
        if (emptyNow >= maxEmptyPages) {
          return yield* fail(`Expected items, found ${maxEmptyPages} empty pages in a row`)
        }
        return [items, Option.some({ cursor: next, page: page + 1, empty: emptyNow, length: found.length })]
      }),
    )
  })
