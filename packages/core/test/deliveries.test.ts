/** What a client says about a request: whether it was sent, refused, or may have been carried out. */
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { SendGate } from "../src/http/SendGate.ts"
import { TransportError } from "../src/http/TransportError.ts"
import * as Reason from "../src/model/Reason.ts"
import { answer, authorization, list, make, start, token } from "./support/acmeClient.ts"

const advance = TestClock.adjust("10 minutes")

const page = "<html><head><title>nginx</title></head></html>"

describe("a connection that fails", () => {
  it.effect("F1: the error names the address without a path", () =>
    Effect.gen(function* () {
      const { client } = yield* make(
        () => Effect.fail(new TransportError({ code: "ENOTFOUND", delivery: "not-sent" })),
        {
          baseUrl: "https://api.acme.test/v2",
        },
      )
      const error = yield* Effect.flip(client.call(list))
      expect(error.reason).toMatchObject({ _tag: "Network", origin: "https://api.acme.test" })
      expect(error.summary).toContain("ENOTFOUND from https://api.acme.test")
      expect(error.summary).not.toContain("/v2")
    }),
  )
})

describe("the delivery of a write", () => {
  const failureOf = Effect.fnUntraced(function* (status: number, body: string) {
    const { client } = yield* make(() => Effect.succeed(answer(status, body)))
    return yield* Effect.flip(client.call(start))
  })

  it.effect.each([400, 401, 403, 404, 405, 406, 409, 410, 413, 418, 422, 429, 451])(
    "T4: a %d in the vendor's own form is refused",
    (status) =>
      Effect.gen(function* () {
        expect((yield* failureOf(status, '"no"')).delivery).toBe("refused")
      }),
  )

  it.effect.each([408, 421, 423, 425, 499, 500, 502, 503, 504, 520, 599])(
    "T4: a %d is unknown, whatever its body",
    (status) =>
      Effect.gen(function* () {
        for (const body of ['"no"', page, ""]) expect((yield* failureOf(status, body)).delivery).toBe("unknown")
      }),
  )

  it.effect.each([400, 402, 403, 404, 405, 407, 409, 410, 413, 415, 418, 422, 428, 430, 431, 444, 451, 460, 494])(
    "T4: a %d of a gateway is unknown",
    (status) =>
      Effect.gen(function* () {
        for (const body of [page, ""]) expect((yield* failureOf(status, body)).delivery).toBe("unknown")
      }),
  )

  it.effect.each([401, 429])("T4: a %d of a gateway is refused: it stands in front of the API", (status) =>
    Effect.gen(function* () {
      for (const body of [page, ""]) expect((yield* failureOf(status, body)).delivery).toBe("refused")
    }),
  )

  it.effect.each([300, 301, 304, 399])("H3, T4: a %d is an answer that classify never gets, and is unknown", (status) =>
    Effect.gen(function* () {
      const error = yield* failureOf(status, '"no"')
      expect(error).toMatchObject({ reason: { _tag: "UnexpectedResponse" }, delivery: "unknown", evidence: { status } })
    }),
  )

  it.effect("T4: a refusal within a success is refused where it has the vendor's form", () =>
    Effect.gen(function* () {
      expect((yield* failureOf(200, '"refused"')).delivery).toBe("refused")
      const settings = { classify: () => ({ reason: new Reason.Conflict(), isVendorsForm: false }) }
      const { client } = yield* make(() => Effect.succeed(answer(200, "{}")), settings)
      expect((yield* Effect.flip(client.call(start))).delivery).toBe("unknown")
    }),
  )

  it.effect("H4, T4: an answer that is too large is no trouble of the network, and is unknown", () =>
    Effect.gen(function* () {
      const failure = new TransportError({ code: "too-large", delivery: "not-sent" })
      const { client, sent } = yield* make(() => Effect.fail(failure), { maxBytes: 1_000 })
      const error = yield* Effect.flip(client.call(start))
      expect(error).toMatchObject({ reason: { _tag: "TooLarge", maxBytes: 1_000 }, delivery: "unknown" })
      expect(error.message).toContain("more than 1000 bytes")
      expect(sent.map(({ maxBytes }) => maxBytes)).toEqual([1_000])
    }),
  )
})

