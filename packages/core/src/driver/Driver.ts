/**
 * What the author of an adapter writes: a handful of functions over one request, or one page, each.
 *
 * Obligations: a driver never retries, sleeps, logs, throttles, or reads the clock or the environment; it sends exactly
 * one request per call (none when it refuses, and then with `delivery: "not-sent"`); it fails with `RetlError` alone,
 * whatever bytes come back; it follows no link that an answer contains. Sections that a vendor lacks are left out: the
 * capabilities of a workspace are derived from them.
 */
import type * as DateTime from "effect/DateTime"
import type * as Effect from "effect/Effect"
import type * as Administration from "../Administration.ts"
import type * as Catalog from "../Catalog.ts"
import type { VendorIds } from "../model/Ref.ts"
import type { RetlError } from "../model/RetlError.ts"
import type { RunFields, Status } from "../model/Run.ts"
import type { Scope } from "../model/Scope.ts"
import type { Description } from "./Description.ts"

/**
 * A run as the vendor tells it now, before core adds what only core knows (its ref, a remembered cancel).
 *
 * Its status is the vendor's word, translated: `unknown` for a word that nobody listed, and rows are core's to weigh in. A
 * zero time, or an end before there is one, is left out.
 */
export interface Snapshot extends RunFields {
  /** The vendor's id of the run. */
  readonly run: string
}

/** What a listing is asked for. A vendor that cannot filter answers with more; core filters again. */
export interface PageQuery {
  /** From the page before; absent for the first. */
  readonly cursor?: string
  /** How many runs are wanted; the vendor's own bounds come first. */
  readonly size?: number
  readonly statuses?: ReadonlyArray<Status>
  readonly startedAfter?: DateTime.Utc
  readonly startedBefore?: DateTime.Utc
}

export interface Page {
  readonly runs: ReadonlyArray<Snapshot>
  /** Where the next page starts; absent on the last. */
  readonly next?: string
  /** Set on a last page behind which there may be more that the vendor does not offer. */
  readonly mayHaveMore?: boolean
  /** The vendor's own clock at this answer (its `date` header), where it tells. */
  readonly asOf?: DateTime.Utc
}

/** Who the token is, as far as the vendor tells, and what was read to find out. */
export interface Access {
  readonly identity?: { readonly id: string; readonly name?: string }
  /** What the check has shown, in one sentence. */
  readonly shown: string
}

/** Whether the sync fires by itself. `unknown` where the vendor does not tell. */
export type OwnSchedule = "manual" | "scheduled" | "unknown"

export interface Driver {
  /** The version of this interface. */
  readonly spec: "openretl/1"
  readonly vendor: string
  /** The names of the ids that make up a sync, exactly. */
  readonly idNames: ReadonlyArray<string>
  readonly description: Description
  readonly runs: {
    /** Asks for one run and yields the id that the vendor gave it. `scope` is set exactly when the vendor has scopes. */
    readonly start: (sync: VendorIds, options: { readonly scope?: Scope }) => Effect.Effect<string, RetlError>
    readonly get: (sync: VendorIds, run: string) => Effect.Effect<Snapshot, RetlError>
    /** One page, newest first where the vendor offers a choice. */
    readonly list: (sync: VendorIds, query: PageQuery) => Effect.Effect<Page, RetlError>
    /** Whether the sync fires by itself; left out where the vendor offers no way to ask. */
    readonly ownSchedule?: (sync: VendorIds) => Effect.Effect<OwnSchedule, RetlError>
  }
  /** Present where the caller chooses what a run covers. */
  readonly scopes?: ReadonlyArray<Scope>
  readonly cancellation?: {
    /** What a cancel stops: the run it names, or whatever is running on its sync. */
    readonly stops: "run" | "sync"
    /** Asks once. `finished` where the vendor says that there is nothing to cancel any more. */
    readonly cancel: (sync: VendorIds, run: string) => Effect.Effect<"requested" | "finished", RetlError>
  }
  /** What is configured, made with `Sections.catalog`. Left out by the driver of a program that only runs syncs. */
  readonly catalog?: Catalog.Section
  /** Changing that, made with `Sections.administration`; goes with a catalog. */
  readonly administration?: Administration.Section
  /** Looks, with reads only, whether the token works; with a sync, whether it reaches that sync. */
  readonly check: (sync?: VendorIds) => Effect.Effect<Access, RetlError>
}
