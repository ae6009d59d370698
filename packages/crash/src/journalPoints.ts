/** The points around the operations of a journal. */
import type { Service } from "@openretl/core/Journal"
import * as Effect from "effect/Effect"
import type { Point } from "./points.ts"

/** Returns the journal, which calls `reach` before and after its claims, marks and updates that write something. */
export const withPoints = (journal: Service, reach: (point: Point) => void): Service => {
  const around =
    (step: "claim" | "mark" | "update", written: string) =>
    <A extends { readonly _tag: string }, E>(operation: Effect.Effect<A, E>): Effect.Effect<A, E> =>
      Effect.sync(() => reach(`before ${step}`)).pipe(
        Effect.andThen(operation),
        Effect.tap(({ _tag }) => Effect.sync(() => _tag === written && reach(`after ${step}`))),
      )
  const [claim, mark, update] = [around("claim", "Claimed"), around("mark", "Marked"), around("update", "Updated")]
  return {
    ...journal,
    claim: (request) => claim(journal.claim(request)),
    takeOver: (version, request) => claim(journal.takeOver(version, request)),
    mark: (request) => mark(journal.mark(request)),
    update: (version, change, by) => update(journal.update(version, change, by)),
  }
}
