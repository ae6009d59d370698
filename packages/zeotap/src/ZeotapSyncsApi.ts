/**
 * Syncs on the wire, as they are configured: the requests, with their bounds, and the answers of writes. `ZeotapApi` has the
 * sync itself.
 *
 * @see https://composable-docs.zeotap.com/api-reference/syncs/ (read 2026-11)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import * as Schema from "effect/Schema"
import { listOf, Sync, syncFields } from "./ZeotapApi.ts"

/** The answer of `GET .../syncs`. */
export const ListSyncsResponse = listOf(Sync)

const Text = Schema.String.check(Schema.isMinLength(1, { expected: "a text that is not empty" }))

/** One column, to one field. It has the documented keys alone: the form of a field transform is not documented. */
export const NewFieldMapping = Schema.Struct({
  source_column: Text,
  destination_field: Text,
  /** A conversion, as in `number`, the only one that the documents show. */
  type_cast: Input.optional(Text),
})
export type NewFieldMapping = typeof NewFieldMapping.Type

/** What becomes of rows at the destination. Which modes are allowed depends on the destination. */
export const SyncMode = Schema.Literals(["upsert", "insert", "update", "mirror"])
export type SyncMode = typeof SyncMode.Type

/** One field of a cron expression: `*`, numbers, ranges and lists of them, each with a step. */
const cronField = (number: string) => {
  const entry = `(?:\\*|(?:${number})(?:-(?:${number}))?)(?:/[1-9]\\d?)?`
  return `${entry}(?:,${entry})*`
}

const cronFields = ["[1-5]?\\d", "1?\\d|2[0-3]", "[1-9]|[12]\\d|3[01]", "[1-9]|1[0-2]", "[0-6]"].map(cronField)

/** Five fields: minute, hour, day of the month, month, day of the week, where 0 is Sunday. Source: the scheduling page. */
export const Cron = Schema.String.check(
  Schema.isPattern(new RegExp(`^${cronFields.join(" ")}$`), {
    expected:
      "a cron expression of five fields: minute, hour, day of the month, month, day of the week (0 is Sunday), " +
      "of numbers and * , - / (Zeotap's scheduling page)",
  }),
)

const description = Input.optional(Schema.String)

const fieldMapping = Schema.Array(NewFieldMapping).check(Schema.isMinLength(1, { expected: "at least one column" }))

const config = Input.optional(Input.JsonObject)

/** The body of `POST .../syncs`. It has no `status`: the status of a new sync is not documented. */
export const CreateSyncRequest = Schema.Struct({
  name: Text,
  description,
  model_id: VendorId,
  destination_id: VendorId,
  /** At least one column. */
  field_mapping: fieldMapping,
  sync_mode: SyncMode,
  /** The one column that identifies a row, though models may have several. */
  primary_key: Text,
  /** Any JSON: its form depends on the destination and is not documented. */
  config,
  schedule: Input.optional(Cron),
})
export interface CreateSyncRequest extends Schema.Schema.Type<typeof CreateSyncRequest> {}

/** The body of `PUT .../syncs/{sync}`: the fields to change, at least one; absent fields stay as they are. */
export const UpdateSyncRequest = Schema.Struct({
  name: Input.optional(Text),
  description,
  model_id: Input.optional(VendorId),
  destination_id: Input.optional(VendorId),
  /** Replaces the whole mapping. */
  field_mapping: Input.optional(fieldMapping),
  sync_mode: Input.optional(SyncMode),
  primary_key: Input.optional(Text),
  config,
  /**
   * A cron expression; an empty text or null to remove the schedule. Which of the two removes it is not documented, and
   * the other may do nothing.
   */
  schedule: Input.optional(Schema.NullOr(Schema.Union([Schema.Literal(""), Cron]))),
  /** `active` also ends a draft. The documents show only `paused`. */
  status: Input.optional(Schema.Literals(["active", "paused"])),
}).check(Schema.makeFilter((request: object) => Object.keys(request).length > 0, { expected: "at least one field" }))
export interface UpdateSyncRequest extends Schema.Schema.Type<typeof UpdateSyncRequest> {}

const writtenFields = { ...syncFields, id: Wire.lenient(VendorId) }

/** What a write's answer shows of the sync. */
export const WrittenSync = Wire.withUnread(Schema.Struct(writtenFields))
export interface WrittenSync extends Schema.Schema.Type<typeof WrittenSync> {}

/**
 * The answer of a create and of an update, which the documents do not show: the sync, its id alone, either of them in
 * `data`, or nothing.
 */
export const WriteSyncResponse = Schema.Struct({ ...writtenFields, data: Wire.lenient(WrittenSync) })
export interface WriteSyncResponse extends Schema.Schema.Type<typeof WriteSyncResponse> {}
