import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { Priority } from "../src/engine/rate-limit/rateLimit.ts"
import * as FenceReading from "../src/engine/trigger/fence.ts"
import type { Fence } from "../src/model/Fence.ts"
import type { Run } from "../src/model/Run.ts"
import * as ListedRuns from "./support/listedRuns.ts"
import { falling, run, sync } from "./support/listedRuns.ts"

/** Reads the fence, and the runs past one, of a vendor that lists these runs. */
const listing = (...args: Parameters<typeof ListedRuns.listing>) => {
  const { context, times, readings } = ListedRuns.listing(...args)
  return {
    observe: FenceReading.observe(context, sync, Priority.urgent),
    readPast: (fence: Fence) => FenceReading.readPast(context, sync, fence, Priority.write),
    pages: () => times.length,
    readings,
  }
}

const ids = (runs: ReadonlyArray<Run>) => runs.map(({ ref }) => ref.run)

describe("the fence", () => {
  it.effect("T2: it has each run once, the newest start, and the vendor's clock at the first page", () =>
    Effect.gen(function* () {
      const runs = [run("a", 3), run("b"), run("c", 9), run("d", 5)]
      const { observe } = listing(() => runs, { pageSize: 2, clock: [100, 110, 120, 130] })
      const { fence } = yield* observe
      expect(fence.runs).toEqual(["a", "b", "c", "d"])
      expect(fence.newest && DateTime.toEpochMillis(fence.newest)).toBe(9_000)
      expect(fence.asOf && DateTime.toEpochMillis(fence.asOf)).toBe(120_000)
    }),
  )

  it.effect("T2: the clock is that of the first page of a reading", () =>
    Effect.gen(function* () {
      const { observe } = listing(() => falling(4), { pageSize: 2, clock: [100, 110] })
      const { fence } = yield* observe
      expect(fence.asOf && DateTime.toEpochMillis(fence.asOf)).toBe(100_000)
    }),
  )

  it.effect("T2: without a time or a clock it has none", () =>
    Effect.gen(function* () {
      const { fence } = yield* listing(() => [run("a"), run("b")]).observe
      expect(fence).toEqual({ runs: ["a", "b"], complete: true })
      expect((yield* listing(() => []).observe).fence).toEqual({ runs: [], complete: true })
    }),
  )

  it.effect("T2, T5: of a run that a list shows twice, the first place counts", () =>
    Effect.gen(function* () {
      const runs = [run("a", 3, "running"), run("b", 1), run("a", 3, "succeeded")]
      const { fence, running } = yield* listing(() => runs).observe
      expect(fence.runs).toEqual(["a", "b"])
      expect(running?.ref.run).toBe("a")
    }),
  )

  it.effect.each([
    ["without a time on one run", [...falling(30), run("x"), run("y", -1), run("z", -2)]],
    ["with one later time", [...falling(30), run("x", 31), run("y", -1), run("z", -2)]],
    ["with a single fall", [...Array.from({ length: 30 }, (_, index) => run(`s${index}`, 5)), run("x", 4)]],
    ["with equal times alone", Array.from({ length: 33 }, (_, index) => run(`s${index}`, 5))],
  ] as const)("T2: a list %s is read twice, to its end", ([, runs]) =>
    Effect.gen(function* () {
      const { observe, readings, pages } = listing(() => runs, { pageSize: 11 })
      const { fence } = yield* observe
      expect(fence.complete).toBe(true)
      expect(fence.runs).toHaveLength(runs.length)
      expect([readings(), pages()]).toEqual([2, 6])
    }),
  )

  it.effect("T2: a list that is newest first is read once, also with equal times, and with two falls", () =>
    Effect.gen(function* () {
      const runs = [run("a", 9), run("b", 9), run("c", 8), run("d", 8), run("e", 7)]
      const { observe, readings } = listing(() => runs, { pageSize: 3 })
      expect((yield* observe).fence).toMatchObject({ runs: ["a", "b", "c", "d", "e"], complete: true })
      expect(readings()).toBe(1)
    }),
  )

  it.effect("T2: a list of one page is read once, in any order", () =>
    Effect.gen(function* () {
      const { observe, readings } = listing(() => [run("a", 1), run("b", 2)])
      expect((yield* observe).fence.complete).toBe(true)
      expect(readings()).toBe(1)
    }),
  )

  it.effect("T2: a list of two pages in no order is read twice", () =>
    Effect.gen(function* () {
      const { observe, readings } = listing(() => [run("a", 1), run("b", 2), run("c", 3)], { pageSize: 2 })
      expect((yield* observe).fence.complete).toBe(true)
      expect(readings()).toBe(2)
    }),
  )

  it.effect("T2: where readings differ, the list is read three times, and counts as cut", () =>
    Effect.gen(function* () {
      const changing = (reading: number) => [run(`x${reading}`, 1), run("b", 2), run("c", 3)]
      const { observe, readings } = listing(changing, { pageSize: 2 })
      const { fence } = yield* observe
      expect(fence).toMatchObject({ complete: false, runs: ["x3", "b", "c"] })
      expect(readings()).toBe(3)
    }),
  )

  it.effect("T2: a third reading that shows all of the second one is the fence", () =>
    Effect.gen(function* () {
      const changing = (reading: number) => [run(reading === 1 ? "x" : "y", 1), run("b", 2), run("c", 3)]
      const { observe, readings } = listing(changing, { pageSize: 2 })
      expect((yield* observe).fence).toMatchObject({ complete: true, runs: ["y", "b", "c"] })
      expect(readings()).toBe(3)
    }),
  )

  it.effect("T2: an ordered list is read for ten pages at most, another one for twenty", () =>
    Effect.gen(function* () {
      const ordered = listing(() => falling(300), { pageSize: 10 })
      expect((yield* ordered.observe).fence).toMatchObject({ complete: true })
      expect(ordered.pages()).toBe(10)

      const rising = listing(() => falling(300).toReversed(), { pageSize: 10 })
      expect((yield* rising.observe).fence).toMatchObject({ complete: false })
      expect(rising.pages()).toBe(40)
    }),
  )

  it.effect("T2, T5: where the vendor runs one at a time, an ordered list is read down to a run that has ended", () =>
    Effect.gen(function* () {
      const runs = [run("live", 400, "running"), ...falling(300)]
      const { observe, pages } = listing(() => runs, { pageSize: 10, whenBusy: "refuses" })
      const { fence, running } = yield* observe
      expect(running?.ref.run).toBe("live")
      expect(fence.complete).toBe(true)
      expect(pages()).toBe(1)
    }),
  )

  it.effect("T5: what had ended in an ordered list ends the next reading, unless a run is under way", () =>
    Effect.gen(function* () {
      let runs = falling(40)
      const { observe, pages } = listing(() => runs, { pageSize: 10 })
      yield* observe
      expect(pages()).toBe(4)
      runs = [run("live", 50, "running"), run("r41", 41), ...falling(40)]
      yield* observe
      expect(pages()).toBe(5)
      // The first run of a list with a run under way is no end: the reading goes on to the one that is.
      runs = [run("new", 60), ...falling(46).slice(0, 4), run("live", 42), run("r41", 41), ...falling(40)]
      yield* observe
      expect(pages()).toBe(6)
    }),
  )

  it.effect("T5: what had ended in a list in no order ends no reading", () =>
    Effect.gen(function* () {
      let runs: ReadonlyArray<Run> = falling(12).toReversed()
      const { observe, pages } = listing(() => runs, { pageSize: 6 })
      yield* observe
      expect(pages()).toBe(4)
      runs = falling(12)
      // It begins with what was the first run of the earlier list.
      runs = [run("r1", 20), ...falling(12).slice(0, -1)]
      yield* observe
      expect(pages()).toBe(6)
    }),
  )
})

