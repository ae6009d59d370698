/**
 * Serves an emulator on loopback, for tests and demonstrations over a real socket. A `TestClock` does not work across a
 * socket: give the emulator a `speed` instead.
 */
import * as NodeHttp from "node:http"
import type * as Transport from "@openretl/core/Transport"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as EffectScope from "effect/Scope"
import type { Emulator } from "./Emulator.ts"

/** Options of the server. */
export interface Options {
  /** The port to listen on. @default any free port */
  readonly port?: number
}

/**
 * Listens on 127.0.0.1 until the scope closes, and returns the origin to use as base URL. Dies when the port is taken.
 *
 * A lost answer destroys the socket. `Fault.unreachable` does so, too: an open socket cannot be refused any more.
 */
export const serve = (emulator: Emulator, options: Options = {}): Effect.Effect<string, never, EffectScope.Scope> =>
  Effect.flatMap(Effect.context<never>(), (context) =>
    Effect.map(
      Effect.acquireRelease(
        Effect.promise(() => listen(emulator, options.port ?? 0, context)),
        (server) => Effect.promise(() => close(server)),
      ),
      origin,
    ),
  )

const listen = (emulator: Emulator, port: number, context: Context.Context<never>): Promise<NodeHttp.Server> => {
  const server = NodeHttp.createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => answer(emulator, context, request, Buffer.concat(chunks), response))
  })
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", () => resolve(server))
  })
}

const answer = (
  emulator: Emulator,
  context: Context.Context<never>,
  incoming: NodeHttp.IncomingMessage,
  body: Buffer,
  response: NodeHttp.ServerResponse,
): void => {
  const request = toRequest(emulator, incoming, body)
  // The client hung up: stop waiting for the answer. What the vendor began to do, it still does.
  const hungUp = new AbortController()
  response.on("close", () => hungUp.abort())
  void Effect.runPromiseExitWith(context)(emulator.transport.send(request), { signal: hungUp.signal }).then((exit) => {
    if (Exit.isFailure(exit)) {
      incoming.socket.destroy()
      return
    }
    const { status, headers, body: bytes } = exit.value
    response.writeHead(status, { ...headers, "content-length": String(bytes.byteLength) })
    response.end(bytes)
  })
}

const toRequest = (emulator: Emulator, incoming: NodeHttp.IncomingMessage, body: Buffer): Transport.Request => {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value
  }
  return {
    method: incoming.method as Transport.Method,
    url: `${emulator.baseUrl}${incoming.url ?? "/"}`,
    headers,
    ...(body.byteLength > 0 && { body: body.toString("utf8") }),
    maxBytes: Number.MAX_SAFE_INTEGER,
  }
}

const origin = (server: NodeHttp.Server): string => {
  const address = server.address()
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`
}

const close = (server: NodeHttp.Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
