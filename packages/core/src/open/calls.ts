/** Turns the effects and streams of services into promises and async iterables, for callers without Effect. */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import { aboutRef } from "../engine/errors.ts"
import * as Input from "../model/Input.ts"
import { InvalidRequest, Stopped } from "../model/Reason.ts"
import type { RunRef } from "../model/Ref.ts"
import { RetlError } from "../model/RetlError.ts"
import * as Frame from "./frame.ts"

/** How much is logged on the console: this level and those above. */
export const logLevels = ["All", "Trace", "Debug", "Info", "Warn", "Error", "Fatal", "None"] as const

/** How much is logged on the console: this level and those above. */
export type LogLevel = (typeof logLevels)[number]

/** What stops a call from outside. */
export interface Abort {
  /**
   * Stops the call, which rejects with the signal's reason: an `AbortError`, unless the signal was given another. The run
   * goes on at the vendor, and the journal has its trigger. A signal that is aborted already: nothing is sent.
   */
  readonly signal?: AbortSignal | undefined
}

/** Arguments, the last of which may have a signal. */
type Abortable<Args extends ReadonlyArray<unknown>> = Args extends readonly []
  ? [options?: Abort]
  : Args extends readonly [infer A, infer Options]
    ? [ref: A, options: Options & Abort]
    : Args extends readonly [infer A]
      ? [ref: A, options?: Abort]
      : Args extends readonly [infer A, (infer Options)?]
        ? [ref: A, options?: Options & Abort]
        : Args extends readonly [(infer A)?]
          ? [ref?: A, options?: Abort]
          : [...Args, options?: Abort]

/** A member of a service: an effect as a promise, a stream as an async iterable, data as it is. */
export type Promised<Member> =
  Member extends Stream.Stream<infer A, infer _E, infer _R>
    ? (options?: Abort) => AsyncIterable<A>
    : Member extends Effect.Effect<infer A, infer _E, infer _R>
      ? (options?: Abort) => Promise<A>
      : Member extends (...args: infer Args) => Stream.Stream<infer A, infer _E, infer _R>
        ? (...args: Abortable<Args>) => AsyncIterable<A>
        : Member extends (...args: infer Args) => Effect.Effect<infer A, infer _E, infer _R>
          ? (...args: Abortable<Args>) => Promise<A>
          : Member

/** A service in promises. */
export type PromisedService<Service> = { readonly [Name in keyof Service]: Promised<Service[Name]> }

/** The calls of one workspace or fleet. */
export interface Calls {
  /** Returns a service in promises. */
  readonly promised: <Service extends object>(service: Service) => PromisedService<Service>
  /** Runs an effect that is no call. */
  readonly run: <A, E>(effect: Effect.Effect<A, E>) => Promise<Exit.Exit<A, E>>
  /** Stops the calls that are under way, and refuses later ones. */
  readonly stop: () => Promise<void>
}

/** What the errors of calls name. */
type Owner = Pick<RetlError, "workspace" | "vendor">

type Operation = (...args: ReadonlyArray<unknown>) => unknown

/** A call: its name, its signal, and how its errors become the caller's. */
interface Call {
  readonly operation: string
  /** The first argument, which may be a ref. */
  readonly of: unknown
  /** A caller without a type checker may pass anything. */
  readonly signal: AbortSignal | undefined
  readonly framed: (error: unknown) => unknown
}

/** Creates the calls of a workspace or a fleet. */
export const make = (owner: Owner, logLevel: LogLevel): Calls => {
  const context = Context.make(References.MinimumLogLevel, logLevel)
  const fork = Effect.runForkWith(context)
  const underWay = new Set<Fiber.Fiber<unknown, unknown>>()
  let isStopped = false

  const closed = ({ operation, of }: Call, delivery: RetlError["delivery"]) =>
    aboutRef(of as RunRef)(
      RetlError.notSent({ ...owner, operation, reason: new Stopped({ why: "it was closed" }) }).with({ delivery }),
    )

  /** Returns why the call is not to begin: it was closed, or its signal says so. */
  const refusal = (call: Call): unknown => {
    const { operation, signal } = call
    if (isStopped) return closed(call, "not-sent")
    if (signal === undefined || signal instanceof AbortSignal) return signal?.aborted ? signal.reason : undefined
    const reason = new InvalidRequest({ issues: [{ path: ["signal"], message: "Expected an AbortSignal" }] })
    return RetlError.notSent({ ...owner, operation, reason })
  }

  /** Returns why a call that was interrupted has ended. */
  const interruption = (call: Call): unknown => (call.signal?.aborted ? call.signal.reason : closed(call, "unknown"))

  const settled = <A>(call: Call, effect: Effect.Effect<A, unknown>) =>
    new Promise<A>((resolve, reject) => {
      const refused = refusal(call)
      if (refused !== undefined) return reject(call.framed(refused))
      const fiber = fork(effect, { signal: call.signal })
      underWay.add(fiber)
      fiber.addObserver((exit) => {
        underWay.delete(fiber)
        if (Exit.isSuccess(exit)) return resolve(exit.value)
        reject(call.framed(Cause.hasInterruptsOnly(exit.cause) ? interruption(call) : Cause.squash(exit.cause)))
      })
    })

  const iterated = (call: Call, stream: Stream.Stream<unknown, unknown>): AsyncIterable<unknown> => ({
    [Symbol.asyncIterator]: () => {
      // A stream ends its calls itself where its workspace is closed beside it, as one of a fleet.
      const ending = Stream.catchCause(stream, (cause) =>
        Stream.failCause(Cause.hasInterruptsOnly(cause) ? Cause.fail(interruption(call)) : cause),
      )
      const inner = Stream.toAsyncIterableWith(ending, context)[Symbol.asyncIterator]()
      const end = async (): Promise<IteratorResult<unknown>> => inner.return?.() ?? { done: true, value: undefined }
      const pull = Effect.onInterrupt(
        Effect.promise(() => inner.next()),
        () => Effect.promise(end),
      )
      const next = () =>
        settled(call, pull).catch(async (error: unknown) => {
          await end()
          throw error
        })
      return { next, return: end }
    },
  })

  const method = (operation: string, member: unknown) =>
    function invoke(...args: ReadonlyArray<unknown>): unknown {
      const [signal, options] = Input.take(args.at(-1), "signal") as readonly [AbortSignal | undefined, unknown]
      const frame = Frame.above(invoke)
      const call: Call = {
        operation,
        of: args[0],
        signal,
        framed: (error) => (error === call.signal?.reason ? error : Frame.add(error, frame)),
      }
      const result = typeof member === "function" ? (member as Operation)(...args.slice(0, -1), options) : member
      return Stream.isStream(result)
        ? iterated(call, result as Stream.Stream<unknown, unknown>)
        : settled(call, result as Effect.Effect<unknown, unknown>)
    }

  return {
    run: Effect.runPromiseExitWith(context),
    promised: (service) =>
      Object.fromEntries(
        Object.entries(service).map(([name, member]) => [name, isOperation(member) ? method(name, member) : member]),
      ) as PromisedService<typeof service>,
    stop: async () => {
      isStopped = true
      await Effect.runPromise(Fiber.interruptAll([...underWay]))
    },
  }
}

const isOperation = (member: unknown): boolean =>
  typeof member === "function" || Effect.isEffect(member) || Stream.isStream(member)
