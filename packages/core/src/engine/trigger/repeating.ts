/**
 * The request of a trigger, and its repetitions: where the vendor keeps keys, a request whose answer is lost is sent again
 * with its key. The vendor then carries it out at most once, and answers each repetition as it answered the first request
 * that arrived.
 *
 * A repetition may arrive first, so its answer counts as that of any request, with these exceptions: a refusal of the token,
 * the permission or the rate is given before the vendor looks at the key, and says nothing about an earlier request; and an
 * error that the vendor has kept (5xx) is repeated for as long as the key, so that the look-up decides.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { SendGate } from "../../http/SendGate.ts"
import { Timeout } from "../../model/Reason.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Grant } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import type { Call } from "./call.ts"
import { instant, since } from "./elapsed.ts"
import * as LookUp from "./lookUp.ts"

/** An entry whose request a call sends. */
export interface Sending {
  readonly call: Call
  readonly entry: LookUp.OpenEntry
  /** Returns whether the call's lease allows a request; `undefined` for a call that sends reads alone. */
  readonly isFresh: Effect.Effect<boolean> | undefined
}

/** Returns whether the vendor recognizes repetitions, so that core sends them. */
export const isPossible = ({ description }: WorkspaceContext): boolean =>
  description.keyedTrigger === true && description.keysKeptFor !== undefined

/** How long a request and its repetitions may take, in milliseconds: the longest time that the entry says, or half of it. */
export const timeOf = (context: WorkspaceContext, { request }: LookUp.OpenEntry): number =>
  Duration.toMillis(request.writeTimeout) / (isPossible(context) ? 2 : 1)

/**
 * Sends the request of an entry once. It ends within `left` milliseconds, also where a driver or the store takes longer. A
 * repetition has no grant yet.
 */
export const send = (
  context: WorkspaceContext,
  { call, entry, isFresh }: Sending,
  left: number,
  grant?: Grant,
): Effect.Effect<string, RetlError> => {
  const longest = timeOf(context, entry) / (isPossible(context) ? 2 : 1)
  const duration = Math.max(0, Math.min(left, longest))
  const options = {
    ...(entry.scope !== undefined && { scope: entry.scope }),
    // The time of the mark, too: after a refusal, the same entry may be marked again, for a request of its own.
    ...(context.description.keyedTrigger === true && {
      key: `${entry.id}-${DateTime.toEpochMillis(entry.request.sentAt)}`,
      ...(grant === undefined && { isRepeated: true }),
    }),
  }
  return context.start(call.sync, options, grant).pipe(
    Effect.provideService(SendGate, lastTest(context, call, isFresh)),
    Effect.timeoutOrElse({
      duration,
      orElse: () => Effect.fail(context.error("start", new Timeout({ after: Duration.millis(longest) }), "unknown")),
    }),
  )
}

/** Nothing is sent for a caller who has left, after the workspace has closed, or with an old lease. */
const lastTest = ({ closing }: WorkspaceContext, call: Call, isFresh: Sending["isFresh"] = Effect.succeed(false)) =>
  Effect.suspend(() => {
    if (call.hasLeft) return Effect.fail("its caller has left")
    if (closing.isClosed()) return Effect.fail("the workspace has closed")
    return Effect.flatMap(isFresh, (is) => (is ? Effect.void : Effect.fail("the lease on the sync is too old")))
  })

/** An answer that says what became of the request. */
export type Answer = Result.Result<string, RetlError>

/**
 * Repeats the request of an entry, after growing pauses, until an answer says what became of it. Returns `undefined` where
 * none does within `timeOf`, where nothing may be sent, and where the vendor keeps no keys.
 * `age`: how long ago the entry was marked, in milliseconds. After half of the time that the vendor keeps a key, nothing is
 * repeated: a key that the vendor has forgotten would start a second run.
 */
export const repeat = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sending: Sending,
  age: number,
  within: number = timeOf(context, sending.entry),
): Effect.fn.Return<Answer | undefined> {
  const { keysKeptFor = 0 } = context.description
  const kept =
    isPossible(context) && sending.isFresh !== undefined ? Duration.toMillis(Duration.fromInputUnsafe(keysKeptFor)) : 0
  const time = Math.min(within, kept / 2 - Math.abs(age))
  const start = yield* instant
  for (let number = 1; ; number++) {
    const pause = Duration.toMillis(RetryLoop.pause(number))
    const left = time - pause - since(start, yield* instant)
    if (left <= 0) return undefined
    yield* Effect.sleep(pause)
    const answer = yield* Effect.result(send(context, sending, left))
    if (Result.isSuccess(answer)) return answer
    const { reason, delivery } = answer.failure
    if (reason._tag === "Unauthenticated" || reason._tag === "PermissionDenied" || reason._tag === "Stopped") {
      return undefined
    }
    if (delivery === "refused" && reason._tag !== "RateLimited") return answer
  }
})

/** What became of a lost request: what a look-up found or, where that left it open, the answer to a repetition. */
export type Finding = LookUp.Finding | { readonly _tag: "Answered"; readonly answer: Answer }

/** Looks up what became of a lost request. Where reads do not settle it, repeats the request. */
export const search = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sending: Sending,
  age: number,
  bounds: LookUp.Bounds,
): Effect.fn.Return<Finding> {
  const finding = yield* LookUp.search(context, sending.entry, sending.call.sync, bounds)
  if (finding._tag === "Found" || finding._tag === "Nothing") return finding
  const answer = yield* repeat(context, sending, age)
  return answer === undefined ? finding : { _tag: "Answered", answer }
})
