import { describe, expect, it } from "@effect/vitest"
import { RudderStackEmulator, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { ask, vendors } from "./client.ts"

for (const vendor of vendors) {
  describe(vendor.name, () => {
    const setup = (options = {}) =>
      Effect.gen(function* () {
        const emulator = yield* vendor.make(options)
        const ids = yield* emulator.addSync()
        const paths = vendor.paths(emulator)
        return {
          emulator,
          ids,
          start: Effect.suspend(() => ask(emulator, ...paths.start(ids))),
          startId: Effect.map(
            Effect.suspend(() => ask(emulator, ...paths.start(ids))),
            paths.startedId,
          ),
          get: (run: string) => ask(emulator, ...paths.get(ids, run)),
          status: (run: string) => Effect.map(ask(emulator, ...paths.get(ids, run)), paths.statusOf),
          listed: Effect.map(
            Effect.suspend(() => ask(emulator, ...paths.list(ids))),
            paths.listedIds,
          ),
        }
      })

    it.effect("a run waits, works and ends on the clock alone", () =>
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

    it.effect("a run that never ends runs on", () =>
      Effect.gen(function* () {
        const { emulator, ids, startId, status } = yield* setup()
        yield* emulator.script(ids, [{ ends: "never" }])
        const id = yield* startId
        const before = yield* status(id)
        yield* TestClock.adjust("400 days")
        expect(yield* status(id)).toBe(before)
        expect((yield* emulator.runsOf(ids))[0]).not.toHaveProperty("finishedAt")
      }),
    )

    it.effect("R3: a plan can say words that nobody listed", () =>
      Effect.gen(function* () {
        const { emulator, ids, startId, status } = yield* setup()
        yield* emulator.script(ids, [{ words: { running: "WARMING_UP", ended: "ASCENDED" } }])
        const id = yield* startId
        expect(yield* status(id)).toBe("WARMING_UP")
        yield* TestClock.adjust("1 minute")
        expect(yield* status(id)).toBe("ASCENDED")
      }),
    )

    it.effect("plans are used up in order, then the default applies", () =>
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

    it.effect("R1: a new run is invisible to reads until the lag is over, and its end is seen late too", () =>
      Effect.gen(function* () {
        const { emulator, ids, startId, get, status, listed } = yield* setup({ readLag: "20 seconds" })
        const id = yield* startId
        expect((yield* get(id)).status).toBeGreaterThanOrEqual(400)
        expect(yield* listed).toEqual([])
        expect(yield* emulator.runsOf(ids)).toHaveLength(1)
        yield* TestClock.adjust("20 seconds")
        const running = yield* status(id)
        expect(yield* listed).toEqual([id])
        yield* TestClock.adjust("59 seconds")
        expect(yield* status(id)).toBe(running)
        yield* TestClock.adjust("1 seconds")
        expect(yield* status(id)).not.toBe(running)
        yield* emulator.setReadLag(0)
        const next = yield* startId
        expect(yield* listed).toEqual([next, id])
      }),
    )

    it.effect("a read that lags more than the one before goes back in time", () =>
      Effect.gen(function* () {
        const { emulator, startId, status } = yield* setup()
        const id = yield* startId
        const running = yield* status(id)
        yield* TestClock.adjust("1 minute")
        const over = yield* status(id)
        expect(over).not.toBe(running)
        yield* emulator.setReadLag("30 seconds")
        expect(yield* status(id)).toBe(running)
        yield* TestClock.adjust("30 seconds")
        expect(yield* status(id)).toBe(over)
      }),
    )

    it.effect("a lag between bounds shows and hides a run between them, and not outside", () =>
      Effect.gen(function* () {
        const { startId, listed } = yield* setup({ readLag: { min: "10 seconds", max: "20 seconds" } })
        yield* startId
        yield* TestClock.adjust("9 seconds")
        const seen = { before: 0, between: 0, after: 0 }
        for (let count = 0; count < 10; count++) seen.before += (yield* listed).length
        yield* TestClock.adjust("6 seconds")
        for (let count = 0; count < 15; count++) seen.between += (yield* listed).length
        yield* TestClock.adjust("6 seconds")
        for (let count = 0; count < 10; count++) seen.after += (yield* listed).length
        expect([seen.before, seen.after]).toEqual([0, 10])
        expect(seen.between).toBeGreaterThan(0)
        expect(seen.between).toBeLessThan(15)
      }),
    )

    it.effect("a schedule fires by itself, in order, and never onto a live run", () =>
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

    it.effect("a tick that comes just as a run ends is not skipped", () =>
      Effect.gen(function* () {
        const emulator = yield* vendor.make({ plan: { duration: "40 minutes" } })
        const ids = yield* emulator.addSync({ schedule: { every: "10 minutes", first: "1 minute" } })
        yield* TestClock.adjust("2 hours")
        const runs = yield* emulator.runsOf(ids)
        expect(runs.map((run) => run.createdAt / 60_000)).toEqual([1, 41, 81])
      }),
    )

    it.effect("a run is found under its own sync only", () =>
      Effect.gen(function* () {
        const { emulator, startId, get } = yield* setup()
        const id = yield* startId
        expect((yield* get(id)).status).toBe(200)
        const other = yield* emulator.addSync()
        const paths = vendor.paths(emulator)
        expect((yield* ask(emulator, ...paths.get(other, id))).status).toBeGreaterThanOrEqual(400)
        expect(paths.listedIds(yield* ask(emulator, ...paths.list(other)))).toEqual([])
      }),
    )

    it.effect("a schedule rests while the sync is paused", () =>
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

    it.effect("a sync scheduled every second for a year that never gets free costs nothing", () =>
      Effect.gen(function* () {
        const emulator = yield* vendor.make({ plan: { ends: "never" } })
        const ids = yield* emulator.addSync({ schedule: { every: "1 second" } })
        yield* TestClock.adjust("365 days")
        expect(yield* emulator.runsOf(ids)).toHaveLength(1)
      }),
    )

    it.effect("strangers come at random, on average as often as told", () =>
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

    it.effect("a stranger's run is visible to all, and belongs to no call", () =>
      Effect.gen(function* () {
        const { emulator, ids, listed } = yield* setup()
        const id = yield* emulator.stranger(ids, { plan: { duration: "1 hour" } })
        expect(yield* listed).toEqual([id])
        const [run] = yield* emulator.runsOf(ids)
        expect(run).toMatchObject({ id, origin: "stranger" })
        expect(run).not.toHaveProperty("callIndex")
        yield* emulator.setState(ids, "paused")
        expect(yield* emulator.stranger(ids)).toBeUndefined()
      }),
    )

    it.effect("somebody can stop a run by hand", () =>
      Effect.gen(function* () {
        const { emulator, ids, startId } = yield* setup({ stopTakes: "3 seconds" })
        const id = yield* startId
        yield* emulator.stop(id)
        yield* TestClock.adjust("3 seconds")
        expect(yield* emulator.runsOf(ids)).toMatchObject([{ id, stopped: true, finishedAt: 3000 }])
      }),
    )

    it.effect("every answer takes its time, and at speed 60 a sixtieth of it", () =>
      Effect.gen(function* () {
        for (const [speed, seconds] of [
          [1, 60],
          [60, 1],
        ] as const) {
          const { startId } = yield* setup({ speed, latency: "1 minute" })
          const fiber = yield* Effect.forkChild(startId, { startImmediately: true })
          yield* TestClock.adjust(seconds * 1000 - 1)
          expect(fiber.pollUnsafe()).toBeUndefined()
          yield* TestClock.adjust(1)
          expect(yield* Fiber.join(fiber)).toMatch(/./)
        }
      }),
    )

    it.effect("H1: ids are found by their encoded form only, whatever is in them", () =>
      Effect.gen(function* () {
        const strange = "a/../b?c#d\n%2e é"
        const emulator = yield* vendor.make({})
        const minted = yield* emulator.addSync()
        const ids = yield* emulator.addSync({
          ids: Object.fromEntries(Object.keys(minted).map((name) => [name, strange])),
        })
        const paths = vendor.paths(emulator)
        const encoded = Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, encodeURIComponent(id)]))
        expect((yield* ask(emulator, ...paths.list(encoded))).status).toBe(200)
        expect((yield* ask(emulator, ...paths.list(ids))).status).toBe(404)
        const empty = Object.fromEntries(Object.keys(ids).map((name) => [name, ""]))
        expect((yield* ask(emulator, ...paths.list(empty))).status).toBe(404)
      }),
    )

    it.effect("at speed 60, an hour passes in a minute", () =>
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
}

describe("runs that wait for one another", () => {
  const queueing = [
    ["zeotap", ZeotapEmulator.make({ stopTakes: "1 second" })],
    ["rudderstack", RudderStackEmulator.make({ stopTakes: "1 second", switches: { overlap: "queued" } })],
  ] as const
  for (const [name, make] of queueing) {
    it.effect(`${name}: start one after the other, also when one is stopped while it waits`, () =>
      Effect.gen(function* () {
        const emulator = yield* make
        const ids = yield* emulator.addSync()
        yield* emulator.script(ids, [{ duration: "1 hour" }, {}, { duration: "1 minute" }])
        yield* emulator.stranger(ids)
        const second = yield* emulator.stranger(ids)
        yield* emulator.stranger(ids)
        yield* emulator.stop(second ?? "")
        yield* TestClock.adjust("3 hours")
        const runs = yield* emulator.runsOf(ids)
        expect(runs.map((run) => [run.startedAt, run.finishedAt])).toEqual([
          [0, 3_600_000],
          [undefined, 1000],
          [3_600_000, 3_660_000],
        ])
      }),
    )
  }
})

describe("strangers who meet a live run", () => {
  const meeting = [
    ["are refused where a second trigger is", SegmentEmulator.make({ plan: { ends: "never" } }), false],
    ["wait where a second trigger waits", ZeotapEmulator.make({ plan: { ends: "never" } }), true],
  ] as const
  for (const [what, make, several] of meeting) {
    it.effect(what, () =>
      Effect.gen(function* () {
        const emulator = yield* make
        const ids = yield* emulator.addSync({ strangers: { every: "1 minute" } })
        yield* TestClock.adjust("1 hour")
        expect((yield* emulator.runsOf(ids)).length > 1).toBe(several)
        expect((yield* emulator.stranger(ids)) !== undefined).toBe(several)
      }),
    )
  }
})

describe("counts", () => {
  it.effect("R2: failed rows can come in after the end", () =>
    Effect.gen(function* () {
      const emulator = yield* SegmentEmulator.make()
      const ids = yield* emulator.addSync()
      const plan = { duration: "1 minute", rows: { succeeded: 9, failed: 1 }, countsSettleAfter: "30 seconds" } as const
      const id = (yield* emulator.stranger(ids, { plan })) ?? ""
      const paths = vendors[0].paths()
      const status = Effect.map(
        Effect.suspend(() => ask(emulator, ...paths.get(ids, id))),
        paths.statusOf,
      )
      yield* TestClock.adjust("1 minute")
      expect(yield* status).toBe("SUCCESS")
      yield* TestClock.adjust("30 seconds")
      expect(yield* status).toBe("PARTIAL_SUCCESS")
    }),
  )
})
