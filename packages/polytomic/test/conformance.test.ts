/** Polytomic against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import * as Schedule from "@openretl/core/Schedule"
import * as PolytomicEmulator from "@openretl/emulator/PolytomicEmulator"
import { PolytomicSwitches } from "@openretl/emulator/PolytomicSwitches"
import { partOf } from "../../../scripts/forms.ts"
import * as Polytomic from "../src/Polytomic.ts"
import * as PolytomicAdmin from "../src/PolytomicAdmin.ts"
import { definition, scoped } from "./onEmulator.ts"

suite(
  {
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
  },
  { only: partOf("polytomic", PolytomicSwitches) },
)
