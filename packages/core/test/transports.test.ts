import { gzipSync } from "node:zlib"
import { afterEach, describe, expect, it, vi } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import * as KyTransport from "../src/http/KyTransport.ts"
import * as Sockets from "./support/sockets.ts"
import { request, transportTests } from "./support/transportTests.ts"

afterEach(() => {
  vi.useRealTimers()
})

transportTests("ky", Effect.sync(KyTransport.make), { tellsStart: false })

describe("ky alone", () => {
  type Dispatch = (options: object, handler: unknown) => unknown
  /** Replaces what sends the requests of Node's fetch, for one test. */
  const replace = (replacement: (dispatch: Dispatch) => { readonly dispatch: Dispatch } | undefined) => {
    const symbol = Symbol.for("undici.globalDispatcher.1")
    const platform: { dispatch: Dispatch } = Reflect.get(globalThis, symbol)
    Reflect.set(
      globalThis,
      symbol,
      replacement((...args) => platform.dispatch(...args)),
    )
    return Effect.addFinalizer(() => Effect.sync(() => Reflect.set(globalThis, symbol, platform)))
  }

  it.live("tells Node's fetch to wait, and to speak HTTP/1.1", () =>
    Effect.gen(function* () {
      const seen: Array<object> = []
      yield* replace((dispatch) => ({
        dispatch: (options, handler) => {
          seen.push(options)
          return dispatch(options, handler)
        },
      }))
      const { origin } = yield* Sockets.serve({ onRequest: (socket) => socket.end(Sockets.ok) })
      yield* KyTransport.make().send(request(origin))
      expect(seen).toMatchObject([{ method: "POST", headersTimeout: 0, bodyTimeout: 0, allowH2: false }])
    }),
  )

  it.live("H4: bounds a body by its length, and an encoded one by what it decodes to, before all of it has come", () =>
    Effect.gen(function* () {
      const encoded = gzipSync("x".repeat(10_000))
      for (const [body, head, length] of [
        [Buffer.from("abc"), "", 3],
        [encoded, "content-encoding: gzip\r\n", 10_000],
      ] as const) {
        const send = (missing: number, maxBytes: number) =>
          Effect.flatMap(
            Sockets.serve({
              onRequest: (socket) => {
                socket.write(`HTTP/1.1 200 OK\r\n${head}content-length: ${body.length + missing}\r\n\r\n`)
                socket.write(body)
              },
            }),
            ({ origin }) => KyTransport.make().send(request(origin, { maxBytes })),
          )
        expect((yield* send(0, length)).body).toHaveLength(length)
        const error = yield* Effect.flip(send(1_000, length - 1))
        expect(error).toMatchObject({ code: "too-large", delivery: "unknown" })
      }
    }),
  )

  it.live("W2: a fetch of the caller's that takes only the request is given up, too, before it leaves", () =>
    Effect.gen(function* () {
      const { origin, received } = yield* Sockets.serve({ onRequest: (socket) => socket.end(Sockets.ok) })
      const signals: Array<AbortSignal> = []
      const fetch = (input: unknown) => {
        const sent = new Request(input as string)
        signals.push(sent.signal)
        return globalThis.fetch(sent)
      }
      const fiber = yield* Effect.forkChild(KyTransport.make({ fetch }).send(request(origin)), {
        startImmediately: true,
      })
      yield* Fiber.interrupt(fiber)
      yield* Effect.ignore(KyTransport.make().send(request(origin)))
      expect(received).toHaveLength(1)
      expect(signals.every(({ aborted }) => aborted)).toBe(true)
    }),
  )

  it.live("H4: bounds a body of a fetch that a program has put in the place of Node's", () =>
    Effect.gen(function* () {
      const answer = () => new Response("x".repeat(1_000), { headers: { "content-length": "2" } })
      vi.stubGlobal("fetch", () => Promise.resolve(answer()))
      yield* Effect.addFinalizer(() => Effect.sync(() => vi.unstubAllGlobals()))
      const error = yield* Effect.flip(KyTransport.make().send(request("http://127.0.0.1:9", { maxBytes: 10 })))
      expect(error).toMatchObject({ code: "too-large", delivery: "unknown" })
    }),
  )

  it.live("T4: a fetch that fails with what cannot be read proves nothing, at once", () =>
    Effect.gen(function* () {
      const unreadable = Object.defineProperty(new Error("no"), "code", { get: () => JSON.parse("no") })
      const error = yield* Effect.flip(
        KyTransport.make({ fetch: () => Promise.reject(unreadable) }).send(request("http://127.0.0.1:9")),
      )
      expect(error).toMatchObject({ delivery: "unknown" })
    }),
  )

  it.live("T4: a fetch of the caller's that fails is not called again, for a read either", () =>
    Effect.gen(function* () {
      const fetch = vi.fn(() => Promise.reject(new TypeError("fetch failed")))
      const { body: _, ...read } = request("http://127.0.0.1:9", { method: "GET" })
      yield* Effect.flip(KyTransport.make({ fetch }).send(read))
      expect(fetch).toHaveBeenCalledTimes(1)
    }),
  )

  it.live("sends with any platform's fetch, and a body that is absent is an empty one", () =>
    Effect.gen(function* () {
      const fetch = vi.fn(() => Promise.resolve(new Response(null, { status: 204 })))
      vi.stubGlobal("fetch", fetch)
      yield* Effect.addFinalizer(() => Effect.sync(() => vi.unstubAllGlobals()))
      yield* replace(() => undefined)
      const { status, body } = yield* KyTransport.make().send(request("http://127.0.0.1:9"))
      expect([status, body.byteLength]).toEqual([204, 0])
      expect(fetch.mock.calls.flat().some((init) => Object.hasOwn(Object(init), "dispatcher"))).toBe(false)
    }),
  )

  it.live("a fetch of the caller's sends each request, without a time-out of ky", () =>
    Effect.gen(function* () {
      vi.useFakeTimers({ toFake: ["setTimeout", "setInterval"] })
      const calls: Array<unknown> = []
      const fetch = (input: unknown, init?: object) => {
        calls.push(input, init)
        return new Promise<never>(() => {})
      }
      const fiber = yield* Effect.forkChild(KyTransport.make({ fetch }).send(request("http://127.0.0.1:9")))
      yield* Effect.promise(() => vi.advanceTimersByTimeAsync(11 * 60_000))
      expect(fiber.pollUnsafe()).toBeUndefined()
      expect(calls).toHaveLength(2)
      expect(calls[1]).not.toHaveProperty("dispatcher")
      yield* Fiber.interrupt(fiber)
    }),
  )
})

describe("the id of a transport", () => {
  it("is the same for the same settings, and another for others", () => {
    const fetch = () => Promise.reject(new Error("no"))
    const ids = [KyTransport.make(), KyTransport.make({ fetch }), KyTransport.make({ fetch: () => fetch() })].map(
      ({ id }) => id,
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).not.toContain(undefined)
    expect([KyTransport.make({}).id, KyTransport.make({ fetch }).id]).toEqual([ids[0], ids[1]])
  })
})
