import * as http from "node:http"
import * as net from "node:net"
import { describe, expect, it } from "@effect/vitest"
import { ConfigProvider, Effect, Exit, Fiber, Scope } from "effect"
import * as Sockets from "../../core/test/support/sockets.ts"
import { request, text } from "../../core/test/support/transportTests.ts"
import * as UndiciTransport from "../src/UndiciTransport.ts"

/** Lets sockets work until the condition holds. */
const until = (condition: () => boolean) =>
  Effect.promise(async () => {
    while (!condition()) await new Promise((resolve) => setImmediate(resolve))
  })

/** A request, and whether it has begun to leave. */
const observed = (url: string) => {
  const seen = { hasBegun: false }
  const onStart = () => {
    seen.hasBegun = true
  }
  return { seen, sent: request(url, { onStart }) }
}

const answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"

describe("a request that is given up", () => {
  it.live("T4: while connecting, has not begun, and nothing of it arrives", () =>
    Effect.gen(function* () {
      const { send } = yield* UndiciTransport.make()
      // The server accepts, and never takes part in the handshake.
      const { origin, accepted, received } = yield* Sockets.serve({})
      const { seen, sent } = observed(origin.replace("http:", "https:"))
      const fiber = yield* Effect.forkChild(send(sent))
      yield* until(() => received.length > 0)
      yield* Fiber.interrupt(fiber)
      expect(seen.hasBegun).toBe(false)
      for (const socket of accepted) socket.destroy()
      expect(received.join("")).not.toContain("POST")
    }),
  )

  it.live("T4: while it waits behind another, has not begun, and never arrives", () =>
    Effect.gen(function* () {
      const { send } = yield* UndiciTransport.make({ connections: 1 })
      const { origin, accepted, received } = yield* Sockets.serve({})
      const first = observed(`${origin}/first`)
      const second = observed(`${origin}/second`)
      const third = observed(`${origin}/third`)
      const firstFiber = yield* Effect.forkChild(send(first.sent))
      yield* until(() => received.length > 0)
      const secondFiber = yield* Effect.forkChild(send(second.sent))
      const thirdFiber = yield* Effect.forkChild(send(third.sent))
      yield* Fiber.interrupt(secondFiber)
      for (const socket of accepted) socket.write(answer)
      yield* Fiber.join(firstFiber)
      yield* until(() => received.join("").includes("/third"))
      for (const socket of accepted) if (!socket.destroyed) socket.write(answer)
      expect(text((yield* Fiber.join(thirdFiber)).body)).toBe("ok")
      expect([first, second, third].map(({ seen }) => seen.hasBegun)).toEqual([true, false, true])
      expect(received.join("")).not.toContain("/second")
    }),
  )

  it.live("T4: after it has begun, says so, and its socket closes", () =>
    Effect.gen(function* () {
      const { send } = yield* UndiciTransport.make()
      const { origin, accepted, received } = yield* Sockets.serve({})
      const { seen, sent } = observed(origin)
      const fiber = yield* Effect.forkChild(send(sent))
      yield* until(() => received.length > 0)
      yield* Fiber.interrupt(fiber)
      expect(seen.hasBegun).toBe(true)
      yield* until(() => accepted.every((socket) => socket.destroyed))
    }),
  )

  it.live("T4: a server that refuses, or that nobody knows, never sees it begin", () =>
    Effect.gen(function* () {
      const { send } = yield* UndiciTransport.make()
      const closed = yield* Effect.scoped(Effect.map(Sockets.serve({}), ({ origin }) => origin))
      for (const [url, code] of [
        [closed, "ECONNREFUSED"],
        ["http://nowhere.invalid", expect.stringMatching(/^(?:ENOTFOUND|EAI_AGAIN)$/)],
        ["not a url", "ERR_INVALID_URL"],
      ] as const) {
        const { seen, sent } = observed(url)
        expect(yield* Effect.flip(send(sent))).toMatchObject({ code, delivery: "not-sent" })
        expect(seen.hasBegun).toBe(false)
      }
    }),
  )

  it.live("T4: where connecting takes too long, is not-sent", () =>
    Effect.gen(function* () {
      const { send } = yield* UndiciTransport.make({ connectTimeout: "50 millis" })
      const { origin } = yield* Sockets.serve({})
      const { seen, sent } = observed(origin.replace("http:", "https:"))
      const error = yield* Effect.flip(send(sent))
      expect(error).toMatchObject({ code: "UND_ERR_CONNECT_TIMEOUT", delivery: "not-sent" })
      expect(seen.hasBegun).toBe(false)
    }),
  )
})

