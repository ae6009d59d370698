import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Redacted, Result, Schema } from "effect"
import { revealedHeaders } from "../src/http/exchange.ts"
import { toTransportError } from "../src/http/failure.ts"
import * as Path from "../src/http/path.ts"
import { SendGate } from "../src/http/SendGate.ts"
import { sha256 } from "../src/http/sha256.ts"
import { TransportError } from "../src/http/TransportError.ts"
import * as Token from "../src/http/token.ts"
import type * as VendorClient from "../src/http/VendorClient.ts"
import * as Reason from "../src/model/Reason.ts"
import { answer, authorization, list, make, start, token } from "./support/acmeClient.ts"

describe("a failure of a socket", () => {
  const caused = (depth: number): unknown =>
    depth === 0 ? Object.assign(new Error(), { code: "ENOTFOUND" }) : { cause: caused(depth - 1) }
  const several = (depth: number): unknown =>
    depth === 0 ? Object.assign(new Error(), { code: "ENOTFOUND" }) : { errors: [several(depth - 1)] }

  it("T4: its cause is read to the fifth, and no deeper", () => {
    expect(toTransportError(caused(5))).toMatchObject({ code: "ENOTFOUND", delivery: "not-sent" })
    expect(toTransportError(caused(6))).toMatchObject({ code: "network", delivery: "unknown" })
  })

  it("T4: several failures that nest are read as deep", () => {
    expect(toTransportError(several(1))).toMatchObject({ code: "ENOTFOUND", delivery: "not-sent" })
    expect(toTransportError(several(5))).toMatchObject({ code: "ENOTFOUND", delivery: "not-sent" })
    expect(toTransportError(several(6))).toMatchObject({ code: "network", delivery: "not-sent" })
    expect(toTransportError(several(7))).toMatchObject({ code: "network", delivery: "unknown" })
  })
})

describe("a URL", () => {
  const base = "https://api.acme.test"
  it("H1: it ends with a slash where it has no path, and has a query where there is one", () => {
    expect(Path.build(base, [])).toEqual(Result.succeed(`${base}/`))
    expect(Path.build(base, ["a"])).toEqual(Result.succeed(`${base}/a`))
    expect(Path.build(base, ["a"], { b: undefined })).toEqual(Result.succeed(`${base}/a`))
    expect(Path.build(base, ["a"], { b: 1 })).toEqual(Result.succeed(`${base}/a?b=1`))
    expect(Path.build(base, ["a"], { b: 1, c: undefined, d: "&" })).toEqual(Result.succeed(`${base}/a?b=1&d=%26`))
  })

  it("H1: a query that cannot be encoded is named", () => {
    const query = { fine: "yes", broken: "\ud800", "broken too": "\ud801" }
    expect(Path.build(base, ["a"], query)).toEqual(Result.fail("Expected well-formed Unicode in broken"))
  })
})

it("H2: secret headers are revealed for the wire, and others are as they are", () => {
  expect(revealedHeaders({ accept: "a", authorization: Redacted.make("b") })).toEqual({
    accept: "a",
    authorization: "b",
  })
})

describe("a token", () => {
  it("H2: it is redacted, and printable", () => {
    expect(Token.isUsable(Redacted.make("t"))).toBe(true)
    for (const other of ["t", undefined, Redacted.make(""), Redacted.make("a b"), Redacted.make(7)]) {
      expect(Token.isUsable(other)).toBe(false)
    }
  })

  it.effect("H2: readers at once share one run of the effect, and its account stays that of the first token", () =>
    Effect.gen(function* () {
      let runs = 0
      const source = Effect.suspend(() => {
        const token = Redacted.make(`token-${++runs}`)
        return Effect.delay(Effect.succeed(token), 0)
      })
      const { read, reread, account } = Token.make(Effect.andThen(Effect.yieldNow, source))
      if (typeof account === "string") return expect.unreachable()
      const [first, second] = yield* Effect.all([read, read, account], { concurrency: "unbounded" })
      expect([runs, Redacted.value(first), Redacted.value(second)]).toEqual([1, "token-1", "token-1"])
      const renewed = yield* Effect.all([reread(first), reread(first)], { concurrency: "unbounded" })
      expect(renewed.map(Redacted.value)).toEqual(["token-2", "token-2"])
      expect(runs).toBe(2)
      expect(yield* account).toBe(sha256("token-1"))
      expect(Redacted.value(yield* read)).toBe("token-2")
    }).pipe(Effect.timeout("1 minute")),
  )
})

it.effect("H2: a token is read at once while another caller reads a refused one again", () =>
  Effect.gen(function* () {
    let runs = 0
    const source = Effect.suspend(() => (++runs === 1 ? Effect.succeed(Redacted.make("token-1")) : Effect.never))
    const { read, reread } = Token.make(source)
    const first = yield* read
    yield* Effect.forkChild(reread(first), { startImmediately: true })
    expect(runs).toBe(2)
    const again = yield* Effect.forkChild(read, { startImmediately: true })
    expect(again.pollUnsafe()).toEqual(Exit.succeed(first))
  }),
)

it.effect("T8: a call that its gate stops counts no attempt, and has not used up any", () =>
  Effect.gen(function* () {
    const { client, sent } = yield* make(() => Effect.succeed(answer(200, "{}")))
    const stopped = Effect.provideService(client.call(start), SendGate, Effect.fail("its caller has left"))
    expect(yield* Effect.flip(stopped)).toMatchObject({ attempts: 0, exhausted: false, delivery: "not-sent" })
    expect(sent).toEqual([])
  }),
)

