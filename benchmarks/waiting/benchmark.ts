/**
 * Waits on the virtual clock: measures how many requests a wait sends and how late it sees the run's end.
 *
 * The waits of OpenRETL run its real code. The baselines, fixed polling and a growing pause, wait for the same runs. Only
 * the memory figure depends on the machine.
 */
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import type { Benchmark, Table } from "../report/benchmark.ts"
import { atLeast, atMost } from "../report/budget.ts"
import * as Baselines from "./baselines.ts"
import * as Hinted from "./hinted.ts"
import * as History from "./history.ts"
import * as Learned from "./learned.ts"
import * as Limited from "./limited.ts"
import * as Planner from "./planner.ts"
import * as RunLengths from "./runLengths.ts"
import { type FinishedWait, type Summary, summarize } from "./summary.ts"

const count = 1_000
const minutes = 60_000

/** Bytes: about twice the measured size. */
const maxBytesPerWait = 12_000

export const benchmark: Benchmark = () =>
  Effect.runPromise(
    Effect.gen(function* () {
      const lengths = RunLengths.lengths(count)
      const waits = yield* Planner.over(lengths)
      const openretl = summarize(waits)
      const same = {
        requests: Baselines.longestFixed(lengths, ({ requests }) => requests >= openretl.requests),
        p95: Baselines.longestFixed(lengths, ({ p95 }) => p95 <= openretl.p95),
        p95Part: Baselines.longestFixed(lengths, ({ p95Part }) => p95Part <= openretl.p95Part),
      }
      const halfHour = yield* Planner.shared({ runs: 1, waiters: 1, duration: 30 * minutes })
      const hour = yield* Planner.shared({ runs: 1, waiters: 1, duration: 60 * minutes })
      const manyWaiters = yield* Planner.shared({ runs: 1, waiters: 50, duration: 30 * minutes })
      const manyRuns = yield* Planner.shared({ runs: 20, waiters: 1, duration: 30 * minutes })
      const limited = yield* Limited.over(RunLengths.lengths(200).map((length) => ({ length, past: [] })))
      const limitedSummary = summarize(limited.waits)
      const learnedLimited = yield* Limited.over(History.jobs({ jobs: 200, sigma: 0.2, past: 20 }))
      const learnedLimitedSummary = summarize(learnedLimited.waits)
      const manyPastRuns = yield* Learned.withManyRuns
      const fewPastRuns = yield* Learned.withFewRuns
      const hinted = yield* Hinted.over(500, 30 * minutes + 5_000, { lost: 0.1, doubled: 0.2 })
      const toldWaits = hinted.filter(({ wasTold }) => wasTold)
      const untold = hinted.filter(({ wasTold }) => !wasTold)
      const forged = yield* Hinted.forged(10_000, 30 * minutes)
      const perWait = yield* Planner.memory({ waits: 10_000, syncs: 1_000 })

      return {
        tables: [
          {
            title: `${count.toLocaleString("en-US")} runs of 30 s to 2 h, one per sync`,
            rows: [
              rowOf("OpenRETL", openretl),
              ...[3, 10, 21, 60].map((seconds) =>
                rowOf(`fixed ${seconds} s`, summarize(Baselines.over(lengths, Baselines.fixed(seconds * 1_000)))),
              ),
              rowOf("1 s x 1.5, cap 30 s", summarize(Baselines.over(lengths, Baselines.growing(1_000, 1.5, 30_000)))),
              rowOf(`same requests: fixed ${same.requests.seconds} s`, same.requests.summary),
              rowOf(`same p95: fixed ${same.p95.seconds} s`, same.p95.summary),
              rowOf(`same p95 of length: fixed ${same.p95Part.seconds} s`, same.p95Part.summary),
            ],
            notes: [
              "Delay: from the run's end to the answer that shows it. Of length: as a part of the run's length.",
              "In seconds, fixed polling with as many requests and the growing pause have the better p95: they see the ends of",
              "long runs sooner. In parts of the length, OpenRETL has the better p95: it sees the ends of short runs sooner.",
            ],
          },
          byLength(lengths, waits, same.requests.seconds),
          {
            title: "waits that share their polls",
            rows: [
              { wait: "one run of 30 minutes", requests: halfHour.all },
              { wait: "one run of an hour", requests: hour.all },
              { wait: "one run of 30 minutes, 50 waiters", requests: manyWaiters.all },
              { wait: "20 runs of one sync, 30 minutes", requests: manyRuns.all },
            ],
            notes: [`Memory of one wait, among 10,000 over 1,000 syncs: ${(perWait / 1_024).toFixed(1)} KB`],
          },
          {
            title: "200 runs, started at once in one Segment workspace, which allows 250 reads a minute",
            rows: [
              { ...rowOf("such runs, without past runs", limitedSummary), "over the limit": limited.overLimit },
              {
                ...rowOf("runs with 20 past runs, sigma 0.2", learnedLimitedSummary),
                "over the limit": learnedLimited.overLimit,
              },
            ],
            notes: [
              "OpenRETL sends at most 175 of the 250, which leaves room for other clients. Fixed polling every 10 s would send 1,200.",
            ],
          },
          manyPastRuns.table,
          fewPastRuns.table,
          {
            title:
              "500 runs of 30 minutes and 5 s in a workspace that expects hints, of which one in ten is lost and two in ten come twice",
            rows: [
              { hint: "came", runs: toldWaits.length, ...delaysOf(toldWaits) },
              { hint: "was lost", runs: untold.length, ...delaysOf(untold) },
            ],
            notes: [
              `10,000 forged hints while one such run is waited for: ${forged.requests} requests, verdict ${forged.verdict}`,
            ],
          },
        ],
        budgets: [
          atMost("requests per run", openretl.requests, 65),
          atMost("longest delay, as a part of the run's length", maxPart(waits), 0.1),
          atMost("longest delay, in seconds", maxDelay(waits), 60),
          atMost(
            "p95 delay of length per that of fixed polling with as many requests",
            openretl.p95Part / same.requests.summary.p95Part,
            0.5,
          ),
          atMost(
            "requests per request of fixed polling with the same p95 of length",
            openretl.requests / same.p95Part.summary.requests,
            0.5,
          ),
          atMost("requests for a run of 30 minutes", halfHour.all, 75),
          atMost("further requests for 50 waiters instead of one", manyWaiters.all - halfHour.all, 0),
          atMost("requests for 20 runs of one sync per request for one run", manyRuns.all / halfHour.all, 1.1),
          atLeast("part of these requests that are listings", manyRuns.list / manyRuns.all, 0.9),
          atMost("requests over the limit with 200 waits at once", limited.overLimit, 0),
          // Of 200 runs at 175 requests a minute, taken in turn, 95 of 100 ends are seen within 65 s.
          atMost("p95 delay with 200 waits at once, in seconds", limitedSummary.p95, 1.1 * 65),
          atMost("requests over the limit with 200 waits at once, with past runs", learnedLimited.overLimit, 0),
          atMost("p95 delay with 200 waits at once, with past runs, in seconds", learnedLimitedSummary.p95, 25),
          ...manyPastRuns.budgets,
          ...fewPastRuns.budgets,
          atMost("requests for a run of 30 minutes with hints", Math.max(...hinted.map(({ requests }) => requests)), 5),
          atMost("median delay after a hint, in seconds", summarize(toldWaits).median, 2),
          atMost("longest delay where the hint was lost, in minutes", maxDelay(untold) / 60, 10),
          atMost(
            "requests under 10,000 forged hints, per two seconds",
            forged.requests / ((30 * minutes) / 2_000),
            1.01,
          ),
          atMost("bytes per wait", Math.round(perWait), maxBytesPerWait),
        ],
      }
      // Standard output is for the figures.
    }).pipe(Effect.provide(Logger.layer([]))),
  )

