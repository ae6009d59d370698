/**
 * The simulation prints what it counted and its seed. Another run of it: `OPENRETL_SEED=7 OPENRETL_STORM=10000`, set in the
 * environment.
 */
import { describe, expect, it } from "@effect/vitest"
import { Config, Effect, Random } from "effect"
import { form } from "../../../scripts/forms.ts"
import { simulateStorm } from "../src/storm.ts"
import { vendors } from "../src/vendors.ts"
import { reportText } from "./reportText.ts"

const Settings = Config.all({
  seed: Config.Int("OPENRETL_SEED").pipe(Config.withDefault(20_261_121)),
  triggers: Config.Int("OPENRETL_STORM").pipe(Config.withDefault(form(60, 10_000))),
})

describe("a storm of interrupts and closing workspaces over a slow journal", () => {
  it.effect.each(vendors)(
    "T8, T12, J10: at $name: no run is lost, nothing is sent too late, nothing outlasts its bound",
    (vendor) =>
      Effect.gen(function* () {
        const { seed, triggers } = yield* Settings
        const report = yield* simulateStorm(vendor, seed, triggers).pipe(Random.withSeed(seed))
        console.log(reportText(vendor.name, seed, { ...report }, {}))
        expect(report).toMatchObject({ triggers, unknownRuns: 0, lateRequests: 0, outlasting: 0, doubles: 0 })
        expect(report.runs, "some requests left before the storm").toBeGreaterThan(triggers / 20)
        expect(report.returned, "the storm reached most calls").toBeLessThan((2 / 3) * triggers)
      }),
    form(150_000, 3_600_000),
  )
})
