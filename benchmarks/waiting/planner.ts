/** OpenRETL's own waits, on the virtual clock: the code that users run, against a vendor that counts. */

import * as RefFromIds from "@openretl/core/driver/RefFromIds"
import { RunRef } from "@openretl/core/Ref"
import * as Runs from "@openretl/core/Runs"
import * as Workspace from "@openretl/core/Workspace"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { heap } from "../report/heap.ts"
import { randomOf } from "../report/numbers.ts"
import { seed } from "./mix.ts"
import * as VirtualVendor from "./virtualVendor.ts"
import type { Watched } from "./watched.ts"

const desk = Effect.gen(function* () {
  const vendor = VirtualVendor.make()
  const { services } = yield* Workspace.make({ name: "bench", closeWithin: 0 }, vendor.driver)
  const runs = Context.get(services, Runs.Runs)

  /** A run that begins now, as a trigger would hand it out. */
  const begin = Effect.fnUntraced(function* (syncId: string, lasts: number) {
    const run = yield* vendor.begin(syncId, lasts)
    const sync = yield* RefFromIds.sync(vendor.driver.vendor, "bench", { sync: syncId })
    return { run, ref: new RunRef({ sync, run: run.id, acceptedAt: DateTime.makeUnsafe(run.startedAt) }) }
  })
  return { vendor, runs, begin }
})

const onVirtualTime = <A, E>(program: Effect.Effect<A, E, Scope.Scope>) =>
  program.pipe(Effect.scoped, Effect.provide(TestClock.layer()))

/** Begun so, the test clock follows a program across its fibers. */
const begun = <A, E, R>(program: Effect.Effect<A, E, R>, after = 1) => Effect.forkChild(Effect.delay(program, after))

/** One run a sync, at odd times within an hour, each waited for from its start. */
export const over = (lengths: ReadonlyArray<number>) =>
  onVirtualTime(
    Effect.gen(function* () {
      const { runs, begin } = yield* desk
      const random = randomOf(seed + 1)
      const one = Effect.fnUntraced(function* (length: number, index: number) {
        const { run, ref } = yield* begin(`s${index}`, length)
        yield* runs.wait(ref)
        const seenAt = yield* Clock.currentTimeMillis
        return { length, requests: run.reads, delay: seenAt - run.endsAt } satisfies Watched
      })
      const fibers = yield* Effect.forEach(lengths, (length, index) =>
        begun(one(length, index), 1 + Math.floor(random() * 3_600_000)),
      )
      yield* TestClock.adjust("4 hours")
      return yield* Fiber.joinAll(fibers)
    }),
  )

/** The requests for so many runs of one sync that last so long, each with so many waiters. */
export const shared = (shape: { readonly runs: number; readonly waiters: number; readonly lasts: number }) =>
  onVirtualTime(
    Effect.gen(function* () {
      const { vendor, runs, begin } = yield* desk
      const fiber = yield* begun(
        Effect.gen(function* () {
          const begins = yield* Effect.forEach(Array.from({ length: shape.runs }), () => begin("orders", shape.lasts))
          const waits = begins.flatMap(({ ref }) => Array.from({ length: shape.waiters }, () => runs.wait(ref)))
          yield* Effect.all(waits, { concurrency: "unbounded" })
        }),
      )
      yield* TestClock.adjust(shape.lasts + 120_000)
      yield* Fiber.join(fiber)
      return { ...vendor.asked, all: vendor.asked.get + vendor.asked.list }
    }),
  )

/** Bytes of heap that one wait holds while it goes on, the fiber that waits included. */
export const memory = (shape: { readonly waits: number; readonly syncs: number }) =>
  onVirtualTime(
    Effect.gen(function* () {
      const { runs, begin } = yield* desk
      const begins = yield* Effect.forEach(Array.from({ length: shape.waits }), (_, index) =>
        begin(`s${index % shape.syncs}`, 7_200_000),
      )
      const before = heap()
      const fibers = yield* Effect.forEach(begins, ({ ref }, index) => begun(runs.wait(ref), 1 + (index % 2_000)))
      yield* TestClock.adjust("5 seconds")
      const held = heap() - before
      yield* Fiber.interruptAll(fibers)
      return held / shape.waits
    }),
  )
