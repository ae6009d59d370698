/**
 * Figures about syncs on the wire.
 *
 * @see https://composable-docs.zeotap.com/api-reference/insights/ (read 2026-11)
 */

import * as Wire from "@openretl/core/driver/schema/Wire"
import { VendorId } from "@openretl/core/schema/Ref"
import * as Schema from "effect/Schema"

/** 7 days unless told. The most is not documented. */
export const SyncHealthQuery = Schema.Struct({
  days: Schema.optional(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1, { expected: "a whole number from 1" }))),
})
export type SyncHealthQuery = typeof SyncHealthQuery.Type

/** One sync's figures, of the days that were asked for. */
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
export type SyncFigures = typeof SyncFigures.Type

/** `GET .../insights/sync-health`. Null stands for no syncs. */
export const SyncHealth = Schema.Struct({
  total_syncs: Wire.count,
  active_syncs: Wire.count,
  healthy_syncs: Wire.count,
  failing_syncs: Wire.count,
  paused_syncs: Wire.count,
  syncs: Schema.NullOr(Schema.Array(SyncFigures)),
})
export type SyncHealth = typeof SyncHealth.Type