describe("the gate before a request", () => {
  it.effect("T4: where it fails, nothing is sent, and the call says so", () =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(() => Effect.succeed(answer(200, '{"id":"r"}')))
      const call = Effect.provideService(client.call(start), SendGate, Effect.fail("the workspace is closed"))
      const error = yield* Effect.flip(call)
      expect(error).toMatchObject({
        operation: "start",
        reason: { _tag: "Stopped", why: "the workspace is closed" },
        delivery: "not-sent",
        attempts: 0,
      })
      expect(error.message).toContain("the workspace is closed")
      expect(sent).toEqual([])
      yield* client.call(list)
      expect(sent).toHaveLength(1)
    }),
  )

  it.effect("T4: it comes after the token was read, and right before the request, in the fiber of the call", () =>
    Effect.gen(function* () {
      const order: Array<string> = []
      const fibers = new Set<number>()
      const note = (event: string) =>
        Effect.withFiber((fiber) => {
          if (event !== "request") fibers.add(fiber.id)
          order.push(event)
          return Effect.void
        })
      const read = Effect.as(Effect.delay(note("token"), "5 seconds"), Redacted.make("t"))
      const { client } = yield* make(() => Effect.as(note("request"), answer(200, '{"id":"r"}')), { token: read })
      const gate = Effect.andThen(
        note("gate"),
        // A turn of the event loop between the gate and the request would come in between.
        Effect.sync(() => queueMicrotask(() => order.push("microtask"))),
      )
      yield* Effect.forkChild(Effect.provideService(client.call(start), SendGate, gate), {
        startImmediately: true,
      }).pipe(
        Effect.tap(() => Effect.sync(() => order.push("caller"))),
        Effect.flatMap((fiber) => Effect.andThen(advance, Fiber.join(fiber))),
      )
      expect(order).toEqual(["caller", "token", "gate", "request", "microtask"])
      expect(fibers.size).toBe(1)
    }),
  )

  it.effect("T4: a caller who is interrupted while the token is read sends nothing", () =>
    Effect.gen(function* () {
      let isOpen = true
      const gate = Effect.suspend(() => (isOpen ? Effect.void : Effect.fail("its caller was interrupted")))
      const { client, sent } = yield* make(() => Effect.succeed(answer(200, "{}")), {
        token: Effect.delay(Effect.succeed(Redacted.make("t")), "5 seconds"),
      })
      const fiber = yield* Effect.forkChild(Effect.flip(Effect.provideService(client.call(start), SendGate, gate)))
      isOpen = false
      yield* advance
      expect(yield* Fiber.join(fiber)).toMatchObject({ reason: { _tag: "Stopped" }, delivery: "not-sent" })
      expect(sent).toEqual([])
    }),
  )

  it.effect("T4: it runs again before the request that follows a 401", () =>
    Effect.gen(function* () {
      let gates = 0
      let reads = 0
      const gate = Effect.suspend(() => (++gates === 1 ? Effect.void : Effect.fail("closed")))
      const { client, sent } = yield* make(() => Effect.succeed(answer(401, '"expired"')), {
        token: Effect.sync(() => Redacted.make(`token-${++reads}`)),
      })
      const error = yield* Effect.flip(Effect.provideService(client.call(start), SendGate, gate))
      expect(error).toMatchObject({ reason: { _tag: "Stopped" }, delivery: "not-sent", attempts: 1 })
      expect([gates, reads, sent.length]).toEqual([2, 2, 1])
    }),
  )
})

