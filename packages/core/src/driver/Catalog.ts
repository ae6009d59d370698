/** The part of a driver that reads configured syncs. */
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type * as Pages from "../http/Pages.ts"
import type { RetlError } from "../model/RetlError.ts"
import type { SyncFields } from "../model/Sync.ts"
import type { Operation } from "./Description.ts"

/** A sync as an adapter reads it. Core adds its ref. */
export interface Snapshot<Ids = unknown, Native = unknown> extends Omit<SyncFields, "ref" | "lastRun" | "native"> {
  /** The vendor's ids that name the sync. */
  readonly ids: Ids
  /** What the vendor reports about the last run; absent where it reports nothing. */
  readonly lastRun?: {
    /** The vendor's id of the run. */
    readonly run?: string
    /** When the last successful run ended. */
    readonly succeededAt?: NonNullable<SyncFields["lastRun"]>["succeededAt"]
  }
  /** The vendor's payload, decoded. */
  readonly native: Native
}

/**
 * Reads the page at a cursor, in one request. The vendor's bounds take precedence over the size; without one, the page has
 * the vendor's most. Where a page was too large, core passes the same cursor with a smaller size, as in `PageQuery`.
 */
export type Page<A> = (cursor: string | undefined, size?: number | undefined) => Effect.Effect<Pages.Page<A>, RetlError>

/** How a catalog and an administration send reads: within the rate limit, and again where the retry table allows it. */
export interface Requests {
  /** Sends a read of one request. */
  readonly read: <A>(operation: Operation, request: Effect.Effect<A, RetlError>) => Effect.Effect<A, RetlError>
  /** Returns all items of a list that comes in pages, lazily, each id once. Each page is a read of one request. */
  readonly pages: <A extends { readonly id: string }>(
    operation: Operation,
    page: Page<A>,
  ) => Stream.Stream<A, RetlError>
  /** As `pages`, for syncs: two with the same required ids are the same. */
  readonly syncPages: <A extends { readonly ids: object }>(
    operation: Operation,
    page: Page<A>,
  ) => Stream.Stream<A, RetlError>
}

/** The part of a driver that reads configured syncs. It sends every request through `requests`, one at a time. */
export interface CatalogPart<Ids, Native = unknown> {
  /** Returns every configured sync, lazily. */
  readonly list: (requests: Requests) => Stream.Stream<Snapshot<Ids, Native>, RetlError>
  /** Reads one sync. Fails with `NotFound` (`sync`) where it does not exist. */
  readonly get: (requests: Requests, sync: Ids) => Effect.Effect<Snapshot<Ids, Native>, RetlError>
}
