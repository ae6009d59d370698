/**
 * What the store of a journal does for core, in obligations.
 *
 * They hold for every operation:
 * - It is atomic. Of two calls at once, from any two processes that share the store, one comes first, and the other sees
 *   everything that it did.
 * - What it reports as written survives a crash of the process and a loss of power. A call that fails or is interrupted
 *   before its answer may have been carried out: the caller reads the entry again.
 * - Time is the store's: one clock decides for all processes when a lease expires and when an entry is old. Callers pass
 *   durations and never times.
 * - It is interruptible at any moment, also while it waits for a lock or for a database that does not answer. It waits for
 *   locks within `StoreWithin` and without stopping its process. Then it fails with `StoreBusy`.
 * - It keeps what it does not understand. A record of another edition is never rewritten and never forgotten.
 *
 * An expired lease belongs to no call: no call can renew it, and no call can mark an entry under it.
 */
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Fence } from "../model/Fence.ts"
import type { Draft, JournalEntry, Owner, State, SyncsBefore } from "../model/JournalEntry.ts"
import type { JournalError } from "../model/JournalError.ts"
import type { RunRef, SyncRef } from "../model/Ref.ts"
import type { Rows, Status } from "../model/Run.ts"

/** An entry as a caller knows it: an operation on it does nothing where the store has another revision by then. */
export interface Version {
  readonly id: string
  readonly revision: number
}

/** An entry in the store. */
export interface Stored {
  readonly _tag: "Stored"
  readonly entry: JournalEntry
  /** The store's time when it read the entry: ages are counted from it, never from a local clock. */
  readonly readAt: DateTime.Utc
  /**
   * Whether the call that owns the entry is at work: its claim has not expired, or, for an open entry, it holds the lease
   * of the identity. False in every other state.
   */
  readonly isOwnerAlive: boolean
}

/** A record that this version cannot decode: of another edition, or damaged. */
export interface Unreadable {
  readonly _tag: "Unreadable"
  readonly id: string
  /** Why it cannot be decoded, in one sentence without values. */
  readonly why: string
  /** Its edition; absent where the record does not say it. */
  readonly edition?: number
  /** Its identity; absent where the record does not say it. */
  readonly identity?: string
  /** The name of its workspace; absent where the record does not say it. */
  readonly workspace?: string
  /** Its key; absent where it has none, or the record does not say it. */
  readonly key?: string
}

/** What a store has under an id or a key. */
export type JournalRecord = Stored | Unreadable

/** The lease on an identity, as its holder knows it. */
export interface Lease {
  readonly identity: string
  readonly owner: Owner
  /** The fencing token: the store never gives two leases of one identity the same number, and numbers only grow. */
  readonly number: number
}

/** The entry is not, or is not any more, as the caller believed. Nothing was written. */
export interface Changed {
  readonly _tag: "Changed"
  /** The entry as it is now; absent where there is none. */
  readonly record?: JournalRecord
}

/** What a claim takes. */
export interface ClaimRequest {
  /** The new entry, with a key. */
  readonly draft: Draft
  readonly owner: Owner
  /** How long the claim lasts unless it is renewed. */
  readonly lease: Duration.Input
  /** The concluded entry that the next attempt follows. @default none: only a key without entries is claimed */
  readonly after?: Version
}

/** How a claim ends. */
export type ClaimResult =
  /** The call owns the key: a new entry, in the state `claimed`. */
  | { readonly _tag: "Claimed"; readonly stored: Stored }
  /** The key's latest entry, which is not the one that the next attempt was to follow. */
  | { readonly _tag: "Exists"; readonly record: JournalRecord }

/** What taking over takes. */
export interface TakeOverRequest {
  readonly owner: Owner
  /** How long the claim lasts unless it is renewed. */
  readonly lease: Duration.Input
  /** The ref of the sync as the new owner has it; the entry is listed under its workspace from then on. @default unchanged */
  readonly sync?: SyncRef
}

