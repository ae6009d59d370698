/**
 * Destinations on the wire: what they are, how they are set up, and what was delivered to them.
 *
 * @see https://docs.segmentapis.com/tag/Destinations (read 2026-11) and the official SDKs 73.2.0 (2026-08)
 */

import * as Wire from "@openretl/core/driver/schema/Wire"
import { time } from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/schema/Ref"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as Lenient from "./internal/lenient.ts"
import * as Paging from "./internal/paging.ts"

/** A setting that a kind of destination has. */
const optionFields = {
  name: Wire.text,
  /** `string`, `boolean`, `password`, ... */
  type: Wire.text,
  required: Wire.flag,
  label: Wire.text,
  description: Wire.text,
  defaultValue: Schema.optionalKey(Schema.Unknown),
}

/** One input of an action: what a subscription's `settings` fill in. */
const actionFieldFields = {
  id: Wire.text,
  sortOrder: Lenient.number,
  /** Its key in a subscription's `settings`. */
  fieldKey: Wire.text,
  label: Wire.text,
  /** `BOOLEAN`, `DATETIME`, `HIDDEN`, `INTEGER`, `NUMBER`, `OBJECT`, `PASSWORD`, `STRING`, `TEXT`. */
  type: Wire.text,
  description: Wire.text,
  placeholder: Wire.text,
  defaultValue: Schema.optionalKey(Schema.Unknown),
  required: Wire.flag,
  multiple: Wire.flag,
  choices: Schema.optionalKey(Schema.Unknown),
  dynamic: Wire.flag,
  allowNull: Wire.flag,
  hidden: Wire.flag,
}

/** Something that a kind of destination can do with an event: a subscription names one. */
const actionFields = {
  id: Wire.text,
  slug: Wire.text,
  name: Wire.text,
  description: Wire.text,
  /** `CLOUD`, `MOBILE`, `WEB`. */
  platform: Wire.text,
  hidden: Wire.flag,
  /** The filter that new subscriptions are proposed with. */
  defaultTrigger: Wire.text,
  fields: Lenient.objects(actionFieldFields),
}

/** A kind of destination, from Segment's catalog. */
export const Metadata = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  description: Wire.text,
  slug: Wire.text,
  logos: Wire.object({ default: Wire.text, mark: Wire.text, alt: Wire.text }),
  options: Lenient.objects(optionFields),
  /** `PUBLIC`, `PUBLIC_BETA`, `DEPRECATED`, ... */
  status: Wire.text,
  previousNames: Lenient.texts,
  categories: Lenient.texts,
  website: Wire.text,
  components: Lenient.objects({ type: Wire.text, code: Wire.text, owner: Wire.text }),
  supportedFeatures: Wire.object({
    /** `0`, `1`, `SINGLE`, `MULTIPLE`, `NONE`: how many of them one source may have. */
    cloudModeInstances: Wire.text,
    deviceModeInstances: Wire.text,
    replay: Wire.flag,
    browserUnbundling: Wire.flag,
    browserUnbundlingPublic: Wire.flag,
  }),
  supportedMethods: Wire.object({
    track: Wire.flag,
    pageview: Wire.flag,
    identify: Wire.flag,
    group: Wire.flag,
    alias: Wire.flag,
  }),
  supportedPlatforms: Wire.object({ browser: Wire.flag, mobile: Wire.flag, server: Wire.flag }),
  actions: Lenient.objects(actionFields),
  presets: Lenient.objects({ actionId: Wire.text, name: Wire.text, trigger: Wire.text, fields: Lenient.record }),
  contacts: Lenient.objects({ name: Wire.text, email: Wire.text, role: Wire.text, isPrimary: Wire.flag }),
  partnerOwned: Wire.flag,
  supportedRegions: Lenient.texts,
  regionEndpoints: Lenient.texts,
  multiInstanceSupportedVersion: Wire.text,
})
export type Metadata = typeof Metadata.Type

export const Destination = Schema.Struct({
  id: VendorId,
  /** The source that it is connected to. */
  sourceId: Wire.text,
  /** Absent or empty where nobody gave it one. */
  name: Wire.text,
  enabled: Wire.flag,
  metadata: Wire.object(Metadata.fields),
  /**
   * Kept as it came. Secrets are masked with `•`: such a value is not the secret, and must not be sent back. There may
   * be settings that nobody sent.
   */
  settings: Lenient.record,
})
export type Destination = typeof Destination.Type

