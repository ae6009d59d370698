/** Servers on loopback that speak HTTP badly, or not at all. */
import { once } from "node:events"
import * as net from "node:net"
import * as tls from "node:tls"
import * as Effect from "effect/Effect"

/** A certificate for localhost and its key, made for these tests on 2026-11-28 with `openssl req -x509`; it lasts until 2126. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUTfWnwTDrb1/58eg8eI0r0fzR3Y0wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODAyMTUwM1oYDzIxMjYxMTA0
MDIxNTAzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAToA/XXl/gCQIU5znj634HJG9eH1k7vkKlMtsDKMP2hgxPwqILXNA+Y
FhQW7gpglgzouk1Oup0VNvJnkAM9ri8do28wbTAdBgNVHQ4EFgQUCAPZvJ8tbIl0
RTBKk8Zj9HSDz/kwHwYDVR0jBBgwFoAUCAPZvJ8tbIl0RTBKk8Zj9HSDz/kwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAK0rTDIwIq43tzDVV1kHbkH3vqZpSwNZGJAv2Np0ExlDAiEA
7uS2qvlbl40rEIQsOwngAMSYp95oUZ5GeDS37uk8f1M=
-----END CERTIFICATE-----
`

/** The key of the certificate for localhost. */
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgesSQBjwyrrvVS0B1
YaDV22zkQyznAgQlHK1eIN7rCqGhRANCAAToA/XXl/gCQIU5znj634HJG9eH1k7v
kKlMtsDKMP2hgxPwqILXNA+YFhQW7gpglgzouk1Oup0VNvJnkAM9ri8d
-----END PRIVATE KEY-----
`

/** A certificate for another host and its key, made as the other on 2026-11-29; it lasts until 2126. */
export const otherCertificate = `-----BEGIN CERTIFICATE-----
MIIBrTCCAVOgAwIBAgIUbUFPDDzlUcLJTe3eLYwHOMnL7b4wCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRZWxzZXdoZXJlLmV4YW1wbGUwIBcNMjYxMTI5MDcyMDU3WhgP
MjEyNjExMDUwNzIwNTdaMBwxGjAYBgNVBAMMEWVsc2V3aGVyZS5leGFtcGxlMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8c1XJ8FO1Kz/hk9m8xVcW05jpleCuc3l
NxzD0ag+BI1Sb304hHsw1B3Hwm1S2OWqxDtYt0hu6leCghzDR1A/IKNxMG8wHQYD
VR0OBBYEFA0JiKK06MDFctnSUnc/8L/P7dCxMB8GA1UdIwQYMBaAFA0JiKK06MDF
ctnSUnc/8L/P7dCxMA8GA1UdEwEB/wQFMAMBAf8wHAYDVR0RBBUwE4IRZWxzZXdo
ZXJlLmV4YW1wbGUwCgYIKoZIzj0EAwIDSAAwRQIhAJaEvY0evskdEka7Tuj2Mpf8
NcbPovdr7a4ZIiVBU9oQAiBeBY1M7stXHt+Ha9qdmyt1Of3blsXUrbiAXelyye8D
mg==
-----END CERTIFICATE-----
`

const otherKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgDCMml9vP0SYhOsck
Kirs8TNlOC8WqFMB83xim1LMfqmhRANCAATxzVcnwU7UrP+GT2bzFVxbTmOmV4K5
zeU3HMPRqD4EjVJvfTiEezDUHcfCbVLY5arEO1i3SG7qV4KCHMNHUD8g
-----END PRIVATE KEY-----
`

/** A server, the sockets that it has accepted, and how often it was sent the beginning of a request. */
export interface Sockets {
  /** The origin with `localhost`, which the certificate names. */
  readonly origin: string
  readonly accepted: ReadonlyArray<net.Socket>
  /** The bytes that arrived, as text: of TLS only what the server could decipher. */
  readonly received: ReadonlyArray<string>
}

/** What a server does with a connection, from the beginning or once a request has begun to arrive. */
export interface Behavior {
  readonly onAccept?: (socket: net.Socket) => void
  readonly onRequest?: (socket: net.Socket) => void
}

const listening = (make: () => net.Server) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const server = make().listen(0, "127.0.0.1")
      await once(server, "listening")
      return server
    }),
    (server) => Effect.sync(() => server.close()),
  )

const portOf = (server: net.Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

/** Serves plain TCP. */
export const serve = Effect.fnUntraced(function* ({ onAccept, onRequest }: Behavior) {
  const accepted: Array<net.Socket> = []
  const received: Array<string> = []
  const server = yield* listening(() =>
    net.createServer((socket) => {
      accepted.push(socket)
      socket.on("error", () => {}).on("data", (bytes) => received.push(String(bytes)))
      if (onRequest !== undefined) socket.once("data", () => onRequest(socket))
      onAccept?.(socket)
    }),
  )
  yield* Effect.addFinalizer(() => Effect.sync(() => accepted.map((socket) => socket.destroy())))
  const sockets: Sockets = { origin: `http://127.0.0.1:${portOf(server)}`, accepted, received }
  return sockets
})

const credentials = { localhost: { key, cert: certificate }, another: { key: otherKey, cert: otherCertificate } }

/**
 * Serves TLS behind a relay, and would speak HTTP/2. `onRequest` gets the relay's socket, below TLS, once a request was deciphered; without it,
 * the server answers 200. `host`: whose certificate it has.
 */
export const serveTls = Effect.fnUntraced(function* (
  onRequest?: (below: net.Socket) => void,
  host: keyof typeof credentials = "localhost",
) {
  const received: Array<string> = []
  const below: Array<net.Socket> = []
  const server = yield* listening(() =>
    tls
      .createServer({ ...credentials[host], ALPNProtocols: ["h2", "http/1.1"] }, (socket) => {
        socket
          .on("error", () => {})
          .on("data", (bytes) => {
            received.push(String(bytes))
            const relay = below.at(-1)
            if (onRequest !== undefined && relay !== undefined) onRequest(relay)
            else socket.end(ok)
          })
      })
      .on("tlsClientError", () => {}),
  )
  const relay = yield* serve({
    onAccept: (socket) => {
      const upstream = net.connect(portOf(server), "127.0.0.1").on("error", () => {})
      below.push(socket)
      socket.on("close", () => upstream.destroy()).pipe(upstream)
      upstream.on("data", (bytes) => socket.writable && socket.write(bytes))
    },
  })
  const sockets: Sockets = { ...relay, origin: relay.origin.replace("http://127.0.0.1", "https://localhost"), received }
  return sockets
})

/** A whole answer. */
export const ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok"
