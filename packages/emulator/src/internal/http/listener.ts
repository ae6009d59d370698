/** HTTP on loopback. */
import * as NodeHttp from "node:http"
import * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"

/** One request with its whole body, and where its answer goes. */
export interface Exchange {
  readonly incoming: NodeHttp.IncomingMessage
  readonly body: string
  readonly response: NodeHttp.ServerResponse
}

/** Listens on 127.0.0.1 until the scope closes, and returns the origin. Dies when the port is taken. */
export const listen = (
  port: number,
  onRequest: (exchange: Exchange) => void,
): Effect.Effect<string, never, EffectScope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(() => open(port, onRequest)),
      (server) => Effect.promise(() => close(server)),
    ),
    origin,
  )

const open = (port: number, onRequest: (exchange: Exchange) => void): Promise<NodeHttp.Server> => {
  const server = NodeHttp.createServer((incoming, response) => {
    const chunks: Array<Buffer> = []
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
    incoming.on("end", () => onRequest({ incoming, body: Buffer.concat(chunks).toString("utf8"), response }))
  })
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", () => resolve(server))
  })
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
