/**
 * A call with a key: it claims the key and triggers, or has what another call has under it.
 *
 * The claim is renewed while its call is at work, and removed where that sent nothing. Each step follows from what the
 * journal has under the key (`keyed.ts`).
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Changed, ClaimResult, Version } from "../../journal/Journal.ts"
import { InvalidRequest, TriggerBusy } from "../../model/Reason.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Result, TriggerIndeterminate } from "../../model/Trigger.ts"
import { defaultDeadline } from "../../model/Wait.ts"
import * as Logging from "../../telemetry/logging.ts"
import type { WorkspaceContext } from "../context.ts"
import * as Call from "./call.ts"
import * as Claims from "./claims.ts"
import { instant, since } from "./elapsed.ts"
import * as Hold from "./hold.ts"
import * as Keyed from "./keyed.ts"
import * as Lease from "./lease.ts"
import * as Open from "./open.ts"

type Failure = RetlError | TriggerIndeterminate

/** How the attempts of a call that owns its key end. `ClaimLost`: another call has taken the key over. */
export type Ended = Result | { readonly _tag: "ClaimLost" }

/** The pause between two looks at a key that another call has. */
const pause = Duration.seconds(1)

/** Ends the call with the key: by attempts of its own, or with what another call has under it. */
export const end = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  call: Call.Call,
  key: string,
  attempts: Effect.Effect<Ended, Failure>,
): Effect.fn.Return<Result, Failure> {
  const { closing, store, journalLease: lease } = context
  const { request, owner } = call
  const start = yield* instant
  const othersWithin = Duration.toMillis(request.othersWithin ?? defaultDeadline)
  /** The concluded entry that the call's attempt follows. Once there is a later one, the claim returns that one. */
  let after: Version | undefined
  while (true) {
    const draft = Call.draftOf(context, call, yield* Call.generateId)
    const claimed = yield* owning(
      context,
      call,
      key,
      attempts,
      store.claim({ draft, owner, lease, ...(after && { after }) }),
    )
    if (claimed._tag === "ClaimLost" || claimed._tag === "Changed") continue
    if (claimed._tag !== "Exists") return claimed
    const { record } = claimed
    if (record._tag === "Unreadable") return yield* context.unreadableRecord("start", record)
    const step = Keyed.next(record, request)
    switch (step._tag) {
      case "AwaitOwner": {
        const { entry } = record
        if (since(start, yield* instant) >= othersWithin) {
          return yield* context.error("start", new TriggerBusy({ owner: entry.owner, entry: entry.id }))
        }
        yield* closing.until(Effect.sleep(pause))
        break
      }
      case "TakeOver": {
        const taking = store.takeOver(step.version, { owner, lease, sync: call.sync })
        const taken = yield* owning(context, call, key, attempts, taking)
        if (taken._tag !== "Changed" && taken._tag !== "Exists" && taken._tag !== "ClaimLost") return taken
        break
      }
      case "Settle":
        yield* Hold.within(context, call, ({ isFresh }) => closing.until(Open.settle(context, call, isFresh)))
        break
      case "ClaimNext":
        after = step.after
        break
      case "OtherScope":
      case "OtherKind": {
        const issues = [{ path: ["key"], message: messageOf(key, step, request) }]
        return yield* context.error("start", new InvalidRequest({ issues }))
      }
      case "Remembered":
        if (Duration.isGreaterThan(step.age, Duration.days(1))) yield* warnOfAge(call, key, step.age)
        return { ...step, run: Call.homed(call, step.run) }
      case "Joined":
        Claims.claim(context, step.run, record.entry.id)
        return { ...step, run: Call.homed(call, step.run) }
    }
  }
})

/** Claims a key and, where the call gets it, runs the attempts. The claim is given back where nothing was sent. */
const owning = (
  context: WorkspaceContext,
  call: Call.Call,
  key: string,
  attempts: Effect.Effect<Ended, Failure>,
  claim: Effect.Effect<Claimed | Unclaimed, RetlError>,
): Effect.Effect<Ended | Unclaimed, Failure> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const { closing, store, journalLease } = context
      const claimed = yield* Effect.onError(restore(closing.until(claim)), () => forget(context, call, key))
      if (claimed._tag !== "Claimed") return claimed
      const { id, revision } = claimed.stored.entry
      call.claim = { id, revision }
      const renewals = yield* Lease.renewing(context, () => store.renewClaim(id, call.owner, journalLease))
      const giveBack = Effect.andThen(
        renewals.stop,
        Effect.suspend(() => drop(context, call)),
      )
      return yield* Effect.ensuring(restore(Effect.flatMap(attempts, (ended) => bind(context, call, ended))), giveBack)
    }),
  )

/** A claim that the call has. */
interface Claimed {
  readonly _tag: "Claimed"
  readonly stored: { readonly entry: Version }
}

/** The key is another call's, or not any more as this call believed. */
type Unclaimed = Extract<ClaimResult, { readonly _tag: "Exists" }> | Changed

/** Binds the key to a run that the call found and did not start. The key may be another call's by then. */
const bind = (context: WorkspaceContext, call: Call.Call, ended: Ended): Effect.Effect<Ended, RetlError> => {
  const { claim, owner } = call
  if (claim === undefined || (ended._tag !== "Adopted" && ended._tag !== "Joined")) return Effect.succeed(ended)
  const change = { state: "started", run: ended.run, adopted: "already-running" } as const
  return Effect.map(context.store.update(claim, change, owner), ({ _tag }): Ended => {
    call.claim = undefined
    if (_tag !== "Updated") return { _tag: "ClaimLost" }
    Claims.claim(context, ended.run, claim.id)
    return ended
  })
}

/** Removes the entry of an attempt that sent nothing, without waiting for the store. */
const drop = ({ closing, store }: WorkspaceContext, { claim, owner }: Call.Call): Effect.Effect<void> =>
  claim === undefined ? Effect.void : Effect.asVoid(closing.background(Effect.ignore(store.remove(claim, owner))))

/** Removes a claim whose answer was lost or interrupted: the store may have given it. */
const forget = (
  { closing, store }: WorkspaceContext,
  { identity, owner }: Call.Call,
  key: string,
): Effect.Effect<void> =>
  Effect.asVoid(
    closing.background(
      store.find(identity, key).pipe(
        Effect.flatMap((record) =>
          record?._tag === "Stored" && record.entry.state === "claimed" && record.entry.owner.call === owner.call
            ? store.remove(record.entry, owner)
            : Effect.void,
        ),
        Effect.ignore,
      ),
    ),
  )

const messageOf = (
  key: string,
  step: Extract<Keyed.Step, { readonly _tag: "OtherScope" | "OtherKind" }>,
  { scope }: Call.Request,
): string =>
  step._tag === "OtherKind"
    ? `Expected a key of triggers, "${key}" is one of a change (${step.kind})`
    : `Expected the scope of the first call with key "${key}", "${step.scope ?? "none"}", found "${scope ?? "none"}"`

const warnOfAge = ({ sync }: Call.Call, key: string, age: Duration.Duration): Effect.Effect<void> =>
  Logging.warn("A key is remembered from more than a day ago: a key names one occasion, not a job", {
    ...{ sync: sync.toString(), key, age: Duration.format(age) },
  })
