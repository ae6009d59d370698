/** The tests of transports that tell when a request begins to leave, over sockets on loopback. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Result, type Scope } from "effect"
import { form } from "../../../../scripts/forms.ts"
import type { Service } from "../../src/http/exchange.ts"
import * as Sockets from "./sockets.ts"
import { request, text } from "./transportTests.ts"

/** Lets sockets work until the condition holds. */
export const until = (condition: () => boolean) =>
  Effect.promise(async () => {
    while (!condition()) await new Promise((resolve) => setImmediate(resolve))
  })

/** Lets sockets work for so many turns of the event loop. */
const turns = (count: number) =>
  Effect.promise(async () => {
    for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
  })

/** A request, and whether it has begun to leave. */
export const observed = (url: string) => {
  const seen = { hasBegun: false }
  const onStart = () => {
    seen.hasBegun = true
  }
  return { seen, sent: request(url, { onStart }) }
}

/** An answer after which the connection stays. */
export const answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"

const withTls = (origin: string): string => origin.replace("http:", "https:")

/** A transport, and one that connects for 50 milliseconds at most. */
interface Transports {
  readonly make: Effect.Effect<Service, never, Scope.Scope>
  readonly impatient: Effect.Effect<Service, never, Scope.Scope>
  /** The code of its time-out for connecting. */
  readonly timeoutCode: string
}

