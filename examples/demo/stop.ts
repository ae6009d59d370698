/** Stops the demo early: on a signal, or when the reader of standard output closes it. The runs continue. */
import { Effect, Fiber } from "effect"
import * as Output from "./output.ts"

/** Why the demo stopped early. */
export interface Reason {
  readonly exitCode: number
}

export interface Stop {
  /** Waits for a fiber. The first signal interrupts the fiber, a second one ends the process at once. */
  readonly during: (fiber: Fiber.Fiber<unknown, unknown>, onStop: () => void) => Effect.Effect<Reason | undefined>
}

/** Listens for signals from now on. */
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
  Output.onClosed(() => {
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
