/** What a workspace can do, as data. Derived from the driver's sections, never written by hand. */

import type { Scope } from "../model/Scope.ts"
import type { ScheduleForms } from "../model/schedule/ScheduleForms.ts"
import type { Guard } from "./Description.ts"
import type { Driver } from "./Driver.ts"

export interface Capabilities {
  /** What a caller may choose; empty where the vendor decides what a run covers. */
  readonly scopes: ReadonlyArray<Scope>
  /** What a cancel stops, or `false` where the vendor has none. */
  readonly cancellation: "run" | "sync" | false
  /** What keeps two runs of a sync apart. */
  readonly guard: Guard
  /** Whether the vendor can be asked if a sync fires by itself. */
  readonly ownSchedule: boolean
  /** Whether this workspace tells which syncs are configured. */
  readonly catalog: boolean
  /** Whether it can change them, and what schedules they can then have. */
  readonly administration: false | ScheduleForms
}

export const of = (driver: Driver): Capabilities => ({
  scopes: driver.scopes ?? [],
  cancellation: driver.cancellation?.stops ?? false,
  guard: driver.description.guard,
  ownSchedule: driver.runs.ownSchedule !== undefined,
  catalog: driver.catalog !== undefined,
  administration: (driver.catalog !== undefined && driver.administration?.schedules) || false,
})
