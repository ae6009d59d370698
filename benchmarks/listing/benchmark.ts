/**
 * Reads a long history as a stream: measures the speed, and by how much memory grows. Reads lists of 8 MiB as well.
 *
 * The stream comes once from a driver in memory, which measures core alone, and once through Segment's adapter over a
 * transport in memory, which adds JSON and decoding. Both create each page on demand and keep none. Each is compared with
 * `JSON.parse` of the adapter's pages in the same round.
 */
import type { SyncRef } from "@openretl/core/Ref"
import * as Runs from "@openretl/core/Runs"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Benchmark } from "../report/benchmark.ts"
import { atMost } from "../report/budget.ts"
import { heapAfterCollection, megabyte } from "../report/heap.ts"
import { median } from "../report/numbers.ts"
import * as Hostile from "./hostile.ts"
import * as Sources from "./sources.ts"

const total = 100_000
const marks = [10_000, 20_000, 50_000, 100_000]
const rounds = 3

/**
 * CPU time per CPU time of `JSON.parse`. Segment's adapter reads 35,000 runs a second at 7 on the machine of the README. A
 * quadratic stream takes more.
 */
const maxRatioToParse = { core: 4, segment: 8.5 }

/** Megabytes: about 45 bytes a run, for the ids by which a run that comes twice is recognized. */
const maxGrowth = 5

export const benchmark: Benchmark = () =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const coreSource = yield* Sources.driver(total)
        const segmentSource = yield* Sources.segment(total)
        const speeds = yield* speedsOf({
          parse: Effect.sync(() => Sources.parsePages(total)),
          core: drain(coreSource),
          segment: drain(segmentSource),
        })
        const core = { ...speeds.core, ...(yield* memoryOf(coreSource)) }
        const segment = { ...speeds.segment, ...(yield* memoryOf(segmentSource)) }
        const hostile = yield* Hostile.measure
        const rows = [
          { source: "JSON.parse of Segment's pages", ...speeds.parse, heaps: [], growth: undefined },
          { source: "core, driver in memory", ...core },
          { source: "Segment, transport in memory", ...segment },
        ].map(({ source, rate, cpu, ratioToParse, heaps, growth }) => ({
          source,
          "runs/s": Math.round(rate),
          "CPU µs/run": cpu.toFixed(1),
          "per JSON.parse": ratioToParse.toFixed(2),
          ...Object.fromEntries(marks.map((mark, i) => [`MB at ${mark / 1_000}k`, heaps[i]?.toFixed(1) ?? ""])),
          growth: growth === undefined ? "" : `${growth.toFixed(2)} MB`,
        }))
        const notes = ["MB: the heap after a collection, in the middle of the stream. Growth: from 20k to 100k runs."]
        return {
          tables: [{ title: `${total.toLocaleString("en-US")} runs in pages of 100`, rows, notes }, hostile.table],
          budgets: [
            atMost("CPU time of core per CPU time of JSON.parse", core.ratioToParse, maxRatioToParse.core),
            atMost(
              "CPU time of Segment's adapter per CPU time of JSON.parse",
              segment.ratioToParse,
              maxRatioToParse.segment,
            ),
            atMost("MB of growth through core, from 20k to 100k runs", core.growth, maxGrowth),
            atMost("MB of growth through Segment's adapter, from 20k to 100k runs", segment.growth, maxGrowth),
            ...hostile.budgets,
          ],
        }
      }),
    ),
  )

const drain = ({ services, sync }: Sources.Source) => Stream.runDrain(Context.get(services, Runs.Runs).list(sync))

type Readers = Readonly<Record<"parse" | "core" | "segment", Effect.Effect<unknown, unknown>>>

/** Returns the medians of rounds in which all readers take turns. */
const speedsOf = Effect.fnUntraced(function* (readers: Readers) {
  const speeds: Record<keyof Readers, Array<Speed>> = { parse: [], core: [], segment: [] }
  for (let round = 0; round < rounds; round++) {
    speeds.parse.push(yield* speedOf(readers.parse))
    speeds.core.push(yield* speedOf(readers.core))
    speeds.segment.push(yield* speedOf(readers.segment))
  }
  const mediansOf = (name: keyof Readers) => ({
    rate: median(speeds[name].map(({ rate }) => rate)),
    cpu: median(speeds[name].map(({ cpu }) => cpu)),
    ratioToParse: median(speeds[name].map(({ cpu }, round) => cpu / (speeds.parse[round]?.cpu ?? Number.NaN))),
  })
  return { parse: mediansOf("parse"), core: mediansOf("core"), segment: mediansOf("segment") }
})

interface Speed {
  /** Runs per second. */
  readonly rate: number
  /** Microseconds of CPU per run: other work on the machine changes them less than the rate. */
  readonly cpu: number
}

const speedOf = Effect.fnUntraced(function* <E>(reader: Effect.Effect<unknown, E>) {
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  yield* reader
  const seconds = (performance.now() - startedAt) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return { rate: total / seconds, cpu: (user + system) / total } satisfies Speed
})

/** Reads once more: the collections for the heap sizes would slow down the timed streams. */
const memoryOf = Effect.fnUntraced(function* ({ services, sync }: Sources.Source) {
  const heaps = yield* heapsOf(Context.get(services, Runs.Runs), sync)
  return { heaps, growth: (heaps[3] ?? 0) - (heaps[1] ?? 0) }
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
