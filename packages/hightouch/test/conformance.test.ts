/** Hightouch against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import * as Schedule from "@openretl/core/Schedule"
import * as HightouchEmulator from "@openretl/emulator/HightouchEmulator"
import { HightouchSwitches } from "@openretl/emulator/HightouchSwitches"
import { partOf } from "../../../scripts/forms.ts"
import * as Hightouch from "../src/Hightouch.ts"
import * as HightouchAdmin from "../src/HightouchAdmin.ts"
import { definition, scoped } from "./onEmulator.ts"

suite(
  {
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
  },
  { only: partOf("hightouch", HightouchSwitches) },
)