describe("a token that is an effect", () => {
  const tokens = () => {
    let reads = 0
    return Effect.sync(() => Redacted.make(`token-${++reads}`))
  }

  const failures: ReadonlyArray<readonly [string, Parameters<typeof make>[0]]> = [
    ["a 403", () => Effect.succeed(answer(403, '"no"'))],
    ["a 404", () => Effect.succeed(answer(404, '"no"'))],
    ["a 409", () => Effect.succeed(answer(409, '"no"'))],
    ["a 429", () => Effect.succeed(answer(429, '"no"'))],
    ["a 500", () => Effect.succeed(answer(500, '"no"'))],
    ["a 503 of a gateway", () => Effect.succeed(answer(503, page))],
    ["a redirect", () => Effect.succeed(answer(302, ""))],
    ["an unreadable answer", () => Effect.succeed(answer(200, "{"))],
    ["a refusal within a success", () => Effect.succeed(answer(200, '"unauthenticated"'))],
    ["a reset", () => Effect.fail(new TransportError({ code: "ECONNRESET", delivery: "unknown" }))],
    ["a refused connection", () => Effect.fail(new TransportError({ code: "ECONNREFUSED", delivery: "not-sent" }))],
    ["an answer that is too large", () => Effect.fail(new TransportError({ code: "too-large", delivery: "unknown" }))],
    ["no answer", () => Effect.never],
  ]
  it.effect.each(failures)("T4: is read once, and the request sent once, where it fails with %s", ([, respond]) =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(respond, {
        token: tokens(),
        classify: ({ status, json }) =>
          json === "unauthenticated" || status === 401
            ? { reason: new Reason.Unauthenticated(), isVendorsForm: true }
            : status < 300
              ? undefined
              : { reason: new Reason.Conflict(), isVendorsForm: true },
      })
      for (const call of [{ ...start, answer: list.answer }, list]) {
        const fiber = yield* Effect.forkChild(Effect.flip(client.call(call)))
        yield* advance
        expect(yield* Fiber.join(fiber)).toMatchObject({ attempts: 1 })
      }
      expect(sent.map(authorization)).toEqual(["Bearer token-1", "Bearer token-1"])
    }),
  )

  it.effect("T4: after a 401 the request is sent once more, with the new token, and no third time", () =>
    Effect.gen(function* () {
      for (const body of ['"expired"', page, ""]) {
        const { client, sent } = yield* make(() => Effect.succeed(answer(401, body)), { token: tokens() })
        const error = yield* Effect.flip(client.call(start))
        expect(error).toMatchObject({ reason: { _tag: "Unauthenticated" }, delivery: "refused", attempts: 2 })
        expect(sent.map(authorization)).toEqual(["Bearer token-1", "Bearer token-2"])
      }
    }),
  )

  it.effect("T4: a 401 that is about a permission causes no second request", () =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(() => Effect.succeed(answer(401, '"no"')), {
        token: tokens(),
        classify: () => ({ reason: new Reason.PermissionDenied(), isVendorsForm: true }),
      })
      expect(yield* Effect.flip(client.call(start))).toMatchObject({
        reason: { _tag: "PermissionDenied" },
        attempts: 1,
      })
      expect(sent).toHaveLength(1)
    }),
  )

  it.effect.each([
    [Redacted.make("with a space")],
    [Redacted.make("")],
    [Redacted.make("line\nfeed")],
    ["not redacted"],
  ])("H2, T4: that yields %j, which no header can carry, sends nothing", ([unusable]) =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(() => Effect.succeed(answer(200, "{}")), {
        token: Effect.succeed(unusable as Redacted.Redacted),
      })
      const error = yield* Effect.flip(client.call(start))
      expect(error).toMatchObject({ reason: { _tag: "Unauthenticated" }, delivery: "not-sent" })
      expect(sent).toEqual([])
    }),
  )

  it.effect("T4: a lost answer after a 401 stays lost", () =>
    Effect.gen(function* () {
      let requests = 0
      const { client } = yield* make(
        () =>
          ++requests === 1
            ? Effect.succeed(answer(401, '"expired"'))
            : Effect.fail(new TransportError({ code: "ECONNRESET", delivery: "unknown" })),
        { token: tokens() },
      )
      const error = yield* Effect.flip(client.call(start))
      expect(error).toMatchObject({ reason: { _tag: "Network" }, delivery: "unknown", attempts: 2 })
    }),
  )

  const vault = new Error(`vault says ${token}`, { cause: { token } })
  const causes = {
    fails: Effect.fail(vault),
    dies: Effect.die(vault),
    throws: Effect.sync(() => {
      throw vault
    }),
    rejects: Effect.tryPromise(() => Promise.reject(vault)),
    "fails and dies": Effect.failCause(Cause.combine(Cause.fail(vault), Cause.die(vault))),
    "returns no token": Effect.succeed(Redacted.make(`${token} with a space`)),
    "returns a text": Effect.succeed(token as never),
    "returns what cannot be read": Effect.sync(() => {
      const gone = Redacted.make(token)
      Redacted.wipeUnsafe(gone)
      return gone
    }),
  } satisfies Record<string, Effect.Effect<Redacted.Redacted, unknown>>

  it.effect.each(Object.entries(causes))("H2, H5: that %s fails the call, without its message", ([_, source]) =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(() => Effect.succeed(answer(200, "{}")), { token: source })
      const account = typeof client.account === "string" ? Effect.die("no account") : client.account
      for (const operation of [client.call(start), account]) {
        const exit = yield* Effect.exit(operation)
        if (Exit.isSuccess(exit)) return expect.unreachable()
        expect(Cause.findErrorOption(exit.cause)).toMatchObject({
          value: { reason: { _tag: "Unauthenticated" }, delivery: "not-sent" },
        })
        for (const print of [inspect(exit, { depth: 20, showHidden: true }), Cause.pretty(exit.cause)])
          expect(print).not.toContain(token)
      }
      expect(sent).toEqual([])
    }),
  )

  it.effect("H2, H5: that fails when it is read again leaves the refusal, without its message", () =>
    Effect.gen(function* () {
      for (const again of [Effect.fail(vault), Effect.die(vault)]) {
        let reads = 0
        const source = Effect.suspend(() => (reads++ === 0 ? Effect.succeed(Redacted.make(token)) : again))
        const { client } = yield* make(() => Effect.succeed(answer(401, '"expired"')), { token: source })
        const exit = yield* Effect.exit(client.call(start))
        if (Exit.isSuccess(exit)) return expect.unreachable()
        expect(Cause.findErrorOption(exit.cause)).toMatchObject({
          value: { reason: { _tag: "Unauthenticated" }, delivery: "refused", evidence: { status: 401 } },
        })
        for (const print of [inspect(exit, { depth: 20, showHidden: true }), Cause.pretty(exit.cause)])
          expect(print).not.toContain(token)
      }
    }),
  )
})

