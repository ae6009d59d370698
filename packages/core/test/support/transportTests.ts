/** The tests of transports over sockets on loopback, which each of them passes. */
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as tls from "node:tls"
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, Result, type Scope } from "effect"
import { form } from "../../../../scripts/forms.ts"
import type { Request, Service } from "../../src/http/exchange.ts"
import { lostAnswers } from "./lostAnswers.ts"
import * as Sockets from "./sockets.ts"

const token = "sk_live_secret"

tls.setDefaultCACertificates([Sockets.certificate, Sockets.otherCertificate])

/** A server on loopback for one test. */
const serve = (handle: http.RequestListener) =>
  Effect.acquireRelease(
    Effect.callback<http.Server>((resume) => {
      const server = http.createServer(handle).listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      }),
  ).pipe(Effect.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`))

/** A request with a token, a POST unless `more` says otherwise. */
export const request = (url: string, more: Partial<Request> = {}): Request => ({
  method: "POST",
  url,
  body: "{}",
  headers: { authorization: Redacted.make(`Bearer ${token}`) },
  maxBytes: 1_000_000,
  ...more,
})

/** An answer after which the connection stays. */
const kept = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"

/** Returns bytes as text. */
export const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/**
 * Defines the tests that every transport passes. `tellsStart`: whether it knows when a request begins to leave, as far as
 * `not-sent` is concerned.
 */
export const transportTests = (
  name: string,
  make: Effect.Effect<Service, never, Scope.Scope>,
  { tellsStart }: { readonly tellsStart: boolean },
) =>
  describe(name, () => {
    const send: Service["send"] = (request) => Effect.scoped(Effect.flatMap(make, (service) => service.send(request)))

    it.live("H2: method, headers and body are sent unchanged, and the token is revealed only on the wire", () =>
      Effect.gen(function* () {
        const received: Array<string> = []
        const url = yield* serve((req, res) => {
          req.on("data", (chunk) => received.push(String(chunk)))
          req.on("end", () => {
            received.push(`${req.method} ${req.url} ${req.headers.authorization}`)
            res.setHeader("x-many", ["a", "b"])
            res.writeHead(201, { "content-type": "application/json", "X-Request-Id": "r1" }).end('{"ok":true}')
          })
        })
        const response = yield* send(request(`${url}/a%2Fb?q=1`, { body: '{"a":1}' }))
        expect(received).toEqual(['{"a":1}', `POST /a%2Fb?q=1 Bearer ${token}`])
        expect(response.status).toBe(201)
        expect(response.headers).toMatchObject({ "x-request-id": "r1", "x-many": "a, b" })
        expect(text(response.body)).toBe('{"ok":true}')
      }),
    )

    it.live("a request without a body is sent without one", () =>
      Effect.gen(function* () {
        const { origin, received } = yield* Sockets.serve({ onRequest: (socket) => socket.end(Sockets.ok) })
        const { body: _, ...get } = request(origin, { method: "GET" })
        expect(text((yield* send(get)).body)).toBe("ok")
        expect(received.join("")).toMatch(/^GET \/ HTTP\/1\.1\r\n[^{]*\r\n\r\n$/)
      }),
    )

    it.live.each([
      ["POST", "{}", "content-length: 2"],
      ["POST", undefined, "content-length: 0"],
      ["PUT", "", "content-length: 0"],
      ["PATCH", "ü", "content-length: 2"],
      ["DELETE", undefined, undefined],
      ["DELETE", "{}", "content-length: 2"],
    ] as const)("a %s with the body %s says its length, and another can follow", ([method, body, length]) =>
      Effect.gen(function* () {
        const { send } = yield* make
        const { origin, received } = yield* Sockets.serve({
          onAccept: (socket) => socket.on("data", () => socket.write(kept)),
        })
        const { body: _, ...bodiless } = request(`${origin}/a`, { method })
        for (let time = 1; time <= 2; time++) {
          const before = received.length
          expect(text((yield* send(body === undefined ? bodiless : { ...bodiless, body })).body)).toBe("ok")
          const [head = "", ...rest] = received.slice(before).join("").split("\r\n\r\n")
          expect(rest).toEqual([body ?? ""])
          expect(/^content-length: .*$/im.exec(head)?.[0].toLowerCase()).toBe(length)
          expect(head).not.toMatch(/^transfer-encoding/im)
        }
      }),
    )

    it.live("T4: a body that is longer than its length gives no other request a wrong answer", () =>
      Effect.gen(function* () {
        const { send } = yield* make
        const wrong = kept.replace("ok", "no")
        for (const more of ["more", wrong]) {
          let connections = 0
          const { origin } = yield* Sockets.serve({
            onAccept: (socket) => {
              const answer = connections++ === 0 ? `${kept}${more}` : kept
              socket.on("data", () => socket.write(answer))
            },
          })
          for (let time = 1; time <= 3; time++) {
            const end = yield* Effect.result(send(request(origin)))
            expect(Result.isSuccess(end) ? text(end.success.body) : end.failure.delivery).toMatch(/^(?:ok|unknown)$/)
          }
        }
      }),
    )

    it.live.each([
      [301, "/followed"],
      [302, "http://[malformed"],
      [303, "/followed"],
      [307, "/followed"],
      [308, "/followed"],
    ] as const)("H3: a redirect with %d to %s is returned and not followed", ([status, path]) =>
      Effect.gen(function* () {
        const requested: Array<string> = []
        const url = yield* serve((req, res) => {
          requested.push(String(req.url))
          res.writeHead(status, { location: path }).end()
        })
        const response = yield* send(request(`${url}/`))
        expect(response.status).toBe(status)
        expect(requested).toEqual(["/"])
      }),
    )

    it.live("H5: a body of many chunks is put together in order", () =>
      Effect.gen(function* () {
        const whole = Buffer.from(Uint32Array.from({ length: 100_000 }, (_, index) => index).buffer)
        const url = yield* serve((_, res) => {
          for (let at = 0; at < whole.length; at += 7_919) res.write(whole.subarray(at, at + 7_919))
          res.end()
        })
        const { body } = yield* send(request(url, { maxBytes: whole.length }))
        expect(Buffer.compare(body, whole)).toBe(0)
      }),
    )

    it.live("H4: a body over `maxBytes` fails the request and closes its socket", () =>
      Effect.gen(function* () {
        const closed = Promise.withResolvers<void>()
        const url = yield* serve((_, res) => {
          res.writeHead(200)
          const more = () => {
            while (!res.destroyed && res.write("x".repeat(65_536))) {}
          }
          res.on("drain", more).on("close", () => closed.resolve())
          more()
        })
        const error = yield* Effect.flip(send(request(url, { maxBytes: 100_000 })))
        expect(error).toMatchObject({ code: "too-large", delivery: "unknown" })
        yield* Effect.promise(() => closed.promise)
      }),
    )

    it.live("W2: an interrupt before the answer, and one while its body is read, closes the socket", () =>
      Effect.gen(function* () {
        for (const head of ["", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n["]) {
          const begun = Promise.withResolvers<void>()
          const closed = Promise.withResolvers<void>()
          const { origin } = yield* Sockets.serve({
            onRequest: (socket) => {
              socket.on("close", () => closed.resolve()).write(head, () => begun.resolve())
            },
          })
          const fiber = yield* Effect.forkChild(send(request(origin)))
          yield* Effect.promise(() => begun.promise)
          yield* Fiber.interrupt(fiber)
          yield* Effect.promise(() => closed.promise)
        }
      }),
    )

    it.live.each(lostAnswers)(
      "T4: the delivery to a server that %s is unknown, and the request is sent once",
      ([, server]) =>
        Effect.gen(function* () {
          const { origin, received } = yield* server
          const error = yield* Effect.flip(send(request(origin)))
          expect(error.delivery, error.code).toBe("unknown")
          expect(received.join("").split("POST / HTTP/1.1").length - 1).toBe(1)
        }),
    )

    it.live("T4: a request over a connection that is kept alive and then dies is sent once", () =>
      Effect.gen(function* () {
        const answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
        let requests = 0
        const { origin } = yield* Sockets.serve({
          onAccept: (socket) => {
            socket.on("data", (bytes) => {
              if (!String(bytes).startsWith("POST")) return
              if (++requests === 1) socket.write(answer)
              else socket.resetAndDestroy()
            })
          },
        })
        expect(text((yield* send(request(origin))).body)).toBe("ok")
        const error = yield* Effect.flip(send(request(origin)))
        expect([error.delivery, requests]).toEqual(["unknown", 2])
      }),
    )

    const closedPort = Effect.scoped(Effect.map(Sockets.serve({}), ({ origin }) => origin))
    const neverSent: ReadonlyArray<readonly [string, Effect.Effect<string, never, Scope.Scope>]> = [
      ["to a closed port", closedPort],
      ["to a closed port of a named host", Effect.map(closedPort, (url) => url.replace("127.0.0.1", "localhost"))],
      ["to an address that the system refuses at once", Effect.succeed("http://255.255.255.255:8080")],
      ["to an unknown host", Effect.succeed("http://nowhere.invalid")],
      ["to an invalid URL", Effect.succeed("not a url")],
      [
        "to a host that the certificate does not name",
        Effect.map(Sockets.serveTls(undefined, "another"), ({ origin }) => origin),
      ],
    ]
    it.live.each(neverSent)("T4: a request %s is not-sent", ([, url]) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(send(request(yield* url)))
        expect(error.delivery, error.code).toBe("not-sent")
      }),
    )

    it.live("T4: a request whose handshake fails is not-sent where the transport knows that it had not begun", () =>
      Effect.gen(function* () {
        for (const onRequest of [
          (socket: { end: (text: string) => void }) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
          (socket: { resetAndDestroy: () => void }) => socket.resetAndDestroy(),
        ]) {
          const { origin } = yield* Sockets.serve({ onRequest })
          const error = yield* Effect.flip(send(request(origin.replace("http:", "https:"))))
          expect(error.delivery, error.code).toBe(tellsStart ? "not-sent" : "unknown")
        }
      }),
    )

    it.live("T4: a read is sent once, too, whatever its answer", () =>
      Effect.gen(function* () {
        const unavailable = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n"
        for (const answer of [unavailable, "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n", ""]) {
          const { origin, received } = yield* Sockets.serve({ onRequest: (socket) => socket.end(answer) })
          const { body: _, ...read } = request(origin, { method: "GET" })
          yield* Effect.ignore(send(read))
          expect(received).toHaveLength(1)
        }
      }),
    )

    it.live.each([
      ["POST", 421],
      ["GET", 421],
      ["POST", 407],
    ] as const)(
      "T4: a %s that is answered with %d is sent once: its caller gets the answer, or learns that the delivery is unknown",
      ([method, status]) =>
        Effect.gen(function* () {
          const answer = `HTTP/1.1 ${status} No\r\ncontent-length: 2\r\n\r\nno`
          const { origin, received } = yield* Sockets.serve({
            onAccept: (socket) => socket.on("data", () => socket.write(answer)),
          })
          const { body: _, ...read } = request(origin, { method })
          const end = yield* Effect.result(send(method === "GET" ? read : request(origin)))
          expect(received.join("").split(`${method} / HTTP/1.1`).length - 1).toBe(1)
          expect(Result.isSuccess(end) ? end.success.status : end.failure.delivery).toBe(
            tellsStart ? status : "unknown",
          )
        }),
    )

    it.live(
      "T4: of writes to a server that closes at the worst moments, none arrives twice, and none that is not-sent arrives",
      () =>
        Effect.gen(function* () {
          const count = form(400, 10_000)
          const arrived = new Map<string, number>()
          // Each connection ends in the next way: right away, within a head or a body, after the request, within the answer, idle.
          let connection = 0
          const { origin } = yield* Sockets.serve({
            onAccept: (socket) => {
              const way = connection++ % 8
              let bytes = ""
              if (way === 0) socket.destroy()
              socket.on("data", (data) => {
                bytes += String(data)
                for (const [, id = ""] of String(data).matchAll(/POST \/(\d+) /g)) {
                  arrived.set(id, (arrived.get(id) ?? 0) + 1)
                }
                if (way === 1) socket.resetAndDestroy()
                if (way === 1 || !bytes.includes("{}")) return
                bytes = ""
                if (way === 2) socket.resetAndDestroy()
                else if (way > 2 && way < 6) socket.end(kept.slice(0, [0, 20, -1][way - 3]))
                else socket.write(kept)
                if (way === 6) setImmediate(() => socket.resetAndDestroy())
              })
            },
          })
          const { send } = yield* make
          const ends = yield* Effect.forEach(
            Array.from({ length: count }, (_, id) => String(id)),
            (id) => Effect.map(Effect.result(send(request(`${origin}/${id}`))), (end) => ({ id, end })),
            { concurrency: 16 },
          )
          expect(Math.max(...arrived.values())).toBe(1)
          const wrong = ends.filter(({ id, end }) =>
            Result.isSuccess(end) ? !arrived.has(id) : end.failure.delivery === "not-sent" && arrived.has(id),
          )
          expect(wrong).toEqual([])
          expect(ends.some(({ end }) => Result.isSuccess(end)) && ends.some(({ end }) => Result.isFailure(end))).toBe(
            true,
          )
        }),
    )

    it.live("T4: TLS works, and over it HTTP/1.1", () =>
      Effect.gen(function* () {
        const { origin, received } = yield* Sockets.serveTls()
        expect(text((yield* send(request(origin))).body)).toBe("ok")
        expect(received.join("")).toContain("POST / HTTP/1.1")
      }),
    )

    const unreachable: ReadonlyArray<readonly [string, Effect.Effect<string, never, Scope.Scope>]> = [
      [
        "a reset",
        Effect.map(Sockets.serve({ onRequest: (socket) => socket.resetAndDestroy() }), ({ origin }) => origin),
      ],
      ["a closed port", closedPort],
      ["an invalid URL", Effect.succeed("not a url")],
    ]
    it.live.each(unreachable)("H2: the error of %s holds no token in any view", ([, url]) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(send(request(yield* url)))
        const views = [
          String(error),
          JSON.stringify(error),
          inspect(error, { depth: 20, showHidden: true }),
          error.stack,
        ]
        expect(views.join("\n")).not.toContain(token)
      }),
    )
  })
