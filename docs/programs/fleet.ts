import { Cancellation } from "@openretl/core/Cancellation"
import { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as Fleet from "@openretl/core/Fleet"
import * as Ref from "@openretl/core/Ref"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as Zeotap from "@openretl/zeotap/Zeotap"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const program = Effect.gen(function* () {
  const fleet = yield* Fleet.make({
    crm: yield* RudderStack.workspace({
      name: "crm",
      region: "us",
      token: Redacted.make(process.env["RUDDERSTACK_TOKEN"] ?? ""),
      defaultScope: "incremental",
    }),
    app: yield* Zeotap.workspace({
      name: "app",
      workspaceId: "660e8400-e29b-41d4-a716-446655440000",
      token: Redacted.make(process.env["ZEOTAP_TOKEN"] ?? ""),
    }),
  })

  // A program that needs only what all these vendors have runs against each workspace.
  const access = yield* fleet.each(Effect.flatMap(CurrentWorkspace, ({ check }) => check()))
  yield* Console.log(`crm: ${access.crm._tag}, app: ${access.app._tag}`)

  // An operation finds its workspace by the ref. Where the vendor cannot do it, it fails with `Unsupported`.
  for (const text of [
    "retl1.sync.rudderstack.crm.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa",
    "retl1.sync.zeotap.app.sync.550e8400-e29b-41d4-a716-446655440000",
  ]) {
    const sync = yield* Ref.parseSync(text)
    const triggered = yield* fleet.trigger(sync, { whenRunning: "fail" })
    if (triggered._tag !== "Started") continue
    if (fleet.supports(sync, Cancellation)) yield* fleet.cancel(triggered.run, { confirmWithin: "5 minutes" })
    const { verdict } = yield* fleet.wait(triggered.run, { deadline: "2 hours" })
    yield* Console.log(`${sync}: ${verdict}`)
  }
})

await Effect.runPromise(Effect.scoped(program))
