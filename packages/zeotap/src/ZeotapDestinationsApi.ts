/**
 * Destinations on the wire: where syncs deliver rows. This package only reads them.
 *
 * @see https://composable-docs.zeotap.com/api-reference/destinations/ (read 2026-11)
 */
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import * as Schema from "effect/Schema"
import { listOf } from "./ZeotapApi.ts"

/** One destination. */
export const Destination = Schema.Struct({
  id: VendorId,
  workspace_id: Wire.text,
  /** The connection that several destinations share; absent for none. */
  connection_id: Wire.text,
  name: Wire.text,
  /** As in `salesforce`. */
  destination_type: Wire.text,
  /** Unchanged: its form differs by type. */
  config: Wire.lenient(Schema.Record(Schema.String, Schema.Unknown)),
  /** As in `connected`. */
  status: Wire.text,
  status_error: Wire.text,
  created_by: Wire.text,
  created_at: Wire.text,
  updated_at: Wire.text,
})
export interface Destination extends Schema.Schema.Type<typeof Destination> {}

/** The answer of `GET .../destinations`. */
export const ListDestinationsResponse = listOf(Destination)
