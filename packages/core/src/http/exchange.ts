/** What a transport takes and returns, in plain data. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { TransportError } from "./TransportError.ts"

/** The HTTP methods that adapters use. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

/** One HTTP request. The value of a secret header is `Redacted` until the transport sends it. */
export interface Request {
  readonly method: Method
  /** The absolute URL, with path and query encoded. */
  readonly url: string
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | Redacted.Redacted>>
  /** The body as text; absent for a request without a body. */
  readonly body?: string
  /** The most bytes of the answer's body: a longer one cancels the request, which fails with `too-large`. */
  readonly maxBytes: number
  /** What a transport with `tellsStart` calls before the first byte of the request leaves. */
  readonly onStart?: () => void
}

/** One whole HTTP answer, of any status. */
export interface Response {
  readonly status: number
  /** Header names in lower case. The values of a header that was sent several times are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** A transport: it sends one request and returns the whole answer. */
export interface Service {
  /**
   * Tells transports apart: two with the same id send alike, so what a process shares by transport, such as turns and
   * rate limits, is shared between them. The id says the kind of the transport and its settings. A transport without an
   * id is distinguished as an object.
   */
  readonly id?: string
  /**
   * Whether it calls the `onStart` of every request before the first byte leaves, and sends nothing of a request that was
   * interrupted before that: a deadline that ends before it then proves `not-sent`. @default false
   */
  readonly tellsStart?: boolean
  /**
   * Sends one request and reads its whole answer. Fails with `TransportError` where no whole answer comes. An interrupt
   * cancels the request. It follows no redirect, sends nothing again, and has no time-out that cuts off a request which
   * has begun to leave.
   */
  readonly send: (request: Request) => Effect.Effect<Response, TransportError>
}

/**
 * Starts to send a request. It reports what that led to, once, and returns what gives the request up: what it reports after that
 * counts for nothing. What gives it up is called once at the most.
 */
export type Start = (report: (result: Response | TransportError) => void) => () => void

const start: unique symbol = Symbol("start")

/** Returns a start whose request is given up once at the most. What that throws is dropped: it may show the headers. */
const givenUpOnce =
  (starts: Start): Start =>
  (report) => {
    let giveUp: (() => void) | undefined = starts(report)
    return () => {
      const once = giveUp
      giveUp = undefined
      try {
        once?.()
      } catch {}
    }
  }

/**
 * Returns the effect of a transport that works with callbacks, for its `send`. Core runs it without a fiber of its own, which
 * makes a call cheaper.
 */
export const fromCallback = (starts: Start): Effect.Effect<Response, TransportError> => {
  const safe = givenUpOnce(starts)
  const sent = Effect.callback<Response, TransportError>((resume) =>
    Effect.sync(safe((result) => resume(resultOf(result)))),
  )
  return Object.assign(sent, { [start]: safe })
}

/** Returns what a transport reports as an effect. */
export const resultOf = (result: Response | TransportError): Effect.Effect<Response, TransportError> =>
  "status" in result ? Effect.succeed(result) : Effect.fail(result)

/** Returns what `fromCallback` was given; `undefined` for other effects. */
export const startOf = (
  sent: Effect.Effect<Response, TransportError> & { readonly [start]?: Start },
): Start | undefined => sent[start]

/** Returns headers with their secrets revealed, for the wire. */
export const revealedHeaders = (headers: Request["headers"]): Record<string, string> => {
  const revealed: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    revealed[name] = Redacted.isRedacted(value) ? Redacted.value(value) : value
  }
  return revealed
}
