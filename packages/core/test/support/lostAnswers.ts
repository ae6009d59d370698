/** What servers do with a request so that it has no whole answer. */
import type { Effect, Scope } from "effect"
import * as Sockets from "./sockets.ts"

/** What a server does, and the server. */
export const lostAnswers: ReadonlyArray<readonly [string, Effect.Effect<Sockets.Sockets, never, Scope.Scope>]> = [
  ["resets the connection", Sockets.serve({ onRequest: (socket) => socket.resetAndDestroy() })],
  ["closes its half of the connection", Sockets.serve({ onRequest: (socket) => socket.end() })],
  ["closes without an answer", Sockets.serve({ onRequest: (socket) => socket.destroy() })],
  ["answers with half a head", Sockets.serve({ onRequest: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-le") })],
  [
    "answers with half a body",
    Sockets.serve({ onRequest: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab") }),
  ],
  [
    "resets the connection within a body",
    Sockets.serve({
      onRequest: (socket) =>
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab", () =>
          setImmediate(() => socket.resetAndDestroy()),
        ),
    }),
  ],
  [
    "ends a body of chunks early",
    Sockets.serve({
      onRequest: (socket) => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n"),
    }),
  ],
  [
    "gives a body two lengths",
    Sockets.serve({
      onRequest: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nok"),
    }),
  ],
  [
    "answers with a head that is too large",
    Sockets.serve({
      onRequest: (socket) => socket.end(`HTTP/1.1 200 OK\r\nx-long: ${"x".repeat(100_000)}\r\n\r\n`),
    }),
  ],
  [
    "only informs",
    Sockets.serve({ onRequest: (socket) => socket.end("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n") }),
  ],
  [
    "changes the protocol",
    Sockets.serve({
      onRequest: (socket) =>
        socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\nPRI"),
    }),
  ],
  ["answers with what is not HTTP", Sockets.serve({ onRequest: (socket) => socket.end("220 mail ready\r\n") })],
  ["breaks TLS after the handshake", Sockets.serveTls((below) => below.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"))],
  [
    "breaks a record of TLS",
    Sockets.serveTls((below) => below.end(Buffer.from(`\x17\x03\x03\x00\x20${"7".repeat(32)}`))),
  ],
  ["resets a connection of TLS", Sockets.serveTls((below) => below.resetAndDestroy())],
  ["closes a connection of TLS", Sockets.serveTls((below) => below.end())],
]
