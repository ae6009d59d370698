/** Which trigger has which run: one run belongs to one entry, in this process and in the journal. */
import * as Effect from "effect/Effect"
import type { Fence } from "../../model/Fence.ts"
import type { TriggerEntry } from "../../model/JournalEntry.ts"
import type { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Run } from "../../model/Run.ts"
import type { WorkspaceContext } from "../context.ts"

/** Claims a run for an entry. */
export const claim = (context: WorkspaceContext, run: RunRef, entry: string): void => {
  context.shared.claims.set(context.runKeyOf(run), entry)
}

/** Returns whether another entry than the one with this id has the run, in what this process has read. */
export const isClaimedByOther = (context: WorkspaceContext, run: RunRef, entry: string): boolean => {
  const owner = context.shared.claims.get(context.runKeyOf(run))
  return owner !== undefined && owner !== entry
}

/** Returns whether a run that an answer names was there before the entry's request, or is another entry's. */
export const isOdd = (
  context: WorkspaceContext,
  run: RunRef,
  { id, request }: { readonly id: string; readonly request: { readonly fence: Fence } },
): boolean => request.fence.runs.includes(run.run) || isClaimedByOther(context, run, id)

/**
 * Returns the runs that no other entry of the sync has. An entry that only adopted a run under way has it too. Fails where the
 * journal cannot be read.
 */
export const withoutClaimed = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  entry: TriggerEntry,
  runs: ReadonlyArray<Run>,
): Effect.fn.Return<ReadonlyArray<Run>, RetlError> {
  if (runs.length === 0) return runs
  const listed = yield* context.store.list({ identity: entry.identity, states: ["started", "finished"], limit: 1_000 })
  const others = new Set(
    listed.entries.flatMap(({ entry: other }) =>
      other.kind === "trigger" && other.id !== entry.id && "run" in other ? [other.run.run] : [],
    ),
  )
  return runs.filter(({ ref }) => !others.has(ref.run) && !isClaimedByOther(context, ref, entry.id))
})
