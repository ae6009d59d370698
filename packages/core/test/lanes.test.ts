import { describe, expect, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Exit, Fiber } from "effect"
import type { RateLimit as Limit, Operation } from "../src/driver/Description.ts"
import * as Lanes from "../src/engine/rate-limit/lanes.ts"

const never = Number.POSITIVE_INFINITY

const limit = (
  requests: number,
  operations: Limit["operations"] = "all",
  window: Limit["window"] = "1 minute",
): Limit => ({
  name: "limit",
  requests,
  window,
  operations,
})

/** The lanes of one token, with one workspace and these limits. */
const make = (limits: ReadonlyArray<Limit> = [], share = 1) => {
  const lanes = Lanes.make()
  const workspace = {}
  Lanes.join(lanes, workspace, share)
  const laneOf = (operation: Operation = "get") => Lanes.laneOf(lanes, limits, operation)

  const queue = (
    priority: Lanes.Priority = Lanes.Priority.read,
    options: {
      readonly operation?: Operation
      readonly isHeld?: boolean
      readonly at?: number
      readonly patience?: number
    } = {},
  ): Lanes.Waiter => {
    const { operation = "get", isHeld = false, at = 0, patience = 60_000 } = options
    const waiter: Lanes.Waiter = {
      ...{ priority, isHeld, patience, workspace, queuedAt: at },
      isPoll: priority === Lanes.Priority.poll,
      lane: laneOf(operation),
      outcome: Deferred.makeUnsafe(),
    }
    lanes.waiting.push(waiter)
    return waiter
  }
  /** Grants a request at once, and sends it. */
  const send = (at: number, sentAt = at): Lanes.Grant => {
    const waiter = queue(Lanes.Priority.read, { at })
    Lanes.grantAll(lanes, at)
    const grant = granted(waiter)
    if (grant === undefined) throw new Error("it is not granted")
    Lanes.send(grant, sentAt)
    return grant
  }
  return { lanes, workspace, laneOf, queue, send }
}

const exitOf = ({ outcome }: Lanes.Waiter) => {
  const fiber = Effect.runFork(Deferred.await(outcome))
  const exit = fiber.pollUnsafe()
  fiber.interruptUnsafe()
  return exit
}

const granted = (waiter: Lanes.Waiter): Lanes.Grant | undefined => {
  const exit = exitOf(waiter)
  return exit !== undefined && Exit.isSuccess(exit) ? exit.value : undefined
}

/** Returns the rest of the pause with which a request was refused. */
const refused = (waiter: Lanes.Waiter): number | undefined => {
  const exit = exitOf(waiter)
  return exit !== undefined && Exit.isFailure(exit) ? Effect.runSync(Effect.flip(exit)) : undefined
}

