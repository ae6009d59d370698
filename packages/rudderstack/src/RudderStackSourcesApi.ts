/**
 * RudderStack's Reverse ETL sources on the wire: a query or a table of a warehouse, and a look at what a query yields.
 *
 * Not on the public page. The shapes are those of the vendor's own client, `rudder-iac`, `api/client/retl` at `dfdfe26`
 * (2026-08-23). Nothing here was seen live.
 */

import { answer } from "@openretl/core/driver/schema/Reader"
import * as Wire from "@openretl/core/driver/schema/Wire"
import { VendorId } from "@openretl/core/schema/Ref"
import * as Schema from "effect/Schema"
import { Text, WholeFromOne } from "./internal/fields.ts"

/** `model`: an SQL query; `table`: a table of a warehouse, or files in S3. */
export const SourceType = Schema.Literals(["model", "table"])
export type SourceType = typeof SourceType.Type

/** An SQL query whose rows `primaryKey` tells apart. */
export const ModelConfig = Schema.Struct({
  primaryKey: Text,
  sql: Text,
  description: Schema.optionalKey(Schema.String),
})
export type ModelConfig = typeof ModelConfig.Type

export const TableConfig = Schema.Struct({ primaryKey: Text, schema: Text, table: Text })
export type TableConfig = typeof TableConfig.Type

/** Files of a bucket: here there is no primary key. */
export const S3TableConfig = Schema.Struct({ bucketName: Text, objectPrefix: Schema.optionalKey(Schema.String) })
export type S3TableConfig = typeof S3TableConfig.Type

const created = {
  name: Text,
  /** The account that holds the warehouse's credentials. */
  accountId: VendorId,
  enabled: Schema.Boolean,
  externalId: Schema.optionalKey(Text),
}

const warehouse = Text.check(
  Schema.makeFilter((name: string) => name !== "s3" || "Expected a warehouse: a table on s3 has a bucket instead"),
)

/** `POST /v2/retl-sources`. `sourceDefinitionName` is the kind of warehouse: `postgres`, `snowflake`, `s3`. */
export const CreateSourceRequest = Schema.Union([
  Schema.Struct({
    ...created,
    sourceType: Schema.Literal("model"),
    sourceDefinitionName: Text,
    config: ModelConfig,
  }),
  Schema.Struct({
    ...created,
    sourceType: Schema.Literal("table"),
    sourceDefinitionName: Schema.Literal("s3"),
    config: S3TableConfig,
  }),
  Schema.Struct({
    ...created,
    sourceType: Schema.Literal("table"),
    sourceDefinitionName: warehouse,
    config: TableConfig,
  }),
]).annotate({ expected: "sourceType model or table, with the config of that type" })
export type CreateSourceRequest = typeof CreateSourceRequest.Type

/**
 * `PUT /v2/retl-sources/{id}`: all of it, since what absence means is not known; the vendor's own client always sends
 * all. The type of a source stays what it is, and `config` has to be of that type.
 */
export const UpdateSourceRequest = Schema.Struct({
  name: Text,
  config: Schema.Union([ModelConfig, TableConfig, S3TableConfig]),
  enabled: Schema.Boolean,
  accountId: VendorId,
})
export type UpdateSourceRequest = typeof UpdateSourceRequest.Type

/** `GET /v2/retl-sources`. It has no pages. */
export const ListSourcesQuery = Schema.Struct({
  sourceType: Schema.optional(SourceType),
  hasExternalId: Schema.optional(Schema.Boolean),
})
export type ListSourcesQuery = typeof ListSourcesQuery.Type

/**
 * What rows come from. Which fields there are depends on the source's type; those that this version does not know are
 * kept as they are.
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
export type SourceConfig = typeof SourceConfig.Type

export const Source = Schema.Struct({
  id: VendorId,
  name: Wire.text,
  /** May be absent in lists. */
  config: Wire.lenient(SourceConfig),
  enabled: Wire.flag,
  /** `model`, `table`, or a word to come. */
  sourceType: Wire.text,
  sourceDefinitionName: Wire.text,
  accountId: Wire.text,
  externalId: Wire.text,
  workspaceId: Wire.text,
  createdAt: Wire.text,
  updatedAt: Wire.text,
})
export type Source = typeof Source.Type

/** The same as a reader. */
export const source = answer(Source)

export const ListSourcesResponse = Schema.Struct({ data: Schema.NullOr(Schema.Array(Source)) })
export type ListSourcesResponse = typeof ListSourcesResponse.Type

/** `POST /v2/retl-sources/preview`. What an absent `limit` means, and the most that is allowed, are not known. */
export const SubmitPreviewRequest = Schema.Struct({
  accountId: VendorId,
  sql: Text,
  limit: Schema.optionalKey(WholeFromOne),
})
export type SubmitPreviewRequest = typeof SubmitPreviewRequest.Type

export const SubmitPreviewResponse = Schema.Struct({ id: VendorId })
export type SubmitPreviewResponse = typeof SubmitPreviewResponse.Type

/** `GET /v2/retl-sources/preview/{id}`. */
export const Preview = Schema.Struct({
  /** `pending`, `completed`, `failed`, or a word to come. */
  status: Schema.String,
  /** Rows of the warehouse as they are: they may be personal data. */
  rows: Wire.lenient(Schema.Array(Schema.Record(Schema.String, Schema.Unknown))),
  error: Wire.text,
})
export type Preview = typeof Preview.Type
