/** How fresh the data of a sync are: which runs count, and from when. */
import type { Freshness } from "@openretl/core/Freshness"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import type { Setup } from "../../Setup.ts"
import type { Testbed } from "../../Testbed.ts"

const hourly = { warnAfter: "1 hour", errorAfter: "2 hours" } as const

const freshnessOf = ({ run, runs, sync }: Testbed) => run(runs.freshness(sync, hourly))

/** Expects this judgment, and that its age is that of the real start: an age may be a little higher, never lower. */
const expectAge = Effect.fnUntraced(function* (
  testbed: Testbed,
  freshness: Freshness,
  tag: "Fresh" | "Stale",
  run: string | undefined,
) {
  if (freshness._tag !== tag) return expect.fail(`expected ${tag}, found ${JSON.stringify(freshness)}`)
  expect(freshness.run.ref.run).toBe(run)
  const actualRun = (yield* testbed.actualRuns).find(({ id }) => id === run)
  const age = (yield* testbed.emulator.now) - (actualRun?.startedAt ?? Number.NaN)
  expect(Math.abs(Duration.toMillis(freshness.age) - age), "the age, within two minutes").toBeLessThan(120_000)
})

/** Clocks of vendors, each with what its answers show. */
const clocks: ReadonlyArray<readonly [string, Setup]> = [
  ["", {}],
  [" (the vendor's clock is 3 hours ahead)", { vendorClock: { offset: 10_800_000, sendsDate: true } }],
  [" (the vendor's clock is 3 hours behind)", { vendorClock: { offset: -10_800_000, sendsDate: true } }],
  [" (the vendor's answers show no clock)", { vendorClock: { offset: -20_000, sendsDate: false } }],
]

export const freshnessLaws: ReadonlyArray<Law> = [
  ...clocks.map(([clock, setup]) =>
    law(
      "N1",
      `a run of anybody that delivered its rows counts, from its start until warnAfter${clock}`,
      setup,
      (testbed) =>
        Effect.gen(function* () {
          expect(yield* freshnessOf(testbed)).toEqual({ _tag: "Never" })
          const plan = { duration: "20 minutes" } as const
          const run = yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan })
          yield* testbed.advance("10 minutes")
          expect((yield* freshnessOf(testbed))._tag, "a run under way proves nothing").toBe("Never")
          yield* testbed.advance("45 minutes")
          yield* expectAge(testbed, yield* freshnessOf(testbed), "Fresh", run)
          yield* testbed.advance("10 minutes")
          yield* expectAge(testbed, yield* freshnessOf(testbed), "Stale", run)
          yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: "1 minute", ends: "failed" } })
          yield* testbed.advance("1 hour")
          const stale = yield* freshnessOf(testbed)
          yield* expectAge(testbed, stale, "Stale", run)
          expect(stale).toMatchObject({ level: "error" })
          expect(yield* testbed.writes).toEqual([])
        }),
    ),
  ),

  law(
    "N1",
    "the end that a wait wrote to the journal proves freshness in every process, without a request",
    {},
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.script(testbed.ids, [{ duration: "50 minutes" }])
        const { run } = yield* testbed.run(testbed.runs.run(testbed.sync, { whenRunning: "fail" }), "1 hour")
        const other = yield* testbed.open({ journal: testbed.journal })
        const before = testbed.wire.sent.length
        const freshness = yield* testbed.run(other.runs.freshness(testbed.sync, hourly))
        expect(freshness).toMatchObject({ _tag: "Fresh", run: { ref: { run: run.ref.run } } })
        expect(testbed.wire.sent.length).toBe(before)
        yield* testbed.advance("20 minutes")
        expect((yield* testbed.run(other.runs.freshness(testbed.sync, hourly)))._tag).toBe("Stale")
      }),
  ),
]
