import { describe, expect, it } from "@effect/vitest"
import { RudderStackEmulator, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { isMissing, sendTo, vendors } from "./client.ts"

describe.each(vendors)("$name", (vendor) => {
  const setup = (options = {}) =>
    Effect.gen(function* () {
      const emulator = yield* vendor.make(options)
      const ids = yield* emulator.addSync()
      const paths = vendor.paths(emulator)
      return {
        emulator,
        ids,
        start: Effect.suspend(() => sendTo(emulator, ...paths.start(ids))),
        startId: Effect.map(
          Effect.suspend(() => sendTo(emulator, ...paths.start(ids))),
          paths.startedId,
        ),
        get: (run: string) => sendTo(emulator, ...paths.get(ids, run)),
        status: (run: string) => Effect.map(sendTo(emulator, ...paths.get(ids, run)), paths.statusOf),
        listed: Effect.map(
          Effect.suspend(() => sendTo(emulator, ...paths.list(ids))),
          paths.listedIds,
        ),
      }
    })

  it.effect("a run waits, works and ends by the clock", () =>
    Effect.gen(function* () {
      const { emulator, ids, startId } = yield* setup()
      yield* emulator.script(ids, [{ queued: "30 seconds", duration: "5 hours" }])
      const id = yield* startId
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ id, origin: "call", callIndex: 0, createdAt: 0 }])
      expect((yield* emulator.runsOf(ids))[0]).not.toHaveProperty("startedAt")
      yield* TestClock.adjust("30 seconds")
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ startedAt: 30_000 }])
      yield* TestClock.adjust("5 hours")
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ startedAt: 30_000, finishedAt: 18_030_000 }])
    }),
  )

  it.effect("a run that never ends is still running after 400 days", () =>
    Effect.gen(function* () {
      const { emulator, ids, startId, status } = yield* setup()
      yield* emulator.script(ids, [{ ends: "never" }])
      const id = yield* startId
      const statusBefore = yield* status(id)
      yield* TestClock.adjust("400 days")
      expect(yield* status(id)).toBe(statusBefore)
      expect((yield* emulator.runsOf(ids))[0]).not.toHaveProperty("finishedAt")
    }),
  )

  it.effect("R3: a plan can use status words that no document lists", () =>
    Effect.gen(function* () {
      const { emulator, ids, startId, status } = yield* setup()
      yield* emulator.script(ids, [{ words: { running: "WARMING_UP", ended: "ASCENDED" } }])
      const id = yield* startId
      expect(yield* status(id)).toBe("WARMING_UP")
      yield* TestClock.adjust("1 minute")
      expect(yield* status(id)).toBe("ASCENDED")
    }),
  )

  it.effect("runs follow the scripted plans in order, and then the default plan", () =>
    Effect.gen(function* () {
      const { emulator, ids, startId } = yield* setup({ plan: { duration: "3 seconds" } })
      yield* emulator.script(ids, [{ duration: "1 second" }])
      yield* emulator.script(ids, [{ duration: "2 seconds" }])
      for (let count = 0; count < 3; count++) {
        yield* startId
        yield* TestClock.adjust("1 minute")
      }
      const lengths = (yield* emulator.runsOf(ids)).map((run) => (run.finishedAt ?? 0) - run.createdAt)
      expect(lengths).toEqual([1000, 2000, 3000])
    }),
  )

  it.effect("R1: reads show a run's creation and its end only when the lag is over", () =>
    Effect.gen(function* () {
      const { emulator, ids, startId, get, status, listed } = yield* setup({ readLag: "20 seconds" })
      const id = yield* startId
      expect(isMissing(vendor.paths(emulator), yield* get(id))).toBe(true)
      expect(yield* listed).toEqual([])
      expect(yield* emulator.runsOf(ids)).toHaveLength(1)
      yield* TestClock.adjust("20 seconds")
      const runningStatus = yield* status(id)
      expect(yield* listed).toEqual([id])
      yield* TestClock.adjust("59 seconds")
      expect(yield* status(id)).toBe(runningStatus)
      yield* TestClock.adjust("1 seconds")
      expect(yield* status(id)).not.toBe(runningStatus)
      yield* emulator.setReadLag(0)
      const next = yield* startId
      expect(yield* listed).toEqual([next, id])
    }),
  )

  it.effect("a read with a greater lag than the previous read shows an earlier state", () =>
    Effect.gen(function* () {
      const { emulator, startId, status } = yield* setup()
      const id = yield* startId
      const runningStatus = yield* status(id)
      yield* TestClock.adjust("1 minute")
      const finalStatus = yield* status(id)
      expect(finalStatus).not.toBe(runningStatus)
      yield* emulator.setReadLag("30 seconds")
      expect(yield* status(id)).toBe(runningStatus)
      yield* TestClock.adjust("30 seconds")
      expect(yield* status(id)).toBe(finalStatus)
    }),
  )

  it.effect("a lag between bounds differs from read to read, within the bounds", () =>
    Effect.gen(function* () {
      const { startId, listed } = yield* setup({ readLag: { min: "10 seconds", max: "20 seconds" } })
      yield* startId
      yield* TestClock.adjust("9 seconds")
      const listedTimes = { before: 0, between: 0, after: 0 }
      for (let count = 0; count < 10; count++) listedTimes.before += (yield* listed).length
      yield* TestClock.adjust("6 seconds")
      for (let count = 0; count < 15; count++) listedTimes.between += (yield* listed).length
      yield* TestClock.adjust("6 seconds")
      for (let count = 0; count < 10; count++) listedTimes.after += (yield* listed).length
      expect([listedTimes.before, listedTimes.after]).toEqual([0, 10])
      expect(listedTimes.between).toBeGreaterThan(0)
      expect(listedTimes.between).toBeLessThan(15)
    }),
  )

  it.effect("a schedule fires by itself, but not while a run is live", () =>
    Effect.gen(function* () {
      const emulator = yield* vendor.make({ plan: { duration: "25 minutes" } })
      const ids = yield* emulator.addSync({ schedule: { every: "10 minutes", first: "1 minute" } })
      yield* TestClock.adjust("100 minutes")
      const runs = yield* emulator.runsOf(ids)
      expect(runs.map((run) => [run.origin, run.createdAt / 60_000])).toEqual([
        ["schedule", 1],
        ["schedule", 31],
        ["schedule", 61],
        ["schedule", 91],
      ])
    }),
  )

  it.effect("a tick at the instant at which a run ends is not skipped", () =>
    Effect.gen(function* () {
      const emulator = yield* vendor.make({ plan: { duration: "40 minutes" } })
      const ids = yield* emulator.addSync({ schedule: { every: "10 minutes", first: "1 minute" } })
      yield* TestClock.adjust("2 hours")
      const runs = yield* emulator.runsOf(ids)
      expect(runs.map((run) => run.createdAt / 60_000)).toEqual([1, 41, 81])
    }),
  )

  it.effect("a run is found only under its sync", () =>
    Effect.gen(function* () {
      const { emulator, ids, startId, get } = yield* setup()
      const id = yield* startId
      expect((yield* get(id)).status).toBe(200)
      const otherIds = yield* emulator.addSync()
      const paths = vendor.paths(emulator)
      // Some vendors read a run by its id alone.
      const isByRunAlone = paths.get(ids, id)[1] === paths.get(otherIds, id)[1]
      expect(isMissing(paths, yield* sendTo(emulator, ...paths.get(otherIds, id)))).toBe(!isByRunAlone)
      expect(paths.listedIds(yield* sendTo(emulator, ...paths.list(otherIds)))).toEqual([])
    }),
  )

  it.effect("a schedule does not fire while the sync is paused", () =>
    Effect.gen(function* () {
      const emulator = yield* vendor.make({})
      const ids = yield* emulator.addSync({ schedule: { every: "1 hour" }, state: "paused" })
      yield* TestClock.adjust("5 hours")
      expect(yield* emulator.runsOf(ids)).toEqual([])
      yield* emulator.setState(ids, "enabled")
      yield* TestClock.adjust("1 hour")
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ origin: "schedule", createdAt: 21_600_000 }])
    }),
  )

  it.effect("a year of ticks every second during a live run is skipped at once", () =>
    Effect.gen(function* () {
      const emulator = yield* vendor.make({ plan: { ends: "never" } })
      const ids = yield* emulator.addSync({ schedule: { every: "1 second" } })
      yield* TestClock.adjust("365 days")
      expect(yield* emulator.runsOf(ids)).toHaveLength(1)
    }),
  )

  it.effect("strangers trigger at random, as often on average as the option says", () =>
    Effect.gen(function* () {
      const emulator = yield* vendor.make({ plan: { duration: "1 second" } })
      const ids = yield* emulator.addSync({ strangers: { every: "10 minutes" } })
      yield* TestClock.adjust("100 hours")
      const runs = yield* emulator.runsOf(ids)
      expect(new Set(runs.map((run) => run.origin))).toEqual(new Set(["stranger"]))
      expect(runs.length).toBeGreaterThan(500)
      expect(runs.length).toBeLessThan(700)
    }),
  )

  it.effect("a stranger's run is listed, and belongs to no call", () =>
    Effect.gen(function* () {
      const { emulator, ids, listed } = yield* setup()
      const id = yield* emulator.triggerAsStranger(ids, { plan: { duration: "1 hour" } })
      expect(yield* listed).toEqual([id])
      const [run] = yield* emulator.runsOf(ids)
      expect(run).toMatchObject({ id, origin: "stranger" })
      expect(run).not.toHaveProperty("callIndex")
      yield* emulator.setState(ids, "paused")
      expect(yield* emulator.triggerAsStranger(ids)).toBeUndefined()
    }),
  )

  it.effect("`stop` ends a run after `stopTakes`", () =>
    Effect.gen(function* () {
      const { emulator, ids, startId } = yield* setup({ stopTakes: "3 seconds" })
      const id = yield* startId
      yield* emulator.stopRun(id)
      yield* TestClock.adjust("3 seconds")
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ id, stopped: true, finishedAt: 3000 }])
    }),
  )

  it.effect.each([
    { ends: "never", succeeded: 100 },
    { ends: "failed", succeeded: 0 },
  ] as const)("`endRun` ends a run that waits and whose plan says $ends, once", ({ ends, succeeded }) =>
    Effect.gen(function* () {
      const { emulator, ids } = yield* setup()
      const plan = { ends, duration: "1 hour", queued: "1 minute" } as const
      const first = (yield* emulator.triggerAsStranger(ids, { plan })) ?? ""
      yield* TestClock.adjust("3 seconds")
      yield* emulator.endRun(first)
      yield* TestClock.adjust("1 day")
      yield* emulator.endRun(first)
      yield* emulator.stopRun(first)
      const [run] = yield* emulator.runsOf(ids)
      expect(run).toMatchObject({ startedAt: 3000, finishedAt: 3000, rows: { succeeded } })
      expect(run).not.toHaveProperty("stopped")
    }),
  )

  it.effect.each([
    { speed: 1, millis: 60_000 },
    { speed: 60, millis: 1000 },
  ])("at speed $speed, a latency of 1 minute takes $millis ms of the clock", ({ speed, millis }) =>
    Effect.gen(function* () {
      const { startId } = yield* setup({ speed, latency: "1 minute" })
      const fiber = yield* Effect.forkChild(startId, { startImmediately: true })
      yield* TestClock.adjust(millis - 1)
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust(1)
      expect(yield* Fiber.join(fiber)).toMatch(/./)
    }),
  )

  it.effect("H1: ids with any characters are found by their encoded form, and only by that", () =>
    Effect.gen(function* () {
      const specialId = "a/../b?c#d\n%2e é"
      const emulator = yield* vendor.make({})
      const minted = yield* emulator.addSync()
      const ids = yield* emulator.addSync({
        ids: Object.fromEntries(Object.keys(minted).map((name) => [name, specialId])),
      })
      const paths = vendor.paths(emulator)
      const encoded = Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, encodeURIComponent(id)]))
      expect((yield* sendTo(emulator, ...paths.list(encoded))).status).toBe(200)
      expect((yield* sendTo(emulator, ...paths.list(ids))).status).toBe(404)
      const emptyIds = Object.fromEntries(Object.keys(ids).map((name) => [name, ""]))
      expect((yield* sendTo(emulator, ...paths.list(emptyIds))).status).toBe(404)
    }),
  )

  it.effect("at speed 60, an hour passes in a minute of the clock", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_000_000)
      const { emulator, ids, startId } = yield* setup({ speed: 60 })
      yield* emulator.script(ids, [{ duration: "1 hour" }])
      yield* startId
      yield* TestClock.adjust("59 seconds")
      expect((yield* emulator.runsOf(ids))[0]).not.toHaveProperty("finishedAt")
      yield* TestClock.adjust("1 second")
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ createdAt: 1_000_000, finishedAt: 4_600_000 }])
    }),
  )
})