describe("a client", () => {
  const ok = () => Effect.succeed(answer(200, '{"id":"1"}'))

  it.effect("H5: an answer has 8 MiB at most, where the settings say nothing", () =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(ok)
      yield* client.call(list)
      expect(sent[0]?.maxBytes).toBe(8_388_608)
    }),
  )

  it.effect("H5: its errors count one attempt, after which another one may make sense", () =>
    Effect.gen(function* () {
      const { client } = yield* make(() => Effect.succeed(answer(503, "")))
      expect(client.error("get", new Reason.Conflict(), "refused")).toMatchObject({ attempts: 1, exhausted: false })
      expect(yield* Effect.flip(client.call(list))).toMatchObject({ attempts: 1, exhausted: false })
    }),
  )

  it.effect("H5: it validates input, and refuses it before anything is sent", () =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(ok)
      const schema = Schema.Struct({ name: Schema.String })
      expect(yield* client.validate("update", schema, { name: "a" })).toEqual({ name: "a" })
      expect(yield* Effect.flip(client.validate("update", schema, { name: 7 }))).toMatchObject({
        operation: "update",
        delivery: "not-sent",
        reason: { _tag: "InvalidRequest", issues: [{ path: ["name"] }] },
      })
      expect(sent).toEqual([])
    }),
  )

  it.effect("T4: where the token cannot be read again, the refusal stands", () =>
    Effect.gen(function* () {
      let reads = 0
      const source = Effect.suspend(() =>
        ++reads === 1 ? Effect.succeed(Redacted.make(token)) : Effect.fail("sealed"),
      )
      const { client, sent } = yield* make(() => Effect.succeed(answer(401, '"expired"')), { token: source })
      expect(yield* Effect.flip(client.call(start))).toMatchObject({
        reason: { _tag: "Unauthenticated" },
        delivery: "refused",
        evidence: { status: 401, text: '"expired"' },
        attempts: 1,
      })
      expect([sent.length, reads]).toEqual([1, 2])
    }),
  )

  it.effect.each([
    ["ECONNRESET", "ECONNRESET"],
    [7, "unknown"],
  ] as const)("H5: a transport that fails with %s fails with the code %s", ([code, expected]) =>
    Effect.gen(function* () {
      const failure = Object.assign(new TransportError({ code: "x", delivery: "unknown" }), { code })
      const { client } = yield* make(() => Effect.fail(failure))
      expect((yield* Effect.flip(client.call(start))).reason).toMatchObject({ _tag: "Network", code: expected })
    }),
  )

  it.effect("B2: only the headers of a success say what is left", () =>
    Effect.gen(function* () {
      for (const [status, count] of [
        [200, 1],
        [299, 1],
        [300, 0],
        [503, 0],
      ] as const) {
        let reads = 0
        const remaining = () => {
          reads++
          return undefined
        }
        const { client } = yield* make(() => Effect.succeed(answer(status, '{"id":"1"}')), { remaining })
        yield* Effect.ignore(client.call(list))
        expect(reads).toBe(count)
      }
    }),
  )
})

describe("an answer", () => {
  const issueOf = Effect.fnUntraced(function* (status: number, body: string) {
    const { client } = yield* make(() => Effect.succeed(answer(status, body)), { classify: () => undefined })
    const { reason } = yield* Effect.flip(client.call(list))
    return "issues" in reason ? reason.issues[0]?.message : undefined
  })

  it.effect("H5: an error says what was expected, and what came", () =>
    Effect.gen(function* () {
      expect(yield* issueOf(302, "")).toBe("Expected a success, found a redirect (302)")
      expect(yield* issueOf(404, "")).toBe("Expected a success, found HTTP 404")
      expect(yield* issueOf(200, " ")).toBe("Expected JSON, found an empty body")
      expect(yield* issueOf(200, "<html>")).toBe("Expected JSON, found a body that is not JSON")
    }),
  )

  it.effect("H5: of several ids of a request, the first header's counts", () =>
    Effect.gen(function* () {
      const headers = { "x-second": "2", "x-first": "1" }
      const { client } = yield* make(() => Effect.succeed(answer(503, "", headers)), {
        requestIdHeaders: ["x-none", "x-first", "x-second"],
      })
      expect((yield* Effect.flip(client.call(list))).evidence).toMatchObject({ requestId: "1" })
    }),
  )

  it.effect("H5: what an error shows is cut only where it is longer than its bound", () =>
    Effect.gen(function* () {
      for (const [length, shown] of [
        [500, "x".repeat(500)],
        [501, `${"x".repeat(499)}…`],
      ] as const) {
        const { client } = yield* make(() => Effect.succeed(answer(409, "x".repeat(length))))
        expect((yield* Effect.flip(client.call(start))).evidence.text).toBe(shown)
      }
    }),
  )

  it.effect("H5: the token stays in the value of a success, as it was sent, and in what classify reads", () =>
    Effect.gen(function* () {
      const quoted = 'sk_live_"secret"_of_this_test'
      for (const sent of [token, quoted, "aA", "a"]) {
        const escaped = Array.from(sent, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join("")
        for (const body of [JSON.stringify({ id: `<${sent}>` }), `{"id":"<${escaped}>"}`]) {
          const { client } = yield* make(() => Effect.succeed(answer(200, body)), { token: Redacted.make(sent) })
          expect(yield* client.call(list)).toEqual({ id: `<${sent}>` })
          for (const status of [200, 299, 409, 500]) {
            const seen: Array<unknown> = []
            const classify = ({ text, json }: VendorClient.Answer) => void seen.push(text, json)
            const settings = { token: Redacted.make(sent), classify }
            const other = yield* make(() => Effect.succeed(answer(status, body)), settings)
            yield* Effect.exit(other.client.call(list))
            expect(authorization(other.sent[0])).toBe(`Bearer ${sent}`)
            expect(seen).toEqual([body, { id: `<${sent}>` }])
          }
        }
      }
    }),
  )
})
