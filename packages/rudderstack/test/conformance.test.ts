/** RudderStack against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import { partOf } from "../../../scripts/forms.ts"
import * as RudderStack from "../src/RudderStack.ts"
import { administration } from "./configuring.ts"

suite(
  {
    name: "RudderStack",
    emulator: RudderStackEmulator.make,
    // The suite also tries a scope that RudderStack does not have.
    workspace: (_, options) =>
      RudderStack.workspace(Object.assign({ region: "us", defaultScope: "incremental" } as const, options)),
    sync: (workspace, ids) => RudderStack.syncRef(workspace, { connection: ids["connection"] ?? "" }),
    administration,
    switches: RudderStackSwitches,
  },
  { only: partOf("rudderstack", RudderStackSwitches) },
)
