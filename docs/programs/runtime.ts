import * as Ref from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"

const Crm = RudderStack.layerConfig({
  name: "crm",
  region: "us",
  token: Config.Redacted("RUDDERSTACK_TOKEN"),
  defaultScope: "incremental",
})

/** Made once in the process: all calls share its polls, its rate limits and its journal. */
const runtime = ManagedRuntime.make(Crm)

const deliver = Effect.fn("deliver")(function* (text: string) {
  const sync = yield* Ref.parseSync(text)
  const { run } = yield* Runs
  const { verdict } = yield* run(sync, { whenRunning: "adopt", deadline: "2 hours" })
  return `${sync} is ${verdict}`
})

console.log(await runtime.runPromise(deliver("retl1.sync.rudderstack.crm.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa")))
await runtime.dispose()
