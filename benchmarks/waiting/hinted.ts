/** Waits in a workspace that expects hints, of which some are lost, doubled or forged, next to what is believed without. */
import { RunRef } from "@openretl/core/Ref"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { randomOf } from "../report/numbers.ts"
import { forkAfter, inVirtualTime, openWorkspace } from "./planner.ts"
import type { FinishedWait } from "./summary.ts"
import * as VirtualVendor from "./virtualVendor.ts"

/** What becomes of hints: the parts of them that are lost, and that come twice. */
export interface Fate {
  readonly lost: number
  readonly doubled: number
}

/** A wait, and whether the hint about its run's end came. */
export interface HintedWait extends FinishedWait {
  readonly wasTold: boolean
}

/** Waits for as many runs of one length, in milliseconds, each of another sync. */
export const over = (count: number, length: number, { lost, doubled }: Fate) =>
  inVirtualTime(
    Effect.gen(function* () {
      const { runs, startRun } = yield* openWorkspace({ hints: "expected" })
      const random = randomOf(11)
      const waitFor = Effect.fnUntraced(function* (index: number) {
        const { run, ref } = yield* startRun(`s${index}`, length)
        const wasTold = random() >= lost
        const times = wasTold ? (random() < doubled ? 2 : 1) : 0
        // A webhook takes a moment.
        const hint = Effect.delay(runs.notice(ref), length + 100 + Math.floor(1_000 * random()))
        const hints = yield* Effect.forkChild(
          Effect.repeat(hint, { times: Math.max(0, times - 1) }).pipe(Effect.when(Effect.succeed(times > 0))),
        )
        yield* runs.wait(ref)
        yield* Fiber.interrupt(hints)
        const seenAt = yield* Clock.currentTimeMillis
        return { length, requests: run.reads, delay: seenAt - run.endsAt, wasTold } satisfies HintedWait
      })
      const fibers = yield* Effect.forEach(Array.from({ length: count }), (_, index) =>
        forkAfter(waitFor(index), 1 + Math.floor(random() * 3_600_000)),
      )
      yield* TestClock.adjust("3 hours")
      return yield* Fiber.joinAll(fibers)
    }),
  )

/** Waits for one run while that many forged hints arrive over its length. Returns the requests, and the outcome. */
export const forged = (hints: number, length: number) =>
  inVirtualTime(
    Effect.gen(function* () {
      const { vendor, runs } = yield* openWorkspace({ hints: "expected" })
      const fiber = yield* forkAfter(
        Effect.gen(function* () {
          const run = yield* vendor.startRun("orders", length)
          const sync = VirtualVendor.syncRef("bench", "orders")
          const ref = new RunRef({ sync, run: run.id, acceptedAt: DateTime.makeUnsafe(run.startedAt) })
          const { verdict } = yield* runs.wait(ref, { policy: { absentCounts: "accept" } })
          return { requests: run.reads, verdict }
        }),
      )
      const sync = VirtualVendor.syncRef("bench", "orders")
      const random = randomOf(13)
      for (let sent = 0; sent < hints; sent++) {
        yield* TestClock.adjust(Math.floor((2 * random() * length) / hints))
        yield* runs.notice(sent % 2 === 0 ? sync : new RunRef({ sync, run: sent % 3 === 0 ? "r1" : `r${sent}` }))
      }
      yield* TestClock.adjust(length)
      return yield* Fiber.join(fiber)
    }),
  )
