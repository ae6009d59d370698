/** Jobs: named syncs that a fleet runs together, as every night, and the options of such a batch. */
import * as Schema from "effect/Schema"
import * as Input from "./Input.ts"
import { Key } from "./JournalEntry.ts"
import type { SyncRef } from "./Ref.ts"
import type { JobReport } from "./Report.ts"
import { RunOptions } from "./RunOptions.ts"
import { Scope } from "./Scope.ts"
import type { Sync } from "./Sync.ts"

/** The name of a job or of a destination. */
const nameOf = (thing: string) => {
  const expected = `${thing} of 1 to 100 printable characters`
  return Schema.String.check(
    Schema.makeFilter((name: string) => /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u.test(name), { expected }),
  )
}

/** How a job names its sync: by its ref, by the ref's text form, or by the sync of a catalog. */
const JobSync = Schema.declare(
  (value): value is SyncRef | Sync | string =>
    typeof value === "string" || (typeof value === "object" && value !== null && !Array.isArray(value)),
  { expected: "a sync: its ref, the ref's text form, or what a catalog returns" },
)

/** The options of a run that jobs share. */
const runFields = /* @__PURE__ */ (() => {
  const { key: _, whenRunning: __, ...others } = RunOptions.fields
  return {
    ...others,
    /** What the trigger does while a run of the sync is under way, as for `run`. It has no default. */
    whenRunning: Input.optional(Schema.Literals(["fail", "adopt", "wait"])),
    /** What the run covers. @default the workspace's `defaultScope`, where its vendor has scopes */
    scope: Input.optional(Scope),
  }
})()

/** A named sync, and how it is run. Its options count before those of the batch. */
export const Job = /* @__PURE__ */ Schema.Struct({
  ...runFields,
  /**
   * The name of the job, which no other job of the batch has: 1 to 100 printable characters. Reports and logs show it, and
   * the key of its trigger has it.
   */
  name: nameOf("a job name"),
  /** The sync, which no other job of the batch with this scope has. */
  sync: JobSync,
  /**
   * The destination that `perDestination` counts: any name, the same for all jobs that write there, at whichever vendor.
   * @default the destination that the sync of a catalog shows, or that the ref names; no request is sent to find it out
   */
  destination: Input.optional(nameOf("the name of a destination,")),
})
export interface Job extends Schema.Schema.Type<typeof Job> {}

const bound = Input.optional(Input.wholeNumber(1, 1_000))

type OnEnd = (job: JobReport, error?: unknown) => void

/** The options of a batch. Those of a run hold for every job that has no others. */
export const RunAllOptions = /* @__PURE__ */ Schema.Struct({
  ...runFields,
  /**
   * Names the occasion, as in `nightly/2026-11-28`. The trigger of a job has the key `<key>/<name of the job>`. A batch that
   * died goes on where it was when it is run again with its key and the same journal: what has run is not run again.
   * @default none: each job is a new intention
   */
  key: Input.optional(Key),
  /** How many jobs are under way at once, from 1 to 1000. @default 10 */
  concurrency: bound,
  /**
   * How many jobs of one destination are under way at once, from 1 to 1000. Each job then needs a destination. A job that
   * waits for its destination keeps no other job waiting.
   * @default as many as `concurrency`
   */
  perDestination: bound,
  /**
   * Is called when a job has ended, in the order of the ends, with its error if it failed; on an interrupt also for each job
   * that had not ended. What it throws is logged.
   */
  onEnd: Input.optional(
    Schema.declare((value): value is OnEnd => typeof value === "function", { expected: "a function" }),
  ),
})
export interface RunAllOptions extends Schema.Schema.Type<typeof RunAllOptions> {}

/** The default of `concurrency`. */
export const defaultConcurrency = 10

/** The most jobs of a batch. */
export const maxJobs = 1_000

/** Returns the key of a job's trigger. Two jobs have one key exactly when batch and name are the same. */
export const keyOf = (key: string, name: string): string =>
  `${key}/${name.replaceAll("%", "%25").replaceAll("/", "%2F")}`
