/** Ends of runs in the journal: the entry that has a run learns how it ended, whoever waited for it. */
import * as Effect from "effect/Effect"
import type { Run } from "../../model/Run.ts"
import type { WorkspaceContext } from "../context.ts"

/**
 * Writes the end of a run to its entry, where this process knows one. A store that fails keeps nobody from the end: the
 * entry stays `started`, and says so again.
 */
export const record = (context: WorkspaceContext, { ref, status, rows }: Run): Effect.Effect<void> =>
  Effect.suspend(() => {
    const id = context.shared.claims.get(context.runKeyOf(ref))
    if (id === undefined) return Effect.void
    return context.store.get(id).pipe(
      Effect.flatMap((found) => {
        if (found?._tag !== "Stored" || found.entry.kind !== "trigger" || found.entry.state !== "started")
          return Effect.void
        const { entry } = found
        const adopted = entry.adopted && { adopted: entry.adopted }
        return context.store.update(entry, { state: "finished", run: entry.run, status, rows, ...adopted }, entry.owner)
      }),
      Effect.ignore,
    )
  })
