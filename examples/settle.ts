/**
 * Settles a trigger by hand where no read can show which run is its own.
 *
 * The answer to a trigger is lost, and its sync also has a schedule: the new run may be the schedule's. Core adopts
 * nothing, and sends nothing more: the next trigger of the sync fails in the same way. A person looks at the candidate in
 * the vendor's app, and concludes the entry. Then the sync is free again.
 *
 * Run it with `npm run example settle`. It uses virtual time, so the minutes of looking pass at once.
 */
import type { RunRef, SyncRef } from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import type { TriggerIndeterminate } from "@openretl/core/Trigger"
import { Fault, RudderStackEmulator } from "@openretl/emulator"
import { RudderStack } from "@openretl/rudderstack"
import { Console, Effect, Redacted } from "effect"
import { inVirtualTime } from "./support/virtualTime.ts"

/** Triggers the sync, and returns the error where the trigger may have started a run. */
const nightly = (sync: SyncRef) =>
  Effect.gen(function* () {
    const { trigger } = yield* Runs
    const result = yield* trigger(sync, { whenRunning: "wait" })
    yield* Console.log(`${result._tag}: the trigger went through`)
    return undefined
  }).pipe(
    Effect.catchTag("TriggerIndeterminate", (error) => Effect.as(Console.log(`${error._tag}: ${error.why}`), error)),
  )

// #region settle
/**
 * What a person does: reads the candidates, decides, and concludes the entry. `"not-started"` is the word for a trigger
 * that started no run, `"abandoned"` for one that a person cannot judge either.
 */
const settleByHand = (error: TriggerIndeterminate, isOurs: (run: RunRef) => boolean) =>
  Effect.gen(function* () {
    const { settle } = yield* Runs
    const run = error.candidates.find(isOurs)
    yield* settle(error.entry, run === undefined ? "not-started" : { run })
  })
// #endregion

const program = Effect.gen(function* () {
  const emulator = yield* RudderStackEmulator.make()
  const ids = yield* emulator.addSync({ schedule: { every: "12 hours" } })
  const orders = yield* RudderStack.syncRef("crm", { connection: ids["connection"] ?? "" })
  yield* emulator.addFaults(Fault.lost("start", { commits: true }))
  yield* Effect.gen(function* () {
    const error = yield* nightly(orders)
    yield* nightly(orders)
    if (error === undefined) return
    // The vendor's app shows that the run was started through the API.
    const [ours] = yield* emulator.runsOf(ids)
    yield* settleByHand(error, ({ run }) => run === ours?.id)
    yield* Console.log(`settled by hand: the trigger led to run ${error.candidates[0]?.run}`)
    yield* nightly(orders)
  }).pipe(
    Effect.provide(
      RudderStack.layer({
        name: "crm",
        region: "us",
        token: Redacted.make(emulator.token),
        defaultScope: "incremental",
      }),
    ),
    Effect.provideService(Transport, emulator.transport),
  )
  yield* Console.log(`runs at the vendor: ${(yield* emulator.runsOf(ids)).length}`)
})

await Effect.runPromise(inVirtualTime(program))
