import type { JournalHarness } from "@openretl/conformance/JournalHarness"
import type { Service } from "@openretl/core/Journal"
import { Effect } from "effect"

/** How a journal in memory is examined. */
export const inMemory = (make: () => Service): JournalHarness => ({
  name: "Journal.memory",
  // Its clock is Effect's. A store with a clock of its own says "real", and the suite waits for its leases.
  time: "virtual",
  place: Effect.sync(() => {
    const journal = make()
    return {
      // Opens a client of the store.
      open: Effect.succeed(journal),
      // The module that opens it in another process: the suite lets three race, and kills one in the middle of a write.
      program: { impossible: "no other process sees the memory of this one" },
      // Writes a record as another version would.
      plant: { impossible: "no other version writes into the memory of this one" },
      // Makes the store one of a newer version.
      raiseSchema: { impossible: "no other version opens the memory of this one" },
      // Takes the lock that every write needs.
      block: { impossible: "nothing locks the memory for longer than one operation" },
      // Reads the settings that decide whether a write survives a loss of power.
      durability: { impossible: "memory survives no loss of power" },
      isSharedByHosts: true,
    }
  }),
})
