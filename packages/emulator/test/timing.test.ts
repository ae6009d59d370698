import { describe, expect, it } from "@effect/vitest"
import * as Timing from "../src/kit/Timing.ts"

describe("an interval", () => {
  it("ticks at its first instant and then regularly", () => {
    const { next } = Timing.interval(10, 25)
    expect([0, 24, 25, 26, 34, 35, 44].map(next)).toEqual([25, 25, 35, 35, 35, 45, 45])
  })

  it("every tick is later than the one before, also with fractions of a millisecond", () => {
    for (let index = 0; index < 2_000; index++) {
      const { next } = Timing.interval(3_600_000, 5_000_000 + index * 0.1 + 1 / 3)
      let at = 0
      for (let tick = 0; tick < 40; tick++) {
        const following = next(at)
        expect(following).toBeGreaterThan(at)
        at = following
      }
      expect(at).toBeCloseTo(5_000_000 + index * 0.1 + 1 / 3 + 39 * 3_600_000, 2)
    }
  })
})

describe("a cron expression", () => {
  it.each([["0 0 30 2 *"], ["0 0 31 4,6,9,11 *"]])("%s, which no date fits, never ticks", (expression) => {
    expect(Timing.cron(expression).next(0)).toBe(Number.POSITIVE_INFINITY)
  })

  it("ticks in its time zone, after the given instant", () => {
    const { next } = Timing.cron("30 7 * * *", "Europe/Berlin")
    const at = next(Date.UTC(2026, 0, 5, 6, 30))
    expect(new Date(at).toISOString()).toBe("2026-01-06T06:30:00.000Z")
    expect(Timing.never.next(0)).toBe(Number.POSITIVE_INFINITY)
  })
})
