import { Runs } from "@openretl/core/Runs"
import * as Segment from "@openretl/segment/Segment"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const Ads = Segment.layer({
  name: "ads",
  region: "us",
  token: Redacted.make(process.env["SEGMENT_TOKEN"] ?? ""),
})

const program = Effect.gen(function* () {
  const audience = yield* Segment.syncRef("ads", {
    source: "qQEHquLrjRDN9j1ByrChyn",
    model: "fP7qoQw2HTWt9WdMr718gn",
    subscription: "eoeXaMeAYcB2XvEApJDrQs",
  })
  const { run } = yield* Runs
  const finished = yield* run(audience, { whenRunning: "wait" })
  yield* Console.log(`${finished.run.rows.succeeded} rows delivered by run ${finished.run.ref}`)
}).pipe(Effect.provide(Ads))

await Effect.runPromise(program)
