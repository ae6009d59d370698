/** When to look again, by how long past runs took. */
import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Rhythm from "../src/engine/poll/rhythm.ts"

const hour = Array.from({ length: 20 }, (_, index) => 3_500 + index * 10)

/** Returns the ages at which a run is looked at, in seconds. */
const looks = (lengths: ReadonlyArray<number>, cost: number, until: number): ReadonlyArray<number> => {
  const ages: Array<number> = []
  for (let age = 1; age < until; age += Rhythm.gap(age, lengths, cost)) ages.push(age)
  return ages
}

const between = (ages: ReadonlyArray<number>, from: number, to: number) =>
  ages.filter((age) => age >= from && age < to).length

const from = (minimum: number, maximum: number) => Schema.Number.check(Schema.isBetween({ minimum, maximum }))

const Lengths = Schema.NonEmptyArray(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 200_000 })))

const sorted = (lengths: ReadonlyArray<number>) => lengths.slice(0, 20).sort((a, b) => a - b)

describe("the rhythm of looks", () => {
  it("W5: looks are few before the likely end, dense around it, and few after it", () => {
    const ages = looks(hour, 2, 10_000)
    expect(between(ages, 0, 3_000)).toBeLessThanOrEqual(30)
    expect(between(ages, 3_400, 3_800)).toBeGreaterThanOrEqual(30)
    expect(between(ages, 3_000, 3_400)).toBeLessThan(between(ages, 3_400, 3_800))
    expect(between(ages, 5_000, 8_000)).toBeLessThanOrEqual(100)
  })

  it("W5: around the likely end, an end is seen within seconds", () => {
    const ages = looks(hour, 2, 4_000)
    const gaps = ages.slice(1).map((age, index) => age - (ages[index] ?? 0))
    const near = gaps.filter((_, index) => (ages[index] ?? 0) >= 3_500 && (ages[index] ?? 0) < 3_690)
    expect(Math.max(...near)).toBeLessThan(15)
  })

  it("W5: the two usual lengths of a sync both have their looks", () => {
    const lengths = [
      ...Array.from({ length: 14 }, (_, i) => 300 + i),
      ...Array.from({ length: 6 }, (_, i) => 3_600 + i),
    ]
    const ages = looks(lengths, 2, 4_000)
    const perSecond = (from: number, to: number) => between(ages, from, to) / (to - from)
    expect(perSecond(290, 320)).toBeGreaterThan(5 * perSecond(1_000, 3_000))
    expect(perSecond(3_590, 3_620)).toBeGreaterThan(5 * perSecond(1_000, 3_000))
  })

  it("W5: few past runs are trusted little", () => {
    const many = looks(
      Array.from({ length: 20 }, () => 3_600),
      2,
      3_400,
    )
    const few = looks([3_600, 3_600, 3_600], 2, 3_400)
    const one = looks([3_600], 2, 3_400)
    expect(few.length).toBeGreaterThan(many.length)
    expect(one.length).toBeGreaterThan(few.length)
  })

  it("W5: a look that costs more is had less often", () => {
    const counts = [0.5, 2, 8, 32].map((cost) => looks(hour, cost, 3_600).length)
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
    expect(new Set(counts).size).toBe(4)
  })

  it.prop(
    "W5: no pause is shorter than a second, or longer than 5 minutes or a tenth of the age",
    { some: Arbitrary.schema(Lengths), age: Arbitrary.schema(from(1, 1e7)), cost: Arbitrary.schema(from(0.01, 1e6)) },
    ({ some, age, cost }) => {
      const lengths = sorted(some)
      const gap = Rhythm.gap(age, lengths, cost)
      expect(gap).toBeGreaterThanOrEqual(1)
      expect(gap).toBeLessThanOrEqual(Math.max(300, age / 10) * (1 + 1e-9))
      expect(Rhythm.density(age, lengths, cost)).toBeGreaterThanOrEqual(0)
    },
  )

  it.prop(
    "W5: a look is due where the density since the last one adds up to one",
    { some: Arbitrary.schema(Lengths), age: Arbitrary.schema(from(1, 10_000)) },
    ({ some, age }) => {
      const lengths = sorted(some)
      const gap = Rhythm.gap(age, lengths, 2)
      const steps = 2_000
      let sum = 0
      for (let i = 0; i < steps; i++) sum += (Rhythm.density(age + ((i + 0.5) * gap) / steps, lengths, 2) * gap) / steps
      const isLongest = gap >= Math.max(300, age / 10) - 1e-6
      if (isLongest) expect(sum).toBeLessThanOrEqual(1.3)
      else if (gap > 1) expect(Math.abs(sum - 1)).toBeLessThan(0.3)
      else expect(sum).toBeGreaterThan(0.7)
    },
  )

  it.each<readonly [string, ReadonlyArray<number>, number, number]>([
    ["one length", [7], 7, 0],
    ["three equal ones", [7, 7, 7], 7, 0],
    ["some, and an exception", [7, 7.1, 7.2, 8], 7.1, 0.2 / 1.2],
    ["two usual ones", [5, 5.1, 5.2, 8, 8.1], 5.2, 0.2 / 1.2],
  ])(
    "W5: the density is the cube root of 2 h / 3 c², where h follows from past lengths: %s",
    (_, logs, center, seen) => {
      const count = logs.length
      const spread = Math.sqrt((count * seen ** 2 + 2 * 0.3 ** 2) / (count + 2))
      const width = 0.55 * spread * count ** -0.2
      const lasts = (age: number, at: number, width: number) => 1 / (1 + Math.exp((Math.log(age) - at) / width))
      const lasting = (age: number) =>
        logs.reduce((sum, at) => sum + lasts(age, at, width), 0) + 0.7 * lasts(age, center, 0.7)
      for (const age of [100, 500, 1_000, 1_200, 3_000, 20_000]) {
        const step = age / 1_000_000
        const ending = (lasting(age - step) - lasting(age + step)) / (2 * step) / lasting(age)
        const expected = ((2 * ending) / (3 * 4 ** 2)) ** (1 / 3)
        expect(Rhythm.density(age, logs.map(Math.exp), 4)).toBeCloseTo(expected, 6)
      }
    },
  )

  /** Returns the sum of the density from an age to the next look. */
  const sumOf = (age: number, lengths: ReadonlyArray<number>): number => {
    const part = Rhythm.gap(age, lengths, 2) / 5_000
    let sum = 0
    for (let i = 0; i < 5_000; i++) sum += Rhythm.density(age + (i + 0.5) * part, lengths, 2) * part
    return sum
  }

  it("W5: where the density changes little, a look is due right where it adds up to one", () => {
    for (const age of [1, 10, 60, 300, 1_000, 2_000]) expect(Math.abs(sumOf(age, hour) - 1)).toBeLessThan(0.0005)
  })

  it("W5: also for short runs, whose density changes within seconds", () => {
    for (const seconds of [5, 10, 20]) {
      for (const age of [1, 2, 4, 8, 12]) {
        expect(Math.abs(sumOf(age, [seconds, seconds, seconds]) - 1)).toBeLessThan(0.005)
      }
    }
  })

  it("W5: a look that costs next to nothing is due in a second, one that costs too much in 5 minutes", () => {
    expect(Rhythm.gap(3_600, hour, 0.001)).toBe(1)
    // The last step before the 5 minutes ends with them.
    const gaps = Array.from({ length: 400 }, (_, index) => Rhythm.gap(100, hour, 1.01 ** index))
    expect(Math.max(...gaps)).toBe(300)
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b))
    expect(Rhythm.gap(5_000, hour, 1e6)).toBe(500)
  })

  it("W5: a run is slow that takes more than twice as long as nearly all past runs", () => {
    expect(Rhythm.isSlow(7_300, hour)).toBe(false)
    expect(Rhythm.isSlow(7_450, hour)).toBe(true)
    // One past run in ten that took much longer counts as an exception, two of ten do not.
    expect(Rhythm.isSlow(300, [...Array.from({ length: 9 }, () => 100), 1_000])).toBe(true)
    expect(Rhythm.isSlow(300, [...Array.from({ length: 8 }, () => 100), 1_000, 1_000])).toBe(false)
    // Short runs have half a minute more; fewer than three past runs tell nothing.
    expect(Rhythm.isSlow(31, [1, 1, 1])).toBe(false)
    expect(Rhythm.isSlow(32, [1, 1, 1])).toBe(false)
    expect(Rhythm.isSlow(33, [1, 1, 1])).toBe(true)
    expect(Rhythm.isSlow(10_000, [1, 1])).toBe(false)
  })

  it("W5: the value at a part of past lengths", () => {
    expect(Rhythm.quantile([1, 2, 3, 4], 0.5)).toBe(2)
    expect(Rhythm.quantile([1, 2, 3, 4], 0.75)).toBe(3)
    expect(Rhythm.quantile([1, 2, 3, 4], 0)).toBe(1)
    expect(Rhythm.quantile([1, 2, 3, 4], 1)).toBe(4)
    expect(Rhythm.quantile([], 0.5)).toBeNaN()
  })
})
