/**
 * Controls any vendor's emulator: sets up syncs, scripts what their runs do, injects faults, and reads the calls that
 * arrived and the real state of syncs and runs.
 *
 * All instants are epoch milliseconds of emulated time: Effect's `Clock`, accelerated by `speed`.
 */

import type * as Transport from "@openretl/core/Transport"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Call } from "./Call.ts"
import type { ChangeTakes } from "./ChangeTakes.ts"
import type { Fault } from "./Fault.ts"
import type * as Hint from "./Hint.ts"
import type { Ids } from "./Ids.ts"
import type { Normalization } from "./Normalization.ts"
import type { OmittedFields } from "./OmittedFields.ts"
import type { Operation } from "./Operation.ts"
import type { RateLimit } from "./RateLimit.ts"
import type { ReadLag } from "./ReadLag.ts"
import type { DefaultPlan, RunPlan } from "./RunPlan.ts"
import type { Settings, Switches } from "./Switch.ts"
import type { SyncChange } from "./SyncChange.ts"
import type { SyncOptions, SyncState } from "./SyncOptions.ts"
import type { TruthRun, TruthSync } from "./Truth.ts"

export type { Call } from "./Call.ts"
export type { ChangeTakes } from "./ChangeTakes.ts"
export type { Ids } from "./Ids.ts"
export type { Normalization } from "./Normalization.ts"
export type { OmittedFields } from "./OmittedFields.ts"
export type { Operation } from "./Operation.ts"
export type { ReadLag } from "./ReadLag.ts"
export type { SyncChange } from "./SyncChange.ts"
export type { SyncOptions, SyncSchedule, SyncState } from "./SyncOptions.ts"
export type { TruthRun, TruthSync } from "./Truth.ts"

/** Options common to all vendors. */
export interface Options<S extends Switches = Switches> {
  /** Seeds everything random. The same seed and the same calls give the same ids and answers. @default 1 */
  readonly seed?: number
  /** Emulated milliseconds per millisecond of the clock, counted from the emulator's creation. @default 1 */
  readonly speed?: number
  /** The token that is accepted. @default minted from the seed */
  readonly token?: string
  /** The plan of runs that have no scripted plan. @default one minute, 100 rows, success */
  readonly plan?: DefaultPlan
  /** How far reads of runs and of configured syncs lag behind the truth. @default 0 */
  readonly readLag?: ReadLag
  /**
   * How long after it was accepted a create, an update or a delete of a sync takes effect. Its answer is the usual one.
   *
   * @default 0
   */
  readonly changeTakes?: ChangeTakes
  /** How the vendor changes what creates and updates of syncs store. @default it stores what it gets */
  readonly normalization?: ReadonlyArray<Normalization>
  /** What an update of a sync does with the fields that it leaves out. @default "kept" */
  readonly omittedFields?: OmittedFields
  /** How long every answer takes. @default 0 */
  readonly latency?: Duration.Input
  /** How long a run takes to end after it was stopped. @default "5 seconds" */
  readonly stopTakes?: Duration.Input
  /** Rate limits that replace the vendor's documented ones. */
  readonly limits?: ReadonlyArray<RateLimit>
  /** Values of switches. @default each switch's default */
  readonly switches?: Partial<Settings<S>>
}

/** A stateful emulator of one vendor account: its transport, and the controls of what happens behind it. */
export interface Emulator {
  /** The vendor's short name, as its adapter has it. */
  readonly vendor: string
  /** The names of the ids of a sync, and of the ids of what a sync is made of. */
  readonly idNames: { readonly sync: ReadonlyArray<string>; readonly parts: ReadonlyArray<string> }
  /** The origin that this emulator answers for, without a path. */
  readonly baseUrl: string
  /** The token that is accepted now. A plain string: it is valid in this emulator only. */
  readonly token: string
  readonly workspace: { readonly id: string; readonly name: string }
  /** The vendor's switches, with all their values. */
  readonly switches: Switches
  /** Returns the body of a refusal in the vendor's form, with these words. */
  readonly refusal: (status: number, message: string) => string
  /** Takes the place of core's transport. Answers in memory, and at once unless `latency` or a fault delays them. */
  readonly transport: Transport.Service

  /** The emulated time. */
  readonly now: Effect.Effect<number>
  /** The requests that arrived since the last `clearCalls`, oldest first. */
  readonly calls: Effect.Effect<ReadonlyArray<Call>>
  readonly clearCalls: Effect.Effect<void>
  /** How many requests were refused because a rate limit was exhausted. */
  readonly overLimit: Effect.Effect<number>

