/** Zeotap against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import * as Schedule from "@openretl/core/Schedule"
import * as ZeotapEmulator from "@openretl/emulator/ZeotapEmulator"
import { ZeotapSwitches } from "@openretl/emulator/ZeotapSwitches"
import { partOf } from "../../../scripts/forms.ts"
import * as Zeotap from "../src/Zeotap.ts"
import * as ZeotapAdmin from "../src/ZeotapAdmin.ts"
import { definition } from "./onEmulator.ts"

suite(
  {
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
  },
  { only: partOf("zeotap", ZeotapSwitches) },
)
