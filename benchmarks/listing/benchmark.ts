/**
 * Reads a long history as a stream: measures the speed, and whether memory stays flat.
 *
 * The stream comes once from a driver in memory, which measures core alone, and once through Segment's adapter over a
 * transport in memory, which adds JSON and decoding. Both create each page on demand and keep none.
 */
import type { SyncRef } from "@openretl/core/Ref"
import * as Runs from "@openretl/core/Runs"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Benchmark } from "../report/benchmark.ts"
import { atLeast, atMost } from "../report/budget.ts"
import { heapAfterCollection, megabyte } from "../report/heap.ts"
import * as Sources from "./sources.ts"

const total = 100_000
const marks = [10_000, 20_000, 50_000, 100_000]

/** Runs per second: a third of what a busy machine reached. A quadratic stream would stay below. */
const minRate = { core: 20_000, segment: 8_000 }

/** Megabytes. */
const maxGrowth = 2

export const benchmark: Benchmark = () =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const core = yield* read(yield* Sources.driver(total))
        const segment = yield* read(yield* Sources.segment(total))
        const rows = [
          { source: "core, driver in memory", ...core },
          { source: "Segment, transport in memory", ...segment },
        ].map(({ source, rate, heaps, growth }) => ({
          source,
          "runs/s": Math.round(rate),
          ...Object.fromEntries(marks.map((mark, i) => [`MB at ${mark / 1_000}k`, (heaps[i] ?? 0).toFixed(1)])),
          growth: `${growth.toFixed(2)} MB`,
        }))
        const notes = ["MB: the heap after a collection, in the middle of the stream. Growth: from 20k to 100k runs."]
        return {
          tables: [{ title: `${total.toLocaleString("en-US")} runs in pages of 100`, rows, notes }],
          budgets: [
            atLeast("runs/s through core", core.rate, minRate.core),
            atLeast("runs/s through Segment's adapter", segment.rate, minRate.segment),
            atMost("MB of growth through core, from 20k to 100k runs", core.growth, maxGrowth),
            atMost("MB of growth through Segment's adapter, from 20k to 100k runs", segment.growth, maxGrowth),
          ],
        }
      }),
    ),
  )

const read = Effect.fnUntraced(function* ({ services, sync }: Sources.Source) {
  const runs = Context.get(services, Runs.Runs)
  // Read twice: the collections for the heap sizes would slow down the timed stream.
  const startedAt = performance.now()
  yield* Stream.runDrain(runs.list(sync))
  const rate = total / ((performance.now() - startedAt) / 1_000)
  const heaps = yield* heapsOf(runs, sync)
  return { rate, heaps, growth: (heaps[3] ?? 0) - (heaps[1] ?? 0) }
})

/** Returns the heap in megabytes after each mark. */
const heapsOf = Effect.fnUntraced(function* (runs: Runs.Service, sync: SyncRef) {
  const heaps: Array<number> = []
  let count = 0
  yield* Stream.runForEach(runs.list(sync), () =>
    Effect.sync(() => {
      count++
      if (marks.includes(count)) heaps.push(heapAfterCollection() / megabyte)
    }),
  )
  return heaps
})
