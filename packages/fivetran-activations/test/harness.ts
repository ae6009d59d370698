/** How the shared suite makes Fivetran Activations' emulator, and opens workspaces on it. */
import type { Harness } from "@openretl/conformance/Harness"
import * as Schedule from "@openretl/core/Schedule"
import * as FivetranActivationsEmulator from "@openretl/emulator/FivetranActivationsEmulator"
import { FivetranActivationsSwitches } from "@openretl/emulator/FivetranActivationsSwitches"
import * as FivetranActivations from "../src/FivetranActivations.ts"
import * as FivetranActivationsAdmin from "../src/FivetranActivationsAdmin.ts"
import { definition, scoped } from "./onEmulator.ts"

export const harness: Harness<
  typeof FivetranActivationsSwitches,
  FivetranActivationsEmulator.FivetranActivationsEmulator
> = {
  name: "Fivetran Activations",
  emulator: FivetranActivationsEmulator.make,
  workspace: (emulator, options) => FivetranActivations.workspace(scoped(emulator, options)),
  sync: (workspace, { sync = "" }) => FivetranActivations.syncRef(workspace, { sync }),
  administration: {
    workspace: (emulator, options) => FivetranActivationsAdmin.workspace(scoped(emulator, options)),
    definition,
    schedules: [Schedule.cron("0 */6 * * *"), Schedule.cron("30 7 * * 1-5")],
  },
  switches: FivetranActivationsSwitches,
}
