import { suite } from "@openretl/conformance/Suite"
import { RudderStackEmulator, RudderStackSwitches } from "@openretl/emulator"
import * as Acme from "./acme.ts"

suite({
  name: "Acme",
  // A fresh emulator of the vendor on Effect's clock.
  emulator: RudderStackEmulator.make,
  // The adapter's workspace on it: spread the options over your own.
  workspace: (_, options) => Acme.workspace({ defaultScope: "incremental", ...options }),
  // The ref of a sync, from the ids that the emulator gave it.
  sync: (workspace, { connection = "" }) => Acme.syncRef(workspace, { connection }),
  // What nobody knows about the vendor: every value of every switch is tried.
  switches: { overlap: RudderStackSwitches.overlap, listOrder: RudderStackSwitches.listOrder },
})
