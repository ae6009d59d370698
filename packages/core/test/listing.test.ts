import { describe, expect, it } from "@effect/vitest"
import { Context, DateTime, Effect, Stream } from "effect"
import type { Page, PageQuery } from "../src/driver/Driver.ts"
import { type ListOptions, Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()

const make = Effect.fnUntraced(function* (fake: FakeDriver.Fake) {
  return Context.get((yield* workspace(fake)).services, Runs)
})

const ids = (stream: Stream.Stream<{ readonly ref: { readonly run: string } }, unknown>) =>
  Effect.map(Stream.runCollect(stream), (runs) => runs.map(({ ref }) => ref.run))

/** A workspace with these pages, and the queries that it got. */
const paged = (list: (cursor: string | undefined, query: PageQuery) => Page) => {
  const fake = FakeDriver.make()
  const queries: Array<PageQuery> = []
  const runs = {
    ...fake.driver.runs,
    list: (_: unknown, query: PageQuery) =>
      Effect.sync(() => {
        queries.push(query)
        return list(query.cursor, query)
      }),
  }
  return { fake: { ...fake, driver: { ...fake.driver, runs } }, queries }
}

const snapshot = (run: string, at = 0) => ({
  run,
  status: "succeeded" as const,
  vendorStatus: "done",
  startedAt: DateTime.makeUnsafe(at),
  rows: {},
  native: {},
})

describe("paging", () => {
  it.effect(
    "L1: a stream has the runs of all pages, reads a page only when it is pulled, and several pages again",
    () =>
      Effect.gen(function* () {
        const fake = FakeDriver.make({ pageSize: 10 })
        for (let i = 0; i < 95; i++) fake.begin("s1", -1_000 * (i + 1), { lasts: 1 })
        const runs = yield* make(fake)
        expect(yield* within("1 second", ids(runs.list(sync)))).toEqual(
          Array.from({ length: 95 }, (_, i) => `r${i + 1}`),
        )
        expect(fake.count("list")).toBe(20)
        yield* within("1 second", ids(Stream.take(runs.list(sync), 5)))
        expect(fake.count("list")).toBe(21)
      }),
  )

  it.effect("L1: runs that begin while paging neither repeat nor hide others", () =>
    Effect.gen(function* () {
      let clock = 10_000
      const all = Array.from({ length: 50 }, (_, i) => snapshot(`old${i}`, 9_000 - i))
      const { fake } = paged((cursor) => {
        for (let i = 0; i < 3; i++) all.unshift(snapshot(`new${clock}`, clock++))
        const from = Number(cursor ?? 0)
        return { runs: all.slice(from, from + 7), ...(from + 7 < all.length && { next: String(from + 7) }) }
      })
      const listed = yield* within("1 second", ids((yield* make(fake)).list(sync)))
      expect(new Set(listed).size).toBe(listed.length)
      expect(listed.filter((id) => id.startsWith("old"))).toEqual(Array.from({ length: 50 }, (_, i) => `old${i}`))
    }),
  )

  const hundred = Array.from({ length: 100 }, (_, i) => `r${i}`)
  /** Pages of ten of these runs, newest first; `before` sees how many pages were read. */
  const pagesOf = (runs: Array<string>, before: (pages: number) => unknown, total: boolean, order: 1 | -1 = -1) => {
    let pages = 0
    return (cursor: string | undefined): Page => {
      before(pages++)
      const from = Number(cursor ?? 0)
      return {
        runs: runs.slice(from, from + 10).map((run) => snapshot(run, 1_000 + order * Number(run.slice(1)))),
        ...(from + 10 < runs.length && { next: String(from + 10) }),
        ...(total && { total: runs.length }),
      }
    }
  }

  it.effect("L1: of a list that is newest first and whose total never falls, each page is read once", () =>
    Effect.gen(function* () {
      let read = 0
      const { fake } = paged(pagesOf([...hundred], () => read++, true))
      expect(yield* within("1 second", ids((yield* make(fake)).list(sync)))).toEqual(hundred)
      expect(read).toBe(10)
    }),
  )

  it.effect.each([
    ["without totals", false, -1, 30],
    ["with totals", true, -1, 20],
    ["with totals, oldest first", true, 1, 30],
  ] as const)("L1: runs that vanish while they are listed hide no other, %s", ([, total, order, pages]) =>
    Effect.gen(function* () {
      for (let from = 1; from < 10; from++) {
        const runs = [...hundred]
        let read = 0
        const vanish = (pages: number) => {
          if (pages === from) runs.splice(3, 4)
          read = pages + 1
        }
        const { fake } = paged(pagesOf(runs, vanish, total, order))
        const listed = yield* within("1 second", ids((yield* make(fake)).list(sync)))
        expect(listed.length).toBe(100)
        expect(new Set(listed)).toEqual(new Set(hundred))
        expect(read).toBe(pages)
      }
    }),
  )

  it.effect("L1: a list from which runs vanish during every reading fails, after the runs that it showed", () =>
    Effect.gen(function* () {
      const runs = [...hundred]
      const { fake } = paged(pagesOf(runs, (pages) => pages % 3 === 2 && runs.splice(0, 1), false))
      const seen: Array<string> = []
      const list = Stream.runForEach((yield* make(fake)).list(sync), ({ ref }) => Effect.sync(() => seen.push(ref.run)))
      const error = yield* Effect.flip(within("1 second", list))
      expect(String(error)).toContain("Expected a list that holds still: runs vanished")
      expect(seen.length).toBeGreaterThan(90)
    }),
  )

  it.effect("L1: a page that stands in the place of another is noticed", () =>
    Effect.gen(function* () {
      const page = pagesOf([...hundred], () => {}, false)
      const { fake } = paged((cursor) => (cursor === "20" ? { ...page("10"), next: "30" } : page(cursor)))
      const error = yield* Effect.flip(within("1 second", ids((yield* make(fake)).list(sync))))
      expect(String(error)).toContain("pages came twice")
    }),
  )

  it.effect("L1: a list that shows fewer runs than the vendor counts fails, after these runs", () =>
    Effect.gen(function* () {
      const { fake } = paged(() => ({ runs: [snapshot("r1"), snapshot("r2")], total: 25 }))
      const error = yield* Effect.flip(within("1 second", ids((yield* make(fake)).list(sync))))
      expect(String(error)).toContain("cut off after this page: it shows 2 of the 25 that the vendor counts")
    }),
  )

  const numbered = (cursor: string | undefined) => ({
    page: Number(cursor ?? 0),
    next: String(Number(cursor ?? 0) + 1),
  })
  const endless: ReadonlyArray<readonly [string, (cursor: string | undefined) => Page, ListOptions, string]> = [
    ["pages that repeat a cursor", () => ({ runs: [snapshot("r1")], next: "again" }), {}, "a new cursor"],
    [
      "pages without end",
      (cursor) => ({ runs: [snapshot(`r${numbered(cursor).page}`)], next: numbered(cursor).next }),
      { maxPages: 20 },
      "at most 20 pages",
    ],
    ["empty pages", (cursor) => ({ runs: [], next: numbered(cursor).next }), {}, "without a new one"],
  ]
  it.effect.each(endless)("L2: %s fail with an error", ([, list, options, message]) =>
    Effect.gen(function* () {
      const { fake } = paged(list)
      const runs = yield* make(fake)
      expect(String(yield* Effect.flip(ids(runs.list(sync, options))))).toContain(message)
    }),
  )

  it.effect("L2: a few empty pages end nothing", () =>
    Effect.gen(function* () {
      const { fake } = paged((cursor) => {
        const { page, next } = numbered(cursor)
        return { runs: page % 5 === 4 ? [snapshot(`r${page}`)] : [], ...(page < 24 && { next }) }
      })
      expect(yield* ids((yield* make(fake)).list(sync))).toEqual(["r4", "r9", "r14", "r19", "r24"])
    }),
  )
})

describe("filters", () => {
  it.effect("L3: filters are sent to the vendor and applied to its answer", () =>
    Effect.gen(function* () {
      const { fake, queries } = paged(() => ({
        runs: [
          snapshot("late", 3_000),
          snapshot("in", 2_000),
          { ...snapshot("failed", 2_000), status: "failed" as const },
          { ...snapshot("partial", 2_000), rows: { succeeded: 1, failed: 1 } },
          snapshot("early", 1_000),
        ],
      }))
      const options = {
        statuses: ["succeeded" as const],
        startedAfter: DateTime.makeUnsafe(1_500),
        startedBefore: DateTime.makeUnsafe(2_500),
        pageSize: 50,
      }
      expect(yield* ids((yield* make(fake)).list(sync, options))).toEqual(["in"])
      const { pageSize, ...filters } = options
      expect(queries).toEqual([{ ...filters, size: pageSize }])
    }),
  )

  it.effect(
    "L3: a run that has started, and whose start cannot be read, is never left out by a bound on the start",
    () =>
      Effect.gen(function* () {
        const { startedAt: _, ...undated } = snapshot("undated", 0)
        const { startedAt: __, ...queued } = { ...snapshot("queued", 0), status: "queued" as const }
        const { fake } = paged(() => ({ runs: [undated, queued, snapshot("early", 1_000)] }))
        const { list } = yield* make(fake)
        for (const bound of [
          { startedAfter: DateTime.makeUnsafe(1_500) },
          { startedBefore: DateTime.makeUnsafe(500) },
        ]) {
          expect(yield* ids(list(sync, bound))).toEqual(["undated"])
        }
      }),
  )

  it.effect("L3, H6: invalid bounds are refused together, before any request", () =>
    Effect.gen(function* () {
      const { fake, queries } = paged(() => ({ runs: [] }))
      const error = yield* Effect.flip(ids((yield* make(fake)).list(sync, { maxPages: 0, pageSize: 1.5 })))
      expect(String(error)).toMatch(/maxPages.*pageSize/)
      expect(queries).toEqual([])
    }),
  )
})