describe("the lanes of a token", () => {
  it("B1: operations with the same limits share a lane; a limit is counted once for all of its lanes", () => {
    const all = limit(10)
    const starts = { ...limit(5, ["start"]), name: "starts" }
    const { lanes, laneOf } = make([all, starts])
    expect(laneOf("get")).toBe(laneOf("list"))
    expect(laneOf("start")).not.toBe(laneOf("get"))
    expect(laneOf("get").pools.map(({ requests }) => requests)).toEqual([10])
    expect(laneOf("start").pools.map(({ requests }) => requests)).toEqual([10, 5])
    expect(laneOf("start").pools[0]).toBe(laneOf("get").pools[0])
    expect(lanes.pools.size).toBe(2)
    expect(make([starts]).laneOf("get").pools).toEqual([])
  })

  it("B1: of the open workspaces, the smallest share counts", () => {
    const { lanes, workspace } = make([], 0.5)
    const other = {}
    const third = {}
    Lanes.join(lanes, other, 0.2)
    Lanes.join(lanes, third, 0.7)
    expect(lanes.share).toBe(0.2)
    Lanes.leave(lanes, other, 5)
    expect([lanes.share, lanes.closedAt]).toEqual([0.5, Number.NEGATIVE_INFINITY])
    Lanes.leave(lanes, third, 6)
    Lanes.leave(lanes, workspace, 7)
    expect([lanes.share, lanes.closedAt]).toEqual([0.5, 7])
  })

  it("B1: they are kept for ten minutes after the last workspace has closed, and for the longest window", () => {
    const short = make([limit(1), limit(1, "all", "2 minutes")])
    short.laneOf()
    expect(Lanes.isForgotten(short.lanes, 10_000_000)).toBe(false)
    Lanes.leave(short.lanes, short.workspace, 1_000)
    expect(Lanes.isForgotten(short.lanes, 601_000)).toBe(false)
    expect(Lanes.isForgotten(short.lanes, 601_001)).toBe(true)

    const long = make([limit(1, "all", "1 hour"), limit(1)])
    long.laneOf()
    Lanes.leave(long.lanes, long.workspace, 0)
    expect(Lanes.isForgotten(long.lanes, 3_600_000)).toBe(false)
    expect(Lanes.isForgotten(long.lanes, 3_600_001)).toBe(true)
  })

  it("B4: a workspace that closes interrupts its own waiting requests, and no other", () => {
    const { lanes, workspace, queue } = make([limit(1)])
    const other = {}
    Lanes.join(lanes, other, 1)
    const leaving = queue()
    const staying: Lanes.Waiter = { ...queue(), workspace: other }
    lanes.waiting.splice(1, 1, staying)
    Lanes.leave(lanes, workspace, 0)
    const exit = exitOf(leaving)
    expect(exit !== undefined && Exit.hasInterrupts(exit)).toBe(true)
    expect(lanes.waiting).toEqual([staying])
    expect(exitOf(staying)).toBeUndefined()
  })

  it("B4: the fiber of the next grant ends with the last waiting request", () => {
    const { lanes, queue } = make([limit(1)])
    const [first, second] = [queue(), queue()]
    const fiber = Effect.runFork(Effect.never)
    lanes.timer = { at: 1, fiber }
    Lanes.remove(lanes, first)
    expect(lanes.timer).toBeDefined()
    // A request that does not wait changes nothing.
    Lanes.remove(lanes, first)
    expect(lanes.waiting).toEqual([second])
    Lanes.remove(lanes, second)
    expect(lanes.timer).toBeUndefined()
    return expect(Effect.runPromise(Fiber.await(fiber))).resolves.toMatchObject({ _tag: "Failure" })
  })
})

describe("who goes next", () => {
  const { urgent, write, read, poll } = Lanes.Priority

  it("B4: the most urgent one, and of equal ones the earliest", () => {
    const { lanes, queue, laneOf } = make([limit(2)])
    const waiters = [queue(poll), queue(read), queue(write), queue(urgent), queue(urgent)]
    expect(Lanes.grantAll(lanes, 0)).toBe(never)
    expect(waiters.map((waiter) => granted(waiter) !== undefined)).toEqual([false, false, false, true, true])
    expect(laneOf()).toMatchObject({ underWay: 2, grantedAt: 0, overtaken: 2 })
  })

  it("B4: each kind goes before the next one, although that came first", () => {
    for (const [first, second] of [
      [write, urgent],
      [read, write],
      [poll, read],
    ] as const) {
      const { lanes, queue } = make([limit(4)])
      const [later, sooner] = [queue(first), queue(second)]
      lanes.share = 0.25
      Lanes.grantAll(lanes, 0)
      expect([granted(later) !== undefined, granted(sooner) !== undefined]).toEqual([false, true])
    }
  })

  it("B4: of four grants, the earliest request has one", () => {
    const { lanes, queue } = make([limit(6)])
    const earliest = [queue(poll), queue(poll)]
    const others = Array.from({ length: 6 }, () => queue(read))
    Lanes.grantAll(lanes, 0)
    expect(earliest.map((waiter) => granted(waiter) !== undefined)).toEqual([true, false])
    expect(others.filter((waiter) => granted(waiter) !== undefined)).toHaveLength(5)
  })

  it("B4: three more urgent requests overtake the earliest, and the fourth does not", () => {
    for (const [slots, isGranted] of [
      [3, false],
      [4, true],
    ] as const) {
      const { lanes, queue, laneOf } = make([limit(slots)])
      const earliest = queue(read)
      for (let count = 0; count < 4; count++) queue(write)
      Lanes.grantAll(lanes, 0)
      expect(granted(earliest) !== undefined).toBe(isGranted)
      expect(laneOf().overtaken).toBe(isGranted ? 0 : 3)
    }
  })

  it("B1: without a slot, they wait for the next one", () => {
    const { lanes, queue, send, laneOf } = make([limit(1)])
    const grant = send(0)
    Lanes.end(grant, "answered", 100)
    const waiter = queue()
    expect(Lanes.grantAll(lanes, 200)).toBe(59_900)
    expect(granted(waiter)).toBeUndefined()
    expect(Lanes.grantAll(lanes, 60_100)).toBe(never)
    expect(granted(waiter)).toMatchObject({ lane: laneOf(), isOver: false, sentAt: undefined })
  })

  it("B1: the wait is that of the first that may go", () => {
    const { lanes, queue, send } = make([limit(1), { ...limit(1, ["get", "list"], "2 minutes"), name: "longer" }])
    Lanes.end(send(0), "answered", 0)
    queue(read, { operation: "list" })
    queue(write, { operation: "start" })
    expect(Lanes.grantAll(lanes, 0)).toBe(60_000)
  })
})

