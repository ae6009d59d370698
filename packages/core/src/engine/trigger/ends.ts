/** Ends of runs in the journal: the entries that have a run learn how it ended, whoever waited for it. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { Run } from "../../model/Run.ts"
import type { WorkspaceContext } from "../context.ts"

/**
 * Writes the end of a run to its entries, where this process knows one: several keys may have adopted it. A store that
 * fails keeps nobody from the end: an entry stays `started`, and says so again. Callers that come meanwhile share the write.
 */
export const record = (context: WorkspaceContext, run: Run): Effect.Effect<void> =>
  Effect.suspend(() => {
    const { claims, ends } = context.shared
    const key = context.runKeyOf(run.ref)
    if (claims.get(key) === undefined) return Effect.void
    const underWay = ends.get(key)
    if (underWay !== undefined) return Deferred.await(underWay)
    const written = Deferred.makeUnsafe<void>()
    ends.set(key, written)
    const end = Effect.sync(() => {
      ends.delete(key)
      Deferred.doneUnsafe(written, Effect.void)
    })
    return Effect.ensuring(Effect.ignore(write(context, run)), end)
  })

const write = Effect.fnUntraced(function* ({ store, identityOf }: WorkspaceContext, { ref, status, rows }: Run) {
  const { entries } = yield* store.list({ identity: identityOf(ref.sync), states: ["started"], limit: 1_000 })
  for (const { entry } of entries) {
    if (entry.kind !== "trigger" || entry.state !== "started" || entry.run.run !== ref.run) continue
    const adopted = entry.adopted && { adopted: entry.adopted }
    yield* store.update(entry, { state: "finished", run: entry.run, status, rows, ...adopted }, entry.owner)
  }
})
