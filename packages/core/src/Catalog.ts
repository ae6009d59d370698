/** The configured syncs of a workspace: what moves where, how and when. Provided by layers whose vendor can list them. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { SyncRef } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { Sync } from "./model/Sync.ts"

/** Reading what is configured. */
export interface Service {
  /**
   * Every configured sync, lazily, in the vendor's order. Where one sync takes several requests, what was read is shared
   * within the stream, within the documented limits. A vendor that closes its list to an account fails with
   * `Unsupported`, which says what to configure instead.
   */
  readonly list: Stream.Stream<Sync, RetlError>
  /** Reads one sync. Fails with `NotFound` (`sync`) where there is none, `WrongWorkspace` for a ref of another workspace. */
  readonly get: (sync: SyncRef) => Effect.Effect<Sync, RetlError>
}

/** The service of workspaces that list their configured syncs. */
export class Catalog extends Context.Service<Catalog, Service>()("@openretl/core/Catalog") {}
