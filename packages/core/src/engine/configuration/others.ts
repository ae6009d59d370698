/** What other calls have left or written lately in the identity of a change: the journal says it. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { isOpen } from "../../model/JournalEntry.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { WorkspaceContext } from "../context.ts"
import type { ChangeCall } from "./changeCall.ts"
import * as Detached from "./detached.ts"
import type { Recent } from "./ownWrites.ts"

/**
 * Gives up the entries of earlier changes of the sync that may have been sent and that nobody settled. The caller holds the
 * lease, so their calls have ended. What they may still change is changed over by this change, or looked at after it.
 */
export const giveUp = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  call: ChangeCall,
): Effect.fn.Return<void, RetlError> {
  const { entries } = yield* context.store.list({ identity: call.identity, states: ["sent", "lost"], limit: 10 })
  for (const { entry } of entries) {
    yield* context.store.update(entry, { state: "abandoned", candidates: [] }, call.owner)
    yield* Effect.annotateLogs(Effect.logWarning("An earlier change of the sync may have happened: it is given up"), {
      ...Detached.annotationsOf(context, call.subject),
      entry: entry.id,
      was: entry.kind,
    })
  }
})

/**
 * Returns for how many milliseconds reads may not show what others wrote to the sync through the journal; 0 where they
 * show all of it. What this process wrote is known by `own`.
 */
export const hiddenFor = (
  context: WorkspaceContext,
  { identity }: ChangeCall,
  own: Recent,
): Effect.Effect<number, RetlError> =>
  Effect.map(context.store.list({ identity, states, limit: 20 }), ({ entries }) => {
    const lag = Duration.toMillis(context.readLag)
    return Math.max(
      0,
      ...entries.flatMap(({ entry, readAt }) =>
        entry.state === "not-started" || entry.state === "refused" || own.entries.has(entry.id)
          ? []
          : [
              DateTime.toEpochMillis(entry.writtenAt) +
                lag +
                (isOpen(entry) || entry.state === "abandoned" ? Duration.toMillis(context.runAppearsWithin) : 0) -
                DateTime.toEpochMillis(readAt),
            ],
      ),
    )
  })

const states = ["sent", "lost", "started", "finished", "abandoned"] as const