const delaysOf = (waits: ReadonlyArray<FinishedWait>) => {
  const { requests, median, p95 } = summarize(waits)
  return {
    "requests/run": requests.toFixed(1),
    "median delay": `${median.toFixed(1)} s`,
    "p95 delay": `${p95.toFixed(1)} s`,
  }
}

const rowOf = (name: string, { requests, median, p95, medianPart, p95Part }: Summary) => ({
  waiting: name,
  "requests/run": requests.toFixed(1),
  "median delay": `${median.toFixed(1)} s`,
  "p95 delay": `${p95.toFixed(1)} s`,
  "median, of length": percent(medianPart),
  "p95, of length": percent(p95Part),
})

const byLength = (lengths: ReadonlyArray<number>, waits: ReadonlyArray<FinishedWait>, seconds: number): Table => {
  const fixed = Baselines.over(lengths, Baselines.fixed(seconds * 1_000))
  return {
    title: `by length, next to fixed polling with as many requests in total (${seconds} s)`,
    rows: RunLengths.classes.map(({ name, from, to }) => {
      const inClass = (all: ReadonlyArray<FinishedWait>) => all.filter(({ length }) => length >= from && length < to)
      const openretl = summarize(inClass(waits))
      const fixedPolling = summarize(inClass(fixed))
      return {
        length: name,
        runs: inClass(waits).length,
        "requests/run": openretl.requests.toFixed(1),
        "fixed: requests": fixedPolling.requests.toFixed(1),
        "median delay": `${openretl.median.toFixed(1)} s`,
        "fixed: median": `${fixedPolling.median.toFixed(1)} s`,
        "p95 delay": `${openretl.p95.toFixed(1)} s`,
        "fixed: p95": `${fixedPolling.p95.toFixed(1)} s`,
      }
    }),
  }
}

/** Returns the longest delay in seconds. */
const maxDelay = (waits: ReadonlyArray<FinishedWait>): number => Math.max(...waits.map(({ delay }) => delay)) / 1_000

/** Returns the longest delay as a part of the run's length. */
const maxPart = (waits: ReadonlyArray<FinishedWait>): number =>
  Math.max(...waits.map(({ delay, length }) => delay / length))

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`
