/**
 * What the author of an adapter hands to the suite: how to make an emulator of the vendor, and how to make the
 * adapter's workspace on it. What a workspace can do is read from the workspace itself, never declared here.
 */
import type { Administration } from "@openretl/core/Administration"
import type { Catalog } from "@openretl/core/Catalog"
import type { Definition } from "@openretl/core/Change"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type * as CoreOptions from "@openretl/core/driver/Options"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Runs } from "@openretl/core/Runs"
import type { Schedule } from "@openretl/core/Schedule"
import type { Scope as RunScope } from "@openretl/core/Scope"
import type { Workspace } from "@openretl/core/Workspace"
import type * as Emulated from "@openretl/emulator/Emulator"
import type { Switches } from "@openretl/emulator/Switch"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** The part of an emulator that the suite uses; `@openretl/emulator` documents each member. */
export type VendorEmulator = Omit<Emulated.Emulator, "vendor" | "workspace" | "switches" | "setSwitch">

/** The options that the suite makes emulators with. */
export type EmulatorOptions<S extends Switches = Switches> = Pick<
  Emulated.Options<S>,
  "seed" | "token" | "plan" | "readLag" | "latency" | "stopTakes" | "switches"
>

/**
 * The options that the suite makes workspaces with: those that all vendors share. `token` and `baseUrl` are the
 * emulator's. `defaultScope` is set only where a law is about it: spread these over an option of your own.
 */
export interface WorkspaceOptions extends CoreOptions.Options, CoreOptions.Connection {
  readonly defaultScope?: RunScope
}

/** What a definition is asked to be, besides its parts. */
export interface Wanted {
  /** Left out of the definition by vendors whose syncs have no names. */
  readonly name: string
  readonly enabled?: boolean
  readonly schedule?: Schedule
}

/** How an adapter configures; left out where it has no administration. */
export interface AdministrationHarness<E extends VendorEmulator = VendorEmulator> {
  /** A workspace with everything that the adapter can configure. */
  readonly workspace: (
    emulator: E,
    options: WorkspaceOptions,
  ) => Effect.Effect<Workspace<Runs | CurrentWorkspace | Catalog | Administration>, RetlError, Scope.Scope>
  /** A new sync over these parts, which are the emulator's (`addParts`). */
  readonly definition: (parts: Emulated.Ids, wanted: Wanted) => Definition
  /** Schedules that this vendor can express, besides manual; at least one, and the first fires by the clock. */
  readonly schedules: ReadonlyArray<Schedule>
}

export interface Harness<S extends Switches = Switches, E extends VendorEmulator = VendorEmulator> {
  /** The vendor's name: the suite's title. */
  readonly name: string
  /** A fresh emulator on Effect's clock, with its documented limits enforced. */
  readonly emulator: (options: EmulatorOptions<S>) => Effect.Effect<E>
  /** A workspace of the adapter. The suite provides the emulator's transport. */
  readonly workspace: (
    emulator: E,
    options: WorkspaceOptions,
  ) => Effect.Effect<Workspace<Runs | CurrentWorkspace>, RetlError, Scope.Scope>
  /** The ref of a sync, from the ids that the emulator gave it. */
  readonly sync: (workspace: string, ids: Emulated.Ids) => Effect.Effect<SyncRef, RetlError>
  /** Present where the adapter tells and changes what is configured. */
  readonly administration?: AdministrationHarness<E>
  /** What is not known about the vendor: every value of every switch is tried. Absent: nothing is left open. */
  readonly switches?: Switches
}
