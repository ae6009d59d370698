/**
 * Spans of calls and of their parts. Where the program has no tracer, nothing is built for them: the spans of the calls that
 * programs repeat by the thousand are left out, and no span has attributes.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import { RunRef, SyncRef } from "../model/Ref.ts"
import { lostRows, type Rows } from "../model/Run.ts"
import type { requestKinds, SpanAttributes } from "./attributes.ts"
import type { CallName, calls, PartName } from "./spans.ts"
import { SyncName } from "./syncName.ts"

/** Whose telemetry it is. */
export interface Subject {
  readonly vendor: string
  /** The workspace's name. */
  readonly workspace: string
}

/** The kind of a request. */
export type RequestKind = (typeof requestKinds)[number]

/** How often the current request has been sent before. */
export const Resends: Context.Reference<number> = /* @__PURE__ */ Context.Reference<number>("@openretl/core/Resends", {
  defaultValue: () => 0,
})

type AnyFiber = Fiber.Fiber<unknown, unknown>

const isTraced = ({ cache: { tracer } }: AnyFiber): boolean => tracer !== undefined && tracer !== Tracer.nativeTracer

/** Returns the current span, where a tracer keeps it. */
const spanOf = (fiber: AnyFiber): Tracer.Span | undefined => {
  const { span } = fiber.cache
  return span?._tag === "Span" && span.sampled && isTraced(fiber) ? span : undefined
}

/** Returns what all attributes of a workspace's spans have. */
export const given = ({ vendor, workspace }: Subject): SpanAttributes => ({
  "openretl.vendor": vendor,
  "openretl.workspace": workspace,
})

/** The current span, where a tracer keeps it. */
export const currentSpan: Effect.Effect<Tracer.AnySpan | undefined> = /* @__PURE__ */ Effect.withFiber((fiber) =>
  Effect.succeed(spanOf(fiber)),
)

const set = (span: Tracer.Span, attributes: SpanAttributes): void => {
  let name: keyof SpanAttributes
  for (name in attributes) {
    const value = attributes[name]
    if (value !== undefined) span.attribute(name, value)
  }
}

/** Sets attributes of the current span of a fiber, where a tracer keeps it. */
export const annotateIn = (fiber: AnyFiber, attributes: () => SpanAttributes): void => {
  const span = spanOf(fiber)
  if (span !== undefined) set(span, attributes())
}

/** Sets attributes of the current span, where a tracer keeps it. */
export const annotate = (attributes: () => SpanAttributes): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    annotateIn(fiber, attributes)
    return Effect.void
  })

/** Sets the attributes of how an effect ends. */
const ended = <A, E, R>(effect: Effect.Effect<A, E, R>, span: Tracer.Span): Effect.Effect<A, E, R> =>
  Effect.onExit(effect, (exit) => {
    set(span, Exit.isSuccess(exit) ? ofResult(exit.value) : ofFailure(exit.cause))
    return Effect.void
  })

/** As `Effect.withParentSpan`, without the frame of the span in the stacks of errors, which costs as much as the span. */
const inside = <A, E>(effect: Effect.Effect<A, E>, span: Tracer.Span): Effect.Effect<A, E> =>
  Effect.provideService(effect, Tracer.ParentSpan, span)

/**
 * Returns a function with the span of a call, as `Effect.fn` does, where the program has a tracer: without one, it would cost
 * an eighth of a read. The span does not record the line of its caller, which costs as much.
 */
export const traced = <Args extends ReadonlyArray<unknown>, A, E>(
  name: CallName,
  body: (...args: Args) => Effect.Effect<A, E>,
  end: (effect: Effect.Effect<A, E>, ref: NoInfer<Args>[0]) => Effect.Effect<A, E>,
): ((...args: Args) => Effect.Effect<A, E>) => {
  const whole = (...args: Args) => end(body(...args), args[0])
  return (...args) =>
    Effect.withFiber((fiber) =>
      isTraced(fiber) ? Effect.useSpan(name, (span) => inside(whole(...args), span)) : whole(...args),
    )
}

/** Sets the attributes of a call's span, at its beginning and at its end. */
export const call =
  (subject: Subject, operation: (typeof calls)[CallName]["operation"]) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>, ref?: unknown): Effect.Effect<A, E, R> =>
    Effect.withFiber((fiber) => {
      const span = spanOf(fiber)
      if (span === undefined) return effect
      set(span, ofCall(fiber, subject, operation, ref))
      return ended(effect, span)
    })

/** As `traced` and `call`, of a stream: its span lasts as long as the stream is read. */
export const stream =
  (subject: Subject, name: CallName, operation: (typeof calls)[CallName]["operation"], ref?: unknown) =>
  <A, E>(self: Stream.Stream<A, E>): Stream.Stream<A, E> =>
    Stream.unwrap(
      Effect.withFiber((fiber) => {
        if (!isTraced(fiber)) return Effect.succeed(self)
        let span: Tracer.Span | undefined
        const setOfSpan = (attributes: SpanAttributes) => span && set(span, attributes)
        const begun = Effect.withFiber((reader) => {
          span = spanOf(reader)
          return Effect.sync(() => setOfSpan(ofCall(fiber, subject, operation, ref)))
        })
        // An interrupt between two reads ends the stream outside of its span.
        const observed = Stream.onExit(self, (exit) => Effect.sync(() => setOfSpan(errorOf(exit))))
        return Effect.succeed(Stream.withSpan(Stream.onStart(observed, begun), name, { captureStackTrace: false }))
      }),
    )

