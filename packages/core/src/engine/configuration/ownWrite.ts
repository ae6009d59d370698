/** What is remembered of a write to a configured sync. */
import type { SyncChange } from "../../driver/Administration.ts"
import type { Instant } from "../trigger/elapsed.ts"

/** One write. */
export interface OwnWrite {
  /** When its answer came or was given up. */
  readonly at: Instant
  /** Whether the answer showed it: then reads lag behind by `readLag` at most, and else it may also take effect late. */
  readonly isShown: boolean
  /** What it was. */
  readonly what: "created" | "deleted" | SyncChange<object>
  /** The id of its entry in the journal. */
  readonly entry: string | undefined
}
