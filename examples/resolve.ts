/**
 * Resolves a trigger that may or may not have started a run.
 *
 * The answer to a trigger is lost, and the vendor then fails every read for a while, so core cannot look up the run. Core
 * does not send the trigger again: it fails with `TriggerIndeterminate`, and the journal keeps the entry. Later, in any
 * process that shares the journal, `resolve` finds out whether the trigger started a run.
 *
 * Run it with `npm run example resolve`. It uses virtual time, so the minutes of looking pass at once, and the journal in
 * memory, which the two workspaces of this process share.
 */

import { Runs } from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import { Fault, RudderStackEmulator } from "@openretl/emulator"
import { RudderStack } from "@openretl/rudderstack"
import { Console, Effect, Redacted } from "effect"
import { inVirtualTime } from "./support/virtualTime.ts"

const program = Effect.gen(function* () {
  const emulator = yield* RudderStackEmulator.make()
  const { connection = "" } = yield* emulator.addSync()
  const invoices = yield* RudderStack.syncRef("erp", { connection })
  const Erp = RudderStack.layer({
    name: "erp",
    region: "us",
    token: Redacted.make(emulator.token),
    defaultScope: "incremental",
  })

  yield* emulator.addFaults(
    Fault.lost("start", { commits: true }),
    // The first list is the fence, read before the trigger. Every later list fails.
    Fault.gatewayPage("list", { after: 1, times: Number.POSITIVE_INFINITY }),
  )
  const failed = yield* Effect.gen(function* () {
    return yield* (yield* Runs).trigger(invoices, { whenRunning: "fail" })
  }).pipe(Effect.flip, Effect.provide(Erp), Effect.provideService(Transport, emulator.transport))
  yield* Console.log(failed.message)

  // This may be another process: it needs nothing but the journal.
  yield* emulator.clearFaults
  const resolution = yield* Effect.gen(function* () {
    const { pending, resolve } = yield* Runs
    for (const { entry } of yield* pending) if (entry.kind === "trigger") return yield* resolve(entry)
    return yield* Effect.die("the journal has the entry")
  }).pipe(Effect.provide(Erp), Effect.provideService(Transport, emulator.transport))
  switch (resolution._tag) {
    case "Started":
      yield* Console.log(`the trigger started a run: ${resolution.run}`)
      break
    case "NotStarted":
      yield* Console.log(`the trigger started no run, so you may trigger again: ${resolution.evidence}`)
      break
    case "Ambiguous":
      yield* Console.log(`a person has to settle it, as settle.ts shows: ${resolution.why}`)
  }
  yield* Console.log(`runs at the vendor: ${(yield* emulator.runsOf({ connection })).length}`)
})

await Effect.runPromise(inVirtualTime(program))