/** Defines the tests that every transport passes which tells when a request begins to leave. */
export const tellingTests = (name: string, { make, impatient, timeoutCode }: Transports) => {
  describe(`${name}: a request that is given up`, () => {
    it.live("T4: while connecting, has not begun, and nothing of it arrives", () =>
      Effect.gen(function* () {
        const { send } = yield* make
        // The server accepts, and never takes part in the handshake.
        const { origin, accepted, received } = yield* Sockets.serve({})
        const { seen, sent } = observed(withTls(origin))
        const fiber = yield* Effect.forkChild(send(sent))
        yield* until(() => received.length > 0)
        yield* Fiber.interrupt(fiber)
        expect(seen.hasBegun).toBe(false)
        for (const socket of accepted) socket.destroy()
        expect(received.join("")).not.toContain("POST")
      }),
    )

    it.live("T4: after it has begun, says so, and its socket closes", () =>
      Effect.gen(function* () {
        const { send } = yield* make
        const { origin, accepted, received } = yield* Sockets.serve({})
        const { seen, sent } = observed(origin)
        const fiber = yield* Effect.forkChild(send(sent))
        yield* until(() => received.length > 0)
        yield* Fiber.interrupt(fiber)
        expect(seen.hasBegun).toBe(true)
        yield* until(() => accepted.every((socket) => socket.destroyed))
      }),
    )

    it.live("T4: at any moment, arrives only if it had begun", () =>
      Effect.gen(function* () {
        const count = form(120, 4_000)
        const { send } = yield* make
        const servers = [
          yield* Sockets.serve({ onAccept: (socket) => socket.on("data", () => socket.write(answer)) }),
          yield* Sockets.serveTls(),
        ]
        for (const { origin, received } of servers) {
          const requests = Array.from({ length: count }, (_, id) => ({ id, ...observed(`${origin}/${id}`) }))
          const ends = yield* Effect.forEach(
            requests,
            ({ id, seen, sent }) =>
              Effect.gen(function* () {
                const fiber = yield* Effect.forkChild(Effect.result(send(sent)), { startImmediately: true })
                yield* turns(id % 12)
                const end = fiber.pollUnsafe()
                yield* Fiber.interrupt(fiber)
                return { id, isOver: end !== undefined, hasBegun: seen.hasBegun }
              }),
            { concurrency: 4 },
          )
          yield* turns(20)
          const arrived = new Set(Array.from(received.join("").matchAll(/POST \/(\d+) /g), ([, id]) => Number(id)))
          expect(ends.filter(({ id, hasBegun }) => !hasBegun && arrived.has(id))).toEqual([])
          expect(ends.some(({ hasBegun }) => !hasBegun) && ends.some(({ isOver }) => isOver)).toBe(true)
        }
      }),
    )

    it.live("T4: in its first moment, leaves another no socket that is yet to complete its handshake", () =>
      Effect.gen(function* () {
        const { send } = yield* make
        const { origin, accepted } = yield* Sockets.serve({})
        const first = yield* Effect.forkChild(send(request(withTls(origin))), { startImmediately: true })
        yield* Fiber.interrupt(first)
        yield* turns(20)
        const { seen, sent } = observed(withTls(origin))
        const second = yield* Effect.forkChild(Effect.flip(send(sent)), { startImmediately: true })
        yield* until(() => accepted.length > 0)
        yield* turns(20)
        for (const socket of accepted) socket.destroy()
        expect((yield* Fiber.join(second)).delivery).toBe("not-sent")
        expect(seen.hasBegun).toBe(false)
      }),
    )

    it.live("T4: by a server that refuses, or that nobody knows, never begins", () =>
      Effect.gen(function* () {
        const { send } = yield* make
        const closed = yield* Effect.scoped(Effect.map(Sockets.serve({}), ({ origin }) => origin))
        for (const [url, code] of [
          [closed, "ECONNREFUSED"],
          [closed.replace("127.0.0.1", "localhost"), "ECONNREFUSED"],
          ["http://nowhere.invalid", expect.stringMatching(/^(?:ENOTFOUND|EAI_AGAIN)$/)],
          ["not a url", "ERR_INVALID_URL"],
        ] as const) {
          const { seen, sent } = observed(url)
          expect(yield* Effect.flip(send(sent))).toMatchObject({ code, delivery: "not-sent" })
          expect(seen.hasBegun).toBe(false)
        }
      }),
    )

    it.live("T4: by the check of a certificate, never begins, and nothing of it arrives", () =>
      Effect.gen(function* () {
        const { send } = yield* make
        const { origin, received } = yield* Sockets.serveTls(undefined, "another")
        const { seen, sent } = observed(origin)
        const error = yield* Effect.flip(send(sent))
        expect(error).toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID", delivery: "not-sent" })
        expect(seen.hasBegun).toBe(false)
        yield* turns(20)
        expect(received).toEqual([])
      }),
    )

    it.live("T4: because connecting takes too long, is not-sent; one that waits for its answer is not given up", () =>
      Effect.gen(function* () {
        const { send } = yield* impatient
        const { origin } = yield* Sockets.serve({})
        const waiting = yield* Effect.forkChild(send(request(origin)), { startImmediately: true })
        const { seen, sent } = observed(withTls(origin))
        const error = yield* Effect.flip(send(sent))
        expect(error).toMatchObject({ code: timeoutCode, delivery: "not-sent" })
        expect(seen.hasBegun).toBe(false)
        expect(waiting.pollUnsafe()).toBeUndefined()
        yield* Fiber.interrupt(waiting)
      }),
    )
  })

  describe(`${name}: an answer`, () => {
    it.live("of several parts, after one that only informs, is put together", () =>
      Effect.gen(function* () {
        const { send } = yield* make
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

    it.live("has each header that came several times, whatever its name", () =>
      Effect.gen(function* () {
        const { send } = yield* make
        const head = "HTTP/1.1 429 No\r\nretry-after: 1\r\nRetry-After: 2\r\ncookie: a\r\ncookie: b\r\n__proto__: x\r\n"
        const { origin } = yield* Sockets.serve({
          onRequest: (socket) => socket.end(`${head}content-length: 0\r\n\r\n`),
        })
        const { headers } = yield* send(request(origin))
        expect([headers["retry-after"], headers["cookie"]]).toEqual(["1, 2", "a, b"])
        expect(Object.getPrototypeOf(headers)).toBe(Object.prototype)
      }),
    )

    it.live("is requested without an encoding, which nothing would decode; an empty one has no bytes", () =>
      Effect.gen(function* () {
        const { send } = yield* make
        const { origin, received } = yield* Sockets.serve({
          onRequest: (socket) => socket.end("HTTP/1.1 204 No Content\r\n\r\n"),
        })
        expect((yield* send(request(origin))).body).toHaveLength(0)
        expect(received.join("")).toContain("accept-encoding: identity")
      }),
    )

    it.live("H4: of exactly the most bytes is whole, and one more is too large", () =>
      Effect.gen(function* () {
        const { send } = yield* make
        const { origin } = yield* Sockets.serve({ onAccept: (socket) => socket.on("data", () => socket.write(answer)) })
        expect(text((yield* send(request(origin, { maxBytes: 2 }))).body)).toBe("ok")
        const error = yield* Effect.flip(send(request(origin, { maxBytes: 1 })))
        expect(error).toMatchObject({ code: "too-large", delivery: "unknown" })
      }),
    )

    it.live("leaves its connection to a later request", () =>
      Effect.gen(function* () {
        const { send } = yield* make
        const { origin, accepted } = yield* Sockets.serve({
          onAccept: (socket) => socket.on("data", () => socket.write(answer)),
        })
        for (let time = 1; time <= 4; time++) yield* send(request(origin))
        expect(accepted.length).toBeLessThan(4)
      }),
    )

    it.live("T4: that nothing asked for, on a connection that is kept, answers no later request", () =>
      Effect.gen(function* () {
        const { send } = yield* make
        const other = answer.replace("ok", "no")
        let connections = 0
        const { origin, accepted } = yield* Sockets.serve({
          onAccept: (socket) => {
            const isFirst = connections++ === 0
            socket.on("data", () => socket.write(answer, () => isFirst && setImmediate(() => socket.write(other))))
          },
        })
        expect(text((yield* send(request(origin))).body)).toBe("ok")
        yield* until(() => accepted.every((socket) => socket.bytesWritten > answer.length))
        yield* turns(5)
        const end = yield* Effect.result(send(request(origin)))
        expect(Result.isSuccess(end) ? text(end.success.body) : end.failure.delivery).not.toBe("no")
      }),
    )
  })
}
