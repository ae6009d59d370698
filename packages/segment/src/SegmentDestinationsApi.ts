/**
 * The wire forms of destinations: what they are, how they are set up, and what was delivered to them.
 *
 * @see https://docs.segmentapis.com/tag/Destinations (read 2026-11) and the official SDKs 73.2.0 (2026-08)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import { VendorId } from "@openretl/core/Ref"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as Lenient from "./internal/lenient.ts"
import * as Paging from "./internal/paging.ts"
import { Pagination } from "./SegmentApi.ts"

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

/** One input of an action: a subscription's `settings` give its value. */
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

/** What a kind of destination can do with an event: a subscription names one action. */
const actionFields = {
  id: Wire.text,
  slug: Wire.text,
  name: Wire.text,
  description: Wire.text,
  /** `CLOUD`, `MOBILE`, `WEB`. */
  platform: Wire.text,
  hidden: Wire.flag,
  /** The filter that the app proposes for new subscriptions. */
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
export interface Metadata extends Schema.Schema.Type<typeof Metadata> {}

/** A destination of the workspace. */
export const Destination = Wire.withUnread(
  Schema.Struct({
    id: VendorId,
    /** The source that the destination is connected to. */
    sourceId: Wire.text,
    /** Absent or empty for a destination without a name. */
    name: Wire.text,
    enabled: Wire.flag,
    metadata: Wire.object(Metadata.fields),
    /**
     * Kept as they came. Secrets are masked with `•`: such a value is not the secret, and must not be sent back. The
     * vendor may add settings.
     */
    settings: Lenient.record,
  }),
)
export interface Destination extends Schema.Schema.Type<typeof Destination> {}

/** `GET /destinations`. */
export const ListDestinationsQuery = Paging.Query
export interface ListDestinationsQuery extends Schema.Schema.Type<typeof ListDestinationsQuery> {}

/** A page of destinations. */
export const Destinations = Schema.Struct({
  destinations: Wire.entries(Destination),
  pagination: Schema.optionalKey(Pagination),
})
export interface Destinations extends Schema.Schema.Type<typeof Destinations> {}

/** The answer to a listing of destinations. */
export const ListDestinationsResponse = Schema.Struct({ data: Destinations })

/** `POST /destinations`. */
export const CreateDestinationRequest = Schema.Struct({
  sourceId: VendorId,
  /** The kind of destination: its id in Segment's catalog. */
  metadataId: VendorId,
  /** Values by the names of the kind's `options`. */
  settings: Input.JsonObject,
  /** @default true, by the vendor's example */
  enabled: Input.optional(Schema.Boolean),
  name: Input.optional(Schema.String),
})
export interface CreateDestinationRequest extends Schema.Schema.Type<typeof CreateDestinationRequest> {}

/** `PATCH /destinations/{destinationId}`: what is absent stays as it is. */
export const UpdateDestinationRequest = Schema.Struct({
  name: Input.optional(Schema.NullOr(Schema.String)),
  enabled: Input.optional(Schema.Boolean),
  /** The vendor ignores read-only settings beside others, and refuses them alone. */
  settings: Input.optional(Input.JsonObject),
})
export interface UpdateDestinationRequest extends Schema.Schema.Type<typeof UpdateDestinationRequest> {}

/** The answer to a read, a creation and an update. */
export const DestinationResponse = Schema.Struct({ data: Schema.Struct({ destination: Destination }) })

/** The granularity of metrics. It bounds how long the range is and how far back; the answer is one sum all the same. */
export const Granularity = Schema.Literals(["DAY", "HOUR", "MINUTE"])
export type Granularity = typeof Granularity.Type

const hour = 3_600_000
const longest = {
  MINUTE: { millis: 4 * hour, text: "4 hours" },
  HOUR: { millis: 7 * 24 * hour, text: "7 days" },
  DAY: { millis: 14 * 24 * hour, text: "14 days" },
} as const satisfies Record<Granularity, { readonly millis: number; readonly text: string }>

const Time = Schema.String.check(
  Schema.makeFilter((text: string) => Wire.time(text) !== undefined, {
    expected: "a time, as in 2006-01-02T15:04:05.000Z",
  }),
)

/** `GET /destinations/{destinationId}/delivery-metrics`. */
export const DeliveryMetricsQuery = Schema.Struct({
  sourceId: VendorId,
  /**
   * @default an hour, seven days or thirty days ago, by granularity. The vendor's text gives this default for `DAY`,
   * and a bound of 14 days.
   */
  startTime: Input.optional(Time),
  /** @default now */
  endTime: Input.optional(Time),
  /** `MINUTE`: at most 4 hours, from 48 hours ago; `HOUR`: 7 days; `DAY`: 14 days. @default "MINUTE" */
  granularity: Input.optional(Granularity),
}).check(
  Schema.makeFilter(({ startTime, endTime, granularity = "MINUTE" }) => {
    const [start, end] = [Wire.time(startTime), Wire.time(endTime)]
    if (start === undefined || end === undefined) return undefined
    const range = DateTime.toEpochMillis(end) - DateTime.toEpochMillis(start)
    if (range < 0) return { path: ["endTime"], issue: "Expected an end that is not before the start" }
    const { millis, text } = longest[granularity]
    return range <= millis
      ? undefined
      : { path: ["startTime"], issue: `Expected at most ${text} by ${granularity} (Segment's SDKs 73.2.0)` }
  }),
)
export interface DeliveryMetricsQuery extends Schema.Schema.Type<typeof DeliveryMetricsQuery> {}

/** What was delivered in the range, as one sum. */
export const DeliveryMetrics = Schema.Struct({
  sourceId: Wire.text,
  destinationMetadataId: Wire.text,
  metrics: Lenient.objects({
    /** `successes`, `expired`, `discarded`, `retried`, `time_to_success`, `time_to_first_attempt`, or a new one. */
    metricName: Wire.text,
    total: Lenient.number,
    /** `successes_on_first_attempt`, `time_to_success_p95`, ... */
    breakdown: Lenient.objects({ metricName: Wire.text, value: Lenient.number }),
  }),
})
export interface DeliveryMetrics extends Schema.Schema.Type<typeof DeliveryMetrics> {}

/** The answer to a read of metrics. */
export const DeliveryMetricsResponse = Schema.Struct({
  data: Schema.Struct({ deliveryMetricsSummary: DeliveryMetrics }),
})
