/**
 * The simulation prints what it counted and its seed. Another run of it: `OPENRETL_SEED=7 OPENRETL_TRIGGERS=10000`, set
 * in the environment.
 */
import { describe, expect, it } from "@effect/vitest"
import { Config, Effect, Random } from "effect"
import { simulate } from "../src/triggers.ts"
import { vendors } from "../src/vendors.ts"

const Settings = Config.all({
  seed: Config.Int("OPENRETL_SEED").pipe(Config.withDefault(20_261_121)),
  triggers: Config.Int("OPENRETL_TRIGGERS").pipe(Config.withDefault(2_000)),
})

/** What was counted, and how the calls ended. */
const report = (
  vendor: string,
  seed: number,
  counts: Readonly<Record<string, number>>,
  ends: Readonly<Record<string, number>>,
) =>
  [
    `${vendor}, seed ${seed}`,
    ...Object.entries(counts).map(([name, count]) => `${String(count).padStart(8)} ${words(name)}`),
    ...Object.entries(ends)
      .sort(([, a], [, b]) => b - a)
      .map(([end, count]) => `${String(count).padStart(8)} ended: ${end}`),
  ].join("\n")

const words = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

describe("thousands of triggers", () => {
  for (const vendor of vendors) {
    it.effect(
      `T3, T4, T8, T9, B1: at ${vendor.name}: no double, no wrong adoption, no lost intent, no limit broken`,
      () =>
        Effect.gen(function* () {
          const { seed, triggers } = yield* Settings
          const { ends, ...counts } = yield* simulate(vendor, seed, triggers).pipe(Random.withSeed(seed))
          console.log(report(vendor.name, seed, counts, ends))
          expect(counts).toMatchObject({
            triggers,
            doubles: 0,
            wrongAdoptions: 0,
            lostIntents: 0,
            falseNotStarted: 0,
            overLimit: 0,
          })
          expect(ends["adopted, lost-answer"]).toBeGreaterThan(0)
          expect(ends["interrupted"]).toBeGreaterThan(0)
          expect(ends["defect"]).toBeUndefined()
          expect(ends["never ended"]).toBeUndefined()
        }),
      120_000,
    )
  }
})
