/**
 * A service whose traces, metrics and log lines go to a collector, over OTLP with Effect's own exporter.
 *
 * Run it with `npm run example telemetry`: it plays the collector as well, and prints what came. A real service needs only the
 * code between the two marks, and the address of its collector in `OTEL_EXPORTER_OTLP_ENDPOINT`.
 */

// #region exporter
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Otlp from "effect/observability/Otlp"

/** Exports everything, the rest when the program ends. */
const Exporter = Layer.unwrap(
  Effect.map(Config.String("OTEL_EXPORTER_OTLP_ENDPOINT"), (baseUrl) =>
    Otlp.layerJson({ baseUrl, resource: { serviceName: "nightly" } }),
  ),
).pipe(Layer.provide(FetchHttpClient.layer))

// #endregion

import { createServer } from "node:http"
import { text } from "node:stream/consumers"
import { Runs } from "@openretl/core/Runs"
import * as Telemetry from "@openretl/core/Telemetry"
import { Transport } from "@openretl/core/Transport"
import { Fault, RudderStackEmulator } from "@openretl/emulator"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import { Redacted } from "effect"

const program = Effect.gen(function* () {
  const emulator = yield* RudderStackEmulator.make({ speed: 60, plan: { rows: { succeeded: 12_480, failed: 0 } } })
  yield* emulator.addFaults(Fault.tooManyRequests("list", { retryAfter: "1 second" }))
  const { connection = "" } = yield* emulator.addSync()
  const Crm = RudderStack.layer({
    name: "crm",
    region: "us",
    token: Redacted.make(emulator.token),
    defaultScope: "incremental",
  })
  const night = Effect.gen(function* () {
    const orders = yield* RudderStack.syncRef("crm", { connection })
    const runs = yield* Runs
    yield* Telemetry.named("orders")(runs.run(orders, { whenRunning: "wait" }))
    const unknown = yield* RudderStack.syncRef("crm", { connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" })
    yield* Effect.exit(Telemetry.named("unknown")(runs.run(unknown, { whenRunning: "wait" })))
  })
  yield* night.pipe(Effect.provide(Crm), Effect.provideService(Transport, emulator.transport))
})

/** Plays the collector: prints each body that it gets on a line of its own. */
const collector = createServer((request, response) => {
  void text(request).then((body) => {
    console.log(`${request.url} ${body}`)
    response.writeHead(200, { "content-type": "application/json" }).end("{}")
  })
})

const listening = new Promise<string>((resolve) => {
  collector.listen(0, "127.0.0.1", () => {
    const address = collector.address()
    resolve(`http://127.0.0.1:${typeof address === "object" ? address?.port : address}`)
  })
})

process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] ??= await listening
await Effect.runPromise(Effect.provide(program, Exporter))
collector.close()
