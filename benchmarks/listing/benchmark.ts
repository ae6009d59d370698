/**
 * A long history read as a stream: how fast, and whether memory stays flat however many pages there are.
 *
 * Once from a driver in memory, which leaves core alone, and once through Segment's adapter over a transport in memory,
 * which adds JSON and decoding. Pages are made as they are asked for, so that the source keeps nothing.
 */

import type { SyncRef } from "@openretl/core/Ref"
import * as Runs from "@openretl/core/Runs"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Benchmark } from "../report/benchmark.ts"
import { atLeast, atMost } from "../report/budget.ts"
import { heap, megabyte } from "../report/heap.ts"
import * as Sources from "./sources.ts"

const total = 100_000
const marks = [10_000, 20_000, 50_000, 100_000]

/** Runs in a second, a third of what a busy machine did: enough to notice a stream that turned quadratic. */
const leastRate = { core: 20_000, segment: 8_000 }

/** Megabytes. */
const mostGrowth = 2

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
        const notes = [
          "Memory: the whole heap in use after a collection, in the middle of the stream. Growth: from 20k to 100k.",
        ]
        return {
          tables: [{ title: `${total.toLocaleString("en-US")} runs in pages of 100`, rows, notes }],
          budgets: [
            atLeast("runs/s through core", core.rate, leastRate.core),
            atLeast("runs/s through Segment's adapter", segment.rate, leastRate.segment),
            atMost("MB that core grows by from 20k to 100k runs", core.growth, mostGrowth),
            atMost("MB that Segment's adapter grows by from 20k to 100k runs", segment.growth, mostGrowth),
          ],
        }
      }),
    ),
  )

const read = Effect.fnUntraced(function* ({ services, sync }: Sources.Source) {
  const runs = Context.get(services, Runs.Runs)
  // Twice: the stops to look at the heap would count as slowness.
  const began = performance.now()
  yield* Stream.runDrain(runs.list(sync))
  const rate = total / ((performance.now() - began) / 1_000)
  const heaps = yield* heapsOf(runs, sync)
  return { rate, heaps, growth: (heaps[3] ?? 0) - (heaps[1] ?? 0) }
})

const heapsOf = Effect.fnUntraced(function* (runs: Runs.Service, sync: SyncRef) {
  const heaps: Array<number> = []
  let seen = 0
  yield* Stream.runForEach(runs.list(sync), () =>
    Effect.sync(() => {
      seen++
      if (marks.includes(seen)) heaps.push(heap() / megabyte)
    }),
  )
  return heaps
})