describe("the runs past a fence", () => {
  const fence = (runs: ReadonlyArray<string>, complete = true): Fence => ({ runs, complete })

  it.effect("T3: a list that was read to its end shows all of them, wherever they stand", () =>
    Effect.gen(function* () {
      const { readPast } = listing(() => [run("b", 2), run("new", 1), run("a", 3), run("newer", 2)])
      const past = yield* readPast(fence(["a", "b"]))
      expect(ids(past.runs)).toEqual(["new", "newer"])
      expect(past).toMatchObject({ isComplete: true, mayImprove: false, showsFence: true })
    }),
  )

  it.effect("T3: in an ordered list, what stands below the fence is older than it", () =>
    Effect.gen(function* () {
      const { readPast } = listing(() => [run("new", 9), run("b", 8), run("between", 7), run("a", 6), run("old", 5)])
      const past = yield* readPast(fence(["a", "b"]))
      expect(ids(past.runs)).toEqual(["new", "between"])
      expect(past.isComplete).toBe(true)
    }),
  )

  it.effect("T3: an ordered list is read until a run of the fence ends a page", () =>
    Effect.gen(function* () {
      const runs = [run("new", 900), ...falling(300)]
      const { readPast, pages } = listing(() => runs, { pageSize: 10 })
      // The last run of the first page is the 292nd.
      const past = yield* readPast(fence(["r300", "r292"]))
      expect(pages()).toBe(1)
      expect(ids(past.runs)).toContain("new")
      expect(past.isComplete).toBe(true)
      yield* readPast(fence(["r300", "r291"]))
      expect(pages()).toBeGreaterThan(2)
    }),
  )

  it.effect("T3: an ordered list that shows no run of the fence has all of its runs past it, and may lack some", () =>
    Effect.gen(function* () {
      const past = yield* listing(() => falling(4)).readPast(fence(["gone"]))
      expect(ids(past.runs)).toEqual(["r4", "r3", "r2", "r1"])
      expect(past).toMatchObject({ isComplete: false, mayImprove: false, showsFence: false })
    }),
  )

  it.effect("T3: an empty list may be one that lags, where the fence has runs", () =>
    Effect.gen(function* () {
      const { readPast } = listing(() => [])
      expect(yield* readPast(fence(["a"]))).toMatchObject({ isComplete: false, mayImprove: true, showsFence: false })
      expect(yield* readPast(fence([]))).toMatchObject({ isComplete: true, mayImprove: false, showsFence: false })
    }),
  )

  it.effect.each([
    [19, true],
    [20, false],
    [21, false],
  ] as const)("T3: past an empty fence, a list of %d runs is complete: %s", ([count, isComplete]) =>
    Effect.gen(function* () {
      const past = yield* listing(() => falling(count), { pageSize: 50 }).readPast(fence([]))
      expect(past).toMatchObject({ isComplete, mayImprove: false })
      expect(past.runs).toHaveLength(count)
    }),
  )

  it.effect("T3: past an incomplete fence nothing is complete", () =>
    Effect.gen(function* () {
      const past = yield* listing(() => falling(4)).readPast(fence(["r1"], false))
      expect(past).toMatchObject({ isComplete: false, showsFence: true })
      expect(yield* listing(() => []).readPast(fence([], false))).toMatchObject({ isComplete: false })
    }),
  )

  it.effect("T3: a list in no order that is too long is not complete, though it shows the fence", () =>
    Effect.gen(function* () {
      const { readPast } = listing(() => falling(300).toReversed(), { pageSize: 10 })
      expect(yield* readPast(fence(["r1"]))).toMatchObject({ isComplete: false, mayImprove: false, showsFence: true })
    }),
  )

  it.effect("T3: a list that changes while it is read may show more", () =>
    Effect.gen(function* () {
      const changing = (reading: number) => [run(`x${reading}`, 1), run("b", 2), run("c", 3)]
      const past = yield* listing(changing, { pageSize: 2 }).readPast(fence(["b"]))
      expect(past).toMatchObject({ isComplete: false, mayImprove: true, showsFence: true })
    }),
  )
})
