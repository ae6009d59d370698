/** Spans of the reads that programs repeat by the thousand. */
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"

/**
 * Returns a function with a span of this name, as `Effect.fn` does, where the program has a tracer. Without one nobody sees
 * the span, and it would cost an eighth of a read.
 */
export const traced = <Args extends ReadonlyArray<unknown>, A, E>(
  name: string,
  body: (...args: Args) => Effect.Effect<A, E>,
): ((...args: Args) => Effect.Effect<A, E>) => {
  const withSpan = Effect.fn(name)(body)
  return (...args) =>
    Effect.flatMap(Tracer.Tracer, (tracer) => (tracer === Tracer.nativeTracer ? body(...args) : withSpan(...args)))
}