describe("runs that wait for one another", () => {
  it.effect.each([
    { vendor: "zeotap", make: ZeotapEmulator.make({ stopTakes: "1 second" }) },
    {
      vendor: "rudderstack",
      make: RudderStackEmulator.make({ stopTakes: "1 second", switches: { overlap: "queued" } }),
    },
  ])("$vendor: start one after the other, even if one is stopped while it waits", ({ make }) =>
    Effect.gen(function* () {
      const emulator = yield* make
      const ids = yield* emulator.addSync()
      yield* emulator.script(ids, [{ duration: "1 hour" }, {}, { duration: "1 minute" }])
      yield* emulator.triggerAsStranger(ids)
      const second = yield* emulator.triggerAsStranger(ids)
      yield* emulator.triggerAsStranger(ids)
      yield* emulator.stopRun(second ?? "")
      yield* TestClock.adjust("3 hours")
      const runs = yield* emulator.runsOf(ids)
      expect(runs.map((run) => [run.startedAt, run.finishedAt])).toEqual([
        [0, 3_600_000],
        [undefined, 1000],
        [3_600_000, 3_660_000],
      ])
    }),
  )
})

describe("strangers who meet a live run", () => {
  it.effect.each([
    {
      claim: "are refused where a second trigger is refused",
      make: SegmentEmulator.make({ plan: { ends: "never" } }),
      isAccepted: false,
    },
    {
      claim: "wait where a second trigger waits",
      make: ZeotapEmulator.make({ plan: { ends: "never" } }),
      isAccepted: true,
    },
  ])("$claim", ({ make, isAccepted }) =>
    Effect.gen(function* () {
      const emulator = yield* make
      const ids = yield* emulator.addSync({ strangers: { every: "1 minute" } })
      yield* TestClock.adjust("1 hour")
      expect((yield* emulator.runsOf(ids)).length > 1).toBe(isAccepted)
      expect((yield* emulator.triggerAsStranger(ids)) !== undefined).toBe(isAccepted)
    }),
  )
})
