/** The unconfirmed behaviors of Zeotap's Reverse ETL API, one switch each. */
import type { Switches } from "./Switch.ts"

/** Zeotap's switches by name. */
export const ZeotapSwitches = {
  overlap: {
    fact: "zeotap/overlap",
    values: ["queue", "409", "400", "429", "200"],
    default: "queue",
    note: "A trigger while a run is live: a run that waits (runs never overlap, and the app has a status Queued), or a refusal, also with an error in a 200.",
  },
  triggerWhenPaused: {
    fact: "zeotap/trigger-when-paused",
    values: ["400", "409", "runs"],
    default: "400",
    note: "A trigger of a sync that is paused, a draft or in error.",
  },
  listShape: {
    fact: "zeotap/list-shape",
    values: ["array", "envelope"],
    default: "array",
    note: "Lists: bare arrays (every sample), or `data` with `pagination` (the overview page).",
  },
  arrayPaging: {
    fact: "zeotap/array-paging",
    values: ["ignored", "honored"],
    default: "ignored",
    note: "Whether `page` and `page_size` work where lists are bare arrays.",
  },
  runsLength: {
    fact: "zeotap/runs-length",
    values: ["100", "20", "all"],
    default: "100",
    note: "How many entries a bare array contains at most; of runs, the newest.",
  },
  runOrder: {
    fact: "zeotap/run-order",
    values: ["newest-first", "oldest-first"],
    default: "newest-first",
    note: "The order of a sync's runs.",
  },
  absentForm: {
    fact: "zeotap/absent-form",
    values: ["absent", "null", "empty-string"],
    default: "absent",
    note: "The form of `completed_at` and `error_message` of an unfinished run, and of the `schedule` of a sync without one.",
  },
  pendingStartedAt: {
    fact: "zeotap/pending-started-at",
    values: ["present", "absent"],
    default: "present",
    note: "Whether a run that has not started has `started_at`, as in the vendor's sample.",
  },
  countersWhileRunning: {
    fact: "zeotap/counters-while-running",
    values: ["moving", "zero", "absent"],
    default: "moving",
    note: "Whether the row counters move while a run works.",
  },
  triggeredBy: {
    fact: "zeotap/triggered-by",
    values: ["account", "empty-string", "absent"],
    default: "account",
    note: "`triggered_by` of runs that an API key or the schedule started.",
  },
  timestampFraction: {
    fact: "zeotap/timestamp-fraction",
    values: ["seconds", "milliseconds"],
    default: "seconds",
    note: "Fractions in timestamps; every sample has whole seconds.",
  },
  malformedIds: {
    fact: "zeotap/malformed-ids",
    values: ["well-formed", "seven-digits"],
    default: "well-formed",
    note: "Run ids: UUIDs, or as in the vendor's samples with 7 digits in the first group.",
  },
  unknownRun: {
    fact: "zeotap/unknown-run",
    values: ["404", "400", "500"],
    default: "404",
    note: "A run id that does not exist.",
  },
  unknownSync: {
    fact: "zeotap/unknown-sync",
    values: ["404", "400", "403"],
    default: "404",
    note: "A sync id that does not exist.",
  },
  createAnswer: {
    fact: "zeotap/create-answer",
    values: ["object", "id-only", "empty"],
    default: "object",
    note: "What a create answers with: the sync, its id, or nothing.",
  },
  createdStatus: {
    fact: "zeotap/created-status",
    values: ["draft", "active"],
    default: "draft",
    note: "The status of a new sync; `status` is not among the fields of a create.",
  },
  duplicateName: {
    fact: "zeotap/duplicate-name",
    values: ["allowed", "400", "409"],
    default: "allowed",
    note: "A second sync of the same name: models' names must differ, and nothing is documented about syncs'.",
  },
  updateAnswer: {
    fact: "zeotap/update-answer",
    values: ["object", "id-only", "empty"],
    default: "object",
    note: "What an update answers with: the sync, its id, or nothing.",
  },
  scheduleClear: {
    fact: "zeotap/schedule-clear",
    values: ["either", "empty/ignored", "empty/400", "null/ignored", "null/400"],
    default: "empty/ignored",
    note: "Which `schedule` of an update clears the schedule, an empty text or null, and whether the other is ignored or refused.",
  },
  deleteAnswer: {
    fact: "zeotap/delete-answer",
    values: ["200", "204"],
    default: "200",
    note: "A delete: 200 with `status`, or 204 without a body.",
  },
  missingWorkspaceHeader: {
    fact: "zeotap/missing-workspace-header",
    values: ["400", "401", "403", "ignored"],
    default: "400",
    note: "A request without `X-Workspace-ID`, which the docs require.",
  },
  workspaceMismatch: {
    fact: "zeotap/workspace-mismatch",
    values: ["403", "400", "404", "ignored"],
    default: "403",
    note: "An `X-Workspace-ID` that differs from the path.",
  },
  foreignWorkspace: {
    fact: "zeotap/foreign-workspace",
    values: ["403", "404"],
    default: "403",
    note: "A workspace that the key does not belong to.",
  },
  permissionDeniedStatus: {
    fact: "zeotap/permission-denied-status",
    values: ["403", "401"],
    default: "403",
    note: "A valid token without the permission.",
  },
  errorBody: {
    fact: "zeotap/error-body",
    values: ["json", "empty", "html"],
    default: "json",
    note: "The body of a refusal: `error` with one text, or a proxy's empty or HTML body.",
  },
  retryAfterForm: {
    fact: "zeotap/retry-after-form",
    values: ["seconds", "date"],
    default: "seconds",
    note: "The unit of `Retry-After` on a 429.",
  },
} as const satisfies Switches

/** The type of Zeotap's switches: what `Settings` and `Options` take. */
export type ZeotapSwitches = typeof ZeotapSwitches
