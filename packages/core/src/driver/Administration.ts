/** How an adapter changes what is configured. */
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { FieldIssue } from "../model/FieldIssue.ts"
import type { RetlError } from "../model/RetlError.ts"
import type { Schedule } from "../model/schedule/Schedule.ts"
import type { ScheduleForms } from "../model/schedule/ScheduleForms.ts"
import type { Requests, Snapshot } from "./Catalog.ts"

/** The portable fields of a definition or a change. */
export interface Portable {
  readonly name?: string
  /** Whether the sync is switched on. */
  readonly enabled?: boolean
  readonly schedule?: Schedule
}

/** A sync to create: its portable fields, and the vendor's part as core decoded it. */
export interface NewSync<Spec> extends Portable {
  readonly spec: Spec
}

/** What is to change of a sync; what is absent stays as it is. */
export interface SyncChange<ChangedSpec> extends Portable {
  readonly spec?: ChangedSpec
}

/**
 * What the author of an adapter writes to change what is configured: the schemas of the vendor's part, one-request writes,
 * and how to see what became of them. `create` and `delete` are left out where the vendor lacks them.
 */
export interface AdministrationPart<Ids, Native, Spec, ChangedSpec> {
  /** The schedules that this vendor can express. */
  readonly schedules: ScheduleForms
  /** Whether a new sync needs a name, may have one, or has none. Core refuses what does not fit. @default "optional" */
  readonly names?: "required" | "optional" | "none"
  /** The vendor's part of a new sync. Core decodes it strictly, with every problem at once. */
  readonly spec: Schema.ConstraintDecoder<Spec>
  /** The vendor's part of a change. Core decodes it strictly, with every problem at once. */
  readonly changedSpec: Schema.ConstraintDecoder<ChangedSpec>
  /** Returns the problems of a new sync that its schema cannot name, with paths as in `part.spec.name`. @default none */
  readonly newSyncIssues?: (sync: NewSync<Spec>) => ReadonlyArray<FieldIssue>
  /** Returns the problems of a change that its schema cannot name. @default none */
  readonly changeIssues?: (change: SyncChange<ChangedSpec>) => ReadonlyArray<FieldIssue>
  /** Reads the syncs among which a new one would appear: before a create, and again should its answer be lost. */
  readonly listCandidates: (
    requests: Requests,
    sync: NewSync<Spec>,
  ) => Effect.Effect<ReadonlyArray<Snapshot<Ids, Native>>, RetlError>
  /** Returns whether a sync that was not there before could be the one to create. */
  readonly matches: (sync: NewSync<Spec>, snapshot: Snapshot<Ids, Native>) => boolean
  /**
   * Sends one request that creates the sync, with as much as one request can carry, and never more enabled or scheduled
   * than it is to be. Core sets what is still missing with `update`. Returns `undefined` where the answer does not show
   * what was created.
   */
  readonly create?: (sync: NewSync<Spec>) => Effect.Effect<Snapshot<Ids, Native> | undefined, RetlError>
  /** Sends one request that makes the change. Returns `undefined` where the answer does not show the sync. */
  readonly update: (
    current: Snapshot<Ids, Native>,
    change: SyncChange<ChangedSpec>,
  ) => Effect.Effect<Snapshot<Ids, Native> | undefined, RetlError>
  /**
   * Returns whether a sync shows the vendor's part of a change. After the vendor has accepted it, what nothing can show (a
   * setting that is masked) counts as shown.
   */
  readonly isShown: (spec: ChangedSpec, snapshot: Snapshot<Ids, Native>, isAccepted: boolean) => boolean
  /** Sends one request that deletes the sync. */
  readonly delete?: (current: Snapshot<Ids, Native>) => Effect.Effect<void, RetlError>
}
