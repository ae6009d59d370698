/**
 * RudderStack's connections on the wire: the requests that create and change one, and all fields of the answers.
 *
 * Not on the public page. The shapes are those of the vendor's own client, `rudder-iac`, `api/client/retl` at `dfdfe26`
 * (2026-08-23); its newer versions (2026-09) show some of the rules. Nothing here was seen live.
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import * as CoreSchedule from "@openretl/core/Schedule"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { notReserved, withRules } from "./internal/connectionRules.ts"
import { Text } from "./internal/fields.ts"
import { forms } from "./internal/scheduleForms.ts"
import { Paging } from "./RudderStackApi.ts"

/**
 * What a run does with rows: `upsert` sends new and changed ones, `mirror` also removes those that are gone, `full` sends
 * all of them each time. The vendor spells it the British way.
 */
export const SyncBehaviour = Schema.Literals(["upsert", "mirror", "full"])
export type SyncBehaviour = typeof SyncBehaviour.Type

/** A column, and the field that it fills. */
export const Mapping = Schema.Struct({ from: Text, to: Text })
export interface Mapping extends Schema.Schema.Type<typeof Mapping> {}

/**
 * A column, and the field that it fills beside the identifiers. RudderStack reserves `user_id` for identifiers: it would
 * move such a mapping there, or drop it.
 */
const FieldMapping = Schema.Struct({ from: Text, to: Text.check(notReserved) })

/** The columns that identify a row: the vendor's clients always send at least one. */
const Identifiers = Schema.Array(Mapping).check(Schema.isMinLength(1, { expected: "at least one identifier" }))

/** Where the vendor keeps the object that rows go to: no constant may have this key (rudder-iac, 2026-09). */
const reservedKey = "context.mappedToDestination"

/** A value that every row gets. */
export const Constant = Schema.Struct({
  key: Text.check(
    Schema.makeFilter((key: string) => key !== reservedKey, {
      expected: `another key than ${reservedKey}: it is reserved`,
    }),
  ),
  value: Text,
})
export interface Constant extends Schema.Schema.Type<typeof Constant> {}

/** The event that each row becomes; its name is fixed, or comes from a column. */
export const Event = Schema.Struct({
  type: Schema.Literals(["identify", "track"]),
  name: Input.optional(Text),
  nameColumn: Input.optional(Text),
}).check(
  Schema.makeFilter(({ name, nameColumn }) =>
    name !== undefined && nameColumn !== undefined
      ? { path: ["nameColumn"], issue: "Expected name or nameColumn, found both" }
      : undefined,
  ),
)
export interface Event extends Schema.Schema.Type<typeof Event> {}

const verify = (schedule: CoreSchedule.Schedule) => CoreSchedule.problems(schedule, forms)[0]?.message

const EveryMinutes = Schema.Number.check(
  Schema.makeFilter(
    (minutes: number) =>
      verify(CoreSchedule.every(Duration.minutes(minutes))) ??
      // An answer with a larger one could not be read.
      (Number.isSafeInteger(minutes) ? undefined : "Expected at most 2^53 - 1 minutes"),
  ),
)

/** The vendor stores an expression without reading it, blanks included, and does not enforce its floor. */
const CronExpression = Schema.String.check(
  Schema.isPattern(/^\S+(?: +\S+)*$/, { expected: "a cron expression without blanks around it, as in 0 */6 * * *" }),
  Schema.makeFilter((expression: string) => verify(CoreSchedule.cron(expression))),
)

/**
 * When a connection runs by itself: each type has exactly its own field. `everyMinutes` is 5 or more, and so are the minutes
 * between two firings of an expression, which is read in UTC.
 */
export const Schedule = Schema.Union([
  Schema.Struct({ type: Schema.Literal("manual") }),
  Schema.Struct({ type: Schema.Literal("basic"), everyMinutes: EveryMinutes }),
  Schema.Struct({ type: Schema.Literal("cron"), cronExpression: CronExpression }),
]).annotate({ expected: "manual, basic with everyMinutes, or cron with cronExpression" })
export type Schedule = typeof Schedule.Type

const Count = Input.wholeNumber(0)

/** What RudderStack keeps of the runs of a connection. */
export const SyncSettings = Schema.Struct({
  syncLogsConfig: Input.optional(
    Schema.Struct({
      enabled: Input.optional(Schema.Boolean),
      logRetentionInDays: Input.optional(Count),
      snapshotsToRetain: Input.optional(Count),
    }),
  ),
  failedKeysConfig: Input.optional(Schema.Struct({ enableFailedKeysRetry: Input.optional(Schema.Boolean) })),
})
export interface SyncSettings extends Schema.Schema.Type<typeof SyncSettings> {}

