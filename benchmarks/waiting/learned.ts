/** What past runs of a sync are worth to a wait, next to fixed polling and growing pauses with as many requests. */
import * as Effect from "effect/Effect"
import type { Table } from "../report/benchmark.ts"
import { atMost, type Budget } from "../report/budget.ts"
import * as Baselines from "./baselines.ts"
import * as History from "./history.ts"
import { type FinishedWait, type Summary, summarize } from "./summary.ts"

/** A row of the comparison: how much lengths differ, what a look costs, and the most that the delays may be. */
interface Row {
  readonly sigma: number
  /** How many requests a run gets, about. */
  readonly requests: number
  /** The delay that costs as much as a look, in seconds: it makes about so many requests. */
  readonly lookCost: number
  /** The largest part of the delays of fixed polling with as many requests. */
  readonly atMost: number
}

const rows: ReadonlyArray<Row> = [
  { sigma: 0.05, requests: 20, lookCost: 5.2, atMost: 0.3 },
  { sigma: 0.05, requests: 60, lookCost: 0.93, atMost: 0.3 },
  { sigma: 0.2, requests: 20, lookCost: 7.9, atMost: 0.7 },
  { sigma: 0.2, requests: 60, lookCost: 1.42, atMost: 0.7 },
  { sigma: 0.5, requests: 20, lookCost: 12, atMost: 0.85 },
  { sigma: 0.5, requests: 60, lookCost: 2.1, atMost: 0.85 },
]

const jobs = 1_000

/** A comparison, and what it has to keep. */
interface Learned {
  readonly table: Table
  readonly budgets: ReadonlyArray<Budget>
}

export const withManyRuns: Effect.Effect<Learned, History.Failure> = Effect.map(
  Effect.forEach(rows, (row) =>
    Effect.gen(function* () {
      const runs = History.jobs({ jobs, sigma: row.sigma, past: 20 })
      const lengths = runs.map(({ length }) => length)
      const waits = yield* History.over(runs, row.lookCost)
      const openretl = summarize(waits)
      const hasAsMany = ({ requests }: Summary) => requests >= openretl.requests
      const fixed = Baselines.longestFixed(lengths, hasAsMany)
      return { row, waits, openretl, fixed, growing: Baselines.longestCap(lengths, hasAsMany) }
    }),
  ),
  (measured) => ({
    table: {
      title: `${jobs.toLocaleString("en-US")} runs with 20 past runs of their sync, usually 30 s to 2 h, one in twenty 3 to 6 times longer`,
      rows: measured.flatMap(({ row, openretl, fixed, growing }) => [
        rowOf(`sigma ${row.sigma}: OpenRETL, a look costs ${row.lookCost} s`, openretl),
        rowOf(`as many requests: fixed ${fixed.seconds} s`, fixed.summary),
        rowOf(`as many requests: 1 s x 1.5, cap ${growing.seconds} s`, growing.summary),
      ]),
      notes: [
        "Sigma: the standard deviation of the logarithms of one sync's lengths. 0.05: nearly all within a tenth; 0.5: half to double.",
      ],
    },
    budgets: measured.flatMap(({ row, waits, openretl, fixed, growing }) => {
      const about = `sigma ${row.sigma}, ${row.requests} requests`
      return [
        atMost(
          `${about}: distance to so many requests, as a part`,
          Math.abs(openretl.requests / row.requests - 1),
          0.1,
        ),
        atMost(`${about}: median delay per that of fixed polling`, openretl.median / fixed.summary.median, row.atMost),
        atMost(`${about}: p95 delay per that of fixed polling`, openretl.p95 / fixed.summary.p95, row.atMost),
        atMost(`${about}: median delay per that of a growing pause`, openretl.median / growing.summary.median, 1),
        atMost(`${about}: p95 delay per that of a growing pause`, openretl.p95 / growing.summary.p95, 1),
        atMost(`${about}: longest delay per 5 minutes or a tenth of the length`, longestPart(waits), 1),
      ]
    }),
  }),
)

/** Returns the longest delay, as a part of what a delay may be: 5 minutes, or a tenth of the run's length. */
const longestPart = (waits: ReadonlyArray<FinishedWait>): number =>
  Math.max(...waits.map(({ delay, length }) => delay / Math.max(300_000, length / 10)))

export const withFewRuns: Effect.Effect<Learned, History.Failure> = Effect.map(
  Effect.forEach(
    [3, 5].flatMap((past) => [0.05, 0.2, 0.5].map((sigma) => ({ past, sigma }))),
    ({ past, sigma }) =>
      Effect.gen(function* () {
        const runs = History.jobs({ jobs: 600, sigma, past })
        const lengths = runs.map(({ length }) => length)
        return {
          name: `${past} past runs, sigma ${sigma}`,
          openretl: summarize(yield* History.over(runs, defaultLookCost)),
          without: summarize(Baselines.over(lengths, Baselines.tenthOfAge)),
        }
      }),
  ),
  (measured) => ({
    table: {
      title: "600 such runs with few past runs, next to the rule without any: a tenth of the age, from 1 s to 60 s",
      rows: measured.flatMap(({ name, openretl, without }) => [
        rowOf(`${name}: OpenRETL`, openretl),
        rowOf("without past runs", without),
      ]),
    },
    budgets: measured.flatMap(({ name, openretl, without }) => [
      atMost(`${name}: requests per request without past runs`, openretl.requests / without.requests, 1.05),
      atMost(`${name}: median delay per that without past runs`, openretl.median / without.median, 1.05),
      atMost(`${name}: p95 delay per that without past runs`, openretl.p95 / without.p95, 1.05),
    ]),
  }),
)

/** The default of the option `lookCost`, in seconds. */
const defaultLookCost = 2

const rowOf = (waiting: string, { requests, median, p95 }: Summary) => ({
  waiting,
  "requests/run": requests.toFixed(1),
  "median delay": `${median.toFixed(1)} s`,
  "p95 delay": `${p95.toFixed(1)} s`,
})
