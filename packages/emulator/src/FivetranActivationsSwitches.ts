/** The unconfirmed behaviors of the API of Fivetran Activations, version 2, one switch each. */
import type { Switches } from "./Switch.ts"

/** The switches of Fivetran Activations by name. */
export const FivetranActivationsSwitches = {
  overlap: {
    fact: "fivetran-activations/overlap",
    values: ["skipped", "skipped-later", "queued", "409"],
    default: "skipped",
    note: "A trigger while a run is under way: a run that is skipped at once or after it has waited, one that waits for the other, or a refusal.",
  },
  triggerWhenPaused: {
    fact: "fivetran-activations/trigger-when-paused",
    values: ["422", "400", "409", "runs"],
    default: "422",
    note: "A trigger of a paused sync.",
  },
  cancelledStatus: {
    fact: "fivetran-activations/cancelled-status",
    values: ["completed", "failed", "canceled", "working"],
    default: "completed",
    note: "`status` of a run that was cancelled, beside `canceled`; one sample has `completed`.",
  },
  cancelWhenEnded: {
    fact: "fivetran-activations/cancel-when-ended",
    values: ["200", "409", "422"],
    default: "200",
    note: "A cancel of a run that has ended.",
  },
  unknownRun: {
    fact: "fivetran-activations/unknown-run",
    values: ["404", "422"],
    default: "404",
    note: "A read of a run that does not exist.",
  },
  unknownSync: {
    fact: "fivetran-activations/unknown-sync",
    values: ["404", "400", "422", "empty-runs"],
    default: "404",
    note: "A sync that does not exist, on routes whose documents have no 404; or a 404, but an empty list of its runs.",
  },
  triggerReason: {
    fact: "fivetran-activations/trigger-reason",
    values: ["API", "Manual", "absent"],
    default: "API",
    note: "`ui_tag` of a run that a request has triggered.",
  },
  runTimes: {
    fact: "fivetran-activations/run-times",
    values: ["neither", "started-at", "completed-at", "both"],
    default: "neither",
    note: "Times that may be missing: `started_at`, which only the vendor's own client names, and `completed_at` of a run that failed.",
  },
  invalidRows: {
    fact: "fivetran-activations/invalid-rows",
    values: ["source", "records", "both", "processed"],
    default: "source",
    note: "Which of `source_record_invalids` and `records_invalid` counts invalid rows; or the first one, and `records_processed` has them too.",
  },
  countsWhileRunning: {
    fact: "fivetran-activations/counts-while-running",
    values: ["null", "zero", "moving"],
    default: "null",
    note: "The counts of rows of a run that has not ended.",
  },
  pagination: {
    fact: "fivetran-activations/pagination",
    values: ["present", "absent", "short-pages"],
    default: "present",
    note: "The object `pagination` of lists, which no page of the second version shows; or pages of at most 25 entries, whatever `per_page` is.",
  },
  groupOfLists: {
    fact: "fivetran-activations/group-of-lists",
    values: ["optional", "required"],
    default: "optional",
    note: "Whether the list of syncs needs `group_id`.",
  },
  idForm: {
    fact: "fivetran-activations/id-form",
    values: ["numbers", "strings"],
    default: "numbers",
    note: "The ids of syncs and runs in bodies.",
  },
  destinationId: {
    fact: "fivetran-activations/destination-id",
    values: ["activation_id", "connection_id"],
    default: "activation_id",
    note: "The name of the destination's id within `destination_attributes`.",
  },
  syncStatus: {
    fact: "fivetran-activations/sync-status",
    values: ["lower", "capital"],
    default: "lower",
    note: "The `status` of a sync: `ready` in the documents, `Ready` in samples.",
  },
  scheduleForm: {
    fact: "fivetran-activations/schedule-form",
    values: ["both", "mode", "fields"],
    default: "both",
    note: "Where a sync shows its schedule: in `mode`, in fields of its own, or in both.",
  },
  addedMappings: {
    fact: "fivetran-activations/added-mappings",
    values: ["none", "compound-key"],
    default: "none",
    note: "Whether the vendor adds a mapping of its own to a sync.",
  },
  updateAnswer: {
    fact: "fivetran-activations/update-answer",
    values: ["sync", "id", "empty"],
    default: "sync",
    note: "What an update answers: the sync, its id, or an empty body.",
  },
  permissionDeniedStatus: {
    fact: "fivetran-activations/permission-denied-status",
    values: ["403", "401"],
    default: "403",
    note: "A valid token without the permission.",
  },
  errorForm: {
    fact: "fivetran-activations/error-form",
    values: ["number", "word", "status", "empty", "html"],
    default: "number",
    note: "The body of a refusal: `message` with `status` as a number or as `error`, the number alone, or a gateway's empty or HTML body.",
  },
  retryAfter: {
    fact: "fivetran-activations/retry-after",
    values: ["seconds", "date", "absent"],
    default: "seconds",
    note: "`Retry-After` on a 429.",
  },
} as const satisfies Switches

/** The type of the switches of Fivetran Activations: what `Settings` and `Options` take. */
export type FivetranActivationsSwitches = typeof FivetranActivationsSwitches
