/**
 * Sending a trigger: the mark in the journal, the last test, and the request with its settlement in a fiber of the
 * workspace.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { MarkResult, StartLimit, Version } from "../../journal/Journal.ts"
import type { Fence } from "../../model/Fence.ts"
import { TriggerBusy } from "../../model/Reason.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as Logging from "../../telemetry/logging.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import type { WorkspaceContext } from "../context.ts"
import * as Entries from "../entries.ts"
import type { Grant } from "../rate-limit/rateLimit.ts"
import * as Call from "./call.ts"
import { instant } from "./elapsed.ts"
import type * as Hold from "./hold.ts"
import * as Open from "./open.ts"
import * as Settling from "./settling.ts"

/** Why nothing was sent, where another attempt may be. */
export type NotSent =
  /** Somebody else went ahead: the fence has to be read anew. `error` is for the caller where that happens again and again. */
  | { readonly _tag: "NewFence"; readonly error: RetlError }
  /** The limit of starts allows another one after so long. */
  | { readonly _tag: "AfterStarts"; readonly freeIn: Duration.Duration }
  /** Another call has the key. */
  | { readonly _tag: "ClaimLost" }

/**
 * Marks the call's entry as sent, then sends the request and waits for its settlement. An interrupt before the request
 * undoes the mark; after that, the settlement goes on without the caller.
 */
export const send = (
  context: WorkspaceContext,
  call: Call.Call,
  hold: Hold.Hold,
  grant: Grant,
  fence: Fence,
): Effect.Effect<Settling.Settled | NotSent, RetlError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const { closing, store } = context
      const id = call.claim?.id ?? (yield* Call.generateId)
      const undo = Effect.suspend(() => closing.background(Entries.undo(context, call.owner, id)))
      const request = {
        lease: hold.lease,
        entry: call.claim ?? Call.draftOf(context, call, id),
        fence,
        exclusive: call.request.exclusive === true,
        writeTimeout: context.writeTimeout,
        runAppearsWithin: context.runAppearsWithin,
        starts: startLimits(context),
      }
      const markedAt = yield* instant
      const marked = yield* Effect.onError(restore(closing.until(store.mark(request))), () => undo)
      if (marked._tag !== "Marked") return yield* afterRefusedMark(context, call, marked)
      const { stored } = marked
      const { entry } = stored
      call.claim = undefined
      yield* Tracing.annotate(() => ({ "openretl.entry.id": id }))
      // The last test: nothing is sent for a caller who has left, after the workspace has closed, or with an old lease.
      const lastTest = Effect.suspend(() => (closing.isClosed() ? Effect.interrupt : Effect.void))
      yield* Effect.onError(restore(lastTest), () => undo)
      if (!(yield* hold.isFresh)) {
        yield* Effect.onError(putBack(context, call, entry), () => undo)
        return { _tag: "NewFence", error: busy(context) } as const
      }
      if (!Open.isOpenTrigger(entry)) return yield* Effect.die("a mark returns an entry that is sent")
      hold.handOver()
      const sent = { call, grant, stored, entry, markedAt, isFresh: hold.isFresh }
      const settlement = Settling.settle(context, sent, hold.release)
      const fiber = yield* closing.background(
        Effect.onError(settlement, () => hold.release),
        logLeft(entry),
      )
      yield* Entries.forget(context)
      return yield* Effect.onInterrupt(restore(Fiber.join(fiber)), () => Effect.sync(() => Call.leave(call)))
    }),
  )

const logLeft = (entry: Settling.Sent["entry"]): Effect.Effect<void> =>
  Logging.warn("A trigger was left unsettled; the journal has its entry", {
    ...{ entry: entry.id, sync: entry.sync.toString() },
  })

const busy = ({ error }: WorkspaceContext): RetlError => error("start", new TriggerBusy({}))

/** Takes a mark back: a key stays the call's, an entry without one is removed. */
const putBack = (
  { store, journalLease }: WorkspaceContext,
  call: Call.Call,
  entry: Version,
): Effect.Effect<void, RetlError> =>
  call.request.key === undefined
    ? Effect.asVoid(store.remove(entry, call.owner))
    : Effect.map(store.update(entry, { state: "claimed", lease: journalLease }, call.owner), (updated) => {
        if (updated._tag === "Updated") call.claim = updated.stored.entry
      })

const afterRefusedMark = (
  context: WorkspaceContext,
  call: Call.Call,
  refused: Exclude<MarkResult, { readonly _tag: "Marked" }>,
): Effect.Effect<NotSent, RetlError> => {
  switch (refused._tag) {
    case "LeaseLost":
      return Effect.succeed({ _tag: "NewFence", error: busy(context) })
    case "TooManyStarts":
      return Effect.succeed({
        _tag: "AfterStarts",
        freeIn: Duration.min(refused.freeIn, longestWindow(startLimits(context))),
      })
    case "Blocked":
      return refused.by._tag === "Unreadable"
        ? Effect.fail(context.unreadableRecord("start", refused.by))
        : Effect.succeed({ _tag: "NewFence", error: busy(context) })
    case "Changed":
      call.claim = undefined
      return Effect.succeed({ _tag: "ClaimLost" })
  }
}

/**
 * The longest window of these limits. A request that is under way counts for as long as it can take, and may end at any
 * moment: after a window, the call looks again.
 */
const longestWindow = (limits: ReadonlyArray<StartLimit>): Duration.Duration =>
  limits.length === 0
    ? Duration.infinity
    : limits.map(({ within }) => Duration.fromInputUnsafe(within)).reduce((a, b) => Duration.max(a, b))

/** Returns the limits of the workspace's starts, for a journal that other processes may share. */
const startLimits = ({ description, rateLimitShare, isJournalShared }: WorkspaceContext): ReadonlyArray<StartLimit> =>
  isJournalShared
    ? description.limits
        .filter(({ operations }) => operations === "all" || operations.includes("start"))
        .map(({ requests, window }) => ({ atMost: Math.max(1, Math.floor(requests * rateLimitShare)), within: window }))
    : []
