/** Writing the log lines of the contract. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as LogLevel from "effect/LogLevel"
import type { AnnotationsOf, LogLine, MessageOf } from "./logs.ts"

const line =
  <Level extends LogLine["level"]>(level: Level) =>
  <M extends MessageOf<Level>>(message: M, annotations: AnnotationsOf<M>): Effect.Effect<void> =>
    Effect.annotateLogs(
      Effect.logWithLevel(level)(message),
      Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== undefined)),
    )

export const info = /* @__PURE__ */ line("Info")
export const warn = /* @__PURE__ */ line("Warn")
export const error = /* @__PURE__ */ line("Error")

const debugLine = /* @__PURE__ */ line("Debug")

/**
 * Writes a line that most programs do not want, for those who have the fiber: its annotations, which get the time in epoch
 * milliseconds, are built only where a logger gets it.
 */
export const debug = <M extends MessageOf<"Debug">>(
  fiber: Fiber.Fiber<unknown, unknown>,
  message: M,
  annotations: (now: number) => AnnotationsOf<M>,
): Effect.Effect<void> =>
  LogLevel.isGreaterThan(fiber.cache.minimumLogLevel, "Debug")
    ? Effect.void
    : Effect.flatMap(Clock.currentTimeMillis, (now) => debugLine(message, annotations(now)))
