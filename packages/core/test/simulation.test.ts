/**
 * The simulation prints what it counted and its seed. Another run of it: `OPENRETL_SEED=7 OPENRETL_TRIGGERS=10000`, set
 * in the environment.
 */
import { describe, expect, it } from "@effect/vitest"
import { Config, Console, Effect } from "effect"
import { simulate } from "./simulation/simulate.ts"
import { vendors } from "./simulation/vendors.ts"

const Settings = Config.all({
  seed: Config.Int("OPENRETL_SEED").pipe(Config.withDefault(20_261_121)),
  triggers: Config.Int("OPENRETL_TRIGGERS").pipe(Config.withDefault(2_000)),
})

describe("thousands of triggers", () => {
  for (const vendor of vendors) {
    it.effect(
      `T3, T4, T8, T9, B1: at ${vendor.name}: no double, no wrong adoption, no lost intent, no limit broken`,
      () =>
        Effect.gen(function* () {
          const { seed, triggers } = yield* Settings
          const { ends, ...counts } = yield* simulate(vendor, seed, triggers)
          yield* Console.log(
            [
              `${vendor.name}, seed ${seed}: ${Object.entries(counts)
                .map(([name, count]) => `${name} ${count}`)
                .join(", ")}`,
              ...Object.entries(ends)
                .sort(([, a], [, b]) => b - a)
                .map(([end, count]) => `  ${String(count).padStart(6)} ${end}`),
            ].join("\n"),
          )
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
