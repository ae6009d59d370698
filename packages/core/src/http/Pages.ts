/**
 * Lists that come in pages, as lazy streams: a page is read when the stream is pulled, and no page is read twice.
 *
 * The runs of a sync, catalogs and the endpoints of vendors' clients share this loop and its guards.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { UnexpectedResponse } from "../model/Reason.ts"
import type { RetlError } from "../model/RetlError.ts"

/** One page of a list. */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  /** The cursor of the next page; absent, or empty, on the last. */
  readonly next?: string
  /** Set on a last page after which there may be more that the vendor does not offer. */
  readonly mayHaveMore?: boolean
}

/** How many pages a list may have. */
export interface Options {
  /**
   * The most pages to read. A longer list fails; it is never cut in silence. Below 1, the list fails unread. @default
   * 1000
   */
  readonly maxPages?: number
}

/** A list fails after this many pages in a row without a new item. */
const maxEmptyPages = 10

/** One page of a list, and what follows it. */
export interface Turn<A> {
  readonly page: Page<A>
  /** The number of the page, from 1. */
  readonly number: number
  /**
   * `more`: another page follows. `last`: none does. `cut-off`: there may be more that the vendor does not offer.
   * `stuck`: the next page is one that was read before.
   */
  readonly ending: "more" | "last" | "cut-off" | "stuck"
}

/** Reads page after page, lazily, until there is no next one. Fails with the error of `read`. */
export const turns = <A>(
  read: (cursor: string | undefined) => Effect.Effect<Page<A>, RetlError>,
): Stream.Stream<Turn<A>, RetlError> =>
  Stream.suspend(() => {
    const cursors = new Set<string>()
    const endingOf = ({ next, mayHaveMore }: Page<A>): Turn<A>["ending"] => {
      if (next === undefined || next === "") return mayHaveMore === true ? "cut-off" : "last"
      return cursors.has(next) ? "stuck" : "more"
    }
    return Stream.paginate<{ readonly cursor: string | undefined; readonly number: number }, Turn<A>, RetlError>(
      { cursor: undefined, number: 1 },
      ({ cursor, number }) =>
        Effect.map(read(cursor), (page) => {
          const ending = endingOf(page)
          if (page.next !== undefined) cursors.add(page.next)
          const following = { cursor: page.next, number: number + 1 }
          return [[{ page, number, ending }], ending === "more" ? Option.some(following) : Option.none()]
        }),
    )
  })

/** How a list recognizes its new items, and what its errors call them. */
export interface Novelty<A> {
  /** Returns the items that no earlier page had, or the sentence that says why it cannot recognize them any more. */
  readonly newItems: (items: ReadonlyArray<A>) => Result.Result<ReadonlyArray<A>, string>
  /** Whether the list fails at a page that has no new item and is as long as the previous page. */
  readonly failsOnRepeatedPage: boolean
  /** Returns whether to emit a new item. @default all are emitted */
  readonly isWanted?: (item: A) => boolean
  /** The name of the items in errors, as in `runs`. */
  readonly noun: string
}

type Fail = (issue: string) => RetlError

/**
 * Returns all items, page after page. Fails, after the items of the earlier pages, where a cursor comes again, where
 * there are more than `maxPages` pages, where pages bring nothing new, where the vendor does not offer the whole list,
 * and with the error of `read`.
 */
export const paginate = <A>(
  read: (cursor: string | undefined) => Effect.Effect<Page<A>, RetlError>,
  fail: Fail,
  { maxPages = 1_000 }: Options,
  makeNovelty: () => Novelty<A>,
): Stream.Stream<A, RetlError> =>
  Stream.suspend(() => {
    const novelty = makeNovelty()
    const tooMany = fail(`Expected at most ${maxPages} pages (maxPages)`)
    if (!(maxPages >= 1)) return Stream.fail(tooMany)
    const guard = emptyPageGuard<A>(novelty)
    return Stream.flatMap(turns(read), ({ page: { items }, number, ending }) => {
      const fresh = novelty.newItems(items)
      if (Result.isFailure(fresh)) return Stream.fail(fail(fresh.failure))
      const obstacle = guard(items, fresh.success, ending)
      if (obstacle !== undefined) return Stream.fail(fail(obstacle))
      const wanted = novelty.isWanted === undefined ? fresh.success : fresh.success.filter(novelty.isWanted)
      const emitted = Stream.fromIterable(wanted)
      if (ending === "cut-off") return Stream.concat(emitted, Stream.fail(fail(cutOff(novelty.noun))))
      return ending === "more" && number >= maxPages ? Stream.concat(emitted, Stream.fail(tooMany)) : emitted
    })
  })

const cutOff = (noun: string): string => `Expected all ${noun}: the vendor's list is cut off after this page`

/** Returns a function that says why a list fails at a page; `undefined` where it goes on. */
const emptyPageGuard = <A>({ failsOnRepeatedPage, noun }: Novelty<A>) => {
  let emptyPages = 0
  let previousLength = 0
  return (items: ReadonlyArray<A>, fresh: ReadonlyArray<A>, ending: Turn<A>["ending"]): string | undefined => {
    const isRepeated = items.length > 0 && fresh.length === 0 && items.length === previousLength
    previousLength = items.length
    if (failsOnRepeatedPage && isRepeated) return "Expected another page, found only items of earlier pages"
    if (ending === "last" || ending === "cut-off") return undefined
    if (ending === "stuck") return "Expected a new cursor, found a used one"
    emptyPages = fresh.length > 0 ? 0 : emptyPages + 1
    return emptyPages < maxEmptyPages
      ? undefined
      : `Expected ${noun}, found ${maxEmptyPages} pages in a row without a new one`
  }
}

/**
 * Returns all items, page after page. `read` gets no cursor for the first page. Fails with `UnexpectedResponse`, which
 * `error` makes, as in `client.http.error`, and with the error of `read`: after the items of the earlier pages, where a
 * cursor comes again, where there are more than `maxPages` pages, where pages bring nothing new, and where the vendor
 * does not offer the whole list.
 *
 * With `idOf`, which returns an item's id, an item that comes again on a later page is emitted once: items that arrive
 * while the list is read push others there. Without it, every item is emitted.
 */
export const stream = <A>(
  operation: string,
  read: (cursor: string | undefined) => Effect.Effect<Page<A>, RetlError>,
  error: (operation: string, reason: UnexpectedResponse, delivery: "unknown") => RetlError,
  options: Options = {},
  idOf?: (item: A) => string,
): Stream.Stream<A, RetlError> =>
  paginate(
    read,
    (message) => error(operation, new UnexpectedResponse({ issues: [{ path: ["page"], message }] }), "unknown"),
    options,
    () => (idOf === undefined ? everyItem() : itemsById(idOf)),
  )

const everyItem = <A>(): Novelty<A> => ({ newItems: Result.succeed, failsOnRepeatedPage: false, noun: "items" })

const itemsById = <A>(idOf: (item: A) => string): Novelty<A> => {
  const ids = new Set<string>()
  const isNew = (item: A): boolean => {
    const { size } = ids
    return ids.add(idOf(item)).size > size
  }
  return { newItems: (items) => Result.succeed(items.filter(isNew)), failsOnRepeatedPage: true, noun: "items" }
}
