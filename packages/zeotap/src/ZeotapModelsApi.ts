/**
 * Models on the wire: the queries and tables that syncs take rows from. Only what reads them.
 *
 * @see https://composable-docs.zeotap.com/api-reference/models/ (read 2026-11)
 */
import * as Schemas from "@openretl/core/driver/schema/Reader"
import * as Wire from "@openretl/core/driver/schema/Wire"
import { VendorId } from "@openretl/core/schema/Ref"
import * as Schema from "effect/Schema"
import { listOf } from "./ZeotapApi.ts"

export const Column = Schema.Struct({ name: Wire.text, type: Wire.text, nullable: Wire.flag })
export type Column = typeof Column.Type

export const Model = Schema.Struct({
  id: VendorId,
  workspace_id: Wire.text,
  source_id: Wire.text,
  /** Unique in its workspace. */
  name: Wire.text,
  description: Wire.text,
  /** `sql`, or a word to come. */
  model_type: Wire.text,
  sql_query: Wire.text,
  /** Empty where there is none, as is `source_table`. */
  source_schema: Wire.text,
  source_table: Wire.text,
  columns: Wire.lenient(Schema.Array(Column)),
  /** As it is: null in the vendor's sample. */
  selected_columns: Schema.optionalKey(Schema.Unknown),
  /** As it is: not documented. */
  column_config: Schema.optionalKey(Schema.Unknown),
  entity_type: Wire.text,
  primary_key_column: Wire.text,
  /** Empty where there is none. */
  timestamp_column: Wire.text,
  status: Wire.text,
  status_error: Wire.text,
  created_by: Wire.text,
  created_at: Wire.text,
  updated_at: Wire.text,
})
export type Model = typeof Model.Type

/** `GET .../models`. */
export const listModelsResponse = listOf(Schemas.answer(Model))
