/**
 * A typed pipeline over three vendors: once the warehouse is fresh, it runs three syncs at once and sends an alert for each
 * sync that does not go well. One failure does not stop the other syncs.
 *
 * Run it with `npm run example pipeline`: it runs against three emulators in this process, and one sync loses rows.
 * `examples/test/test-your-pipeline.test.ts` shows how to test such a pipeline.
 */
import { Cancellation } from "@openretl/core/Cancellation"
import * as Fleet from "@openretl/core/Fleet"
import type { Finished } from "@openretl/core/Outcome"
import type { RunRef, SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Transport } from "@openretl/core/Transport"
import type { TriggerIndeterminate } from "@openretl/core/Trigger"
import type { OutcomeRejected, Unended } from "@openretl/core/Wait"
import { RoutingTransport, RudderStackEmulator, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import { RudderStack } from "@openretl/rudderstack"
import { Segment } from "@openretl/segment"
import { Zeotap } from "@openretl/zeotap"
import { Console, Context, Effect, Redacted, type Scope } from "effect"
import { inVirtualTime } from "./support/virtualTime.ts"

// What the pipeline needs from the rest of your platform, as services.

/** `fresh` succeeds once the tables that the syncs read are complete for today. */
export class Warehouse extends Context.Service<Warehouse, { readonly fresh: Effect.Effect<void> }>()(
  "examples/Warehouse",
) {}

/** Sends a message to the person on call. */
export class Alerts extends Context.Service<Alerts, { readonly send: (text: string) => Effect.Effect<void> }>()(
  "examples/Alerts",
) {}

// The fleet: three accounts, each under a name of our choice. The type checker knows the names and what each can do.

/** The options of the three accounts. */
export interface Accounts {
  readonly crm: RudderStack.Options
  readonly ads: Segment.Options
  readonly app: Zeotap.Options
}

export const openFleet = (accounts: Accounts) =>
  Effect.gen(function* () {
    return yield* Fleet.make({
      crm: yield* RudderStack.workspace(accounts.crm),
      ads: yield* Segment.workspace(accounts.ads),
      app: yield* Zeotap.workspace(accounts.app),
    })
  })

export type OurFleet = Effect.Success<ReturnType<typeof openFleet>>

// The pipeline.

export interface Syncs {
  readonly orders: SyncRef
  readonly audiences: SyncRef
  readonly profiles: SyncRef
}

type SyncFailure = RetlError | TriggerIndeterminate | Unended | OutcomeRejected

/** The text of an alert: what happened, the code to group alerts by, and what to do. It contains no row of data. */
const alertOf = (name: string, error: SyncFailure): string => {
  switch (error._tag) {
    case "OutcomeRejected":
      return `${name}: ${error.verdict}, ${error.run.rows.failed ?? "?"} rows failed (${error.code}; run ${error.run.ref})`
    case "RetlError":
    case "TriggerIndeterminate":
    case "WaitDeadlineExceeded":
    case "WaitStatusUnknown":
    case "WaitNotStarted":
      return `${name}: ${error.summary} (${error.code}). ${error.guidance}`
  }
}

/** Runs the three syncs. Returns the finished run of each sync that went well, and `undefined` for the others. */
export const afterWarehouse = Effect.fn("afterWarehouse")(function* (fleet: OurFleet, syncs: Syncs) {
  const { fresh } = yield* Warehouse
  const { send } = yield* Alerts
  yield* fresh
  const options = { whenRunning: "wait", deadline: "2 hours" } as const
  const alerting =
    (name: string) =>
    (run: Effect.Effect<Finished, SyncFailure>): Effect.Effect<Finished | undefined> =>
      Effect.catch(run, (error) => Effect.as(send(alertOf(name, error)), undefined))
  return yield* Effect.all(
    {
      orders: alerting("orders")(fleet.run(syncs.orders, { ...options, scope: "incremental" })),
      // One failed row in a thousand is not worth an alert.
      audiences: alerting("audiences")(fleet.run(syncs.audiences, { ...options, policy: { maxFailedRatio: 0.001 } })),
      profiles: alerting("profiles")(fleet.run(syncs.profiles, options)),
    },
    { concurrency: "unbounded" },
  )
})

/** Cancels a run. It requires the `Cancellation` service, which only some vendors have. */
const cancelRun = (run: RunRef) => Effect.flatMap(Cancellation, ({ cancel }) => cancel(run))

/** RudderStack can cancel, so this program has no requirement left... */
export const cancelOrders = (fleet: OurFleet, run: RunRef) => fleet.in("crm")(cancelRun(run))

/** ...but Zeotap cannot, so this one still requires `Cancellation`. Running it does not compile: `test/pipeline.test-d.ts`. */
export const cancelProfiles = (fleet: OurFleet, run: RunRef) => fleet.in("app")(cancelRun(run))

// From here on, three emulators in this process take the place of real accounts, in virtual time.

/** The fleet, its syncs, and the emulators behind it. */
export interface Emulated {
  readonly fleet: OurFleet
  readonly syncs: Syncs
  readonly crm: RudderStackEmulator.RudderStackEmulator
  readonly ads: SegmentEmulator.SegmentEmulator
  readonly app: ZeotapEmulator.ZeotapEmulator
}

/** Opens a fleet over three emulators. One sync loses twelve rows, one a single row, one none. */
export const emulate: Effect.Effect<Emulated, RetlError, Scope.Scope> = Effect.gen(function* () {
  const crm = yield* RudderStackEmulator.make()
  const ads = yield* SegmentEmulator.make()
  const app = yield* ZeotapEmulator.make()
  const [orders, audiences, profiles] = [yield* crm.addSync(), yield* ads.addSync(), yield* app.addSync()]
  const syncs: Syncs = {
    orders: yield* RudderStack.syncRef("crm", { connection: orders["connection"] ?? "" }),
    audiences: yield* Segment.syncRef("ads", {
      source: audiences["source"] ?? "",
      model: audiences["model"] ?? "",
      subscription: audiences["subscription"] ?? "",
    }),
    profiles: yield* Zeotap.syncRef("app", { sync: profiles["sync"] ?? "" }),
  }
  yield* crm.script(orders, [{ duration: "2 minutes", rows: { succeeded: 11_988, failed: 12 } }])
  yield* ads.script(audiences, [{ duration: "1 minute", rows: { succeeded: 4_999, failed: 1 } }])
  yield* app.script(profiles, [{ duration: "1 minute", rows: { succeeded: 8_200 } }])

  const fleet = yield* openFleet({
    crm: { name: "crm", region: "us", token: Redacted.make(crm.token), defaultScope: "incremental" },
    ads: { name: "ads", region: "us", token: Redacted.make(ads.token) },
    app: { name: "app", workspaceId: app.workspace.id, token: Redacted.make(app.token) },
  }).pipe(
    // Each account has its own host, and requests go to the emulator of that host.
    Effect.provideService(Transport, RoutingTransport.make(crm, ads, app)),
  )
  return { fleet, syncs, crm, ads, app }
})

const main = Effect.gen(function* () {
  const { fleet, syncs } = yield* emulate
  const results = yield* afterWarehouse(fleet, syncs)
  for (const [name, result] of Object.entries(results)) {
    yield* Console.log(`${name}: ${result?.verdict ?? "see the alert"}`)
  }
}).pipe(
  Effect.provideService(Warehouse, { fresh: Effect.delay(Console.log("the warehouse is fresh"), "20 minutes") }),
  Effect.provideService(Alerts, { send: (text) => Console.log(`ALERT ${text}`) }),
  Effect.scoped,
)

if (import.meta.main) await Effect.runPromise(inVirtualTime(main))
