import { Runs } from "@openretl/core/Runs"
import * as Hightouch from "@openretl/hightouch/Hightouch"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const Marketing = Hightouch.layer({
  name: "marketing",
  token: Redacted.make(process.env["HIGHTOUCH_TOKEN"] ?? ""),
  defaultScope: "incremental",
})

const program = Effect.gen(function* () {
  const customers = yield* Hightouch.syncRef("marketing", { sync: "482915" })
  const { run } = yield* Runs
  const finished = yield* run(customers, { whenRunning: "wait" })
  yield* Console.log(`${finished.run.rows.succeeded} rows delivered by run ${finished.run.ref}`)
}).pipe(Effect.provide(Marketing))

await Effect.runPromise(program)
