/** Look-ups of lost triggers where the sync has had many runs before. */
import { describe, expect, it } from "@effect/vitest"
import { Runs } from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import * as Fault from "@openretl/emulator/Fault"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { Context, Effect, Fiber, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as RudderStack from "../src/RudderStack.ts"

const orders = ["newest-first", "oldest-first"] as const
/** A page has at most 100 runs. */
const lengths = [1, 19, 20, 50, 120] as const

type Settings = NonNullable<RudderStackEmulator.Options["switches"]>

const setup = Effect.fnUntraced(function* (
  runs: number,
  listOrder: (typeof orders)[number],
  switches: Settings = {},
  pageSize?: number,
) {
  yield* TestClock.setTime(Date.UTC(2026, 8, 20, 10))
  const emulator = yield* RudderStackEmulator.make({
    plan: { duration: "1 second" },
    switches: { ...switches, listOrder },
  })
  const ids = yield* emulator.addSync()
  for (let count = 0; count < runs; count++) {
    yield* emulator.triggerAsStranger(ids)
    yield* TestClock.adjust("1 minute")
  }
  const { services } = yield* RudderStack.workspace({
    name: "crm",
    region: "us",
    baseUrl: emulator.baseUrl,
    token: Redacted.make(emulator.token),
    defaultScope: "incremental",
    ...(pageSize !== undefined && { pageSize }),
  }).pipe(Effect.provideService(Transport, emulator.transport))
  const sync = yield* RudderStack.syncRef("crm", { connection: String(ids["connection"]) })
  const trigger = Effect.gen(function* () {
    const runs = Context.get(services, Runs)
    const fiber = yield* Effect.forkChild(Effect.result(runs.trigger(sync, { whenRunning: "fail" })))
    yield* TestClock.adjust("20 minutes")
    return yield* Fiber.join(fiber)
  })
  const list = Stream.runCollect(Context.get(services, Runs).list(sync))
  return { emulator, ids, trigger, list }
})

describe("a list without `paging`, whose pages are smaller than requested", () => {
  const cases = orders.flatMap((order) =>
    (["empty", "404", "last-page"] as const).flatMap((pageOutOfRange) =>
      (["20", "50"] as const).flatMap((perPageMost) =>
        [1, 7, 20, 25, 50, 120].map((length) => [length, order, pageOutOfRange, perPageMost] as const),
      ),
    ),
  )
  it.effect.each(cases)(
    "L1, T5: of %d runs, %s, with a page out of range %s and at most %s a page, shows all or fails",
    ([length, order, pageOutOfRange, perPageMost]) =>
      Effect.gen(function* () {
        const switches = { pagingObject: "absent", pageOutOfRange, perPageMost } as const
        const { emulator, ids, list, trigger } = yield* setup(length, order, switches)
        const result = yield* Effect.result(list)
        if (result._tag === "Success") expect(result.success).toHaveLength(length)
        else {
          // One page that comes again, of a size that pages usually have: the vendor may not heed the number.
          expect([pageOutOfRange, length]).toEqual(["last-page", expect.toBeOneOf([20, 25, 50])])
          expect(result.failure.reason._tag).toBe("UnexpectedResponse")
        }
        yield* emulator.script(ids, [{ duration: "10 hours" }])
        yield* emulator.triggerAsStranger(ids)
        expect(yield* trigger).toMatchObject({ failure: { reason: { _tag: "AlreadyRunning" } } })
      }).pipe(Effect.scoped),
  )

  it.effect("L1: the option `pageSize` sizes the pages", () =>
    Effect.gen(function* () {
      const { emulator, list } = yield* setup(25, "newest-first", {}, 10)
      yield* emulator.clearCalls
      expect(yield* list).toHaveLength(25)
      expect((yield* emulator.calls).map(({ query }) => query["per_page"])).toEqual(["10", "10", "10"])
    }).pipe(Effect.scoped),
  )
})

describe.each(orders)("a list that is %s", (order) => {
  it.effect.each(lengths)("T3: a lost answer after %d runs is settled: its run is found, or there is none", (length) =>
    Effect.gen(function* () {
      for (const commits of [true, false]) {
        const { emulator, ids, trigger } = yield* setup(length, order)
        yield* emulator.addFaults(Fault.lost("start", { commits }))
        const result = yield* trigger
        const last = (yield* emulator.runsOf(ids)).find(({ origin }) => origin === "call")
        expect(result).toMatchObject(
          commits
            ? { success: { _tag: "Adopted", because: "lost-answer", run: { run: last?.id } } }
            : { failure: { _tag: "RetlError", delivery: "refused" } },
        )
      }
    }).pipe(Effect.scoped),
  )
})
