/** Turns: of the calls in one process that trigger a sync, one at a time is at work, in the order in which they came. */
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Owner } from "../../model/JournalEntry.ts"

/** The turns of one process, by the identity of the sync. */
export interface Turns {
  /** Returns whether a call would have to wait for the turn. */
  readonly isTaken: (identity: string) => boolean
  /** Waits for the turn. Fails with the call whose turn it is where that takes longer than `within`. */
  readonly take: (identity: string, owner: Owner, within: Duration.Duration) => Effect.Effect<void, Owner>
  /** Ends the turn of a call, and begins the next one. Does nothing where it is not that call's. */
  readonly end: (identity: string, owner: Owner) => void
}

/** A call that waits for its turn. */
interface Waiter {
  readonly owner: Owner
  readonly begun: Deferred.Deferred<void>
}

/** The turn of a sync, and who waits for the next. */
interface Turn {
  owner: Owner
  /** In the order of their calls. */
  readonly waiting: Set<Waiter>
}

export const make = (): Turns => {
  const turns = new Map<string, Turn>()

  const end: Turns["end"] = (identity, owner) => {
    const turn = turns.get(identity)
    if (turn?.owner !== owner) return
    const [next] = turn.waiting
    if (next === undefined) {
      turns.delete(identity)
      return
    }
    turn.waiting.delete(next)
    turn.owner = next.owner
    Deferred.doneUnsafe(next.begun, Effect.void)
  }

  /** Leaves the queue, and ends the turn where it has begun meanwhile. */
  const leave = (identity: string, waiter: Waiter): void => {
    turns.get(identity)?.waiting.delete(waiter)
    end(identity, waiter.owner)
  }

  const take: Turns["take"] = (identity, owner, within) =>
    Effect.suspend(() => {
      const turn = turns.get(identity)
      if (turn === undefined) {
        turns.set(identity, { owner, waiting: new Set() })
        return Effect.void
      }
      const waiter: Waiter = { owner, begun: Deferred.makeUnsafe() }
      turn.waiting.add(waiter)
      return Deferred.await(waiter.begun).pipe(
        Effect.timeoutOrElse({ duration: within, orElse: () => Effect.fail(turn.owner) }),
        Effect.onError(() => Effect.sync(() => leave(identity, waiter))),
      )
    })

  return { isTaken: (identity) => turns.has(identity), take, end }
}
