/** Work that an interrupt stops before its request is sent, and not any more after that. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { RetlError } from "../../model/RetlError.ts"
import type { WorkspaceContext } from "../context.ts"

/** Marks a write: from its request on the work has begun, unless the vendor provably did nothing. */
export type Sending = <A>(request: Effect.Effect<A, RetlError>) => Effect.Effect<A, RetlError>

/**
 * Runs `work` in the workspace's scope. Until a request that it marks with `sending` is under way, interrupting the
 * caller interrupts it; after that it goes on to its end, which is logged for a caller that has gone. Closing the
 * workspace gives it the same moment that a trigger has.
 */
export const run = <A, E extends { readonly message: string }>(
  context: WorkspaceContext,
  operation: string,
  work: (sending: Sending) => Effect.Effect<A, E>,
): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    let hasBegun = false
    let isAlone = false
    let working: Fiber.Fiber<A, E> | undefined

    const sending: Sending = (request) =>
      Effect.suspend(() => {
        const hadBegun = hasBegun
        hasBegun = true
        return Effect.tapError(request, ({ delivery }) =>
          Effect.sync(() => {
            if (delivery !== "unknown") hasBegun = hadBegun
          }),
        )
      })

    const log = (message: string, more: Readonly<Record<string, string>>) =>
      Effect.annotateLogs(Effect.logWarning(message), { workspace: context.name, operation, ...more })

    const report = (exit: Exit.Exit<A, E>) => {
      if (Exit.isSuccess(exit)) return log(completedAlone, { outcome: "done" })
      const failure = Cause.findErrorOption(exit.cause)
      return Option.isSome(failure)
        ? log(completedAlone, { outcome: "failed", error: failure.value.message })
        : Effect.void
    }

    const told = Effect.onExit(work(sending), (exit) => (isAlone ? report(exit) : Effect.void))

    const leave = (fiber: Fiber.Fiber<A, E>) =>
      Effect.gen(function* () {
        if (hasBegun) yield* Effect.timeoutOption(Fiber.await(fiber), context.closeWithin)
        if (hasBegun && fiber.pollUnsafe() === undefined) yield* log("A change was left unsettled", {})
        yield* Fiber.interrupt(fiber)
      })

    const kept = Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(Effect.forkDetach(Effect.interruptible(told)), (fiber) => {
        working = fiber
        return Effect.onInterrupt(restore(Fiber.await(fiber)), () => leave(fiber))
      }),
    )

    const ended = (keeper: Exit.Exit<Exit.Exit<A, E>>): Exit.Exit<A, E> =>
      working?.pollUnsafe() ?? (Exit.isSuccess(keeper) ? keeper.value : Exit.failCause(keeper.cause))

    return Effect.uninterruptibleMask((restore) =>
      Effect.forkIn(kept, context.scope).pipe(
        Effect.flatMap((keeper) =>
          restore(Fiber.await(keeper)).pipe(
            Effect.onInterrupt(() => {
              isAlone = true
              if (!hasBegun) return Fiber.interrupt(keeper)
              const exit = working?.pollUnsafe()
              return exit === undefined ? Effect.void : report(exit)
            }),
            // A workspace that is closed meanwhile may have let it come to its end.
            Effect.flatMap(ended),
          ),
        ),
      ),
    )
  })

const completedAlone = "Change completed after its caller was interrupted"
