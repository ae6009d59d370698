/** What operators see of the calls of one workspace. */
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { RunRef, SyncRef } from "../model/Ref.ts"
import type { CallName, calls } from "../telemetry/spans.ts"
import * as Tracing from "../telemetry/tracing.ts"
import type { WorkspaceContext } from "./context.ts"
import { about } from "./errors.ts"

/**
 * Returns what ends a call of a workspace: its errors are about the sync or run that the caller passed, and its span has the
 * attributes of the contract.
 */
export const observed =
  ({ subject }: Pick<WorkspaceContext, "subject">) =>
  <Name extends CallName>(_: Name, operation: (typeof calls)[Name]["operation"]) => {
    const call = Tracing.call(subject, operation)
    return <A, E, R>(effect: Effect.Effect<A, E, R>, ref?: SyncRef | RunRef): Effect.Effect<A, E, R> =>
      call(about(ref)(effect), ref)
  }

/** As `observed`, of a stream: its span lasts as long as the stream is read. */
export const observedStream =
  (
    { subject }: Pick<WorkspaceContext, "subject">,
    name: CallName,
    operation: (typeof calls)[CallName]["operation"],
    ref?: SyncRef | RunRef,
  ) =>
  <A, E>(stream: Stream.Stream<A, E>): Stream.Stream<A, E> =>
    Tracing.stream(subject, name, operation, ref)(stream)
