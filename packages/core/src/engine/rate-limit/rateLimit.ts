/**
 * The rate limit of one workspace, which decides when each request may leave.
 *
 * Order of things: workspaces of one process that use one token share their lanes (`lanes.ts`). A request waits in its
 * lane until it is its turn and every limit has a slot for it (`slots.ts`): that is its grant. It is then sent, and its
 * answer may stop the lane. A grant that is not used is given back. The lanes outlive their workspaces by the longest
 * window, so that a workspace for each request keeps the limits.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as EffectScope from "effect/Scope"
import type { Description, Operation } from "../../driver/Description.ts"
import type { AnyDriver } from "../../driver/Driver.ts"
import { type Current, CurrentRequest } from "../../http/currentRequest.ts"
import type { Service as ProcessState } from "../../journal/ProcessState.ts"
import { RateLimited } from "../../model/Reason.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as Logging from "../../telemetry/logging.ts"
import type { Record } from "../../telemetry/recording.ts"
import type { PartName } from "../../telemetry/spans.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import type { Errors } from "../errors.ts"
import * as Lanes from "./lanes.ts"

export { type Grant, maxPause, Priority } from "./lanes.ts"

/** The rate limit of one workspace. */
export interface RateLimit {
  /**
   * Waits for the right to send one request of this kind, which its caller uses with `spend` or gives back. Fails with
   * `RateLimited`, at once, where the vendor demanded to wait for longer than `rateLimitWithin`; and where the token
   * cannot be read. `onGranted` gets the grant as soon as there is one: an interrupt in that moment hides it from the
   * caller.
   */
  readonly acquire: (
    operation: Operation,
    priority: Lanes.Priority,
    onGranted?: (grant: Lanes.Grant) => void,
  ) => Effect.Effect<Lanes.Grant, RetlError>
  /**
   * Returns whether a grant may be used now, after other requests. Waits two seconds for that at the most: not after a
   * 429 that demands more.
   */
  readonly confirm: (operation: Operation, grant: Lanes.Grant) => Effect.Effect<boolean>
  /** Gives back a grant, which costs nothing unless its request has left. */
  readonly giveBack: (grant: Lanes.Grant) => Effect.Effect<void>
  /** Sends a request that has its grant. A 429 stops its lane. */
  readonly spend: (
    operation: Operation,
    grant: Lanes.Grant,
  ) => <A>(request: Effect.Effect<A, RetlError>) => Effect.Effect<A, RetlError>
  /** Waits for the right to send a request, and sends it. Fails as `acquire` does. Ends with the workspace. */
  readonly within: (
    operation: Operation,
    priority: Lanes.Priority,
  ) => <A>(request: Effect.Effect<A, RetlError>) => Effect.Effect<A, RetlError>
  /** Runs an effect, and interrupts it when the workspace closes. */
  readonly whileOpen: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** What `make` needs of a workspace. */
export interface Parts {
  /** The workspace's name. */
  readonly name: string
  readonly vendor: string
  readonly baseUrl: string
  readonly limits: Description["limits"]
  /** What stands for the token; `undefined` where the driver does not expose it, and the workspace shares nothing. */
  readonly account: AnyDriver["account"]
  /** The share of each limit that the workspace spends. */
  readonly share: number
  /** How long a call may stand still after a 429. */
  readonly rateLimitWithin: Duration.Duration
  readonly error: Errors["error"]
  readonly record: Record
  readonly state: ProcessState
  /** The transport that the workspace sends with. */
  readonly transport: object | string
  /** The scope that ends with the workspace. */
  readonly scope: EffectScope.Scope
}

/**
 * Whether requests that the rate limit does not grant at once fail with `RateLimited`, not sent, instead of waiting for
 * their turn.
 */
export const AtOnce: Context.Reference<boolean> = /* @__PURE__ */ Context.Reference<boolean>("@openretl/core/AtOnce", {
  defaultValue: () => false,
})

/** How long such a request has to wait where that depends on requests without an answer, in milliseconds. */
const waitForAnswers = 1_000

/** The longest wait of `confirm`. */
const maxConfirmationMillis = 2_000

/** Returns the time of a fiber's monotonic clock, in milliseconds. */
const timeOf = (fiber: Fiber.Fiber<unknown, unknown>): number =>
  Number(fiber.getRef(Clock.Clock).monotonicTimeNanosUnsafe()) / 1e6

/** The monotonic clock in milliseconds. */
const now = Effect.withFiber((fiber) => Effect.succeed(timeOf(fiber)))

/** Creates the rate limit of a workspace. */
export const make = Effect.fnUntraced(function* (parts: Parts): Effect.fn.Return<RateLimit> {
  const { limits, scope, error, record, vendor, name: workspace } = parts
  const patience = Duration.toMillis(parts.rateLimitWithin)
  const sharer = {}
  const byOperation = new Map<Operation, Lanes.Lane>()
  const calls = new Set<Fiber.Fiber<unknown, unknown>>()
  let joined: Lanes.Lanes | undefined
  let isClosed = false
  yield* EffectScope.addFinalizer(
    scope,
    Effect.withFiber((fiber) => {
      isClosed = true
      if (joined !== undefined) Lanes.leave(joined, sharer, timeOf(fiber))
      // A call may close its workspace.
      calls.delete(fiber)
      return Effect.forEach(Array.from(calls), Fiber.interrupt, { concurrency: "unbounded", discard: true })
    }),
  )

  if (typeof parts.account === "string") joined = yield* lanesOf(parts, parts.account)
  if (joined !== undefined) Lanes.join(joined, sharer, parts.share)

  /** As `whileOpen`, of an effect that is made only then. */
  const suspendWhileOpen = <A, E, R>(effect: () => Effect.Effect<A, E, R>) => {
    // Looked at in the new fiber: its caller may be put off before that.
    const unlessClosed = Effect.suspend(() => (isClosed ? Effect.interrupt : effect()))
    return Effect.contextWith((context: Context.Context<R>) =>
      Effect.callback<A, E>((resume) => {
        const fiber = Effect.runForkWith(context)(unlessClosed)
        const exit = fiber.pollUnsafe()
        if (exit !== undefined) return resume(exit)
        calls.add(fiber)
        fiber.addObserver((exit) => {
          calls.delete(fiber)
          resume(exit)
        })
        return Fiber.interrupt(fiber)
      }),
    )
  }

  const whileOpen: RateLimit["whileOpen"] = (effect) => suspendWhileOpen(() => effect)

  /** Returns the lanes of the token. The first request joins them where the token has to be read. */
  const lanesFor = (operation: Operation): Effect.Effect<Lanes.Lanes, RetlError> => {
    if (joined !== undefined) return Effect.succeed(joined)
    const reading = Effect.map(find(parts, operation), (lanes) => {
      joined ??= lanes
      Lanes.join(joined, sharer, parts.share)
      return joined
    })
    return whileOpen(reading)
  }

  /** What the requests of each operation have as `CurrentRequest`: all of an operation share a lane. */
  const currents = new Map<Operation, Current>()

  const currentOf = (operation: Operation, lane: Lanes.Lane): Current => {
    const known = currents.get(operation)
    if (known !== undefined) return known
    const current: Current = {
      kind: operation,
      onRemaining: (remaining) => Effect.map(now, (at) => Lanes.noteRemaining(lane, remaining, at)),
    }
    currents.set(operation, current)
    return current
  }

  const laneFor = (lanes: Lanes.Lanes, operation: Operation): Lanes.Lane => {
    const lane = byOperation.get(operation) ?? Lanes.laneOf(lanes, limits, operation)
    byOperation.set(operation, lane)
    return lane
  }

  const grantOf = (
    lanes: Lanes.Lanes,
    operation: Operation,
    priority: Lanes.Priority,
    isHeld: boolean,
    onGranted: (grant: Lanes.Grant) => void,
  ): Effect.Effect<Lanes.Grant, RetlError> =>
    Effect.flatMap(Effect.zip(now, AtOnce), ([queuedAt, atOnce]) => {
      const waiter: Lanes.Waiter = {
        ...{ priority, isHeld, queuedAt, patience, workspace: sharer, onGranted },
        lane: laneFor(lanes, operation),
        isPoll: priority === Lanes.Priority.poll,
        outcome: Deferred.makeUnsafe(),
      }
      const pauseMillis = Lanes.excessivePause(waiter, queuedAt)
      if (pauseMillis !== undefined) return Effect.fail(pauseMillis)
      if (atOnce) {
        const wait = Lanes.waitFor(lanes, waiter, waiter.lane, queuedAt)
        if (wait > 0) return Effect.fail(Number.isFinite(wait) ? wait : waitForAnswers)
      }
      return Effect.suspend(() => {
        lanes.waiting.push(waiter)
        const waited = Deferred.await(waiter.outcome)
        return Effect.flatMap(serve(lanes), () =>
          Deferred.isDoneUnsafe(waiter.outcome) ? waited : inSpan(operation)(waited),
        )
      }).pipe(Effect.onInterrupt(() => Effect.sync(() => Lanes.remove(lanes, waiter))))
    }).pipe(
      Effect.mapError((pauseMillis) =>
        error(operation, new RateLimited({ retryAfter: Duration.millis(Math.ceil(pauseMillis)) }), "not-sent"),
      ),
    )

  const inSpan = (operation: Operation) =>
    Tracing.within(() => ({
      name: "openretl.rate_limit.wait" satisfies PartName,
      attributes: { ...Tracing.given({ vendor, workspace }), "openretl.operation": operation },
    }))

  /** Records how long a request waited, however that ended. */
  const recorded =
    (operation: Operation) =>
    (grant: Effect.Effect<Lanes.Grant, RetlError>): Effect.Effect<Lanes.Grant, RetlError> =>
      Effect.flatMap(now, (from) =>
        Effect.onExit(grant, (exit) =>
          Effect.flatMap(now, (at) =>
            record("openretl.rate_limit.wait", (at - from) / 1_000, {
              "openretl.operation": operation,
              ...Tracing.errorOf(exit),
            }),
          ),
        ),
      )

  const acquire = (
    operation: Operation,
    priority: Lanes.Priority,
    isHeld: boolean,
    onGranted: (grant: Lanes.Grant) => void,
  ) =>
    Effect.suspend(() =>
      isClosed
        ? Effect.interrupt
        : Effect.flatMap(lanesFor(operation), (lanes) => grantOf(lanes, operation, priority, isHeld, onGranted)),
    ).pipe(recorded(operation))

  /** Grants what may go after a request has ended. */
  const serveOthers = () => (joined?.waiting.length ? serve(joined) : Effect.void)

  /** Ends a grant by how its request ended, and grants what may go then. */
  const finish = (grant: Lanes.Grant, exit: Exit.Exit<unknown, RetlError>): Effect.Effect<void> =>
    Effect.withFiber((fiber) => {
      const at = timeOf(fiber)
      const failure = Option.getOrUndefined(Exit.findErrorOption(exit))
      const how = Exit.isSuccess(exit) ? "answered" : endOf(failure)
      if (how === "answered" && joined !== undefined) {
        if (failure?.reason._tag === "RateLimited") Lanes.noteRefusal(joined, grant, failure.reason.retryAfter, at)
        else Lanes.noteAnswer(grant)
      }
      Lanes.end(grant, how, at)
      return serveOthers()
    })

  const giveBack: RateLimit["giveBack"] = (grant) =>
    Effect.withFiber((fiber) => {
      if (grant.sentAt !== undefined) return Effect.void
      Lanes.end(grant, "not-sent", timeOf(fiber))
      return serveOthers()
    })

  /** Sends a request with its grant, at a time. */
  const send = <A>(operation: Operation, grant: Lanes.Grant, request: Effect.Effect<A, RetlError>, at: number) => {
    Lanes.send(grant, at)
    return Effect.provideService(request, CurrentRequest, currentOf(operation, grant.lane))
  }

  const sendNow = <A>(operation: Operation, grant: Lanes.Grant, request: Effect.Effect<A, RetlError>) =>
    Effect.flatMap(now, (at) => send(operation, grant, request, at))

  const spend: RateLimit["spend"] = (operation, grant) => (request) =>
    Effect.onExit(sendNow(operation, grant, request), (exit) => finish(grant, exit))

  return {
    acquire: (operation, priority, onGranted = () => {}) => acquire(operation, priority, true, onGranted),
    confirm: (_, grant) => (joined === undefined ? Effect.succeed(false) : confirm(joined, grant)),
    giveBack,
    spend,
    within: (operation, priority) => (request) =>
      suspendWhileOpen(() => {
        let granted: Lanes.Grant | undefined
        const waiting = () =>
          Effect.flatMap(
            acquire(operation, priority, false, (grant) => {
              granted = grant
            }),
            (grant) => sendNow(operation, grant, request),
          )
        const sent = Effect.withFiber((fiber) => {
          if (joined === undefined) return waiting()
          const at = timeOf(fiber)
          const use = { lane: laneFor(joined, operation), isPoll: priority === Lanes.Priority.poll, isHeld: false }
          granted = Lanes.grantAtOnce(joined, use, at)
          if (granted === undefined) return waiting()
          record.in(fiber, "openretl.rate_limit.wait", 0, { "openretl.operation": operation })
          return send(operation, granted, request, at)
        })
        return Effect.onExit(sent, (exit) => {
          if (granted === undefined) return Effect.void
          return granted.sentAt === undefined ? giveBack(granted) : finish(granted, exit)
        })
      }),
    whileOpen,
  }
})

/** Returns how the request of a grant ended that failed with this error, or with none. */
const endOf = (failure: RetlError | undefined): Lanes.End => {
  if (failure === undefined) return "given-up"
  if (failure.delivery === "not-sent") return "not-sent"
  return failure.delivery === "refused" || failure.evidence.status !== undefined ? "answered" : "given-up"
}

/** Reads the token, and returns its lanes. */
const find = (parts: Parts, operation: Operation): Effect.Effect<Lanes.Lanes, RetlError> =>
  Effect.isEffect(parts.account)
    ? Effect.flatMap(
        Effect.mapError(parts.account, (error) => error.with({ operation })),
        (account) => lanesOf(parts, account),
      )
    : Effect.sync(Lanes.make)

/** Returns the lanes of a token among those of the process. */
const lanesOf = Effect.fnUntraced(function* (parts: Parts, account: string): Effect.fn.Return<Lanes.Lanes> {
  const { name, vendor, baseUrl, state, transport } = parts
  const at = yield* now
  const all = state.shared(transport, "rate-limits", () => new Map<string, Lanes.Lanes>())
  for (const [key, lanes] of all) if (Lanes.isForgotten(lanes, at)) all.delete(key)
  const key = JSON.stringify([vendor, baseUrl, account])
  const lanes = all.get(key) ?? Lanes.make()
  all.set(key, lanes)
  lanes.name ??= name
  if (lanes.name !== name && !lanes.isReported) {
    lanes.isReported = true
    const workspaces = [lanes.name, name]
    yield* Logging.warn("Two workspaces use one token and share its rate limit", { vendor, workspaces })
  }
  return lanes
})

/** Grants the requests that may go now. Where others wait for a time, a fiber grants them then. */
const serve = (lanes: Lanes.Lanes): Effect.Effect<void> =>
  Effect.flatMap(now, (at) => {
    const wait = Lanes.grantAll(lanes, at)
    if (wait === Number.POSITIVE_INFINITY || (lanes.timer !== undefined && lanes.timer.at <= at + wait)) {
      return Effect.void
    }
    lanes.timer?.fiber.interruptUnsafe()
    // Rounded up: a sleep of less than a millisecond may end before the clock has moved.
    const wake = Effect.andThen(
      Effect.sleep(Math.ceil(wait)),
      Effect.suspend(() => {
        lanes.timer = undefined
        return serve(lanes)
      }),
    )
    return Effect.map(Effect.forkDetach(wake), (fiber) => {
      lanes.timer = { at: at + wait, fiber }
    })
  })

const confirm = Effect.fnUntraced(function* (lanes: Lanes.Lanes, grant: Lanes.Grant): Effect.fn.Return<boolean> {
  for (let waited = 0; waited <= maxConfirmationMillis; ) {
    const wait = Math.ceil(Lanes.confirm(lanes, grant, yield* now))
    if (wait <= 0) return true
    waited += wait
    if (waited <= maxConfirmationMillis) yield* Effect.sleep(wait)
  }
  return false
})
