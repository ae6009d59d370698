/** How an adapter reads what is configured. */
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type * as Pages from "../http/Pages.ts"
import type { RetlError } from "../model/RetlError.ts"
import type { Sync } from "../model/Sync.ts"
import type { Operation } from "./Description.ts"

/** A sync as an adapter reads it, before core adds its ref. */
export interface Snapshot<Ids = unknown, Native = unknown> extends Omit<Sync, "ref" | "lastRun" | "native"> {
  readonly ids: Ids
  readonly lastRun?: {
    /** The vendor's id of the last run. */
    readonly run?: string
    readonly succeededAt?: NonNullable<Sync["lastRun"]>["succeededAt"]
  }
  /** The vendor's payload, decoded. */
  readonly native: Native
}

/** How a catalog and an administration send: within the rate limit, and again where the retry table allows. */
export interface Requests {
  /** Sends one read, which is one request. */
  readonly read: <A>(operation: Operation, request: Effect.Effect<A, RetlError>) => Effect.Effect<A, RetlError>
  /** Returns all items of a list that comes in pages, lazily and each once; each page is one read. */
  readonly pages: <A extends { readonly id: string }>(
    operation: Operation,
    page: (cursor: string | undefined) => Effect.Effect<Pages.Page<A>, RetlError>,
  ) => Stream.Stream<A, RetlError>
  /** As `pages`, for items that are syncs. */
  readonly syncPages: <A extends { readonly ids: unknown }>(
    operation: Operation,
    page: (cursor: string | undefined) => Effect.Effect<Pages.Page<A>, RetlError>,
  ) => Stream.Stream<A, RetlError>
}

/** What the author of an adapter writes to read what is configured. Every request goes through `requests`, one at a time. */
export interface CatalogPart<Ids, Native = unknown> {
  /** Returns every configured sync, lazily. */
  readonly list: (requests: Requests) => Stream.Stream<Snapshot<Ids, Native>, RetlError>
  /** Reads one sync. Fails with `NotFound` (`sync`) where there is no such sync. */
  readonly get: (requests: Requests, sync: Ids) => Effect.Effect<Snapshot<Ids, Native>, RetlError>
}
