/**
 * The default transport: `ky` without its retries, its time-out and its errors for statuses. Core does these, on
 * Effect's clock. The transport sends each request once and returns a redirect as an answer.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import ky, { type KyInstance } from "ky"
import type { Request, Response, Service } from "./exchange.ts"
import { TransportError } from "./TransportError.ts"

/** The options of the `ky` transport. */
export interface Options {
  /** The `fetch` to send with. @default the platform's */
  readonly fetch?: typeof globalThis.fetch
}

/** Creates a transport over `ky`. */
export const make = (options: Options = {}): Service => {
  const client = ky.create({
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    redirect: "manual",
    ...(options.fetch && { fetch: options.fetch }),
  })
  return {
    send: (request) =>
      Effect.tryPromise({
        try: (signal) => exchange(client, request, signal),
        catch: toTransportError,
      }),
  }
}

/** Sends one request and reads its answer. */
const exchange = async (client: KyInstance, request: Request, signal: AbortSignal): Promise<Response> => {
  const response = await client(request.url, {
    method: request.method,
    headers: plainHeaders(request.headers),
    signal,
    ...(request.body !== undefined && { body: request.body }),
  })
  const body = await readBounded(response, request.maxBytes)
  return { status: response.status, headers: Object.fromEntries(response.headers), body }
}

/** The body of a `fetch` response, as a stream. The types of the DOM are not available here. */
interface Readable {
  readonly body: AsyncIterable<Uint8Array> | null
}

const readBounded = async (response: unknown, maxBytes: number): Promise<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  let size = 0
  // A throw ends the loop, which cancels the stream and closes the socket.
  for await (const chunk of (response as Readable).body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw new TransportError({ code: "too-large", delivery: "unknown" })
    chunks.push(chunk)
  }
  const [first] = chunks
  if (first !== undefined && chunks.length === 1) return first
  const whole = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.byteLength
  }
  return whole
}

const plainHeaders = (headers: Request["headers"]): Record<string, string> => {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    plain[name] = Redacted.isRedacted(value) ? Redacted.value(value) : value
  }
  return plain
}

/** The codes of failures that happen before a byte of the request leaves: name resolution, connecting, TLS. */
const notSentCodes =
  /^(?:ENOTFOUND|EAI_\w+|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_\w+|ERR_SSL_\w+|ERR_INVALID_URL)$/

const toTransportError = (cause: unknown): TransportError => {
  if (cause instanceof TransportError) return cause
  const code = codeOf(cause) ?? "network"
  return new TransportError({ code, delivery: notSentCodes.test(code) ? "not-sent" : "unknown" })
}

/**
 * Returns the first machine-readable code along the chain of causes: `fetch` nests the socket's code two or three
 * levels deep.
 */
const codeOf = (error: unknown, depth = 0): string | undefined => {
  if (typeof error !== "object" || error === null || depth > 5) return undefined
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown }
  if (typeof code === "string" && /^\w{1,64}$/.test(code)) return code
  const nested = Array.isArray(errors) ? codeOf(errors[0], depth + 1) : undefined
  return nested ?? codeOf(cause, depth + 1)
}
