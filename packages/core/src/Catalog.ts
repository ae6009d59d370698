/** The configured syncs of a workspace. Provided by layers whose vendor can list them. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { SyncRef } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { Sync } from "./model/Sync.ts"

/** Reads configured syncs. */
export interface Service {
  /**
   * Every configured sync, lazily, in the vendor's order, within the documented limits. Fails with `Unsupported` where
   * the vendor closes its list to the account; the error says what to configure instead.
   */
  readonly list: Stream.Stream<Sync, RetlError>
  /** Reads one sync. Fails with `NotFound` (`sync`) where it does not exist. */
  readonly get: (sync: SyncRef) => Effect.Effect<Sync, RetlError>
}

/** The service of workspaces that list their configured syncs. */
export class Catalog extends Context.Service<Catalog, Service>()("@openretl/core/Catalog") {}
