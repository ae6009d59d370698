/** What is remembered of a write to a configured sync. */
import type { SyncChange } from "../../driver/Administration.ts"
import type { Instant } from "../trigger/elapsed.ts"

/** One write. */
export interface OwnWrite {
  /** When its answer came or was given up, or when a read showed it after that. */
  readonly at: Instant
  /** Whether the answer or a read showed it: then reads lag behind by `readLag` at most, and else it may also take effect late. */
  readonly isShown: boolean
  /** The fields that it sent back as they were read, since it replaced them. */
  readonly sentBack?: SyncChange<object>
  /** What it was. */
  readonly what: "created" | "deleted" | SyncChange<object>
  /** The id of its entry in the journal. */
  readonly entry: string | undefined
}
