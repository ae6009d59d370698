/** What a workspace can do, as data. Derived from the driver's parts, never written by hand. */
import type { Scope } from "../model/Scope.ts"
import type { ScheduleForms } from "../model/schedule/ScheduleForms.ts"
import type { WhenBusy } from "./Description.ts"
import type { AnyDriver } from "./Driver.ts"

/** What a workspace can do. */
export interface Capabilities {
  /** The scopes that a caller may choose; empty where the vendor decides what a run covers. */
  readonly scopes: ReadonlyArray<Scope>
  /** What a cancel stops, or `false` where the vendor has none. */
  readonly cancellation: "run" | "sync" | false
  /** What the vendor does with a trigger while a run of the sync is under way. */
  readonly whenBusy: WhenBusy
  /** Whether the vendor can say if a sync fires by itself. */
  readonly ownSchedule: boolean
  /** Whether this workspace lists the configured syncs. */
  readonly catalog: boolean
  /** Whether it can change them, and which schedules they can then have. */
  readonly administration: false | ScheduleForms
  /** Whether it can create a sync. */
  readonly creation: boolean
  /** Whether it can delete a sync. */
  readonly deletion: boolean
}

/** Returns the capabilities of a driver. */
export const of = (driver: AnyDriver): Capabilities => {
  const administration = driver.catalog === undefined ? undefined : driver.administration
  return {
    scopes: driver.scopes ?? [],
    cancellation: driver.cancellation?.stops ?? false,
    whenBusy: driver.description.whenBusy,
    ownSchedule: driver.runs.ownSchedule !== undefined,
    catalog: driver.catalog !== undefined,
    administration: administration?.schedules ?? false,
    creation: administration?.create !== undefined,
    deletion: administration?.delete !== undefined,
  }
}
