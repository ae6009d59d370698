/** Cancelling a run. Provided only by the workspaces of vendors that can. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Options, Result } from "./model/Cancel.ts"
import type { RunRef } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { WaitDeadlineExceeded } from "./model/Wait.ts"

export { AlreadyFinished, Options, Requested, Result, Undelivered } from "./model/Cancel.ts"

/** Cancels runs. */
export interface Service {
  /**
   * Requests once that a run stops. Where the vendor stops whatever runs on the sync, core first verifies that only
   * this run is under way; a run that starts right after that may be stopped instead. Fails with `Conflict` where
   * another run is under way, and with `WaitDeadlineExceeded` where the run has not ended within `confirmWithin`.
   *
   * A cancel may cost rows: `undelivered` in the result says whether a later run delivers what this one had read. Segment
   * does not bring such rows again by itself; RudderStack does.
   */
  readonly cancel: (run: RunRef, options?: Options) => Effect.Effect<Result, RetlError | WaitDeadlineExceeded>
}

/** The service of workspaces whose vendor can cancel a run. */
export class Cancellation extends Context.Service<Cancellation, Service>()("@openretl/core/Cancellation") {}
