/** The deadline of a request. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { type Response, resultOf, startOf } from "./exchange.ts"
import type { TransportError } from "./TransportError.ts"

/** What a request fails with that has met its deadline. */
export const late: unique symbol = Symbol("late")

const failed = /* @__PURE__ */ Effect.fail(late)

/**
 * Sends a request and, where that takes longer than `duration`, interrupts it and fails with `late`. It does what
 * `Effect.timeoutOrElse` does, which costs much more: every request has a deadline, and hardly any meets it.
 */
export const within = (
  send: () => Effect.Effect<Response, TransportError>,
  duration: Duration.Duration,
): Effect.Effect<Response, TransportError | typeof late> =>
  Effect.withFiber((fiber) => {
    const sent = send()
    return Effect.callback((resume) => {
      let isOver = false
      let cancel = () => {}
      const giveUp = begin(sent, fiber.context, (result) => {
        isOver = true
        cancel()
        resume(result)
      })
      // It may have ended at once.
      if (isOver) return
      cancel = after(fiber, duration, () => resume(Effect.andThen(giveUp, failed)))
      return Effect.suspend(() => {
        cancel()
        return giveUp
      })
    })
  })

/** Begins to send, and passes on what that leads to. Returns what gives it up. */
const begin = (
  sent: Effect.Effect<Response, TransportError>,
  context: Context.Context<never>,
  end: (result: Effect.Effect<Response, TransportError>) => void,
): Effect.Effect<void> => {
  const start = startOf(sent)
  if (start !== undefined) return Effect.sync(start((result) => end(resultOf(result))))
  const running = Effect.runForkWith(context)(sent)
  running.addObserver(end)
  return Fiber.interrupt(running)
}

const platformClock = /* @__PURE__ */ Context.get(Context.empty(), Clock.Clock)

declare const setTimeout: (act: () => void, millis: number) => unknown
declare const clearTimeout: (timer: unknown) => void

/** Does something after a time, by the clock of a fiber. Returns what cancels that. */
const after = (fiber: Fiber.Fiber<unknown, unknown>, duration: Duration.Duration, act: () => void): (() => void) => {
  const millis = Duration.toMillis(duration)
  // The platform's timer is what its clock sleeps by; without a fiber, it costs a tenth.
  if (fiber.getRef(Clock.Clock) === platformClock && millis > 0 && millis <= 2 ** 31 - 1) {
    const timer = setTimeout(act, millis)
    return () => clearTimeout(timer)
  }
  const sleeping = Effect.runForkWith(fiber.context)(Effect.andThen(Effect.sleep(duration), Effect.sync(act)))
  return () => sleeping.interruptUnsafe()
}
