import { describe, expect, it } from "@effect/vitest"
import { Duration } from "effect"
import * as Lanes from "../src/engine/rate-limit/lanes.ts"
import { exitOf, granted, limit, make, never, refused } from "./support/tokenLanes.ts"

describe("after a 429", () => {
  const demand = Duration.seconds(30)

  it("B2: the lane stands still for as long as the vendor demands, and lets one request a second leave then", () => {
    const { lanes, queue, send, laneOf } = make()
    const grant = send(0)
    Lanes.noteRefusal(lanes, grant, demand, 1_000)
    const waiters = [queue(), queue(), queue()]
    expect(Lanes.grantAll(lanes, 1_000)).toBe(30_000)
    expect(Lanes.grantAll(lanes, 30_999)).toBe(1)
    expect(Lanes.grantAll(lanes, 31_000)).toBe(1_000)
    expect(waiters.map((waiter) => granted(waiter) !== undefined)).toEqual([true, false, false])
    expect(Lanes.grantAll(lanes, 31_999)).toBe(1)
    expect(Lanes.grantAll(lanes, 32_000)).toBe(1_000)
    const second = granted(waiters[1] ?? queue())
    if (second === undefined) throw new Error("it is not granted")
    Lanes.send(second, 32_000)
    Lanes.noteAnswer(second)
    expect(laneOf().refusals).toBe(0)
    expect(Lanes.grantAll(lanes, 32_000)).toBe(never)
    expect(granted(waiters[2] ?? queue())).toBeDefined()
  })

  it("B2: an answer to a request that left before the 429 came ends nothing", () => {
    const { lanes, send, laneOf } = make()
    const [first, second] = [send(0), send(0, 1_000)]
    Lanes.noteRefusal(lanes, first, demand, 1_000)
    Lanes.noteAnswer(second)
    expect(laneOf().refusals).toBe(1)
    Lanes.noteAnswer({ ...second, sentAt: undefined })
    expect(laneOf().refusals).toBe(1)
    Lanes.noteAnswer({ ...second, sentAt: 1_001 })
    expect(laneOf().refusals).toBe(0)
  })

  it("B2: 429s to requests that left together count as one, and the longest pause holds", () => {
    const { lanes, send, laneOf } = make()
    const [first, second, third] = [send(0), send(0), send(0, 2_000)]
    Lanes.noteRefusal(lanes, first, demand, 1_000)
    expect(laneOf()).toMatchObject({ refusals: 1, refusedAt: 1_000, pausedAt: 1_000, pausedUntil: 31_000 })
    Lanes.noteRefusal(lanes, second, Duration.seconds(1), 1_500)
    expect(laneOf()).toMatchObject({ refusals: 1, refusedAt: 1_000, pausedAt: 1_000, pausedUntil: 31_000 })
    Lanes.noteRefusal(lanes, third, Duration.seconds(60), 3_000)
    expect(laneOf()).toMatchObject({ refusals: 2, refusedAt: 3_000, pausedAt: 1_000, pausedUntil: 63_000 })
  })

  it("B2: a request that left at the moment of a 429 belongs to it", () => {
    const { lanes, send, laneOf } = make()
    const [first, second] = [send(0), send(0, 1_000)]
    Lanes.noteRefusal(lanes, first, demand, 1_000)
    Lanes.noteRefusal(lanes, second, demand, 1_500)
    expect(laneOf()).toMatchObject({ refusals: 1, refusedAt: 1_000 })
    Lanes.noteRefusal(lanes, { ...second, sentAt: undefined }, demand, 1_600)
    expect(laneOf()).toMatchObject({ refusals: 2, refusedAt: 1_600 })
  })

  it("B2: a pause begins anew only after the one before is over", () => {
    const { lanes, send, laneOf } = make()
    const [first, second] = [send(0), send(0)]
    Lanes.noteRefusal(lanes, first, demand, 0)
    Lanes.noteAnswer({ ...first, sentAt: 10 })
    Lanes.noteRefusal(lanes, { ...second, sentAt: 20 }, demand, 29_999)
    expect(laneOf()).toMatchObject({ refusals: 1, pausedAt: 0, pausedUntil: 59_999 })
    Lanes.noteAnswer({ ...first, sentAt: 30_000 })
    Lanes.noteRefusal(lanes, { ...second, sentAt: 40_000 }, demand, 59_999)
    expect(laneOf()).toMatchObject({ pausedAt: 59_999, pausedUntil: 89_999 })
  })

  it("B2: without a demand, pauses double from 5 seconds to 5 minutes; a demand counts for a day at most", () => {
    const { lanes, send, laneOf } = make()
    const grant = send(0)
    const pauses = [5, 10, 20, 40, 80, 160, 300, 300]
    let now = 0
    for (const seconds of pauses) {
      now += 1_000_000
      Lanes.noteRefusal(lanes, { ...grant, sentAt: now }, undefined, now)
      expect(laneOf().pausedUntil - now).toBe(1_000 * seconds)
    }
    Lanes.noteRefusal(lanes, { ...grant, sentAt: now }, Duration.days(365), now)
    expect(laneOf().pausedUntil - now).toBe(86_400_000)
  })

  it("B2: requests that would stand still for longer than they want to are refused at once, with the rest of the pause", () => {
    const { lanes, queue, send } = make([limit(10, ["get"])])
    const grant = send(0)
    const [patient, impatient] = [queue(), queue(Lanes.Priority.read, { patience: 29_999 })]
    const elsewhere = queue(Lanes.Priority.read, { patience: 0, operation: "list" })
    Lanes.noteRefusal(lanes, grant, demand, 1_000)
    expect(refused(impatient)).toBe(30_000)
    expect(exitOf(patient)).toBeUndefined()
    expect(exitOf(elsewhere)).toBeUndefined()
    expect(lanes.waiting).toEqual([patient, elsewhere])
  })

  it.each([
    ["as long as it wants to", 30_000, 0, undefined],
    ["longer than it wants to", 29_999, 0, 21_000],
    ["for the rest alone, where it came later", 21_000, 10_000, undefined],
    ["too long even for the rest", 20_999, 10_000, 21_000],
  ] as const)("B2: a request stands still %s", (_, patience, queuedAt, rest) => {
    const { lanes, queue, send } = make()
    Lanes.noteRefusal(lanes, send(0), demand, 1_000)
    expect(Lanes.excessivePause(queue(Lanes.Priority.read, { at: queuedAt, patience }), 10_000)).toBe(rest)
    expect(Lanes.excessivePause(queue(Lanes.Priority.read, { patience: -1 }), 31_000)).toBeUndefined()
  })

  it("B2: a held grant is not confirmed during the pause", () => {
    const { lanes, queue, send, laneOf } = make()
    const waiter = queue(Lanes.Priority.write, { isHeld: true })
    Lanes.grantAll(lanes, 0)
    const grant = granted(waiter)
    if (grant === undefined) throw new Error("it is not granted")
    Lanes.noteRefusal(lanes, send(0), demand, 1_000)
    expect(Lanes.confirm(lanes, grant, 1_000)).toBe(30_000)
    expect(Lanes.confirm(lanes, grant, 31_000)).toBe(0)
    expect(laneOf().grantedAt).toBe(31_000)
    expect(Lanes.confirm(lanes, grant, 31_400)).toBe(600)
  })
})