const ofCall = (
  fiber: AnyFiber,
  subject: Subject,
  operation: (typeof calls)[CallName]["operation"],
  ref: unknown,
): SpanAttributes => ({
  ...given(subject),
  "openretl.operation": operation,
  "openretl.sync.name": fiber.getRef(SyncName),
  ...ofRef(ref),
})

/** A span and its attributes. */
export interface SpanOf extends Pick<Tracer.SpanOptions, "kind" | "parent" | "links" | "root"> {
  readonly name: string
  readonly attributes: SpanAttributes
}

/** Runs an effect in a span, where the program has a tracer. */
export const within =
  (spanOf: () => SpanOf) =>
  <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.withFiber((fiber) => withinIn(fiber, spanOf, effect))

/** As `within`, for those who have the fiber. */
export const withinIn = <A, E>(
  fiber: AnyFiber,
  spanOf: () => SpanOf,
  effect: Effect.Effect<A, E>,
): Effect.Effect<A, E> => {
  if (!isTraced(fiber)) return effect
  const { name, attributes, ...options } = spanOf()
  return Effect.useSpan(name, options, (span) => {
    if (span.sampled) set(span, attributes)
    return inside(span.sampled ? ended(effect, span) : effect, span)
  })
}

/** Runs a part of a call in its span. */
export const part = (subject: Subject, name: PartName, options?: () => Pick<SpanOf, "parent" | "links" | "root">) =>
  within(() => ({
    ...options?.(),
    name,
    attributes: given(subject),
  }))

/** Runs a look-up of what became of a request in its span. */
export const lookUp = ({ subject }: { readonly subject: Subject }) => part(subject, "openretl.look_up")

/** The texts of refs, made once: programs read one run again and again. */
const texts = new WeakMap<SyncRef | RunRef, string>()

const textOf = (ref: SyncRef | RunRef): string => {
  const text = texts.get(ref) ?? ref.toString()
  texts.set(ref, text)
  return text
}

/** Returns the attributes of what a caller passes: a sync, a run, or something else. */
const ofRef = (ref: unknown): SpanAttributes => {
  if (ref instanceof SyncRef) return { "openretl.sync.ref": textOf(ref) }
  return ref instanceof RunRef ? ofRun(ref) : {}
}

const ofRun = (ref: RunRef): SpanAttributes => ({
  "openretl.run.ref": textOf(ref),
  "openretl.sync.ref": textOf(ref.sync),
})

/** The fields of results and errors that spans show. */
interface Shown {
  readonly finished?: Shown
  readonly run?: Shown | RunRef
  readonly running?: RunRef
  readonly ended?: Shown
  readonly ref?: unknown
  readonly status?: string
  readonly rows?: Rows
  readonly verdict?: string
  readonly how?: string
  readonly guard?: string
  readonly entry?: string | { readonly id: string }
  /** The trouble of a check, which is a value. */
  readonly error?: { readonly code?: string }
}

/** Returns the attributes of a result, or of an error. */
const ofResult = (result: unknown): SpanAttributes => {
  if (typeof result !== "object" || result === null) return {}
  const shown = (result as Shown).finished ?? (result as Shown)
  const { entry, guard, how, verdict, error } = shown
  const run = shown.run ?? shown.ended ?? shown.running ?? shown
  const ref = [run, "ref" in run ? run.ref : undefined, shown.ref].find((ref) => ref instanceof RunRef)
  const { status, rows } = "status" in run ? run : shown
  return {
    ...(ref !== undefined && { ...ofRun(ref), "openretl.run.status": status, ...ofRows(rows) }),
    "openretl.run.verdict": verdict,
    "openretl.how": how,
    "openretl.guard": guard,
    "error.type": error?.code,
    "openretl.entry.id": typeof entry === "object" ? entry.id : entry,
  }
}

/** Returns the counts that telemetry shows, each absent where the vendor does not report it. */
export const rowsOf = (rows: Rows) => ({
  succeeded: rows.succeeded,
  failed: rows.failed === undefined && rows.invalid === undefined ? undefined : lostRows(rows),
  unaccounted: rows.unaccounted,
})

const ofRows = (rows: Rows = {}): SpanAttributes => {
  const { succeeded, failed, unaccounted } = rowsOf(rows)
  return {
    "openretl.rows.succeeded": succeeded,
    "openretl.rows.failed": failed,
    "openretl.rows.unaccounted": unaccounted,
  }
}

const ofFailure = (cause: Cause.Cause<unknown>): SpanAttributes => {
  const failure = Cause.findErrorOption(cause)
  return { ...(failure._tag === "Some" && ofResult(failure.value)), "error.type": errorTypeOf(cause) }
}

/** Returns the `error.type` of an exit; nothing for a success. */
export const errorOf = (exit: Exit.Exit<unknown, unknown>): { readonly "error.type"?: string } =>
  Exit.isSuccess(exit) ? {} : { "error.type": errorTypeOf(exit.cause) }

/** Returns our code of a failure, `interrupted` or `defect`. */
export const errorTypeOf = (cause: Cause.Cause<unknown>): string => {
  const failure = Cause.findErrorOption(cause)
  if (failure._tag === "None") return Cause.hasInterruptsOnly(cause) ? "interrupted" : "defect"
  const { code } = Object(failure.value) as { readonly code?: unknown }
  return typeof code === "string" && code.startsWith("retl.") ? code : "defect"
}
