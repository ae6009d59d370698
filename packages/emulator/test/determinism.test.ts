import { describe, expect, it } from "@effect/vitest"
import { Fault } from "@openretl/emulator"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { makeMint } from "../src/kit/Mint.ts"
import { sendTo, vendors } from "./client.ts"

const Step = Schema.Struct({
  action: Schema.Literals(["start", "list", "stranger"]),
  pause: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 200_000 })),
})
const Steps = Schema.Array(Step).check(Schema.isMaxLength(40))
const Seed = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 }))

it("ids of one kind never repeat", () => {
  const mint = makeMint(1)
  const ids = new Set<string>()
  for (let count = 0; count < 250_000; count++) ids.add(mint.xid("run"))
  expect(ids.size).toBe(250_000)
})

describe.each(vendors)("$name", (vendor) => {
  /** All answers, the real runs and the calls, as one text. */
  const play = (seed: number, steps: typeof Steps.Type) =>
    Effect.gen(function* () {
      const emulator = yield* vendor.make({
        seed,
        readLag: { min: 0, max: "1 minute" },
        plan: (random) => ({
          duration: Math.floor(random() * 300_000),
          rows: { succeeded: Math.floor(random() * 50) },
        }),
      })
      const ids = yield* emulator.addSync({ schedule: { every: "7 minutes" }, strangers: { every: "11 minutes" } })
      yield* emulator.addFaults(Fault.lost("any", { commits: true, chance: 0.2, times: Number.POSITIVE_INFINITY }))
      const paths = vendor.paths(emulator)
      const transcript: Array<unknown> = []
      for (const { action, pause } of steps) {
        yield* TestClock.adjust(pause)
        if (action === "stranger") transcript.push(yield* emulator.triggerAsStranger(ids))
        else transcript.push(yield* Effect.result(sendTo(emulator, ...paths[action](ids))))
      }
      return JSON.stringify([transcript, yield* emulator.runsOf(ids), yield* emulator.calls])
    }).pipe(Effect.provide(TestClock.layer()))

  it.effect.prop(
    "the same seed and the same calls give the same answers",
    { seed: Seed, steps: Steps },
    ({ seed, steps }) =>
      Effect.gen(function* () {
        expect(yield* play(seed, steps)).toBe(yield* play(seed, steps))
      }),
  )

  it.effect("another seed gives other ids and another token", () =>
    Effect.gen(function* () {
      const [first, second] = [yield* vendor.make({ seed: 1 }), yield* vendor.make({ seed: 2 })]
      expect(yield* first.addSync()).not.toEqual(yield* second.addSync())
      expect(first.token).not.toBe(second.token)
    }),
  )
})
