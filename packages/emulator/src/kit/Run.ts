/** What an emulated account consists of: its syncs, their runs, and the calls that made them. */
import type { Call, SyncState, TruthRun } from "../Emulator.ts"
import type { Ids } from "../Ids.ts"
import type { Plan } from "./Plan.ts"
import type { Timing } from "./Timing.ts"

/** An entry in the log of calls. It is completed when the answer leaves. */
export type LoggedCall = { -readonly [Key in keyof Call]: Call[Key] }

/** One run of a sync. Its instants are emulated epoch milliseconds, `Infinity` until they are set. */
export interface Run {
  readonly id: string
  readonly sync: Sync
  readonly origin: TruthRun["origin"]
  readonly call: LoggedCall | undefined
  readonly scope: string | undefined
  readonly plan: Plan
  /** How long the run works unless it is stopped, in milliseconds. `Infinity` where its plan has no end. */
  readonly duration: number
  readonly createdAt: number
  /** Whether the vendor took the run and never begins it, because another run of the sync was live. */
  readonly isSkipped: boolean
  /** `Infinity` while the run waits for another to end. */
  startsAt: number
  /** When the run ends by itself. `Infinity` before it starts, if its plan has no end, and after it was stopped. */
  endsAt: number
  stopRequestedAt: number
  /** When the stop takes effect. `Infinity` if the run ends by itself first. */
  stoppedAt: number
  /** The run as JSON, valid for reads from `since` on: nothing about the run changes after that. */
  finalText: { readonly switches: object; readonly since: number; readonly text: string } | undefined
}

/** A configured sync with its runs, as of the last time it was advanced. */
export interface Sync {
  readonly ids: Ids
  /** The ids of what the sync is made of: a source, a model, a destination. */
  parts: Ids
  readonly createdAt: number
  /** The call that created the sync; `undefined` where it was set up without the vendor's API. */
  readonly call: LoggedCall | undefined
  name: string
  updatedAt: number
  state: SyncState
  /** The sync's other fields, in the vendor's words. */
  attributes: Readonly<Record<string, unknown>>
  /** The schedule in the vendor's form; `undefined` where the sync has none. */
  schedule: unknown
  /** All runs, in order of creation. */
  readonly runs: Array<Run>
  /** The runs that the vendor's lists no longer show. */
  readonly unlistedRuns: Set<Run>
  /** The runs that are not over, in order of creation. */
  readonly liveRuns: Array<Run>
  /** The plan of runs that no script plans; `undefined` for the emulator's. */
  readonly plan: Plan | undefined
  /** Plans for the next runs. */
  readonly scriptedPlans: Array<Plan>
  /** When the latest finished run ended. */
  freeAt: number
  timing: Timing
  /** The next tick of the schedule. */
  nextFire: number
  /** The average time between two triggers by strangers, in milliseconds. */
  readonly strangersEvery: number
  nextStranger: number
}