/** A number of starts that a workspace may not exceed in any window of a length. */
export interface StartLimit {
  readonly atMost: number
  readonly within: Duration.Input
}

/** What a mark takes. */
export interface MarkRequest {
  /** The caller's lease on the identity. */
  readonly lease: Lease
  /** A claimed entry of the same call, or a new one without a key. */
  readonly entry: Version | Draft
  /** What exists right before the request. */
  readonly fence: Fence | SyncsBefore
  /** The caller's word that nothing else triggers the sync. */
  readonly exclusive: boolean
  /** How long the request can take. */
  readonly writeTimeout: Duration.Input
  /** How long after the request its effect may still appear. */
  readonly runAppearsWithin: Duration.Input
  /** The limits of the workspace's starts, counted in the transaction of the mark. @default none */
  readonly starts?: ReadonlyArray<StartLimit>
}

/** How a mark ends. Only after `Marked` may the request be sent. */
export type MarkResult =
  | { readonly _tag: "Marked"; readonly stored: Stored }
  /** The lease has expired, or another call has it. */
  | { readonly _tag: "LeaseLost" }
  | Changed
  /** An open entry of the identity, or a record of the identity that cannot be decoded. */
  | { readonly _tag: "Blocked"; readonly by: JournalRecord }
  /** So many starts are under way or too recent; one more may be marked after `freeIn`. */
  | { readonly _tag: "TooManyStarts"; readonly freeIn: Duration.Duration }

/** The run that a trigger led to. */
export interface TriggerResult {
  readonly run: RunRef
  /** Why the call took this run for its own without the vendor's answer for it. @default the vendor answered with it */
  readonly adopted?: "lost-answer" | "already-running"
}

/** What a trigger's entry becomes. */
export type TriggerChange =
  | ({ readonly state: "started" } & TriggerResult)
  | ({ readonly state: "finished"; readonly status: Status; readonly rows: Rows } & TriggerResult)
  | { readonly state: "abandoned"; readonly candidates: ReadonlyArray<RunRef> }

/** What the entry of a change of configuration becomes. */
export type ConfigurationChange =
  | {
      readonly state: "started" | "finished"
      /** The sync that a create made. @default none */
      readonly created?: SyncRef
    }
  | { readonly state: "abandoned"; readonly candidates: ReadonlyArray<SyncRef> }

/** What an entry becomes. */
export type Change =
  /** Provably, nothing was sent: the key is claimed again, by the same call. From `sent`, by its owner only. */
  | { readonly state: "claimed"; readonly lease: Duration.Input }
  /** The answer was given up. From `sent` only. */
  | { readonly state: "lost" }
  | { readonly state: "refused" | "not-started" }
  | TriggerChange
  | ConfigurationChange

/** Which entries to list. */
export interface Filter {
  /** The name of a workspace. @default all */
  readonly workspace?: string
  /** An identity. @default all */
  readonly identity?: string
  /** A key. @default all, and entries without one */
  readonly key?: string
  /** The states of the entries. @default `claimed`, `sent`, `lost`, `started` */
  readonly states?: ReadonlyArray<State>
  /** How many records to return at most, 1 to 1,000. @default 100 */
  readonly limit?: number
  /** `Listed.next` of the page before. @default the first page */
  readonly after?: string
}

/** One page of records, newest first. */
export interface Listed {
  readonly entries: ReadonlyArray<Stored>
  /** Records that the filter does not exclude and that this version cannot decode, whatever their state. */
  readonly unreadable: ReadonlyArray<Unreadable>
  /** Where the next page begins; absent on the last one. */
  readonly next?: string
}

