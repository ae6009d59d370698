/** The configured syncs of a workspace: what moves where, how and when. Provided by the layers of vendors that tell. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Operation } from "./driver/Description.ts"
import type { WorkspaceContext } from "./engine/context.ts"
import type * as Pages from "./http/Pages.ts"
import type { SyncRef, VendorIds } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { Sync } from "./model/Sync.ts"

export interface Service {
  /**
   * Every configured sync, lazily, in the vendor's order. Where the vendor has to be asked several times for one sync,
   * what was read is shared within the stream, in the documented limits. A vendor that closes its list to an account
   * fails with `Unsupported`, which says what to configure instead.
   */
  readonly list: Stream.Stream<Sync, RetlError>
  /** One sync as it is now. `NotFound` (`sync`) where there is none, `WrongWorkspace` for a ref of another workspace. */
  readonly get: (sync: SyncRef) => Effect.Effect<Sync, RetlError>
}

export class Catalog extends Context.Service<Catalog, Service>()("@openretl/core/Catalog") {}

/** A sync as an adapter tells it, before core adds its ref. */
export interface Snapshot extends Omit<Sync, "ref" | "lastRun"> {
  readonly ids: VendorIds
  readonly lastRun?: { readonly run?: string; readonly succeededAt?: NonNullable<Sync["lastRun"]>["succeededAt"] }
}

/** How an adapter's section sends: in the rate limit, and tried again as the retry table allows. */
export interface Requests {
  /** One read, one request. */
  readonly read: <A>(operation: Operation, request: Effect.Effect<A, RetlError>) => Effect.Effect<A, RetlError>
  /** All items of a list that comes in pages, lazily and each once; each page is one read. */
  readonly pages: <A extends { readonly id: string } | Pick<Snapshot, "ids">>(
    operation: Operation,
    page: (cursor: string | undefined) => Effect.Effect<Pages.Page<A>, RetlError>,
  ) => Stream.Stream<A, RetlError>
}

/** What the author of an adapter writes. Every request goes through `requests`, one at a time. */
export interface Reads {
  readonly list: (requests: Requests) => Stream.Stream<Snapshot, RetlError>
  /** Fails with `NotFound` (`sync`) where there is no such sync. */
  readonly get: (requests: Requests, sync: VendorIds) => Effect.Effect<Snapshot, RetlError>
}

/** A section of a driver, as `Sections.catalog` makes it. */
export interface Section extends Reads {
  readonly assemble: (context: WorkspaceContext) => Context.Context<Catalog>
}
