/** Waits that know how long past runs of their sync took. */
import { describe, expect, it } from "@effect/vitest"
import { Context, DateTime, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { RunRef } from "../src/model/Ref.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { logged } from "./support/logs.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const minutes = (count: number) => count * 60_000

/** A vendor with past runs of one length each, all of which have ended at the present time. */
const withPast = Effect.fnUntraced(function* (
  lengths: ReadonlyArray<number>,
  fake: FakeDriver.Fake = FakeDriver.make(),
) {
  let at = 0
  for (const lasts of lengths) {
    fake.begin("s1", at, { lasts })
    at += lasts + 1_000
  }
  yield* TestClock.setTime(at)
  const { services } = yield* workspace(fake, {})
  return { fake, runs: Context.get(services, Runs), now: at }
})

const tenHours = Array.from({ length: 10 }, () => minutes(60))

const ages = ({ sent }: FakeDriver.Fake, from: number, operation = "get") =>
  sent.filter((call) => call.operation === operation && call.at >= from).map(({ at }) => at - from)

const accepted = (run: string, at: number) =>
  new RunRef({ sync: FakeDriver.sync(), run, acceptedAt: DateTime.makeUnsafe(at) })

describe("history", () => {
  it.effect("W5: after a trigger, history costs no request, and the likely end is where most looks are", () =>
    Effect.gen(function* () {
      const { fake, runs, now } = yield* withPast(tenHours)
      fake.setPlan({ lasts: minutes(60) })
      const run = yield* begin(runs.run(FakeDriver.sync(), { whenRunning: "fail" }))
      yield* TestClock.adjust("2 hours")
      expect(yield* Fiber.join(run)).toMatchObject({ verdict: "complete" })
      expect(fake.count("list")).toBe(1)
      const looks = ages(fake, now)
      const end = minutes(60)
      expect((looks.at(-1) ?? 0) - end).toBeLessThan(20_000)
      expect(looks.filter((at) => at < end - minutes(15)).length).toBeLessThanOrEqual(40)
      expect(looks.filter((at) => at >= end - minutes(3)).length).toBeGreaterThanOrEqual(8)
    }),
  )

  it.effect("W5: the first look is within half a minute: a run that fails at its start is seen soon", () =>
    Effect.gen(function* () {
      const { fake, runs, now } = yield* withPast(tenHours)
      fake.setPlan({ lasts: 2_000, ends: "failed" })
      const run = yield* begin(Effect.exit(runs.run(FakeDriver.sync(), { whenRunning: "fail" })))
      yield* TestClock.adjust("31 seconds")
      expect(run.pollUnsafe()).toBeDefined()
      expect(ages(fake, now)).toHaveLength(1)
    }),
  )

  it.effect(
    "W5: a wait for a young run on its own reads no list; once it is five minutes old, one look is a list",
    () =>
      Effect.gen(function* () {
        const { fake, runs, now } = yield* withPast(tenHours)
        fake.begin("s1", now, { lasts: minutes(60) })
        const wait = yield* begin(runs.wait(accepted("r11", now)))
        yield* TestClock.adjust("299 seconds")
        expect(fake.count("list")).toBe(0)
        yield* TestClock.adjust("2 hours")
        expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "complete" })
        expect(fake.count("list")).toBe(1)
        // The list stood for a read of the run.
        const times = fake.sent.map(({ at }) => at)
        expect(new Set(times).size).toBe(times.length)
      }),
  )

  it.effect("W5: a ref without its time of acceptance is as old as the vendor says", () =>
    Effect.gen(function* () {
      const { fake, runs, now } = yield* withPast(tenHours)
      fake.begin("s1", now - minutes(50), { lasts: minutes(60) })
      const wait = yield* begin(runs.wait(new RunRef({ sync: FakeDriver.sync(), run: "r11" })))
      yield* TestClock.adjust("15 minutes")
      expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "complete" })
      expect(ages(fake, now, "list")).toEqual([60_001])
    }),
  )

  it.effect("W5: a list that fails or lacks the run keeps nobody from the run", () =>
    Effect.gen(function* () {
      const { fake, runs, now } = yield* withPast(tenHours)
      fake.begin("s1", now - minutes(50), { lasts: minutes(51) })
      fake.failBetween("list", FakeDriver.down, 0, Number.POSITIVE_INFINITY)
      const exit = yield* within("10 minutes", runs.wait(accepted("r11", now - minutes(50))))
      expect(exit).toMatchObject({ verdict: "complete" })
      expect(fake.count("list")).toBe(1)
    }),
  )

  it.effect("W5: a failed, cancelled or endless run tells no length, nor does a clock that runs backward", () =>
    Effect.gen(function* () {
      const { fake, runs, now } = yield* withPast([])
      fake.begin("s1", now - minutes(50), { lasts: 1_000, ends: "failed" })
      fake.begin("s1", now - minutes(40), { lasts: 1_000, ends: "cancelled" })
      fake.begin("s1", now - minutes(30), { lasts: -5_000 })
      fake.setPlan({ lasts: minutes(10) })
      const run = yield* begin(runs.run(FakeDriver.sync(), { whenRunning: "fail" }))
      yield* TestClock.adjust("11 minutes")
      yield* Fiber.join(run)
      // A tenth of the age, from a second on.
      expect(ages(fake, now).slice(0, 4)).toEqual([1, 1_001, 2_001, 3_001])
    }),
  )

  it.effect("W5: a listing of all runs teaches as a trigger does; a filtered one does not", () =>
    Effect.gen(function* () {
      const { fake, runs, now } = yield* withPast(tenHours)
      yield* Stream.runDrain(runs.list(FakeDriver.sync(), { statuses: ["failed"] }))
      fake.begin("s1", now, { lasts: minutes(60) })
      const wait = yield* begin(runs.wait(accepted("r11", now)))
      yield* TestClock.adjust("1 minute")
      const before = ages(fake, now).length
      yield* Fiber.interrupt(wait)
      yield* Stream.runDrain(runs.list(FakeDriver.sync(), { pageSize: 50 }))
      const again = yield* begin(runs.wait(accepted("r11", now)))
      yield* TestClock.adjust("1 minute")
      expect(ages(fake, now + minutes(1)).length).toBeLessThan(before / 2)
      yield* Fiber.interrupt(again)
    }),
  )

  it.effect("W5: a run that takes much longer than usual is reported once", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* withPast(tenHours)
      fake.setPlan({ lasts: minutes(300) })
      const { lines } = yield* logged(within("6 hours", runs.run(FakeDriver.sync(), { whenRunning: "fail" })))
      expect(lines.filter(({ level }) => level === "WARN")).toMatchObject([
        {
          message: "A run takes much longer than the past runs of its sync",
          annotations: { run: expect.stringContaining("r11"), usual: "1h" },
        },
      ])
    }),
  )

  it.effect("W5: a watch shows the present at once, whatever past runs tell", () =>
    Effect.gen(function* () {
      const { fake, runs, now } = yield* withPast(tenHours)
      fake.begin("s1", now, { lasts: minutes(60) })
      yield* Stream.runDrain(runs.list(FakeDriver.sync()))
      const first = yield* begin(Stream.runHead(runs.watch(accepted("r11", now))))
      yield* TestClock.adjust(10)
      expect(first.pollUnsafe()).toBeDefined()
    }),
  )
})
