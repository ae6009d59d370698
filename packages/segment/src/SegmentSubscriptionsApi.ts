/**
 * The wire forms of a destination's subscriptions: which events trigger which action, with which settings. A
 * subscription with a model is what the app calls a mapping: a sync.
 *
 * @see https://docs.segmentapis.com/tag/Destinations (read 2026-11) and the official SDKs 73.2.0 (2026-08)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import * as CoreSchedule from "@openretl/core/Schedule"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as GoDuration from "./internal/goDuration.ts"
import * as Lenient from "./internal/lenient.ts"
import * as Paging from "./internal/paging.ts"
import { forms } from "./internal/scheduleForms.ts"
import { Pagination } from "./SegmentApi.ts"

/** A subscription. */
export const Subscription = Wire.withUnread(
  Schema.Struct({
    id: VendorId,
    name: Wire.text,
    actionId: Wire.text,
    actionSlug: Wire.text,
    destinationId: Wire.text,
    /** Absent, or empty, for a subscription to events. */
    modelId: Wire.text,
    enabled: Wire.flag,
    /** The events that it takes, in Segment's filter language (FQL): `event = "new"`. */
    trigger: Wire.text,
    /** The values of the action's fields; kept as they came. */
    settings: Lenient.record,
    /** When it runs by itself; only a mapping has one. */
    reverseETLSchedule: Wire.object({
      /** `MANUAL`, `PERIODIC`, `SPECIFIC_DAYS`, `CRON`, `DBT_CLOUD`; the docs write them in lower case. */
      strategy: Wire.text,
      /** Its form depends on the strategy; kept unchanged. */
      config: Schema.optionalKey(Schema.Unknown),
    }),
  }),
)
export interface Subscription extends Schema.Schema.Type<typeof Subscription> {}

const verify = (schedule: CoreSchedule.Schedule) => CoreSchedule.problems(schedule, forms)[0]?.message

const reverseEtlPage = "Segment Public API docs, Reverse ETL page"

const Interval = Schema.String.check(
  Schema.makeFilter((text: string) => {
    const millis = GoDuration.parse(text)
    if (millis === undefined) return "Expected a duration in Go's form, as in 15m or 3h25m30s (Segment's SDKs 73.2.0)"
    // The wire has fractions of seconds. The bounds are whole seconds.
    return verify(CoreSchedule.every(Duration.seconds(Math.floor(millis / 1000))))
  }),
)

const TimeZone = Schema.String.check(
  Schema.makeFilter(
    (name: string) =>
      (/^[A-Za-z]/.test(name) && Option.isSome(DateTime.zoneMakeNamed(name))) ||
      "Expected the IANA name of a time zone, as in America/New_York",
  ),
)

const wholeNumbers = (maximum: number, name: string) =>
  Schema.Array(
    Schema.Int.check(
      Schema.isBetween({ minimum: 0, maximum }, { expected: `${name} from 0 to ${maximum} (${reverseEtlPage})` }),
    ),
  ).check(
    Schema.isMinLength(1, { expected: `at least one ${name} (${reverseEtlPage})` }),
    Schema.isMaxLength(maximum + 1, { expected: `at most ${maximum + 1} of them (${reverseEtlPage})` }),
  )

const CronSpec = Schema.String.check(Schema.makeFilter((spec: string) => verify(CoreSchedule.cron(spec, "UTC"))))

/**
 * When a mapping runs by itself. Strategies are written in upper case, as the SDKs have them:
 * - `MANUAL`: never, and without a config;
 * - `PERIODIC`: at an interval in Go's form (`3h25m30s`), from 15 minutes (the product's bound) to less than 168 hours;
 * - `SPECIFIC_DAYS`: on these days (0 is Sunday) at these full hours;
 * - `CRON`: five fields, firings at least 15 minutes apart;
 * - `DBT_CLOUD`: after a job of dbt Cloud; in the SDKs only.
 */
export const Schedule = Schema.Union([
  Schema.Struct({ strategy: Schema.Literal("MANUAL"), config: Input.optional(Schema.Null) }),
  Schema.Struct({ strategy: Schema.Literal("PERIODIC"), config: Schema.Struct({ interval: Interval }) }),
  Schema.Struct({
    strategy: Schema.Literal("SPECIFIC_DAYS"),
    config: Schema.Struct({ days: wholeNumbers(6, "day"), hours: wholeNumbers(23, "hour"), timezone: TimeZone }),
  }),
  Schema.Struct({
    strategy: Schema.Literal("CRON"),
    config: Schema.Struct({ spec: CronSpec, timezone: TimeZone }),
  }),
  Schema.Struct({
    strategy: Schema.Literal("DBT_CLOUD"),
    config: Schema.Struct({ jobId: VendorId, accountId: VendorId }),
  }),
]).annotate({
  expected: "strategy MANUAL, PERIODIC, SPECIFIC_DAYS, CRON or DBT_CLOUD, with its config (Segment's SDKs 73.2.0)",
})
export type Schedule = typeof Schedule.Type

/** `GET /destinations/{destinationId}/subscriptions`. */
export const ListSubscriptionsQuery = Paging.Query
export interface ListSubscriptionsQuery extends Schema.Schema.Type<typeof ListSubscriptionsQuery> {}

/** A page of subscriptions. The vendor documents its `pagination` as optional. */
export const Subscriptions = Schema.Struct({
  subscriptions: Wire.entries(Subscription),
  pagination: Schema.optionalKey(Pagination),
})
export interface Subscriptions extends Schema.Schema.Type<typeof Subscriptions> {}

/** The answer to a listing of subscriptions. */
export const ListSubscriptionsResponse = Schema.Struct({ data: Subscriptions })

/** `POST /destinations/{destinationId}/subscriptions`. It cannot set a schedule: only an update can. */
export const CreateSubscriptionRequest = Schema.Struct({
  name: Schema.String,
  /** One of the destination's `metadata.actions`; it can never be changed. */
  actionId: VendorId,
  trigger: Schema.String,
  enabled: Schema.Boolean,
  settings: Input.optional(Input.JsonObject),
  /** Makes the subscription a mapping of Reverse ETL. */
  modelId: Input.optional(VendorId),
})
export interface CreateSubscriptionRequest extends Schema.Schema.Type<typeof CreateSubscriptionRequest> {}

/** The answer to a creation. Its key differs from the one in the answers to a read and an update. */
export const CreateSubscriptionResponse = Schema.Struct({
  data: Schema.Struct({ destinationSubscription: Subscription }),
})

/**
 * `PATCH /destinations/{destinationId}/subscriptions/{id}`: wrapped in `input`; what is absent stays as it is. Whether
 * `settings` are merged into the present ones, or replace them, is not documented.
 */
export const UpdateSubscriptionRequest = Schema.Struct({
  input: Schema.Struct({
    name: Input.optional(Schema.String),
    trigger: Input.optional(Schema.String),
    enabled: Input.optional(Schema.Boolean),
    settings: Input.optional(Input.JsonObject),
    /** The model, which is `modelId` everywhere else. */
    reverseETLModelId: Input.optional(VendorId),
    reverseETLSchedule: Input.optional(Schedule),
  }),
})
export interface UpdateSubscriptionRequest extends Schema.Schema.Type<typeof UpdateSubscriptionRequest> {}

/** The answer to a read and an update. */
export const SubscriptionResponse = Schema.Struct({ data: Schema.Struct({ subscription: Subscription }) })
