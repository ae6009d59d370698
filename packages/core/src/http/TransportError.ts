import * as Data from "effect/Data"

/**
 * No answer, or not a whole one.
 *
 * `delivery` is `not-sent` only where that is proven (name resolution, connecting, TLS); everything else, a reset or a
 * truncated body among it, is `unknown`: the request may have been carried out. `code` is a short machine word
 * (`ECONNREFUSED`, `too-large`); the underlying error is never kept, since it may print the request's headers.
 */
export class TransportError extends Data.TaggedError("TransportError")<{
  readonly code: string
  readonly delivery: "not-sent" | "unknown"
}> {
  override get message(): string {
    return `no answer: ${this.code} (${this.delivery})`
  }
}
