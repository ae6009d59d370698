/**
 * Subscriptions of destinations on the wire: which events trigger which action, with which settings. With a model it is
 * what the app calls a mapping: a sync.
 *
 * @see https://docs.segmentapis.com/tag/Destinations (read 2026-11) and the official SDKs 73.2.0 (2026-08)
 */

import * as Wire from "@openretl/core/driver/schema/Wire"
import * as CoreSchedule from "@openretl/core/Schedule"
import { VendorId } from "@openretl/core/schema/Ref"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as GoDuration from "./internal/goDuration.ts"
import * as Lenient from "./internal/lenient.ts"
import * as Paging from "./internal/paging.ts"
import { forms } from "./internal/schedule.ts"

export const Subscription = Schema.Struct({
  id: VendorId,
  name: Wire.text,
  actionId: Wire.text,
  actionSlug: Wire.text,
  destinationId: Wire.text,
  /** Absent, or empty, where it is not of a model. */
  modelId: Wire.text,
  enabled: Wire.flag,
  /** Which events it is for, in Segment's filter language (FQL): `event = "new"`. */
  trigger: Wire.text,
  /** What the action's fields are filled with; kept as it came. */
  settings: Lenient.record,
  /** When it runs by itself; only with a model. */
  reverseETLSchedule: Wire.object({
    /** `MANUAL`, `PERIODIC`, `SPECIFIC_DAYS`, `CRON`, `DBT_CLOUD`; the docs write them in lower case. */
    strategy: Wire.text,
    /** By strategy; kept as it came. */
    config: Schema.optionalKey(Schema.Unknown),
  }),
})
export type Subscription = typeof Subscription.Type

const minute = 60_000
const reverseEtlPage = "Segment Public API docs, Reverse ETL page"

const Interval = Schema.String.check(
  Schema.makeFilter((text: string) => {
    const millis = GoDuration.parse(text)
    if (millis === undefined)
      return "Expected a length of time in Go's form, as in 15m or 3h25m30s (Segment's SDKs 73.2.0)"
    if (millis < 15 * minute) return "Expected at least 15 minutes (Segment docs, Reverse ETL system page)"
    return millis < 168 * 60 * minute || `Expected less than 168 hours (${reverseEtlPage})`
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

const CronSpec = Schema.String.check(
  Schema.makeFilter(
    (spec: string) => CoreSchedule.problems(CoreSchedule.cron(spec, "UTC"), forms).map(({ message }) => message)[0],
  ),
)

/**
 * When a mapping runs by itself. Strategies are written in upper case, as the SDKs have them:
 * - `MANUAL`: never, and without a config;
 * - `PERIODIC`: so long apart, in Go's form (`3h25m30s`), from 15 minutes (the product's bound) to less than 168 hours;
 * - `SPECIFIC_DAYS`: on these days (0 is Sunday) at these full hours;
 * - `CRON`: five fields, firings at least 15 minutes apart;
 * - `DBT_CLOUD`: after a job of dbt Cloud's; in the SDKs only.
 */
export const Schedule = Schema.Union([
  Schema.Struct({ strategy: Schema.Literal("MANUAL"), config: Schema.optional(Schema.Null) }),
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
export type ListSubscriptionsQuery = typeof ListSubscriptionsQuery.Type

/** Here `pagination` is optional by the schema. */
export const Subscriptions = Schema.Struct({
  subscriptions: Schema.Array(Subscription),
  pagination: Schema.optionalKey(Paging.Pagination),
})
export type Subscriptions = typeof Subscriptions.Type

export const ListSubscriptionsResponse = Schema.Struct({ data: Subscriptions })

/** `POST /destinations/{destinationId}/subscriptions`. A schedule has no place here: an update brings it. */
export const CreateSubscriptionRequest = Schema.Struct({
  name: Schema.String,
  /** One of the destination's `metadata.actions`; it can never be changed. */
  actionId: VendorId,
  trigger: Schema.String,
  enabled: Schema.Boolean,
  settings: Schema.optional(Schema.JsonObject),
  /** Makes it a mapping of Reverse ETL. */
  modelId: Schema.optional(VendorId),
})
export type CreateSubscriptionRequest = typeof CreateSubscriptionRequest.Type

/** The answer to a creation: the key is another one than in the answers to a read and an update. */
export const CreateSubscriptionResponse = Schema.Struct({
  data: Schema.Struct({ destinationSubscription: Subscription }),
})

/**
 * `PATCH /destinations/{destinationId}/subscriptions/{id}`: wrapped in `input`; what is absent stays as it is. Whether
 * `settings` are merged into those that are there, or replace them, is not documented.
 */
export const UpdateSubscriptionRequest = Schema.Struct({
  input: Schema.Struct({
    name: Schema.optional(Schema.String),
    trigger: Schema.optional(Schema.String),
    enabled: Schema.optional(Schema.Boolean),
    settings: Schema.optional(Schema.JsonObject),
    /** What is `modelId` everywhere else. */
    reverseETLModelId: Schema.optional(VendorId),
    reverseETLSchedule: Schema.optional(Schedule),
  }),
})
export type UpdateSubscriptionRequest = typeof UpdateSubscriptionRequest.Type

/** The answer to a read and an update. */
export const SubscriptionResponse = Schema.Struct({ data: Schema.Struct({ subscription: Subscription }) })
