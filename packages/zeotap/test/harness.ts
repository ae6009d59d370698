/** How the shared suite makes Zeotap's emulator, and opens workspaces on it. */
import type { Harness } from "@openretl/conformance/Harness"
import * as Schedule from "@openretl/core/Schedule"
import * as ZeotapEmulator from "@openretl/emulator/ZeotapEmulator"
import { ZeotapSwitches } from "@openretl/emulator/ZeotapSwitches"
import * as Zeotap from "../src/Zeotap.ts"
import * as ZeotapAdmin from "../src/ZeotapAdmin.ts"
import { definition } from "./onEmulator.ts"

export const harness: Harness<typeof ZeotapSwitches, ZeotapEmulator.ZeotapEmulator> = {
  name: "Zeotap",
  emulator: ZeotapEmulator.make,
  workspace: ({ workspace }, options) => Zeotap.workspace({ workspaceId: workspace.id, ...options }),
  sync: (workspace, { sync = "" }) => Zeotap.syncRef(workspace, { sync }),
  administration: {
    workspace: ({ workspace }, options) => ZeotapAdmin.workspace({ workspaceId: workspace.id, ...options }),
    definition,
    schedules: [Schedule.cron("0 */6 * * *"), Schedule.cron("30 7 * * 1-5")],
  },
  switches: ZeotapSwitches,
}
