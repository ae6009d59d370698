import { describe, expect, it } from "@effect/vitest"
import type { Emulator } from "@openretl/emulator/Emulator"
import type * as Hint from "@openretl/emulator/Hint"
import { Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { sendTo, vendors } from "./client.ts"

/** A hint, and when it arrived by the clock. */
type Arrival = Hint.Hint & { readonly arrivedAt: number }

/** Receives the hints of an emulator from now on. Returns the list that they are added to. */
const receive = Effect.fnUntraced(function* (emulator: Emulator, options?: Hint.Options) {
  const arrivals: Array<Arrival> = []
  const fiber = yield* emulator.hints(options).pipe(
    Stream.runForEach((hint) =>
      Effect.map(
        Effect.clockWith(({ currentTimeMillis }) => currentTimeMillis),
        (arrivedAt) => void arrivals.push({ ...hint, arrivedAt }),
      ),
    ),
    Effect.forkChild,
  )
  return { arrivals, stop: Fiber.interrupt(fiber) }
})

const minute = 60_000

describe.each(vendors)("$name: hints", (vendor) => {
  const setup = Effect.fnUntraced(function* (options: Parameters<typeof vendor.make>[0] = {}) {
    const emulator: Emulator = yield* vendor.make(options)
    const ids = yield* emulator.addSync()
    const paths = vendor.paths(emulator)
    const start = Effect.map(
      Effect.suspend(() => sendTo(emulator, ...paths.start(ids))),
      paths.startedId,
    )
    return { emulator, ids, start }
  })

  it.effect("come when a run starts and when it ends, with the ids of the sync and of the run", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      yield* emulator.script(ids, [{ queued: "30 seconds", duration: "5 minutes" }])
      const { arrivals } = yield* receive(emulator)
      const run = yield* start
      yield* TestClock.adjust("1 hour")
      const [startedAt, endedAt] = [minute / 2, 5.5 * minute]
      expect(arrivals).toEqual([
        { sync: ids, run, change: "started", at: startedAt, arrivedAt: startedAt },
        { sync: ids, run, change: "ended", at: endedAt, arrivedAt: endedAt },
      ])
      const next = yield* start
      yield* TestClock.adjust("10 seconds")
      yield* emulator.stopRun(next)
      yield* TestClock.adjust("1 minute")
      expect(arrivals.slice(2)).toMatchObject([
        { run: next, change: "started", arrivedAt: 60 * minute },
        { run: next, change: "ended", arrivedAt: 60 * minute + 15_000 },
      ])
    }),
  )

  it.effect("come in time for the runs of schedules and strangers, although nothing reads the emulator", () =>
    Effect.gen(function* () {
      const emulator: Emulator = yield* vendor.make({ plan: { duration: "25 minutes" } })
      const ids = yield* emulator.addSync({ schedule: { every: "10 minutes", first: "1 minute" } })
      const others = yield* emulator.addSync({ strangers: { every: "1 hour" } })
      const { arrivals, stop } = yield* receive(emulator)
      yield* TestClock.adjust("1 day")
      yield* stop
      const ended = (yield* emulator.runsOf(ids)).concat(yield* emulator.runsOf(others))
      const changes = ended.flatMap(({ id, startedAt, finishedAt }) => [
        ...(startedAt === undefined ? [] : [{ run: id, change: "started", at: startedAt }]),
        ...(finishedAt === undefined ? [] : [{ run: id, change: "ended", at: finishedAt }]),
      ])
      expect(arrivals.length).toBeGreaterThan(100)
      expect(arrivals.map(({ run, change, at }) => ({ run, change, at }))).toEqual(
        expect.arrayContaining(changes.filter(({ at }) => at <= 24 * 60 * minute)),
      )
      expect(arrivals).toHaveLength(changes.length)
      expect(arrivals.every(({ at, arrivedAt }) => arrivedAt === at)).toBe(true)
      expect(new Set(arrivals.map(({ sync }) => sync))).toEqual(new Set([ids, others]))
    }),
  )

  it.effect("of what happened before the stream ran do not come, those of runs under way do", () =>
    Effect.gen(function* () {
      const { emulator, start } = yield* setup({ plan: { duration: "10 minutes" } })
      yield* start
      yield* TestClock.adjust("20 minutes")
      const run = yield* start
      yield* TestClock.adjust("5 minutes")
      const { arrivals } = yield* receive(emulator, { changes: ["ended"] })
      const both = yield* receive(emulator)
      yield* TestClock.adjust("20 minutes")
      expect(arrivals).toMatchObject([{ run, change: "ended", at: 30 * minute }])
      expect(both.arrivals).toEqual(arrivals)
    }),
  )

  it.effect("come at the emulator's speed", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_000_000)
      const { emulator, start } = yield* setup({ speed: 60, plan: { duration: "2 hours" } })
      const { arrivals } = yield* receive(emulator, { delay: "30 minutes" })
      yield* start
      yield* TestClock.adjust("3 minutes")
      expect(arrivals).toMatchObject([
        { change: "started", at: 1_000_000, arrivedAt: 1_000_000 + 30_000 },
        { change: "ended", at: 1_000_000 + 120 * minute, arrivedAt: 1_000_000 + 2.5 * minute },
      ])
    }),
  )

  it.effect("are lost, doubled and late as often as the options say, by the seed", () =>
    Effect.gen(function* () {
      const options: Hint.Options = { loss: 0.2, doubling: 0.3, delay: { min: "1 second", max: "3 hours" } }
      const play = Effect.fnUntraced(function* (seed: number, hints: Hint.Options, reads: number) {
        const emulator: Emulator = yield* vendor.make({ seed, plan: { duration: "1 minute" } })
        const ids = yield* emulator.addSync({ schedule: { every: "1 hour" } })
        const { arrivals, stop } = yield* receive(emulator, hints)
        for (let read = 0; read < reads; read++) {
          yield* TestClock.adjust(500 * 60 * (minute / reads))
          yield* emulator.runsOf(ids)
        }
        yield* stop
        return arrivals
      }, Effect.provide(TestClock.layer()))

      const arrivals = yield* play(1, options, 1)
      expect(yield* play(1, options, 250)).toEqual(arrivals)
      expect(yield* play(2, options, 1)).not.toEqual(arrivals)
      const distinct = new Set(arrivals.map(({ run, change }) => `${run}/${change}`))
      expect(distinct.size / 1_000).toBeGreaterThan(0.76)
      expect(distinct.size / 1_000).toBeLessThan(0.84)
      const doubled = arrivals.length - distinct.size
      expect(doubled / distinct.size).toBeGreaterThan(0.25)
      expect(doubled / distinct.size).toBeLessThan(0.35)
      const delays = arrivals.map(({ at, arrivedAt }) => arrivedAt - at)
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(1_000)
      expect(Math.max(...delays)).toBeLessThanOrEqual(180 * minute)
      const overtaken = (list: ReadonlyArray<Arrival>) =>
        list.filter(({ at }, index) => index > 0 && at < (list[index - 1]?.at ?? 0)).length
      expect(overtaken(arrivals)).toBeGreaterThan(100)

      const inOrder = yield* play(1, { ...options, ordered: true }, 1)
      expect(overtaken(inOrder)).toBe(0)
      expect(inOrder.length).toBeGreaterThan(0.98 * arrivals.length)
    }),
  )

  it.effect("of a request that takes effect late come when it does, and of a paused sync none", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      const { arrivals } = yield* receive(emulator)
      yield* emulator.addFaults({ kind: "slow", operation: "start", commitAfter: "20 seconds" })
      const sending = yield* Effect.forkChild(start)
      yield* TestClock.adjust("1 hour")
      expect(arrivals.map(({ run, change, arrivedAt }) => [run, change, arrivedAt])).toEqual([
        [yield* Fiber.join(sending), "started", 20_000],
        [yield* Fiber.join(sending), "ended", 80_000],
      ])
      const scheduled = yield* emulator.addSync({ schedule: { every: "1 second" }, state: "paused" })
      yield* TestClock.adjust("1 day")
      expect(arrivals).toHaveLength(2)
      yield* emulator.setState(scheduled, "enabled")
      yield* TestClock.adjust("59 seconds")
      expect(arrivals.slice(2)).toMatchObject([{ sync: scheduled, change: "started" }])
      yield* emulator.setState(ids, "paused")
    }),
  )
})
