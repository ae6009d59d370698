/** Hears every log line and every span of a law. */
import * as Cause from "effect/Cause"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"

export interface Listener {
  readonly heard: ReadonlyArray<unknown>
  /** Log lines alone, each as text. */
  readonly logged: ReadonlyArray<string>
  /** The tokens that were in use. */
  readonly tokens: Array<string>
  readonly layer: Layer.Layer<never>
}

export const make = (): Listener => {
  const heard: Array<unknown> = []
  const logged: Array<string> = []
  const logger = Logger.make(({ message, cause, fiber }) => {
    const annotations = fiber.getRef(References.CurrentLogAnnotations)
    heard.push(message, Cause.pretty(cause), annotations)
    logged.push(JSON.stringify([message, annotations]))
  })
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      heard.push({ name: span.name, attributes: span.attributes, events: span.events })
      return span
    },
  })
  return {
    heard,
    logged,
    tokens: [],
    layer: Layer.merge(Logger.layer([logger]), Layer.succeed(Tracer.Tracer, tracer)),
  }
}
