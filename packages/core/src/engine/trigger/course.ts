/**
 * The course of a trigger, which sends at most one request that may start a run.
 *
 * Order of things:
 *
 * 1. The key, where the call has one (`keyed.ts`): what the journal has under it may already be the result.
 * 2. The hold on the sync (`hold.ts`): the turn in this process (`turns.ts`), then the lease of the journal (`lease.ts`).
 * 3. What is open at the sync is settled first (`open.ts`).
 * 4. The grant of the rate limit (`rate-limit/rateLimit.ts`).
 * 5. The fence: the runs right before the request (`fence.ts`). A run under way ends the attempt as `whenRunning` says.
 * 6. The mark: the journal says `sent`. A last test for an interrupt, the end of the workspace and the age of the lease.
 * 7. The request and its settlement (`settling.ts`), in a fiber of the workspace. After a lost answer it looks for a
 *    new run (`lookUp.ts`) that no other trigger has claimed (`claims.ts`).
 *
 * An interrupt before 6 leaves nothing behind. After that, the settlement goes on, and the journal has its result.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { MarkResult, StartLimit } from "../../journal/Journal.ts"
import type { Fence } from "../../model/Fence.ts"
import { AlreadyRunning, FenceIncomplete, InvalidRequest, RateLimited, TriggerBusy } from "../../model/Reason.ts"
import type { RunRef, SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { coversAll } from "../../model/Scope.ts"
import { type Adopted, defaultTurnWithin, type Guard, type Result, TriggerIndeterminate } from "../../model/Trigger.ts"
import { defaultDeadline, type WaitDeadlineExceeded } from "../../model/Wait.ts"
import type { WorkspaceContext } from "../context.ts"
import { type Grant, Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import { isUnderWay, newest } from "../runs/underWay.ts"
import * as Call from "./call.ts"
import * as Claims from "./claims.ts"
import * as FenceReading from "./fence.ts"
import * as Hold from "./hold.ts"
import * as Keyed from "./keyed.ts"
import * as Lease from "./lease.ts"
import * as Open from "./open.ts"
import * as Settling from "./settling.ts"

type Failure = RetlError | TriggerIndeterminate

/** When the next attempt begins, where an attempt does not end the trigger. */
type Again =
  | { readonly _tag: "AfterRun"; readonly run: RunRef | undefined; readonly error: RetlError }
  | { readonly _tag: "AfterPause"; readonly error: RetlError }
  | { readonly _tag: "AfterStarts"; readonly freeIn: Duration.Duration }
  | { readonly _tag: "NewFence" }
  | { readonly _tag: "ClaimLost" }

/** An attempt that may be sent. */
interface Ready {
  readonly _tag: "Ready"
  readonly fence: Fence
  readonly guard: Guard
  readonly grant: Grant
}

/** How often the vendor may refuse a trigger because of a run that no read shows, ten seconds apart. */
const maxBlindWaits = 30

/** How often an attempt may find, after its fence, that it has to begin again. */
const maxStaleFences = 10

/** How long entries are kept after their end. */
const keptFor = Duration.days(7)

/** The pause between two looks at a key that another call has. */
const keyPause = Duration.seconds(1)

/** Waits for the end of a run. */
export type AwaitEnd = (run: RunRef) => Effect.Effect<unknown, RetlError | WaitDeadlineExceeded>

/** The course of the triggers of one workspace. */
export interface Course {
  /** Triggers one run. Sends at most one request whose delivery is not proven `not-sent` or `refused`. */
  readonly trigger: (sync: SyncRef, request: Call.Request) => Effect.Effect<Result, Failure>
}

