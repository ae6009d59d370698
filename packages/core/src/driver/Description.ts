/** What an adapter states about its vendor as data: limits, windows, and the facts it leans on. */
import type * as Duration from "effect/Duration"

/**
 * The kinds of request that have limits of their own: those of runs, one of a driver's functions each; reads of
 * configuration (`syncs`); and changes of it.
 */
export type Operation =
  | "start"
  | "get"
  | "list"
  | "cancel"
  | "schedule"
  | "check"
  | "syncs"
  | "create"
  | "update"
  | "delete"

/** One documented limit: so many requests in any window of that length. */
export interface Limit {
  /** Operations that name the same key share one budget. */
  readonly key: string
  readonly requests: number
  readonly window: Duration.Input
}

/**
 * What keeps two runs of one sync apart:
 * - `vendor`: it refuses a trigger while a run is under way;
 * - `observed`: core looks before it triggers, which leaves a gap between the look and the request;
 * - `none`: neither.
 */
export type Guard = "vendor" | "observed" | "none"

export interface Description {
  /** The limits of each operation; an operation that is not named has none that is documented. */
  readonly limits: Partial<Readonly<Record<Operation, ReadonlyArray<Limit>>>>
  readonly guard: Guard
  /** How long after a trigger was sent its run may still come into being. */
  readonly runAppearsWithin: Duration.Input
  /** How long the vendor's reads may lag behind its writes. */
  readonly readLag: Duration.Input
  /**
   * How the vendor answers a read of a run that does not exist. With `server-error` core asks the list to tell a run
   * that is not there from an outage.
   */
  readonly unknownRun: "not-found" | "server-error"
}

/**
 * Something about a vendor that an adapter leans on, and how well it is known. No fact here is `live` until somebody has
 * seen it in a real account.
 */
export interface Fact {
  /** `<vendor>/<kebab-name>`. */
  readonly id: string
  readonly claim: string
  readonly confidence: "documented" | "seen-in-official-client" | "assumed" | "live"
  /** Where it comes from: a page, a client and its version, a date. */
  readonly source: string
  /** What the adapter does because of it, or what it does should it be wrong. */
  readonly consequence: string
  /** The emulator's switch of the same id stands for the other ways in which it could be. */
  readonly hasSwitch?: boolean
  /** A read that could settle it in a user's own account. */
  readonly probe?: string
}
