/** The waits of OpenRETL on the virtual clock: the code that users run, against a vendor that counts requests. */
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
import { heapAfterCollection } from "../report/heap.ts"
import { randomOf } from "../report/numbers.ts"
import { seed } from "./runLengths.ts"
import type { FinishedWait } from "./summary.ts"
import * as VirtualVendor from "./virtualVendor.ts"

/** Opens a workspace of the virtual vendor. */
export const openWorkspace = Effect.fnUntraced(function* (options: Partial<Workspace.MakeOptions> = {}) {
  const vendor = VirtualVendor.make()
  const { services } = yield* Workspace.make({ name: "bench", closeWithin: 0, ...options }, vendor.driver)
  const runs = Context.get(services, Runs.Runs)

  /** Starts a run and returns its ref as a trigger would. */
  const startRun = Effect.fnUntraced(function* (syncId: string, duration: number) {
    const run = yield* vendor.startRun(syncId, duration)
    const sync = VirtualVendor.syncRef("bench", syncId)
    return { run, ref: new RunRef({ sync, run: run.id, acceptedAt: DateTime.makeUnsafe(run.startedAt) }) }
  })
  return { vendor, runs, startRun }
})

export const inVirtualTime = <A, E>(program: Effect.Effect<A, E, Scope.Scope>) =>
  program.pipe(Effect.scoped, Effect.provide(TestClock.layer()))

/** Forks a program behind a sleep of `after` milliseconds: the test clock waits only for fibers that it woke. */
export const forkAfter = <A, E, R>(program: Effect.Effect<A, E, R>, after = 1) =>
  Effect.forkChild(Effect.delay(program, after))

/** Waits for one run of each length, each of another sync. The runs start at random times within an hour. */
export const over = (lengths: ReadonlyArray<number>) =>
  inVirtualTime(
    Effect.gen(function* () {
      const { runs, startRun } = yield* openWorkspace()
      const random = randomOf(seed + 1)
      const waitFor = Effect.fnUntraced(function* (length: number, index: number) {
        const { run, ref } = yield* startRun(`s${index}`, length)
        yield* runs.wait(ref)
        const seenAt = yield* Clock.currentTimeMillis
        return { length, requests: run.reads, delay: seenAt - run.endsAt } satisfies FinishedWait
      })
      const fibers = yield* Effect.forEach(lengths, (length, index) =>
        forkAfter(waitFor(length, index), 1 + Math.floor(random() * 3_600_000)),
      )
      yield* TestClock.adjust("4 hours")
      return yield* Fiber.joinAll(fibers)
    }),
  )

/** Returns the requests for `runs` runs of one sync, each `duration` milliseconds long and with `waiters` waiters. */
export const shared = (shape: { readonly runs: number; readonly waiters: number; readonly duration: number }) =>
  inVirtualTime(
    Effect.gen(function* () {
      const { vendor, runs, startRun } = yield* openWorkspace()
      const fiber = yield* forkAfter(
        Effect.gen(function* () {
          const started = yield* Effect.forEach(Array.from({ length: shape.runs }), () =>
            startRun("orders", shape.duration),
          )
          const waits = started.flatMap(({ ref }) => Array.from({ length: shape.waiters }, () => runs.wait(ref)))
          yield* Effect.all(waits, { concurrency: "unbounded" })
        }),
      )
      yield* TestClock.adjust(shape.duration + 120_000)
      yield* Fiber.join(fiber)
      const { get, list } = vendor.requests
      return { get, list, all: get + list }
    }),
  )

/** Returns the bytes of heap per open wait, including the fiber that waits. */
export const memory = (shape: { readonly waits: number; readonly syncs: number }) =>
  inVirtualTime(
    Effect.gen(function* () {
      const { runs, startRun } = yield* openWorkspace()
      const started = yield* Effect.forEach(Array.from({ length: shape.waits }), (_, index) =>
        startRun(`s${index % shape.syncs}`, 7_200_000),
      )
      const before = heapAfterCollection()
      const fibers = yield* Effect.forEach(started, ({ ref }, index) => forkAfter(runs.wait(ref), 1 + (index % 2_000)))
      yield* TestClock.adjust("5 seconds")
      const growth = heapAfterCollection() - before
      yield* Fiber.interruptAll(fibers)
      return growth / shape.waits
    }),
  )
