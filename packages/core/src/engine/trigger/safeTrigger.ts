/**
 * Triggering one run, once.
 *
 * From the fence to the settlement, triggers of one sync go one at a time. Up to the request an interrupt leaves nothing
 * behind. From then on the trigger belongs to the workspace: it is settled in a fiber of its own, whoever still waits for
 * it, and its intent stays in the store until the result is in a caller's hands.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Semaphore from "effect/Semaphore"
import * as BoundedMap from "../../driver/BoundedMap.ts"
import type { Intent } from "../../model/Intent.ts"
import { AlreadyRunning, InvalidRequest, RateLimited } from "../../model/Reason.ts"
import type { RunRef, SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { coversAll, type Scope } from "../../model/Scope.ts"
import type { Options, Result, Started, TriggerIndeterminate } from "../../model/Trigger.ts"
import type { WaitDeadlineExceeded } from "../../model/Wait.ts"
import type { WorkspaceContext } from "../context.ts"
import { type Grant, Priority } from "../rate-limit/rateLimit.ts"
import * as Retry from "../retry.ts"
import * as Reading from "../runs/reading.ts"
import * as Fence from "./fence.ts"
import * as Ids from "./intentId.ts"
import type * as Settling from "./settling.ts"

type Failure = RetlError | TriggerIndeterminate

export interface Request extends Options {
  readonly scope: Scope | undefined
}

/** How one attempt ends when it does not end the trigger. */
type Again =
  | { readonly _tag: "AfterRun"; readonly run: RunRef | undefined; readonly error: RetlError }
  | { readonly _tag: "AfterPause"; readonly error: RetlError }
  | { readonly _tag: "NewFence" }

/** What a caller who waited may share: a run that was triggered after that caller had come. */
interface Recent {
  readonly order: number
  readonly scope: Scope | undefined
  readonly result: Started
}

/** How often the vendor may say that something runs which no read shows, ten seconds apart. */
const maxBlindWaits = 30

/** How often a fence may have taken so long that the right to send after it was gone. */
const maxStaleFences = 10

/** Waits for a run's end, through the planner. */
export type AwaitEnd = (run: RunRef) => Effect.Effect<unknown, RetlError | WaitDeadlineExceeded>

