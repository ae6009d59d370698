/** Ends of runs in the journal: the entries that have a run learn how it ended, whichever wait saw it. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { isSameCounts, type Run } from "../../model/Run.ts"
import type { WorkspaceContext } from "../context.ts"

/**
 * Writes the end of a run to its entries, where this process knows one: several keys may have adopted it. Where counts may
 * change after an end, a later read replaces them. A store that fails keeps no caller from the end: an entry stays `started`,
 * and says so again. Callers that come meanwhile share the write.
 */
export const record = (context: WorkspaceContext, run: Run): Effect.Effect<void> =>
  Effect.suspend(() => {
    const { claims, ends } = context.shared
    const key = context.runKeyOf(run.ref)
    if (claims.get(key) === undefined) return Effect.void
    const underWay = ends.get(key)
    if (underWay !== undefined) {
      const isWritten = isSameCounts(underWay.run.rows, run.rows)
      return Effect.andThen(Deferred.await(underWay.written), isWritten ? Effect.void : record(context, run))
    }
    const written = Deferred.makeUnsafe<void>()
    ends.set(key, { run, written })
    const end = Effect.sync(() => {
      ends.delete(key)
      Deferred.doneUnsafe(written, Effect.void)
    })
    return Effect.ensuring(Effect.ignore(write(context, run)), end)
  })

const noCorrections = ["started"] as const
const withCorrections = ["started", "finished"] as const

const isIn = <E extends { readonly state: string }, const S extends string>(
  states: ReadonlyArray<S>,
  entry: E,
): entry is Extract<E, { readonly state: S }> => states.some((state) => state === entry.state)

const write = Effect.fnUntraced(function* ({ store, identityOf, rules }: WorkspaceContext, { ref, status, rows }: Run) {
  const states = rules.countsSettleWithin === 0 ? noCorrections : withCorrections
  const { entries } = yield* store.list({ identity: identityOf(ref.sync), states, limit: 1_000 })
  for (const { entry } of entries) {
    if (entry.kind !== "trigger" || !isIn(states, entry) || entry.run.run !== ref.run) continue
    const adopted = entry.adopted && { adopted: entry.adopted }
    const end = entry.state === "started" ? { status, rows } : correctedEnd(entry, { status, rows })
    if (end !== undefined) {
      yield* store.update(entry, { state: "finished", run: entry.run, ...end, ...adopted }, entry.owner)
    }
  }
})

type End = Pick<Run, "status" | "rows">

/** Returns a kept end with the counts of a later read; `undefined` where nothing changes. */
const correctedEnd = (kept: End, later: End): End | undefined => {
  if (isSameCounts(kept.rows, later.rows)) return undefined
  const isPartial = kept.status === "succeeded" && later.status === "partial"
  return { status: isPartial ? "partial" : kept.status, rows: later.rows }
}
