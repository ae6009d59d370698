/**
 * RudderStack's connections on the wire: what makes one, and all of what is read of one.
 *
 * Not on the public page. The shapes are those of the vendor's own client, `rudder-iac`, `api/client/retl` at `dfdfe26`
 * (2026-08-23); its newer versions (2026-09) tell some of the rules. Nothing here was seen live.
 */

import { answer, toSchema } from "@openretl/core/driver/schema/Reader"
import * as Wire from "@openretl/core/driver/schema/Wire"
import { VendorId } from "@openretl/core/schema/Ref"
import * as Schema from "effect/Schema"
import { Text } from "./internal/fields.ts"
import * as Api from "./RudderStackApi.ts"

/** What becomes of rows: new and changed ones, also those that are gone, or all of them each time. British spelling. */
export const SyncBehaviour = Schema.Literals(["upsert", "mirror", "full"])
export type SyncBehaviour = typeof SyncBehaviour.Type

/** A column, and the field it goes to. */
export const Mapping = Schema.Struct({ from: Text, to: Text })
export type Mapping = typeof Mapping.Type

/** Where the vendor keeps the object that rows go to: no constant may have this key (rudder-iac, 2026-09). */
const reservedKey = "context.mappedToDestination"

/** A value that every row gets. */
export const Constant = Schema.Struct({
  key: Text.check(
    Schema.makeFilter(
      (key: string) => key !== reservedKey || `Expected another key than ${reservedKey}: it is reserved`,
    ),
  ),
  value: Schema.String,
})
export type Constant = typeof Constant.Type

/** An event for each row; the name is fixed, or comes from a column. */
export const Event = Schema.Struct({
  type: Schema.Literals(["identify", "track"]),
  name: Schema.optionalKey(Text),
  nameColumn: Schema.optionalKey(Text),
}).check(
  Schema.makeFilter(({ name, nameColumn }) =>
    name !== undefined && nameColumn !== undefined
      ? { path: ["nameColumn"], issue: "Expected name or nameColumn, found both" }
      : undefined,
  ),
)
export type Event = typeof Event.Type

/** The floor of the web application and of the vendor's Terraform provider. */
const minMinutes = 5

const EveryMinutes = Schema.Number.check(
  Schema.makeFilter(
    (value: number) =>
      (Number.isSafeInteger(value) && value >= minMinutes) ||
      `Expected whole minutes from ${minMinutes}, the floor of RudderStack's web application and Terraform provider`,
  ),
)

/** Kept by the vendor as it is, without being read: here only the number of fields is looked at. */
const CronExpression = Schema.String.check(
  Schema.isPattern(/^\S+(?: +\S+){4}$/, { expected: "a cron expression of five fields, as in 0 */6 * * *" }),
)

/** When a connection runs by itself: each type has exactly its own field. */
export const Schedule = Schema.Union([
  Schema.Struct({ type: Schema.Literal("manual") }),
  Schema.Struct({ type: Schema.Literal("basic"), everyMinutes: EveryMinutes }),
  Schema.Struct({ type: Schema.Literal("cron"), cronExpression: CronExpression }),
]).annotate({ expected: "manual, basic with everyMinutes, or cron with cronExpression" })
export type Schedule = typeof Schedule.Type

const Count = Schema.Number.check(
  Schema.makeFilter((value: number) => (Number.isSafeInteger(value) && value >= 0) || "Expected a whole number from 0"),
)

export const SyncSettings = Schema.Struct({
  syncLogsConfig: Schema.optionalKey(
    Schema.Struct({
      enabled: Schema.optionalKey(Schema.Boolean),
      logRetentionInDays: Schema.optionalKey(Count),
      snapshotsToRetain: Schema.optionalKey(Count),
    }),
  ),
  failedKeysConfig: Schema.optionalKey(Schema.Struct({ enableFailedKeysRetry: Schema.optionalKey(Schema.Boolean) })),
})
export type SyncSettings = typeof SyncSettings.Type

/** The fields of a create, each by itself. */
export const createFields = Schema.Struct({
  sourceId: VendorId,
  destinationId: VendorId,
  /**
   * Whether it can run. The vendor takes its absence for true, so that a schedule would fire at once: it is required
   * here.
   */
  enabled: Schema.Boolean,
  externalId: Schema.optionalKey(Text),
  schedule: Schedule,
  /** The vendor's defaults where absent. */
  syncSettings: Schema.optionalKey(SyncSettings),
  /** The vendor takes its absence for `upsert`. */
  syncBehaviour: Schema.optionalKey(SyncBehaviour),
  /** The columns that identify a row: the vendor's clients always send at least one. */
  identifiers: Schema.Array(Mapping).check(Schema.isMinLength(1, { expected: "at least one identifier" })),
  mappings: Schema.optionalKey(Schema.Array(Mapping)),
  /** For destinations that take events. */
  event: Schema.optionalKey(Event),
  /** Only with `event`. */
  constants: Schema.optionalKey(Schema.Array(Constant)),
  /** The column that tells what changed; only with `upsert`. */
  cursorColumn: Schema.optionalKey(Text),
  /** The object that rows go to, for destinations that have objects. */
  object: Schema.optionalKey(Text),
  /** Whatever the destination wants to know: `{ audienceId: 42 }`. */
  destinationConfig: Schema.optionalKey(Schema.Json),
})

/** As much of a create as its rules look at, whatever else is wrong with it. */
export const Outline = Schema.Struct({
  syncBehaviour: Wire.text,
  identifiers: Wire.lenient(Schema.Array(Schema.Struct({ to: Wire.text }))),
  event: Schema.optionalKey(Schema.Unknown),
  constants: Schema.optionalKey(Schema.Unknown),
  cursorColumn: Schema.optionalKey(Schema.Unknown),
  object: Schema.optionalKey(Schema.Unknown),
})
export type Outline = typeof Outline.Type

