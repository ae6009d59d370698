/**
 * Destinations on the wire: where syncs deliver rows. Only what reads them.
 *
 * @see https://composable-docs.zeotap.com/api-reference/destinations/ (read 2026-11)
 */
import * as Schemas from "@openretl/core/driver/schema/Reader"
import * as Wire from "@openretl/core/driver/schema/Wire"
import { VendorId } from "@openretl/core/schema/Ref"
import * as Schema from "effect/Schema"
import { listOf } from "./ZeotapApi.ts"

export const Destination = Schema.Struct({
  id: VendorId,
  workspace_id: Wire.text,
  /** Of a connection that several share; absent where there is none. */
  connection_id: Wire.text,
  name: Wire.text,
  /** As in `salesforce`. */
  destination_type: Wire.text,
  /** As it is: it differs by type. */
  config: Wire.lenient(Schema.Record(Schema.String, Schema.Unknown)),
  /** As in `connected`. */
  status: Wire.text,
  status_error: Wire.text,
  created_by: Wire.text,
  created_at: Wire.text,
  updated_at: Wire.text,
})
export type Destination = typeof Destination.Type

/** `GET .../destinations`. */
export const listDestinationsResponse = listOf(Schemas.answer(Destination))
