import { suite } from "@openretl/conformance/Suite"
import { cron, every } from "@openretl/core/Schedule"
import { RudderStackEmulator, RudderStackSwitches } from "@openretl/emulator"
import * as Acme from "./acme.ts"
import * as AcmeConfiguration from "./acmeConfiguration.ts"

suite({
  name: "Acme",
  // Makes a fresh emulator of the vendor on Effect's clock.
  emulator: RudderStackEmulator.make,
  // Opens the adapter's workspace on it. Spread the options over your defaults.
  workspace: (_, options) => Acme.workspace({ defaultScope: "incremental", ...options }),
  // Returns the ref of a sync, from the ids that the emulator gave it.
  sync: (workspace, { connection = "" }) => Acme.syncRef(workspace, { connection }),
  // How the adapter configures syncs. Leave it out if the adapter has no administration.
  administration: {
    workspace: (_, options) => AcmeConfiguration.workspace({ defaultScope: "incremental", ...options }),
    definition: AcmeConfiguration.definition,
    schedules: [every("1 hour"), cron("0 6 * * 1")],
  },
  // The open questions about the vendor. The suite tries every value of every switch.
  switches: {
    overlap: RudderStackSwitches.overlap,
    listOrder: RudderStackSwitches.listOrder,
    connectionsList: RudderStackSwitches.connectionsList,
    pairTaken: RudderStackSwitches.pairTaken,
    deletedPairRevived: RudderStackSwitches.deletedPairRevived,
  },
})
