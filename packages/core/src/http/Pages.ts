/**
 * Lists that come in pages, as lazy streams: a page is read when the stream is pulled.
 *
 * Vendors count pages by position. An entry that vanishes from a page that was read moves a later one onto that page, where
 * no page shows it. So a list of several pages is read again, until a reading shows every item of the one before: then
 * nothing had vanished, and the one before has missed nothing. Where no two readings agree, the list fails.
 *
 * The runs of a sync, catalogs and the endpoints of vendors' clients share this loop and its guards.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
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
  /** How many items the whole list has, where the vendor says it. A list that shows fewer fails. */
  readonly total?: number
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

/** How often a list of several pages is read until two readings agree. */
const maxReadings = 3

/** One page of a list, and what follows it. */
export interface Turn<A> {
  readonly page: Page<A>
  /** The number of the page, from 1. */
  readonly number: number
  /** How many items the pages have shown so far. */
  readonly count: number
  /** The least total of the pages so far, which falls where items vanish; infinite where the vendor says none. */
  readonly total: number
  /**
   * `more`: another page follows. `last`: none does. `cut-off`: none does, and the vendor counts more items than it has
   * shown, or there may be more that it does not offer. `stuck`: the next page is one that was read before.
   */
  readonly ending: "more" | "last" | "cut-off" | "stuck"
}

/** Where a list continues, and what it has shown. */
interface Position extends Pick<Turn<unknown>, "number" | "count" | "total"> {
  readonly cursor: string | undefined
}

/** Reads page after page, lazily, until there is no next one. Fails with the error of `read`. */
export const turns = <A>(
  read: (cursor: string | undefined) => Effect.Effect<Page<A>, RetlError>,
): Stream.Stream<Turn<A>, RetlError> =>
  Stream.suspend(() => {
    const cursors = new Set<string>()
    const endingOf = ({ next, mayHaveMore }: Page<A>, isShort: boolean): Turn<A>["ending"] => {
      if (next === undefined || next === "") return mayHaveMore === true || isShort ? "cut-off" : "last"
      return cursors.has(next) ? "stuck" : "more"
    }
    return Stream.paginate<Position, Turn<A>, RetlError>(
      { cursor: undefined, number: 1, count: 0, total: Number.POSITIVE_INFINITY },
      (position) =>
        Effect.map(read(position.cursor), (page) => {
          const count = position.count + page.items.length
          const total = Math.min(position.total, page.total ?? position.total)
          const ending = endingOf(page, count < total && total < Number.POSITIVE_INFINITY)
          if (page.next !== undefined) cursors.add(page.next)
          const turn = { page, number: position.number, count, total, ending }
          const following = { cursor: page.next, number: position.number + 1, count, total }
          return [[turn], ending === "more" ? Option.some(following) : Option.none()]
        }),
    )
  })

/** The size of the first smaller page where the vendor's most was too large. It divides what vendors have as their most. */
const firstSmallerSize = 50

/**
 * Reads a page with a size. Where the answer is too large, `note` gets the next smaller size, and the page is read with that,
 * down to one item. Each size divides the one before it, so that a page with a number begins where the larger one began.
 */
export const withSmallerSizes = <A>(
  size: number | undefined,
  read: (size: number | undefined) => Effect.Effect<A, RetlError>,
  note: (size: number) => void,
): Effect.Effect<A, RetlError> =>
  Effect.catchIf(
    read(size),
    ({ reason }) => reason._tag === "TooLarge" && size !== 1,
    () => {
      let divisor = 2
      while (size !== undefined && size % divisor !== 0) divisor++
      const smaller = size === undefined ? firstSmallerSize : size / divisor
      note(smaller)
      return withSmallerSizes(smaller, read, note)
    },
  )

/** Returns the function that reads the page at a cursor; it remembers the size of a page that was not too large. */
export const shrinking = <A>(
  size: number,
  read: (cursor: string | undefined, size: number) => Effect.Effect<Page<A>, RetlError>,
): ((cursor: string | undefined) => Effect.Effect<Page<A>, RetlError>) => {
  let current = size
  return (cursor) =>
    Effect.suspend(() =>
      withSmallerSizes(
        current,
        (wanted = size) => read(cursor, wanted),
        (smaller) => {
          current = smaller
        },
      ),
    )
}

/** How a list recognizes its items, and what its errors call them. */
export interface Rules<A> {
  /** Returns the id of an item. An item that comes again is emitted once. */
  readonly idOf: (item: A) => string
  /**
   * Returns the time of an item, where the list may show itself newest first: then new items come in front of all others, and
   * where the vendor's total never falls, none has vanished. @default the order shows nothing
   */
  readonly timeOf?: (item: A) => number | undefined
  /** Whether the list fails at a page that has no new item and is as long as the previous page. */
  readonly failsOnRepeatedPage: boolean
  /** Returns whether to emit a new item. @default all are emitted */
  readonly isWanted?: (item: A) => boolean
  /** The name of the items in errors, as in `runs`. */
  readonly noun: string
}

type Fail = (issue: string) => RetlError

/**
 * Returns all items, page after page, each once. Where there are several pages, reads them again as the module says; what
 * only a later reading shows comes last.
 *
 * Fails, after the items so far, where a cursor comes again, where there are more than `maxPages` pages, where pages bring
 * nothing new, where the vendor does not offer the whole list or counts more items than it shows, where items vanish
 * during every reading, and with the error of `read`.
 */
