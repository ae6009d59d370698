import { once } from "node:events"
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Redacted } from "effect"
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
      const seen: Array<string> = []
      const url = yield* serve((req, res) => {
        req.on("data", (chunk) => seen.push(String(chunk)))
        req.on("end", () => {
          seen.push(`${req.method} ${req.url} ${req.headers.authorization}`)
          res.writeHead(201, { "content-type": "application/json", "x-request-id": "r1" }).end('{"ok":true}')
        })
      })
      const answer = yield* send(request(`${url}/a%2Fb?q=1`, { method: "POST", body: '{"a":1}' }))
      expect(seen).toEqual(['{"a":1}', `POST /a%2Fb?q=1 Bearer ${token}`])
      expect(answer.status).toBe(201)
      expect(answer.headers["x-request-id"]).toBe("r1")
      expect(new TextDecoder().decode(answer.body)).toBe('{"ok":true}')
    }),
  )

  it.live("H3: a redirect is an answer, and nothing is sent to where it points", () =>
    Effect.gen(function* () {
      const landed: Array<string> = []
      const elsewhere = yield* serve((req, res) => {
        landed.push(String(req.url))
        res.end("{}")
      })
      for (const status of [301, 302, 303, 307, 308]) {
        const url = yield* serve((_, res) => res.writeHead(status, { location: `${elsewhere}/landed` }).end())
        const answer = yield* send(request(url, { method: "POST", body: "{}" }))
        expect(answer.status).toBe(status)
      }
      expect(landed).toEqual([])
    }),
  )

  it.live("H4: a body over `maxBytes` fails the request and closes its socket", () =>
    Effect.gen(function* () {
      let closed: () => void = () => {}
      const isClosed = new Promise<void>((resolve) => {
        closed = resolve
      })
      const url = yield* serve((_, res) => {
        res.writeHead(200)
        const more = () => {
          while (!res.destroyed && res.write("x".repeat(65_536))) {}
        }
        res.on("drain", more).on("close", closed)
        more()
      })
      const error = yield* Effect.flip(send(request(url, { maxBytes: 100_000 })))
      expect(error).toMatchObject({ code: "too-large", delivery: "unknown" })
      yield* Effect.promise(() => isClosed)
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

  it.live("T4: what provably never left is not-sent, everything else unknown", () =>
    Effect.gen(function* () {
      const reset = yield* serve((req) => req.socket.destroy())
      const cut = yield* serve((_, res) => {
        res.writeHead(200, { "content-length": "100" }).write("{")
        res.destroy()
      })
      const closed = yield* Effect.scoped(serve(() => {}))
      const cases = [
        [reset, "unknown"],
        [cut, "unknown"],
        [closed, "not-sent"],
        [closed.replace("127.0.0.1", "localhost"), "not-sent"],
        ["http://nowhere.invalid", "not-sent"],
        [reset.replace("http:", "https:"), "not-sent"],
      ] as const
      for (const [url, delivery] of cases) {
        const error = yield* Effect.flip(send(request(url)))
        expect(error.delivery, `${url}: ${error.code}`).toBe(delivery)
      }
    }),
  )

  it.live("H2: no error holds the token, however it is looked at", () =>
    Effect.gen(function* () {
      const reset = yield* serve((req) => req.socket.destroy())
      for (const url of [reset, "http://127.0.0.1:1", "not a url"]) {
        const error = yield* Effect.flip(send(request(url)))
        const views = [
          String(error),
          JSON.stringify(error),
          inspect(error, { depth: 20, showHidden: true }),
          error.stack,
        ]
        expect(views.join("\n")).not.toContain(token)
      }
    }),
  )
})
