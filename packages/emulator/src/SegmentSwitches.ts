/** The unconfirmed behaviors of Segment's API of Reverse ETL and destinations, one switch each. */
import type { Switches } from "./Switch.ts"

/** Segment's switches by name. */
export const SegmentSwitches = {
  overlap: {
    fact: "segment/overlap",
    values: ["409", "422", "400", "429", "200", "new-run", "same-run"],
    default: "409",
    note: "A trigger while a run of the same mapping is live: refused with the status (also with an error in a 200), a second run, or the live run's id.",
  },
  cancelledStatus: {
    fact: "segment/cancelled-status",
    values: ["CANCELLED", "CANCELED", "FAIL"],
    default: "CANCELLED",
    note: "The `syncStatus` of a run that was cancelled; no API source lists one.",
  },
  cancellingStatus: {
    fact: "segment/cancelling-status",
    values: ["IN_PROGRESS", "CANCELLING"],
    default: "IN_PROGRESS",
    note: "The `syncStatus` between the accepted cancel and the end.",
  },
  cancelError: {
    fact: "segment/cancel-error",
    values: ["200-body", "409"],
    default: "200-body",
    note: "A cancel of a run that is over: `errorCode` in a 200 body, or a refusal.",
  },
  listOrder: {
    fact: "segment/list-order",
    values: ["newest-first", "oldest-first"],
    default: "newest-first",
    note: "The order of the list of sync statuses.",
  },
  listPagination: {
    fact: "segment/list-pagination",
    values: ["when-paginated", "present", "absent"],
    default: "when-paginated",
    note: "Whether the lists of runs and of subscriptions carry their optional `pagination`: only with several pages, always, or never.",
  },
  lastPageForm: {
    fact: "segment/last-page-form",
    values: ["omitted", "null"],
    default: "omitted",
    note: "The form of `next` and `previous` in `pagination` where there is no such page.",
  },
  totalEntries: {
    fact: "segment/total-entries",
    values: ["present", "absent"],
    default: "present",
    note: "Whether `pagination` has `totalEntries`.",
  },
  countRange: {
    fact: "segment/count-range",
    values: ["422", "clamped"],
    default: "422",
    note: "A `count` outside 1 to 100, or outside 1 to 1000 in `pagination`.",
  },
  countsWhileRunning: {
    fact: "segment/counts-while-running",
    values: ["absent", "zero", "moving"],
    default: "absent",
    note: "Whether the phases, and with them the counts, appear while IN_PROGRESS.",
  },
  emptyPhaseFields: {
    fact: "segment/empty-phase-fields",
    values: ["empty-string", "absent"],
    default: "empty-string",
    note: "The form of a phase's `errorCode` or `finishedAt` where there is none.",
  },
  finishedAtWhileRunning: {
    fact: "segment/finished-at-while-running",
    values: ["absent", "empty-string"],
    default: "absent",
    note: "`finishedAt` of a run that is not over.",
  },
  durationForm: {
    fact: "segment/duration-form",
    values: ["go", "milliseconds", "seconds", "empty-string"],
    default: "go",
    note: "The form of the string `duration`: `1m30s`, `90000`, `90`, or an empty text.",
  },
  timestampForm: {
    fact: "segment/timestamp-form",
    values: ["milliseconds", "seconds"],
    default: "milliseconds",
    note: "Fractions in ISO 8601 timestamps.",
  },
  disabledSync: {
    fact: "segment/disabled-sync",
    values: ["400", "422", "starts"],
    default: "400",
    note: "A trigger of a mapping or model that is disabled.",
  },
  unauthorizedStatus: {
    fact: "segment/unauthorized-status",
    values: ["401", "403"],
    default: "401",
    note: "A missing or invalid token: the docs say 401, clients expect 403.",
  },
  permissionDeniedStatus: {
    fact: "segment/permission-denied-status",
    values: ["401", "403"],
    default: "401",
    note: "A valid token without the permission: the docs say 401.",
  },
  unknownField: {
    fact: "segment/unknown-field",
    values: ["422", "ignored"],
    default: "422",
    note: "A request body with a field that is not documented.",
  },
  acceptV1: {
    fact: "segment/accept-v1",
    values: ["406", "404", "answered"],
    default: "406",
    note: "A request to an alpha endpoint that accepts only the stable media type.",
  },
  answerMediaType: {
    fact: "segment/answer-media-type",
    values: ["application/json", "application/vnd.segment.v1alpha+json"],
    default: "application/json",
    note: "The Content-Type of a success from an alpha endpoint.",
  },
  rateHeadersOn429: {
    fact: "segment/rate-headers-on-429",
    values: ["absent", "present"],
    default: "absent",
    note: "Whether a 429 carries the X-RateLimit headers that successes carry.",
  },
  defaultRateLimit: {
    fact: "segment/default-rate-limit",
    values: ["1000-per-minute", "none"],
    default: "1000-per-minute",
    note: "The limit of endpoints without a documented one; only that it is more than 600 per minute is published. Takes effect when the emulator is made.",
  },
  destinationSource: {
    fact: "segment/destination-source",
    values: ["model-source", "another-source"],
    default: "model-source",
    note: "The `sourceId` of a destination that a model's mappings go to. A destination that was created through the API has the one that was sent.",
  },
  modelWithSubscriptions: {
    fact: "segment/model-with-subscriptions",
    values: ["cascade", "refused", "left"],
    default: "cascade",
    note: "A delete of a model that has mappings: it deletes them too, is refused with 409, or leaves them with the id of the deleted model.",
  },
  defaultSchedule: {
    fact: "segment/default-schedule",
    values: ["manual", "absent", "hourly"],
    default: "manual",
    note: "The `reverseETLSchedule` of a new subscription with a model: MANUAL, none, or PERIODIC every hour, which fires.",
  },
  settingsUpdate: {
    fact: "segment/settings-update",
    values: ["merge", "replace"],
    default: "merge",
    note: "Whether `settings` of an update are merged into those of the subscription or destination, or replace them.",
  },
  noModelForm: {
    fact: "segment/no-model-form",
    values: ["empty-string", "absent"],
    default: "empty-string",
    note: "`modelId` of a subscription without a model.",
  },
  strategyCase: {
    fact: "segment/strategy-case",
    values: ["upper", "lower"],
    default: "upper",
    note: "The case of a schedule's strategy in answers: upper in the SDKs, lower in the docs' prose.",
  },
} as const satisfies Switches

/** The type of Segment's switches: what `Settings` and `Options` take. */
export type SegmentSwitches = typeof SegmentSwitches
