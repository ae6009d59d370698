/** Look-ups of lost triggers where the sync has had many runs before. */
import { describe, expect, it } from "@effect/vitest"
import { Runs } from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import * as Fault from "@openretl/emulator/Fault"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { Context, Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import * as RudderStack from "../src/RudderStack.ts"

const orders = ["newest-first", "oldest-first"] as const
/** A page has at most 100 runs. */
const lengths = [1, 19, 20, 50, 120] as const

const setup = Effect.fnUntraced(function* (runs: number, listOrder: (typeof orders)[number]) {
  yield* TestClock.setTime(Date.UTC(2026, 8, 20, 10))
  const emulator = yield* RudderStackEmulator.make({ plan: { duration: "1 second" }, switches: { listOrder } })
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
  }).pipe(Effect.provideService(Transport, emulator.transport))
  const sync = yield* RudderStack.syncRef("crm", { connection: String(ids["connection"]) })
  const trigger = Effect.gen(function* () {
    const runs = Context.get(services, Runs)
    const fiber = yield* Effect.forkChild(Effect.result(runs.trigger(sync, { whenRunning: "fail" })))
    yield* TestClock.adjust("20 minutes")
    return yield* Fiber.join(fiber)
  })
  return { emulator, ids, trigger }
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
