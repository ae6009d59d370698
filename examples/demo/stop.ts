/** Stopping early: a signal, or a reader of the output that went away. The runs are left alone in any case. */
import { Effect, Fiber } from "effect"
import * as Outlet from "./outlet.ts"

export interface Reason {
  readonly exitCode: number
}

export interface Stop {
  /** Waits for a fiber, which is interrupted when it is time to stop; a second signal ends the process at once. */
  readonly during: (fiber: Fiber.Fiber<unknown, unknown>, onStop: () => void) => Effect.Effect<Reason | undefined>
}

export const make = (): Stop => {
  let reason: Reason | undefined
  let interrupt: ((reason: Reason) => void) | undefined
  const stop = (exitCode: number) => {
    if (reason !== undefined || interrupt === undefined) process.exit(exitCode)
    reason = { exitCode }
    interrupt(reason)
  }
  process.on("SIGINT", () => stop(130))
  process.on("SIGTERM", () => stop(143))
  Outlet.onClosed(() => {
    if (reason === undefined) stop(141)
  })
  return {
    during: (fiber, onStop) =>
      Effect.suspend(() => {
        interrupt = () => {
          onStop()
          Effect.runFork(Fiber.interrupt(fiber))
        }
        return Effect.map(Fiber.await(fiber), () => reason)
      }),
  }
}
