/**
 * The journal of one workspace: each call to its store ends within `storeWithin`, can be interrupted at any moment, and
 * fails with an error of the workspace. A store may be foreign, and hang or ignore an interrupt.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Journal from "../journal/Journal.ts"
import { StoreWithin } from "../journal/Journal.ts"
import { JournalError, StoreBusy, StoreUnavailable } from "../model/JournalError.ts"
import { JournalFailed } from "../model/Reason.ts"
import type { RetlError } from "../model/RetlError.ts"
import type { Errors } from "./errors.ts"

/** The journal of one workspace. */
export type Store = {
  readonly [K in keyof Omit<Journal.Service, "id">]: (
    ...args: Parameters<Journal.Service[K]>
  ) => Effect.Effect<Effect.Success<ReturnType<Journal.Service[K]>>, RetlError>
}

export const make = (journal: Journal.Service, storeWithin: Duration.Duration, { error }: Errors): Store => {
  const fail = (cause: JournalError): RetlError => error("start", new JournalFailed({ error: cause }))
  const call =
    <Args extends ReadonlyArray<unknown>, A>(
      operation: string,
      run: (...args: Args) => Effect.Effect<A, JournalError>,
    ) =>
    (...args: Args): Effect.Effect<A, RetlError> => {
      const failed = (reason: StoreBusy | StoreUnavailable) => new JournalError({ store: "journal", operation, reason })
      return Effect.suspend(() => run(...args)).pipe(
        Effect.catchDefect(() => Effect.fail(failed(new StoreUnavailable({ code: "defect" })))),
        Effect.provideService(StoreWithin, storeWithin),
        bounded(storeWithin, () => failed(new StoreBusy({ after: storeWithin }))),
        Effect.mapError(fail),
      )
    }
  return {
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

/** Bounds an effect that may ignore its interrupt: it runs in a fiber of its own, which is left when its time is over. */
const bounded =
  <E>(within: Duration.Duration, late: () => E) =>
  <A>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(Effect.forkDetach(effect, { startImmediately: true }), (fiber) => {
        const exit = fiber.pollUnsafe()
        if (exit !== undefined) return exit
        return restore(
          Effect.timeoutOrElse(Fiber.join(fiber), { duration: within, orElse: () => Effect.fail(late()) }),
        ).pipe(Effect.ensuring(Effect.sync(() => fiber.interruptUnsafe())))
      }),
    )
