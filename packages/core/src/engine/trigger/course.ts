/**
 * The course of a trigger, which sends at most one request that may start a run.
 *
 * Order of things:
 *
 * 1. The turn: triggers of one sync go one at a time, from here to the settlement.
 * 2. The grant of the rate limit (`rate-limit/rateLimit.ts`).
 * 3. The fence: the runs right before the request (`fence.ts`). A run under way ends the attempt as `whenRunning` says.
 * 4. The intent, in the store.
 * 5. The request and its settlement (`settling.ts`), in a fiber of the workspace. After a lost answer it looks for a
 *    new run (`lookUp.ts`) that no other trigger has claimed (`claims.ts`).
 * 6. The removal of the intent, once the caller has the result.
 *
 * An interrupt before 4 leaves nothing behind. After that, the settlement goes on and records its result with the
 * intent; `resolve.ts` settles later what is still open.
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
import * as RetryLoop from "../retryLoop.ts"
import * as Reading from "../runs/reading.ts"
import * as Fence from "./fence.ts"
import * as IntentId from "./intentId.ts"
import type * as Settling from "./settling.ts"

type Failure = RetlError | TriggerIndeterminate

/** The options of a trigger, with its scope. */
export interface Request extends Options {
  /** What the run covers; `undefined` where the vendor has no scopes. */
  readonly scope: Scope | undefined
}

/** When the next attempt begins, where an attempt does not end the trigger: after a run, after a pause, or at once. */
type Again =
  | { readonly _tag: "AfterRun"; readonly run: RunRef | undefined; readonly error: RetlError }
  | { readonly _tag: "AfterPause"; readonly error: RetlError }
  | { readonly _tag: "NewFence" }

/** The latest run that this process started for a sync. Callers who came before it and waited share it. */
interface Recent {
  /** The place of its start in the order of calls and starts. */
  readonly order: number
  readonly scope: Scope | undefined
  readonly result: Started
}

/** How often the vendor may refuse a trigger because of a run that no read shows, ten seconds apart. */
const maxBlindWaits = 30

/** How often the grant may expire while the fence is read. */
const maxStaleFences = 10

/** Waits for the end of a run. */
export type AwaitEnd = (run: RunRef) => Effect.Effect<unknown, RetlError | WaitDeadlineExceeded>

/** The course of the triggers of one workspace. */
export interface Course {
  /** Triggers one run. Sends at most one request whose delivery is not proven `not-sent` or `refused`. */
  readonly trigger: (sync: SyncRef, request: Request) => Effect.Effect<Result, Failure>
}

