/**
 * Creates a sync, gives it a schedule, enables it, and lists it from the catalog. A new sync is disabled and manual.
 *
 * Run it with `npm run example configure`: it runs against an emulator in this process. A real account needs only the code
 * between the two marks.
 */

// #region configure
import { Administration } from "@openretl/core/Administration"
import { Catalog } from "@openretl/core/Catalog"
import { Creation } from "@openretl/core/Creation"
import * as Schedule from "@openretl/core/Schedule"
import * as RudderStackAdmin from "@openretl/rudderstack/RudderStackAdmin"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

// Provides what `RudderStack.layerConfig` provides, and also `Catalog`, `Administration`, `Creation` and `Deletion`.
const Crm = RudderStackAdmin.layerConfig({
  name: "crm",
  region: "us",
  token: Config.Redacted("RUDDERSTACK_TOKEN"),
  defaultScope: "incremental",
})

const program = Effect.gen(function* () {
  const { create } = yield* Creation
  const { setSchedule, resume } = yield* Administration
  const orders = yield* create(
    RudderStackAdmin.definition({
      sourceId: "2hkeBOp0lGJpMPyur0oXUxxIDhw",
      destinationId: "2hkeC1QDFyKwl7bXEnGvqYbLXfE",
      identifiers: [{ from: "email", to: "user_id" }],
      mappings: [{ from: "total", to: "last_order_total" }],
      event: { type: "identify" },
    }),
  )
  console.log(`created: ${orders.ref} is ${orders.state}`)
  yield* setSchedule(orders.ref, Schedule.every("6 hours"))
  yield* resume(orders.ref)

  const { list } = yield* Catalog
  yield* Stream.runForEach(list, ({ ref, state, schedule }) =>
    Effect.sync(() =>
      console.log(`${ref} is ${state}, ${schedule ? Schedule.describe(schedule) : "schedule unknown"}`),
    ),
  )
}).pipe(Effect.provide(Crm))

// #endregion

import { Transport } from "@openretl/core/Transport"
import { RudderStackEmulator } from "@openretl/emulator"
import { ConfigProvider } from "effect"

const main = Effect.gen(function* () {
  const emulator = yield* RudderStackEmulator.make()
  yield* emulator.addParts("Orders", {
    source: "2hkeBOp0lGJpMPyur0oXUxxIDhw",
    destination: "2hkeC1QDFyKwl7bXEnGvqYbLXfE",
  })
  const env = { RUDDERSTACK_TOKEN: emulator.token }
  yield* program.pipe(
    Effect.provideService(Transport, emulator.transport),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env })),
  )
})

await Effect.runPromise(main)
