/** Records every log line, every span and every metric of a law. */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import type { Emitted, EmittedLine } from "../Telemetry.ts"

/** What a law puts into answers in the place of a row. */
export const plantedRow = "jane.doe@example.com +49 151 2345 6789"

export interface Listener {
  /** Everything recorded so far: messages, causes, annotations and spans. */
  readonly records: ReadonlyArray<unknown>
  /** The log lines so far, each as the JSON of its message and annotations. Without those of the level `Debug`. */
  readonly logLines: ReadonlyArray<string>
  /** What was emitted so far. */
  readonly emitted: () => Emitted
  /** The spans so far, in the order in which they began. */
  readonly spans: ReadonlyArray<Tracer.Span>
  /** The metrics so far. */
  readonly metrics: () => ReadonlyArray<Metric.Metric.Snapshot>
  /** The tokens that were in use. */
  readonly tokens: Array<string>
  /** Replaces the logger, the tracer and the registry of metrics. */
  readonly layer: Layer.Layer<never>
}

const kinds = {
  Counter: "counter",
  Histogram: "histogram",
  Gauge: "gauge",
  Frequency: "other",
  Summary: "other",
} as const

export const make = (): Listener => {
  const records: Array<unknown> = []
  const logLines: Array<string> = []
  const lines: Array<EmittedLine> = []
  const spans: Array<Tracer.Span> = []
  const registry: Metric.MetricRegistry = new Map()
  const metrics = () => Metric.snapshotUnsafe(Context.make(Metric.MetricRegistry, registry))
  const logger = Logger.make(({ message, cause, fiber, logLevel }) => {
    const annotations = fiber.getRef(References.CurrentLogAnnotations)
    records.push(message, prettyOf(cause), annotations)
    if (logLevel !== "Debug") logLines.push(JSON.stringify([message, annotations]))
    const text = [message].flat().join(" ")
    // The test clock warns of fibers that take long: no program has that.
    if (!text.includes("test clock")) lines.push({ message: text, level: logLevel, annotations })
  })
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Recorded(options, records)
      spans.push(span)
      return span
    },
  })
  return {
    records,
    logLines,
    emitted: () => ({
      lines: [...lines],
      spans: spans.map(({ name, kind, attributes, links }) => ({ name, kind, attributes, links: links.length })),
      series: metrics().map(({ id: name, type, state, attributes: { unit, ...attributes } = {} }) => ({
        ...{ name, kind: kinds[type], unit, attributes },
        ...("count" in state && { count: Number(state.count) }),
      })),
    }),
    spans,
    metrics,
    tokens: [],
    layer: Layer.mergeAll(
      Logger.layer([logger]),
      Layer.succeed(References.MinimumLogLevel, "Debug"),
      Layer.succeed(Tracer.Tracer, tracer),
      Layer.succeed(Metric.MetricRegistry, registry),
    ),
  }
}

const pretty = new WeakMap<Cause.Cause<unknown>, string>()

/** Returns how a cause prints. A failure ends several spans: it is printed once. */
const prettyOf = (cause: Cause.Cause<unknown>): string => {
  const known = pretty.get(cause)
  if (known !== undefined) return known
  const text = Cause.pretty(cause)
  pretty.set(cause, text)
  return text
}

/** A span that records how it ended as well, as an exporter shows it. */
class Recorded extends Tracer.NativeSpan {
  readonly #records: Array<unknown>

  constructor(options: ConstructorParameters<typeof Tracer.NativeSpan>[0], records: Array<unknown>) {
    super(options)
    this.#records = records
    records.push({ name: this.name, attributes: this.attributes, events: this.events })
  }

  override end(endTime: bigint, exit: Parameters<Tracer.Span["end"]>[1]): void {
    super.end(endTime, exit)
    if (exit._tag === "Failure") this.#records.push(prettyOf(exit.cause))
  }
}
