/**
 * The port to HTTP, in plain data: one request in, one whole answer out.
 *
 * One interruptible effect covers sending *and* reading the body. Redirects are answers and are not followed, no status
 * is an error here, and nothing is retried: deciding what an answer means, and what to do about it, is not the
 * transport's business. Anything with this shape plugs in: the `ky` layer (the default, see `KyTransport`), an emulator
 * in memory, or your own.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as KyTransport from "./KyTransport.ts"
import type { TransportError } from "./TransportError.ts"

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

/** One HTTP request. A secret header value stays `Redacted` until the moment it is written to the wire. */
export interface Request {
  readonly method: Method
  /** Absolute URL, path and query already encoded. */
  readonly url: string
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | Redacted.Redacted>>
  /** The body as text; absent means that no body is sent. */
  readonly body?: string
  /** Reading more than this many bytes of answer cancels the request and fails with `too-large`. */
  readonly maxBytes: number
}

/** One whole HTTP answer, whatever its status. */
export interface Response {
  readonly status: number
  /** Header names in lower case; a header that was sent several times is joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface Service {
  readonly send: (request: Request) => Effect.Effect<Response, TransportError>
}

/** The transport in use. It defaults to `ky` over the platform's `fetch`; provide another to replace it. */
export const Transport: Context.Reference<Service> = Context.Reference<Service>("@openretl/core/Transport", {
  defaultValue: () => KyTransport.make(),
})
