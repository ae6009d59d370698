import * as Fleet from "@openretl/core/Fleet"
import * as SqliteJournal from "@openretl/journal-sql/SqliteJournal"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Otlp from "effect/observability/Otlp"

/** Exports metrics, spans and log lines, and the rest when the program ends. */
const Exporter = Layer.unwrap(
  Effect.map(Config.String("OTEL_EXPORTER_OTLP_ENDPOINT"), (baseUrl) =>
    Otlp.layerJson({ baseUrl, resource: { serviceName: "nightly" } }),
  ),
).pipe(Layer.provide(FetchHttpClient.layer))

const jobs = [
  { name: "orders", sync: "retl1.sync.rudderstack.crm.connection.2C8Vk2wj8qkofy00YzJbvJOGeqa" },
  { name: "accounts", sync: "retl1.sync.rudderstack.crm.connection.2C8Vk2wj8qkofy00YzJbvJOGeqb" },
]

const nightly = Effect.gen(function* () {
  const { OPENRETL_JOURNAL: filename = "nightly.db", NIGHT = new Date().toISOString().slice(0, 10) } = process.env
  const journal = yield* SqliteJournal.make({ filename })
  const fleet = yield* Fleet.make({
    crm: yield* RudderStack.workspaceConfig({
      name: "crm",
      region: "us",
      token: Config.Redacted("RUDDERSTACK_TOKEN"),
      defaultScope: "incremental",
      journal,
    }),
  })
  const report = yield* fleet.runAll(jobs, { whenRunning: "wait", deadline: "4 hours", key: `nightly/${NIGHT}` })
  yield* Console.log(String(report))
  if (!report.isGreen) process.exitCode = 1
})

await Effect.runPromise(nightly.pipe(Effect.scoped, Effect.provide(Exporter)))
