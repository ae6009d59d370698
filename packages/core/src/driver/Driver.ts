/**
 * The driver of a vendor, which the author of an adapter writes: a few functions of one request, or one page, each.
 *
 * Obligations:
 * - It never retries, sleeps, logs, throttles, or reads the clock or the environment.
 * - It sends exactly one request per call, or none where it refuses: then with `delivery: "not-sent"`.
 * - It fails with `RetlError` alone, whatever bytes the vendor sends.
 * - It follows no link of an answer.
 * - It leaves out the parts that its vendor lacks. Core derives the capabilities of a workspace from its parts.
 *
 * Core decodes ids and specs before it calls a driver, and verifies what a driver returns.
 */
import type * as DateTime from "effect/DateTime"
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { Redact } from "../http/redaction.ts"
import type { Undelivered } from "../model/Cancel.ts"
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
 * The schema of the ids that name a sync: a struct of `VendorId` fields, by the adapter's names. The required ids are
 * the identity of a sync; optional ids may make reads cheaper, and no request needs them.
 */
export type IdsSchema<Ids> = Schema.Codec<Ids, Readonly<Record<string, string | undefined>>> & {
  readonly fields: Readonly<Record<string, Schema.Constraint>>
}

/**
 * A run as the vendor reports it now. Core adds the ref, and decides the status by the rows and by the cancels that it
 * requested.
 *
 * The status translates the vendor's word: `unknown` for a word that the adapter does not list. An adapter leaves out
 * zero times, and the end of a run that has not ended.
 */
export interface Snapshot<Native = unknown> extends Omit<RunFields, "native"> {
  /** The vendor's id of the run. */
  readonly run: string
  /** The vendor's payload, decoded. */
  readonly native: Native
}

/** Which runs a listing wants. A vendor that cannot filter may return more: core filters again. */
export interface PageQuery {
  /** The `next` of the previous page; absent for the first page. */
  readonly cursor?: string
  /**
   * The wanted number of runs, at most `maxSize`; the vendor's bounds take precedence. Where a page was too large, core passes
   * the same cursor with a smaller size, which divides the size before: such a page begins where the larger one would have.
   * @default the vendor's most
   */
  readonly size?: number
  /** The most runs of a page: a larger one was too large, or the workspace's options say so. @default the vendor's most */
  readonly maxSize?: number
  /** Only runs with one of these statuses. @default all */
  readonly statuses?: ReadonlyArray<Status>
  /** Only runs that started then or later. @default any */
  readonly startedAfter?: DateTime.Utc
  /** Only runs that started then or earlier. @default any */
  readonly startedBefore?: DateTime.Utc
}

/** One page of a listing. */
export interface Page<Native = unknown> {
  /** The runs, in the vendor's order. */
  readonly runs: ReadonlyArray<Snapshot<Native>>
  /** The cursor of the next page; absent on the last. */
  readonly next?: string
  /** Set on a last page after which there may be more that the vendor does not offer. */
  readonly mayHaveMore?: boolean
  /** How many runs the whole list has, with the filters that were sent; absent where the vendor does not say it. */
  readonly total?: number
  /** The vendor's clock, from the answer's `date` header; absent without one. */
  readonly asOf?: DateTime.Utc
}

/** The result of a check. */
export interface Access {
  /** Who the token belongs to; absent where the vendor does not report it. */
  readonly identity?: { readonly id: string; readonly name?: string }
  /** What the check has verified, in one sentence. */
  readonly shown: string
}

/** Whether a sync fires by itself; `unknown` where the vendor does not report it. */
export type OwnSchedule = "manual" | "scheduled" | "unknown"

/** The options of a start. */
export interface StartOptions {
  /** What the run covers; present exactly where the driver has scopes. */
  readonly scope?: Scope
  /** A key by which the vendor recognizes a repetition of the request; present only where `keyedTrigger` is true. */
  readonly key?: string
  /**
   * Whether a request with this key may have arrived before: a refusal may then be about that one's state, as where it is
   * still at work, and has the delivery `unknown`. @default false
   */
  readonly isRepeated?: boolean
}

/** The part of a driver that runs syncs. */
export interface RunsPart<Ids, Native = unknown> {
  /** Requests one run. Returns the vendor's id of it. */
  readonly start: (sync: Ids, options: StartOptions) => Effect.Effect<string, RetlError>
  /** Reads one run. The snapshot has the same id. */
  readonly get: (sync: Ids, run: string) => Effect.Effect<Snapshot<Native>, RetlError>
  /** Reads one page, newest first where the vendor offers a choice. */
  readonly list: (sync: Ids, query: PageQuery) => Effect.Effect<Page<Native>, RetlError>
  /** Reads whether the sync fires by itself. Absent where the vendor offers no way to read it. */
  readonly ownSchedule?: (sync: Ids) => Effect.Effect<OwnSchedule, RetlError>
}

/** The part of a driver that cancels runs. */
export interface CancellationPart<Ids> {
  /** What a cancel stops: the run it names, or whatever is running on its sync. */
  readonly stops: "run" | "sync"
  /**
   * What becomes of rows that the run had read and not delivered: `kept` for the next run; `lost` for it, so that only a full run
   * brings them. @default "unknown"
   */
  readonly undelivered?: Undelivered
  /** Requests a cancel. Returns `finished` where the vendor answers that the run has ended. */
  readonly cancel: (sync: Ids, run: string) => Effect.Effect<"requested" | "finished", RetlError>
}

/** The driver of a vendor: its API in core's terms. */
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
  /** The address of the API, without a slash at the end. It is part of a sync's identity. */
  readonly baseUrl: string
  /**
   * A text that stands for the token, or an effect that returns it, as `account` of `VendorClient`. Workspaces of one
   * process with the same vendor, address and text share their rate limit. Absent: each workspace has a rate limit of its
   * own.
   */
  readonly account?: string | Effect.Effect<string, RetlError>
  /**
   * Cuts the token out of a text, as `redact` of `VendorClient`. Core applies it to what a run and a sync show; the driver
   * reads what the vendor sent. Absent: a token that the vendor echoes in a run or a sync is shown.
   */
  readonly redact?: Redact
  /** The schema of the ids that name a sync. */
  readonly ids: IdsSchema<Ids>
  /** Limits and times of the vendor. */
  readonly description: Description
  /** Starts and reads runs. */
  readonly runs: RunsPart<Ids, RunNative>
  /** The scopes of runs; present where the caller chooses what a run covers. */
  readonly scopes?: ReadonlyArray<Scope>
  /** Present where the vendor can cancel a run. */
  readonly cancellation?: CancellationPart<Ids>
  /** Present where the vendor can list its configured syncs. */
  readonly catalog?: CatalogPart<Ids, SyncNative>
  /** Present where the vendor can change configured syncs; needs a catalog. */
  readonly administration?: AdministrationPart<Ids, SyncNative, Spec, ChangedSpec>
  /**
   * The vendor's id of the workspace, where the options name it: core compares it with the one that `check` reads.
   * @default none
   */
  readonly workspaceId?: string
  /** Verifies, with reads only, that the token works or, with a sync, that it reaches that sync. */
  readonly check: (sync?: Ids) => Effect.Effect<Access, RetlError>
}

/** A driver of any vendor. */
// biome-ignore lint/suspicious/noExplicitAny: the types of ids, payloads and specs are each driver's
export type AnyDriver = Driver<any, any, any, any, any>
