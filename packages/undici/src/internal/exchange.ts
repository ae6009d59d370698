/** One request and its answer, as the handler that undici calls. */
import type { Request, Response } from "@openretl/core/Transport"
import { TransportError } from "@openretl/core/TransportError"
import * as Redacted from "effect/Redacted"
import type { Dispatcher } from "undici"

/** What a request leads to. */
export type Result = Response | TransportError

type Controller = Dispatcher.DispatchController
type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2]

/** Returns the options with which undici sends a request. Throws for an invalid URL. */
export const optionsOf = ({ url, method, headers, body }: Request): Dispatcher.DispatchOptions => {
  const { origin, pathname, search } = new URL(url)
  // Nothing here would decode another encoding.
  const revealed: Record<string, string> = { "accept-encoding": "identity" }
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) revealed[name] = Redacted.isRedacted(value) ? Redacted.value(value) : value
  }
  return { origin, path: pathname + search, method, headers: revealed, body: body ?? null }
}

/**
 * Handles one request: tells when it begins to leave, gathers its answer, and reports what it led to, once. A failure
 * before it begins to leave is `not-sent`.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: Request
  readonly #report: (result: Result) => void
  readonly #chunks: Array<Buffer> = []
  #controller: Controller | undefined
  #size = 0
  #status = 0
  #headers: Headers = {}
  #isOver = false

  constructor(request: Request, report: (result: Result) => void) {
    this.#request = request
    this.#report = report
  }

  /** Gives the request up: closes its socket or, where it has none yet, never sends it. It then reports nothing. */
  abort(): void {
    this.#isOver = true
    this.#controller?.abort(given)
  }

  /** As `abort`, and reports that the transport closed. */
  close(): void {
    this.fail({ code: "UND_ERR_DESTROYED" })
    this.abort()
  }

  /** Fails with what undici threw or reported. */
  fail(error: unknown): void {
    this.#finish(
      new TransportError({ code: codeOf(error), delivery: this.#controller === undefined ? "not-sent" : "unknown" }),
    )
  }

  /** undici calls this when the request has its socket, before the first byte. */
  onRequestStart(controller: Controller): void {
    if (this.#isOver) {
      controller.abort(given)
    } else {
      this.#controller = controller
      this.#request.onStart?.()
    }
  }

  onResponseStart(_: Controller, status: number, headers: Headers): void {
    if (status < 200) return
    this.#status = status
    this.#headers = headers
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#size += chunk.byteLength
    if (this.#size <= this.#request.maxBytes) {
      this.#chunks.push(chunk)
      return
    }
    this.#finish(new TransportError({ code: "too-large", delivery: "unknown" }))
    controller.abort(given)
  }

  onResponseEnd(): void {
    const [first = new Uint8Array(), ...others] = this.#chunks
    this.#finish({
      status: this.#status,
      headers: joined(this.#headers),
      body: others.length === 0 ? first : Buffer.concat(this.#chunks, this.#size),
    })
  }

  onResponseError(_: Controller, error: Error): void {
    this.fail(error)
  }

  #finish(result: Result): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#report(result)
  }
}

/** Why a request is aborted; it is shown nowhere. */
const given = /* @__PURE__ */ new Error("given up")

/** Returns headers, those that came several times as one. */
const joined = (headers: Headers): Record<string, string> => {
  const all: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) all[name] = typeof value === "string" ? value : value.join(", ")
  }
  return all
}

/** Returns the code of a failure, as in `ECONNREFUSED`. */
const codeOf = (error: unknown): string => {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined
  return typeof code === "string" && /^\w{1,64}$/.test(code) ? code : "network"
}
