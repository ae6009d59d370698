/** The workspace that a program runs against. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Capabilities } from "./driver/Capabilities.ts"
import type { Access } from "./driver/Driver.ts"
import type { SyncRef } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"

export interface Service {
  readonly name: string
  readonly vendor: string
  readonly capabilities: Capabilities
  /** Looks, with reads only, whether the token works; with a sync, whether it reaches that sync. */
  readonly check: (sync?: SyncRef) => Effect.Effect<Access, RetlError>
}

export class CurrentWorkspace extends Context.Service<CurrentWorkspace, Service>()("@openretl/core/CurrentWorkspace") {}
