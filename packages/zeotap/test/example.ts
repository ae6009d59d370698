import { Runs } from "@openretl/core/Runs"
import * as Zeotap from "@openretl/zeotap/Zeotap"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const Prod = Zeotap.layer({
  name: "prod",
  workspaceId: "660e8400-e29b-41d4-a716-446655440000",
  token: Redacted.make(process.env["ZEOTAP_TOKEN"] ?? ""),
})

export const syncCustomers = Effect.gen(function* () {
  const runs = yield* Runs
  const sync = yield* Zeotap.syncRef("prod", { sync: "550e8400-e29b-41d4-a716-446655440000" })
  // Triggers once and waits for the end; fails unless every row got through.
  const { run, verdict } = yield* runs.run(sync, { whenRunning: "wait" })
  return `${verdict}: ${run.rows.succeeded} rows`
}).pipe(Effect.provide(Prod))
