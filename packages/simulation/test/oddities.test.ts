/**
 * The simulation prints what it counted and its seed. All of its cases, at another seed: `OPENRETL_SEED=7
 * OPENRETL_EVERY=1`, set in the environment.
 */
import { describe, expect, it } from "@effect/vitest"
import { Config, Effect, Random } from "effect"
import { form } from "../../../scripts/forms.ts"
import { type Report, simulateOddities } from "../src/oddities.ts"
import { vendors } from "../src/vendors.ts"
import { reportText } from "./reportText.ts"

const Settings = Config.all({
  seed: Config.Int("OPENRETL_SEED").pipe(Config.withDefault(20_261_121)),
  every: Config.Int("OPENRETL_EVERY").pipe(Config.withDefault(form(60, 1))),
})

describe("odd clocks and odd lists", () => {
  const reports: Array<Report> = []

  it.effect.each(vendors)(
    "T2, T3, T4, T5: at $name: nothing is denied, adopted wrongly or missed in silence",
    (vendor) =>
      Effect.gen(function* () {
        const { seed, every } = yield* Settings
        const report = yield* simulateOddities(vendor, seed, every).pipe(Random.withSeed(seed))
        const { findings, ...counts } = report
        reports.push(report)
        console.log([reportText(vendor.name, seed, counts, {}), ...findings].join("\n"))
        expect(counts).toMatchObject({
          falseNotStarted: 0,
          wrongAdoptions: 0,
          missedRuns: 0,
          doubles: 0,
          // With honest clocks, a complete list, and nothing else that starts runs, every lost answer is decided.
          ambiguousThough: 0,
        })
        // Without the caller's word, a run can be adopted only where the vendor shows that the sync has no schedule.
        if (!vendor.showsSchedule) expect(counts.strangersAdopted).toBe(0)
      }),
    form(240_000, 3_600_000),
  )

  it("T3: of all lost answers that the emulator's truth decides, at least 95 % are decided", () => {
    const sum = (name: "decidable" | "decided") => reports.reduce((total, report) => total + report[name], 0)
    expect(sum("decided")).toBeGreaterThanOrEqual(0.95 * sum("decidable"))
    expect(sum("decidable")).toBeGreaterThan(0)
  })
})