describe("how a grant ends", () => {
  it("B1: one that never left costs nothing, and ends once", () => {
    const { send, laneOf } = make([limit(5)])
    const grant = send(0)
    Lanes.end(grant, "not-sent", 0)
    Lanes.end(grant, "not-sent", 0)
    expect(laneOf()).toMatchObject({ underWay: 0, pools: [{ busy: 0, cooling: [] }] })
  })

  it("B1: one that was given up may arrive ten seconds after it left", () => {
    const { send, laneOf } = make([limit(5)])
    Lanes.end(send(0, 1_000), "given-up", 2_000)
    Lanes.end(send(2_000), "given-up", 90_000)
    Lanes.end(send(2_000), "answered", 3_000)
    expect(laneOf().pools[0]?.cooling.map(({ at }) => at)).toEqual([63_000, 71_000, 150_000])
  })

  it("B4: a grant that is held takes only the slots that fences leave, and the others when it is confirmed", () => {
    const { lanes, queue, laneOf } = make([limit(1), { ...limit(2, ["start"]), name: "starts" }])
    const waiter = queue(Lanes.Priority.write, { operation: "start", isHeld: true })
    Lanes.grantAll(lanes, 0)
    const grant = granted(waiter)
    const [all, starts] = laneOf("start").pools
    expect([all?.busy, starts?.busy, starts?.held]).toEqual([0, 1, 1])
    // The fence takes the only slot meanwhile.
    const fence = queue(Lanes.Priority.urgent, { operation: "list" })
    Lanes.grantAll(lanes, 0)
    const fenceGrant = granted(fence)
    if (grant === undefined || fenceGrant === undefined) throw new Error("it is not granted")
    expect(Lanes.confirm(lanes, grant, 0)).toBe(never)
    Lanes.send(fenceGrant, 0)
    Lanes.end(fenceGrant, "answered", 1_000)
    expect(Lanes.confirm(lanes, grant, 1_000)).toBe(60_000)
    expect([all?.busy, laneOf("start").grantedAt]).toEqual([0, 0])
    expect(Lanes.confirm(lanes, grant, 60_999.5)).toBe(0.5)
    expect(all?.busy).toBe(0)
    expect(Lanes.confirm(lanes, grant, 61_000)).toBe(0)
    expect([all?.busy, laneOf("start").grantedAt]).toEqual([1, 61_000])
    // A second confirmation takes no second slot.
    expect(Lanes.confirm(lanes, grant, 61_000)).toBe(0)
    expect(all?.busy).toBe(1)
    Lanes.send(grant, 61_000)
    expect([starts?.held, all?.held, grant.isHeld, grant.sentAt]).toEqual([0, 0, false, 61_000])
    Lanes.end(grant, "answered", 62_000)
    expect([starts?.busy, all?.busy, starts?.held]).toEqual([0, 0, 0])
  })
})

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
    expect(lane.remainingUntil > 0 && lane.remainingUntil === 1_000 * seconds).toBe(isBelieved)
  })

  it("B2: without a documented limit, a reset within ten minutes is believed", () => {
    const { laneOf } = make()
    Lanes.noteRemaining(laneOf(), { requests: 0, resetAfter: Duration.seconds(601) }, 0)
    expect(laneOf().remainingUntil).toBe(Number.NEGATIVE_INFINITY)
    Lanes.noteRemaining(laneOf(), { requests: 0, resetAfter: Duration.seconds(600) }, 0)
    expect(laneOf()).toMatchObject({ remainingUntil: 600_000, remaining: 1 })
  })
})
