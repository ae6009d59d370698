/** Records every log line and every span of a law. */
import * as Cause from "effect/Cause"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"

export interface Listener {
  /** Everything recorded so far: messages, causes, annotations and spans. */
  readonly records: ReadonlyArray<unknown>
  /** The log lines so far, each as the JSON of its message and annotations. */
  readonly logLines: ReadonlyArray<string>
  /** The tokens that were in use. */
  readonly tokens: Array<string>
  /** Replaces the logger and the tracer. */
  readonly layer: Layer.Layer<never>
}

export const make = (): Listener => {
  const records: Array<unknown> = []
  const logLines: Array<string> = []
  const logger = Logger.make(({ message, cause, fiber }) => {
    const annotations = fiber.getRef(References.CurrentLogAnnotations)
    records.push(message, Cause.pretty(cause), annotations)
    logLines.push(JSON.stringify([message, annotations]))
  })
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      records.push({ name: span.name, attributes: span.attributes, events: span.events })
      return span
    },
  })
  return {
    records,
    logLines,
    tokens: [],
    layer: Layer.merge(Logger.layer([logger]), Layer.succeed(Tracer.Tracer, tracer)),
  }
}
