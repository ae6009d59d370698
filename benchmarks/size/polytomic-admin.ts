import * as Administration from "@openretl/core/Administration"
import * as Catalog from "@openretl/core/Catalog"
import * as PolytomicAdmin from "@openretl/polytomic/PolytomicAdmin"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

const program = Effect.gen(function* () {
  const { list } = yield* Catalog.Catalog
  const { pause } = yield* Administration.Administration
  return yield* Stream.runForEach(list, ({ ref }) => pause(ref))
})

const shop = PolytomicAdmin.layerConfig({
  name: Config.succeed("shop"),
  defaultScope: Config.succeed("incremental" as const),
  token: Config.Redacted("POLYTOMIC_TOKEN"),
})

await Effect.runPromise(Effect.provide(program, shop))
