import { describe, expect, it } from "@effect/vitest"
import { SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { ask, vendors } from "./client.ts"

/** The most requests that any half-open span of `length` milliseconds holds. */
const densest = (instants: ReadonlyArray<number>, length: number): number => {
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
    "Zeotap: no window of a minute or a second ever holds more than the limit, and nothing is refused below it",
    { pauses: Pauses },
    ({ pauses }) =>
      Effect.gen(function* () {
        const emulator = yield* ZeotapEmulator.make()
        const ids = yield* emulator.addSync()
        const list = vendors[2].paths(emulator).list(ids)
        const accepted: Array<number> = []
        let refused = 0
        for (const pause of pauses) {
          yield* TestClock.adjust(pause)
          const now = yield* emulator.now
          const answer = yield* ask(emulator, ...list)
          if (answer.status === 200) accepted.push(now)
          else {
            refused++
            const minute = accepted.filter((at) => at > now - 60_000).length
            const second = accepted.filter((at) => at > now - 1000).length
            expect(minute === 100 || second === 20).toBe(true)
          }
        }
        expect(densest(accepted, 60_000)).toBeLessThanOrEqual(100)
        expect(densest(accepted, 1000)).toBeLessThanOrEqual(20)
        expect(yield* emulator.overLimit).toBe(refused)
      }).pipe(Effect.provide(TestClock.layer())),
  )

  it.effect.prop(
    "Segment: msBeforeNext is exact, to the millisecond",
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
          const answer = yield* ask(emulator, ...start)
          if (answer.status === 200) continue
          const wait = answer.json.errors[0].data.msBeforeNext
          yield* TestClock.adjust(wait - 1)
          expect((yield* ask(emulator, ...start)).status).toBe(429)
          yield* TestClock.adjust(1)
          expect((yield* ask(emulator, ...start)).status).toBe(200)
        }
      }).pipe(Effect.provide(TestClock.layer())),
  )
})

describe("B2: other clients of the account", () => {
  it.effect("spend the budget at once", () =>
    Effect.gen(function* () {
      const emulator = yield* SegmentEmulator.make()
      const ids = yield* emulator.addSync()
      yield* emulator.noise({ operation: "start", atOnce: 20 })
      const paths = vendors[0].paths()
      expect((yield* ask(emulator, ...paths.start(ids))).status).toBe(429)
      expect((yield* ask(emulator, ...paths.list(ids))).status).toBe(200)
      yield* TestClock.adjust("1 minute")
      const answer = yield* ask(emulator, ...paths.start(ids))
      expect([answer.status, answer.headers["x-ratelimit-consumed"]]).toEqual([200, "1"])
    }),
  )

  it.effect("spend it steadily, also after a long silence", () =>
    Effect.gen(function* () {
      const emulator = yield* SegmentEmulator.make()
      const ids = yield* emulator.addSync()
      yield* emulator.noise({ operation: "start", every: "6 seconds" })
      yield* TestClock.adjust("100 days")
      const answer = yield* ask(emulator, ...vendors[0].paths().start(ids))
      expect(answer.headers["x-ratelimit-consumed"]).toBe("11")
    }),
  )
})
