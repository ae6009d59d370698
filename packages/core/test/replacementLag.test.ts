/** Updates that replace a sync, where reads lag behind other hands and behind changes that take effect late. */
import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { Change } from "../src/model/Change.ts"
import { every, manual } from "../src/model/schedule/Schedule.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { begin, within } from "./support/testbed.ts"

const hourly = every("1 hour")

const make = Effect.fnUntraced(function* (options: FakeSyncs.Options = {}) {
  const fake = FakeSyncs.make(options)
  return { fake, ...(yield* FakeSyncs.open(fake)) }
})

describe("an update that replaces a sync", () => {
  it.effect(
    "A4: a schedule is set where reads still show how a stranger set it before a full replacement undid that",
    () =>
      Effect.gen(function* () {
        const { fake, administration } = yield* make({ lag: 6_000, replaces: "all" })
        const ref = fake.add({ id: "s1", at: -1_000_000, schedule: hourly })
        fake.when("update", (now) => fake.set("s1", now - 5_000, { schedule: manual }))
        const conflict = yield* Effect.flip(within("40 seconds", administration.pause(ref)))
        expect(conflict).toMatchObject({ _tag: "ChangeConflict", fields: [{ field: "schedule" }] })
        fake.setLag(42_000)
        yield* within("5 minutes", administration.setSchedule(ref, manual))
        expect(yield* fake.truth).toMatchObject([{ state: "paused", schedule: manual }])
      }),
  )

  it.effect(
    "A6: a full replacement sends back no state that reads show while an earlier change takes effect late",
    () =>
      Effect.gen(function* () {
        const { fake, administration } = yield* make({ replaces: "all" })
        const ref = fake.add({ id: "s1", at: -1_000_000, schedule: hourly })
        yield* within("1 minute", administration.setSchedule(ref, manual))
        // Reads that lag behind by 50 seconds, of a change that took effect after 30.
        yield* TestClock.adjust("5 seconds")
        fake.setLag(66_000)
        const pause = within("5 minutes", administration.pause(ref))
        yield* Effect.all(
          [
            pause,
            Effect.delay(
              Effect.sync(() => fake.setLag(0)),
              "1 minute",
            ),
          ],
          { concurrency: "unbounded" },
        )
        expect(yield* fake.truth).toMatchObject([{ state: "paused", schedule: manual }])
      }),
  )

  it.effect("A4: a pause is sent where reads still show a stranger's pause that a full replacement has undone", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag: 6_000, replaces: "all" })
      const ref = fake.add({ id: "s1", at: -1_000_000 })
      let updates = 0
      fake.when("update", (now) => {
        if (++updates === 1) fake.set("s1", now - 5_000, { state: "paused" })
      })
      yield* Effect.flip(within("70 seconds", administration.setSchedule(ref, hourly)))
      expect(yield* fake.truth).toMatchObject([{ state: "enabled" }])
      fake.setLag(73_000)
      yield* within("5 minutes", Effect.result(administration.pause(ref)))
      expect(yield* fake.truth).toMatchObject([{ state: "paused" }])
    }),
  )

  it.effect("A4: decides by what reads show once an earlier change has to show", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ replaces: "all" })
      const ref = fake.add({ id: "s1", at: -1_000_000, schedule: hourly, state: "paused" })
      fake.set("s1", -500, { state: "enabled" })
      yield* within("1 minute", administration.setSchedule(ref, manual))
      yield* TestClock.adjust("5 seconds")
      fake.setLag(66_000)
      const pausing = yield* begin(administration.pause(ref))
      yield* TestClock.adjust("1 minute")
      fake.setLag(0)
      yield* TestClock.adjust("5 minutes")
      yield* Fiber.join(pausing)
      expect(yield* fake.truth).toMatchObject([{ state: "paused", schedule: manual }])
    }),
  )

  it.effect("A6: waits for the latest of several changes that reads contradict", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ replaces: "all" })
      const ref = fake.add({ id: "s1", at: -1_000_000, schedule: hourly })
      yield* within("1 minute", administration.setSchedule(ref, manual))
      yield* within("1 minute", administration.update(ref, { name: "renamed" }))
      const named = fake.sent.findLast(({ operation }) => operation === "update")?.at ?? 0
      yield* TestClock.adjust("2 seconds")
      fake.setLag(1_000_000)
      yield* within("10 minutes", Effect.result(administration.pause(ref)))
      const paused = fake.sent.find(({ operation, at }) => operation === "update" && at > named)?.at ?? 0
      expect(paused - named).toBeGreaterThanOrEqual(180_000)
    }),
  )
})

describe("an update that replaces a sync after another process has changed it", () => {
  const changes: ReadonlyArray<readonly [string, Change]> = [
    ["a schedule", { schedule: manual }],
    ["a switch", { enabled: false }],
    ["a name and a schedule", { name: "renamed", schedule: manual }],
  ]

  const makeTwo = Effect.fnUntraced(function* (change: Change) {
    const fake = FakeSyncs.make({ replaces: "all" })
    const ref = fake.add({ id: "s1", at: -1_000_000, schedule: hourly })
    const [one, other] = yield* FakeSyncs.openTwo(fake)
    yield* within("1 minute", one.administration.update(ref, change))
    yield* TestClock.adjust("5 seconds")
    const begunAt = yield* Clock.currentTimeMillis
    const sentAt = () => (fake.sent.findLast(({ operation }) => operation === "update")?.at ?? 0) - begunAt
    return { fake, ref, other, sentAt }
  })

  it.effect.each(changes)("A6: sends nothing back that reads show while %s takes effect late", ([, change]) =>
    Effect.gen(function* () {
      const { fake, ref, other } = yield* makeTwo(change)
      const before = yield* fake.truth
      fake.setLag(66_000)
      const moving = yield* begin(
        other.administration.update(ref, { part: { vendor: "fake", spec: { mode: "mirror" } } }),
      )
      yield* TestClock.adjust("1 minute")
      fake.setLag(0)
      yield* TestClock.adjust("10 minutes")
      yield* Fiber.join(moving)
      expect(yield* fake.truth).toEqual(before.map((sync) => ({ ...sync, mode: "mirror" })))
    }),
  )

  it.effect.each(changes)("A6: waits for nothing where reads show %s", ([, change]) =>
    Effect.gen(function* () {
      const { ref, other, sentAt } = yield* makeTwo(change)
      yield* within(
        "1 minute",
        other.administration.update(ref, { part: { vendor: "fake", spec: { mode: "mirror" } } }),
      )
      expect(sentAt()).toBe(1)
    }),
  )

  it.effect("A6: waits for no change that this process has replaced since", () =>
    Effect.gen(function* () {
      const { fake, ref, other, sentAt } = yield* makeTwo({ enabled: false })
      yield* within("10 seconds", other.administration.resume(ref))
      yield* TestClock.adjust("1 minute")
      yield* within(
        "1 minute",
        other.administration.update(ref, { part: { vendor: "fake", spec: { mode: "mirror" } } }),
      )
      expect(yield* fake.truth).toMatchObject([{ state: "enabled", mode: "mirror" }])
      expect(sentAt()).toBe(70_001)
    }),
  )
})

describe("an update that replaces nothing", () => {
  it.effect("A4: waits for no change that reads contradict", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const ref = fake.add({ id: "s1", at: -1_000_000 })
      yield* within("1 second", administration.update(ref, { name: "renamed" }))
      yield* TestClock.adjust("61 seconds")
      fake.setLag(100_000)
      expect(yield* within("1 second", administration.pause(ref))).toMatchObject({ state: "paused" })
    }),
  )
})
