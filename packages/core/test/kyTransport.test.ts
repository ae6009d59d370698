import { once } from "node:events"
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, type Scope } from "effect"
import * as KyTransport from "../src/http/KyTransport.ts"
import type { Request } from "../src/http/Transport.ts"

const token = "sk_live_secret"

/** A server on loopback for one test. */
const serve = (handle: http.RequestListener) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const server = http.createServer(handle).listen(0, "127.0.0.1")
      await once(server, "listening")
      return server
    }),
    (server) =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      }),
  ).pipe(Effect.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`))

const request = (url: string, more: Partial<Request> = {}): Request => ({
  method: "GET",
  url,
  headers: { authorization: Redacted.make(`Bearer ${token}`) },
  maxBytes: 1_000_000,
  ...more,
})

const { send } = KyTransport.make()

describe("ky", () => {
  it.live("H2: method, headers and body are sent unchanged, and the token is revealed only on the wire", () =>
    Effect.gen(function* () {
      const received: Array<string> = []
      const url = yield* serve((req, res) => {
        req.on("data", (chunk) => received.push(String(chunk)))
        req.on("end", () => {
          received.push(`${req.method} ${req.url} ${req.headers.authorization}`)
          res.writeHead(201, { "content-type": "application/json", "x-request-id": "r1" }).end('{"ok":true}')
        })
      })
      const response = yield* send(request(`${url}/a%2Fb?q=1`, { method: "POST", body: '{"a":1}' }))
      expect(received).toEqual(['{"a":1}', `POST /a%2Fb?q=1 Bearer ${token}`])
      expect(response.status).toBe(201)
      expect(response.headers["x-request-id"]).toBe("r1")
      expect(new TextDecoder().decode(response.body)).toBe('{"ok":true}')
    }),
  )

  it.live.each([301, 302, 303, 307, 308])("H3: a redirect with %d is returned and not followed", (status) =>
    Effect.gen(function* () {
      const followed: Array<string> = []
      const target = yield* serve((req, res) => {
        followed.push(String(req.url))
        res.end("{}")
      })
      const url = yield* serve((_, res) => res.writeHead(status, { location: `${target}/followed` }).end())
      const response = yield* send(request(url, { method: "POST", body: "{}" }))
      expect(response.status).toBe(status)
      expect(followed).toEqual([])
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

  it.live("W2: an interrupt while the body is read closes the socket", () =>
    Effect.gen(function* () {
      const begun = Promise.withResolvers<void>()
      const closed = Promise.withResolvers<void>()
      const url = yield* serve((_, res) => {
        res.writeHead(200).write("[")
        res.on("close", () => closed.resolve())
        begun.resolve()
      })
      const fiber = yield* Effect.forkChild(send(request(url)))
      yield* Effect.promise(() => begun.promise)
      yield* Fiber.interrupt(fiber)
      yield* Effect.promise(() => closed.promise)
    }),
  )

  const resetting = serve((req) => req.socket.destroy())
  const truncating = serve((_, res) => {
    res.writeHead(200, { "content-length": "100" }).write("{")
    res.destroy()
  })
  const closed = Effect.scoped(serve(() => {}))
  const failures: ReadonlyArray<readonly [string, string, Effect.Effect<string, never, Scope.Scope>]> = [
    ["to a server that resets the connection", "unknown", resetting],
    ["whose response is cut off", "unknown", truncating],
    ["to a closed port", "not-sent", closed],
    [
      "to a closed port of a named host",
      "not-sent",
      Effect.map(closed, (url) => url.replace("127.0.0.1", "localhost")),
    ],
    ["to an unknown host", "not-sent", Effect.succeed("http://nowhere.invalid")],
    ["whose TLS handshake fails", "not-sent", Effect.map(resetting, (url) => url.replace("http:", "https:"))],
  ]
  it.live.each(failures)("T4: a request %s has the delivery `%s`", ([, delivery, server]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(send(request(yield* server)))
      expect(error.delivery, error.code).toBe(delivery)
    }),
  )

  const unreachable: ReadonlyArray<readonly [string, Effect.Effect<string, never, Scope.Scope>]> = [
    ["a reset", resetting],
    ["a closed port", Effect.succeed("http://127.0.0.1:1")],
    ["an invalid URL", Effect.succeed("not a url")],
  ]
  it.live.each(unreachable)("H2: the error of %s holds no token in any view", ([, server]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(send(request(yield* server)))
      const views = [String(error), JSON.stringify(error), inspect(error, { depth: 20, showHidden: true }), error.stack]
      expect(views.join("\n")).not.toContain(token)
    }),
  )
})
