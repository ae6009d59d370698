import type { SyncRef } from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import * as Effect from "effect/Effect"

export const nightly = Effect.fn("nightly")(
  function* (sync: SyncRef) {
    const { run } = yield* Runs
    const { verdict } = yield* run(sync, { whenRunning: "adopt" })
    return `it is ${verdict}`
  },
  Effect.catchTag("OutcomeRejected", ({ run, verdict }) =>
    Effect.succeed(`${verdict}: ${run.rows.failed} rows failed`),
  ),
  Effect.catchTag("TriggerIndeterminate", ({ guidance }) => Effect.succeed(guidance)),
  Effect.catchReason("RetlError", "NotTriggerable", ({ state }) => Effect.succeed(`the sync is ${state}`)),
)
