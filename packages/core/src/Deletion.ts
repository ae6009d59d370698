/** Deleting a sync. Provided by the layers of vendors that can. */
import * as Context from "effect/Context"
import type { Changed } from "./Administration.ts"
import type { SyncRef } from "./model/Ref.ts"

/** Deleting a sync. */
export interface Service {
  /** Deletes the sync. One that does not exist counts as deleted. */
  readonly delete: (sync: SyncRef) => Changed<void>
}

/** The service of workspaces that can delete a sync. */
export class Deletion extends Context.Service<Deletion, Service>()("@openretl/core/Deletion") {}
