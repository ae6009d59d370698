/**
 * Changing what is configured: create, update, pause, resume, delete. Provided by the layers of vendors that can.
 *
 * A change is sent once. Where its answer is lost, what became of it is looked up, and it is never sent again blindly.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Reads, Requests, Snapshot } from "./Catalog.ts"
import type { WorkspaceContext } from "./engine/context.ts"
import type { Change, ChangeIncomplete, ChangeIndeterminate, Definition, VendorPart } from "./model/Change.ts"
import type { FieldIssue } from "./model/FieldIssue.ts"
import type { SyncRef } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { Sync } from "./model/Sync.ts"
import type { Schedule } from "./model/schedule/Schedule.ts"
import type { ScheduleForms } from "./model/schedule/ScheduleForms.ts"

/** How a change ends that does not end well: refused, unknown, or done in part. */
export type Changed<A> = Effect.Effect<A, RetlError | ChangeIndeterminate | ChangeIncomplete>

export interface Service {
  /** What schedules this vendor can express. */
  readonly schedules: ScheduleForms
  /**
   * Makes a sync, disabled and manual unless the definition says otherwise. Refused before any request where the vendor
   * would refuse it, with every problem at once (`InvalidRequest`); so is a field that there is not. `Conflict` where the
   * vendor answers with a sync that was there before. `ChangeIncomplete` where it exists and is not yet all that it is to be.
   */
  readonly create: (definition: Definition) => Changed<Sync>
  /**
   * Changes what is named and nothing else. Nothing is sent where the sync is like that already. Refused before any request
   * as a definition is (`InvalidRequest`), and where nothing is named. `ChangeIncomplete` where the vendor accepted it and
   * shows something else.
   */
  readonly update: (sync: SyncRef, change: Change) => Changed<Sync>
  /** Switches it off: its own schedule fires no more. A run under way goes on. */
  readonly pause: (sync: SyncRef) => Changed<Sync>
  /** Switches it on, with the schedule that it has. */
  readonly resume: (sync: SyncRef) => Changed<Sync>
  /** Replaces its schedule; `Schedule.manual` takes it away. It is switched neither on nor off. */
  readonly setSchedule: (sync: SyncRef, schedule: Schedule) => Changed<Sync>
  /** Deletes it. A sync that is not there is deleted already. */
  readonly delete: (sync: SyncRef) => Changed<void>
}

export class Administration extends Context.Service<Administration, Service>()("@openretl/core/Administration") {}

/** What the author of an adapter writes: pure checks, one-request writes, and how to see what became of them. */
export interface Writes {
  readonly schedules: ScheduleForms
  /** Every problem of the vendor's own part, by its bounds. Core checks the portable parts. */
  readonly definitionProblems: (definition: Definition) => ReadonlyArray<FieldIssue>
  readonly changeProblems: (change: Change) => ReadonlyArray<FieldIssue>
  /** The syncs among which the new one will be: read before, and again should the answer be lost. */
  readonly listCandidates: (
    requests: Requests,
    definition: Definition,
  ) => Effect.Effect<ReadonlyArray<Snapshot>, RetlError>
  /** Whether a sync that was not there before is the one that was asked for. */
  readonly isLike: (definition: Definition, snapshot: Snapshot) => boolean
  /**
   * One request that makes the sync, as far as one can, and never more enabled or scheduled than the definition says.
   * Core sets what is still missing with `update`. `undefined` where the answer does not say what was made.
   */
  readonly create: (definition: Definition) => Effect.Effect<Snapshot | undefined, RetlError>
  /** One request that makes the named changes. `undefined` where the answer does not show the sync. */
  readonly update: (current: Snapshot, change: Change) => Effect.Effect<Snapshot | undefined, RetlError>
  /**
   * Whether a sync shows the vendor's part of a change. Once the vendor has accepted it, what nobody can see (a setting
   * that is shown masked) counts as shown.
   */
  readonly shows: (part: VendorPart, snapshot: Snapshot, isAccepted: boolean) => boolean
  /** One request that deletes it. */
  readonly delete: (current: Snapshot) => Effect.Effect<void, RetlError>
}

/** A section of a driver, as `Sections.administration` makes it. */
export interface Section extends Writes {
  readonly assemble: (context: WorkspaceContext, reads: Reads) => Context.Context<Administration>
}
