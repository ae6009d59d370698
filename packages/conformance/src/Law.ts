/** One law as a case that can be checked: against any adapter, on a testbed of its own. */
import type { Capabilities } from "@openretl/core/Capabilities"
import type * as Emulated from "@openretl/emulator/Emulator"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { EmulatorOptions, WorkspaceOptions } from "./Harness.ts"
import type { Testbed } from "./Testbed.ts"

/** How the testbed of a law is set up. */
export interface Setup {
  /** Why the law does not apply to a workspace with these capabilities; nothing where it does. */
  readonly needs?: (capabilities: Capabilities) => string | undefined
  readonly emulator?: EmulatorOptions
  readonly workspace?: Partial<WorkspaceOptions>
  readonly sync?: Emulated.SyncOptions
  /**
   * The vendor's clock: how far it is off (milliseconds), and whether its answers tell it in a `date` header. Absent:
   * as the emulator does.
   */
  readonly vendorClock?: { readonly off?: number; readonly tells?: boolean }
  /**
   * The law is about what is configured: its testbed has the harness's workspace with administration, or is skipped where
   * there is none. With `changed`, the law may create, update and delete; all others only start and cancel.
   */
  readonly configuration?: "read" | "changed"
  /** Other clients spend the limits too: a 429 is then not this workspace's fault. */
  readonly isCrowded?: boolean
}

export interface Law {
  /** The ids of the laws that it proves, as in `T4, R1`. */
  readonly ids: string
  readonly title: string
  readonly setup: Setup
  readonly check: (testbed: Testbed) => Effect.Effect<void, unknown, Scope.Scope>
}

export const law = (ids: string, title: string, setup: Setup, check: Law["check"]): Law => ({
  ids,
  title,
  setup,
  check,
})

export const needsCancellation = ({ cancellation }: Capabilities): string | undefined =>
  cancellation === false ? "the vendor cannot cancel a run" : undefined

export const needsScopes = ({ scopes }: Capabilities): string | undefined =>
  scopes.length === 0 ? "the vendor lets nobody choose what a run covers" : undefined

export const needsFullRuns = ({ scopes }: Capabilities): string | undefined =>
  scopes.includes("full") ? undefined : "the vendor has no full runs to choose"

export const needsOwnSchedule = ({ ownSchedule }: Capabilities): string | undefined =>
  ownSchedule ? undefined : "the vendor cannot be asked whether a sync has a schedule of its own"

/** The setup of a law that reads what is configured. */
export const needsCatalog = { configuration: "read" } as const satisfies Setup

/** The setup of a law that changes what is configured. */
export const needsAdministration = { configuration: "changed" } as const satisfies Setup
