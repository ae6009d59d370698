/**
 * The default transport: `ky` without its retries, its time-out and its errors for statuses. Core does these, on
 * Effect's clock. The transport sends each request once and returns a redirect as an answer.
 *
 * It runs on every platform that has `fetch`. In Node, an answer with 421 or 407 is a failure. A failure is `not-sent` where its
 * code or its system call proves that (`failure.ts`). `@openretl/undici` knows more: whether the request had begun to leave.
 */
import ky, { type KyInstance } from "ky"
import { readBounded } from "./bodyBytes.ts"
import { fromCallback, type Request, type Response, revealedHeaders, type Service } from "./exchange.ts"
import { toTransportError } from "./failure.ts"
import { TransportError } from "./TransportError.ts"
import { transportId } from "./transportId.ts"

/** The options of the `ky` transport. */
export interface Options {
  /**
   * The `fetch` to send with. It sends each request once, and its own time-outs hold besides core's. The `fetch` of the package
   * undici sends a request twice that is answered with 421.
   *
   * @default the platform's; in Node without its time-outs of 300 seconds
   */
  readonly fetch?: typeof globalThis.fetch
}

/** Creates a transport over `ky`. */
export const make = ({ fetch }: Options = {}): Service => {
  const client = ky.create({
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    redirect: "manual",
    ...(fetch !== undefined && { fetch }),
  })
  const optionsOf = fetch === undefined ? sentOnce : () => ({})
  return {
    id: transportId("ky", fetch),
    send: (request) =>
      fromCallback((report) => {
        const controller = new AbortController()
        void exchange(client, request, { ...optionsOf(), signal: controller.signal })
          .catch((cause) => toTransportError(cause))
          // What `fetch` fails with may throw where it is read.
          .catch(() => new TransportError({ code: "died", delivery: "unknown" }))
          .then(report)
        return () => controller.abort()
      }),
  }
}

/** Sends one request and reads its answer. */
const exchange = async (client: KyInstance, request: Request, options: object): Promise<Response> => {
  const response = await client(request.url, {
    method: request.method,
    headers: revealedHeaders(request.headers),
    ...options,
    ...(request.body !== undefined && { body: request.body }),
  })
  const headers = Object.fromEntries(response.headers)
  // In Node, a body that is not decoded keeps to its length. Read at once, it costs a tenth of the call less. Other platforms may
  // decode a body and not say so.
  const isBounded =
    "dispatcher" in options &&
    Number(headers["content-length"]) <= request.maxBytes &&
    headers["content-encoding"] === undefined
  const chunks = isBounded ? [new Uint8Array(await response.arrayBuffer())] : streamOf(response)
  const body = await readBounded(chunks, request.maxBytes)
  return { status: response.status, headers, body }
}

/** Returns the body of a `fetch` response as a stream. The types of the DOM are not available here. */
const streamOf = (response: unknown) => (response as { readonly body: AsyncIterable<Uint8Array> | null }).body

/** What sends the requests of Node's `fetch`. */
interface Dispatcher {
  readonly dispatch: (options: object, handler: unknown) => unknown
}

/**
 * Returns the option with which Node's `fetch` waits for the answer to one request as long as core does, and sends it once. By
 * itself, it gives up 300 seconds after the request, and 300 seconds after the last bytes of a body; and it sends a request
 * again, a write too, that is answered with 421. Other platforms have no such dispatcher.
 */
const sentOnce = (): object => {
  const platform = (): Dispatcher | undefined => Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"))
  if (platform() === undefined) return {}
  let isSent = false
  return {
    dispatcher: {
      // The platform's dispatcher may be replaced at any time, as by a proxy's.
      dispatch: (options: object, handler: unknown) => {
        if (isSent) throw new TransportError({ code: "MISDIRECTED", delivery: "unknown" })
        isSent = true
        return platform()?.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0, allowH2: false }, handler)
      },
    },
  }
}
