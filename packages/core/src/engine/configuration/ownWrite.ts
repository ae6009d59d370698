/** What is remembered of a write to a configured sync. */
import type { SyncChange } from "../../driver/Administration.ts"
import type { Instant } from "../trigger/elapsed.ts"

/** One write. */
export interface OwnWrite {
  /** When its answer came or was given up. */
  readonly at: Instant
  /** For how many milliseconds after that reads may not show it. */
  readonly lasts: number
  /** What it was. */
  readonly what: "created" | "deleted" | SyncChange<object>
  /** The id of its entry in the journal. */
  readonly entry: string | undefined
}
