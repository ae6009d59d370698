/**
 * A transport over `undici`, for Node: it knows whether a request had begun to leave. A trigger whose TLS handshake fails,
 * for example, is then proven `not-sent`, and core sends it again; over `fetch` core has to look for a run. Install
 * `undici` to use it, and provide it in place of the default:
 *
 *     Effect.provideService(program, Transport, UndiciTransport.make())
 */
import * as Effect from "effect/Effect"
import { Agent, type Dispatcher, request as sendRequest } from "undici"
import { readBounded } from "./bodyBytes.ts"
import { type Request, type Response, revealedHeaders, type Service } from "./exchange.ts"
import { toTransportError } from "./failure.ts"
import { transportId } from "./transportId.ts"

/** The options of the `undici` transport. */
export interface Options {
  /**
   * The dispatcher to send with, such as a `ProxyAgent`. It sends each request once, over HTTP/1.1, and its own time-outs
   * hold besides core's. What it proves to be `not-sent` is then less: what the default transport proves.
   *
   * @default an agent that this process shares: HTTP/1.1, 10 seconds to connect, and no time-out after that
   */
  readonly dispatcher?: Dispatcher
}

/** Creates a transport over `undici`. */
export const make = ({ dispatcher }: Options = {}): Service => ({
  id: transportId("undici", dispatcher),
  send: (request) =>
    Effect.suspend(() => {
      // Of a dispatcher that is not ours, nobody knows when it calls its handler.
      let hasBegun = dispatcher === undefined ? false : undefined
      const onStart = () => {
        if (hasBegun === false) hasBegun = true
      }
      const observed = (dispatcher ?? sharedAgent()).compose(
        (dispatch) => (options, handler) => dispatch(options, observing(handler, onStart)),
      )
      return Effect.tryPromise({
        try: (signal) => exchange(observed, request, signal),
        catch: (cause) => toTransportError(cause, hasBegun),
      })
    }),
})

/** Returns a handler that calls `onStart` before the first byte of its request leaves, and is otherwise the same. */
const observing = (handler: Dispatcher.DispatchHandler, onStart: () => void): Dispatcher.DispatchHandler =>
  new Proxy(handler, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key)
      if (typeof member !== "function") return member
      return (...args: ReadonlyArray<unknown>) => {
        if (key === "onRequestStart") onStart()
        return Reflect.apply(member, target, args)
      }
    },
  })

let agent: Agent | undefined

/**
 * HTTP/2 stays off: over it, a request that the server refuses late is sent a second time. So does pipelining, where the
 * requests behind a failed one are sent again.
 */
const sharedAgent = (): Agent => {
  agent ??= new Agent({
    allowH2: false,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 10_000 },
  })
  return agent
}

const exchange = async (dispatcher: Dispatcher, request: Request, signal: AbortSignal): Promise<Response> => {
  const response = await sendRequest(request.url, {
    dispatcher,
    method: request.method,
    // Nothing here would decode another encoding.
    headers: { "accept-encoding": "identity", ...revealedHeaders(request.headers) },
    body: request.body ?? null,
    signal,
  })
  const headers: Record<string, string> = {}
  for (const [name, value = ""] of Object.entries(response.headers)) {
    headers[name] = Array.isArray(value) ? value.join(", ") : value
  }
  return { status: response.statusCode, headers, body: await readBounded(response.body, request.maxBytes) }
}
