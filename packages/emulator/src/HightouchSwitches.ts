/** The unconfirmed behaviors of Hightouch's API, one switch each. */
import type { Switches } from "./Switch.ts"

/** Hightouch's switches by name. */
export const HightouchSwitches = {
  runOrder: {
    fact: "hightouch/run-order",
    values: ["oldest-first", "newest-first"],
    default: "oldest-first",
    note: "The order of a sync's runs: `orderBy` has no direction, and the vendor's sample has the older run first.",
  },
  pageSize: {
    fact: "hightouch/page-size",
    values: ["unlimited", "100", "50"],
    default: "unlimited",
    note: "The most entries of a page, whatever `limit` is; only its default, 100, is documented.",
  },
  furtherTrigger: {
    fact: "hightouch/further-trigger",
    values: ["another-run", "same-run"],
    default: "another-run",
    note: "A trigger while a run is under way and another one waits: a further run that waits, or the id of the waiting one.",
  },
  triggerWhenDisabled: {
    fact: "hightouch/trigger-when-disabled",
    values: ["400", "422", "409", "runs"],
    default: "400",
    note: "A trigger of a disabled sync.",
  },
  refusalInSuccess: {
    fact: "hightouch/refusal-in-success",
    values: ["no", "yes"],
    default: "no",
    note: "Whether the vendor refuses a trigger of a disabled sync, or a change, with a status of its own or inside a 200, as in the documents of two other routes.",
  },
  unknownRun: {
    fact: "hightouch/unknown-run",
    values: ["empty", "404", "422"],
    default: "empty",
    note: "The list of runs with the `runId` of a run that does not exist.",
  },
  unknownSync: {
    fact: "hightouch/unknown-sync",
    values: ["404", "400", "422"],
    default: "404",
    note: "A sync id that does not exist, on every route but the documented read of a sync, which is a 404.",
  },
  unknownSyncRuns: {
    fact: "hightouch/unknown-sync-runs",
    values: ["refused", "empty"],
    default: "refused",
    note: "The runs of a sync that does not exist: refused as elsewhere, or an empty list.",
  },
  unfinishedTimes: {
    fact: "hightouch/unfinished-times",
    values: ["null", "absent", "created-at"],
    default: "null",
    note: "`startedAt` of a run that waits and `finishedAt` of one that has not ended; the documents require both.",
  },
  interrupted: {
    fact: "hightouch/interrupted",
    values: ["ends", "goes-on"],
    default: "ends",
    note: "Whether a run with the status `interrupted` has ended, or goes on under its id; where it goes on, every run shows the status for a while.",
  },
  warning: {
    fact: "hightouch/warning",
    values: ["failed-rows", "never"],
    default: "failed-rows",
    note: "Whether a run of which the destination rejected some rows has the status `warning`; else it has `success`.",
  },
  rowKinds: {
    fact: "hightouch/row-kinds",
    values: ["added", "all"],
    default: "added",
    note: "Whether runs only add rows, as in the vendor's sample, or also change and remove some.",
  },
  countsWhileRunning: {
    fact: "hightouch/counts-while-running",
    values: ["moving", "zero", "null"],
    default: "moving",
    note: "The counts of rows of a run that has not ended.",
  },
  idForm: {
    fact: "hightouch/id-form",
    values: ["documented", "numbers", "strings"],
    default: "documented",
    note: "Ids in bodies: numbers in objects and a string in the answer of a trigger, as documented, or the same everywhere.",
  },
  disabledStatus: {
    fact: "hightouch/disabled-status",
    values: ["disabled", "last-run"],
    default: "disabled",
    note: "`status` of a disabled sync.",
  },
  scheduleTypes: {
    fact: "hightouch/schedule-types",
    values: ["cron", "custom"],
    default: "cron",
    note: "The `type` of a cron schedule in answers; the documents have no sample of one.",
  },
  permissionDeniedStatus: {
    fact: "hightouch/permission-denied-status",
    values: ["403", "401"],
    default: "403",
    note: "A valid key without the permission.",
  },
  errorForm: {
    fact: "hightouch/error-form",
    values: ["message", "error", "empty", "html"],
    default: "message",
    note: "The body of a refusal: `message` with `details`, `error`, or a gateway's empty or HTML body.",
  },
  retryAfter: {
    fact: "hightouch/retry-after",
    values: ["absent", "seconds"],
    default: "absent",
    note: "`Retry-After` on a 429; no answer has shown one yet.",
  },
} as const satisfies Switches

/** The type of Hightouch's switches: what `Settings` and `Options` take. */
export type HightouchSwitches = typeof HightouchSwitches
