import { Runs } from "@openretl/core/Runs"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const Crm = RudderStack.layer({
  name: "crm",
  region: "us",
  token: Redacted.make(process.env["RUDDERSTACK_TOKEN"] ?? ""),
  defaultScope: "incremental",
})

const program = Effect.gen(function* () {
  const orders = yield* RudderStack.syncRef("crm", { connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" })
  const { run } = yield* Runs
  const finished = yield* run(orders, { whenRunning: "wait" })
  yield* Console.log(`${finished.run.rows.succeeded} rows delivered by run ${finished.run.ref}`)
}).pipe(Effect.provide(Crm))

await Effect.runPromise(program)
