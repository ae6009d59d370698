/**
 * Settling a trigger: the request and its answer or, where the answer is lost, a repetition or the look-up of its run; and
 * what the journal says of it. It goes on in a fiber of the workspace where its caller is interrupted.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as EffectSchedule from "effect/Schedule"
import type { Change, Stored } from "../../journal/Journal.ts"
import { UnexpectedResponse } from "../../model/Reason.ts"
import { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { TriggerIndeterminate } from "../../model/Trigger.ts"
import * as Logging from "../../telemetry/logging.ts"
import type { MessageOf } from "../../telemetry/logs.ts"
import type { WorkspaceContext } from "../context.ts"
import { type Grant, Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import * as Reading from "../runs/reading.ts"
import { isUnderWay } from "../runs/underWay.ts"
import type { Call } from "./call.ts"
import * as Claims from "./claims.ts"
import { type Instant, instant, since } from "./elapsed.ts"
import type * as LookUp from "./lookUp.ts"
import { isOpenTrigger } from "./open.ts"
import * as Repeating from "./repeating.ts"

/**
 * How a trigger settles:
 * - `Started`: the vendor answered with the run.
 * - `Found`: the look-up after a lost answer found its run.
 * - `UnderWay`: the vendor accepted the request and answered with a run that was there before and is under way.
 * - `Refused`: provably, nothing was started; `isOver` where another attempt makes no sense.
 * - `NotStarted`: the look-up after a lost answer proved that no run was started.
 * - `Open`: no read settles it.
 */
export type Settled =
  | { readonly _tag: "Started"; readonly run: RunRef }
  | { readonly _tag: "Found"; readonly run: RunRef; readonly evidence: string }
  | { readonly _tag: "UnderWay"; readonly run: RunRef }
  | { readonly _tag: "Refused"; readonly error: RetlError; readonly isOver: boolean }
  | { readonly _tag: "NotStarted"; readonly error: RetlError }
  | { readonly _tag: "Open"; readonly error: TriggerIndeterminate }

/** A trigger whose entry is marked as sent. */
export interface Sent extends Repeating.Sending {
  /** The grant of its request. */
  readonly grant: Grant
  readonly stored: Stored
  /** Right before the mark: other processes count the time of the request from the mark, by the store's clock. */
  readonly markedAt: Instant
}

/** Sends the request and settles it. Writes to the journal what became of it; `release` ends the call's turn and lease. */
export const settle = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sent: Sent,
  release: Effect.Effect<void>,
): Effect.fn.Return<Settled> {
  const { settled, entry } = yield* request(context, sent)
  if (settled._tag === "Started" || settled._tag === "Found") {
    Claims.claim(context, settled.run, entry.id)
    const { scope } = sent.call.request
    context.shared.recent.set(entry.identity, { order: context.shared.nextOrder(), scope, run: settled.run })
  }
  yield* record(context, sent.call, entry, settled, release)
  return settled
})

/** Sends the request. Where its answer is lost, repeats it with its key, or else looks its run up. */
const request = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sent: Sent,
): Effect.fn.Return<{ readonly settled: Settled; readonly entry: LookUp.OpenEntry }> {
  const { entry, grant, markedAt } = sent
  // It ends within the time that the entry says, and so do repetitions: other processes count on that.
  const left = Effect.map(instant, (now) => Repeating.timeOf(context, entry) - since(markedAt, now))
  const first = yield* Effect.result(Repeating.send(context, sent, yield* left, grant))
  const isLost = Result.isFailure(first) && first.failure.delivery === "unknown"
  const answer = isLost ? ((yield* Repeating.repeat(context, sent, 0, yield* left)) ?? first) : first
  const settled = yield* settledBy(context, sent, answer)
  return settled._tag === "RetlError" ? yield* lookUp(context, sent, settled) : { entry, settled }
})

/** Returns how an answer settles a trigger, or the error of one that does not. */
const settledBy = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  { call, entry }: Sent,
  answer: Repeating.Answer,
): Effect.fn.Return<Settled | RetlError> {
  if (Result.isFailure(answer)) {
    const error = answer.failure
    if (error.delivery === "unknown") return error
    const isOver = error.reason._tag !== "AlreadyRunning" && !RetryLoop.isWorthwhile("write", error)
    return { _tag: "Refused", error, isOver }
  }
  const run = new RunRef({ sync: call.sync, run: answer.success, acceptedAt: yield* DateTime.now })
  if (!Claims.isOdd(context, run, entry)) return { _tag: "Started", run }
  // The vendor, or a proxy that replays answers, names a run that was there before: it may be the one under way.
  const read = yield* Effect.result(Reading.get(context, run, Priority.write))
  if (Result.isSuccess(read) && isUnderWay(read.success)) return { _tag: "UnderWay", run }
  const issue = { path: ["run"], message: "Expected a new run, found one that was there before the request" }
  return context.error("start", new UnexpectedResponse({ issues: [issue] }), "unknown")
})

