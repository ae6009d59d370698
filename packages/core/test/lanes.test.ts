import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import * as Lanes from "../src/engine/rate-limit/lanes.ts"
import { exitOf, granted, limit, make, never } from "./support/tokenLanes.ts"

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
      ["write", "urgent"],
      ["read", "write"],
      ["poll", "read"],
    ] as const) {
      const { lanes, queue } = make([limit(4)])
      const [later, sooner] = [queue(Lanes.Priority[first]), queue(Lanes.Priority[second])]
      lanes.share = 0.25
      Lanes.grantAll(lanes, 0)
      expect([granted(later) !== undefined, granted(sooner) !== undefined]).toEqual([false, true])
    }
  })

  it("B4: a poll that waits keeps no trigger back, and hundreds of polls are looked at as one", () => {
    const { lanes, queue, laneOf } = make([limit(8)])
    for (let count = 0; count < 300; count++) queue(Lanes.Priority.poll)
    expect(Lanes.grantAll(lanes, 0)).toBe(10_000)
    const trigger = queue(write, { isHeld: true })
    expect(Lanes.grantAll(lanes, 0)).toBe(10_000)
    expect(granted(trigger)).toBeDefined()
    let looks = 0
    const get = () => {
      looks++
      return 8
    }
    Object.defineProperty(laneOf().pools[0], "requests", { get })
    expect(Lanes.grantAll(lanes, 0)).toBe(10_000)
    expect(looks).toBe(1)
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
    const { lanes, queue, send, laneOf } = make([limit(5)])
    Lanes.end(send(0, 1_000), "given-up", 2_000)
    Lanes.end(send(2_000), "given-up", 90_000)
    Lanes.end(send(2_000), "answered", 3_000)
    const begun = queue()
    Lanes.grantAll(lanes, 3_000)
    const grant = granted(begun)
    if (grant === undefined) throw new Error("it is not granted")
    Lanes.end(grant, "given-up", 4_000)
    expect(laneOf().pools[0]?.cooling.map(({ at }) => at)).toEqual([63_000, 71_000, 74_000, 150_000])
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

  it("B4: a grant that is held is confirmed where any request may go: no poll and no other trigger keeps it back", () => {
    const { lanes, queue } = make([limit(3)], 0.4)
    const waiter = queue(Lanes.Priority.write, { isHeld: true })
    Lanes.grantAll(lanes, 0)
    const grant = granted(waiter)
    if (grant === undefined) throw new Error("it is not granted")
    // The workspace with the small share closes: two of three slots go to a poll and to another trigger.
    lanes.share = 1
    const others = [queue(Lanes.Priority.poll), queue(Lanes.Priority.write, { isHeld: true })]
    Lanes.grantAll(lanes, 0)
    expect(others.map((other) => granted(other) !== undefined)).toEqual([true, true])
    expect(Lanes.confirm(lanes, grant, 0)).toBe(0)
  })
})
