/** What a transport takes and returns, in plain data. */
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { TransportError } from "./TransportError.ts"

/** The HTTP methods that adapters use. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

/** One HTTP request. A secret header value stays `Redacted` until the moment it is written to the wire. */
export interface Request {
  readonly method: Method
  /** The absolute URL, path and query already encoded. */
  readonly url: string
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | Redacted.Redacted>>
  /** The body as text; absent means that no body is sent. */
  readonly body?: string
  /** Reading more than this many bytes of the answer cancels the request and fails with `too-large`. */
  readonly maxBytes: number
}

/** One whole HTTP answer, whatever its status. */
export interface Response {
  readonly status: number
  /** Header names in lower case; a header that was sent several times is joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** A transport. */
export interface Service {
  /** Sends one request and reads its whole answer. Fails with `TransportError` where there is no whole answer. */
  readonly send: (request: Request) => Effect.Effect<Response, TransportError>
}
