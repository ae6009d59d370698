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

  it("W5: a run is slow that takes more than twice as long as nearly all past runs", () => {
    expect(Rhythm.isSlow(7_300, hour)).toBe(false)
    expect(Rhythm.isSlow(7_450, hour)).toBe(true)
    // One past run in ten that took much longer counts as an exception, two of ten do not.
    expect(Rhythm.isSlow(300, [...Array.from({ length: 9 }, () => 100), 1_000])).toBe(true)
    expect(Rhythm.isSlow(300, [...Array.from({ length: 8 }, () => 100), 1_000, 1_000])).toBe(false)
    // Short runs have half a minute more; fewer than three past runs tell nothing.
    expect(Rhythm.isSlow(31, [1, 1, 1])).toBe(false)
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
