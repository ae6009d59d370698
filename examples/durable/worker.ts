/**
 * A worker: starts the workflow of a sync and a key, unless it has begun, and works on it until it ends. Killed and started
 * again, or beside other workers, it goes on with what the engine has stored.
 */
import * as Ref from "@openretl/core/Ref"
import * as PostgresJournal from "@openretl/journal-sql/PostgresJournal"
import * as SqliteJournal from "@openretl/journal-sql/SqliteJournal"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Engine from "./engine.ts"
import { SyncOnce, SyncOnceLayer } from "./workflow.ts"

/**
 * The journal and the engine of the worker, both of which outlive it: in files whose names begin with `DURABLE_STORE`, or in
 * the PostgreSQL database whose URL that is.
 */
const stores = Effect.gen(function* () {
  const store = yield* Config.String("DURABLE_STORE")
  const schema = yield* Config.String("DURABLE_SCHEMA").pipe(Config.withDefault("durable"))
  const url = Redacted.make(store)
  return /^postgres(ql)?:/.test(store)
    ? { journal: PostgresJournal.make({ url, schema }), engine: Engine.postgres(url, schema) }
    : { journal: SqliteJournal.make({ filename: `${store}-journal.db` }), engine: Engine.sqlite(`${store}-engine.db`) }
})

/** The emulator's address, and its times: real vendors take minutes. A program for a real account leaves this out. */
const emulated = Effect.map(Config.String("RUDDERSTACK_URL"), (baseUrl) => ({
  baseUrl,
  writeTimeout: "1 second" as const,
  runAppearsWithin: "500 millis" as const,
  journalLease: "1 second" as const,
}))

const Worker = Layer.unwrap(
  Effect.gen(function* () {
    const { journal, engine } = yield* stores
    const Crm = RudderStack.layer({
      name: "crm",
      region: "us",
      token: yield* Config.Redacted("RUDDERSTACK_TOKEN"),
      defaultScope: "incremental",
      journal: yield* journal,
      ...(yield* emulated),
    })
    return SyncOnceLayer.pipe(Layer.provide(Crm), Layer.provideMerge(engine))
  }),
)

/** Works on the workflow until it ends, and prints how. */
export const work = (syncText: string) =>
  Effect.gen(function* () {
    const sync = yield* Ref.parseSync(syncText)
    const key = yield* Config.String("OPENRETL_KEY")
    const { verdict, rows } = yield* SyncOnce.execute({ sync, key })
    yield* Console.log(`ends: ${verdict}, ${rows.succeeded} rows`)
  }).pipe(
    Effect.catchTag("SyncFailed", ({ code, summary }) => Console.log(`fails: ${code}: ${summary}`)),
    Effect.provide(Worker),
  )
