import * as Administration from "@openretl/core/Administration"
import * as Catalog from "@openretl/core/Catalog"
import * as ZeotapAdmin from "@openretl/zeotap/ZeotapAdmin"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

const program = Effect.gen(function* () {
  const { list } = yield* Catalog.Catalog
  const { pause } = yield* Administration.Administration
  return yield* Stream.runForEach(list, ({ ref }) => pause(ref))
})

const shop = ZeotapAdmin.layerConfig({
  name: Config.succeed("shop"),
  workspaceId: Config.String("ZEOTAP_WORKSPACE_ID"),
  token: Config.Redacted("ZEOTAP_TOKEN"),
})

await Effect.runPromise(Effect.provide(program, shop))
