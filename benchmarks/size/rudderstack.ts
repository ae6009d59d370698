import * as Runs from "@openretl/core/Runs"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"

const program = Effect.gen(function* () {
  const orders = yield* RudderStack.syncRef("shop", { connection: "c1" })
  const { run } = yield* Runs.Runs
  return yield* run(orders, { whenRunning: "wait" })
})

const shop = RudderStack.layerConfig({
  name: Config.succeed("shop"),
  region: Config.succeed("us"),
  defaultScope: Config.succeed("incremental"),
  token: Config.Redacted("RUDDERSTACK_TOKEN"),
})

await Effect.runPromise(Effect.provide(program, shop))
