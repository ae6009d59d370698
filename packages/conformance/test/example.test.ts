import { suite } from "@openretl/conformance/Suite"
import { cron, every } from "@openretl/core/Schedule"
import { RudderStackEmulator, RudderStackSwitches } from "@openretl/emulator"
import * as Acme from "./acme.ts"
import { definition } from "./acmeConfiguration.ts"

suite({
  name: "Acme",
  // A fresh emulator of the vendor on Effect's clock.
  emulator: RudderStackEmulator.make,
  // The adapter's workspace on it: spread the options over your own.
  workspace: (_, options) => Acme.workspace({ defaultScope: "incremental", ...options }),
  // The ref of a sync, from the ids that the emulator gave it.
  sync: (workspace, { connection = "" }) => Acme.syncRef(workspace, { connection }),
  // How it configures; leave this out where it does not.
  administration: {
    workspace: (_, options) => Acme.adminWorkspace({ defaultScope: "incremental", ...options }),
    definition,
    schedules: [every("1 hour"), cron("0 6 * * 1")],
  },
  // What nobody knows about the vendor: every value of every switch is tried.
  switches: {
    overlap: RudderStackSwitches.overlap,
    listOrder: RudderStackSwitches.listOrder,
    connectionsList: RudderStackSwitches.connectionsList,
    pairTaken: RudderStackSwitches.pairTaken,
    deletedPairRevived: RudderStackSwitches.deletedPairRevived,
  },
})
