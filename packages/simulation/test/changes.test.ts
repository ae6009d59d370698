/**
 * Prints what it counted and its seed. Another run of it: `OPENRETL_SEED=7 OPENRETL_CHANGES=3000`, set in the environment.
 */
import { describe, expect, it } from "@effect/vitest"
import { Config, Effect, Random } from "effect"
import { simulateChanges } from "../src/changes.ts"
import { configurable } from "../src/configurable.ts"

const Settings = Config.all({
  seed: Config.Int("OPENRETL_SEED").pipe(Config.withDefault(20_261_121)),
  count: Config.Int("OPENRETL_CHANGES").pipe(Config.withDefault(400)),
})

describe("hundreds of changes", () => {
  for (const vendor of configurable) {
    it.effect(
      `A1, A2, A3, B1: at ${vendor.name}: nothing is done twice, and what is told is true`,
      () =>
        Effect.gen(function* () {
          const { seed, count } = yield* Settings
          const { ends, ...counts } = yield* simulateChanges(vendor, seed, count).pipe(Random.withSeed(seed))
          const lines = [...Object.entries(counts), ...Object.entries(ends).sort(([, a], [, b]) => b - a)]
          console.log(
            [`${vendor.name}, seed ${seed}`, ...lines.map(([what, n]) => `${String(n).padStart(8)} ${what}`)].join(
              "\n",
            ),
          )
          expect(counts).toMatchObject({
            changes: count,
            doubles: 0,
            wrong: 0,
            falseRefusals: 0,
            enabledUnasked: 0,
            overLimit: 0,
          })
          expect(ends["create done"]).toBeGreaterThan(count / 10)
          expect(Object.keys(ends).filter((end) => /defect|never/.test(end))).toEqual([])
        }),
      120_000,
    )
  }
})
