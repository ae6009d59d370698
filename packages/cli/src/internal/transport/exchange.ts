/** One request and its answer, over Node's HTTP client. */
import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http"
import type { Socket } from "node:net"
import type { Request, Response } from "@openretl/core/Transport"
import { TransportError } from "@openretl/core/TransportError"
import * as Redacted from "effect/Redacted"

/** What a request leads to. */
export type Result = Response | TransportError

/** Node's client for one scheme of URLs. */
export interface Client {
  readonly request: (url: URL, options: RequestOptions) => ClientRequest
  readonly agent: Agent
  /** What a socket emits once it is connected. */
  readonly connected: "connect" | "secureConnect"
}

/**
 * Handles one request: tells when it begins to leave, gathers its answer, and reports what it led to, once. A failure before it
 * begins to leave is `not-sent`: Node gets the request only when there is a connected socket for it.
 */
export class Exchange {
  readonly #request: Request
  readonly #report: (result: Result) => void
  readonly #chunks: Array<Buffer> = []
  #outgoing: ClientRequest | undefined
  #incoming: IncomingMessage | undefined
  #size = 0
  #hasBegun = false
  #isOver = false

  constructor(request: Request, report: (result: Result) => void) {
    this.#request = request
    this.#report = report
  }

  /** Opens or takes a socket, and sends the request over it. Throws where no request can be made of this one. */
  send({ request, agent, connected }: Client, url: URL): void {
    const { method, headers, body } = this.#request
    const outgoing = request(url, { agent, method, headers: revealed(headers, body) })
    this.#outgoing = outgoing
    outgoing
      .on("socket", (socket) => {
        // Where connecting fails at once, the error comes after the socket.
        if (socket.destroyed) return
        if (isConnecting(socket)) socket.once(connected, () => this.#begin(outgoing))
        else this.#begin(outgoing)
      })
      .on("timeout", () => {
        // A request that has left waits for its answer.
        if (!this.#hasBegun) this.#giveUp(outgoing, { code: "ETIMEDOUT" })
      })
      .on("response", (incoming) => this.#read(outgoing, incoming))
      .on("error", (error) => this.fail(error))
      .on("close", () => {
        if (this.#incoming === undefined) this.fail({ code: "ECONNRESET" })
      })
  }

  /** Gives the request up: closes its socket or, where it has none yet, never sends it. It then reports nothing. */
  abort(): void {
    this.#isOver = true
    this.#outgoing?.destroy()
  }

  /** Fails with what Node threw or reported. */
  fail(error: unknown): void {
    this.#finish(new TransportError({ code: codeOf(error), delivery: this.#hasBegun ? "unknown" : "not-sent" }))
  }

  /** Sends the request over its connected socket. */
  #begin(outgoing: ClientRequest): void {
    if (this.#isOver) return
    this.#hasBegun = true
    this.#request.onStart?.()
    outgoing.end(this.#request.body)
  }

  #read(outgoing: ClientRequest, incoming: IncomingMessage): void {
    this.#incoming = incoming
    incoming
      .on("data", (chunk: Buffer) => {
        this.#size += chunk.byteLength
        if (this.#size <= this.#request.maxBytes) this.#chunks.push(chunk)
        else this.#giveUp(outgoing, { code: "too-large" })
      })
      .on("end", () => {
        const [first = new Uint8Array(), ...others] = this.#chunks
        this.#finish({
          status: incoming.statusCode ?? 0,
          headers: joined(incoming.rawHeaders),
          body: others.length === 0 ? first : Buffer.concat(this.#chunks, this.#size),
        })
      })
      .on("error", (error) => this.fail(error))
      .on("close", () => this.fail({ code: "ECONNRESET" }))
  }

  #giveUp(outgoing: ClientRequest, why: { readonly code: string }): void {
    this.fail(why)
    outgoing.destroy()
  }

  #finish(result: Result): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#report(result)
  }
}

/** Whether a socket is yet to connect or, for TLS, to complete its handshake. */
const isConnecting = (socket: Socket): boolean =>
  socket.connecting || ("secureConnecting" in socket && socket.secureConnecting === true)

/** Returns headers for the wire, with their secrets. */
const revealed = (headers: Request["headers"], body: string | undefined): Record<string, string | number> => {
  // Nothing here would decode another encoding. Node writes no length for the body of a `DELETE`.
  const all: Record<string, string | number> = {
    "accept-encoding": "identity",
    ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
  }
  for (const [name, value] of Object.entries(headers))
    all[name] = Redacted.isRedacted(value) ? Redacted.value(value) : value
  return all
}

/** Returns headers, those that came several times as one. */
const joined = (names: ReadonlyArray<string>): Record<string, string> => {
  const all = new Map<string, string>()
  for (let index = 0; index < names.length; index += 2) {
    const name = String(names[index]).toLowerCase()
    const value = String(names[index + 1])
    const before = all.get(name)
    all.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(all)
}

/** Returns the code of a failure, as in `ECONNREFUSED`. */
const codeOf = (error: unknown): string => {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined
  return typeof code === "string" && /^[\w-]{1,64}$/.test(code) ? code : "network"
}