export const make = (context: WorkspaceContext, settling: Settling.Settling, awaitEnd: AwaitEnd) => {
  const locks = new Map<string, { readonly lock: Semaphore.Semaphore; users: number }>()
  const recent = BoundedMap.make<Recent>(10_000)
  let order = 0

  /** Runs with the sync's turn at hand; a turn that was handed over is released by whoever has it then. */
  const inTurn = <A>(key: string, use: (turn: Settling.Turn) => Effect.Effect<A, Failure>): Effect.Effect<A, Failure> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        const entry = locks.get(key) ?? { lock: Semaphore.makeUnsafe(1), users: 0 }
        locks.set(key, entry)
        entry.users++
        const leave = Effect.sync(() => {
          entry.users--
          if (entry.users === 0) locks.delete(key)
        })
        let handedOver = false
        const end = Effect.andThen(entry.lock.release(1), leave)
        const turn: Settling.Turn = {
          handOver: Effect.sync(() => {
            handedOver = true
          }),
          end,
        }
        return restore(entry.lock.take(1)).pipe(
          Effect.onInterrupt(() => leave),
          Effect.andThen(
            restore(use(turn)).pipe(Effect.ensuring(Effect.suspend(() => (handedOver ? Effect.void : end)))),
          ),
        )
      }),
    )

  const trigger = Effect.fnUntraced(function* (sync: SyncRef, request: Request): Effect.fn.Return<Result, Failure> {
    yield* validate(context, request)
    const key = context.identityOf(sync)
    const came = order++
    let attempts = 0
    let hasWaited = false
    let blindWaits = 0
    let staleFences = 0
    while (true) {
      const ended: Result | Again = yield* inTurn(key, (turn) =>
        Effect.suspend(() => {
          const shared = recent.get(key)
          const isShared = hasWaited && shared !== undefined && shared.order > came && shared.scope === request.scope
          return isShared ? Effect.succeed(shared.result) : attempt(sync, request, turn)
        }),
      )
      switch (ended._tag) {
        case "AfterRun":
          hasWaited = true
          if (ended.run !== undefined) {
            yield* Effect.catchTag(awaitEnd(ended.run), "WaitDeadlineExceeded", () => Effect.fail(ended.error))
          } else {
            if (++blindWaits > maxBlindWaits) return yield* ended.error
            yield* Effect.sleep("10 seconds")
          }
          break
        case "AfterPause": {
          attempts++
          if (attempts >= Retry.maxAttempts) return yield* ended.error.withAttempts(attempts, true)
          if (!Retry.isWorthwhile("write", ended.error)) return yield* ended.error.withAttempts(attempts, false)
          yield* Effect.sleep(Retry.pause(attempts))
          break
        }
        case "NewFence":
          if (++staleFences > maxStaleFences)
            return yield* context.error("start", new RateLimited({})).withAttempts(0, true)
          break
        default:
          return ended
      }
    }
  })

  /** One turn: the grant, the fence, a look at what runs, and the request. */
  const attempt = Effect.fnUntraced(function* (
    sync: SyncRef,
    request: Request,
    turn: Settling.Turn,
  ): Effect.fn.Return<Result | Again, Failure> {
    const grant: Grant = yield* context.rateLimit.acquire("start", Priority.write)
    // With a grant in hand nothing goes before its fence: it would only go stale.
    const sighting = yield* Fence.read(context, sync, Priority.urgent).pipe(
      Effect.mapError((error) => error.with({ operation: "start", delivery: "not-sent" })),
    )
    if (sighting.running !== undefined) return yield* whileRunning(request, sighting.running.ref)
    const { fence, hidden } = yield* withOwn(sync, sighting.fence)
    if (hidden !== undefined) return yield* whileRunning(request, hidden)
    // The fence took longer than the grant is good for: ask for another, and look again.
    if (!(yield* context.rateLimit.confirm("start", grant))) return { _tag: "NewFence" }
    const intent: Intent = {
      version: 1,
      id: yield* Ids.random,
      sync,
      ...(request.scope !== undefined && { scope: request.scope }),
      exclusive: request.exclusive === true,
      fence,
      sentAt: yield* DateTime.now,
    }
    const settled = yield* send(intent, turn)
    switch (settled._tag) {
      case "Started":
        if (fence.runs.includes(settled.run.run)) return yield* whileRunning(request, settled.run)
        return { _tag: "Started", run: settled.run, guard: context.guard }
      case "Found":
        return {
          _tag: "Adopted",
          run: settled.run,
          guard: context.guard,
          because: "lost-answer",
          evidence: settled.evidence,
        }
      case "Refused":
        return settled.error.reason._tag === "AlreadyRunning"
          ? yield* whileRunning(request, settled.running, settled.error)
          : { _tag: "AfterPause", error: settled.error }
      case "Open":
        return yield* settled.error
    }
  })

  /** Remembers the run that was last started for a sync, before the next trigger has its turn. */
  const noteStart = ({ sync, scope, fence }: Intent, settled: Settling.Settled) => {
    if (settled._tag !== "Started" || fence.runs.includes(settled.run.run)) return
    const result: Started = { _tag: "Started", run: settled.run, guard: context.guard }
    recent.set(context.identityOf(sync), { order: order++, scope, result })
  }

  /** The fence with the run that was last started here, which reads may not show yet; `hidden` while that is so. */
  const withOwn = (sync: SyncRef, fence: Intent["fence"]) => {
    const own = recent.get(context.identityOf(sync))?.result.run
    if (own === undefined || fence.runs.includes(own.run)) return Effect.succeed({ fence, hidden: undefined })
    return Effect.map(Reading.mayLag(context, own), (isYoung) => ({
      fence: { ...fence, runs: [...fence.runs, own.run] },
      hidden: isYoung ? own : undefined,
    }))
  }

  /** Sends it and waits for its settlement; an interrupt leaves both to the workspace. */
  const send = (intent: Intent, turn: Settling.Turn): Effect.Effect<Settling.Settled, RetlError> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        yield* context.fromStore(context.intents.put({ intent }))
        yield* turn.handOver
        const fiber = yield* settling.start(intent, turn, (settled) => noteStart(intent, settled))
        const settled = yield* restore(Fiber.join(fiber))
        // Only now is the result in a caller's hands. What is still open stays, for `resolve`.
        if (settled._tag !== "Open") yield* Effect.ignore(context.intents.remove(intent.id))
        return settled
      }),
    )

  const whileRunning = (
    { whenRunning }: Request,
    run: RunRef | undefined,
    refused?: RetlError,
  ): Effect.Effect<Result | Again, RetlError> => {
    const { guard } = context
    const failure = () => {
      const reason = new AlreadyRunning({ ...(run && { run }) })
      return refused === undefined ? context.error("start", reason) : refused.with({ reason })
    }
    switch (whenRunning) {
      case "skip":
        return Effect.succeed({ _tag: "Skipped", ...(run && { running: run }), guard })
      case "wait":
        return Effect.succeed({ _tag: "AfterRun", run, error: failure() })
      case "adopt":
        return run === undefined
          ? Effect.fail(failure())
          : Effect.succeed({
              _tag: "Adopted",
              run,
              guard,
              because: "already-running",
              evidence: "it was under way when this call came",
            })
      case "fail":
        return Effect.fail(failure())
    }
  }

  return { trigger }
}

const validate = (context: WorkspaceContext, { scope, whenRunning }: Request): Effect.Effect<void, RetlError> => {
  const { scopes } = context
  const issues: Array<{ readonly path: ReadonlyArray<string>; readonly message: string }> = []
  if (scopes.length > 0 && (scope === undefined || !scopes.includes(scope))) {
    issues.push({ path: ["scope"], message: `Expected ${scopes.map((word) => `"${word}"`).join(" | ")}` })
  }
  if (whenRunning === "adopt" && coversAll(scope)) {
    issues.push({ path: ["whenRunning"], message: "Expected another choice than adopt: a full run is never adopted" })
  }
  return issues.length === 0 ? Effect.void : Effect.fail(context.error("start", new InvalidRequest({ issues })))
}
