import { expect, it } from "@effect/vitest"
import { RudderStackEmulator } from "@openretl/emulator"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"

it.effect("one of ten hints that a run has ended never arrives", () =>
  Effect.gen(function* () {
    const rudderstack = yield* RudderStackEmulator.make()
    // Most runs take about 20 minutes, one of twenty takes 3 to 10 times longer. The last rows are counted a minute late.
    const orders = yield* rudderstack.addSync({
      schedule: { every: "6 hours" },
      plan: {
        duration: { median: "20 minutes", sigma: 0.3, slow: { chance: 0.05 } },
        rows: { succeeded: 995, failed: 5 },
        countsSettleAfter: "1 minute",
        earlyRows: { succeeded: 990 },
      },
    })

    // Stands for your receiver of webhooks. A tenth of the hints is lost, some come twice, and they overtake each other.
    const noticed = new Set<string>()
    yield* rudderstack
      .hints({ changes: ["ended"], loss: 0.1, doubling: 0.05, delay: { min: "1 second", max: "2 minutes" } })
      .pipe(
        Stream.runForEach(({ sync, run }) => Effect.sync(() => noticed.add(`${sync["connection"]}/${run}`))),
        Effect.forkChild,
      )

    yield* TestClock.adjust("30 days")
    const runs = yield* rudderstack.runsOf(orders)
    const ended = runs.filter(({ finishedAt }) => finishedAt !== undefined)
    expect(ended[0]).toMatchObject({ rows: { succeeded: 995, failed: 5, total: 1000 } })
    expect(noticed.size).toBeGreaterThan(0.8 * ended.length)
    expect(noticed.size).toBeLessThan(ended.length)
  }),
)
