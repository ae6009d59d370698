/** A process that triggers syncs, and that the harness kills. */
import process from "node:process"
import type { Service as Journal } from "@openretl/core/Journal"
import type { JournalError } from "@openretl/core/JournalError"
import * as KyTransport from "@openretl/core/KyTransport"
import type { Finished } from "@openretl/core/Outcome"
import type { RetlError } from "@openretl/core/RetlError"
import { Runs, type Service as RunsService } from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import type { TriggerIndeterminate } from "@openretl/core/Trigger"
import type { OutcomeRejected, Unended } from "@openretl/core/Wait"
import * as PostgresJournal from "@openretl/journal-sql/PostgresJournal"
import * as SqliteJournal from "@openretl/journal-sql/SqliteJournal"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as EffectScope from "effect/Scope"
import * as JournalPoints from "./journalPoints.ts"
import type { End, Job, Order, Report, StorePlace } from "./messages.ts"
import * as Stops from "./stops.ts"
import * as TransportPoints from "./transportPoints.ts"

const stops = Stops.make()
const transport = TransportPoints.withPoints(KyTransport.make(), stops.reach)

/** The longest that a job may take from when its run was accepted, which may be long before the job. */
const deadline = "10 minutes"

const openJournal = (place: StorePlace): Effect.Effect<Journal, JournalError, EffectScope.Scope> =>
  place._tag === "SQLite"
    ? SqliteJournal.make({ filename: place.filename })
    : PostgresJournal.make({ url: Redacted.make(place.url), schema: place.schema })

const open = ({ store, url, token, windows }: Extract<Order, { readonly _tag: "Open" }>) =>
  Effect.gen(function* () {
    const journal = JournalPoints.withPoints(yield* openJournal(store), stops.reach)
    const { services } = yield* RudderStack.workspace({
      name: "crash",
      region: "us",
      baseUrl: url,
      token: Redacted.make(token),
      defaultScope: "incremental",
      journal,
      ...windows,
    })
    return Context.get(services, Runs)
  }).pipe(Effect.provideService(Transport, transport))

const work = (runs: RunsService, { connection, key, isExclusive, mode }: Job): Effect.Effect<End> =>
  Effect.gen(function* () {
    const sync = yield* RudderStack.syncRef("crash", { connection })
    if (mode === "run") {
      const options = { whenRunning: "wait", key, exclusive: isExclusive, deadline } as const
      return finished(yield* runs.run(sync, options))
    }
    if (mode === "ensure") {
      return finished(yield* runs.ensure(sync, { maxAge: "1 hour", exclusive: isExclusive, deadline }))
    }
    const began = yield* Clock.currentTimeMillis
    const resumed = yield* runs.resume({ sync, key }, { deadline })
    return resumed._tag === "Finished" ? finished(resumed.finished) : ({ _tag: "NotStarted", began } as const)
  }).pipe(
    Effect.catch((error) => Effect.succeed(endOf(error))),
    Effect.catchCause((cause) => Effect.succeed<End>({ _tag: "Failed", code: "defect", message: Cause.pretty(cause) })),
    Effect.provideService(TransportPoints.CurrentKey, key),
  )

const finished = ({ run, verdict, how }: Finished): End => ({
  _tag: "Finished",
  run: run.ref.run,
  how: how ?? "unknown",
  status: run.status,
  verdict,
  ...(run.rows.succeeded !== undefined && { rows: run.rows.succeeded }),
})

const endOf = (error: RetlError | TriggerIndeterminate | Unended | OutcomeRejected): End =>
  error._tag === "TriggerIndeterminate"
    ? {
        _tag: "Indeterminate",
        entry: error.entry.id,
        why: error.why,
        candidates: error.candidates.map(({ run }) => run),
      }
    : { _tag: "Failed", code: error.code, message: error.message }

const send = (report: Report): void => {
  process.send?.(report)
}

const logger = Logger.layer([])

let runs: Promise<RunsService> | undefined

const obey = async (order: Order): Promise<void> => {
  switch (order._tag) {
    case "Arm":
      return stops.arm(order.point)
    case "Open":
      runs = Effect.runPromise(Effect.provideService(open(order), EffectScope.Scope, EffectScope.makeUnsafe()))
      await runs
      return send({ _tag: "Opened" })
    case "Do": {
      if (runs === undefined) return
      const end = await Effect.runPromise(Effect.provide(work(await runs, order.job), logger))
      return send({ _tag: "Ended", job: order.job.id, end })
    }
  }
}

process.on("message", (order: Order) => void obey(order))
process.on("disconnect", () => process.exit(0))
