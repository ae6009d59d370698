/** A fleet of three emulated accounts whose syncs have different states and schedules. */
import * as Fleet from "@openretl/core/Fleet"
import type { SyncRef } from "@openretl/core/Ref"
import { Transport } from "@openretl/core/Transport"
import { RoutingTransport, RudderStackEmulator, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import { RudderStack, RudderStackAdmin } from "@openretl/rudderstack"
import { SegmentAdmin } from "@openretl/segment"
import { ZeotapAdmin } from "@openretl/zeotap"
import { Effect, Redacted } from "effect"

/** Opens the fleet. `orchestrated` are the syncs that a job triggers as well. */
export const openFleet = Effect.gen(function* () {
  const crm = yield* RudderStackEmulator.make()
  const ads = yield* SegmentEmulator.make()
  const app = yield* ZeotapEmulator.make()
  const { connection: scheduled = "" } = yield* crm.addSync({ schedule: { every: "6 hours" } })
  yield* crm.triggerAsStranger({ connection: scheduled })
  yield* crm.addSync()
  yield* ads.addSync({ name: "Audience to ads", schedule: { cron: "30 7 * * 1-5", timeZone: "Europe/Berlin" } })
  yield* ads.addSync({ name: "Old audience", schedule: { cron: "0 * * * *" }, state: "paused" })
  yield* app.addSync({ name: "Profiles to email", schedule: { cron: "0 */12 * * *" } })

  const fleet = yield* Effect.gen(function* () {
    return yield* Fleet.make({
      crm: yield* RudderStackAdmin.workspace({
        name: "crm",
        region: "us",
        token: Redacted.make(crm.token),
        defaultScope: "incremental",
      }),
      ads: yield* SegmentAdmin.workspace({ name: "ads", region: "us", token: Redacted.make(ads.token) }),
      app: yield* ZeotapAdmin.workspace({
        name: "app",
        workspaceId: app.workspace.id,
        token: Redacted.make(app.token),
      }),
    })
  }).pipe(Effect.provideService(Transport, RoutingTransport.make(crm, ads, app)))
  // A job of ours also triggers the connection that fires every six hours.
  const orchestrated: ReadonlyArray<SyncRef> = [yield* RudderStack.syncRef("crm", { connection: scheduled })]
  return { fleet, orchestrated, crm, ads, app }
})