  /** Adds a sync without the vendor's API and returns its ids. Dies when a sync with these ids exists. */
  readonly addSync: (options?: SyncOptions) => Effect.Effect<Ids>
  /**
   * Adds what a sync is made of, without a sync, and returns the ids, by the names of `idNames.parts`. Ids that are left out
   * are minted.
   */
  readonly addParts: (name?: string, ids?: Ids) => Effect.Effect<Ids>
  /** The real states of all configured syncs, oldest first. */
  readonly syncs: Effect.Effect<ReadonlyArray<TruthSync>>
  /** Changes a sync's state. Dies when there is no such sync. */
  readonly setState: (ids: Ids, state: SyncState) => Effect.Effect<void>
  /**
   * Changes a sync as a stranger does: at once, and reads show it after the lag of reads. Dies when there is no such sync, or
   * when the vendor's syncs have no such field.
   */
  readonly changeSync: (ids: Ids, change: SyncChange) => Effect.Effect<void>
  /** Deletes a sync with its runs as a stranger does. Dies when there is no such sync. */
  readonly deleteSync: (ids: Ids) => Effect.Effect<void>
  /** Appends plans for the next runs of a sync, whatever starts them. Dies when there is no such sync. */
  readonly script: (ids: Ids, plans: ReadonlyArray<RunPlan>) => Effect.Effect<void>
  /**
   * Triggers a sync as another user of the account. Returns the run's id, or `undefined` where the vendor refuses: the
   * sync is not enabled, or a run is live and runs may not overlap. Dies when there is no such sync.
   */
  readonly triggerAsStranger: (
    ids: Ids,
    options?: { readonly plan?: RunPlan; readonly scope?: string },
  ) => Effect.Effect<string | undefined>
  /** Stops a run, as a user in the vendor's app does. Dies when there is no such run. */
  readonly stopRun: (runId: string) => Effect.Effect<void>
  /**
   * Lets a run end now as its plan says: before its time, or where the plan has no end. A run that waits starts and ends; one
   * that is over stays as it is. Dies when there is no such run.
   */
  readonly endRun: (runId: string) => Effect.Effect<void>
  /**
   * Takes a run out of the vendor's lists, as a vendor does that keeps only recent runs; later entries move up. A read of
   * the run itself still shows it. Dies when there is no such run.
   */
  readonly unlistRun: (runId: string) => Effect.Effect<void>
  /** The real states of a sync's runs, oldest first. Dies when there is no such sync. */
  readonly runsOf: (ids: Ids) => Effect.Effect<ReadonlyArray<TruthRun>>

  /**
   * Returns a hint for each run that starts or ends from the moment at which the stream runs, as a vendor's webhook sends
   * them: also for runs of schedules and strangers, while nothing calls or reads the emulator. The stream never ends.
   * Several streams do not share hints: each loses, doubles and delays its hints as its options say.
   */
  readonly hints: (options?: Hint.Options) => Stream.Stream<Hint.Hint>

  /** Adds faults; each waits for the requests that it matches. Dies when the sync of a fault does not exist. */
  readonly addFaults: (...faults: ReadonlyArray<Fault>) => Effect.Effect<void>
  readonly clearFaults: Effect.Effect<void>
  /** Withdraws the permission for exactly these operations; an empty list gives all permissions back. */
  readonly deny: (operations: ReadonlyArray<Operation>) => Effect.Effect<void>
  /** Lets the token expire and returns the one that is accepted from now on. */
  readonly rotateToken: Effect.Effect<string>
  /** Sets how far reads lag behind the vendor's state from now on. */
  readonly setReadLag: (lag: ReadLag) => Effect.Effect<void>
  /** Sets how long creates, updates and deletes of syncs that are accepted from now on take. */
  readonly setChangeTakes: (takes: ChangeTakes) => Effect.Effect<void>
  /** Sets how the vendor changes what creates and updates of syncs store from now on; without kinds it does not. */
  readonly setNormalization: (...kinds: ReadonlyArray<Normalization>) => Effect.Effect<void>
  /** Sets what an update of a sync does from now on with the fields that it leaves out. */
  readonly setOmittedFields: (treatment: OmittedFields) => Effect.Effect<void>
  /**
   * Spends the rate limits of `operation` as other clients of the account do: `atOnce` requests now (default 0), and from
   * now on one request per `every` (default none).
   */
  readonly addTraffic: (options: {
    readonly operation: Operation
    readonly atOnce?: number
    readonly every?: Duration.Input
  }) => Effect.Effect<void>
  /** Sets one switch, by its name or its fact's id. Dies when there is no such switch or value. */
  readonly setSwitch: (nameOrFact: string, value: string) => Effect.Effect<void>
}

/** The control of one vendor's switches that the compiler checks. */
export interface SwitchControls<S extends Switches> {
  /** Sets several switches; the others keep their values. */
  readonly setSwitches: (settings: Partial<Settings<S>>) => Effect.Effect<void>
}
