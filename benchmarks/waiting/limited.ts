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
import * as TestClock from "effect/testing/TestClock"
import type { FinishedWait } from "./summary.ts"

/** Waits for one run of each length, each of another sync. Strangers start all runs at once. */
export const over = (lengths: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const emulator = yield* SegmentEmulator.make()
    const { services } = yield* Segment.workspace({
      name: "bench",
      region: "us",
      token: Redacted.make(emulator.token),
      closeWithin: 0,
    }).pipe(Effect.provideService(Transport, emulator.transport))
    const runs = Context.get(services, Runs.Runs)

    const waitFor = Effect.fnUntraced(function* (length: number) {
      const { source = "", model = "", subscription = "", ...ids } = yield* emulator.addSync()
      const sync = yield* Segment.syncRef("bench", { source, model, subscription })
      const startedAt = yield* Clock.currentTimeMillis
      const plan = { duration: length }
      const run = yield* emulator.triggerAsStranger({ ...ids, source, model, subscription }, { plan })
      yield* runs.wait(new RunRef({ sync, run: run ?? "", acceptedAt: DateTime.makeUnsafe(startedAt) }))
      const delay = (yield* Clock.currentTimeMillis) - startedAt - length
      const path = `/reverse-etl-models/${model}/`
      return { length, delay, path }
    })
    const fibers = yield* Effect.forEach(lengths, (length) => Effect.forkChild(Effect.delay(waitFor(length), 1)))
    yield* TestClock.adjust("4 hours")
    const waits = yield* Fiber.joinAll(fibers)

    const calls = yield* emulator.calls
    const requests = new Map<string, number>()
    for (const { path } of calls) {
      const model = /^\/reverse-etl-models\/[^/]+\//.exec(path)?.[0] ?? ""
      requests.set(model, (requests.get(model) ?? 0) + 1)
    }
    return {
      overLimit: yield* emulator.overLimit,
      waits: waits.map(({ path, ...wait }): FinishedWait => ({ ...wait, requests: requests.get(path) ?? 0 })),
    }
  }).pipe(Effect.scoped, Effect.provide(TestClock.layer()))
