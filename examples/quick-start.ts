/**
 * One vendor in ten lines: trigger a sync, wait for its run, see how many rows arrived.
 *
 * Run it with `npm run example quick-start`: it meets an emulator in this process. What stands between the two marks is
 * all that a real account needs, with its token in the environment; then `Effect.runPromise(program)` runs it.
 */

const token = process.env["RUDDERSTACK_TOKEN"] ?? "token-of-the-emulator"
process.env["RUDDERSTACK_TOKEN"] = token

// #region quick-start
import { Runs } from "@openretl/core/Runs"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const Crm = RudderStack.layer({
  name: "crm",
  region: "us",
  token: Redacted.make(process.env["RUDDERSTACK_TOKEN"] ?? ""),
  defaultScope: "incremental",
})

const program = Effect.gen(function* () {
  const orders = yield* RudderStack.syncRef("crm", { connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" })
  const { run } = yield* (yield* Runs).run(orders, { whenRunning: "wait" })
  console.log(`${run.rows.succeeded} rows delivered by run ${run.ref}`)
}).pipe(Effect.provide(Crm))

// #endregion

import { Transport } from "@openretl/core/Transport"
import { RudderStackEmulator } from "@openretl/emulator"

const emulated = Effect.gen(function* () {
  const emulator = yield* RudderStackEmulator.make({
    token,
    speed: 60,
    plan: { rows: { succeeded: 12_480 } },
  })
  yield* emulator.addSync({ ids: { connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" } })
  yield* Effect.provideService(program, Transport, emulator.transport)
})

await Effect.runPromise(emulated)
