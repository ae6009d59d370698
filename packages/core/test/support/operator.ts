/** What an operator sees of a program: its spans, its metrics and its log lines. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"

export interface Line {
  readonly message: unknown
  readonly level: string
  readonly annotations: Readonly<Record<string, unknown>>
}

/** Creates an operator, who sees what programs within `watching` emit. */
export const make = () => {
  const spans: Array<Tracer.NativeSpan> = []
  const lines: Array<Line> = []
  const registry: Metric.MetricRegistry = new Map()
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    },
  })
  const logger = Logger.make(({ message, logLevel, fiber }) => {
    const annotations = fiber.getRef(References.CurrentLogAnnotations)
    lines.push({ message: [message].flat()[0], level: logLevel, annotations })
  })
  const services = Context.make(Tracer.Tracer, tracer).pipe(
    Context.add(Metric.MetricRegistry, registry),
    Context.add(Logger.CurrentLoggers, new Set([logger])),
    Context.add(References.MinimumLogLevel, "Debug"),
  )
  const metricsAlone = Context.make(Metric.MetricRegistry, registry).pipe(
    Context.add(References.MinimumLogLevel, "None"),
  )
  const series = () => Metric.snapshotUnsafe(Context.make(Metric.MetricRegistry, registry))
  return {
    spans,
    lines,
    series,
    watching: <A, E>(program: Effect.Effect<A, E>): Effect.Effect<A, E> => Effect.provideContext(program, services),
    /** As `watching`, of metrics alone. */
    counting: <A, E>(program: Effect.Effect<A, E>): Effect.Effect<A, E> => Effect.provideContext(program, metricsAlone),
    /** Returns the attributes of the spans with this name. */
    attributesOf: (name: string) =>
      spans.filter((span) => span.name === name).map(({ attributes }) => Object.fromEntries(attributes)),
    /** Returns the path of a span's names, from the outermost. */
    pathsOf: (name: string) => spans.filter((span) => span.name === name).map(pathOf),
    /** Returns the state of the series of a metric, by the values of its attributes besides vendor and workspace. */
    statesOf: (name: string): Readonly<Record<string, unknown>> =>
      Object.fromEntries(
        series()
          .filter(({ id }) => id === name)
          .map(({ attributes = {}, state }) => [
            Object.entries(attributes)
              .filter(([key]) => !["unit", "openretl.vendor", "openretl.workspace"].includes(key))
              .map(([, value]) => value)
              .join(" "),
            "count" in state ? state.count : "value" in state ? state.value : undefined,
          ]),
      ),
    /** Returns the messages of the log lines of this level. */
    messagesOf: (level: string) => lines.filter((line) => line.level === level).map(({ message }) => message),
  }
}

const pathOf = (span: Tracer.AnySpan): ReadonlyArray<string> => {
  if (span._tag === "ExternalSpan") return []
  return span.parent._tag === "Some" ? [...pathOf(span.parent.value), span.name] : [span.name]
}
