/** What a trigger does while its sync is paused, as `whenPaused` says. */
import * as Effect from "effect/Effect"
import { NotTriggerable, Unsupported } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { State } from "../../model/Sync.ts"
import type { Skipped } from "../../model/Trigger.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Call } from "./call.ts"

/** Reads the state of a sync. */
export type ReadState = (sync: SyncRef) => Effect.Effect<State, RetlError>

/** Fails with `Unsupported` where the call wants to know whether the sync is paused, and nothing can read that. */
export const validate = (
  { error }: WorkspaceContext,
  { whenPaused = "trigger" }: Pick<Call["request"], "whenPaused">,
  readState: ReadState | undefined,
): Effect.Effect<void, RetlError> =>
  whenPaused === "trigger" || readState !== undefined
    ? Effect.void
    : Effect.fail(error("start", new Unsupported({ capability: "catalog" })))

/** Ends an attempt while the sync is paused; `undefined`: it goes on. */
export const end = (
  { error }: WorkspaceContext,
  { sync, request: { whenPaused = "trigger" } }: Call,
  readState: ReadState | undefined,
): Effect.Effect<Skipped | undefined, RetlError> => {
  if (whenPaused === "trigger" || readState === undefined) return Effect.undefined
  return Effect.flatMap(
    Effect.mapError(readState(sync), (failure) =>
      failure.with({ during: "reading the sync before the trigger", delivery: "not-sent" }),
    ),
    (state): Effect.Effect<Skipped | undefined, RetlError> => {
      if (state !== "paused") return Effect.undefined
      return whenPaused === "skip"
        ? Effect.succeed({ _tag: "Skipped", because: "paused", guard: "none" })
        : Effect.fail(error("start", new NotTriggerable({ state })))
    },
  )
}
