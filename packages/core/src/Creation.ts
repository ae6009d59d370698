/** Creating a sync. Provided by the layers of vendors that can. */
import * as Context from "effect/Context"
import type { Changed } from "./Administration.ts"
import type { Definition } from "./model/Change.ts"
import type { Sync } from "./model/Sync.ts"

/** Creating a sync. */
export interface Service {
  /**
   * Creates a sync, disabled and manual unless the definition says otherwise. Fails with `InvalidRequest` before any
   * request where the vendor would refuse it, with every problem at once and unknown fields named; with `Conflict` where
   * the vendor answers with a sync that was there before; with `ChangeIncomplete` where the sync exists and is not yet all
   * that the definition says; with `ChangeIndeterminate` where no look can settle what became of a lost answer.
   */
  readonly create: (definition: Definition) => Changed<Sync>
}

/** The service of workspaces that can create a sync. */
export class Creation extends Context.Service<Creation, Service>()("@openretl/core/Creation") {}
