/** Deleting syncs. Provided by layers whose vendor can. */
import * as Context from "effect/Context"
import type { Changed } from "./Administration.ts"
import type { SyncRef } from "./model/Ref.ts"

/** Deletes syncs. */
export interface Service {
  /** Deletes a sync. A sync that does not exist counts as deleted. */
  readonly delete: (sync: SyncRef) => Changed<void>
}

/** The service of workspaces that can delete syncs. */
export class Deletion extends Context.Service<Deletion, Service>()("@openretl/core/Deletion") {}
