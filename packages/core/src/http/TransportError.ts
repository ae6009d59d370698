/** The error of a transport. */
import * as Schema from "effect/Schema"

/**
 * The request got no answer, or not a whole one. The error never holds the underlying error, which may print the
 * request's headers.
 */
export class TransportError extends /* @__PURE__ */ Schema.TaggedError<TransportError>()("TransportError", {
  /** A short machine word, as in `ECONNREFUSED` or `too-large`. */
  code: Schema.String,
  /**
   * `not-sent` only where that is proven: name resolution, connecting, TLS. `unknown` for everything else, such as a
   * reset or a truncated body: the vendor may have carried the request out.
   */
  delivery: Schema.Literals(["not-sent", "unknown"]),
}) {
  override get message(): string {
    return `no answer: ${this.code} (${this.delivery})`
  }
}
