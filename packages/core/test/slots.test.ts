import { describe, expect, it } from "@effect/vitest"
import type { RateLimit as Limit } from "../src/driver/Description.ts"
import * as Slots from "../src/engine/rate-limit/slots.ts"

const limit = (requests: number, operations: Limit["operations"] = "all"): Limit => ({
  name: "limit",
  requests,
  window: "1 minute",
  operations,
})

const read: Slots.Use = { isPoll: false, isHeld: false }
const poll: Slots.Use = { isPoll: true, isHeld: false }
const held: Slots.Use = { isPoll: false, isHeld: true }

/** Takes a slot so many times at these times, one after the other. */
const taking = (pool: Slots.Pool, use: Slots.Use, ...times: ReadonlyArray<number>) => {
  for (const time of times) Slots.take(pool, use, time)
}

describe("the slots of a limit", () => {
  it.each([
    [10, 1, 10],
    [10, 0.75, 7],
    [10, 0.79, 7],
    [1, 0.5, 1],
    [3, 0.1, 1],
  ])("B1: of %d requests and a share of %d, %d are granted", (requests, share, count) => {
    const pool = Slots.make(limit(requests))
    for (let taken = 0; taken < count; taken++) {
      expect(Slots.waitFor(pool, share, read, 0)).toBe(0)
      Slots.take(pool, read, 0)
    }
    // Nothing has an answer yet.
    expect(Slots.waitFor(pool, share, read, 0)).toBe(Number.POSITIVE_INFINITY)
  })

  it("B1: a slot is free one window after its answer, the earliest first, and not a moment before", () => {
    const pool = Slots.make(limit(2))
    taking(pool, read, 0, 0)
    Slots.cool(pool, read, 5_000)
    Slots.cool(pool, read, 1_000)
    expect(Slots.waitFor(pool, 1, read, 2_000)).toBe(59_000)
    expect(Slots.waitFor(pool, 1, read, 60_999)).toBe(1)
    expect(Slots.waitFor(pool, 1, read, 61_000)).toBe(0)
    Slots.take(pool, read, 61_000)
    expect(Slots.waitFor(pool, 1, read, 61_000)).toBe(4_000)
    expect(Slots.waitFor(pool, 1, read, 65_000)).toBe(0)
  })

  it("B1: where more slots are taken than there are, the wait is for all that are too many", () => {
    const pool = Slots.make(limit(4))
    taking(pool, read, 0, 0, 0, 0)
    for (const answered of [1_000, 2_000, 3_000, 4_000]) Slots.cool(pool, read, answered)
    // Another workspace with a smaller share has come.
    expect(Slots.waitFor(pool, 0.5, read, 10_000)).toBe(53_000)
    expect(Slots.waitFor(pool, 0.25, read, 10_000)).toBe(54_000)
  })

  it("B1: of equal times, each keeps its slot", () => {
    const pool = Slots.make(limit(3))
    taking(pool, read, 0, 0, 0)
    for (const answered of [3_000, 1_000, 1_000]) Slots.cool(pool, read, answered)
    expect(pool.cooling.map(({ at }) => at)).toEqual([61_000, 61_000, 63_000])
    expect(Slots.waitFor(pool, 1, read, 61_000)).toBe(0)
    taking(pool, read, 61_000, 61_000)
    expect(Slots.waitFor(pool, 1, read, 61_000)).toBe(2_000)
  })

  it("B1: a slot that is given back is free at once", () => {
    const pool = Slots.make(limit(1))
    Slots.take(pool, poll, 0)
    Slots.giveBack(pool, poll)
    expect(Slots.waitFor(pool, 1, read, 0)).toBe(0)
    expect(pool).toMatchObject({ busy: 0, held: 0, polls: 0 })
    Slots.take(pool, held, 0)
    expect(pool).toMatchObject({ busy: 1, held: 1, polls: 0 })
    Slots.giveBack(pool, held)
    expect(pool).toMatchObject({ busy: 0, held: 0, polls: 0 })
  })

  it.each([
    [10, 5],
    [7, 3],
    [3, 1],
    [2, 1],
  ])("B4: of %d slots, triggers that wait for their fence hold %d", (requests, count) => {
    const pool = Slots.make(limit(requests))
    for (let taken = 0; taken < count; taken++) {
      expect(Slots.waitFor(pool, 1, held, 0)).toBe(0)
      Slots.take(pool, held, 0)
    }
    expect(Slots.waitFor(pool, 1, held, 0)).toBe(Number.POSITIVE_INFINITY)
    expect(Slots.waitFor(pool, 1, read, 0)).toBe(0)
  })

  it("B4: triggers hold all slots of a limit that no fence needs, and the only one of another is not held", () => {
    const ofStarts = Slots.make(limit(2, ["start"]))
    taking(ofStarts, held, 0)
    expect(Slots.waitFor(ofStarts, 1, held, 0)).toBe(0)
    expect(Slots.canHold(Slots.make(limit(1, ["start"])), 1)).toBe(true)
    expect(Slots.canHold(Slots.make(limit(1, ["list"])), 1)).toBe(false)
    expect(Slots.canHold(Slots.make(limit(1)), 1)).toBe(false)
    expect(Slots.canHold(Slots.make(limit(2)), 1)).toBe(true)
    expect(Slots.canHold(Slots.make(limit(2)), 0.5)).toBe(false)
    // The only slot of a limit is free for whoever does not hold it.
    expect(Slots.waitFor(Slots.make(limit(1)), 1, held, 0)).toBe(0)
  })

  it("B4: polls take a quarter of the slots at once, and are spread over what is left after that", () => {
    const pool = Slots.make(limit(8))
    for (let taken = 0; taken < 2; taken++) {
      expect(Slots.waitFor(pool, 1, poll, 0)).toBe(0)
      Slots.take(pool, poll, 0)
    }
    expect(Slots.waitFor(pool, 1, poll, 0)).toBe(10_000)
    expect(Slots.waitFor(pool, 1, poll, 4_000)).toBe(6_000)
    expect(Slots.waitFor(pool, 1, poll, 10_000)).toBe(0)
    expect(Slots.waitFor(pool, 1, poll, 90_000)).toBe(0)
    expect(Slots.waitFor(pool, 1, read, 0)).toBe(0)
    // Five slots are left, of which four are for polls: they last until the next slot is free, at the earliest in a window.
    Slots.take(pool, poll, 10_000)
    expect(Slots.waitFor(pool, 1, poll, 10_000)).toBe(12_000)
  })

  it("B4: polls leave an eighth of the slots to others, and wait for a slot of theirs", () => {
    const pool = Slots.make(limit(8))
    for (let taken = 0; taken < 7; taken++) Slots.take(pool, poll, 0)
    expect(Slots.waitFor(pool, 1, poll, 0)).toBe(Number.POSITIVE_INFINITY)
    expect(Slots.waitFor(pool, 1, read, 0)).toBe(0)
    Slots.cool(pool, poll, 5_000)
    expect(Slots.waitFor(pool, 1, poll, 6_000)).toBe(59_000)
  })

  it("B4: polls go as fast as their slots are free again", () => {
    const pool = Slots.make(limit(8))
    for (let at = 0; at < 60_000; at += 60_000 / 7) {
      Slots.take(pool, poll, at)
      Slots.cool(pool, poll, at)
    }
    expect(Slots.waitFor(pool, 1, poll, 60_000)).toBe(0)
    Slots.take(pool, poll, 60_000)
    Slots.cool(pool, poll, 60_000)
    expect(Slots.waitFor(pool, 1, poll, 60_000)).toBeCloseTo(60_000 / 7)
  })

  it("B4: a poll counts as one until its slot is free", () => {
    const pool = Slots.make(limit(4))
    Slots.take(pool, poll, 0)
    Slots.cool(pool, poll, 0)
    Slots.take(pool, read, 0)
    Slots.cool(pool, read, 0)
    expect(Slots.waitFor(pool, 1, poll, 59_999)).toBe(0)
    expect(pool.polls).toBe(1)
    expect(Slots.waitFor(pool, 1, poll, 60_000)).toBe(0)
    expect(pool).toMatchObject({ polls: 0, busy: 0, cooling: [] })
  })

  it("B4: the first polls of a small limit are not kept back", () => {
    const pool = Slots.make(limit(3))
    expect(Slots.waitFor(pool, 1, poll, 0)).toBe(0)
    Slots.take(pool, poll, 0)
    expect(Slots.waitFor(pool, 1, poll, 0)).toBe(20_000)
  })
})
