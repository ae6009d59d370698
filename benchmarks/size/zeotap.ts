import * as Runs from "@openretl/core/Runs"
import * as Zeotap from "@openretl/zeotap/Zeotap"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"

const program = Effect.gen(function* () {
  const orders = yield* Zeotap.syncRef("shop", { sync: "s1" })
  const { run } = yield* Runs.Runs
  return yield* run(orders, { whenRunning: "wait" })
})

const shop = Zeotap.layerConfig({
  name: Config.succeed("shop"),
  workspaceId: Config.String("ZEOTAP_WORKSPACE_ID"),
  token: Config.Redacted("ZEOTAP_TOKEN"),
})

await Effect.runPromise(Effect.provide(program, shop))
