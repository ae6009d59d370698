import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { RudderStack } from "@openretl/rudderstack"
import { expect, it } from "@effect/vitest"
import { Effect, Redacted, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Runs } from "../src/Runs.ts"
import { Transport } from "../src/Transport.ts"

it.effect("smoke", () =>
  Effect.gen(function* () {
    const emulator = yield* RudderStackEmulator.make()
    const ids = yield* emulator.addSync()
    const sync = yield* RudderStack.syncRef("us", { connection: ids["connection"]! })
    const layer = RudderStack.layer({ name: "us", region: "us", token: Redacted.make(emulator.token), defaultScope: "incremental" })
    yield* Effect.gen(function* () {
      const runs = yield* Runs
      const fiber = yield* Effect.forkChild(runs.run(sync, { whenRunning: "fail" }))
      yield* TestClock.adjust("5 minutes")
      const done = yield* Fiber.join(fiber)
      expect(done.verdict).toBe("complete")
      const all = yield* Stream.runCollect(runs.list(sync))
      expect(all.length).toBe(1)
      console.log(JSON.stringify(yield* emulator.calls, null, 1).slice(0, 3000), String(done.run.ref))
    }).pipe(Effect.provide(layer), Effect.provideService(Transport, emulator.transport))
  }))