describe("a transport that dies", () => {
  it.effect("H2, H5: fails the call, without its message, and its delivery is unknown", () =>
    Effect.gen(function* () {
      const { client } = yield* make((request) => Effect.die(new Error(`no: ${authorization(request)}`)))
      const error = yield* Effect.flip(client.call(start))
      expect(error).toMatchObject({ reason: { _tag: "Network", code: "died" }, delivery: "unknown", attempts: 1 })
      expect(inspect(error, { depth: 20 })).not.toContain(token)
    }),
  )
})

describe("the body of a request", () => {
  it.effect(
    "a POST, PUT or PATCH without one is sent with `{}` and a content type, and other methods without any",
    () =>
      Effect.gen(function* () {
        const { client, sent } = yield* make(() => Effect.succeed(answer(200, "{}")))
        const { body: _, ...bare } = start
        for (const method of ["POST", "GET", "DELETE", "PUT", "PATCH"] as const) yield* client.call({ ...bare, method })
        expect(sent.map(({ method, body, headers }) => [method, body, headers["content-type"]])).toEqual([
          ["POST", "{}", "application/json"],
          ["GET", undefined, undefined],
          ["DELETE", undefined, undefined],
          ["PUT", "{}", "application/json"],
          ["PATCH", "{}", "application/json"],
        ])
        yield* client.call({ ...start, body: null, headers: { "content-type": "application/vnd.acme+json" } })
        expect(sent.at(-1)).toMatchObject({ body: "null", headers: { "content-type": "application/vnd.acme+json" } })
      }),
  )
})
