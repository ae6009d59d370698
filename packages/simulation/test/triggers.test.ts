/**
 * The simulation prints what it counted and its seed. Another run of it: `OPENRETL_SEED=7 OPENRETL_TRIGGERS=10000`, set
 * in the environment.
 */
import { describe, expect, it } from "@effect/vitest"
import { Config, Effect, Random } from "effect"
import { form } from "../../../scripts/forms.ts"
import { simulateTriggers } from "../src/triggers.ts"
import { vendors } from "../src/vendors.ts"
import { reportText } from "./reportText.ts"

const Settings = Config.all({
  seed: Config.Int("OPENRETL_SEED").pipe(Config.withDefault(20_261_121)),
  triggers: Config.Int("OPENRETL_TRIGGERS").pipe(Config.withDefault(form(60, 10_000))),
})

describe("thousands of triggers", () => {
  it.effect.each(vendors)(
    "T3, T4, T8, T9, B1: at $name: no double, no wrong adoption, no lost entry, no limit exceeded",
    (vendor) =>
      Effect.gen(function* () {
        const { seed, triggers } = yield* Settings
        const { ends, ...counts } = yield* simulateTriggers(vendor, seed, triggers).pipe(Random.withSeed(seed))
        console.log(reportText(vendor.name, seed, counts, ends))
        expect(counts).toMatchObject({
          triggers,
          doubles: 0,
          wrongAdoptions: 0,
          lostEntries: 0,
          falseNotStarted: 0,
          overLimit: 0,
        })
        // A run can be adopted without the caller's word only where the vendor shows that the sync has no schedule.
        expect(counts.strangersAdopted).toBeLessThanOrEqual(vendor.showsSchedule ? Math.ceil(triggers / 200) : 0)
        if (vendor.keepsKeys === true) {
          const open = Object.keys(ends).filter((end) => /^indeterminate|earlier one is open/.test(end))
          expect(open.filter((end) => !/\((?:the vendor has kept an error|its key is too old)\)$/.test(end))).toEqual(
            [],
          )
        } else expect(ends["adopted, lost-answer"]).toBeGreaterThan(0)
        expect(ends["interrupted"]).toBeGreaterThan(0)
        expect(ends["defect"]).toBeUndefined()
        expect(ends["never ended"]).toBeUndefined()
      }),
    form(120_000, 3_600_000),
  )
})
