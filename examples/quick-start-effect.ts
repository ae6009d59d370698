/**
 * One vendor with Effect: trigger a sync, wait for its run, print how many rows were delivered.
 *
 * Run it with `npm run example quick-start-effect`: it runs against an emulator in this process. A real account needs only
 * the code between the two marks, its token in the environment, and `Effect.runPromise(program)`.
 */

const token = process.env["RUDDERSTACK_TOKEN"] ?? "token-of-the-emulator"
process.env["RUDDERSTACK_TOKEN"] = token

// #region quick-start-effect
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

const main = Effect.gen(function* () {
  const emulator = yield* RudderStackEmulator.make({
    token,
    speed: 60,
    plan: { rows: { succeeded: 12_480 } },
  })
  yield* emulator.addSync({ ids: { connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" } })
  yield* Effect.provideService(program, Transport, emulator.transport)
})

await Effect.runPromise(main)
