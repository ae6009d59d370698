import { Runs } from "@openretl/core/Runs"
import * as FivetranActivations from "@openretl/fivetran-activations/FivetranActivations"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const Marketing = FivetranActivations.layer({
  name: "marketing",
  token: Redacted.make(process.env["FIVETRAN_ACTIVATIONS_TOKEN"] ?? ""),
  defaultScope: "incremental",
})

const program = Effect.gen(function* () {
  const customers = yield* FivetranActivations.syncRef("marketing", { sync: "3167956" })
  const { run } = yield* Runs
  const finished = yield* run(customers, { whenRunning: "wait" })
  yield* Console.log(`${finished.run.rows.succeeded} rows delivered by run ${finished.run.ref}`)
}).pipe(Effect.provide(Marketing))

await Effect.runPromise(program)
