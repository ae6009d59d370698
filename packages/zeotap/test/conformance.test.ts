/** Zeotap against the shared suite, over its emulator. */
import { suite } from "@openretl/conformance/Suite"
import * as ZeotapEmulator from "@openretl/emulator/ZeotapEmulator"
import { ZeotapSwitches } from "@openretl/emulator/ZeotapSwitches"
import * as Zeotap from "../src/Zeotap.ts"

suite({
  name: "Zeotap",
  emulator: ZeotapEmulator.make,
  workspace: ({ workspace }, options) => Zeotap.workspace({ workspaceId: workspace.id, ...options }),
  sync: (workspace, { sync = "" }) => Zeotap.syncRef(workspace, { sync }),
  switches: ZeotapSwitches,
})
