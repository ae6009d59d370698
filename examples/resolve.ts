/**
 * Resolves a trigger of which nobody knows whether it started a run.
 *
 * The answer to a trigger is lost, and then the vendor cannot be read for a while, so that looking does not help either.
 * Nothing is sent a second time: the trigger ends as `TriggerIndeterminate` and carries an intent, one line of JSON to be
 * stored. Later, in any process, `resolve` finds out what became of it.
 *
 * Run it with `npm run example resolve`. The minutes for which core looks pass at once.
 */

import { Runs } from "@openretl/core/Runs"
import * as Intent from "@openretl/core/schema/Intent"
import { Transport } from "@openretl/core/Transport"
import { Fault, RudderStackEmulator } from "@openretl/emulator"
import { RudderStack } from "@openretl/rudderstack"
import { Console, Effect, Redacted } from "effect"
import { virtually } from "./support/virtualTime.ts"

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
    // The first list is the look before the trigger; from then on, none can be read.
    Fault.gatewayPage("list", { after: 1, times: Number.POSITIVE_INFINITY }),
  )
  const stored = yield* Effect.gen(function* () {
    const runs = yield* Runs
    return yield* runs.trigger(invoices, { whenRunning: "fail" }).pipe(
      Effect.as(undefined),
      Effect.catchTag("TriggerIndeterminate", (error) =>
        Effect.as(Console.log(`${error.message}\n${error.guidance}`), Intent.format(error.intent)),
      ),
    )
  }).pipe(Effect.provide(Erp), Effect.provideService(Transport, emulator.transport))
  if (stored === undefined) return
  yield* Console.log(`stored: ${stored.slice(0, 60)}...`)

  // Later, and in another process: all that is left of the first is the line that was stored.
  yield* emulator.clearFaults
  const resolution = yield* Effect.gen(function* () {
    return yield* (yield* Runs).resolve(yield* Intent.parse(stored))
  }).pipe(Effect.provide(Erp), Effect.provideService(Transport, emulator.transport))
  switch (resolution._tag) {
    case "Started":
      yield* Console.log(`it was started: ${resolution.run}`)
      break
    case "NotStarted":
      yield* Console.log(`it was not started, so it may be triggered again: ${resolution.evidence}`)
      break
    case "Ambiguous":
      yield* Console.log(`for a person to judge: ${resolution.why}`)
  }
  yield* Console.log(`runs at the vendor: ${(yield* emulator.runsOf({ connection })).length}`)
})

await Effect.runPromise(virtually(program))
