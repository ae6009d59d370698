/** What the workspaces of one process that reach the same vendor accounts share of triggers and changes. */
import type * as Deferred from "effect/Deferred"
import * as BoundedMap from "../../driver/BoundedMap.ts"
import type { Service as ProcessState } from "../../journal/ProcessState.ts"
import type { RunRef } from "../../model/Ref.ts"
import type { Run } from "../../model/Run.ts"
import type { Scope } from "../../model/Scope.ts"
import type { OwnWrite } from "../configuration/ownWrite.ts"
import type { Lengths } from "../poll/rhythm.ts"
import * as Turns from "./turns.ts"

/** The latest run that this process started for a sync. Callers who came before it and waited share it. */
export interface Recent {
  /** The place of its start in the order of calls and starts. */
  readonly order: number
  readonly scope: Scope | undefined
  readonly run: RunRef
}

/** What the workspaces of one process share of triggers. Keys are identities of syncs, or keys of runs. */
export interface Shared {
  readonly turns: Turns.Turns
  /** The ids of the entries that have a run, by the keys of runs. */
  readonly claims: BoundedMap.BoundedMap<string>
  readonly recent: BoundedMap.BoundedMap<Recent>
  /** The writes of ends that are under way, by the keys of runs. */
  readonly ends: Map<string, { readonly run: Run; readonly written: Deferred.Deferred<void> }>
  /**
   * The newest run of a list that was read to its end with nothing under way, by the identity of the sync: it and all
   * before it have ended.
   */
  readonly ended: BoundedMap.BoundedMap<string>
  /** How long past runs took (`poll/lengths.ts`), by the identity of the sync. */
  readonly lengths: BoundedMap.BoundedMap<Lengths>
  /** What this process wrote to configured syncs lately (`configuration/ownWrites.ts`), by the identity of the sync. */
  readonly writes: BoundedMap.BoundedMap<ReadonlyArray<OwnWrite>>
  /** Returns the next place in the order of calls and starts. */
  readonly nextOrder: () => number
}

/** Creates what the workspaces of one process share of triggers: nothing yet. */
export const make = (): Shared => {
  let order = 0
  return {
    turns: Turns.make(),
    claims: BoundedMap.make(10_000),
    recent: BoundedMap.make(10_000),
    ends: new Map(),
    ended: BoundedMap.make(10_000),
    lengths: BoundedMap.make(10_000),
    writes: BoundedMap.make(10_000),
    nextOrder: () => order++,
  }
}

/** Returns what the workspaces over one transport share. */
export const of = (state: ProcessState, transport: object | string): Shared => state.shared(transport, "triggers", make)
