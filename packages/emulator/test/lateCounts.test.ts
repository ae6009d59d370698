import { describe, expect, it } from "@effect/vitest"
import { SegmentEmulator } from "@openretl/emulator"
import type { RunPlan } from "@openretl/emulator/RunPlan"
import { Cause, Effect } from "effect"
import { TestClock } from "effect/testing"
import { sendTo, vendors } from "./client.ts"

describe.each(vendors)("$name", (vendor) => {
  /** Starts a run of this plan. Returns what reads show of it, and what is true. */
  const started = Effect.fnUntraced(function* (plan: RunPlan) {
    const emulator = yield* vendor.make({})
    const ids = yield* emulator.addSync()
    const run = (yield* emulator.triggerAsStranger(ids, { plan })) ?? ""
    const paths = vendor.paths(emulator)
    const read = Effect.suspend(() => sendTo(emulator, ...paths.get(ids, run)))
    const truth = Effect.map(emulator.runsOf(ids), ([run]) => run)
    return { emulator, run, rows: Effect.map(read, paths.rowsOf), status: Effect.map(read, paths.statusOf), truth }
  })

  it.effect("R2: reads show early counts of an ended run for a while, and then the final ones", () =>
    Effect.gen(function* () {
      const { rows, status, truth } = yield* started({
        duration: "1 minute",
        rows: { succeeded: 90, failed: 10 },
        countsSettleAfter: "30 seconds",
        earlyRows: { succeeded: 70, failed: 4 },
      })
      yield* TestClock.adjust("1 minute")
      const early = yield* status
      expect(yield* rows).toEqual([70, 4])
      const actual = {
        rows: { succeeded: 90, failed: 10, total: 100 },
        ...{ finishedAt: 60_000, countsSettleAt: 90_000 },
      }
      expect(yield* truth).toMatchObject(actual)
      yield* TestClock.adjust(29_999)
      expect(yield* rows).toEqual([70, 4])
      yield* TestClock.adjust(1)
      expect(yield* rows).toEqual([90, 10])
      expect(yield* status).toBe(early)
      yield* TestClock.adjust("1 day")
      expect(yield* rows).toEqual([90, 10])
      expect(yield* truth).toMatchObject(actual)
    }),
  )

  it.effect("R2: without early counts, no row reads as failed until the counts have settled", () =>
    Effect.gen(function* () {
      const { rows } = yield* started({ rows: { succeeded: 9, failed: 1 }, countsSettleAfter: "30 seconds" })
      yield* TestClock.adjust("1 minute")
      expect(yield* rows).toEqual([9, 0])
      yield* TestClock.adjust("30 seconds")
      expect(yield* rows).toEqual([9, 1])
    }),
  )

  it.effect("R2: the counts of a run that was stopped are final at once, and the truth has those of the stop", () =>
    Effect.gen(function* () {
      const { emulator, run, truth } = yield* started({
        duration: "100 seconds",
        rows: { succeeded: 1_000, failed: 100 },
        countsSettleAfter: "1 hour",
      })
      expect(yield* truth).not.toHaveProperty("countsSettleAt")
      yield* TestClock.adjust("45 seconds")
      expect(yield* truth).toMatchObject({ rows: { succeeded: 450, failed: 45, total: 495 } })
      yield* emulator.stopRun(run)
      yield* TestClock.adjust("1 minute")
      expect(yield* truth).toMatchObject({
        rows: { succeeded: 500, failed: 50, total: 550 },
        ...{ stopped: true, countsSettleAt: 50_000 },
      })
    }),
  )

  it.effect.each([
    ["succeeded", { rows: { succeeded: 9 }, earlyRows: { succeeded: 10 } }],
    ["failed", { rows: { succeeded: 9, failed: 1 }, earlyRows: { succeeded: 7, failed: 2 } }],
    ["total", { rows: { succeeded: 9 }, earlyRows: { succeeded: 9, total: 10 } }],
    ["succeeded", { ends: "failed", earlyRows: { succeeded: 1 } }],
  ] satisfies ReadonlyArray<readonly [string, RunPlan]>)(
    "early counts above the final ones are refused: %s",
    ([name, plan]) =>
      Effect.gen(function* () {
        const cause = yield* Effect.flip(Effect.sandbox(started(plan)))
        expect(Cause.pretty(cause)).toContain(`The early rows of a plan have more than the final ${name} rows`)
      }),
  )
})

it.effect("R2: a status of Segment changes with its counts from a success to a partial one", () =>
  Effect.gen(function* () {
    const emulator = yield* SegmentEmulator.make()
    const ids = yield* emulator.addSync()
    const plan = { duration: "1 minute", rows: { succeeded: 9, failed: 1 }, countsSettleAfter: "30 seconds" } as const
    const id = (yield* emulator.triggerAsStranger(ids, { plan })) ?? ""
    const paths = vendors[0].paths()
    const status = Effect.map(
      Effect.suspend(() => sendTo(emulator, ...paths.get(ids, id))),
      paths.statusOf,
    )
    yield* TestClock.adjust("1 minute")
    expect(yield* status).toBe("SUCCESS")
    expect(yield* emulator.runsOf(ids)).toMatchObject([{ status: "SUCCESS", rows: { succeeded: 9, failed: 1 } }])
    yield* TestClock.adjust("30 seconds")
    expect(yield* status).toBe("PARTIAL_SUCCESS")
  }),
)
