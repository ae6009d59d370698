/**
 * What the author of an adapter writes: a handful of functions over one request, or one page, each.
 *
 * Obligations. A driver never retries, sleeps, logs, throttles, or reads the clock or the environment. It sends exactly
 * one request per call (none when it refuses, and then with `delivery: "not-sent"`). It fails with `RetlError` alone,
 * whatever bytes come back. It follows no link that an answer contains. It leaves out the parts that its vendor lacks: the
 * capabilities of a workspace are derived from the parts that are there.
 *
 * Core decodes ids and specs before it calls a driver, and verifies what a driver returns.
 */
import type * as DateTime from "effect/DateTime"
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { VendorIds } from "../model/Ref.ts"
import type { RetlError } from "../model/RetlError.ts"
import type { RunFields, Status } from "../model/Run.ts"
import type { Scope } from "../model/Scope.ts"
import type { AdministrationPart } from "./Administration.ts"
import type { CatalogPart } from "./Catalog.ts"
import type { Description } from "./Description.ts"

/** The version of the interface between core and drivers. */
export const spec = "openretl/2"

/**
 * The schema of the ids that name a sync: a struct of `VendorId` fields, by the adapter's names. Required ids make up the
 * sync's identity; optional ids make reads cheaper and are never needed.
 */
export type IdsSchema<Ids> = Schema.Codec<Ids, VendorIds> & {
  readonly fields: Readonly<Record<string, Schema.Constraint>>
}

/**
 * A run as the vendor reports it now, before core adds what only core has (its ref, a remembered cancel).
 *
 * Its status is the vendor's word, translated: `unknown` for a word that the adapter does not list; core weighs rows in. A
 * zero time, or an end before there is one, is left out.
 */
export interface Snapshot<Native = unknown> extends Omit<RunFields, "native"> {
  /** The vendor's id of the run. */
  readonly run: string
  /** The vendor's payload, decoded. */
  readonly native: Native
}

/** What a listing wants. A vendor that cannot filter answers with more; core filters again. */
export interface PageQuery {
  /** The `next` of the page before; absent for the first. */
  readonly cursor?: string
  /** How many runs are wanted; the vendor's bounds come first. */
  readonly size?: number
  readonly statuses?: ReadonlyArray<Status>
  readonly startedAfter?: DateTime.Utc
  readonly startedBefore?: DateTime.Utc
}

/** One page of a listing. */
export interface Page<Native = unknown> {
  readonly runs: ReadonlyArray<Snapshot<Native>>
  /** Where the next page starts; absent on the last. */
  readonly next?: string
  /** Set on a last page after which there may be more that the vendor does not offer. */
  readonly mayHaveMore?: boolean
  /** The vendor's clock at this answer (its `date` header), where there is one. */
  readonly asOf?: DateTime.Utc
}

/** Who the token is, where the vendor says so, and what a check has shown. */
export interface Access {
  readonly identity?: { readonly id: string; readonly name?: string }
  /** What the check has shown, in one sentence. */
  readonly shown: string
}

/** Whether the sync fires by itself. `unknown` where the vendor does not say. */
export type OwnSchedule = "manual" | "scheduled" | "unknown"

/** How a run is started. */
export interface StartOptions {
  /** Set exactly when the vendor has scopes. */
  readonly scope?: Scope
  /** A key by which the vendor recognizes a repetition of this request; set only where `keyedTrigger` is true. */
  readonly key?: string
}

/** What an adapter can do with runs. */
export interface RunsPart<Ids, Native = unknown> {
  /** Requests one run and returns the id that the vendor gave it. */
  readonly start: (sync: Ids, options: StartOptions) => Effect.Effect<string, RetlError>
  /** Reads one run. The snapshot has the id that was passed. */
  readonly get: (sync: Ids, run: string) => Effect.Effect<Snapshot<Native>, RetlError>
  /** Reads one page, newest first where the vendor offers a choice. */
  readonly list: (sync: Ids, query: PageQuery) => Effect.Effect<Page<Native>, RetlError>
  /** Reads whether the sync fires by itself; left out where the vendor offers no way to read it. */
  readonly ownSchedule?: (sync: Ids) => Effect.Effect<OwnSchedule, RetlError>
}

/** How an adapter cancels a run. */
export interface CancellationPart<Ids> {
  /** What a cancel stops: the run it names, or whatever is running on its sync. */
  readonly stops: "run" | "sync"
  /** Requests the cancel once. Returns `finished` where the vendor says that there is nothing to cancel any more. */
  readonly cancel: (sync: Ids, run: string) => Effect.Effect<"requested" | "finished", RetlError>
}

/** A vendor's API in core's words. */
export interface Driver<
  Ids = VendorIds,
  RunNative = unknown,
  SyncNative = unknown,
  Spec = unknown,
  ChangedSpec = unknown,
> {
  /** The version of this interface: `Driver.spec`. */
  readonly spec: typeof spec
  /** The vendor's short name, as in `segment`. */
  readonly vendor: string
  /** Where the API is, without a slash at the end. It is part of a sync's identity. */
  readonly baseUrl: string
  readonly ids: IdsSchema<Ids>
  readonly description: Description
  readonly runs: RunsPart<Ids, RunNative>
  /** Present where the caller chooses what a run covers; the scopes that there are. */
  readonly scopes?: ReadonlyArray<Scope>
  /** Present where the vendor can cancel a run. */
  readonly cancellation?: CancellationPart<Ids>
  /** Present where the vendor can list its configured syncs. */
  readonly catalog?: CatalogPart<Ids, SyncNative>
  /** Present where the vendor can change them; needs a catalog. */
  readonly administration?: AdministrationPart<Ids, SyncNative, Spec, ChangedSpec>
  /** Verifies, with reads only, that the token works; with a sync, that it reaches that sync. */
  readonly check: (sync?: Ids) => Effect.Effect<Access, RetlError>
}

/** A driver of any vendor. */
// biome-ignore lint/suspicious/noExplicitAny: the types of ids, payloads and specs are each driver's
export type AnyDriver = Driver<any, any, any, any, any>
