/** Fivetran Activations against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import * as Schedule from "@openretl/core/Schedule"
import * as FivetranActivationsEmulator from "@openretl/emulator/FivetranActivationsEmulator"
import { FivetranActivationsSwitches } from "@openretl/emulator/FivetranActivationsSwitches"
import { partOf } from "../../../scripts/forms.ts"
import * as FivetranActivations from "../src/FivetranActivations.ts"
import * as FivetranActivationsAdmin from "../src/FivetranActivationsAdmin.ts"
import { definition, scoped } from "./onEmulator.ts"

suite(
  {
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
  },
  { only: partOf("fivetran-activations", FivetranActivationsSwitches) },
)