export const make = (context: WorkspaceContext, settling: Settling.Settling, awaitEnd: AwaitEnd): Course => {
  const locks = new Map<string, { readonly lock: Semaphore.Semaphore; users: number }>()
  const recent = BoundedMap.make<Recent>(10_000)
  let order = 0

  /** Runs `use` in the sync's turn, and ends the turn after it unless `use` has handed it over. */
  const inTurn = <A>(key: string, use: (turn: Settling.Turn) => Effect.Effect<A, Failure>): Effect.Effect<A, Failure> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        const entry = locks.get(key) ?? { lock: Semaphore.makeUnsafe(1), users: 0 }
        locks.set(key, entry)
        entry.users++
        const drop = Effect.sync(() => {
          entry.users--
          if (entry.users === 0) locks.delete(key)
        })
        let isHandedOver = false
        const end = Effect.andThen(entry.lock.release(1), drop)
        const turn: Settling.Turn = {
          handOver: Effect.sync(() => {
            isHandedOver = true
          }),
          end,
        }
        return restore(entry.lock.take(1)).pipe(
          Effect.onInterrupt(() => drop),
          Effect.andThen(
            restore(use(turn)).pipe(Effect.ensuring(Effect.suspend(() => (isHandedOver ? Effect.void : end)))),
          ),
        )
      }),
    )

  const trigger = Effect.fnUntraced(function* (sync: SyncRef, request: Request): Effect.fn.Return<Result, Failure> {
    yield* validate(context, request)
    const key = context.identityOf(sync)
    const arrival = order++
    let attempts = 0
    let hasWaited = false
    let blindWaits = 0
    let staleFences = 0
    while (true) {
      const ended: Result | Again = yield* inTurn(key, (turn) =>
        Effect.suspend(() => {
          const shared = recent.get(key)
          const isShared = hasWaited && shared !== undefined && shared.order > arrival && shared.scope === request.scope
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
          if (attempts >= RetryLoop.maxAttempts) return yield* ended.error.withAttempts(attempts, true)
          if (!RetryLoop.isWorthwhile("write", ended.error)) return yield* ended.error.withAttempts(attempts, false)
          yield* Effect.sleep(RetryLoop.pause(attempts))
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

  /** One attempt: the grant, the fence, a check for a run under way, and the request. */
  const attempt = (sync: SyncRef, request: Request, turn: Settling.Turn): Effect.Effect<Result | Again, Failure> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(restore(context.rateLimit.acquire("start", Priority.write)), (grant) => {
        let isHandedOver = false
        const giveBack = context.rateLimit.giveBack(grant)
        const granted: Settling.Turn = {
          handOver: Effect.andThen(
            Effect.sync(() => {
              isHandedOver = true
            }),
            turn.handOver,
          ),
          end: Effect.andThen(giveBack, turn.end),
        }
        return Effect.ensuring(
          restore(withGrant(sync, request, granted, grant)),
          Effect.suspend(() => (isHandedOver ? Effect.void : giveBack)),
        )
      }),
    )

  const withGrant = Effect.fnUntraced(function* (
    sync: SyncRef,
    request: Request,
    turn: Settling.Turn,
    grant: Grant,
  ): Effect.fn.Return<Result | Again, Failure> {
    // The fence goes before all other requests, since the grant expires.
    const observation = yield* Fence.read(context, sync, Priority.urgent).pipe(
      Effect.mapError((error) => error.with({ operation: "start", delivery: "not-sent" })),
    )
    if (observation.running !== undefined) return yield* whileRunning(request, observation.running.ref)
    const { fence, hidden } = yield* withRecentRun(sync, observation.fence)
    if (hidden !== undefined) return yield* whileRunning(request, hidden)
    // Where the grant expired meanwhile, the next attempt acquires another and reads the fence again.
    if (!(yield* context.rateLimit.confirm("start", grant))) return { _tag: "NewFence" }
    const intent: Intent = {
      version: 1,
      id: yield* IntentId.generate,
      sync,
      ...(request.scope !== undefined && { scope: request.scope }),
      exclusive: request.exclusive === true,
      fence,
      sentAt: yield* DateTime.now,
    }
    const settled = yield* send(intent, turn, grant)
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

  /** Remembers the run that this process started last for a sync, before the next trigger has its turn. */
  const noteStart = ({ sync, scope, fence }: Intent, settled: Settling.Settled) => {
    if (settled._tag !== "Started" || fence.runs.includes(settled.run.run)) return
    const result: Started = { _tag: "Started", run: settled.run, guard: context.guard }
    recent.set(context.identityOf(sync), { order: order++, scope, result })
  }

  /** Returns the fence with the run that this process started last, as `hidden` while reads may not show it yet. */
  const withRecentRun = (sync: SyncRef, fence: Intent["fence"]) => {
    const started = recent.get(context.identityOf(sync))?.result.run
    if (started === undefined || fence.runs.includes(started.run)) return Effect.succeed({ fence, hidden: undefined })
    return Effect.map(Reading.mayLag(context, started), (mayLag) => ({
      fence: { ...fence, runs: [...fence.runs, started.run] },
      hidden: mayLag ? started : undefined,
    }))
  }

  /** Sends the request and waits for its settlement, which an interrupt leaves to the workspace. */
  const send = (intent: Intent, turn: Settling.Turn, grant: Grant): Effect.Effect<Settling.Settled, RetlError> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        yield* context.fromStore(context.intents.put({ intent }))
        yield* turn.handOver
        const fiber = yield* settling.start(intent, turn, grant, (settled) => noteStart(intent, settled))
        const settled = yield* restore(Fiber.join(fiber))
        // Only now does the caller have the result. An open intent stays in the store, for `resolve`.
        if (settled._tag !== "Open") yield* Effect.ignore(context.intents.remove(intent.id))
        return settled
      }),
    )

  /** Ends an attempt during which a run is under way, as the caller chose. */
  const whileRunning = (
    { whenRunning }: Request,
    run: RunRef | undefined,
    refusal?: RetlError,
  ): Effect.Effect<Result | Again, RetlError> => {
    const { guard } = context
    const failure = () => {
      const reason = new AlreadyRunning({ ...(run && { run }) })
      return refusal === undefined ? context.error("start", reason) : refusal.with({ reason })
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
              evidence: "it was under way when this call began",
            })
      case "fail":
        return Effect.fail(failure())
    }
  }

  return { trigger }
}

/** Fails where the vendor takes another scope, and for `adopt` with a full run. */
const validate = (context: WorkspaceContext, { scope, whenRunning }: Request): Effect.Effect<void, RetlError> => {
  const { scopes } = context
  const issues: Array<{ readonly path: ReadonlyArray<string>; readonly message: string }> = []
  if (scopes.length > 0 && (scope === undefined || !scopes.includes(scope))) {
    issues.push({ path: ["scope"], message: `Expected ${scopes.map((word) => `"${word}"`).join(" | ")}` })
  }
  if (whenRunning === "adopt" && coversAll(scope)) {
    issues.push({ path: ["whenRunning"], message: "Expected another choice than adopt: core never adopts a full run" })
  }
  return issues.length === 0 ? Effect.void : Effect.fail(context.error("start", new InvalidRequest({ issues })))
}
