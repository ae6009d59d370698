/** The part of a driver that changes configured syncs. */
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { FieldIssue } from "../model/FieldIssue.ts"
import type { RetlError } from "../model/RetlError.ts"
import type { Schedule } from "../model/schedule/Schedule.ts"
import type { ScheduleForms } from "../model/schedule/ScheduleForms.ts"
import type { CatalogPart, Requests, Snapshot } from "./Catalog.ts"

/** The portable fields of a definition or a change. */
export interface Portable {
  /** The name of the sync. */
  readonly name?: string
  /** Whether the sync is switched on. */
  readonly enabled?: boolean
  /** When the sync fires by itself. */
  readonly schedule?: Schedule
}

/** A sync to create: its portable fields, and the vendor's part. */
export interface NewSync<Spec> extends Portable {
  /** The vendor's part, decoded. */
  readonly spec: Spec
}

/**
 * Where the rows of a sync come from and go to: the vendor's ids, by the adapter's names for them. They never change. Creates
 * of the same ends go one at a time, and of the syncs of its ends a create finds its own.
 */
export type Ends = Readonly<Record<string, string>>

/** Changes of a sync. Absent fields stay as they are. */
export interface SyncChange<ChangedSpec> extends Portable {
  /** The vendor's part, decoded. */
  readonly spec?: ChangedSpec
}

/**
 * The part of a driver that changes configured syncs: the schemas of the vendor's part, writes of one request each, and
 * functions that recognize what became of them. A driver leaves out `create` and `delete` where the vendor lacks them.
 */
export interface AdministrationPart<Ids, Native, Spec, ChangedSpec> {
  /** The schedules that this vendor can express. */
  readonly schedules: ScheduleForms
  /** Whether a new sync needs a name, may have one, or has none. Core rejects other definitions. @default "optional" */
  readonly names?: "required" | "optional" | "none"
  /** The vendor's part of a new sync. Core decodes it strictly, with every problem at once. */
  readonly spec: Schema.ConstraintDecoder<Spec>
  /** The vendor's part of a change. Core decodes it strictly, with every problem at once. */
  readonly changedSpec: Schema.ConstraintDecoder<ChangedSpec>
  /** Returns the problems of a new sync that no schema can express, with paths as in `part.spec.name`. @default none */
  readonly newSyncIssues?: (sync: NewSync<Spec>) => ReadonlyArray<FieldIssue>
  /** Returns the problems of a change that no schema can express, with paths as in `part.spec.name`. @default none */
  readonly changeIssues?: (change: SyncChange<ChangedSpec>) => ReadonlyArray<FieldIssue>
  /**
   * Returns the fields of a sync that an update replaces, or may replace, where it does not name them: it sends back what it has
   * read of them. Their names are those of a change: `name`, `enabled`, `schedule`, and the fields of the vendor's part. A field
   * that the vendor does not show is absent. Core then sends nothing that was read before another process's change can be seen,
   * reads right before the update and after it, and reports what somebody else changed. @default an update leaves them alone
   */
  readonly replaces?: (snapshot: Snapshot<Ids, Native>) => Readonly<Record<string, unknown>>
  /**
   * Returns whether a change has a request of its own that replaces nothing, where other updates of the vendor replace fields.
   * @default no change has
   */
  readonly isPartial?: (change: SyncChange<ChangedSpec>) => boolean
  /** Reads a sync for a change, with as few requests as that takes, and no names of its ends. @default the catalog's `get` */
  readonly read?: CatalogPart<Ids, Native>["get"]
  /**
   * Adds to a sync what only its ends say, where the vendor's state of a sync depends on them. Core calls it once after a
   * change, and does without where it fails. @default nothing
   */
  readonly withEnds?: (
    requests: Requests,
    snapshot: Snapshot<Ids, Native>,
  ) => Effect.Effect<Snapshot<Ids, Native>, RetlError>
  /** Returns the ends of a new sync. */
  readonly ends: (sync: NewSync<Spec>) => Ends
  /** Returns the ends of a sync. */
  readonly endsOf: (snapshot: Snapshot<Ids, Native>) => Ends
  /** Reads the syncs of these ends, and others as it may be. Core calls it before a create, and after a lost answer. */
  readonly listCandidates: (
    requests: Requests,
    ends: Ends,
  ) => Effect.Effect<ReadonlyArray<Snapshot<Ids, Native>>, RetlError>
  /**
   * Returns why a new sync cannot be created beside those that `listCandidates` read before the create, with paths as in
   * `part.spec.name`. Syncs that this process has just deleted are left out. @default none
   */
  readonly existingIssues?: (
    sync: NewSync<Spec>,
    existing: ReadonlyArray<Snapshot<Ids, Native>>,
  ) => ReadonlyArray<FieldIssue>
  /** Returns whether a sync that did not exist before could be the result of this create. */
  readonly matches: (sync: NewSync<Spec>, snapshot: Snapshot<Ids, Native>) => boolean
  /**
   * Sends one request that creates the sync, with as many fields as it can carry. The sync must never be enabled or
   * scheduled where the definition is not. Core sets missing fields with `update`. Returns `undefined` where the answer
   * does not show the created sync.
   */
  readonly create?: (sync: NewSync<Spec>) => Effect.Effect<Snapshot<Ids, Native> | undefined, RetlError>
  /**
   * Returns the vendor's part of the update that sets what a create cannot carry. @default none
   */
  readonly afterCreate?: (spec: Spec) => ChangedSpec | undefined
  /** Splits a change into those that one request can carry, without what the sync has. @default the change itself */
  readonly steps?: (
    change: SyncChange<ChangedSpec>,
    current: Snapshot<Ids, Native>,
  ) => ReadonlyArray<SyncChange<ChangedSpec>>
  /** Sends one request that changes the sync. Returns `undefined` where the answer does not show the sync. */
  readonly update: (
    current: Snapshot<Ids, Native>,
    change: SyncChange<ChangedSpec>,
  ) => Effect.Effect<Snapshot<Ids, Native> | undefined, RetlError>
  /**
   * Returns whether a sync shows the vendor's part of a change. `isAccepted` says that the vendor accepted the change:
   * then a setting that no read can show, such as a masked one, counts as shown.
   */
  readonly isShown: (spec: ChangedSpec, snapshot: Snapshot<Ids, Native>, isAccepted: boolean) => boolean
  /** Sends one request that deletes the sync. */
  readonly delete?: (current: Snapshot<Ids, Native>) => Effect.Effect<void, RetlError>
}
