/** The hold of a call on its sync: the turn in this process, and the lease of the journal, ended together. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { RetlError } from "../../model/RetlError.ts"
import { defaultTurnWithin } from "../../model/Trigger.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Call } from "./call.ts"
import { instant, since } from "./elapsed.ts"
import * as Lease from "./lease.ts"

/** The hold of a call on its sync. */
export interface Hold extends Pick<Lease.Held, "lease" | "isFresh"> {
  /** Gives the lease back and ends the turn, without waiting for the store. */
  readonly release: Effect.Effect<void>
  /** Makes the caller of this responsible for `release`. */
  readonly handOver: () => void
}

/** What a hold is taken for: by which call, on what, and how long the call waits for it. */
export interface Holder extends Pick<Call, "identity" | "owner"> {
  readonly request: Pick<Call["request"], "turnWithin">
}

/** Runs `use` with a hold on the call's sync, and releases that after it unless `use` has handed it over. */
export const within = <A, E>(
  context: WorkspaceContext,
  call: Holder,
  use: (hold: Hold) => Effect.Effect<A, E>,
): Effect.Effect<A, E | RetlError> =>
  Effect.gen(function* () {
    const { identity, owner, request } = call
    const { turns } = context.shared
    const turnWithin = Duration.fromInputUnsafe(request.turnWithin ?? defaultTurnWithin)
    const start = yield* instant
    let held: Lease.Held | undefined
    let isHandedOver = false
    const endTurn = Effect.sync(() => turns.end(identity, owner))
    // The lease goes first: the next call would find it occupied, and look again only after a pause.
    const release = Effect.suspend(() =>
      held === undefined ? endTurn : Effect.asVoid(context.closing.background(Effect.ensuring(held.giveBack, endTurn))),
    )
    const releaseUnlessHandedOver = Effect.suspend(() => (isHandedOver ? Effect.void : release))
    const take = Effect.gen(function* () {
      const turn = Effect.catch(turns.take(identity, owner, turnWithin), (other) =>
        Lease.busyWith(context, identity, other),
      )
      yield* turns.isTaken(identity) ? Tracing.part(context.subject, "openretl.turn.wait")(turn) : turn
      const waited = since(start, yield* instant)
      const left = Duration.millis(Math.max(0, Duration.toMillis(turnWithin) - waited))
      yield* Lease.take(context, identity, owner, left, (lease) => {
        held = lease
      })
    })
    const used = Effect.flatMap(context.closing.until(take), () =>
      Effect.suspend(() => {
        if (held === undefined) return Effect.die("a lease that was taken is there")
        const { lease, isFresh } = held
        const handOver = () => {
          isHandedOver = true
        }
        return use({ lease, isFresh, release, handOver })
      }),
    )
    return yield* Effect.ensuring(used, releaseUnlessHandedOver)
  })