describe("an answer", () => {
  it.live("of several parts, after one that only informs, is put together", () =>
    Effect.gen(function* () {
      const { send } = yield* UndiciTransport.make()
      const { origin } = yield* Sockets.serve({
        onRequest: (socket) => {
          socket.write("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")
          socket.write("HTTP/1.1 201 Created\r\ncontent-length: 4\r\nset-cookie: a\r\nset-cookie: b\r\n\r\n12", () =>
            socket.end("34"),
          )
        },
      })
      const { status, headers, body } = yield* send(request(origin))
      expect([status, headers["set-cookie"], headers["link"], text(body)]).toEqual([201, "a, b", undefined, "1234"])
    }),
  )

  it.live("is requested without an encoding, which nothing would decode; an empty one has no bytes", () =>
    Effect.gen(function* () {
      const { send } = yield* UndiciTransport.make()
      const { origin, received } = yield* Sockets.serve({
        onRequest: (socket) => socket.end("HTTP/1.1 204 No Content\r\n\r\n"),
      })
      expect((yield* send(request(origin))).body).toHaveLength(0)
      expect(received.join("")).toContain("accept-encoding: identity")
    }),
  )

  it.live("H4: of exactly the most bytes is whole, and one more is too large", () =>
    Effect.gen(function* () {
      const { send } = yield* UndiciTransport.make()
      const { origin } = yield* Sockets.serve({ onAccept: (socket) => socket.on("data", () => socket.write(answer)) })
      expect(text((yield* send(request(origin, { maxBytes: 2 }))).body)).toBe("ok")
      const error = yield* Effect.flip(send(request(origin, { maxBytes: 1 })))
      expect(error).toMatchObject({ code: "too-large", delivery: "unknown" })
    }),
  )
})

describe("closing", () => {
  it.live("waits for a request that is under way, and refuses further ones, not sent", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const { send } = yield* Scope.provide(UndiciTransport.make(), scope)
      const { origin, accepted, received } = yield* Sockets.serve({})
      const fiber = yield* Effect.forkChild(send(request(origin)))
      yield* until(() => received.length > 0)
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
      const refused = yield* Effect.flip(send(request(origin)))
      expect(refused).toMatchObject({ code: "UND_ERR_CLOSED", delivery: "not-sent" })
      expect(closing.pollUnsafe()).toBeUndefined()
      for (const socket of accepted) socket.write(answer)
      expect(text((yield* Fiber.join(fiber)).body)).toBe("ok")
      yield* Fiber.join(closing)
      yield* until(() => accepted.every((socket) => socket.destroyed))
    }),
  )

  it.live("closes the sockets once `closeWithin` is over; what had begun is unknown", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const { send } = yield* Scope.provide(UndiciTransport.make({ closeWithin: 0 }), scope)
      const { origin, accepted, received } = yield* Sockets.serve({})
      const fiber = yield* Effect.forkChild(Effect.flip(send(request(origin))))
      yield* until(() => received.length > 0)
      yield* Scope.close(scope, Exit.void)
      expect(yield* Fiber.join(fiber)).toMatchObject({ code: "UND_ERR_DESTROYED", delivery: "unknown" })
      yield* until(() => accepted.every((socket) => socket.destroyed))
    }),
  )
})

/** A proxy on loopback, and what it was asked for. */
const proxy = (refuses = false) =>
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

const withEnvironment = (env: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))

describe("proxies", () => {
  it.live("those of the environment are used, by scheme, also in capitals; not for the hosts of no_proxy", () =>
    Effect.gen(function* () {
      const { url, asked } = yield* proxy()
      const { origin, received } = yield* Sockets.serveTls()
      const make = (env: Record<string, string>) =>
        Effect.provide(UndiciTransport.make({ closeWithin: 0 }), withEnvironment(env))
      const tunneled = yield* make({ HTTPS_PROXY: url })
      const { seen, sent } = observed(`${origin}/a`)
      expect(text((yield* tunneled.send(sent)).body)).toBe("ok")
      expect([asked, seen.hasBegun]).toEqual([[`CONNECT ${origin.replace("https://", "")}`], true])
      expect(received.join("")).toContain("POST /a HTTP/1.1")
      const forwarded = yield* make({ http_proxy: url, no_proxy: "localhost" })
      expect(text((yield* forwarded.send(request("http://vendor.invalid/b"))).body)).toBe("by proxy")
      yield* forwarded.send(request(`${origin}/c`))
      expect(asked.slice(1)).toEqual(["POST http://vendor.invalid/b"])
    }),
  )

  it.live("T4: a request for which a proxy opens no tunnel is not-sent", () =>
    Effect.gen(function* () {
      const { url, asked } = yield* proxy(true)
      const { send } = yield* Effect.provide(UndiciTransport.make(), withEnvironment({ https_proxy: url }))
      const { seen, sent } = observed("https://vendor.invalid/a")
      expect((yield* Effect.flip(send(sent))).delivery).toBe("not-sent")
      expect([asked, seen.hasBegun]).toEqual([["CONNECT vendor.invalid:443"], false])
    }),
  )

  it.live("none is used where the options say so", () =>
    Effect.gen(function* () {
      const { url, asked } = yield* proxy()
      const { origin } = yield* Sockets.serve({ onRequest: (socket) => socket.end(Sockets.ok) })
      const none = UndiciTransport.make({ proxy: "none" })
      const { send } = yield* Effect.provide(none, withEnvironment({ http_proxy: url, https_proxy: url }))
      expect(text((yield* send(request(origin))).body)).toBe("ok")
      expect(asked).toEqual([])
    }),
  )
})

describe("the id of the transport", () => {
  it.effect("is the same for the same settings, and another for others", () =>
    Effect.gen(function* () {
      const all: ReadonlyArray<UndiciTransport.Options> = [
        {},
        { connections: 1 },
        { connectTimeout: "1 second" },
        { proxy: "none" },
      ]
      const ids = yield* Effect.forEach([...all, ...all], (options) =>
        Effect.map(UndiciTransport.make(options), ({ id }) => id),
      )
      expect(new Set(ids).size).toBe(all.length)
      expect(ids.slice(0, all.length)).toEqual(ids.slice(all.length))
    }),
  )
})
