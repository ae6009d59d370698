/** How the shared suite makes Hightouch's emulator, and opens workspaces on it. */
import type { Harness } from "@openretl/conformance/Harness"
import * as Schedule from "@openretl/core/Schedule"
import * as HightouchEmulator from "@openretl/emulator/HightouchEmulator"
import { HightouchSwitches } from "@openretl/emulator/HightouchSwitches"
import * as Hightouch from "../src/Hightouch.ts"
import * as HightouchAdmin from "../src/HightouchAdmin.ts"
import { definition, scoped } from "./onEmulator.ts"

export const harness: Harness<typeof HightouchSwitches, HightouchEmulator.HightouchEmulator> = {
  name: "Hightouch",
  emulator: HightouchEmulator.make,
  workspace: (_, options) => Hightouch.workspace(scoped(options)),
  sync: (workspace, { sync = "" }) => Hightouch.syncRef(workspace, { sync }),
  administration: {
    workspace: (_, options) => HightouchAdmin.workspace(scoped(options)),
    definition,
    schedules: [Schedule.every("90 minutes"), Schedule.cron("30 7 * * 1-5")],
  },
  switches: HightouchSwitches,
}
