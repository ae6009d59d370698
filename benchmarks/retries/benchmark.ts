/**
 * Compares a loop that runs a step again at any failure, as orchestrators do, with `run` and a key in the same loop: how many
 * runs each starts twice, under the same faults and kills.
 */
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import type { Benchmark } from "../report/benchmark.ts"
import { atMost } from "../report/budget.ts"
import { type Attempt, keyed, loop } from "./attempts.ts"
import { type Report, simulate } from "./load.ts"
import { type Vendor, vendors } from "./vendors.ts"

const seed = 20_261_128

type AttemptWith = (...parameters: Parameters<typeof loop>) => Attempt

const measure = (vendor: Vendor, occasions: number, attemptWith: AttemptWith): Promise<Report> =>
  Effect.runPromise(
    simulate(vendor, occasions, seed, attemptWith).pipe(
      Effect.orDie,
      // A killed process logs what it leaves.
      Effect.provide(Logger.layer([])),
      Random.withSeed(seed),
      Effect.provide(TestClock.layer()),
    ),
  )

/** A step takes several times as long to simulate as a trigger. */
const stepsPer = (triggers: number) => Math.max(100, Math.round(triggers / 500) * 100)

export const benchmark: Benchmark = async ({ triggers }) => {
  const steps = stepsPer(triggers)
  const rows: Array<Report & { readonly vendor: string; readonly way: string }> = []
  for (const vendor of vendors) {
    rows.push({ vendor: vendor.name, way: "retry at any failure", ...(await measure(vendor, steps, loop)) })
    rows.push({ vendor: vendor.name, way: "run with a key", ...(await measure(vendor, steps, keyed)) })
  }
  const total = (field: "doubles" | "succeededWithoutRun") =>
    rows.filter(({ way }) => way === "run with a key").reduce((sum, report) => sum + report[field], 0)
  return {
    tables: [
      {
        title: `${steps.toLocaleString("en-US")} nightly steps per vendor, each run again up to three times, seed ${seed}`,
        rows: rows.map((report) => ({
          vendor: report.vendor,
          way: report.way,
          doubles: report.doubles,
          "failed, though the sync ran": report.failedWithRun,
          "succeeded without a run": report.succeededWithoutRun,
          succeeded: report.succeeded,
        })),
        notes: [
          "One trigger in five meets a fault: its answer is lost, late, or a gateway's page. One attempt in ten is killed.",
          "Both ways have the same faults, and three more attempts. The loop gives up a request after 30 seconds, run after 180.",
          "Each attempt is a process of its own. Those of run share a journal; the caller declares the syncs exclusive.",
        ],
      },
    ],
    budgets: [
      atMost("runs that a second attempt with the same key started again", total("doubles"), 0),
      atMost("steps with a key that succeeded without a run", total("succeededWithoutRun"), 0),
    ],
  }
}
