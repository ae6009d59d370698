/** A proxy for tests. */
import * as http from "node:http"
import * as net from "node:net"
import { Effect } from "effect"

/** A proxy on loopback, and what it was asked for. */
export const proxy = (refuses = false) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly server: http.Server; readonly asked: Array<string> }>((resume) => {
      const asked: Array<string> = []
      const server = http.createServer((incoming, outgoing) => {
        asked.push(`${incoming.method} ${incoming.url}`)
        outgoing.end("by proxy")
      })
      server.on("connect", (incoming, socket: net.Socket) => {
        asked.push(`CONNECT ${incoming.url}`)
        if (refuses) return socket.end("HTTP/1.1 403 Forbidden\r\n\r\n")
        const [, port] = String(incoming.url).split(":")
        const upstream = net.connect(Number(port), "127.0.0.1", () => {
          socket.write("HTTP/1.1 200 OK\r\n\r\n")
          socket.pipe(upstream).pipe(socket)
        })
        upstream.on("error", () => socket.destroy())
        return socket.on("error", () => upstream.destroy())
      })
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed({ server, asked })))
    }),
    ({ server }) =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      }),
  ).pipe(
    Effect.map(({ server, asked }) => {
      const address = server.address()
      return { asked, url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}` }
    }),
  )
