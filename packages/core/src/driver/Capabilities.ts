/** The capabilities of a workspace, as data. Core derives them from the parts of its driver. */
import type { Scope } from "../model/Scope.ts"
import type { ScheduleForms } from "../model/schedule/ScheduleForms.ts"
import type { WhenBusy } from "./Description.ts"
import type { AnyDriver } from "./Driver.ts"

/** The capabilities of a workspace. */
export interface Capabilities {
  /** The scopes that a caller may choose; empty where the vendor decides what a run covers. */
  readonly scopes: ReadonlyArray<Scope>
  /** What a cancel stops; `false` where the vendor cannot cancel. */
  readonly cancellation: "run" | "sync" | false
  /** What the vendor does with a trigger while a run of the sync is under way. */
  readonly whenBusy: WhenBusy
  /** Whether the vendor keeps the key of a trigger, so that core repeats a trigger whose answer was lost. */
  readonly keyedTriggers: boolean
  /** Whether core can read if a sync fires by itself. */
  readonly ownSchedule: boolean
  /** Whether the driver lists configured syncs. */
  readonly catalog: boolean
  /** The schedules that changed syncs can have; `false` where the driver cannot change syncs. */
  readonly administration: false | ScheduleForms
  /** Whether the driver can create a sync. */
  readonly creation: boolean
  /** Whether the driver can delete a sync. */
  readonly deletion: boolean
}

/** Returns the capabilities of a driver. */
export const of = (driver: AnyDriver): Capabilities => {
  const administration = driver.catalog === undefined ? undefined : driver.administration
  return {
    scopes: driver.scopes ?? [],
    cancellation: driver.cancellation?.stops ?? false,
    whenBusy: driver.description.whenBusy,
    keyedTriggers: driver.description.keyedTrigger === true && driver.description.keysKeptFor !== undefined,
    ownSchedule: driver.runs.ownSchedule !== undefined,
    catalog: driver.catalog !== undefined,
    administration: administration?.schedules ?? false,
    creation: administration?.create !== undefined,
    deletion: administration?.delete !== undefined,
  }
}
