/** The real state of runs and syncs, whatever the vendor's answers show. All instants are epoch milliseconds. */
import * as Schema from "effect/Schema"
import { Ids } from "./Ids.ts"
import { SyncState } from "./SyncOptions.ts"

/** The real state of a run, whatever the vendor's answers show. */
export const TruthRun = Schema.Struct({
  id: Schema.String,
  /** Who started the run: a request, the sync's schedule, or a stranger (another user of the account). */
  origin: Schema.Literals(["call", "schedule", "stranger"]),
  /** The index of the call that started the run; only for the origin `call`. */
  callIndex: Schema.optionalKey(Schema.Number),
  createdAt: Schema.Number,
  /** Absent while the run is queued. */
  startedAt: Schema.optionalKey(Schema.Number),
  /** Absent until the run is over. */
  finishedAt: Schema.optionalKey(Schema.Number),
  /** The vendor's word for the run's present status, which changes while the counts settle where the vendor's does. */
  status: Schema.String,
  /** The rows that the run has delivered: final once it is over, also while reads show `earlyRows` of its plan. */
  rows: Schema.Struct({
    succeeded: Schema.Number,
    failed: Schema.Number,
    /** Rows that were lost before their delivery; absent where the plan says nothing about them. */
    invalid: Schema.optionalKey(Schema.Number),
    /** Rows considered. */
    total: Schema.Number,
  }),
  /** When reads show the final counts; absent until the run is over. */
  countsSettleAt: Schema.optionalKey(Schema.Number),
  /** What the run covers; absent where none was requested. */
  scope: Schema.optionalKey(Schema.String),
  /** Present when the run was stopped before it ended by itself. */
  stopped: Schema.optionalKey(Schema.Literal(true)),
  /** Present where the run never began, because another run of the sync was live. */
  skipped: Schema.optionalKey(Schema.Literal(true)),
})
export interface TruthRun extends Schema.Schema.Type<typeof TruthRun> {}

/** The real state of a configured sync. */
export const TruthSync = Schema.Struct({
  ids: Ids,
  /** The ids of what the sync is made of. */
  parts: Ids,
  name: Schema.String,
  state: SyncState,
  /** The schedule in the vendor's form; absent where the sync has none. */
  schedule: Schema.optionalKey(Schema.Unknown),
  /** When the schedule ticks next. The tick starts a run only if the sync is enabled then. */
  nextFire: Schema.optionalKey(Schema.Number),
  /** The index of the call that created the sync; absent where `addSync` did. */
  callIndex: Schema.optionalKey(Schema.Number),
})
export interface TruthSync extends Schema.Schema.Type<typeof TruthSync> {}
