/** Cancellation a run. Provided only by the workspaces of vendors that can. */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { RunRef } from "./model/Ref.ts"
import type { RetlError } from "./model/RetlError.ts"
import type { Run } from "./model/Run.ts"
import type { WaitDeadlineExceeded } from "./model/Wait.ts"

/** The vendor was asked. The run may go on for a while, and rows in flight may still arrive. */
export interface Requested {
  readonly _tag: "Requested"
  readonly ref: RunRef
  /** The run at its end, where confirming was asked for. */
  readonly ended?: Run
}

/** The run had ended before; nothing was done. */
export interface AlreadyFinished {
  readonly _tag: "AlreadyFinished"
  readonly run: Run
}

export type Result = Requested | AlreadyFinished

export interface Options {
  /** Waits for the run to end, at most this long. Absent: the request is enough. */
  readonly confirmWithin?: Duration.Input
}

export interface Service {
  /**
   * Asks once for this run to be stopped. Where the vendor can only stop whatever runs on the sync, core looks first
   * that it is this run: that narrows the race, it cannot close it.
   */
  readonly cancel: (run: RunRef, options?: Options) => Effect.Effect<Result, RetlError | WaitDeadlineExceeded>
}

export class Cancellation extends Context.Service<Cancellation, Service>()("@openretl/core/Cancellation") {}
