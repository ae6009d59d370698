/** How the shared suite makes RudderStack's emulator, and opens workspaces on it. */
import type { Harness } from "@openretl/conformance/Harness"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import * as RudderStack from "../src/RudderStack.ts"
import { administration } from "./configuring.ts"

export const harness: Harness<typeof RudderStackSwitches, RudderStackEmulator.RudderStackEmulator> = {
  name: "RudderStack",
  emulator: RudderStackEmulator.make,
  // The suite also tries a scope that RudderStack does not have.
  workspace: (_, options) =>
    RudderStack.workspace(Object.assign({ region: "us", defaultScope: "incremental" } as const, options)),
  sync: (workspace, ids) => RudderStack.syncRef(workspace, { connection: ids["connection"] ?? "" }),
  administration,
  switches: RudderStackSwitches,
}
