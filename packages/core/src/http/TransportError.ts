/** The error of a transport. */
import * as Schema from "effect/Schema"

/**
 * The request got no answer, or not a whole one.
 *
 * `delivery` is `not-sent` only where that is proven (name resolution, connecting, TLS); for everything else, such as a
 * reset or a truncated body, it is `unknown`: the vendor may have carried the request out. `code` is a short machine word
 * (`ECONNREFUSED`, `too-large`). The underlying error is never kept, since it may print the request's headers.
 */
export class TransportError extends /* @__PURE__ */ Schema.TaggedError<TransportError>()("TransportError", {
  code: Schema.String,
  delivery: Schema.Literals(["not-sent", "unknown"]),
}) {
  override get message(): string {
    return `no answer: ${this.code} (${this.delivery})`
  }
}
