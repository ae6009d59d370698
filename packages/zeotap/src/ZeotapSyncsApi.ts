/**
 * Syncs on the wire, as they are configured: what is sent, with its bounds, and what a write answers. A sync itself is in
 * `ZeotapApi`.
 *
 * @see https://composable-docs.zeotap.com/api-reference/syncs/ (read 2026-11)
 */
import * as Reader from "@openretl/core/driver/Reader"
import { VendorId } from "@openretl/core/schema/Ref"
import * as Schema from "effect/Schema"
import { id, listOf, sync, syncFields } from "./ZeotapApi.ts"

/** `GET .../syncs`. */
export const listSyncsResponse = listOf(sync)

const Text = Schema.String.check(Schema.isMinLength(1, { expected: "a text that is not empty" }))

/** One column, to one field. The documented keys alone: the form of a field transform is not documented. */
export const NewFieldMapping = Schema.Struct({
  source_column: Text,
  destination_field: Text,
  /** A conversion, as in `number`, which is the only one that is shown. */
  type_cast: Schema.optional(Text),
})
export type NewFieldMapping = typeof NewFieldMapping.Type

/** What becomes of rows at the destination; which of them one takes depends on it. */
export const SyncMode = Schema.Literals(["upsert", "insert", "update", "mirror"])
export type SyncMode = typeof SyncMode.Type

/** One field of a cron expression: `*`, numbers, ranges and lists of them, each with a step. */
const cronField = (number: string) => {
  const entry = `(?:\\*|(?:${number})(?:-(?:${number}))?)(?:/[1-9]\\d?)?`
  return `${entry}(?:,${entry})*`
}

const cronFields = ["[1-5]?\\d", "1?\\d|2[0-3]", "[1-9]|[12]\\d|3[01]", "[1-9]|1[0-2]", "[0-6]"].map(cronField)

/** Five fields: minute, hour, day of the month, month, day of the week, where 0 is Sunday. Of the scheduling page. */
export const Cron = Schema.String.check(
  Schema.isPattern(new RegExp(`^${cronFields.join(" ")}$`), {
    expected:
      "a cron expression of five fields: minute, hour, day of the month, month, day of the week (0 is Sunday), " +
      "of numbers and * , - / (Zeotap's scheduling page)",
  }),
)

const fields = {
  name: Text,
  description: Schema.optional(Schema.String),
  model_id: VendorId,
  destination_id: VendorId,
  field_mapping: Schema.Array(NewFieldMapping).check(Schema.isMinLength(1, { expected: "at least one column" })),
  sync_mode: SyncMode,
  /** The column that identifies a row: one, though models may have several. */
  primary_key: Text,
  /** Whatever the destination takes; its form is not documented. */
  config: Schema.optional(Schema.Record(Schema.String, Schema.Json)),
}

/** The body of `POST .../syncs`. There is no `status`: what a new sync starts as is not documented. */
export const CreateSyncRequest = Schema.Struct({ ...fields, schedule: Schema.optional(Cron) })
export type CreateSyncRequest = typeof CreateSyncRequest.Type

/** The body of `PUT .../syncs/{sync}`: what is to change, and nothing else; what is left out stays as it is. */
export const UpdateSyncRequest = Schema.Struct({
  name: Schema.optional(Text),
  description: Schema.optional(Schema.String),
  model_id: Schema.optional(VendorId),
  destination_id: Schema.optional(VendorId),
  /** Replaces all of it. */
  field_mapping: Schema.optional(fields.field_mapping),
  sync_mode: Schema.optional(SyncMode),
  primary_key: Schema.optional(Text),
  config: fields.config,
  /** A cron expression. How one is taken away is not documented: an empty text or null, and the other may do nothing. */
  schedule: Schema.optional(Schema.NullOr(Schema.Union([Schema.Literal(""), Cron]))),
  /** `active` also ends a draft. Only `paused` is shown. */
  status: Schema.optional(Schema.Literals(["active", "paused"])),
}).check(
  Schema.makeFilter(
    (request: object) => Object.values(request).some((value) => value !== undefined) || "Expected at least one field",
  ),
)
export type UpdateSyncRequest = typeof UpdateSyncRequest.Type

const writtenFields = { ...syncFields, id: Reader.lenient(id) }

/** As much of a sync as a write answers with. */
export const writtenSync = Reader.struct(writtenFields)
export type WrittenSync = Reader.Type<typeof writtenSync>

/** What a create and an update answer with is not shown: the sync, its id alone, either of them in `data`, or nothing. */
export const writeSyncResponse = Reader.struct({ ...writtenFields, data: Reader.lenient(writtenSync) })
export type WriteSyncResponse = Reader.Type<typeof writeSyncResponse>
