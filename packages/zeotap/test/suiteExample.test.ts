import { suite } from "@openretl/conformance/Suite"
import * as Schedule from "@openretl/core/Schedule"
import { ZeotapEmulator, ZeotapSwitches } from "@openretl/emulator"
import { Zeotap, ZeotapAdmin } from "@openretl/zeotap"

suite(
  {
    name: "Zeotap",
    // Makes a fresh emulator of the vendor on Effect's clock.
    emulator: ZeotapEmulator.make,
    // Opens the adapter's workspace on it. Spread the options over your defaults.
    workspace: ({ workspace }, options) => Zeotap.workspace({ workspaceId: workspace.id, ...options }),
    // Returns the ref of a sync, from the ids that the emulator gave it.
    sync: (workspace, { sync = "" }) => Zeotap.syncRef(workspace, { sync }),
    // For adapters that configure syncs; the suite skips the laws about them without it.
    administration: {
      workspace: ({ workspace }, options) => ZeotapAdmin.workspace({ workspaceId: workspace.id, ...options }),
      definition: ({ model = "", destination = "" }, input) =>
        ZeotapAdmin.definition({
          ...input,
          model,
          destination,
          mapping: [{ from: "email", to: "Email" }],
          mode: "upsert",
          primaryKey: "customer_id",
        }),
      schedules: [Schedule.cron("0 */6 * * *"), Schedule.cron("30 7 * * 1-5")],
    },
    // The open questions about the vendor. The suite tries every value of every switch.
    switches: { overlap: ZeotapSwitches.overlap, runOrder: ZeotapSwitches.runOrder },
  },
  // Some of the laws, while you write an adapter. Leave this out to check all of them.
  { only: ({ ids }) => ids.includes("L1") },
)
