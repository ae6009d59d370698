/** The workspace that a program runs against. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Capabilities } from "./driver/Capabilities.ts"
import type { Access } from "./driver/Driver.ts"
import type { SyncRef } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"

/** The workspace that a program runs against. */
export interface Service {
  /** The workspace's name, which its refs carry. */
  readonly name: string
  /** The vendor's short name, as in `segment`. */
  readonly vendor: string
  /** What the workspace can do, as data. */
  readonly capabilities: Capabilities
  /** Verifies, with reads only, that the token works or, with a sync, that it reaches that sync. */
  readonly check: (sync?: SyncRef) => Effect.Effect<Access, RetlError>
}

/** The service that describes the workspace; every workspace has it. */
export class CurrentWorkspace extends Context.Service<CurrentWorkspace, Service>()("@openretl/core/CurrentWorkspace") {}
