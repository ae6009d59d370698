import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as Pages from "../src/http/Pages.ts"
import * as Reason from "../src/model/Reason.ts"
import type { RetlError } from "../src/model/RetlError.ts"
import { down, failure } from "./support/fakeDriver.ts"

type Page = Pages.Page<number>

/** A list of these pages, by their cursors; counts how often each is read. */
const listOf = (pages: Readonly<Record<string, Page | RetlError>>, options: Pages.Options = {}) => {
  const read: Array<string> = []
  const stream = Pages.stream<number>(
    "listThings",
    (cursor = "first") =>
      Effect.suspend(() => {
        read.push(cursor)
        const page = pages[cursor]
        if (page === undefined) return Effect.die(new Error(`no page ${cursor}`))
        return "items" in page ? Effect.succeed(page) : Effect.fail(page)
      }),
    (operation, reason, delivery) => failure(reason, delivery).with({ operation }),
    options,
    String,
  )
  return { read, stream }
}

const message = (error: RetlError) =>
  error.reason._tag === "UnexpectedResponse" ? error.reason.issues.map(({ message: said }) => said) : error.reason._tag

describe("lists that come in pages", () => {
  it.effect(
    "L1: a list has all items in order; several pages are read again, and where the readings agree, not once more",
    () =>
      Effect.gen(function* () {
        const { read, stream } = listOf({
          first: { items: [1, 2], next: "b" },
          b: { items: [3], next: "c" },
          c: { items: [] },
        })
        expect(yield* Stream.runCollect(stream)).toEqual([1, 2, 3])
        expect(read).toEqual(["first", "b", "c", "first", "b", "c"])
      }),
  )

  it.effect("L1: a page is read when it is pulled, and each run of the stream begins with the first", () =>
    Effect.gen(function* () {
      const { read, stream } = listOf({ first: { items: [1, 2], next: "b" }, b: { items: [3] } })
      expect(yield* Stream.runCollect(Stream.take(stream, 2))).toEqual([1, 2])
      expect(read).toEqual(["first"])
      expect(yield* Stream.runCollect(stream)).toEqual([1, 2, 3])
      expect(read).toEqual(["first", "first", "b", "first", "b"])
    }),
  )

  it.effect("L1: one page, and empty pages after it, are read once", () =>
    Effect.gen(function* () {
      const { read, stream } = listOf({ first: { items: [1, 2], next: "b" }, b: { items: [] } })
      expect(yield* Stream.runCollect(stream)).toEqual([1, 2])
      expect(read).toEqual(["first", "b"])
    }),
  )

  it.effect("K1: an item that repeats on a later page is emitted once", () =>
    Effect.gen(function* () {
      const pages = { first: { items: [1, 2], next: "b" }, b: { items: [2, 3], next: "c" }, c: { items: [3, 4] } }
      expect(yield* Stream.runCollect(listOf(pages).stream)).toEqual([1, 2, 3, 4])
    }),
  )

  it.effect(
    "L1: a total that makes no sense is no reason to fail; one that is not reached is, also over several pages",
    () =>
      Effect.gen(function* () {
        for (const total of [0, 1]) {
          expect(yield* Stream.runCollect(listOf({ first: { items: [1, 2], total } }).stream)).toEqual([1, 2])
        }
        const { read, stream } = listOf({ first: { items: [1, 2], next: "b", total: 9 }, b: { items: [3], total: 5 } })
        expect(message(yield* Effect.flip(Stream.runCollect(stream)))).toEqual([
          "Expected all items: the vendor's list is cut off after this page: it shows 3 of the 5 that the vendor counts",
        ])
        expect(read).toEqual(["first", "b"])
      }),
  )

  it.effect.each([
    [100, [100, 50, 25, 5, 1]],
    [30, [30, 15, 5, 1]],
    [7, [7, 1]],
    [1, [1]],
    [undefined, [undefined, 50, 25, 5, 1]],
  ] as const)("H4: of a page of %s that is too large, smaller ones are read", ([size, expected]) =>
    Effect.gen(function* () {
      const sizes: Array<number | undefined> = []
      const noted: Array<number> = []
      const read = (size: number | undefined) => {
        sizes.push(size)
        return Effect.fail(failure(new Reason.TooLarge({ maxBytes: 1 }), "unknown"))
      }
      const error = yield* Effect.flip(Pages.withSmallerSizes(size, read, (smaller) => noted.push(smaller)))
      expect(error.reason._tag).toBe("TooLarge")
      expect(sizes).toEqual(expected)
      expect(noted).toEqual(expected.slice(1))
    }),
  )

  it.effect("H4: the size that was not too large is kept for the next pages", () =>
    Effect.gen(function* () {
      const sizes: Array<number> = []
      const read = Pages.shrinking(100, (_, size) => {
        sizes.push(size)
        return size > 25
          ? Effect.fail(failure(new Reason.TooLarge({ maxBytes: 1 }), "unknown"))
          : Effect.succeed({ items: [1] })
      })
      yield* Effect.andThen(read(undefined), read("b"))
      expect(sizes).toEqual([100, 50, 25, 25])
    }),
  )

  it.effect("K1: a page that repeats the previous page is an error", () =>
    Effect.gen(function* () {
      for (const next of [{}, { next: "c" }]) {
        const { stream } = listOf({ first: { items: [1, 2], next: "b" }, b: { items: [1, 2], ...next } })
        const error = yield* Effect.flip(Stream.runCollect(stream))
        expect(message(error)).toEqual(["Expected another page, found only items of earlier pages"])
      }
    }),
  )

  it.effect("L2: a repeated cursor is an error, after the items before it", () =>
    Effect.gen(function* () {
      const { read, stream } = listOf({ first: { items: [1], next: "b" }, b: { items: [2], next: "b" } })
      const seen: Array<number> = []
      const error = yield* Effect.flip(Stream.runForEach(stream, (item) => Effect.sync(() => seen.push(item))))
      expect(message(error)).toEqual(["Expected a new cursor, found a used one"])
      expect(error).toMatchObject({ operation: "listThings", delivery: "unknown" })
      expect(read).toEqual(["first", "b"])
      expect(seen, "the items of the previous page are emitted").toContain(1)
    }),
  )

  it.effect("L2: ten empty pages in a row are an error, and an item resets the count", () =>
    Effect.gen(function* () {
      const pages = (filled: ReadonlyArray<number>): Record<string, Page> =>
        Object.fromEntries(
          Array.from({ length: 15 }, (_, at) => [
            at === 0 ? "first" : `p${at}`,
            { items: filled.includes(at) ? [at] : [], ...(at < 14 && { next: `p${at + 1}` }) },
          ]),
        )
      const empty = listOf(pages([]))
      expect(message(yield* Effect.flip(Stream.runCollect(empty.stream)))).toEqual([
        "Expected items, found 10 pages in a row without a new one",
      ])
      expect(empty.read.length).toBe(10)
      expect(yield* Stream.runCollect(listOf(pages([7])).stream)).toEqual([7])
    }),
  )

  it.effect("L2: more pages than `maxPages` are an error", () =>
    Effect.gen(function* () {
      const pages = Object.fromEntries(
        Array.from({ length: 50 }, (_, at) => [at === 0 ? "first" : `p${at}`, { items: [at], next: `p${at + 1}` }]),
      )
      const { read, stream } = listOf(pages, { maxPages: 3 })
      expect(message(yield* Effect.flip(Stream.runCollect(stream)))).toEqual(["Expected at most 3 pages (maxPages)"])
      expect(read.length).toBe(3)
    }),
  )

  it.effect("L1: a truncated list is an error, after its items", () =>
    Effect.gen(function* () {
      const { stream } = listOf({ first: { items: [1, 2], mayHaveMore: true } })
      const seen: Array<number> = []
      const error = yield* Effect.flip(Stream.runForEach(stream, (item) => Effect.sync(() => seen.push(item))))
      expect(message(error)).toEqual(["Expected all items: the vendor's list is cut off after this page"])
      expect(seen).toEqual([1, 2])
    }),
  )

  it.effect("L2: an invalid `maxPages` is an error before any page is read", () =>
    Effect.gen(function* () {
      for (const maxPages of [0, -1, Number.NaN]) {
        const { read, stream } = listOf({ first: { items: [1] } }, { maxPages })
        expect(message(yield* Effect.flip(Stream.runCollect(stream)))).toEqual([
          `Expected at most ${maxPages} pages (maxPages)`,
        ])
        expect(read).toEqual([])
      }
    }),
  )

  it.effect("L2, R5: an empty cursor means that there is no next page", () =>
    Effect.gen(function* () {
      const { read, stream } = listOf({ first: { items: [1], next: "b" }, b: { items: [2], next: "" } })
      expect(yield* Stream.runCollect(stream)).toEqual([1, 2])
      expect(read).toEqual(["first", "b", "first", "b"])
      const cut = listOf({ first: { items: [1], next: "", mayHaveMore: true } })
      expect(message(yield* Effect.flip(Stream.runCollect(cut.stream)))).toHaveLength(1)
    }),
  )

  it.effect("L1: a page that fails ends the list after the items before it", () =>
    Effect.gen(function* () {
      const { stream } = listOf({ first: { items: [1], next: "b" }, b: down })
      const seen: Array<number> = []
      const error = yield* Effect.flip(Stream.runForEach(stream, (item) => Effect.sync(() => seen.push(item))))
      expect([message(error), seen]).toEqual(["Unavailable", [1]])
    }),
  )
})
