/**
 * What the author of an adapter writes for the suite: how to make an emulator of the vendor, and how to open the
 * adapter's workspace on it. The suite reads a workspace's capabilities from the workspace, so the harness does
 * not declare them.
 */
import type { Administration } from "@openretl/core/Administration"
import type { Catalog } from "@openretl/core/Catalog"
import type { Definition } from "@openretl/core/Change"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type * as Options from "@openretl/core/driver/Options"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Runs } from "@openretl/core/Runs"
import type { Schedule } from "@openretl/core/Schedule"
import type { Workspace } from "@openretl/core/Workspace"
import type * as Emulated from "@openretl/emulator/Emulator"
import type { Switches } from "@openretl/emulator/Switch"
import type * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"

/** The part of an emulator that the suite uses. `Emulator` of `@openretl/emulator` documents each member. */
export type VendorEmulator = Omit<
  Emulated.Emulator,
  "vendor" | "idNames" | "workspace" | "switches" | "setSwitch" | "setSwitches"
>

/** The options that the suite passes to `Harness.emulator`. */
export type EmulatorOptions<S extends Switches = Switches> = Pick<
  Emulated.Options<S>,
  "seed" | "token" | "plan" | "readLag" | "latency" | "stopTakes" | "switches"
>

/**
 * The options that the suite passes to `Harness.workspace`: those that all vendors share. `token` and `baseUrl` are the
 * emulator's. Spread these options over the adapter's default scope.
 */
export interface WorkspaceOptions extends Options.Options, Options.Connection {
  /**
   * What a run covers if its trigger names no scope. Only laws about scopes set it: to each scope that the vendor has,
   * and to one that the vendor lacks, which the workspace must refuse.
   */
  readonly defaultScope?: "incremental" | "full"
}

/** What the suite wants a definition to contain, besides the parts of its sync. */
export interface DefinitionInput {
  /** The sync's name. Leave it out of the definition where the vendor's syncs have no names. */
  readonly name: string
  /** Whether the sync is switched on at once; pass it on as it is. */
  readonly enabled?: boolean
  /** When the sync fires by itself; pass it on as it is. */
  readonly schedule?: Schedule
}

/** How an adapter configures syncs. An adapter without an administration leaves it out. */
export interface AdministrationHarness<E extends VendorEmulator = VendorEmulator> {
  /** Opens a workspace with `Catalog` and `Administration`. */
  readonly workspace: (
    emulator: E,
    options: WorkspaceOptions,
  ) => Effect.Effect<Workspace<Runs | CurrentWorkspace | Catalog | Administration>, RetlError, EffectScope.Scope>
  /** Defines a new sync over parts that `addParts` of the emulator made. */
  readonly definition: (parts: Emulated.Ids, input: DefinitionInput) => Definition
  /** Schedules that this vendor can express, besides manual: at least one, and the first one fires by the clock. */
  readonly schedules: ReadonlyArray<Schedule>
}

/** How an adapter reads configured syncs that it cannot change. */
export interface CatalogHarness<E extends VendorEmulator = VendorEmulator> {
  /** Opens a workspace with `Catalog`. */
  readonly workspace: (
    emulator: E,
    options: WorkspaceOptions,
  ) => Effect.Effect<Workspace<Runs | CurrentWorkspace | Catalog>, RetlError, EffectScope.Scope>
}

/** Everything that the suite needs of one adapter. */
export interface Harness<S extends Switches = Switches, E extends VendorEmulator = VendorEmulator> {
  /** The vendor's name, which begins the title of the suite. */
  readonly name: string
  /** Creates a fresh emulator on Effect's clock, with its documented limits enforced. */
  readonly emulator: (options: EmulatorOptions<S>) => Effect.Effect<E>
  /** Opens a workspace of the adapter. The suite provides the emulator's transport. */
  readonly workspace: (
    emulator: E,
    options: WorkspaceOptions,
  ) => Effect.Effect<Workspace<Runs | CurrentWorkspace>, RetlError, EffectScope.Scope>
  /** Returns the ref of a sync, from the name of its workspace and the ids that the emulator gave it. */
  readonly sync: (workspace: string, ids: Emulated.Ids) => Effect.Effect<SyncRef, RetlError>
  /**
   * How the adapter reads configured syncs, where it has no administration. @default none, which skips the laws about catalogs
   */
  readonly catalog?: CatalogHarness<E>
  /** How the adapter configures syncs. @default none, which skips the laws about changes */
  readonly administration?: AdministrationHarness<E>
  /** The open questions about the vendor; the suite tries every value of every switch. @default none */
  readonly switches?: Switches
}
