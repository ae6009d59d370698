import { describe, expect, it } from "@effect/vitest"
import type { Emulator, Ids } from "@openretl/emulator/Emulator"
import type { Distribution } from "@openretl/emulator/RunLength"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { vendors } from "./client.ts"

/** The lengths of a sync's runs, in seconds. */
const lengthsOf = (emulator: Emulator, ids: Ids) =>
  Effect.map(emulator.runsOf(ids), (runs) =>
    runs.flatMap(({ startedAt, finishedAt }) =>
      startedAt === undefined || finishedAt === undefined ? [] : [(finishedAt - startedAt) / 1_000],
    ),
  )

const quantile = (values: ReadonlyArray<number>, part: number) =>
  values.toSorted((one, other) => one - other)[Math.floor(part * values.length)] ?? Number.NaN

describe.each(vendors)("$name: lengths that are drawn", (vendor) => {
  /** The lengths of many runs of a sync, in seconds. */
  const drawn = Effect.fnUntraced(function* (duration: Distribution, seed = 1) {
    const emulator: Emulator = yield* vendor.make({ seed })
    const ids = yield* emulator.addSync({ plan: { duration }, schedule: { every: "1 day" } })
    yield* TestClock.adjust("2000 days")
    return yield* lengthsOf(emulator, ids)
  })

  it.effect("spread around the median as the normal distribution of their logarithms says", () =>
    Effect.gen(function* () {
      const lengths = yield* drawn({ median: "10 minutes", sigma: 0.5 })
      expect(lengths.length).toBeGreaterThan(1_990)
      expect(new Set(lengths).size).toBeGreaterThan(1_900)
      for (const [part, deviations] of [
        [0.023, -2],
        [0.159, -1],
        [0.5, 0],
        [0.841, 1],
        [0.977, 2],
      ] as const) {
        const ratio = quantile(lengths, part) / (600 * Math.exp(0.5 * deviations))
        expect(ratio, `quantile ${part}`).toBeGreaterThan(0.85)
        expect(ratio, `quantile ${part}`).toBeLessThan(1.15)
      }
    }),
  )

  it.effect("are about as long as each other by default, but for the slow part of them", () =>
    Effect.gen(function* () {
      const usual = yield* drawn({ median: "10 minutes" })
      expect(quantile(usual, 0.001)).toBeGreaterThan(250)
      expect(quantile(usual, 0.999)).toBeLessThan(1_400)
      const some = yield* drawn({ median: "10 minutes", sigma: 0, slow: { chance: 0.1, factor: { min: 5, max: 20 } } })
      const slow = some.filter((length) => length !== 600)
      expect(slow.length / some.length).toBeGreaterThan(0.07)
      expect(slow.length / some.length).toBeLessThan(0.13)
      expect(quantile(slow, 0)).toBeGreaterThanOrEqual(3_000)
      expect(quantile(slow, 0.999)).toBeLessThanOrEqual(12_000)
      expect(quantile(slow, 0.5)).toBeGreaterThan(6_500)
      expect(quantile(slow, 0.5)).toBeLessThan(8_500)
    }),
  )

  it.effect("depend on the seed, the sync and the number of the run, and on nothing else", () =>
    Effect.gen(function* () {
      const plan = { duration: { median: "1 hour" } } as const
      const first: Emulator = yield* vendor.make({})
      const ids = yield* first.addSync({ plan, schedule: { every: "1 day" } })
      yield* TestClock.adjust("20 days")
      const lengths = yield* lengthsOf(first, ids)

      const second: Emulator = yield* vendor.make({})
      expect(yield* second.addSync({ plan, schedule: { every: "1 day" } })).toEqual(ids)
      const others = yield* second.addSync({ plan, schedule: { every: "2 hours" } })
      for (let day = 0; day < 20; day++) {
        yield* TestClock.adjust("1 day")
        yield* second.triggerAsStranger(others)
      }
      expect(yield* lengthsOf(second, ids)).toEqual(lengths)
      expect((yield* lengthsOf(second, others)).slice(0, lengths.length)).not.toEqual(lengths)

      const seeded: Emulator = yield* vendor.make({ seed: 2 })
      yield* seeded.addSync({ ids, plan, schedule: { every: "1 day" } })
      yield* TestClock.adjust("20 days")
      expect(yield* lengthsOf(seeded, ids)).not.toEqual(lengths)
    }),
  )

  it.effect("may stand in a scripted plan, a sync's and the emulator's, in this order", () =>
    Effect.gen(function* () {
      const median = (minutes: number) => ({ duration: { median: `${minutes} minutes`, sigma: 0 } }) as const
      const emulator: Emulator = yield* vendor.make({ plan: median(1) })
      const ids = yield* emulator.addSync({ plan: median(2) })
      const others = yield* emulator.addSync()
      yield* emulator.script(ids, [median(3)])
      for (let count = 0; count < 2; count++) {
        yield* emulator.triggerAsStranger(ids)
        yield* emulator.triggerAsStranger(others)
        yield* TestClock.adjust("5 minutes")
      }
      expect(yield* lengthsOf(emulator, ids)).toEqual([180, 120])
      expect(yield* lengthsOf(emulator, others)).toEqual([60, 60])
    }),
  )
})
