/**
 * Waits for runs of syncs whose past runs tell when one is likely to end: each run is triggered, so that the trigger has
 * read the past runs.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as References from "effect/References"
import * as TestClock from "effect/testing/TestClock"
import { randomOf } from "../report/numbers.ts"
import { forkAfter, inVirtualTime, openWorkspace } from "./planner.ts"
import type { FinishedWait } from "./summary.ts"
import * as VirtualVendor from "./virtualVendor.ts"

/** A run to wait for, and how long the past runs of its sync took: all in milliseconds. */
export interface Job {
  readonly length: number
  readonly past: ReadonlyArray<number>
}

/** What the lengths of a workload are like. */
export interface Shape {
  readonly jobs: number
  /** The standard deviation of the logarithms of the lengths of one sync. */
  readonly sigma: number
  /** How many past runs a sync has. */
  readonly past: number
}

/**
 * Returns runs of syncs whose usual lengths are spread evenly over doublings, from 30 seconds to 2 hours. One run in twenty
 * takes 3 to 6 times longer, of the past ones too. The same shape gives the same runs.
 */
export const jobs = ({ jobs, sigma, past }: Shape): ReadonlyArray<Job> => {
  const random = randomOf(20_261_128)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Array.from({ length: jobs }, (_, index) => {
    const usual = 30_000 * 240 ** random()
    const lengthOf = (isSlow: boolean) =>
      Math.round(usual * Math.exp(sigma * normal()) * (isSlow ? 3 + 3 * random() : 1))
    return {
      past: Array.from({ length: past }, () => lengthOf(random() < 0.05)),
      length: lengthOf(index % 20 === 19),
    }
  })
}

/** How a wait may fail, which none does. */
export type Failure = Effect.Error<ReturnType<typeof over>>

/** Waits for the runs, each of another sync. They start at random times within an hour. */
export const over = (jobs: ReadonlyArray<Job>, lookCost: number) =>
  inVirtualTime(
    Effect.gen(function* () {
      const { vendor, runs } = yield* openWorkspace({ lookCost: `${lookCost} seconds` })
      const random = randomOf(7)
      const waitFor = Effect.fnUntraced(function* ({ length, past }: Job, index: number) {
        const sync = `s${index}`
        yield* vendor.addPast(sync, past)
        vendor.planRun(sync, length)
        const { run } = yield* runs.run(VirtualVendor.syncRef("bench", sync), {
          whenRunning: "fail",
          deadline: "3 days",
          policy: { absentCounts: "accept" },
        })
        const seenAt = yield* Clock.currentTimeMillis
        const { reads = 0, endsAt = 0 } = vendor.runOf(sync, run.ref.run) ?? {}
        return { length, requests: reads, delay: seenAt - endsAt } satisfies FinishedWait
      })
      const fibers = yield* Effect.forEach(jobs, (job, index) =>
        forkAfter(waitFor(job, index), 1 + Math.floor(random() * 3_600_000)),
      )
      yield* TestClock.adjust("2 days")
      return yield* Fiber.joinAll(fibers)
    }).pipe(Effect.provideService(References.MinimumLogLevel, "Error")),
  )