describe("what the vendor says is left", () => {
  it("B2: bounds the requests until the reset; those under way are reckoned not to count yet", () => {
    const { lanes, queue, send, laneOf } = make([limit(10)])
    send(0)
    send(0)
    Lanes.noteRemaining(laneOf(), { requests: 2, resetAfter: Duration.seconds(20) }, 1_000)
    expect(laneOf()).toMatchObject({ remaining: 1, remainingUntil: 21_000 })
    const waiters = [queue(), queue()]
    expect(Lanes.grantAll(lanes, 1_000)).toBe(20_000)
    expect(waiters.map((waiter) => granted(waiter) !== undefined)).toEqual([true, false])
    expect(Lanes.grantAll(lanes, 20_999)).toBe(1)
    expect(Lanes.grantAll(lanes, 21_000)).toBe(never)
    expect(granted(waiters[1] ?? queue())).toBeDefined()
  })

  it.each([
    ["now", 0, false],
    ["a moment later", 0.001, true],
    ["two windows later", 240, true],
    ["more than two windows later", 240.001, false],
  ] as const)("B2: a reset %s is believed: %d s, %s", (_, seconds, isBelieved) => {
    const { laneOf, send } = make([limit(10), limit(10, "all", "2 minutes")])
    send(0)
    const lane = laneOf()
    Lanes.noteRemaining(lane, { requests: 0, resetAfter: Duration.millis(1_000 * seconds) }, 0)
    expect(lane.remainingUntil === 1_000 * seconds).toBe(isBelieved)
  })

  it("B2: without a documented limit, a reset within ten minutes is believed", () => {
    const { laneOf } = make()
    Lanes.noteRemaining(laneOf(), { requests: 0, resetAfter: Duration.seconds(601) }, 0)
    expect(laneOf().remainingUntil).toBe(Number.NEGATIVE_INFINITY)
    Lanes.noteRemaining(laneOf(), { requests: 0, resetAfter: Duration.seconds(600) }, 0)
    expect(laneOf()).toMatchObject({ remainingUntil: 600_000, remaining: 1 })
  })
})
