import { describe, expect, it } from "@effect/vitest"
import { ConfigProvider, Effect, Exit, Fiber, Scope } from "effect"
import { proxy } from "../../core/test/support/proxy.ts"
import * as Sockets from "../../core/test/support/sockets.ts"
import { answer, observed, until } from "../../core/test/support/tellingTests.ts"
import { request, text } from "../../core/test/support/transportTests.ts"
import * as UndiciTransport from "../src/UndiciTransport.ts"

describe("a request that is given up", () => {
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
