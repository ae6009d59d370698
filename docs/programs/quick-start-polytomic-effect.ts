import { Runs } from "@openretl/core/Runs"
import * as Polytomic from "@openretl/polytomic/Polytomic"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const Crm = Polytomic.layer({
  name: "crm",
  token: Redacted.make(process.env["POLYTOMIC_TOKEN"] ?? ""),
  defaultScope: "incremental",
})

const program = Effect.gen(function* () {
  const users = yield* Polytomic.syncRef("crm", { sync: "248df4b7-aa70-47b8-a036-33ac447e668d" })
  const { run } = yield* Runs
  const finished = yield* run(users, { whenRunning: "wait" })
  yield* Console.log(`${finished.run.rows.succeeded} rows delivered by run ${finished.run.ref}`)
}).pipe(Effect.provide(Crm))

await Effect.runPromise(program)
