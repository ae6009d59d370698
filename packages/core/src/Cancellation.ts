/** Cancelling a run. Provided only by the workspaces of vendors that can. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Options, Result } from "./model/Cancel.ts"
import type { RunRef } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { WaitDeadlineExceeded } from "./model/Wait.ts"

export { AlreadyFinished, Options, Requested, Result } from "./model/Cancel.ts"

/** Cancelling a run. */
export interface Service {
  /**
   * Requests once that this run be stopped. Where the vendor can only stop whatever runs on the sync, core looks first
   * that it is this run: that narrows the race, it cannot close it. Fails with `RetlError`, and with
   * `WaitDeadlineExceeded` where the run has not ended within `confirmWithin`.
   */
  readonly cancel: (run: RunRef, options?: Options) => Effect.Effect<Result, RetlError | WaitDeadlineExceeded>
}

/** The service of workspaces whose vendor can cancel a run. */
export class Cancellation extends Context.Service<Cancellation, Service>()("@openretl/core/Cancellation") {}
