/**
 * Figures about syncs on the wire.
 *
 * @see https://composable-docs.zeotap.com/api-reference/insights/ (read 2026-11)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import * as Schema from "effect/Schema"

/** The query of `GET .../insights/sync-health`. */
export const SyncHealthQuery = Schema.Struct({
  /** How many days the figures cover, from 1; the most is not documented. @default 7 */
  days: Input.optional(Input.wholeNumber(1)),
})
export interface SyncHealthQuery extends Schema.Schema.Type<typeof SyncHealthQuery> {}

/** One sync's figures, of the requested days. */
export const SyncFigures = Schema.Struct({
  sync_id: VendorId,
  sync_name: Wire.text,
  status: Wire.text,
  last_run_status: Wire.text,
  last_run_at: Wire.text,
  /** From 0 to 1. */
  success_rate: Wire.lenient(Schema.Finite),
  total_runs: Wire.count,
  failed_runs: Wire.count,
  avg_duration_seconds: Wire.lenient(Schema.Finite),
  total_rows_synced: Wire.count,
})
export interface SyncFigures extends Schema.Schema.Type<typeof SyncFigures> {}

/** The answer of `GET .../insights/sync-health`. */
export const SyncHealth = Schema.Struct({
  total_syncs: Wire.count,
  active_syncs: Wire.count,
  healthy_syncs: Wire.count,
  failing_syncs: Wire.count,
  paused_syncs: Wire.count,
  /** Null stands for no syncs. */
  syncs: Schema.NullOr(Wire.entries(SyncFigures)),
})
export interface SyncHealth extends Schema.Schema.Type<typeof SyncHealth> {}