/** Looks up the run of a trigger whose answer was lost. */
const lookUp = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sent: Sent,
  error: RetlError,
): Effect.fn.Return<{ readonly settled: Settled; readonly entry: LookUp.OpenEntry }> {
  const { call, markedAt } = sent
  // Written at once: another process concludes the entry with it, should this one end during the look-up.
  yield* Logging.warn("The answer to a trigger was lost: core looks up what became of it", {
    ...{ workspace: context.name, sync: call.sync.toString(), entry: sent.entry.id, error: error.code },
  })
  const lost = yield* Effect.option(context.store.update(sent.entry, { state: "lost" }, call.owner))
  const isWritten = lost._tag === "Some" && lost.value._tag === "Updated" && isOpenTrigger(lost.value.stored.entry)
  const entry = isWritten ? lost.value.stored.entry : sent.entry
  const finding = yield* Repeating.search(context, { ...sent, entry }, since(markedAt, yield* instant), {
    settledIn: Duration.toMillis(entry.request.runAppearsWithin),
    searchFor: Duration.toMillis(context.resolveWithin),
  })
  const open = (why: string, candidates: ReadonlyArray<RunRef> = []) => ({
    entry,
    settled: {
      _tag: "Open",
      error: new TriggerIndeterminate({ entry, candidates, why: `${error.code}: ${why}`, delivery: error.delivery }),
    } as const,
  })
  switch (finding._tag) {
    case "Answered": {
      const settled = yield* settledBy(context, sent, finding.answer)
      return settled._tag === "RetlError" ? open(settled.code) : { entry, settled }
    }
    case "Found":
      return { entry, settled: finding }
    case "Nothing":
      return { entry, settled: { _tag: "NotStarted", error: error.with({ delivery: "refused" }) } }
    case "Unclear":
      return open(finding.why, finding.candidates)
    case "Unreadable":
      return open(`core could not read the runs: ${finding.error.code}`, finding.candidates)
  }
})

/** Returns what an entry becomes; `undefined` for an open one, and `remove` for one that provably sent nothing. */
const changeOf = (
  context: WorkspaceContext,
  call: Call,
  { state }: LookUp.OpenEntry,
  settled: Settled,
): Change | "remove" | undefined => {
  switch (settled._tag) {
    case "Started":
      return { state: "started", run: settled.run }
    case "Found":
      return { state: "started", run: settled.run, adopted: "lost-answer" }
    case "UnderWay":
      return call.request.whenRunning === "adopt"
        ? { state: "started", run: settled.run, adopted: "already-running" }
        : { state: "refused" }
    case "Refused":
      // A lost request that is refused when it is repeated was sent: its entry is not taken back.
      if (state === "lost" || (settled.isOver && settled.error.delivery !== "not-sent")) return { state: "refused" }
      return call.request.key === undefined || call.hasLeft
        ? "remove"
        : { state: "claimed", lease: context.journalLease }
    case "NotStarted":
      return { state: "not-started" }
    case "Open":
      return undefined
  }
}

type UnwrittenMessage = Extract<MessageOf<"Error">, `The ${string} be written${string}`>

/** Pauses of 1 s, 2 s, 4 s and so on, at most 30 s. */
const growing = EffectSchedule.min([EffectSchedule.exponential("1 second"), EffectSchedule.spaced("30 seconds")])

/**
 * Writes to the journal what became of an entry. Where the store fails, the caller has its result at once, and the write
 * is repeated until the store is back or the workspace closes.
 */
const record = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  call: Call,
  entry: LookUp.OpenEntry,
  settled: Settled,
  release: Effect.Effect<void>,
): Effect.fn.Return<void> {
  const change = changeOf(context, call, entry, settled)
  if (change === undefined) return yield* release
  const once = write(context, call, entry, change)
  if (Result.isSuccess(yield* Effect.result(once))) return yield* release
  const run = "run" in settled ? settled.run.toString() : undefined
  const log = (message: UnwrittenMessage) =>
    Logging.error(message, { entry: entry.id, sync: entry.sync.toString(), run })
  yield* log("The journal cannot be written: what became of a trigger is written once the store is back")
  yield* context.closing.background(
    Effect.ignore(Effect.retry(once, growing)).pipe(Effect.ensuring(release)),
    log("The workspace closed before the journal could be written: the entry stays open"),
  )
})

/** Writes a change. The vendor's own answer beats what others have concluded meanwhile. */
const write = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  call: Call,
  entry: LookUp.OpenEntry,
  change: Change | "remove",
): Effect.fn.Return<void, RetlError> {
  if (change === "remove") return yield* Effect.asVoid(context.store.remove(entry, call.owner))
  const updated = yield* context.store.update(entry, change, call.owner)
  if (updated._tag === "Updated") {
    if (change.state === "claimed") yield* keepClaim(context, call, updated.stored)
    return
  }
  const other = updated.record
  if (!("run" in change) || other?._tag !== "Stored") return
  const { entry: found } = other
  if ("run" in found && found.run.run === change.run.run) return
  yield* context.store.update(found, change, call.owner)
  yield* Logging.error("An entry was concluded otherwise than the vendor's answer, which now stands", {
    entry: entry.id,
    run: change.run.toString(),
    concluded: "run" in found ? found.run.toString() : found.state,
  })
})

/** The call has its key again. Where its caller has left meanwhile, the key is given back. */
const keepClaim = (context: WorkspaceContext, call: Call, { entry }: Stored): Effect.Effect<void, RetlError> => {
  if (call.hasLeft) return Effect.asVoid(context.store.remove(entry, call.owner))
  call.claim = { id: entry.id, revision: entry.revision }
  return Effect.void
}
