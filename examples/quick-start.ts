/**
 * One vendor in ten lines: trigger a sync, wait for its run, see how many rows arrived.
 *
 * Run it with `npm run example quick-start`: it meets an emulator in this process. What
 * stands between the two marks is all that a real account needs, with its region and token in the environment; then
 * `Effect.runPromise(program)` runs it.
 */

// #region quick-start
import { Runs } from "@openretl/core/Runs"
import { RudderStack } from "@openretl/rudderstack"
import { Config, Effect } from "effect"

const Crm = RudderStack.layerConfig({
  name: Config.succeed("crm"),
  region: Config.Literals(["us", "eu"], "RUDDERSTACK_REGION"),
  token: Config.Redacted("RUDDERSTACK_TOKEN"),
  defaultScope: Config.succeed("incremental"),
})

const program = Effect.gen(function* () {
  const orders = yield* RudderStack.syncRef("crm", { connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" })
  const { run } = yield* (yield* Runs).run(orders, { whenRunning: "wait" })
  console.log(`${run.rows.succeeded} rows delivered by run ${run.ref}`)
}).pipe(Effect.provide(Crm))

// #endregion

import { Transport } from "@openretl/core/Transport"
import { RudderStackEmulator } from "@openretl/emulator"
import { ConfigProvider } from "effect"

const emulated = Effect.gen(function* () {
  const emulator = yield* RudderStackEmulator.make({ speed: 60, plan: { rows: { succeeded: 12_480 } } })
  yield* emulator.addSync({ ids: { connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" } })
  const env = { RUDDERSTACK_REGION: "us", RUDDERSTACK_TOKEN: emulator.token }
  yield* program.pipe(
    Effect.provideService(Transport, emulator.transport),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env })),
  )
})

await Effect.runPromise(emulated)
