/**
 * One vendor in promises: trigger a sync, wait for its run, print how many rows were delivered.
 *
 * Run it with `npm run example quick-start`: `fetch` reaches an emulator in this process. A real account needs only the code
 * between the two marks, and its token in the environment.
 */
import { RudderStackEmulator } from "@openretl/emulator"
import { handlers } from "@openretl/emulator/MswHandlers"
import { Effect } from "effect"
import { setupServer } from "msw/node"

const token = process.env["RUDDERSTACK_TOKEN"] ?? "token-of-the-emulator"
process.env["RUDDERSTACK_TOKEN"] = token

const emulator = await Effect.runPromise(
  RudderStackEmulator.make({ token, speed: 60, plan: { rows: { succeeded: 12_480 } } }),
)
await Effect.runPromise(emulator.addSync({ ids: { connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" } }))
setupServer(...handlers(emulator)).listen()

// #region quick-start
import * as RudderStack from "@openretl/rudderstack/RudderStack"

const crm = await RudderStack.open({
  name: "crm",
  region: "us",
  token: process.env["RUDDERSTACK_TOKEN"] ?? "",
  defaultScope: "incremental",
})

try {
  const orders = crm.syncRef({ connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" })
  const { run } = await crm.run(orders, { whenRunning: "wait" })
  console.log(`${run.rows.succeeded} rows delivered by run ${run.ref}`)
} catch (error) {
  console.error(error) // what failed, its code, and what to do
  process.exitCode = 1
} finally {
  await crm.close()
}
// #endregion
