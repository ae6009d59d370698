/**
 * The course of a trigger, which sends at most one request that may start a run.
 *
 * Order of things:
 *
 * 1. The key, where the call has one (`keyedCall.ts`): what the journal has under it may already be the result.
 * 2. The hold on the sync (`hold.ts`): the turn in this process (`turns.ts`), then the lease of the journal (`lease.ts`).
 * 3. What is open at the sync is settled first (`open.ts`).
 *    `ensure` then looks whether a run makes its trigger unnecessary (`freshness/ensure.ts`). A paused sync ends the attempt
 *    where `whenPaused` says so (`whilePaused.ts`).
 * 4. The grant of the rate limit (`rate-limit/rateLimit.ts`).
 * 5. The fence: the runs right before the request (`fence.ts`). A run under way ends the attempt as `whenRunning` says
 *    (`whileRunning.ts`).
 * 6. The mark: the journal says `sent`. A last test for an interrupt, the end of the workspace and the age of the lease
 *    (`sending.ts`).
 * 7. The request and its settlement (`settling.ts`), in a fiber of the workspace. After a lost answer it repeats the request
 *    where the vendor keeps its key (`repeating.ts`), or else looks for a new run (`lookUp.ts`) that no other trigger has
 *    claimed (`claims.ts`).
 *
 * An interrupt before 6 leaves nothing behind. After that, the settlement goes on, and the journal has its result.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Fence } from "../../model/Fence.ts"
import { FenceIncomplete, InvalidRequest, RateLimited } from "../../model/Reason.ts"
import type { RunRef, SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { coversAll } from "../../model/Scope.ts"
import type { Guard, Joined, Result, TriggerIndeterminate } from "../../model/Trigger.ts"
import { defaultDeadline, type Unended } from "../../model/Wait.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import type { WorkspaceContext } from "../context.ts"
import { type Grant, Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import * as Call from "./call.ts"
import * as FenceReading from "./fence.ts"
import * as Hold from "./hold.ts"
import * as KeyedCall from "./keyedCall.ts"
import * as Open from "./open.ts"
import * as Reporting from "./reporting.ts"
import * as Sending from "./sending.ts"
import type * as Settling from "./settling.ts"
import * as WhilePaused from "./whilePaused.ts"
import * as WhileRunning from "./whileRunning.ts"

type Failure = RetlError | TriggerIndeterminate

/** When the next attempt begins, where an attempt does not end the trigger. */
type Again =
  | WhileRunning.AfterRun
  | { readonly _tag: "AfterPause"; readonly error: RetlError }
  | Exclude<Sending.NotSent, { readonly _tag: "ClaimLost" }>

/** What a look has found, which ends the call. */
interface Looked<A> {
  readonly _tag: "Looked"
  readonly looked: A
}

/** How an attempt ends. */
type Attempted<A> = KeyedCall.Ended | Again | Looked<A>

/** What allows a request. */
interface Ready {
  readonly _tag: "Ready"
  readonly fence: Fence
  readonly guard: Guard
}

/** How often the vendor may refuse a trigger because of a run that no read shows, ten seconds apart. */
const maxBlindWaits = 30

/** How often an attempt may find, after its fence, that it has to begin again. */
const maxNewFences = 10

/** Waits for the end of a run, at most for so long. */
export type AwaitEnd = (run: RunRef, within: Duration.Duration) => Effect.Effect<unknown, RetlError | Unended>

/**
 * Looks at a sync before an attempt triggers. What it returns ends the call; `undefined`: the attempt goes on. `running`: the
 * run that kept the previous attempt from triggering.
 */
export type Look<A> = (running: RunRef | undefined) => Effect.Effect<A | undefined, RetlError>

/** The course of the triggers of one workspace. */
export interface Course {
  /** Triggers one run. Sends at most one request whose delivery is not proven `not-sent` or `refused`. */
  readonly trigger: (sync: SyncRef, request: Call.Request) => Effect.Effect<Result, Failure>
  /**
   * Triggers one run, without a key, unless a look ends the call. Each attempt looks, within the hold; where a run under way
   * keeps it from triggering, the next attempt looks again at once.
   */
  readonly ensure: <A>(
    sync: SyncRef,
    request: Omit<Call.Request, "key">,
    look: Look<A>,
  ) => Effect.Effect<KeyedCall.Ended | A, Failure>
}