/** `GET /destinations`. */
export const ListDestinationsQuery = Paging.Query
export type ListDestinationsQuery = typeof ListDestinationsQuery.Type

export const Destinations = Schema.Struct({
  destinations: Schema.Array(Destination),
  pagination: Schema.optionalKey(Paging.Pagination),
})
export type Destinations = typeof Destinations.Type

export const ListDestinationsResponse = Schema.Struct({ data: Destinations })

/** `POST /destinations`. */
export const CreateDestinationRequest = Schema.Struct({
  sourceId: VendorId,
  /** The kind of destination: its id in Segment's catalog. */
  metadataId: VendorId,
  /** By the names of the kind's `options`. */
  settings: Schema.JsonObject,
  /** On, in the vendor's example, where it is absent. */
  enabled: Schema.optional(Schema.Boolean),
  name: Schema.optional(Schema.String),
})
export type CreateDestinationRequest = typeof CreateDestinationRequest.Type

/** `PATCH /destinations/{destinationId}`: what is absent stays as it is. */
export const UpdateDestinationRequest = Schema.Struct({
  name: Schema.optional(Schema.NullOr(Schema.String)),
  enabled: Schema.optional(Schema.Boolean),
  /** Read-only ones are ignored among others, and refused where there are no others. */
  settings: Schema.optional(Schema.JsonObject),
})
export type UpdateDestinationRequest = typeof UpdateDestinationRequest.Type

/** The answer to a read, a creation and an update. */
export const DestinationResponse = Schema.Struct({ data: Schema.Struct({ destination: Destination }) })

/** How fine the vendor looks: it bounds how much and how far back. The answer is one summary all the same. */
export const Granularity = Schema.Literals(["DAY", "HOUR", "MINUTE"])
export type Granularity = typeof Granularity.Type

const hour = 3_600_000
const longest = {
  MINUTE: { millis: 4 * hour, text: "4 hours" },
  HOUR: { millis: 7 * 24 * hour, text: "7 days" },
  DAY: { millis: 14 * 24 * hour, text: "14 days" },
} as const satisfies Record<Granularity, { readonly millis: number; readonly text: string }>

const Time = Schema.String.check(
  Schema.makeFilter((text: string) => time(text) !== undefined || "Expected a time, as in 2006-01-02T15:04:05.000Z"),
)

/** `GET /destinations/{destinationId}/delivery-metrics`. */
export const DeliveryMetricsQuery = Schema.Struct({
  sourceId: VendorId,
  /**
   * An hour, seven days or thirty days ago where it is absent, by granularity; the last of these is beyond the bound that
   * the same text gives.
   */
  startTime: Schema.optional(Time),
  /** Now where it is absent. */
  endTime: Schema.optional(Time),
  /** `MINUTE` where it is absent: at most 4 hours, from 48 hours ago; `HOUR`: 7 days; `DAY`: 14 days. */
  granularity: Schema.optional(Granularity),
}).check(
  Schema.makeFilter(({ startTime, endTime, granularity = "MINUTE" }) => {
    const [start, end] = [time(startTime), time(endTime)]
    if (start === undefined || end === undefined) return undefined
    const range = DateTime.toEpochMillis(end) - DateTime.toEpochMillis(start)
    if (range < 0) return { path: ["endTime"], issue: "Expected an end that does not lie before the start" }
    const { millis, text } = longest[granularity]
    return range <= millis
      ? undefined
      : { path: ["startTime"], issue: `Expected at most ${text} by ${granularity} (Segment's SDKs 73.2.0)` }
  }),
)
export type DeliveryMetricsQuery = typeof DeliveryMetricsQuery.Type

/** What was delivered in the range, in one sum: there are no buckets of time. */
export const DeliveryMetrics = Schema.Struct({
  sourceId: Wire.text,
  destinationMetadataId: Wire.text,
  metrics: Lenient.objects({
    /** `successes`, `expired`, `discarded`, `retried`, `time_to_success`, `time_to_first_attempt`; others may come. */
    metricName: Wire.text,
    total: Lenient.number,
    /** `successes_on_first_attempt`, `time_to_success_p95`, ... */
    breakdown: Lenient.objects({ metricName: Wire.text, value: Lenient.number }),
  }),
})
export type DeliveryMetrics = typeof DeliveryMetrics.Type

export const DeliveryMetricsResponse = Schema.Struct({
  data: Schema.Struct({ deliveryMetricsSummary: DeliveryMetrics }),
})