export const make = (context: WorkspaceContext, awaitEnd: AwaitEnd): Course => {
  const { closing, shared, store } = context

  const trigger = Effect.fnUntraced(function* (
    sync: SyncRef,
    request: Call.Request,
  ): Effect.fn.Return<Result, Failure> {
    yield* validate(context, request)
    const call = yield* Call.make(context, sync, request)
    return yield* Effect.onInterrupt(request.key === undefined ? unkeyed(call) : keyed(call, request.key), () =>
      Effect.sync(() => {
        call.hasLeft = true
      }),
    )
  })

  const unkeyed = (call: Call.Call): Effect.Effect<Result, Failure> =>
    Effect.flatMap(attempts(call), (ended) =>
      ended._tag === "ClaimLost" ? Effect.die("a call without a key has no claim") : Effect.succeed(ended),
    )

  /** The call with a key: it claims the key, or has what another call has under it. */
  const keyed = Effect.fnUntraced(function* (call: Call.Call, key: string): Effect.fn.Return<Result, Failure> {
    const { request, owner, identity } = call
    const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(request.keyWithin ?? defaultDeadline)
    let after: { readonly id: string; readonly revision: number } | undefined
    while (true) {
      const draft = Call.draftOf(context, call, yield* Call.generateId)
      const claimed = yield* store
        .claim({ draft, owner, lease: context.journalLease, ...(after && { after }) })
        .pipe(Effect.onError(() => forgetClaim(call, key)))
      after = undefined
      if (claimed._tag === "Claimed") {
        const ended = yield* asOwner(call, claimed.stored.entry)
        if (ended._tag === "ClaimLost") continue
        return ended
      }
      if (claimed.record._tag === "Unreadable") return yield* context.unreadableRecord("start", claimed.record)
      const step = Keyed.next(claimed.record, request)
      switch (step._tag) {
        case "AwaitOwner": {
          const { entry } = claimed.record
          if ((yield* Clock.currentTimeMillis) >= until) {
            return yield* context.error("start", new TriggerBusy({ owner: entry.owner, entry: entry.id }))
          }
          yield* closing.until(Effect.sleep(keyPause))
          break
        }
        case "TakeOver": {
          const taken = yield* store
            .takeOver(step.version, { owner, lease: context.journalLease, sync: call.sync })
            .pipe(Effect.onError(() => forgetClaim(call, key)))
          if (taken._tag !== "Claimed") break
          const ended = yield* asOwner(call, taken.stored.entry)
          if (ended._tag === "ClaimLost") break
          return ended
        }
        case "Settle":
          yield* Hold.within(context, call, () => closing.until(settleOpen(call, identity)))
          break
        case "ClaimNext":
          after = step.after
          break
        case "OtherScope":
          return yield* context.error("start", new InvalidRequest({ issues: [otherScope(key, step.scope, request)] }))
        case "OtherKind":
          return yield* context.error("start", new InvalidRequest({ issues: [otherKind(key, step.kind)] }))
        case "Remembered":
          if (Duration.isGreaterThan(step.age, Duration.days(1))) yield* warnOfAge(call, key, step.age)
          return step
        case "Joined":
          Claims.claim(context, step.run, claimed.record.entry.id)
          return step
      }
    }
  })

  /** The attempts of a call that owns its key. The claim is renewed meanwhile, and given back where nothing was sent. */
  const asOwner = (
    call: Call.Call,
    { id, revision }: { readonly id: string; readonly revision: number },
  ): Effect.Effect<Result | { readonly _tag: "ClaimLost" }, Failure> =>
    Effect.gen(function* () {
      call.claim = { id, revision }
      const renewals = yield* Lease.renewing(context, () => store.renewClaim(id, call.owner, context.journalLease))
      return yield* attempts(call).pipe(
        Effect.tap((ended) => bind(call, ended)),
        Effect.ensuring(
          Effect.andThen(
            renewals.stop,
            Effect.suspend(() => dropClaim(call)),
          ),
        ),
      )
    })

  /** Binds a key to a run that the call found and did not start. */
  const bind = (call: Call.Call, ended: Result | { readonly _tag: "ClaimLost" }): Effect.Effect<void, RetlError> => {
    const { claim, owner } = call
    if (claim === undefined || (ended._tag !== "Adopted" && ended._tag !== "Joined")) return Effect.void
    const change = { state: "started", run: ended.run, adopted: "already-running" } as const
    Claims.claim(context, ended.run, claim.id)
    return Effect.map(store.update(claim, change, owner), () => {
      call.claim = undefined
    })
  }

  /** Removes the entry of an attempt that sent nothing, without waiting for the store. */
  const dropClaim = (call: Call.Call): Effect.Effect<void> => {
    const { claim, owner } = call
    if (claim === undefined) return Effect.void
    call.claim = undefined
    return Effect.asVoid(closing.background(Effect.ignore(store.remove(claim, owner))))
  }

  /** Removes a claim whose answer was lost or interrupted: the store may have given it. */
  const forgetClaim = ({ identity, owner }: Call.Call, key: string): Effect.Effect<void> =>
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

  const attempts = Effect.fnUntraced(function* (
    call: Call.Call,
  ): Effect.fn.Return<Result | { readonly _tag: "ClaimLost" }, Failure> {
    const { identity, arrival, request } = call
    let attempts = 0
    let hasWaited = false
    let blindWaits = 0
    let staleFences = 0
    while (true) {
      const ended: Result | Again = yield* Hold.within(context, call, (hold) =>
        Effect.suspend(() => {
          const recent = shared.recent.get(identity)
          const isShared = hasWaited && recent !== undefined && recent.order > arrival && recent.scope === request.scope
          return isShared
            ? Effect.succeed({
                _tag: "Joined",
                run: recent.run,
                evidence: "a call that waited too started it",
              } as const)
            : attempt(call, hold)
        }),
      )
      switch (ended._tag) {
        case "AfterRun":
          hasWaited = true
          if (ended.run !== undefined) {
            yield* Effect.catchTag(awaitEnd(ended.run), "WaitDeadlineExceeded", () => Effect.fail(ended.error))
          } else {
            if (++blindWaits > maxBlindWaits) return yield* ended.error
            yield* closing.until(Effect.sleep("10 seconds"))
          }
          break
        case "AfterPause": {
          attempts++
          if (attempts >= RetryLoop.maxAttempts) return yield* ended.error.withAttempts(attempts, true)
          yield* closing.until(Effect.sleep(RetryLoop.pause(attempts)))
          break
        }
        case "AfterStarts":
          yield* closing.until(Effect.sleep(ended.freeIn))
          break
        case "NewFence":
          if (++staleFences > maxStaleFences) {
            return yield* context.error("start", new RateLimited({})).withAttempts(0, true)
          }
          break
        default:
          return ended
      }
    }
  })

  /** One attempt: what is open, the grant, the fence, a check for a run under way, and the request. */
  const attempt = (call: Call.Call, hold: Hold.Hold): Effect.Effect<Result | Again, Failure> =>
    Effect.flatMap(closing.until(prepare(call)), (prepared) =>
      prepared._tag === "Ready" ? send(call, hold, prepared) : Effect.succeed(prepared),
    )

  const prepare = Effect.fnUntraced(function* (call: Call.Call): Effect.fn.Return<Ready | Result | Again, Failure> {
    const { sync, identity, request } = call
    const { started } = yield* settleOpen(call, identity)
    const grant = yield* context.rateLimit.acquire("start", Priority.write)
    // The fence goes before all other requests, since the grant expires.
    const { fence: listed, running } = yield* FenceReading.observe(context, sync, Priority.urgent).pipe(
      Effect.mapError((error) => error.with({ operation: "start", delivery: "not-sent" })),
    )
    const guard = guardOf(context, listed)
    if (running !== undefined) return yield* whileRunning(request, guard, running.ref)
    const readLag = Duration.toMillis(context.readLag)
    const unlisted = started.filter(({ run }) => !listed.runs.includes(run.run))
    const hidden = unlisted.find(({ age }) => Math.abs(age) < readLag)
    if (hidden !== undefined) return yield* whileRunning(request, guard, hidden.run)
    if (guard === "none" && request.whenUnseen !== "send") {
      return yield* context.error("start", new FenceIncomplete())
    }
    // Where the grant expired meanwhile, the next attempt acquires another and reads the fence again.
    if (!(yield* context.rateLimit.confirm("start", grant))) return { _tag: "NewFence" }
    const fence = { ...listed, runs: [...listed.runs, ...unlisted.map(({ run }) => run.run)] }
    return { _tag: "Ready", fence, guard, grant }
  })

  /** Settles what is open at the sync. Fails with `TriggerIndeterminate` where that stays open. */
  const settleOpen = Effect.fnUntraced(function* (
    { owner, request }: Call.Call,
    identity: string,
  ): Effect.fn.Return<Open.Pending, Failure> {
    const pending = yield* Open.read(context, identity)
    if (pending.open === undefined) return pending
    const { stored, entry } = pending.open
    const indeterminate = (why: string, candidates: ReadonlyArray<RunRef>) =>
      new TriggerIndeterminate({ entry, candidates, why, delivery: "not-sent" })
    if (request.whenOpen === "fail") return yield* indeterminate("an earlier trigger of this sync is still open", [])
    const turnWithin = Duration.fromInputUnsafe(request.turnWithin ?? defaultTurnWithin)
    if (Open.concludableIn(entry, stored.readAt) > Duration.toMillis(turnWithin)) {
      const freeAt = Open.concludableFrom(entry)
      return yield* context.error("start", new TriggerBusy({ owner: entry.owner, entry: entry.id, freeAt }))
    }
    const resolution = yield* Open.conclude(context, owner, stored, entry)
    if (resolution._tag === "Ambiguous") {
      if (request.whenOpen !== "supersede") return yield* indeterminate(resolution.why, resolution.candidates)
      const { candidates } = resolution
      yield* store.update(entry, { state: "abandoned", candidates }, owner)
      yield* Effect.logWarning("An open entry was abandoned, as whenOpen says").pipe(
        Effect.annotateLogs({ entry: entry.id, sync: entry.sync.toString(), candidates: candidates.map(String) }),
      )
    }
    return yield* Open.read(context, identity)
  })

  /** Marks the entry as sent, then sends the request and waits for its settlement, which outlives an interrupt. */
  const send = (call: Call.Call, hold: Hold.Hold, ready: Ready): Effect.Effect<Result | Again, Failure> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        const { request } = call
        const { fence } = ready
        const id = call.claim?.id ?? (yield* Call.generateId)
        const undo = Effect.suspend(() => closing.background(undoMark(call, id)))
        const marked = yield* restore(
          closing.until(
            store.mark({
              lease: hold.lease,
              entry: call.claim ?? Call.draftOf(context, call, id),
              fence,
              exclusive: request.exclusive === true,
              writeTimeout: context.writeTimeout,
              runAppearsWithin: context.runAppearsWithin,
              starts: startLimits(context),
            }),
          ),
        ).pipe(Effect.onError(() => undo))
        if (marked._tag !== "Marked") return yield* restore(afterRefusedMark(call, marked))
        const { stored } = marked
        const { entry } = stored
        call.claim = undefined
        // The last test: nothing is sent for a caller who has left, after the workspace has closed, or with an old lease.
        yield* Effect.onInterrupt(restore(closing.until(Effect.void)), () => undo)
        if (!(yield* hold.isFresh)) {
          yield* putBack(call, entry)
          return { _tag: "NewFence" } as const
        }
        if (!Open.isOpenTrigger(entry)) return yield* Effect.die("a mark returns an entry that is sent")
        hold.handOver()
        const settlement = Settling.settle(context, { call, stored, entry }, hold.release)
        const fiber = yield* closing.background(
          Effect.onError(settlement, () => hold.release),
          logLeft(entry),
        )
        yield* Effect.forkDetach(Effect.ignore(store.forget(keptFor)))
        const settled = yield* restore(Fiber.join(fiber)).pipe(
          Effect.onInterrupt(() =>
            Effect.sync(() => {
              call.hasLeft = true
            }),
          ),
        )
        return yield* restore(resultOf(call, ready, settled))
      }),
    )

  const logLeft = (entry: { readonly id: string; readonly sync: SyncRef }) =>
    Effect.logWarning("A trigger was left unsettled; the journal has its entry").pipe(
      Effect.annotateLogs({ entry: entry.id, sync: entry.sync.toString() }),
    )

  /** A mark whose answer was lost, or that came too late for its caller, sent nothing: its entry is removed. */
  const undoMark = ({ owner }: Call.Call, id: string): Effect.Effect<void> =>
    store.get(id).pipe(
      Effect.flatMap((record) =>
        record?._tag === "Stored" && record.entry.state === "sent" && record.entry.owner.call === owner.call
          ? store.remove(record.entry, owner)
          : Effect.void,
      ),
      Effect.retry(RetryLoop.steady),
      Effect.ignore,
    )

  /** The entry of a request that was not sent: a key stays the call's, an entry without one is removed. */
  const putBack = (call: Call.Call, entry: { readonly id: string; readonly revision: number }) =>
    call.request.key === undefined
      ? Effect.asVoid(store.remove(entry, call.owner))
      : Effect.map(store.update(entry, { state: "claimed", lease: context.journalLease }, call.owner), (updated) => {
          if (updated._tag === "Updated") call.claim = updated.stored.entry
        })

  const afterRefusedMark = (
    call: Call.Call,
    refused: Exclude<MarkResult, { readonly _tag: "Marked" }>,
  ): Effect.Effect<Again, RetlError> => {
    switch (refused._tag) {
      case "LeaseLost":
        return Effect.succeed({ _tag: "NewFence" })
      case "TooManyStarts":
        return Effect.succeed({ _tag: "AfterStarts", freeIn: refused.freeIn })
      case "Blocked":
        return refused.by._tag === "Unreadable"
          ? context.unreadableRecord("start", refused.by)
          : Effect.succeed({ _tag: "NewFence" })
      case "Changed":
        call.claim = undefined
        return Effect.succeed({ _tag: "ClaimLost" })
    }
  }

  const resultOf = (
    call: Call.Call,
    { guard }: Ready,
    settled: Settling.Settled,
  ): Effect.Effect<Result | Again, Failure> => {
    const { request } = call
    switch (settled._tag) {
      case "Started":
        return Effect.succeed({ _tag: "Started", run: settled.run, guard })
      case "Found":
        return Effect.succeed({
          _tag: "Adopted",
          run: settled.run,
          guard,
          because: "lost-answer",
          evidence: settled.evidence,
        })
      case "UnderWay":
        // The vendor accepted this request: another one may start a second run.
        return whileRunning(
          { whenRunning: request.whenRunning === "wait" ? "fail" : request.whenRunning },
          guard,
          settled.run,
        )
      case "Refused": {
        const { error } = settled
        if (error.reason._tag === "AlreadyRunning") {
          return Effect.flatMap(findRunning(call), (run) => whileRunning(request, guard, run, error))
        }
        return settled.isOver ? Effect.fail(error) : Effect.succeed({ _tag: "AfterPause", error })
      }
      case "NotStarted":
      case "Open":
        return Effect.fail(settled.error)
    }
  }

  /**
   * Finds the run for which the vendor refused the trigger, once reads show it. A caller who does not need the run is not
   * kept waiting for its name: one look is enough.
   */
  const findRunning = ({ sync, request }: Call.Call): Effect.Effect<RunRef | undefined> => {
    const look = Effect.map(context.list(sync, {}, Priority.write), ({ runs }) => newest(runs.filter(isUnderWay))?.ref)
    return request.whenRunning === "fail" || request.whenRunning === "skip"
      ? Effect.orElseSucceed(look, () => undefined)
      : closing.until(RetryLoop.until(context.readLag, look, RetryLoop.steady))
  }

  /** Ends an attempt during which a run is under way, as the caller chose. */
  const whileRunning = (
    { whenRunning }: Pick<Call.Request, "whenRunning">,
    guard: Guard,
    run: RunRef | undefined,
    refusal?: RetlError,
  ): Effect.Effect<Result | Again, RetlError> => {
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
        return run === undefined ? Effect.fail(failure()) : Effect.succeed(adopted(run, guard))
      case "fail":
        return Effect.fail(failure())
    }
  }

  const warnOfAge = ({ sync }: Call.Call, key: string, age: Duration.Duration): Effect.Effect<void> =>
    Effect.logWarning("A key is remembered from more than a day ago: a key names one occasion, not a job").pipe(
      Effect.annotateLogs({ sync: sync.toString(), key, age: Duration.format(age) }),
    )

  return { trigger }
}