interface Problem {
  readonly path: ReadonlyArray<PropertyKey>
  readonly issue: string
}

/** The rules between the fields of a create that it breaks. */
export const brokenRules = (request: Outline): ReadonlyArray<Problem> => [
  ...(request.event === undefined ? [] : eventProblems(request)),
  ...(request.object === undefined ? [] : objectProblems(request)),
  ...(request.constants !== undefined && request.event === undefined
    ? [{ path: ["constants"], issue: "Expected no constants without an event" }]
    : []),
  ...(request.cursorColumn !== undefined && (request.syncBehaviour ?? "upsert") !== "upsert"
    ? [{ path: ["cursorColumn"], issue: "Expected no cursorColumn unless syncBehaviour is upsert" }]
    : []),
]

/** Rules of what the vendor calls the JSON mapper. */
const eventProblems = ({ identifiers = [], syncBehaviour }: Outline): ReadonlyArray<Problem> => [
  ...identifiers.flatMap(({ to }, index) =>
    to === undefined || to === "user_id" || to === "anonymous_id"
      ? []
      : [{ path: ["identifiers", index, "to"], issue: "Expected user_id or anonymous_id, for events" }],
  ),
  ...(syncBehaviour === "mirror" ? [{ path: ["syncBehaviour"], issue: "Expected upsert or full, for events" }] : []),
]

/** Rules of what the vendor calls object mapping. */
const objectProblems = ({ identifiers, event }: Outline): ReadonlyArray<Problem> => [
  ...(identifiers === undefined || identifiers.length <= 1
    ? []
    : [{ path: ["identifiers"], issue: "Expected one identifier, for an object" }]),
  ...(event === undefined ? [] : [{ path: ["event"], issue: "Expected an event or an object, found both" }]),
]

/**
 * `POST /v2/retl-connections`. The vendor finds out by itself whether rows become events (`event`), records of an object
 * (`object`), or what else the destination takes; its rules for the first two are checked here.
 */
export const CreateConnectionRequest = createFields.check(
  Schema.makeFilter((request: typeof createFields.Type) => brokenRules(request)),
)
export type CreateConnectionRequest = typeof CreateConnectionRequest.Type

/**
 * `PUT /v2/retl-connections/{id}`: what is absent stays as it is, and an empty list clears. `schedule` is always sent.
 * Nothing else of a connection can be changed.
 */
export const UpdateConnectionRequest = Schema.Struct({
  schedule: Schedule,
  enabled: Schema.optionalKey(Schema.Boolean),
  syncSettings: Schema.optionalKey(SyncSettings),
  mappings: Schema.optionalKey(Schema.Array(Mapping)),
  constants: Schema.optionalKey(Schema.Array(Constant)),
  identifiers: Schema.optionalKey(Schema.Array(Mapping)),
})
export type UpdateConnectionRequest = typeof UpdateConnectionRequest.Type

/** The same with the connection's own schedule, sent back as it was read: the vendor has it, whatever the bounds are here. */
export const KeepScheduleRequest = Schema.Struct({
  ...UpdateConnectionRequest.fields,
  schedule: Schema.Record(Schema.String, Schema.Json),
})
export type KeepScheduleRequest = typeof KeepScheduleRequest.Type

/** `PUT .../external-id`, of a connection or a source: the id that it has in a tool of yours. */
export const SetExternalIdRequest = Schema.Struct({ externalId: Text })
export type SetExternalIdRequest = typeof SetExternalIdRequest.Type

/** Of an entry that is something else than a column and a field, what is missing is absent. */
const MappingsAnswer = Wire.lenient(Schema.Array(Schema.Struct({ from: Wire.text, to: Wire.text })))

/** A connection, all of it. */
export const Connection = Schema.Struct({
  id: VendorId,
  sourceId: Wire.text,
  destinationId: Wire.text,
  enabled: Wire.flag,
  /** What a type to come holds besides is kept: it is sent back with every change. */
  schedule: Wire.lenient(
    Schema.StructWithRest(Schema.Struct({ type: Wire.text, everyMinutes: Wire.count, cronExpression: Wire.text }), [
      Schema.Record(Schema.String, Schema.Unknown),
    ]),
  ),
  externalId: Wire.text,
  syncSettings: Wire.object({
    syncLogsConfig: Wire.object({
      enabled: Wire.flag,
      logRetentionInDays: Wire.count,
      snapshotsToRetain: Wire.count,
    }),
    failedKeysConfig: Wire.object({ enableFailedKeysRetry: Wire.flag }),
  }),
  /** `upsert`, `mirror`, `full`, or a word to come. */
  syncBehaviour: Wire.text,
  identifiers: MappingsAnswer,
  /** Absent where there are none. */
  mappings: MappingsAnswer,
  event: Wire.object({ type: Wire.text, name: Wire.text, nameColumn: Wire.text }),
  constants: Wire.lenient(Schema.Array(Schema.Struct({ key: Wire.text, value: Wire.text }))),
  cursorColumn: Wire.text,
  /** Empty where rows become events. */
  object: Wire.text,
  destinationConfig: Schema.optionalKey(Schema.Unknown),
  createdAt: Wire.text,
  updatedAt: Wire.text,
})
export type Connection = typeof Connection.Type

/** The same as a reader. */
export const connection = answer(Connection)

export const ListConnectionsResponse = Schema.Struct({
  data: Schema.NullOr(Schema.Array(Connection)),
  paging: Wire.lenient(toSchema(Api.paging)),
})
export type ListConnectionsResponse = typeof ListConnectionsResponse.Type
