/**
 * RudderStack's Reverse ETL sources on the wire: a query or a table of a warehouse, and previews of what a query yields.
 *
 * Not on the public page. The shapes are those of the vendor's own client, `rudder-iac`, `api/client/retl` at `dfdfe26`
 * (2026-08-23). Nothing here was seen live.
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import * as Schema from "effect/Schema"
import { Text, WholeFromOne } from "./internal/fields.ts"
import { Paging } from "./RudderStackApi.ts"

/** `model`: an SQL query; `table`: a table of a warehouse, or files in S3. */
export const SourceType = Schema.Literals(["model", "table"])
export type SourceType = typeof SourceType.Type

/** An SQL query. `primaryKey` identifies its rows. */
export const ModelConfig = Schema.Struct({
  primaryKey: Text,
  sql: Text,
  description: Input.optional(Schema.String),
})
export interface ModelConfig extends Schema.Schema.Type<typeof ModelConfig> {}

/** A table of a warehouse. `primaryKey` identifies its rows. */
export const TableConfig = Schema.Struct({ primaryKey: Text, schema: Text, table: Text })
export interface TableConfig extends Schema.Schema.Type<typeof TableConfig> {}

/** Files of a bucket. They have no primary key. */
export const S3TableConfig = Schema.Struct({ bucketName: Text, objectPrefix: Input.optional(Schema.String) })
export interface S3TableConfig extends Schema.Schema.Type<typeof S3TableConfig> {}

const newFields = {
  name: Text,
  /** The account that holds the warehouse's credentials. */
  accountId: VendorId,
  enabled: Schema.Boolean,
  /** The id that the source has in a tool of yours. */
  externalId: Input.optional(Text),
}

const Warehouse = Text.check(
  Schema.makeFilter((name: string) => name !== "s3", {
    expected: "a warehouse: a table on s3 has a bucket instead",
  }),
)

/** The body of `POST /v2/retl-sources`. `sourceDefinitionName` is the kind of warehouse: `postgres`, `snowflake`, `s3`. */
export const CreateSourceRequest = Schema.Union([
  Schema.Struct({
    ...newFields,
    sourceType: Schema.Literal("model"),
    sourceDefinitionName: Text,
    config: ModelConfig,
  }),
  Schema.Struct({
    ...newFields,
    sourceType: Schema.Literal("table"),
    sourceDefinitionName: Schema.Literal("s3"),
    config: S3TableConfig,
  }),
  Schema.Struct({
    ...newFields,
    sourceType: Schema.Literal("table"),
    sourceDefinitionName: Warehouse,
    config: TableConfig,
  }),
]).annotate({ expected: "sourceType model or table, with the config of that type" })
export type CreateSourceRequest = typeof CreateSourceRequest.Type

/**
 * The body of `PUT /v2/retl-sources/{id}`. All fields are required: what the absence of one means is not known, and the
 * vendor's own client always sends all. The type of a source cannot change, and `config` has to be of that type.
 */
export const UpdateSourceRequest = Schema.Struct({
  name: Text,
  config: Schema.Union([ModelConfig, TableConfig, S3TableConfig]),
  enabled: Schema.Boolean,
  accountId: VendorId,
})
export interface UpdateSourceRequest extends Schema.Schema.Type<typeof UpdateSourceRequest> {}

/** The query of `GET /v2/retl-sources`. The list has no pages. */
export const ListSourcesQuery = Schema.Struct({
  sourceType: Input.optional(SourceType),
  hasExternalId: Input.optional(Schema.Boolean),
})
export interface ListSourcesQuery extends Schema.Schema.Type<typeof ListSourcesQuery> {}

/**
 * What rows come from. The source's type decides which fields there are; fields that this version does not list are kept as
 * they are.
 */
export const SourceConfig = Schema.StructWithRest(
  Schema.Struct({
    primaryKey: Wire.text,
    sql: Wire.text,
    description: Wire.text,
    schema: Wire.text,
    table: Wire.text,
    bucketName: Wire.text,
    objectPrefix: Wire.text,
  }),
  [Schema.Record(Schema.String, Schema.Unknown)],
)
export interface SourceConfig extends Schema.Schema.Type<typeof SourceConfig> {}

/** A source. */
export const Source = Schema.Struct({
  id: VendorId,
  name: Wire.text,
  /** May be absent in lists. */
  config: Wire.lenient(SourceConfig),
  enabled: Wire.flag,
  /** `model`, `table`, or a new word. */
  sourceType: Wire.text,
  /** The kind of warehouse. */
  sourceDefinitionName: Wire.text,
  accountId: Wire.text,
  externalId: Wire.text,
  workspaceId: Wire.text,
  createdAt: Wire.text,
  updatedAt: Wire.text,
})
export interface Source extends Schema.Schema.Type<typeof Source> {}

/** The answer of `GET /v2/retl-sources`. */
export const ListSourcesResponse = Schema.Struct({
  data: Schema.NullOr(Wire.entries(Source)),
  /** Not documented for this list, which comes whole. */
  paging: Wire.lenient(Paging),
})
export interface ListSourcesResponse extends Schema.Schema.Type<typeof ListSourcesResponse> {}

/** The body of `POST /v2/retl-sources/preview`. The default and the maximum of `limit` are not known. */
export const SubmitPreviewRequest = Schema.Struct({
  accountId: VendorId,
  sql: Text,
  /** The most rows to preview. */
  limit: Input.optional(WholeFromOne),
})
export interface SubmitPreviewRequest extends Schema.Schema.Type<typeof SubmitPreviewRequest> {}

/** The answer of `POST /v2/retl-sources/preview`: the id of the preview. */
export const SubmitPreviewResponse = Schema.Struct({ id: VendorId })
export interface SubmitPreviewResponse extends Schema.Schema.Type<typeof SubmitPreviewResponse> {}

/** The answer of `GET /v2/retl-sources/preview/{id}`. */
export const Preview = Schema.Struct({
  /** `pending`, `completed`, `failed`, or a new word. */
  status: Schema.String,
  /** Rows of the warehouse as they are: they may be personal data. */
  rows: Wire.lenient(Schema.Array(Schema.Record(Schema.String, Schema.Unknown))),
  error: Wire.text,
})
export interface Preview extends Schema.Schema.Type<typeof Preview> {}