const adopted = (run: RunRef, guard: Guard): Adopted => ({
  _tag: "Adopted",
  run,
  guard,
  because: "already-running",
  evidence: "it was under way when this call began",
})

/** Returns what keeps another run from starting beside the one that this fence allows. */
const guardOf = ({ description }: WorkspaceContext, fence: Fence): Guard => {
  if (description.keyedTrigger === true) return "keyed"
  if (description.whenBusy === "refuses") return "vendor"
  return fence.complete ? "observed" : "none"
}

/** The limits of the workspace's starts, for a journal that other processes may share. */
const startLimits = ({ description, rateLimitShare, isJournalShared }: WorkspaceContext): ReadonlyArray<StartLimit> =>
  isJournalShared
    ? description.limits
        .filter(({ operations }) => operations === "all" || operations.includes("start"))
        .map(({ requests, window }) => ({ atMost: Math.max(1, Math.floor(requests * rateLimitShare)), within: window }))
    : []

const otherScope = (key: string, used: string | undefined, { scope }: Call.Request) => ({
  path: ["key"],
  message: `Expected the scope of the first call with key "${key}", "${used ?? "none"}", found "${scope ?? "none"}"`,
})

const otherKind = (key: string, kind: string) => ({
  path: ["key"],
  message: `Expected a key of triggers, "${key}" is one of a ${kind}`,
})

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