export const make = (context: WorkspaceContext, awaitEnd: AwaitEnd, readState?: WhilePaused.ReadState): Course => ({
  trigger: Effect.fnUntraced(function* (sync: SyncRef, request: Call.Request): Effect.fn.Return<Result, Failure> {
    yield* validate(context, request)
    yield* WhilePaused.validate(context, request, readState)
    const call = yield* Call.make(context, sync, request)
    const attempts = attemptsOf<never>(context, call, { awaitEnd, readState })
    return yield* Reporting.trigger(
      context,
      call,
    )(request.key === undefined ? withoutKey(attempts) : KeyedCall.end(context, call, request.key, attempts))
  }),
  ensure: Effect.fnUntraced(function* <A>(
    sync: SyncRef,
    request: Omit<Call.Request, "key">,
    look: Look<A>,
  ): Effect.fn.Return<KeyedCall.Ended | A, Failure> {
    yield* validate(context, request)
    yield* WhilePaused.validate(context, request, readState)
    const call = yield* Call.make(context, sync, request)
    return yield* Reporting.trigger(context, call)(attemptsOf(context, call, { awaitEnd, readState, look }))
  }),
})

const withoutKey = (attempts: Effect.Effect<KeyedCall.Ended, Failure>): Effect.Effect<Result, Failure> =>
  Effect.flatMap(attempts, (ended) =>
    ended._tag === "ClaimLost" ? Effect.die("a call without a key has no claim") : Effect.succeed(ended),
  )

/** What the attempts of a call use. */
interface Means<A> {
  readonly awaitEnd: AwaitEnd
  /** Absent where the workspace does not configure syncs. */
  readonly readState: WhilePaused.ReadState | undefined
  readonly look?: Look<A>
}

/** Attempts to trigger until one ends the call. No attempt follows a request that may have started a run. */
const attemptsOf = Effect.fnUntraced(function* <A>(
  context: WorkspaceContext,
  call: Call.Call,
  { awaitEnd, readState, look }: Means<A>,
): Effect.fn.Return<KeyedCall.Ended | A, Failure> {
  const { until } = context.closing
  const { othersWithin = defaultDeadline } = call.request
  let retries = 0
  let hasWaited = false
  let blindWaits = 0
  let newFences = 0
  let running: RunRef | undefined
  while (true) {
    const ended: Attempted<A> = yield* Hold.within(context, call, (hold) =>
      Effect.suspend(() => {
        const shared = hasWaited ? sharedRun(context, call) : undefined
        if (shared !== undefined) return Effect.succeed(shared)
        return hasLostClaim(call) ? Effect.succeed(claimLost) : attempt(context, call, hold, readState, look?.(running))
      }),
    )
    switch (ended._tag) {
      case "Looked":
        return ended.looked
      case "AfterRun":
        running = ended.run
        if (running === undefined) {
          if (++blindWaits > maxBlindWaits) return yield* ended.error
          yield* until(Effect.sleep("10 seconds"))
        } else if (look !== undefined) {
          // The next look decides whether the call waits for it. A list that lags may show a run that has ended.
          yield* until(Effect.sleep("1 second"))
        } else {
          yield* Effect.mapError(awaitEnd(running, othersWithin), (error) =>
            error._tag === "RetlError" ? error : ended.error,
          )
        }
        hasWaited = look === undefined
        break
      case "AfterPause":
        if (++retries >= RetryLoop.maxAttempts) return yield* ended.error.withAttempts(retries, true)
        yield* until(Effect.sleep(RetryLoop.pause(retries)))
        break
      case "AfterStarts":
        yield* until(Effect.sleep(ended.freeIn))
        break
      case "NewFence":
        if (++newFences > maxNewFences) return yield* ended.error
        break
      default:
        return ended
    }
  }
})

/** A key that could not be given back to its call, after a request that did nothing, is claimed anew. */
const hasLostClaim = ({ request, claim }: Call.Call): boolean => request.key !== undefined && claim === undefined

const claimLost = { _tag: "ClaimLost" } as const

/** Returns the run that a call started which waited for the same turn; `undefined` for none. */
const sharedRun = (
  { shared }: WorkspaceContext,
  { sync, identity, arrival, request }: Call.Call,
): Joined | undefined => {
  const recent = shared.recent.get(identity)
  return recent !== undefined && recent.order > arrival && recent.scope === request.scope
    ? {
        _tag: "Joined",
        run: Call.homed({ sync }, recent.run),
        evidence: "a call that waited for the same run started it",
      }
    : undefined
}

/** One attempt: what is open, a look, the grant, the fence, a check for a run under way, and the request. */
const attempt = Effect.fnUntraced(function* <A>(
  context: WorkspaceContext,
  call: Call.Call,
  hold: Hold.Hold,
  readState: WhilePaused.ReadState | undefined,
  look: ReturnType<Look<A>> = Effect.undefined,
): Effect.fn.Return<Attempted<A>, Failure> {
  const { until } = context.closing
  const { started } = yield* until(Open.settle(context, call, hold.isFresh))
  const looked = yield* until(look)
  if (looked !== undefined) return { _tag: "Looked", looked }
  const paused = yield* until(WhilePaused.end(context, call, readState))
  if (paused !== undefined) return paused
  return yield* withGrant(context, (grant) =>
    Effect.flatMap(until(prepare(context, call, grant, started)), (prepared): Effect.Effect<Attempted<A>, Failure> => {
      if (prepared._tag !== "Ready") return Effect.succeed(prepared)
      const { fence, guard } = prepared
      return Effect.flatMap(Sending.send(context, call, hold, grant, fence), (sent) =>
        resultOf(context, call, guard, sent),
      )
    }),
  )
})

