/**
 * The default transport: `ky` with its retries, time-out and throwing switched off, since core decides those on Effect's
 * clock. One attempt per request; a redirect is handed back as an answer.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import ky, { type KyInstance } from "ky"
import type { Request, Response, Service } from "./exchange.ts"
import { TransportError } from "./TransportError.ts"

export interface Options {
  /** Replaces the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch
}

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

const exchange = async (client: KyInstance, request: Request, signal: AbortSignal): Promise<Response> => {
  const response = await client(request.url, {
    method: request.method,
    headers: reveal(request.headers),
    signal,
    ...(request.body !== undefined && { body: request.body }),
  })
  const body = await readBounded(response, request.maxBytes)
  return { status: response.status, headers: Object.fromEntries(response.headers), body }
}

/** A fetch-shaped body with its stream; the DOM's own types are left to the platform. */
interface Readable {
  readonly body: AsyncIterable<Uint8Array> | null
}

const readBounded = async (response: unknown, maxBytes: number): Promise<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  let size = 0
  // Leaving the loop by throwing cancels the stream, and with it the socket.
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

const reveal = (headers: Request["headers"]): Record<string, string> => {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    plain[name] = Redacted.isRedacted(value) ? Redacted.value(value) : value
  }
  return plain
}

/** Failures that happen before a byte of the request leaves: names, connecting, TLS. */
const notSent =
  /^(?:ENOTFOUND|EAI_\w+|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_\w+|ERR_SSL_\w+|ERR_INVALID_URL)$/

const toTransportError = (cause: unknown): TransportError => {
  if (cause instanceof TransportError) return cause
  const code = codeOf(cause) ?? "network"
  return new TransportError({ code, delivery: notSent.test(code) ? "not-sent" : "unknown" })
}

/** The first machine-readable code along the chain of causes: `fetch` buries the socket's two or three levels down. */
const codeOf = (error: unknown, depth = 0): string | undefined => {
  if (typeof error !== "object" || error === null || depth > 5) return undefined
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown }
  if (typeof code === "string" && /^\w{1,64}$/.test(code)) return code
  const nested = Array.isArray(errors)
    ? (codeOf(errors[0], depth + 1) ?? codeOf(cause, depth + 1))
    : codeOf(cause, depth + 1)
  return nested
}
