/** Settling a trigger: the request and its answer or, where the answer is lost, the search for the run. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as EffectScope from "effect/Scope"
import type { Intent } from "../../model/Intent.ts"
import { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { type Resolution, TriggerIndeterminate } from "../../model/Trigger.ts"
import type { WorkspaceContext } from "../context.ts"
import { type Grant, Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import { isUnderWay, newest } from "../runs/underWay.ts"
import type { Claims } from "./claims.ts"
import * as LookUp from "./lookUp.ts"

/** The turn of a trigger, during which no other trigger of its sync goes. */
export interface Turn {
  /** Makes the settlement responsible for ending the turn. */
  readonly handOver: Effect.Effect<void>
  /** Ends the turn. */
  readonly end: Effect.Effect<void>
}

/** How a trigger settles. `Found`: a search after a lost answer found its run. `Open`: no read settles it. */
export type Settled =
  | { readonly _tag: "Started"; readonly run: RunRef }
  | { readonly _tag: "Found"; readonly run: RunRef; readonly evidence: string }
  | { readonly _tag: "Refused"; readonly error: RetlError; readonly running?: RunRef }
  | { readonly _tag: "Open"; readonly error: TriggerIndeterminate }

/** Settles the triggers of one workspace. */
export interface Settling {
  /**
   * Sends the request and settles it, in a fiber of the workspace: it goes on where the caller is interrupted. Calls
   * `onSettled`, then ends the turn.
   */
  readonly start: (
    intent: Intent,
    turn: Turn,
    grant: Grant,
    onSettled: (settled: Settled) => void,
  ) => Effect.Effect<Fiber.Fiber<Settled>>
}

/** A trigger that is being settled. */
interface Settlement {
  readonly intent: Intent
  readonly fiber: Fiber.Fiber<Settled>
}

export const make = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  claims: Claims,
): Effect.fn.Return<Settling> {
  const inFlight = new Map<string, Settlement>()

  yield* EffectScope.addFinalizer(
    context.scope,
    Effect.suspend(() => {
      const fibers = Array.from(inFlight.values(), ({ fiber }) => fiber)
      return Effect.forEach(fibers, Fiber.await, { concurrency: "unbounded", discard: true }).pipe(
        Effect.timeoutOption(context.closeWithin),
        Effect.andThen(Effect.suspend(() => Effect.forEach(Array.from(inFlight.values()), giveUp, { discard: true }))),
      )
    }),
  )

  const start: Settling["start"] = (intent, turn, grant, onSettled) =>
    settle(context, claims, intent, grant).pipe(
      Effect.tap((settled) => {
        onSettled(settled)
        return record(context, claims, intent, settled)
      }),
      Effect.ensuring(
        Effect.suspend(() => {
          inFlight.delete(intent.id)
          return turn.end
        }),
      ),
      Effect.interruptible,
      Effect.forkDetach({ startImmediately: false }),
      Effect.tap((fiber) => Effect.sync(() => void inFlight.set(intent.id, { intent, fiber }))),
    )

  return { start }
})

/** Stops a settlement that the closing of the workspace does not wait for any longer. Its intent stays in the store. */
const giveUp = ({ intent, fiber }: Settlement) =>
  Effect.logWarning("A trigger was left unsettled; its intent is in the store").pipe(
    Effect.annotateLogs({ intent: JSON.stringify(intent) }),
    Effect.andThen(Fiber.interrupt(fiber)),
  )

/** Records how a trigger settled in the store, for the case that its caller was interrupted. */
const record = (context: WorkspaceContext, claims: Claims, intent: Intent, settled: Settled) => {
  const resolution = resolutionOf(settled)
  if (resolution?._tag === "Started") claims.claim(resolution.run, intent.id)
  const current = settled._tag === "Open" ? settled.error.intent : intent
  return Effect.ignore(
    settled._tag === "Refused"
      ? context.intents.remove(intent.id)
      : context.intents.put({ intent: current, ...(resolution && { resolution }) }),
  )
}

const resolutionOf = (settled: Settled): Resolution | undefined => {
  switch (settled._tag) {
    case "Started":
      return { _tag: "Started", run: settled.run, evidence: "the vendor's answer" }
    case "Found":
      return { _tag: "Started", run: settled.run, evidence: settled.evidence }
    default:
      return undefined
  }
}

/** Sends the request. Where its answer is lost, searches for the run. */
const settle = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  claims: Claims,
  intent: Intent,
  grant: Grant,
): Effect.fn.Return<Settled> {
  const { scope, sync } = intent
  const answer = yield* Effect.result(context.start(sync, scope === undefined ? {} : { scope }, grant))
  if (Result.isSuccess(answer)) {
    return { _tag: "Started", run: new RunRef({ sync, run: answer.success, acceptedAt: yield* DateTime.now }) }
  }
  const error = answer.failure
  if (error.delivery !== "unknown") {
    if (error.reason._tag !== "AlreadyRunning") return { _tag: "Refused", error }
    const running = yield* findRunning(context, intent)
    return { _tag: "Refused", error, ...(running && { running }) }
  }
  // Stored at once: another process resolves the intent with it, should this one end during the search.
  const lost: Intent = { ...intent, lostAt: yield* DateTime.now }
  yield* Effect.ignore(context.intents.put({ intent: lost }))
  return yield* lookUp(context, claims, lost, error)
})

/** Searches for the run of a trigger whose answer was lost. */
const lookUp = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  claims: Claims,
  intent: Intent,
  error: RetlError,
): Effect.fn.Return<Settled> {
  const open = (why: string, candidates: ReadonlyArray<RunRef> = []): Settled => ({
    _tag: "Open",
    error: new TriggerIndeterminate({ intent, candidates, why: `${error.code}: ${why}`, delivery: error.delivery }),
  })
  const obstacle = yield* LookUp.obstacle(context, claims, intent)
  if (obstacle !== undefined) return open(obstacle)
  const finding = yield* LookUp.search(context, claims, intent, context.resolveWithin)
  switch (finding._tag) {
    case "Found":
      return finding
    case "Nothing":
      return open(finding.why)
    case "Unclear":
      return open(finding.why, finding.candidates)
    case "Unreadable":
      return open(`core could not read the runs: ${finding.error.code}`, finding.candidates)
  }
})

/** Finds the run for which the vendor refused the trigger, once reads show it. */
const findRunning = (context: WorkspaceContext, { sync }: Intent): Effect.Effect<RunRef | undefined> =>
  RetryLoop.until(
    context.readLag,
    Effect.map(context.list(sync, {}, Priority.write), ({ runs }) => newest(runs.filter(isUnderWay))?.ref),
    RetryLoop.steady,
  )
