/** The unconfirmed behaviors of Polytomic's API, one switch each. */
import type { Switches } from "./Switch.ts"

/** Polytomic's switches by name. */
export const PolytomicSwitches = {
  overlap: {
    fact: "polytomic/overlap",
    values: ["refused", "queued", "overlaps"],
    default: "refused",
    note: "A trigger while an execution of the sync is under way: refused with 409, or a second execution that waits or runs beside it.",
  },
  triggerWhenInactive: {
    fact: "polytomic/trigger-when-inactive",
    values: ["400", "403", "409", "422", "runs"],
    default: "400",
    note: "A trigger of an inactive sync.",
  },
  conflictForm: {
    fact: "polytomic/conflict-form",
    values: ["message", "key", "same"],
    default: "message",
    note: "What tells the 409 for a key in use from the one for a run under way: the message, the field `key`, or nothing.",
  },
  keyReuse: {
    fact: "polytomic/key-reuse",
    values: ["replayed", "409", "422"],
    default: "replayed",
    note: "A key that comes with another body than its first request: answered as before, or refused.",
  },
  cancelWhenOver: {
    fact: "polytomic/cancel-when-over",
    values: ["400", "404", "200"],
    default: "400",
    note: "A cancel of an execution that has ended.",
  },
  executionsPageSize: {
    fact: "polytomic/executions-page-size",
    values: ["50", "20", "100"],
    default: "50",
    note: "How many executions a page has.",
  },
  emptyList: {
    fact: "polytomic/empty-list",
    values: ["array", "null"],
    default: "array",
    note: "`data` of an empty list.",
  },
  unknownRun: {
    fact: "polytomic/unknown-run",
    values: ["404", "400", "422"],
    default: "404",
    note: "A read of an execution that does not exist. 404 is documented; others are what an id of a wrong form may get.",
  },
  interrupted: {
    fact: "polytomic/interrupted",
    values: ["ends", "goes-on"],
    default: "ends",
    note: "Whether an execution with the status `interrupted` has ended, or goes on under its id; where it goes on, every execution shows the status for a while.",
  },
  rejectedRows: {
    fact: "polytomic/rejected-rows",
    values: ["completed", "completed_with_errors"],
    default: "completed",
    note: "The status of an execution of which the target rejected rows; only events are known to have the second word.",
  },
  unfinishedTimes: {
    fact: "polytomic/unfinished-times",
    values: ["absent", "null", "zero"],
    default: "absent",
    note: "`started_at` of an execution that waits and `completed_at` of one that has not ended.",
  },
  rowCounts: {
    fact: "polytomic/row-counts",
    values: ["upserts", "all"],
    default: "upserts",
    note: "Whether delivered rows are upserts alone, or inserts, updates, upserts and deletes, with warnings about some.",
  },
  countsWhileRunning: {
    fact: "polytomic/counts-while-running",
    values: ["moving", "zero", "absent"],
    default: "moving",
    note: "The counts of rows of an execution that has not ended.",
  },
  permissionDeniedStatus: {
    fact: "polytomic/permission-denied-status",
    values: ["403", "401"],
    default: "403",
    note: "A valid key without the permission.",
  },
  errorForm: {
    fact: "polytomic/error-form",
    values: ["all", "message", "empty", "html"],
    default: "all",
    note: "The body of a refusal: all fields, the message alone, or a gateway's empty or HTML body.",
  },
  rateLimitHeader: {
    fact: "polytomic/rate-limit-header",
    values: ["absent", "retry-after", "x-ratelimit-reset"],
    default: "absent",
    note: "The header of a 429 that says how long to wait.",
  },
} as const satisfies Switches

/** The type of Polytomic's switches: what `Settings` and `Options` take. */
export type PolytomicSwitches = typeof PolytomicSwitches