/** Waits for a grant to start a run, and gives it back unless its request leaves. */
const withGrant = <A>(
  { rateLimit, closing }: WorkspaceContext,
  use: (grant: Grant) => Effect.Effect<A, Failure>,
): Effect.Effect<A, Failure> =>
  Effect.suspend(() => {
    let granted: Grant | undefined
    const acquired = rateLimit.acquire("start", Priority.write, (grant) => {
      granted = grant
    })
    return Effect.ensuring(
      Effect.flatMap(closing.until(acquired), use),
      Effect.suspend(() => (granted === undefined ? Effect.void : rateLimit.giveBack(granted))),
    )
  })

const prepare = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  call: Call.Call,
  grant: Grant,
  started: Open.Pending["started"],
): Effect.fn.Return<Ready | Result | Again, Failure> {
  const { sync, request } = call
  // The fence goes before all other requests, since the grant expires.
  const { fence: listed, running } = yield* FenceReading.observe(context, sync, Priority.urgent).pipe(
    Tracing.part(context.subject, "openretl.fence"),
    Effect.mapError((error) =>
      error.with({ operation: "start", during: "looking at the runs before the trigger", delivery: "not-sent" }),
    ),
  )
  const guard = guardOf(context, listed)
  // A run that was started a moment ago is under way, although no read shows it yet.
  const unlisted = started.filter(({ run }) => !listed.runs.includes(run.run))
  const readLag = Duration.toMillis(context.readLag)
  const underWay = running?.ref ?? unlisted.find(({ age }) => Math.abs(age) < readLag)?.run
  if (underWay !== undefined) {
    return yield* WhileRunning.end(context, request.whenRunning, guard, Call.homed(call, underWay))
  }
  if (guard === "none" && request.whenUnseen !== "send") return yield* context.error("start", new FenceIncomplete())
  // Where the grant may not be used any more, the next attempt acquires another and reads the fence again.
  if (!(yield* context.rateLimit.confirm("start", grant))) {
    return { _tag: "NewFence", error: context.error("start", new RateLimited({})).withAttempts(0, true) }
  }
  return { _tag: "Ready", guard, fence: { ...listed, runs: [...listed.runs, ...unlisted.map(({ run }) => run.run)] } }
})

/** Returns what keeps another run from starting beside the one that this fence allows. */
const guardOf = ({ description }: WorkspaceContext, fence: Fence): Guard => {
  const guard = description.whenBusy === "refuses" ? "vendor" : fence.complete ? "observed" : "none"
  return guard !== "none" && description.keyedTrigger === true ? "keyed" : guard
}

/** Returns what a settlement means for the call. */
const resultOf = (
  context: WorkspaceContext,
  call: Call.Call,
  guard: Guard,
  settled: Settling.Settled | Sending.NotSent,
): Effect.Effect<Attempted<never>, Failure> => {
  const { whenRunning } = call.request
  switch (settled._tag) {
    case "Started":
      return Effect.succeed({ _tag: "Started", run: settled.run, guard })
    case "Found": {
      const { run, evidence } = settled
      return Effect.succeed({ _tag: "Adopted", run, guard, because: "lost-answer", evidence })
    }
    case "UnderWay":
      // The vendor accepted this request: another one may start a second run.
      return WhileRunning.end(context, whenRunning === "wait" ? "fail" : whenRunning, guard, settled.run)
    case "Refused": {
      const { error, isOver } = settled
      if (error.reason._tag === "AlreadyRunning") {
        return Effect.flatMap(WhileRunning.find(context, call), (run) =>
          WhileRunning.end(context, whenRunning, guard, run, error),
        )
      }
      if (error.reason._tag === "Stopped") return Effect.succeed({ _tag: "NewFence", error })
      return isOver ? Effect.fail(error) : Effect.succeed({ _tag: "AfterPause", error })
    }
    case "NotStarted":
    case "Open":
      return Effect.fail(settled.error)
    default:
      return Effect.succeed(settled)
  }
}

/** Fails where the vendor takes another scope, and for `adopt` with a full run. */
const validate = (context: WorkspaceContext, { scope, whenRunning }: Call.Request): Effect.Effect<void, RetlError> => {
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