const newFields = {
  sourceId: VendorId,
  destinationId: VendorId,
  /**
   * The id that the connection has in a tool of yours. The vendor's client has sent it with a create, and has set it
   * afterwards, because a create with it was refused: `Creation.create` sets it afterwards.
   */
  externalId: Input.optional(Text),
  /** @default the vendor's */
  syncSettings: Input.optional(SyncSettings),
  /** @default "upsert" */
  syncBehaviour: Input.optional(SyncBehaviour),
  /** The columns that identify a row; for an object one. */
  identifiers: Identifiers,
  /** Required with `event`. None goes to `user_id`, with `event` to `anonymous_id`, with `object` to `context.externalId[0].id`. */
  mappings: Input.optional(Schema.Array(FieldMapping)),
  /** For destinations that take events. */
  event: Input.optional(Event),
  /** Only with `event`; absent for an object. */
  constants: Input.optional(Schema.Array(Constant)),
  /** The column that shows what changed; only with `upsert`. */
  cursorColumn: Input.optional(Text),
  /** The object that rows go to, for destinations that have objects. The vendor compares it exactly. */
  object: Input.optional(
    Text.check(
      Schema.makeFilter((object: string) => object.trim() === object, {
        expected: "an object without blanks around it (RudderStack's own client, rudder-iac)",
      }),
    ),
  ),
  /** The settings that the destination needs, as in `{ audienceId: 42 }`. */
  destinationConfig: Input.optional(Input.AnyJson),
}

/**
 * A new connection, without its switch and its schedule. The vendor decides by itself whether rows become events (`event`),
 * records of an object (`object`), or what else the destination takes; its rules for the first two are verified here.
 */
export const NewConnection = withRules(Schema.Struct(newFields))
export interface NewConnection extends Schema.Schema.Type<typeof NewConnection> {}

/** The body of `POST /v2/retl-connections`: a new connection with its switch and its schedule. */
export const CreateConnectionRequest = withRules(
  Schema.Struct({
    ...newFields,
    /**
     * Whether the connection can run. The vendor takes its absence for true, so that a schedule would fire at once: it is
     * required here.
     */
    enabled: Schema.Boolean,
    schedule: Schedule,
  }),
)
export interface CreateConnectionRequest extends Schema.Schema.Type<typeof CreateConnectionRequest> {}

const changedFields = {
  syncSettings: Input.optional(SyncSettings),
  mappings: Input.optional(Schema.Array(FieldMapping)),
  constants: Input.optional(Schema.Array(Constant)),
  identifiers: Input.optional(Identifiers),
}

/**
 * The change of a connection, without its switch and its schedule. Absent fields stay as they are; an empty list clears.
 * `externalId` is set by a request of its own, `PUT .../external-id`.
 */
export const ConnectionChange = Schema.Struct({ ...changedFields, externalId: Input.optional(Text) })
export interface ConnectionChange extends Schema.Schema.Type<typeof ConnectionChange> {}

/**
 * The body of `PUT /v2/retl-connections/{id}`. Absent fields stay as they are; an empty list clears. `schedule` is required.
 * No other field of a connection can be changed.
 */
export const UpdateConnectionRequest = Schema.Struct({
  schedule: Schedule,
  enabled: Input.optional(Schema.Boolean),
  ...changedFields,
})
export interface UpdateConnectionRequest extends Schema.Schema.Type<typeof UpdateConnectionRequest> {}

/**
 * The same, with the schedule that the connection has, as it was read: the vendor accepted it before, whatever the bounds
 * are here.
 */
export const KeepScheduleRequest = Schema.Struct({
  ...UpdateConnectionRequest.fields,
  schedule: Schema.Record(Schema.String, Schema.Json),
})
export interface KeepScheduleRequest extends Schema.Schema.Type<typeof KeepScheduleRequest> {}

/** The body of `PUT .../external-id`, for a connection or a source: the id that it has in a tool of yours. */
export const SetExternalIdRequest = Schema.Struct({ externalId: Text })
export interface SetExternalIdRequest extends Schema.Schema.Type<typeof SetExternalIdRequest> {}

/** An entry may be something else than a column and a field: then one of them is absent. */
const AnsweredMappings = Wire.lenient(Wire.entries(Wire.withUnread(Schema.Struct({ from: Wire.text, to: Wire.text }))))

/** A connection, with all its fields. */
export const Connection = Wire.withUnread(
  Schema.Struct({
    id: VendorId,
    sourceId: Wire.text,
    destinationId: Wire.text,
    enabled: Wire.flag,
    /** The fields of a new type are kept, because every change sends the schedule back. */
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
    /** `upsert`, `mirror`, `full`, or a new word. */
    syncBehaviour: Wire.text,
    identifiers: AnsweredMappings,
    /** Absent where there are none. */
    mappings: AnsweredMappings,
    event: Wire.lenient(Wire.withUnread(Schema.Struct({ type: Wire.text, name: Wire.text, nameColumn: Wire.text }))),
    /** Absent where there are none. */
    constants: Wire.lenient(Wire.entries(Wire.withUnread(Schema.Struct({ key: Wire.text, value: Wire.text })))),
    cursorColumn: Wire.text,
    /** Empty where rows become events. */
    object: Wire.text,
    destinationConfig: Schema.optionalKey(Schema.Unknown),
    createdAt: Wire.text,
    updatedAt: Wire.text,
  }),
)
export interface Connection extends Schema.Schema.Type<typeof Connection> {}

/** The answer of `GET /v2/retl-connections`. */
export const ListConnectionsResponse = Schema.Struct({
  data: Schema.NullOr(Wire.entries(Connection)),
  paging: Wire.lenient(Paging),
})
export interface ListConnectionsResponse extends Schema.Schema.Type<typeof ListConnectionsResponse> {}
