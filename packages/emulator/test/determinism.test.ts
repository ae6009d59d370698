import { describe, expect, it } from "@effect/vitest"
import { Fault } from "@openretl/emulator"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { makeMint } from "../src/internal/world/mint.ts"
import { ask, vendors } from "./client.ts"

const Step = Schema.Struct({
  what: Schema.Literals(["start", "list", "stranger"]),
  pause: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 200_000 })),
})
const Steps = Schema.Array(Step).check(Schema.isMaxLength(40))
const Seed = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000_000 }))

it("ids of a kind never repeat", () => {
  const mint = makeMint(1)
  const ids = new Set<string>()
  for (let count = 0; count < 250_000; count++) ids.add(mint.xid("run"))
  expect(ids.size).toBe(250_000)
})

for (const vendor of vendors) {
  describe(vendor.name, () => {
    /** Everything seen and everything true, as one text. */
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
        yield* emulator.fault(Fault.lost("any", { commits: true, chance: 0.2, times: Number.POSITIVE_INFINITY }))
        const paths = vendor.paths(emulator)
        const seen: Array<unknown> = []
        for (const { what, pause } of steps) {
          yield* TestClock.adjust(pause)
          if (what === "stranger") seen.push(yield* emulator.stranger(ids))
          else seen.push(yield* Effect.result(ask(emulator, ...paths[what](ids))))
        }
        return JSON.stringify([seen, yield* emulator.runsOf(ids), yield* emulator.calls])
      }).pipe(Effect.provide(TestClock.layer()))

    it.effect.prop(
      "the same seed and the same calls give the same answers",
      { seed: Seed, steps: Steps },
      ({ seed, steps }) =>
        Effect.gen(function* () {
          expect(yield* play(seed, steps)).toBe(yield* play(seed, steps))
        }),
    )

    it.effect("another seed gives other ids", () =>
      Effect.gen(function* () {
        const [first, second] = [yield* vendor.make({ seed: 1 }), yield* vendor.make({ seed: 2 })]
        expect(yield* first.addSync()).not.toEqual(yield* second.addSync())
        expect(first.token).not.toBe(second.token)
      }),
    )
  })
}