/** The store of a journal. The obligations of this module hold for each operation. */
export interface Service {
  /** The id of the store, from its creation: two journals are the same exactly when their ids are. */
  readonly id: string
  /**
   * Claims a key. Of all calls that claim a key without entries, and of all that claim the attempt after the same entry,
   * exactly one gets it. Fails with `InvalidEntry` for a draft without a key, and where `after` names an entry that is
   * not concluded.
   */
  readonly claim: (request: ClaimRequest) => Effect.Effect<ClaimResult, JournalError>
  /**
   * Makes the call the owner of a claimed entry whose claim has expired, by compare-and-set. The attempt stays the same.
   * The call before it can then neither renew nor mark the entry.
   */
  readonly takeOver: (
    version: Version,
    request: TakeOverRequest,
  ) => Effect.Effect<{ readonly _tag: "Claimed"; readonly stored: Stored } | Changed, JournalError>
  /** Prolongs the claim of an entry, from now. Returns false where the call does not own it any more, or it has expired. */
  readonly renewClaim: (id: string, owner: Owner, lease: Duration.Input) => Effect.Effect<boolean, JournalError>
  /**
   * Takes the lease on an identity where no other call has one that is alive. Its number is greater than that of every
   * earlier lease on the identity. A call that has the lease already gets a new one.
   */
  readonly acquire: (
    identity: string,
    owner: Owner,
    lease: Duration.Input,
  ) => Effect.Effect<
    | { readonly _tag: "Acquired"; readonly lease: Lease }
    | { readonly _tag: "Occupied"; readonly owner: Owner; readonly freeIn: Duration.Duration },
    JournalError
  >
  /** Prolongs a lease, from now. Returns false where it has expired, or another call has had the lease since. */
  readonly renew: (lease: Lease, duration: Duration.Input) => Effect.Effect<boolean, JournalError>
  /** Gives a lease back. Does nothing where the call does not have it any more. */
  readonly release: (lease: Lease) => Effect.Effect<void, JournalError>
  /**
   * Writes that a request is about to be sent. In one transaction it locks the lease and checks that the call has it, with
   * this number and alive; that the entry has this revision and is the call's, and `claimed`; that no other entry of the
   * identity is open, which a unique index guarantees whatever the leases say; that no record of the identity is
   * unreadable; and that the starts are within their limits. A start counts from its mark until one window after its
   * request ended: when its state changed, or its write time-out after the mark at the latest.
   */
  readonly mark: (request: MarkRequest) => Effect.Effect<MarkResult, JournalError>
  /**
   * Writes what became of an entry, by compare-and-set. A vendor's answer may replace an earlier conclusion. Fails with
   * `InvalidEntry` for a step that no entry takes: to `sent`, to `lost` but from `sent`, and to `claimed` but from `sent`
   * by its owner.
   */
  readonly update: (
    version: Version,
    change: Change,
    by: Owner,
  ) => Effect.Effect<{ readonly _tag: "Updated"; readonly stored: Stored } | Changed, JournalError>
  /**
   * Removes an entry that provably sent nothing, by compare-and-set: a `claimed` one, by its owner or once its claim has
   * expired, and a `sent` one by its owner. Fails with `InvalidEntry` for an entry in another state.
   */
  readonly remove: (version: Version, by: Owner) => Effect.Effect<{ readonly _tag: "Removed" } | Changed, JournalError>
  /** Returns the entry with this id, where there is one. */
  readonly get: (id: string) => Effect.Effect<JournalRecord | undefined, JournalError>
  /** Returns the entry of a key at an identity: the one of its latest attempt, where there is one. */
  readonly find: (identity: string, key: string) => Effect.Effect<JournalRecord | undefined, JournalError>
  /** Lists entries, newest first. An unreadable record hides no other. */
  readonly list: (filter: Filter) => Effect.Effect<Listed, JournalError>
  /**
   * Forgets at most 100 entries that ended longer ago than `age`: concluded ones from their end, `started` ones from when
   * the run was accepted, `claimed` ones whose claim has expired from their last write. Open entries are never forgotten.
   * Returns how many it forgot.
   */
  readonly forget: (age: Duration.Input) => Effect.Effect<number, JournalError>
}
