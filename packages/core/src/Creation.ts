/** Creating syncs. Provided by layers whose vendor can. */
import * as Context from "effect/Context"
import type { Changed } from "./Administration.ts"
import type { CreateOptions, Definition } from "./model/Change.ts"
import type { Sync } from "./model/Sync.ts"

/** Creates syncs. */
export interface Service {
  /**
   * Creates a sync, disabled and manual unless the definition says otherwise. Returns it as the vendor reports it.
   *
   * Fails with `InvalidRequest` before any request, with every problem of the definition at once; with `Conflict` where
   * the vendor answers with a sync that existed before; with `ChangeIncomplete` where the sync exists and fields of the
   * definition are missing; with `ChangeIndeterminate` where reads cannot settle what became of a lost answer, or of an
   * earlier create of the same ends.
   *
   * With a key, it makes one sync however often it is called: a later call returns that sync as it is now. A key that has
   * made another definition is refused.
   */
  readonly create: (definition: Definition, options?: CreateOptions) => Changed<Sync>
}

/** The service of workspaces that can create syncs. */
export class Creation extends Context.Service<Creation, Service>()("@openretl/core/Creation") {}
