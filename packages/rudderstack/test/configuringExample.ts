import { Administration } from "@openretl/core/Administration"
import { Creation } from "@openretl/core/Creation"
import * as Schedule from "@openretl/core/Schedule"
import * as RudderStackAdmin from "@openretl/rudderstack/RudderStackAdmin"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"

const Prod = RudderStackAdmin.layerConfig({
  name: "prod",
  region: "us",
  token: Config.Redacted("RUDDERSTACK_TOKEN"),
  defaultScope: "incremental",
})

export const program = Effect.gen(function* () {
  const { create } = yield* Creation
  const { resume } = yield* Administration
  const sync = yield* create(
    RudderStackAdmin.definition({
      sourceId: "2sOurce0000000000000000000",
      destinationId: "2dEstination000000000000000",
      identifiers: [{ from: "email", to: "user_id" }],
      mappings: [{ from: "name", to: "first_name" }],
      event: { type: "identify" },
      schedule: Schedule.every("1 hour"),
    }),
  )
  yield* resume(sync.ref)
}).pipe(Effect.provide(Prod))
