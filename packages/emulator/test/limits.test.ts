import { describe, expect, it } from "@effect/vitest"
import { SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { sendTo, vendors } from "./client.ts"

/** The most instants in any half-open span of `length` milliseconds. */
const maxInWindow = (instants: ReadonlyArray<number>, length: number): number => {
  let most = 0
  for (const from of instants) most = Math.max(most, instants.filter((at) => at >= from && at < from + length).length)
  return most
}

/** Pauses between requests: mostly none or short, sometimes about as long as a window. */
const Pauses = Schema.Array(
  Schema.Union([
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 50 })),
    Schema.Int.check(Schema.isBetween({ minimum: 900, maximum: 1100 })),
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 61_000 })),
  ]),
).check(Schema.isMinLength(30), Schema.isMaxLength(200))

describe("B1", () => {
  it.effect.prop(
    "Zeotap: no window contains more requests than its limit, and only an exhausted limit refuses one",
    { pauses: Pauses },
    ({ pauses }) =>
      Effect.gen(function* () {
        const emulator = yield* ZeotapEmulator.make()
        const ids = yield* emulator.addSync()
        const list = vendors[2].paths(emulator).list(ids)
        const acceptedAt: Array<number> = []
        let refusedCount = 0
        for (const pause of pauses) {
          yield* TestClock.adjust(pause)
          const now = yield* emulator.now
          const answer = yield* sendTo(emulator, ...list)
          if (answer.status === 200) acceptedAt.push(now)
          else {
            refusedCount++
            const inLastMinute = acceptedAt.filter((at) => at > now - 60_000).length
            const inLastSecond = acceptedAt.filter((at) => at > now - 1000).length
            expect(inLastMinute === 100 || inLastSecond === 20).toBe(true)
          }
        }
        expect(maxInWindow(acceptedAt, 60_000)).toBeLessThanOrEqual(100)
        expect(maxInWindow(acceptedAt, 1000)).toBeLessThanOrEqual(20)
        expect(yield* emulator.overLimit).toBe(refusedCount)
      }).pipe(Effect.provide(TestClock.layer())),
  )

  it.effect.prop(
    "Segment: `msBeforeNext` is exact to the millisecond",
    {
      pauses: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2500 }))).check(
        Schema.isMinLength(21),
        Schema.isMaxLength(60),
      ),
    },
    ({ pauses }) =>
      Effect.gen(function* () {
        const emulator = yield* SegmentEmulator.make({ switches: { overlap: "new-run" } })
        const ids = yield* emulator.addSync()
        const start = vendors[0].paths().start(ids)
        for (const pause of pauses) {
          yield* TestClock.adjust(pause)
          const answer = yield* sendTo(emulator, ...start)
          if (answer.status === 200) continue
          const waitMillis = answer.json.errors[0].data.msBeforeNext
          yield* TestClock.adjust(waitMillis - 1)
          expect((yield* sendTo(emulator, ...start)).status).toBe(429)
          yield* TestClock.adjust(1)
          expect((yield* sendTo(emulator, ...start)).status).toBe(200)
        }
      }).pipe(Effect.provide(TestClock.layer())),
  )
})

describe("B2: other clients of the account", () => {
  it.effect("spend a rate limit at once", () =>
    Effect.gen(function* () {
      const emulator = yield* SegmentEmulator.make()
      const ids = yield* emulator.addSync()
      yield* emulator.addTraffic({ operation: "start", atOnce: 20 })
      const paths = vendors[0].paths()
      expect((yield* sendTo(emulator, ...paths.start(ids))).status).toBe(429)
      expect((yield* sendTo(emulator, ...paths.list(ids))).status).toBe(200)
      yield* TestClock.adjust("1 minute")
      const answer = yield* sendTo(emulator, ...paths.start(ids))
      expect([answer.status, answer.headers["x-ratelimit-consumed"]]).toEqual([200, "1"])
    }),
  )

  it.effect("spend a rate limit steadily, also after 100 days without a call", () =>
    Effect.gen(function* () {
      const emulator = yield* SegmentEmulator.make()
      const ids = yield* emulator.addSync()
      yield* emulator.addTraffic({ operation: "start", every: "6 seconds" })
      yield* TestClock.adjust("100 days")
      const answer = yield* sendTo(emulator, ...vendors[0].paths().start(ids))
      expect(answer.headers["x-ratelimit-consumed"]).toBe("11")
    }),
  )
})
