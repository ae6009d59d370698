/** The unconfirmed behaviors of RudderStack's Reverse ETL API, one switch each. */
import type { Switches } from "./Switch.ts"

/** RudderStack's switches by name. */
export const RudderStackSwitches = {
  overlap: {
    fact: "rudderstack/overlap",
    values: ["409", "400", "429", "200", "concurrent", "queued"],
    default: "409",
    note: "A start while a run is live: refused (a 409 is documented), also with an error in a 200, a second run at once, or one that waits (product pages, by sync mode).",
  },
  conflictCarriesRun: {
    fact: "rudderstack/conflict-carries-run",
    values: ["no", "yes"],
    default: "no",
    note: "Whether a 409 names the live run's id.",
  },
  syncTypeAbsent: {
    fact: "rudderstack/sync-type-absent",
    values: ["full", "incremental", "first-full", "400"],
    default: "full",
    note: "A start without `syncType`: full (an official client's comment), incremental, full only the first time, or refused (the docs call it required).",
  },
  invalidSyncType: {
    fact: "rudderstack/invalid-sync-type",
    values: ["400", "as-absent"],
    default: "400",
    note: "A start with a `syncType` that is not documented.",
  },
  emptyStartBody: {
    fact: "rudderstack/empty-start-body",
    values: ["400", "as-absent"],
    default: "400",
    note: "A start without any body.",
  },
  unknownField: {
    fact: "rudderstack/unknown-field",
    values: ["400", "ignored"],
    default: "400",
    note: "A start with a field that is not documented.",
  },
  startWhenDisabled: {
    fact: "rudderstack/start-when-disabled",
    values: ["400", "409", "starts"],
    default: "400",
    note: "A start of a connection that is disabled.",
  },
  unknownRunAnswer: {
    fact: "rudderstack/unknown-run-answer",
    values: ["500", "404"],
    default: "500",
    note: "A run id that cannot be resolved: 500 (an official client works around it) or 404 (a comment in the same code).",
  },
  finishedAtWhileRunning: {
    fact: "rudderstack/finished-at-while-running",
    values: ["zero-time", "value", "null", "absent"],
    default: "zero-time",
    note: "`finishedAt` of a run that is not over: `0001-01-01T00:00:00Z`, some time, null or nothing.",
  },
  noErrorForm: {
    fact: "rudderstack/no-error-form",
    values: ["absent", "empty-string", "null"],
    default: "absent",
    note: "The form of `error` where there is none.",
  },
  metricsWhileRunning: {
    fact: "rudderstack/metrics-while-running",
    values: ["moving", "zero", "absent", "null"],
    default: "moving",
    note: "`metrics` of a run that is not over.",
  },
  timestampFraction: {
    fact: "rudderstack/timestamp-fraction",
    values: ["milliseconds", "microseconds", "seconds"],
    default: "milliseconds",
    note: "Fractions in timestamps: documented in milliseconds, microseconds on a neighboring endpoint.",
  },
  finalStatusOfStopped: {
    fact: "rudderstack/final-status-of-stopped",
    values: ["failed", "stopped", "cancelled", "aborted", "succeeded"],
    default: "failed",
    note: "The status of a run that was stopped; only running, succeeded and failed are documented.",
  },
  errorOfStopped: {
    fact: "rudderstack/error-of-stopped",
    values: ["absent", "text"],
    default: "absent",
    note: "Whether a run that was stopped says so in `error`.",
  },
  stopWithNothingRunning: {
    fact: "rudderstack/stop-with-nothing-running",
    values: ["204", "404", "409"],
    default: "204",
    note: "A stop of a connection on which nothing runs.",
  },
  listOrder: {
    fact: "rudderstack/list-order",
    values: ["newest-first", "oldest-first"],
    default: "newest-first",
    note: "The order of a connection's runs: newest first in an official client's comments, not in the docs.",
  },
  perPageDefault: {
    fact: "rudderstack/per-page-default",
    values: ["20", "10", "100"],
    default: "20",
    note: "The page size when `per_page` is not given.",
  },
  perPageOverMaximum: {
    fact: "rudderstack/per-page-over-maximum",
    values: ["clamped", "400", "unlimited"],
    default: "clamped",
    note: "A `per_page` over 100, the most that clients send.",
  },
  pageZero: {
    fact: "rudderstack/page-zero",
    values: ["400", "first-page"],
    default: "400",
    note: "`page=0`, or a `page` that is not a number.",
  },
  pageOutOfRange: {
    fact: "rudderstack/page-out-of-range",
    values: ["empty", "last-page", "404"],
    default: "empty",
    note: "A page after the last one.",
  },
  pagingNextForm: {
    fact: "rudderstack/paging-next-form",
    values: ["collection-path", "v2-path", "gateway-path"],
    default: "collection-path",
    note: "`paging.next`: always relative, but three sources show three paths.",
  },
  pagingLastForm: {
    fact: "rudderstack/paging-last-form",
    values: ["absent", "empty-string", "null"],
    default: "absent",
    note: "`paging.next` on the last page.",
  },
  pagingObject: {
    fact: "rudderstack/paging-object",
    values: ["present", "absent"],
    default: "present",
    note: "Whether a list of runs has `paging` at all.",
  },
  invalidFilter: {
    fact: "rudderstack/invalid-filter",
    values: ["400", "ignored"],
    default: "400",
    note: "A `status` that is not documented, or a bound that is not a time.",
  },
  startedBounds: {
    fact: "rudderstack/started-bounds",
    values: ["inclusive", "exclusive"],
    default: "inclusive",
    note: "Whether `started_after` and `started_before` include the instant itself.",
  },
  errorForm: {
    fact: "rudderstack/error-form",
    values: ["error", "message", "empty"],
    default: "error",
    note: "Where an error's text is; the bodies of 401, 403, 404 and 409 are not documented.",
  },
  permissionDeniedStatus: {
    fact: "rudderstack/permission-denied-status",
    values: ["403", "401"],
    default: "403",
    note: "A valid token without the permission.",
  },
  connectionsList: {
    fact: "rudderstack/connections-list",
    values: ["available", "403", "404"],
    default: "available",
    note: "The routes of connections and sources: seen in official clients, not on the public page, and maybe gated.",
  },
  createStatus: {
    fact: "rudderstack/create-status",
    values: ["200", "201"],
    default: "200",
    note: "The HTTP status of a create of a connection or a source; only mock servers of an official client show 200.",
  },
  pairTaken: {
    fact: "rudderstack/pair-taken",
    values: ["409", "400", "existing"],
    default: "409",
    note: "A second connection of a source and a destination: refused, or answered with the existing one.",
  },
  deletedPairRevived: {
    fact: "rudderstack/deleted-pair-revived",
    values: ["new-id", "old-id"],
    default: "new-id",
    note: "The id of a new connection whose source and destination had one that was deleted.",
  },
  cronFloor: {
    fact: "rudderstack/cron-floor",
    values: ["unchecked", "400"],
    default: "unchecked",
    note: "A cron expression that fires more often than every 5 minutes: stored (an official client's comment), or refused.",
  },
  reservedTargets: {
    fact: "rudderstack/reserved-targets",
    values: ["folded", "400", "kept"],
    default: "folded",
    note: "A mapping to a target that is reserved for identifiers: made an identifier for events, dropped for an object (an official client's comments), refused, or stored.",
  },
  eventsWithoutMappings: {
    fact: "rudderstack/events-without-mappings",
    values: ["stored", "400"],
    default: "stored",
    note: "A connection whose rows become events, without mappings: stored (mock servers of an official client), or refused, as its CLI does.",
  },
  destinationTaken: {
    fact: "rudderstack/destination-taken",
    values: ["unchecked", "409", "400"],
    default: "unchecked",
    note: "A second source for a destination: connected (an official client says that only the app and itself check it), or refused.",
  },
  externalIdAtCreate: {
    fact: "rudderstack/external-id-at-create",
    values: ["accepted", "400", "ignored"],
    default: "accepted",
    note: "`externalId` in a create of a connection: stored, refused (an older version of the vendor's client says so), or dropped.",
  },
  objectOfEvents: {
    fact: "rudderstack/object-of-events",
    values: ["absent", "empty-string"],
    default: "absent",
    note: "`object` of a connection whose rows become events.",
  },
  sourceListConfig: {
    fact: "rudderstack/source-list-config",
    values: ["present", "absent"],
    default: "present",
    note: "Whether the list of sources shows `config`; a read of one source does.",
  },
  newSourceNotFound: {
    fact: "rudderstack/new-source-not-found",
    values: ["404", "400", "never"],
    default: "404",
    note: "A start within ten seconds after its source was created through the API; the length is assumed.",
  },
  retryAfter: {
    fact: "rudderstack/retry-after",
    values: ["seconds", "absent"],
    default: "seconds",
    note: "Whether a 429 says how long to wait. No limit is documented, and none is enforced unless `limits` sets one.",
  },
} as const satisfies Switches

/** The type of RudderStack's switches: what `Settings` and `Options` take. */
export type RudderStackSwitches = typeof RudderStackSwitches
