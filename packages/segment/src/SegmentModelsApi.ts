/**
 * Reverse ETL models on the wire: a query of a warehouse whose rows are synced.
 *
 * Since October 2024 a model has no schedule: that is the subscription's.
 *
 * @see https://docs.segmentapis.com/tag/Reverse-ETL (read 2026-11) and the official SDKs 73.2.0 (2026-08)
 */

import * as Wire from "@openretl/core/driver/schema/Wire"
import { VendorId } from "@openretl/core/schema/Ref"
import * as Schema from "effect/Schema"
import * as Paging from "./internal/paging.ts"

/** A model. All fields are documented as required; the ids are, here. */
export const Model = Schema.Struct({
  id: VendorId,
  /** The source that it reads: a start names it too. */
  sourceId: VendorId,
  name: Wire.text,
  description: Wire.text,
  enabled: Wire.flag,
  /** SQL in the warehouse's own dialect. */
  query: Wire.text,
  /** The column that identifies a row. */
  queryIdentifierColumn: Wire.text,
})
export type Model = typeof Model.Type

const productLimits = "Segment docs, Reverse ETL system page"

const Query = Schema.String.check(
  Schema.isMaxLength(65_535, { expected: `a query of at most 65535 characters (${productLimits})` }),
)
const IdentifierColumn = Schema.String.check(
  Schema.isMaxLength(191, { expected: `a column name of at most 191 characters (${productLimits})` }),
)

/** `GET /reverse-etl-models`. */
export const ListModelsQuery = Paging.Query
export type ListModelsQuery = typeof ListModelsQuery.Type

/** A page of models; its key is `models`. */
export const Models = Schema.Struct({
  models: Schema.Array(Model),
  pagination: Schema.optionalKey(Paging.Pagination),
})
export type Models = typeof Models.Type

export const ListModelsResponse = Schema.Struct({ data: Models })

/** `POST /reverse-etl-models`: all fields are required. */
export const CreateModelRequest = Schema.Struct({
  sourceId: VendorId,
  name: Schema.String,
  description: Schema.String,
  enabled: Schema.Boolean,
  /** At most 65,535 characters. */
  query: Query,
  /** At most 191 characters. */
  queryIdentifierColumn: IdentifierColumn,
})
export type CreateModelRequest = typeof CreateModelRequest.Type

/** `PATCH /reverse-etl-models/{modelId}`: what is absent stays as it is. The source cannot be changed. */
export const UpdateModelRequest = Schema.Struct({
  name: Schema.optional(Schema.String),
  description: Schema.optional(Schema.String),
  enabled: Schema.optional(Schema.Boolean),
  query: Schema.optional(Query),
  queryIdentifierColumn: Schema.optional(IdentifierColumn),
})
export type UpdateModelRequest = typeof UpdateModelRequest.Type

/** The answer to a read, a creation and an update. */
export const ModelResponse = Schema.Struct({ data: Schema.Struct({ reverseEtlModel: Model }) })
