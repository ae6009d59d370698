/** What happens to a trigger once its request has begun: the answer, or the search for the run when it is lost. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import type { Intent } from "../../model/Intent.ts"
import { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Resolution } from "../../model/Trigger.ts"
import { TriggerIndeterminate } from "../../model/Trigger.ts"
import type { WorkspaceContext } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as Retry from "../retry.ts"
import type { Claims } from "./claims.ts"
import * as Fence from "./fence.ts"
import * as LookUp from "./lookUp.ts"

/** A sync's turn. Whoever has it must end it. */
export interface Turn {
  readonly handOver: Effect.Effect<void>
  readonly end: Effect.Effect<void>
}

export type Settled =
  | { readonly _tag: "Started"; readonly run: RunRef }
  | { readonly _tag: "Found"; readonly run: RunRef; readonly evidence: string }
  | { readonly _tag: "Refused"; readonly error: RetlError; readonly running?: RunRef }
  | { readonly _tag: "Open"; readonly error: TriggerIndeterminate }

export interface Settling {
  /**
   * Begins the request and settles it in the background; tells how it ended, then ends the turn, whether or not anybody
   * still waits for it.
   */
  readonly start: (intent: Intent, turn: Turn, tell: (settled: Settled) => void) => Effect.Effect<Fiber.Fiber<Settled>>
}

export const make = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  claims: Claims,
): Effect.fn.Return<Settling> {
  const inFlight = new Map<string, { readonly intent: Intent; readonly fiber: Fiber.Fiber<Settled> }>()

  // Closing the workspace gives what is being settled a moment, then leaves its intent in the store and says so.
  yield* Scope.addFinalizer(
    context.scope,
    Effect.suspend(() => {
      const fibers = Array.from(inFlight.values(), ({ fiber }) => fiber)
      return Effect.forEach(fibers, Fiber.await, { concurrency: "unbounded", discard: true }).pipe(
        Effect.timeoutOption(context.closeWithin),
        Effect.andThen(Effect.suspend(() => Effect.forEach(Array.from(inFlight.values()), giveUp, { discard: true }))),
      )
    }),
  )

  const giveUp = ({ intent, fiber }: { readonly intent: Intent; readonly fiber: Fiber.Fiber<Settled> }) =>
    Effect.logWarning("a trigger was left unsettled; its intent is in the store").pipe(
      Effect.annotateLogs({ intent: JSON.stringify(intent) }),
      Effect.andThen(Fiber.interrupt(fiber)),
    )

  const start: Settling["start"] = (intent, turn, tell) =>
    settle(context, claims, intent).pipe(
      Effect.tap((settled) => {
        tell(settled)
        return remember(intent, settled)
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

  /** The store keeps the outcome until a caller has it: the caller may be gone by now. */
  const remember = (intent: Intent, settled: Settled) => {
    const resolution = resolutionOf(settled)
    if (resolution?._tag === "Started") claims.claim(resolution.run, intent.id)
    const last = settled._tag === "Open" ? settled.error.intent : intent
    return Effect.ignore(
      settled._tag === "Refused"
        ? context.intents.remove(intent.id)
        : context.intents.put({ intent: last, ...(resolution && { resolution }) }),
    )
  }

  return { start }
})

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

const settle = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  claims: Claims,
  intent: Intent,
): Effect.fn.Return<Settled> {
  const { scope, sync } = intent
  const sent = yield* Effect.result(context.start(sync, scope === undefined ? {} : { scope }))
  if (sent._tag === "Success") {
    return { _tag: "Started", run: new RunRef({ sync, run: sent.success, acceptedAt: yield* DateTime.now }) }
  }
  const error = sent.failure
  if (error.delivery !== "unknown") {
    if (error.reason._tag !== "AlreadyRunning") return { _tag: "Refused", error }
    const running = yield* findRunning(context, intent)
    return { _tag: "Refused", error, ...(running && { running }) }
  }
  // Known at once, to whoever resolves it should this process not live to see the end of the search.
  const lost: Intent = { ...intent, lostAt: yield* DateTime.now }
  yield* Effect.ignore(context.intents.put({ intent: lost }))
  return yield* lookUp(context, claims, lost, error)
})

const lookUp = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  claims: Claims,
  intent: Intent,
  lost: RetlError,
): Effect.fn.Return<Settled> {
  const open = (why: string, candidates: ReadonlyArray<RunRef> = []): Settled => ({
    _tag: "Open",
    error: new TriggerIndeterminate({ intent, candidates, why: `${lost.code}: ${why}`, delivery: lost.delivery }),
  })
  const obstacle = yield* LookUp.obstacle(context, claims, intent)
  if (obstacle !== undefined) return open(obstacle)
  const found = yield* LookUp.search(context, claims, intent, context.resolveWithin)
  switch (found._tag) {
    case "Found":
      return found
    case "Nothing":
      return open(found.why)
    case "Unclear":
      return open(found.why, found.candidates)
    case "Unreadable":
      return open(`the runs could not be read: ${found.error.code}`, found.candidates)
  }
})

/** Finds the run that made the vendor refuse, where reads show it within their lag. */
const findRunning = (context: WorkspaceContext, { sync }: Intent): Effect.Effect<RunRef | undefined> =>
  Retry.until(
    context.readLag,
    Effect.map(context.list(sync, {}, Priority.write), ({ runs }) => Fence.newest(runs.filter(Fence.isUnderWay))?.ref),
    Retry.steady,
  )
