/** Changes that an interrupt of their caller stops before their request is sent, and not after that. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { ChangeEntry } from "../../model/JournalEntry.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as Logging from "../../telemetry/logging.ts"
import type { AnnotationsOf } from "../../telemetry/logs.ts"
import type { WorkspaceContext } from "../context.ts"

/** Marks a request as a write: once it is sent, the change has begun, unless the vendor provably did nothing. */
export type MarkWrite = <A>(request: Effect.Effect<A, RetlError>) => Effect.Effect<A, RetlError>

/** A change that is under way. */
interface Course<A, E> {
  readonly context: WorkspaceContext
  readonly subject: Subject
  /** Whether a write of it may have been carried out. */
  hasBegun: boolean
  /** Whether its caller was interrupted. */
  isAbandoned: boolean
  /** Whether it was stopped before it had begun: then it sends nothing any more. */
  isStopped: boolean
  /** The fiber of its work. */
  fiber: Fiber.Fiber<A, E> | undefined
}

interface Failure {
  readonly code: string
  readonly refs?: Readonly<Record<string, string | undefined>>
  readonly remaining?: object
}

/** What a change is about, for the log. */
interface Subject {
  readonly operation: string
  readonly sync?: SyncRef
  readonly fingerprint: ChangeEntry["fingerprint"]
}

/** Returns what a line of log about a change has. */
export const annotationsOf = (
  { name: workspace }: WorkspaceContext,
  { operation, sync, fingerprint: { name, ends } }: Subject,
): AnnotationsOf<"A change was left unsettled"> => ({
  workspace,
  operation,
  ...(sync === undefined ? { ends, ...(name !== undefined && { name }) } : { sync: sync.toString() }),
})

/**
 * Runs `work` in the workspace's scope. An interrupt of the caller interrupts it before a marked request is sent. After
 * that the work goes on to its end, which is logged. Closing the workspace waits for it as long as for a trigger
 * (`closeWithin`).
 */
export const run = <A, E extends Failure>(
  context: WorkspaceContext,
  subject: Subject,
  work: (markWrite: MarkWrite) => Effect.Effect<A, E>,
): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const course: Course<A, E> = {
      context,
      subject,
      hasBegun: false,
      isAbandoned: false,
      isStopped: false,
      fiber: undefined,
    }
    const reported = Effect.onExit(work(markWriteOf(course)), (exit) =>
      course.isAbandoned ? report(course, exit) : Effect.void,
    )
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(Effect.forkIn(keep(course, reported), context.scope), (keeper) =>
        restore(Fiber.await(keeper)).pipe(
          Effect.onInterrupt(() => abandon(course, keeper)),
          // The work may have come to its end although the closing of the workspace interrupted its keeper.
          Effect.andThen(Effect.suspend(() => course.fiber?.pollUnsafe() ?? Effect.interrupt)),
        ),
      ),
    )
  })

const markWriteOf =
  (course: Course<unknown, unknown>): MarkWrite =>
  (request) =>
    Effect.suspend(() => {
      if (course.isStopped) return Effect.interrupt
      const hadBegun = course.hasBegun
      course.hasBegun = true
      return Effect.tapError(request, ({ delivery }) =>
        Effect.sync(() => {
          if (delivery !== "unknown") course.hasBegun = hadBegun
        }),
      )
    })

/** Runs the work in a fiber that outlives an interrupt of this effect by `closeWithin`, where the change has begun. */
const keep = <A, E extends Failure>(course: Course<A, E>, work: Effect.Effect<A, E>): Effect.Effect<unknown> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkDetach(work), (fiber) => {
      course.fiber = fiber
      return Effect.onInterrupt(restore(Fiber.await(fiber)), () => stop(course, fiber))
    }),
  )

/** Stops the work: at once where the change has not begun, otherwise after `closeWithin`. */
const stop = Effect.fnUntraced(function* <A, E>(course: Course<A, E>, fiber: Fiber.Fiber<A, E>) {
  course.isStopped = !course.hasBegun
  if (course.hasBegun) yield* Effect.timeoutOption(Fiber.await(fiber), course.context.closeWithin)
  if (course.hasBegun && fiber.pollUnsafe() === undefined) {
    yield* Logging.warn("A change was left unsettled", annotationsOf(course.context, course.subject))
  }
  yield* Fiber.interrupt(fiber)
})

/** Goes on without the caller, which was interrupted: stops the work where the change has not begun. */
const abandon = <A, E extends Failure>(course: Course<A, E>, keeper: Fiber.Fiber<unknown>): Effect.Effect<void> => {
  course.isAbandoned = true
  course.isStopped = !course.hasBegun
  if (course.isStopped) return Fiber.interrupt(keeper)
  const exit = course.fiber?.pollUnsafe()
  return exit === undefined ? Effect.void : report(course, exit)
}

/** Logs how a change ended whose caller was interrupted. */
const report = <A, E extends Failure>(course: Course<A, E>, exit: Exit.Exit<A, E>): Effect.Effect<void> => {
  if (Exit.isSuccess(exit)) return log(course, { outcome: "done" })
  const failure = Cause.findErrorOption(exit.cause)
  return Option.isSome(failure)
    ? log(course, { outcome: "failed", error: failure.value.code, ...remainsOf(failure.value) })
    : Effect.void
}

/** Returns what a change has left: the sync that exists, and the names of the fields that are missing. */
const remainsOf = ({ refs = {}, remaining }: Failure): { readonly sync?: string; readonly missing?: string } => ({
  ...(refs["sync"] !== undefined && { sync: refs["sync"] }),
  ...(remaining !== undefined && { missing: Object.keys(remaining).join(", ") }),
})

/** Logs that a change has ended whose caller was interrupted, and how. */
const log = (
  { context, subject }: Pick<Course<unknown, unknown>, "context" | "subject">,
  details: {
    readonly outcome: "done" | "failed"
    readonly error?: string
    readonly sync?: string
    readonly missing?: string
  },
): Effect.Effect<void> =>
  Logging.warn("Change completed after its caller was interrupted", { ...annotationsOf(context, subject), ...details })
