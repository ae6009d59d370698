/**
 * The wire forms of Reverse ETL models: a query of a warehouse whose rows are synced.
 *
 * Since October 2024 a model has no schedule: the subscription has it.
 *
 * @see https://docs.segmentapis.com/tag/Reverse-ETL (read 2026-11) and the official SDKs 73.2.0 (2026-08)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import * as Schema from "effect/Schema"
import * as Paging from "./internal/paging.ts"
import { Pagination } from "./SegmentApi.ts"

/** A model. The vendor documents all fields as required; the adapter requires the ids. */
export const Model = Wire.withUnread(
  Schema.Struct({
    id: VendorId,
    /** The source that the model reads: a start names it too. */
    sourceId: VendorId,
    name: Wire.text,
    description: Wire.text,
    enabled: Wire.flag,
    /** SQL in the warehouse's dialect. */
    query: Wire.text,
    /** The column that identifies a row. */
    queryIdentifierColumn: Wire.text,
  }),
)
export interface Model extends Schema.Schema.Type<typeof Model> {}

const productLimits = "Segment docs, Reverse ETL system page"

const Query = Schema.String.check(
  Schema.isMaxLength(65_535, { expected: `a query of at most 65535 characters (${productLimits})` }),
)
const IdentifierColumn = Schema.String.check(
  Schema.isMaxLength(191, { expected: `a column name of at most 191 characters (${productLimits})` }),
)

/** `GET /reverse-etl-models`. */
export const ListModelsQuery = Paging.Query
export interface ListModelsQuery extends Schema.Schema.Type<typeof ListModelsQuery> {}

/** A page of models; its key is `models`. */
export const Models = Schema.Struct({ models: Wire.entries(Model), pagination: Schema.optionalKey(Pagination) })
export interface Models extends Schema.Schema.Type<typeof Models> {}

/** The answer to a listing of models. */
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
export interface CreateModelRequest extends Schema.Schema.Type<typeof CreateModelRequest> {}

/** `PATCH /reverse-etl-models/{modelId}`: what is absent stays as it is. The source cannot be changed. */
export const UpdateModelRequest = Schema.Struct({
  name: Input.optional(Schema.String),
  description: Input.optional(Schema.String),
  enabled: Input.optional(Schema.Boolean),
  /** At most 65,535 characters. */
  query: Input.optional(Query),
  /** At most 191 characters. */
  queryIdentifierColumn: Input.optional(IdentifierColumn),
})
export interface UpdateModelRequest extends Schema.Schema.Type<typeof UpdateModelRequest> {}

/** The answer to a read, a creation and an update. */
export const ModelResponse = Schema.Struct({ data: Schema.Struct({ reverseEtlModel: Model }) })
