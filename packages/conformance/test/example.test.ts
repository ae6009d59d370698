import { suite } from "@openretl/conformance/Suite"
import { RudderStackEmulator, RudderStackSwitches } from "@openretl/emulator"
import * as Acme from "./acme.ts"

suite({
  name: "Acme",
  // Makes a fresh emulator of the vendor on Effect's clock.
  emulator: RudderStackEmulator.make,
  // Opens the adapter's workspace on it. Spread the options over your defaults.
  workspace: (_, options) => Acme.workspace({ defaultScope: "incremental", ...options }),
  // Returns the ref of a sync, from the ids that the emulator gave it.
  sync: (workspace, { connection = "" }) => Acme.syncRef(workspace, { connection }),
  // The open questions about the vendor. The suite tries every value of every switch.
  switches: {
    overlap: RudderStackSwitches.overlap,
    metricsWhileRunning: RudderStackSwitches.metricsWhileRunning,
  },
})
