/** A process that crashes: from then on, it neither reads nor writes its journal, and hears nothing of it. */
import type * as Journal from "@openretl/core/Journal"
import * as Effect from "effect/Effect"

/** An operation of a journal that its client calls with requests. */
type Operation = Exclude<keyof Journal.Service, "id">

/** When the process crashes: right before its first call of an operation, or right after it was carried out. */
export interface Moment {
  readonly when: "before" | "after"
  readonly operation: Operation
}

/** Returns the journal as a process has it that crashes at a moment. */
export const crashingAt = (journal: Journal.Service, { when, operation }: Moment): Journal.Service => {
  let hasCrashed = false
  const call = <Args extends ReadonlyArray<unknown>, A, E>(
    name: Operation,
    run: (...args: Args) => Effect.Effect<A, E>,
  ) => {
    return (...args: Args): Effect.Effect<A, E> =>
      Effect.suspend(() => {
        if (name !== operation || hasCrashed) return hasCrashed ? Effect.never : run(...args)
        hasCrashed = true
        return when === "before" ? Effect.never : Effect.andThen(run(...args), Effect.never)
      })
  }
  return {
    id: journal.id,
    claim: call("claim", journal.claim),
    takeOver: call("takeOver", journal.takeOver),
    renewClaim: call("renewClaim", journal.renewClaim),
    acquire: call("acquire", journal.acquire),
    renew: call("renew", journal.renew),
    release: call("release", journal.release),
    mark: call("mark", journal.mark),
    update: call("update", journal.update),
    remove: call("remove", journal.remove),
    get: call("get", journal.get),
    find: call("find", journal.find),
    list: call("list", journal.list),
    forget: call("forget", journal.forget),
  }
}
