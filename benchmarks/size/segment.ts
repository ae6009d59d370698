import * as Runs from "@openretl/core/Runs"
import * as Segment from "@openretl/segment/Segment"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"

const program = Effect.gen(function* () {
  const orders = yield* Segment.syncRef("shop", { source: "s1", model: "m1", subscription: "sub1" })
  const { run } = yield* Runs.Runs
  return yield* run(orders, { whenRunning: "wait" })
})

const shop = Segment.layerConfig({
  name: Config.succeed("shop"),
  region: Config.succeed("us"),
  token: Config.Redacted("SEGMENT_TOKEN"),
})

await Effect.runPromise(Effect.provide(program, shop))
