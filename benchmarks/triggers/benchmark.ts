/**
 * Runs the simulation (`packages/simulation`) with any number of triggers: lost answers, strangers, schedules, lagging reads and
 * interrupts. The benchmark compares each caller's result with the emulator's runs.
 */

import { type Report, simulateTriggers } from "@openretl/simulation/triggers"
import { vendors } from "@openretl/simulation/vendors"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import type { Benchmark } from "../report/benchmark.ts"
import { atMost } from "../report/budget.ts"

const seed = 20_261_121

/** What must never happen, in any number of triggers. */
const never = {
  doubles: "triggers that sent a second request which may have started a run",
  wrongAdoptions: "callers who got a run that was not theirs",
  lostEntries: "callers who got neither a result nor an entry",
  falseNotStarted: "triggers that ended as not started although a run was started",
  overLimit: "requests over a documented limit",
} as const satisfies Partial<Record<keyof Report, string>>

export const benchmark: Benchmark = async ({ triggers }) => {
  const reports: Array<Report & { readonly vendor: string }> = []
  for (const vendor of vendors) {
    const simulation = simulateTriggers(vendor, seed, triggers).pipe(
      Effect.scoped,
      // Retries are jittered. A seeded generator makes the counts repeatable.
      Random.withSeed(seed),
      // Standard output is for the figures.
      Effect.provide(Layer.merge(TestClock.layer(), Logger.layer([]))),
    )
    reports.push({ vendor: vendor.name, ...(await Effect.runPromise(simulation)) })
  }
  return {
    tables: [
      {
        title: `${triggers.toLocaleString("en-US")} triggers per vendor, a third of them with a fault, seed ${seed}`,
        rows: reports.map((report) => ({
          vendor: report.vendor,
          doubles: report.doubles,
          "wrong adoptions": report.wrongAdoptions,
          "lost entries": report.lostEntries,
          "false not started": report.falseNotStarted,
          "over limit": report.overLimit,
          indeterminate: indeterminateOf(report),
          "strangers adopted": report.strangersAdopted,
        })),
        notes: [
          "Indeterminate: the result cannot be known yet; the caller gets an entry to resolve later.",
          "Strangers adopted: the trigger started no run, a stranger did; no vendor makes the two distinguishable.",
        ],
      },
      {
        title: "how the triggers ended",
        rows: endNames(reports).map((end) => ({
          end,
          ...Object.fromEntries(reports.map(({ vendor, ends }) => [vendor, ends[end] ?? 0])),
        })),
      },
    ],
    budgets: [
      ...Object.entries(never).map(([name, what]) =>
        atMost(what, sum(reports.map((report) => report[name as keyof typeof never])), 0),
      ),
      atMost(
        "triggers that ended in a defect or not at all",
        sum(reports.map(({ ends }) => (ends["defect"] ?? 0) + (ends["never ended"] ?? 0))),
        0,
      ),
    ],
  }
}

const sum = (counts: ReadonlyArray<number>): number => counts.reduce((total, count) => total + count, 0)

/** Returns all endings that occur, the most frequent first. */
const endNames = (reports: ReadonlyArray<Report>): ReadonlyArray<string> => {
  const counts = new Map<string, number>()
  for (const { ends } of reports) {
    for (const [end, count] of Object.entries(ends)) counts.set(end, (counts.get(end) ?? 0) + count)
  }
  return Array.from(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([end]) => end)
}

/** Returns how many triggers ended as indeterminate, for any reason. */
const indeterminateOf = ({ ends }: Report): number =>
  Object.entries(ends).reduce((sum, [end, count]) => (end.startsWith("indeterminate") ? sum + count : sum), 0)
