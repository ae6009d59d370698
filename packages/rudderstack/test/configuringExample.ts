import { Administration } from "@openretl/core/Administration"
import * as Schedule from "@openretl/core/Schedule"
import { RudderStackAdmin } from "@openretl/rudderstack"
import { Config, Effect } from "effect"

const Prod = RudderStackAdmin.layerConfig({
  name: Config.succeed("prod-eu"),
  region: Config.Literals(["us", "eu"], "RUDDERSTACK_REGION"),
  token: Config.Redacted("RUDDERSTACK_TOKEN"),
  defaultScope: Config.succeed("incremental"),
})

export const program = Effect.gen(function* () {
  const { create, resume } = yield* Administration
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
