/** What is not confirmed about Zeotap's Reverse ETL API, one switch each. */
import type { Switches } from "./Switch.ts"

export const ZeotapSwitches = {
  overlap: {
    fact: "zeotap/overlap",
    values: ["queue", "409", "400"],
    default: "queue",
    note: "A trigger while a run is live: a run that waits (runs never overlap, and the app knows Queued), or a refusal.",
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
    note: "How many entries a bare array holds at most; of runs the newest ones.",
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
    note: "How `completed_at` and `error_message` of an unfinished run, and a sync's `schedule`, say that there is none.",
  },
  pendingStartedAt: {
    fact: "zeotap/pending-started-at",
    values: ["present", "absent"],
    default: "present",
    note: "Whether `started_at` is there before the run starts, as in the vendor's sample.",
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
    note: "What a new sync starts as; `status` is not among the fields of a create.",
  },
  duplicateName: {
    fact: "zeotap/duplicate-name",
    values: ["allowed", "400", "409"],
    default: "allowed",
    note: "A sync with the name of another: names of models must differ, of syncs nothing is said.",
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
    note: "Which `schedule` of an update takes the schedule away, an empty text or null, and what becomes of the other.",
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
    note: "The body of a refusal: `error` with one text, or what a proxy makes of it.",
  },
  retryAfterForm: {
    fact: "zeotap/retry-after-form",
    values: ["seconds", "date"],
    default: "seconds",
    note: "The unit of `Retry-After` on a 429.",
  },
} as const satisfies Switches

export type ZeotapSwitches = typeof ZeotapSwitches
