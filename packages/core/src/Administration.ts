/**
 * Changing configured syncs: update, pause, resume, reschedule. Provided by layers whose vendor can.
 *
 * A change is sent once. Where its answer is lost, core reads what became of it, and never sends it again blindly.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { PendingChange } from "./engine/configuration/pending.ts"
import type { Change, ChangeFailure, ChangeResolution, ChangeSettlement } from "./model/Change.ts"
import type { ChangeEntry } from "./model/JournalEntry.ts"
import type { SyncRef } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { Sync } from "./model/Sync.ts"
import type { Schedule } from "./model/schedule/Schedule.ts"
import type { ScheduleForms } from "./model/schedule/ScheduleForms.ts"

export type { PendingChange }

/**
 * A change, and how it fails: with `RetlError` where nothing was changed, with `ChangeIncomplete` where a part of it
 * happened, and with `ChangeIndeterminate` where reads cannot settle what became of a lost answer. With `ChangeConflict` it was
 * made, and somebody else changed other fields meanwhile. An interrupt before the request leaves nothing behind; after that,
 * the change goes on to its end.
 */
export type Changed<A> = Effect.Effect<A, ChangeFailure>

/**
 * Changes configured syncs.
 *
 * A change reads and needs nothing but its sync: the sync that it returns may lack the names of its ends, which `Catalog.get`
 * reads. What this process, or another one over the journal, has written lately counts over what reads show.
 */
export interface Service {
  /** The schedules that this vendor can express. */
  readonly schedules: ScheduleForms
  /**
   * Changes the named fields and nothing else. Fields that already have the requested value are not sent. Fails with
   * `InvalidRequest` before any request, with every problem at once, and where no field is named. Fails with
   * `ChangeIncomplete` where the vendor accepted the change and shows something else.
   */
  readonly update: (sync: SyncRef, change: Change) => Changed<Sync>
  /** Switches the sync off, so that its schedule does not fire. A run under way goes on. */
  readonly pause: (sync: SyncRef) => Changed<Sync>
  /** Switches the sync on, with the schedule that it has. */
  readonly resume: (sync: SyncRef) => Changed<Sync>
  /** Replaces the sync's schedule; `Schedule.manual` removes it. The sync is switched neither on nor off. */
  readonly setSchedule: (sync: SyncRef, schedule: Schedule) => Changed<Sync>
  /** Lists the changes of this workspace, creates and deletes included, that the journal has as under way or unsettled. */
  readonly pending: Effect.Effect<ReadonlyArray<PendingChange>, RetlError>
  /**
   * Finds out what became of a change by reads alone, once it can have had its effect, and writes it to the journal. Sends no
   * change. Takes an entry of `pending`, or the id in `ChangeIndeterminate.entry`.
   */
  readonly resolve: (entry: ChangeEntry | string) => Effect.Effect<ChangeResolution, RetlError>
  /**
   * Concludes an open entry by hand, and sends nothing. Fails with `TriggerBusy` while its request may be under way, with the
   * time from which it works. Takes an entry as `resolve` does.
   */
  readonly settle: (entry: ChangeEntry | string, settlement: ChangeSettlement) => Effect.Effect<void, RetlError>
}

/** The service of workspaces that can change configured syncs. */
export class Administration extends Context.Service<Administration, Service>()("@openretl/core/Administration") {}
