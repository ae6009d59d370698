/** Journals of tests: one that fails, and one that takes its time. */
import * as Effect from "effect/Effect"
import type * as Journal from "../../src/journal/Journal.ts"
import { JournalError, StoreNotWritable } from "../../src/model/JournalError.ts"

/** The failure of a store on a full disk. */
export const broken = Effect.fail(
  new JournalError({ store: "test", operation: "test", reason: new StoreNotWritable({ code: "DISK_FULL" }) }),
)

/** A store whose operations take their time, as those of a file or a database do: half before, half after their effect. */
export const slow = (journal: Journal.Service, millis: number | (() => number)): Journal.Service => {
  const half = Effect.suspend(() => Effect.sleep((typeof millis === "number" ? millis : millis()) / 2))
  const slowed =
    <Args extends ReadonlyArray<unknown>, A, E>(operation: (...args: Args) => Effect.Effect<A, E>) =>
    (...args: Args): Effect.Effect<A, E> =>
      half.pipe(
        Effect.andThen(Effect.suspend(() => operation(...args))),
        Effect.tap(() => half),
      )
  return {
    id: journal.id,
    claim: slowed(journal.claim),
    takeOver: slowed(journal.takeOver),
    renewClaim: slowed(journal.renewClaim),
    acquire: slowed(journal.acquire),
    renew: slowed(journal.renew),
    release: slowed(journal.release),
    mark: slowed(journal.mark),
    update: slowed(journal.update),
    remove: slowed(journal.remove),
    get: slowed(journal.get),
    find: slowed(journal.find),
    list: slowed(journal.list),
    forget: slowed(journal.forget),
  }
}
