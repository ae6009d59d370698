/** The harness of the journal in memory. */

import type { JournalHarness } from "@openretl/conformance/JournalHarness"
import * as Journal from "@openretl/core/Journal"
import { Effect } from "effect"

/** Examines a journal that lives in one process. */
export const inMemory = (make: () => Journal.Service): JournalHarness => ({
  name: "Journal.memory",
  time: "virtual",
  place: Effect.sync(() => {
    const journal = make()
    return {
      open: Effect.succeed(journal),
      program: { impossible: "no other process sees the memory of this one" },
      plant: { impossible: "no other version writes into the memory of this one" },
      raiseSchema: { impossible: "no other version opens the memory of this one" },
      block: { impossible: "nothing locks the memory for longer than one operation" },
      durability: { impossible: "memory survives no loss of power" },
      isSharedByHosts: true,
    }
  }),
})

export const memory = inMemory(Journal.memory)
