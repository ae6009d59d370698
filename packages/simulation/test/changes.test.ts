/**
 * The simulation prints what it counted and its seed. Another run of it: `OPENRETL_SEED=7 OPENRETL_CHANGES=3000
 * OPENRETL_SWITCH_OVERS=5000`, set in the environment.
 */
import { describe, expect, it } from "@effect/vitest"
import { Config, Effect, Random } from "effect"
import { form } from "../../../scripts/forms.ts"
import { simulateChanges } from "../src/changes.ts"
import { simulateTwo } from "../src/changesOfTwo.ts"
import { administrationOf, configurableVendors } from "../src/configurableVendors.ts"
import { simulateSwitchOvers } from "../src/switchOvers.ts"
import { reportText } from "./reportText.ts"

const Settings = Config.all({
  seed: Config.Int("OPENRETL_SEED").pipe(Config.withDefault(20_261_121)),
  changes: Config.Int("OPENRETL_CHANGES").pipe(Config.withDefault(form(12, 3_000))),
  switchOvers: Config.Int("OPENRETL_SWITCH_OVERS").pipe(Config.withDefault(form(5, 5_000))),
})

describe("hundreds of changes", () => {
  it.effect.each(configurableVendors)(
    "A1, A2, A3, B1: at $name: no change is made twice, and every result is true",
    (vendor) =>
      Effect.gen(function* () {
        const { seed, changes } = yield* Settings
        const { ends, ...counts } = yield* simulateChanges(vendor, seed, changes).pipe(Random.withSeed(seed))
        console.log(reportText(vendor.name, seed, counts, ends))
        expect(counts).toMatchObject({
          changes,
          doubles: 0,
          wrong: 0,
          falseRefusals: 0,
          wronglyEnabled: 0,
          overLimit: 0,
        })
        const done = Object.entries(ends).filter(([end]) => end.endsWith(" done"))
        expect(done.reduce((sum, [, times]) => sum + times, 0)).toBeGreaterThan(changes / 3)
        if (vendor.definition !== undefined) expect(ends["create done"]).toBeGreaterThan(changes / 10)
        expect(Object.keys(ends).filter((end) => /defect|never/.test(end))).toEqual([])
      }),
    form(120_000, 3_600_000),
  )
})

it.effect.each(configurableVendors)(
  "at $name: there is a definition exactly where the workspace creates syncs",
  (vendor) =>
    Effect.gen(function* () {
      const emulator = yield* vendor.emulator({})
      const { create } = yield* administrationOf(vendor, emulator)
      expect(vendor.definition === undefined).toBe(create === undefined)
    }),
)

describe("two processes over one journal", () => {
  it.effect.each(configurableVendors)(
    "A1, A2, A4: at $name: with keys nothing is made twice, nothing is lost, and no read that lags leaves a change out",
    (vendor) =>
      Effect.gen(function* () {
        const { seed, changes } = yield* Settings
        const jobs = Math.ceil(changes / 4)
        const report = yield* simulateTwo(vendor, seed, jobs).pipe(Random.withSeed(seed))
        console.log(reportText(vendor.name, seed, { ...report }, {}))
        expect(report).toMatchObject({
          jobs,
          doubles: 0,
          unreported: 0,
          enabledUnwanted: 0,
          strangersTouched: 0,
          leftOut: 0,
        })
        expect(report.done).toBeGreaterThan(jobs / 2)
        expect(report.needlesslyIndeterminate).toBeLessThanOrEqual(Math.ceil(jobs / 20))
      }),
    form(120_000, 3_600_000),
  )
})

describe("switch-overs", () => {
  // A ring, in which each vendor is the old one once and the new one once, and one pair that goes back in it.
  const [segment, , zeotap] = configurableVendors
  const ring = configurableVendors.map((old, index) => [old, configurableVendors[index + 1] ?? segment] as const)
  const pairs = [...ring, [zeotap, segment] as const].flatMap(([old, young]) =>
    old === undefined || young === undefined
      ? []
      : [{ title: `${old.name} and ${young.name}`, pair: [old, young] as const }],
  )

  it.effect.each(pairs)(
    "A5: of $title: never both on after the end, and never both off without a word",
    ({ title, pair }) =>
      Effect.gen(function* () {
        const { seed, switchOvers: count } = yield* Settings
        const report = yield* simulateSwitchOvers(pair, seed, count).pipe(Random.withSeed(seed))
        console.log(reportText(title, seed, { ...report }, {}))
        expect(report).toMatchObject({ switchOvers: count, bothEnabled: 0, bothOffUnreported: 0 })
        expect(report.done).toBeGreaterThan(count / 3)
      }),
    form(120_000, 3_600_000),
  )
})
