import { Runs } from "@openretl/core"
import { Zeotap } from "@openretl/zeotap"
import { Config, Effect } from "effect"

const Prod = Zeotap.layerConfig({
  name: Config.succeed("prod"),
  workspaceId: Config.String("ZEOTAP_WORKSPACE_ID"),
  token: Config.Redacted("ZEOTAP_TOKEN"),
})

export const syncCustomers = Effect.gen(function* () {
  const runs = yield* Runs.Runs
  const sync = yield* Zeotap.syncRef("prod", { sync: "550e8400-e29b-41d4-a716-446655440000" })
  // Triggers once and waits for the end; fails unless every row got through.
  const { run, verdict } = yield* runs.run(sync, { whenRunning: "wait" })
  return `${verdict}: ${run.rows.succeeded} rows`
}).pipe(Effect.provide(Prod))
