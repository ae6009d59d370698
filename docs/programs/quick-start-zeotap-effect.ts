import { Runs } from "@openretl/core/Runs"
import * as Zeotap from "@openretl/zeotap/Zeotap"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const App = Zeotap.layer({
  name: "app",
  workspaceId: "660e8400-e29b-41d4-a716-446655440000",
  token: Redacted.make(process.env["ZEOTAP_TOKEN"] ?? ""),
})

const program = Effect.gen(function* () {
  const customers = yield* Zeotap.syncRef("app", { sync: "550e8400-e29b-41d4-a716-446655440000" })
  const { run } = yield* Runs
  const finished = yield* run(customers, { whenRunning: "wait" })
  yield* Console.log(`${finished.run.rows.succeeded} rows delivered by run ${finished.run.ref}`)
}).pipe(Effect.provide(App))

await Effect.runPromise(program)
