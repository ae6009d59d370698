/** How the testbed of a law is set up, and which capabilities a law needs. */
import type { Capabilities } from "@openretl/core/Capabilities"
import type * as Emulated from "@openretl/emulator/Emulator"
import type { EmulatorOptions, WorkspaceOptions } from "./Harness.ts"

/**
 * The setup of one law's testbed; an empty one gives an enabled sync without a schedule on an emulator with defaults.
 */
export interface Setup {
  /** Returns why the law does not apply to a workspace with these capabilities, or `undefined` where it applies. */
  readonly needs?: (capabilities: Capabilities) => string | undefined
  /** Options of the emulator. */
  readonly emulator?: EmulatorOptions
  /** Options of every workspace that the testbed opens. */
  readonly workspace?: Partial<WorkspaceOptions>
  /** The sync that the testbed adds to the emulator. */
  readonly sync?: Emulated.SyncOptions
  /** The vendor's clock. @default the workspace's clock, with the `date` headers that the emulator sends */
  readonly vendorClock?: {
    /** How far the vendor's clock is ahead of the workspace's, in milliseconds; negative: behind. @default 0 */
    readonly offset?: number
    /** Whether the vendor's answers carry a `date` header. @default as the emulator does */
    readonly sendsDate?: boolean
  }
  /**
   * What the law does with configured syncs: read them, or create, update and delete them. The testbed then opens the
   * harness's workspace with administration or, to read, with a catalog; without one, the law is skipped.
   * @default the law only starts and cancels runs
   */
  readonly configuration?: "read" | "changed"
  /**
   * What becomes of a trigger that core sends again with its key, where the vendor keeps keys: it gets no answer, so that core
   * looks up what became of the first one; or it is answered. @default "lost"
   */
  readonly repeats?: "lost" | "answered"
  /** Other clients spend the vendor's limits too, so that a 429 is not this workspace's fault. @default false */
  readonly isCrowded?: boolean
}

/** For `Setup.needs`: the law needs a vendor that can cancel a run. */
export const needsCancellation = ({ cancellation }: Capabilities): string | undefined =>
  cancellation === false ? "the vendor cannot cancel a run" : undefined

/** For `Setup.needs`: the law needs a vendor whose runs have scopes. */
export const needsScopes = ({ scopes }: Capabilities): string | undefined =>
  scopes.length === 0 ? "the vendor has no scopes" : undefined

/** For `Setup.needs`: the law needs a vendor that can start a full run. */
export const needsFullRuns = ({ scopes }: Capabilities): string | undefined =>
  scopes.includes("full") ? undefined : "the vendor has no full runs"

/** For `Setup.needs`: the law needs a vendor that keeps the keys of triggers. */
export const needsKeys = ({ keyedTriggers }: Capabilities): string | undefined =>
  keyedTriggers ? undefined : "the vendor keeps no keys of triggers"

/** For `Setup.needs`: the law needs a vendor that shows whether a sync has a schedule. */
export const needsOwnSchedule = ({ ownSchedule }: Capabilities): string | undefined =>
  ownSchedule ? undefined : "the vendor does not show whether a sync has a schedule"

/** For `Setup.needs`: the law needs a workspace that can create syncs. */
export const needsCreation = ({ creation }: Capabilities): string | undefined =>
  creation ? undefined : "the workspace cannot create syncs"

/** For `Setup.needs`: the law needs a vendor that can delete syncs. */
export const needsDeletion = ({ deletion }: Capabilities): string | undefined =>
  deletion ? undefined : "the workspace cannot delete syncs"

/** For `Setup.needs`: the law needs a vendor that can create syncs and delete them. */
export const needsCreationAndDeletion = (capabilities: Capabilities): string | undefined =>
  needsCreation(capabilities) ?? needsDeletion(capabilities)

/** Returns what a law needs that makes a change of this kind. Every vendor with an administration can update. */
export const needsChange = (kind: "create" | "update" | "delete"): Pick<Setup, "needs"> => {
  if (kind === "update") return {}
  return { needs: kind === "create" ? needsCreation : needsDeletion }
}

/** The setup of a law that reads configured syncs. */
export const needsCatalog = { configuration: "read" } as const satisfies Setup

/** The setup of a law that creates, updates or deletes syncs. */
export const needsAdministration = { configuration: "changed" } as const satisfies Setup
