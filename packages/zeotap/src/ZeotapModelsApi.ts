/**
 * Models on the wire: the queries and tables that syncs take rows from. This package only reads them.
 *
 * @see https://composable-docs.zeotap.com/api-reference/models/ (read 2026-11)
 */
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import * as Schema from "effect/Schema"
import { listOf } from "./ZeotapApi.ts"

/** One column of a model. */
export const Column = Schema.Struct({ name: Wire.text, type: Wire.text, nullable: Wire.flag })
export interface Column extends Schema.Schema.Type<typeof Column> {}

/** One model. */
export const Model = Schema.Struct({
  id: VendorId,
  workspace_id: Wire.text,
  source_id: Wire.text,
  /** Unique in its workspace. */
  name: Wire.text,
  description: Wire.text,
  /** `sql`, or a word that is not documented. */
  model_type: Wire.text,
  sql_query: Wire.text,
  /** Empty for none, as is `source_table`. */
  source_schema: Wire.text,
  source_table: Wire.text,
  columns: Wire.lenient(Wire.entries(Column)),
  /** Unchanged: null in the vendor's sample. */
  selected_columns: Schema.optionalKey(Schema.Unknown),
  /** Unchanged: its form is not documented. */
  column_config: Schema.optionalKey(Schema.Unknown),
  entity_type: Wire.text,
  primary_key_column: Wire.text,
  /** Empty for none. */
  timestamp_column: Wire.text,
  status: Wire.text,
  status_error: Wire.text,
  created_by: Wire.text,
  created_at: Wire.text,
  updated_at: Wire.text,
})
export interface Model extends Schema.Schema.Type<typeof Model> {}

/** The answer of `GET .../models`. */
export const ListModelsResponse = listOf(Model)
