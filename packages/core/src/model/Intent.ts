/** A trigger that was about to be sent, with all that is needed to find out later, anywhere, what became of it. */
import type * as DateTime from "effect/DateTime"
import type { SyncRef } from "./Ref.ts"
import type { Scope } from "./Scope.ts"

/** What was there right before the request. Times are the vendor's: local clocks never enter. */
export interface Fence {
  /** The runs that were there. */
  readonly runs: ReadonlyArray<string>
  /** The newest start that the vendor told of. */
  readonly newest?: DateTime.Utc
  /** The vendor's clock when the list was read: a run that started before is older, however late it shows. */
  readonly asOf?: DateTime.Utc
  /** Whether the list was read to its end or was seen to be newest first. Without that, nothing is adopted. */
  readonly complete: boolean
}

/** To store one, see `@openretl/core/schema/Intent`. */
export interface Intent {
  readonly version: 1
  readonly id: string
  readonly sync: SyncRef
  readonly scope?: Scope
  readonly exclusive: boolean
  readonly fence: Fence
  /** When it was sent, by the clock of the sender. */
  readonly sentAt: DateTime.Utc
  /** When its answer was given up, by the same clock; absent where that is not known. */
  readonly lostAt?: DateTime.Utc
}
