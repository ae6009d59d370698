import * as Administration from "@openretl/core/Administration"
import * as Catalog from "@openretl/core/Catalog"
import * as RudderStackAdmin from "@openretl/rudderstack/RudderStackAdmin"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

const program = Effect.gen(function* () {
  const { list } = yield* Catalog.Catalog
  const { pause } = yield* Administration.Administration
  return yield* Stream.runForEach(list, ({ ref }) => pause(ref))
})

const shop = RudderStackAdmin.layerConfig({
  name: Config.succeed("shop"),
  region: Config.succeed("us"),
  defaultScope: Config.succeed("incremental"),
  token: Config.Redacted("RUDDERSTACK_TOKEN"),
})

await Effect.runPromise(Effect.provide(program, shop))
