/** All laws about stores. */
import type { JournalLaw } from "./JournalLaw.ts"
import { changeLaws } from "./laws/changes.ts"
import { claimLaws } from "./laws/claims.ts"
import { crashLaws } from "./laws/crashes.ts"
import { leaseLaws } from "./laws/leases.ts"
import { listLaws } from "./laws/lists.ts"
import { markLaws } from "./laws/marks.ts"
import { waitingLaws } from "./laws/waiting.ts"

/** All laws about stores. */
export const all: ReadonlyArray<JournalLaw> = [
  ...claimLaws,
  ...leaseLaws,
  ...markLaws,
  ...changeLaws,
  ...listLaws,
  ...waitingLaws,
  ...crashLaws,
]
