/** What a store with transactions does for a journal: a few reads and writes. */
import type * as Effect from "effect/Effect"
import type { Draft, JournalEntry, Owner } from "../model/JournalEntry.ts"
import type { JournalReason } from "../model/JournalError.ts"
import type { Filter, Unreadable } from "./port.ts"

/** An entry and what a store keeps beside it. Times are epoch milliseconds by the store's clock. */
export interface EntryRow {
  readonly _tag: "EntryRow"
  readonly entry: JournalEntry
  /** When the claim expires; 0 for an entry that is not claimed. */
  readonly claimUntil: number
  /** When the entry was written or its claim renewed: what a claimed entry is forgotten by. */
  readonly touchedAt: number
  /** When the request has ended at the latest; absent where none was marked. */
  readonly requestUntil?: number
}

/** An entry as it is read: with the lease on its identity, where one was taken. */
export interface ReadRow extends EntryRow {
  /** The lease. @default none was taken */
  readonly leaseRow?: LeaseRow
}

/** The lease on an identity. */
export interface LeaseRow {
  /** The last number that was given; 0 before the first. */
  readonly number: number
  /** Absent before the first lease and after a release. */
  readonly owner?: Owner
  /** When the lease expires, in epoch milliseconds; 0 without an owner. */
  readonly until: number
}

/** The workspace that starts are counted by. */
export type StartGroup = Pick<Draft, "vendor" | "baseUrl" | "workspace">

/** A filter with its defaults. */
export interface Query extends Omit<Filter, "states" | "limit"> {
  readonly states: ReadonlyArray<JournalEntry["state"]>
  readonly limit: number
}

/** The reads and writes of a store, within one transaction. */
export interface Tables {
  /** The store's time in epoch milliseconds, as of now: not of when the transaction began or a lock was requested. */
  readonly now: Effect.Effect<number, JournalReason>
  /** Returns the lease on an identity. In a write, no other transaction changes it before this one ends. */
  readonly lease: (identity: string) => Effect.Effect<LeaseRow, JournalReason>
  /** Writes the lease on an identity. */
  readonly putLease: (identity: string, row: LeaseRow) => Effect.Effect<void, JournalReason>
  /** Returns the entry with an id. In a write, no other transaction changes or removes it before this one ends. */
  readonly entry: (id: string) => Effect.Effect<ReadRow | Unreadable | undefined, JournalReason>
  /** Returns the entry of a key with the highest attempt, and keeps it from others as `entry` does. */
  readonly latest: (identity: string, key: string) => Effect.Effect<ReadRow | Unreadable | undefined, JournalReason>
  /** Returns the open entry of an identity. */
  readonly open: (identity: string) => Effect.Effect<ReadRow | Unreadable | undefined, JournalReason>
  /** Returns a record of an identity that is of another edition or damaged, where there is one. */
  readonly unreadable: (identity: string) => Effect.Effect<Unreadable | undefined, JournalReason>
  /**
   * Adds an entry. Returns false, and adds nothing, where another entry has its id, its identity, key and attempt, or, for
   * an open one, where another entry of the identity is open. Unique indexes decide, so that it holds whatever was read.
   */
  readonly insert: (row: EntryRow) => Effect.Effect<boolean, JournalReason>
  /** Writes an entry over the one with its id. Returns false, and writes nothing, where `insert` would. */
  readonly replace: (row: EntryRow) => Effect.Effect<boolean, JournalReason>
  /** Removes the entry with an id. */
  readonly remove: (id: string) => Effect.Effect<void, JournalReason>
  /**
   * Returns `requestUntil` of a workspace's entries, the latest first, at most so many. No other transaction reads the
   * starts of the workspace before this one ends.
   */
  readonly starts: (group: StartGroup, atMost: number) => Effect.Effect<ReadonlyArray<number>, JournalReason>
  /** Returns one page of the records, newest first. Records that cannot be decoded are returned whatever their state. */
  readonly list: (
    query: Query,
  ) => Effect.Effect<{ readonly records: ReadonlyArray<ReadRow | Unreadable>; readonly next?: string }, JournalReason>
  /**
   * Removes at most so many entries of which `forgottenFrom` is at or before `before`; a claimed one only where its claim
   * has expired at `now`. Returns how many it removed.
   */
  readonly forget: (before: number, now: number, atMost: number) => Effect.Effect<number, JournalReason>
  /** Returns another host than this one that has a live lease or claim. Absent for stores that hosts can share. */
  readonly otherHost?: (host: string, now: number) => Effect.Effect<string | undefined, JournalReason>
}

/** A store with transactions. */
export interface Backend {
  /** The id of the store, from its creation. */
  readonly id: string
  /** What people call it, as in `SQLite`. */
  readonly name: string
  /**
   * Runs a program in a transaction whose writes are durable once it succeeds, and undone where it fails or is interrupted.
   */
  readonly write: <A>(program: (tables: Tables) => Effect.Effect<A, JournalReason>) => Effect.Effect<A, JournalReason>
  /** Runs a program that only reads. */
  readonly read: <A>(program: (tables: Tables) => Effect.Effect<A, JournalReason>) => Effect.Effect<A, JournalReason>
}
