/**
 * The lease of a call on a sync, and the claim on its key: taken from the store, renewed while the call is at work, and
 * given back.
 *
 * The store's clock decides when they expire. The call counts for itself too, from before each request for them, by the
 * wall clock and by the monotonic clock, whichever ran further: after two thirds of a lease it sends nothing.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Lease } from "../../journal/Journal.ts"
import type { Owner } from "../../model/JournalEntry.ts"
import { TriggerBusy } from "../../model/Reason.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import type { WorkspaceContext } from "../context.ts"
import { type Instant, instant, since } from "./elapsed.ts"

/** A lease that the call holds. */
export interface Held {
  readonly lease: Lease
  /** Returns whether the call may still send: less than two thirds of the lease have passed. */
  readonly isFresh: Effect.Effect<boolean>
  /** Stops the renewals and gives the lease back. */
  readonly giveBack: Effect.Effect<void>
}

/** How often a call looks for a lease that another one has. */
const longestPause = Duration.seconds(1)

/**
 * Takes the lease on a sync, and passes it to `onTaken`, which no interrupt comes before. Fails with `TriggerBusy` where
 * another call has it for longer than `within`. It is renewed until it is given back.
 */
export const take = (
  context: WorkspaceContext,
  identity: string,
  owner: Owner,
  within: Duration.Duration,
  onTaken: (held: Held) => void,
): Effect.Effect<void, RetlError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const start = yield* instant
      /** Takes the lease, unless another call has it: then returns which one, and for how long. */
      const attempt = Effect.gen(function* () {
        let taken = yield* instant
        const acquire = context.store.acquire(identity, owner, context.journalLease)
        const result = yield* Effect.onInterrupt(restore(acquire), () =>
          context.closing.background(releaseLost(context, identity, owner)),
        )
        if (result._tag !== "Acquired") return result
        const { lease } = result
        const renewals = yield* renewing(context, (now) =>
          Effect.map(context.store.renew(lease, context.journalLease), (isRenewed) => {
            if (isRenewed) taken = now
            return isRenewed
          }),
        )
        onTaken({
          lease,
          isFresh: Effect.map(instant, (now) => since(taken, now) < (2 / 3) * Duration.toMillis(context.journalLease)),
          giveBack: Effect.andThen(renewals.stop, Effect.ignore(context.store.release(lease))),
        })
        return undefined
      })
      const first = yield* attempt
      if (first === undefined) return
      const waited = Effect.gen(function* (): Effect.fn.Return<void, RetlError> {
        for (let other: typeof first | undefined = first; other !== undefined; other = yield* attempt) {
          const left = Duration.toMillis(within) - since(start, yield* instant)
          if (left <= 0) return yield* restore(busyWith(context, identity, other.owner))
          const pause = Math.min(Duration.toMillis(longestPause), Duration.toMillis(other.freeIn), left)
          yield* restore(Effect.sleep(Math.max(1, pause)))
        }
      })
      yield* Tracing.part(context.subject, "openretl.lease.wait")(waited)
    }),
  )

/** Fails with `TriggerBusy`, with the call at work and its entry, where the journal shows one. */
export const busyWith = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  identity: string,
  owner: Owner,
): Effect.fn.Return<never, RetlError> {
  const entry = yield* context.store.list({ identity, states: ["claimed", "sent", "lost"], limit: 10 }).pipe(
    Effect.map(({ entries }) => entries.find(({ entry }) => entry.owner.call === owner.call)?.entry),
    Effect.orElseSucceed(() => undefined),
  )
  return yield* context.error("start", new TriggerBusy({ owner, ...(entry && { entry: entry.id }) }))
})

/** Gives back a lease whose answer was interrupted: the store may have given it. The same owner gets it again. */
const releaseLost = (context: WorkspaceContext, identity: string, owner: Owner): Effect.Effect<void> =>
  context.store.acquire(identity, owner, context.journalLease).pipe(
    Effect.flatMap((again) => (again._tag === "Acquired" ? context.store.release(again.lease) : Effect.void)),
    Effect.ignore,
  )

/** The renewals of a lease or claim. */
export interface Renewals {
  readonly stop: Effect.Effect<void>
}

/** Renews a lease or a claim, every third of its length, until that is stopped. One that fails does not end the renewals. */
export const renewing = (
  context: WorkspaceContext,
  renew: (now: Instant) => Effect.Effect<boolean, RetlError>,
): Effect.Effect<Renewals> =>
  Effect.gen(function* () {
    const once = Effect.sleep(Duration.millis(Duration.toMillis(context.journalLease) / 3)).pipe(
      Effect.andThen(instant),
      Effect.flatMap(renew),
      Effect.ignore,
    )
    const fiber = yield* Effect.forkDetach(Effect.forever(once))
    return { stop: Effect.sync(() => fiber.interruptUnsafe()) }
  })