export const paginate = <A>(
  read: (cursor: string | undefined) => Effect.Effect<Page<A>, RetlError>,
  fail: Fail,
  { maxPages = 1_000 }: Options,
  rules: Rules<A>,
): Stream.Stream<A, RetlError> =>
  Stream.suspend(() => {
    const { idOf, isWanted = () => true, noun } = rules
    const tooMany = fail(`Expected at most ${maxPages} pages (maxPages)`)
    if (!(maxPages >= 1)) return Stream.fail(tooMany)
    /** The ids of all readings but the current one. */
    const emitted = new Set<string>()
    const isNew = (item: A): boolean => !emitted.has(idOf(item))
    const readings = (number: number, previous?: ReadonlySet<string>): Stream.Stream<A, RetlError> =>
      Stream.suspend(() => {
        const reading = readingOf(rules)
        const items = Stream.flatMap(turns(read), (turn): Stream.Stream<A, RetlError> => {
          const { obstacle, added } = reading.add(turn)
          if (obstacle !== undefined) return Stream.fail(fail(obstacle))
          const fresh = Stream.fromIterable(added.filter(isNew).filter(isWanted))
          if (turn.ending === "cut-off") return Stream.concat(fresh, Stream.fail(fail(cutOff(noun, turn))))
          return turn.ending === "more" && turn.number >= maxPages ? Stream.concat(fresh, Stream.fail(tooMany)) : fresh
        })
        const following = Stream.suspend(() => {
          const doubt = reading.doubt(previous)
          if (doubt === undefined) return Stream.empty
          for (const id of reading.ids) emitted.add(id)
          return number < maxReadings ? readings(number + 1, reading.ids) : Stream.fail(fail(doubt))
        })
        return Stream.concat(items, following)
      })
    return readings(1)
  })

const cutOff = (noun: string, { count, total }: Turn<unknown>): string =>
  `Expected all ${noun}: the vendor's list is cut off after this page${
    count < total && total < Number.POSITIVE_INFINITY
      ? `: it shows ${count} of the ${total} that the vendor counts`
      : ""
  }`

/** Adds an id. Returns whether it was not there. */
const isAdded = (ids: Set<string>, id: string): boolean => {
  const { size } = ids
  return ids.add(id).size > size
}

/** What one reading of a list has shown so far. */
const readingOf = <A>({ idOf, timeOf, failsOnRepeatedPage, noun }: Rules<A>) => {
  const ids = new Set<string>()
  let filledPages = 0
  let emptyPages = 0
  let previousLength = 0
  /** Whether a page has shown only items of earlier pages. */
  let isRepeated = false
  /** Whether the items and the totals so far show that none has vanished. */
  let isSettled = timeOf !== undefined
  let oldest = Number.POSITIVE_INFINITY
  let latestTotal = 0
  /** Returns why the list fails at a page whose new items are `fresh`; `undefined` where it goes on. */
  const obstacleOf = (
    { page: { items, total = -1 }, ending }: Turn<A>,
    fresh: ReadonlyArray<A>,
  ): string | undefined => {
    for (const item of fresh) {
      const time = timeOf?.(item) ?? Number.NaN
      isSettled &&= time <= oldest
      oldest = time
    }
    isSettled &&= total >= latestTotal
    latestTotal = total
    const hasNothingNew = items.length > 0 && fresh.length === 0
    if (items.length > 0) filledPages++
    if (hasNothingNew) isRepeated = true
    if (failsOnRepeatedPage && hasNothingNew && items.length === previousLength) {
      return "Expected another page, found only items of earlier pages"
    }
    previousLength = items.length
    if (ending === "last" || ending === "cut-off") return undefined
    if (ending === "stuck") return "Expected a new cursor, found a used one"
    emptyPages = fresh.length > 0 ? 0 : emptyPages + 1
    return emptyPages < maxEmptyPages
      ? undefined
      : `Expected ${noun}, found ${maxEmptyPages} pages in a row without a new one`
  }
  return {
    ids,
    /** Adds a page. Returns the items that are new to the reading, and why the list fails here, where it does. */
    add: (turn: Turn<A>): { readonly added: ReadonlyArray<A>; readonly obstacle: string | undefined } => {
      const added = turn.page.items.filter((item) => isAdded(ids, idOf(item)))
      return { added, obstacle: obstacleOf(turn, added) }
    },
    /** Returns why the list may lack items, at its end; `undefined` where it has all. */
    doubt: (previous: ReadonlySet<string> | undefined): string | undefined => {
      const isStable = filledPages < 2 || isSettled || (previous !== undefined && isPartOf(previous, ids))
      return isStable && !isRepeated
        ? undefined
        : `Expected a list that holds still: ${noun} vanished, or pages came twice, in each of ${maxReadings} readings; list them again when fewer change`
    },
  }
}

const isPartOf = (part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean =>
  Array.from(part).every((id) => whole.has(id))

/**
 * Returns all items, page after page. `read` gets no cursor for the first page. `idOf` returns an item's id: an item that
 * comes again is emitted once. A list of several pages is read again, as the module says.
 *
 * Fails with `UnexpectedResponse`, which `error` makes, as in `client.http.error`, and with the error of `read`: after the
 * items so far, where a cursor comes again, where there are more than `maxPages` pages, where pages bring nothing new, where
 * the vendor does not offer the whole list or counts more items than it shows, and where items vanish during every reading.
 */
export const stream = <A>(
  operation: string,
  read: (cursor: string | undefined) => Effect.Effect<Page<A>, RetlError>,
  error: (operation: string, reason: UnexpectedResponse, delivery: "unknown") => RetlError,
  options: Options,
  idOf: (item: A) => string,
): Stream.Stream<A, RetlError> =>
  paginate(
    read,
    (message) => error(operation, new UnexpectedResponse({ issues: [{ path: ["page"], message }] }), "unknown"),
    options,
    { idOf, failsOnRepeatedPage: true, noun: "items" },
  )
