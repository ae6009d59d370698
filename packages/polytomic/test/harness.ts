/** How the shared suite makes Polytomic's emulator, and opens workspaces on it. */
import type { Harness } from "@openretl/conformance/Harness"
import * as Schedule from "@openretl/core/Schedule"
import * as PolytomicEmulator from "@openretl/emulator/PolytomicEmulator"
import { PolytomicSwitches } from "@openretl/emulator/PolytomicSwitches"
import * as Polytomic from "../src/Polytomic.ts"
import * as PolytomicAdmin from "../src/PolytomicAdmin.ts"
import { definition, scoped } from "./onEmulator.ts"

export const harness: Harness<typeof PolytomicSwitches, PolytomicEmulator.PolytomicEmulator> = {
  name: "Polytomic",
  emulator: PolytomicEmulator.make,
  workspace: (_, options) => Polytomic.workspace(scoped(options)),
  sync: (workspace, { sync = "" }) => Polytomic.syncRef(workspace, { sync }),
  administration: {
    workspace: (_, options) => PolytomicAdmin.workspace(scoped(options)),
    definition,
    schedules: [Schedule.cron("30 7 * * 1-5"), Schedule.cron("0 */2 * * *")],
  },
  switches: PolytomicSwitches,
}
