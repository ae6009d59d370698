/** Many waits at once in a workspace with rate limits: Segment's adapter against its emulator, which enforces them. */
import { RunRef } from "@openretl/core/Ref"
import * as Runs from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import * as Segment from "@openretl/segment/Segment"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import type { Job } from "./history.ts"
import type { FinishedWait } from "./summary.ts"

/** How long all past runs of one round take at the most, in milliseconds. */
const roundMillis = 24 * 3_600_000

/**
 * Waits for one run of each job, each of another sync. Strangers start all runs at once, and have started the past runs
 * before; the workspace has listed these.
 */
export const over = (jobs: ReadonlyArray<Job>) =>
  Effect.gen(function* () {
    const emulator = yield* SegmentEmulator.make()
    const { services } = yield* Segment.workspace({
      name: "bench",
      region: "us",
      token: Redacted.make(emulator.token),
      closeWithin: 0,
    }).pipe(Effect.provideService(Transport, emulator.transport))
    const runs = Context.get(services, Runs.Runs)

    const syncs = yield* Effect.forEach(jobs, (job) =>
      Effect.map(emulator.addSync(), ({ source = "", model = "", subscription = "", ...ids }) => ({
        job,
        ids: { ...ids, source, model, subscription },
      })),
    )
    const rounds = Math.max(...jobs.map(({ past }) => past.length))
    for (let round = 0; round < rounds; round++) {
      for (const { job, ids } of syncs) {
        yield* emulator.triggerAsStranger(ids, { plan: { duration: job.past[round] ?? 0 } })
      }
      yield* TestClock.adjust(roundMillis)
    }
    const list = Effect.forEach(rounds === 0 ? [] : syncs, ({ ids: { source, model, subscription } }) =>
      Effect.flatMap(Segment.syncRef("bench", { source, model, subscription }), (sync) =>
        Stream.runDrain(Stream.take(runs.list(sync), 1)),
      ),
    )
    const listing = yield* Effect.forkChild(Effect.delay(list, 1))
    yield* TestClock.adjust("30 minutes")
    yield* Fiber.join(listing)
    const requestsBefore = (yield* emulator.calls).length

    const waitFor = Effect.fnUntraced(function* ({ job: { length }, ids }: (typeof syncs)[number]) {
      const { source, model, subscription } = ids
      const sync = yield* Segment.syncRef("bench", { source, model, subscription })
      const startedAt = yield* Clock.currentTimeMillis
      const run = yield* emulator.triggerAsStranger(ids, { plan: { duration: length } })
      yield* runs.wait(new RunRef({ sync, run: run ?? "", acceptedAt: DateTime.makeUnsafe(startedAt) }))
      const delay = (yield* Clock.currentTimeMillis) - startedAt - length
      const path = `/reverse-etl-models/${model}/`
      return { length, delay, path }
    })
    const fibers = yield* Effect.forEach(syncs, (sync) => Effect.forkChild(Effect.delay(waitFor(sync), 1)))
    yield* TestClock.adjust("1 day")
    const waits = yield* Fiber.joinAll(fibers)

    const calls = (yield* emulator.calls).slice(requestsBefore)
    const requests = new Map<string, number>()
    for (const { path } of calls) {
      const model = /^\/reverse-etl-models\/[^/]+\//.exec(path)?.[0] ?? ""
      requests.set(model, (requests.get(model) ?? 0) + 1)
    }
    return {
      overLimit: yield* emulator.overLimit,
      waits: waits.map(({ path, ...wait }): FinishedWait => ({ ...wait, requests: requests.get(path) ?? 0 })),
    }
  }).pipe(Effect.scoped, Effect.provideService(References.MinimumLogLevel, "Error"), Effect.provide(TestClock.layer()))
