import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit, Redacted, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { CurrentRequest } from "../src/http/currentRequest.ts"
import { type Response, type Service, Transport } from "../src/http/Transport.ts"
import { TransportError } from "../src/http/TransportError.ts"
import * as VendorClient from "../src/http/VendorClient.ts"
import { NumberText } from "../src/model/Json.ts"
import { answer, authorization, list, make, start, token } from "./support/acmeClient.ts"
import { within } from "./support/testbed.ts"

describe("paths", () => {
  it.effect("H1: no id changes the path or the origin", () =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(() => Effect.succeed(answer(200, "{}")))
      for (const id of [
        "a/b",
        "?x=1",
        "#y",
        "a b",
        "line\nfeed",
        "über",
        "..%2f",
        "//evil.test",
        "\\\\evil",
        "...",
        "@evil.test",
      ]) {
        yield* client.call({ ...start, path: ["v1", id, "start"] })
        const { url } = sent.at(-1) ?? { url: "" }
        const parsed = new URL(url)
        expect(parsed.origin).toBe("https://api.acme.test")
        expect(parsed.search + parsed.hash).toBe("")
        expect(parsed.pathname.split("/").map(decodeURIComponent)).toEqual(["", "v1", id, "start"])
      }
    }),
  )

  it.effect("H1: an id that no path can carry is refused before anything is sent", () =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(() => Effect.succeed(answer(200, "{}")))
      for (const id of ["", ".", "..", "\ud800"]) {
        const error = yield* Effect.flip(client.call({ ...start, path: ["v1", id] }))
        expect(error).toMatchObject({ reason: { _tag: "InvalidRequest" }, delivery: "not-sent" })
      }
      expect(sent).toEqual([])
    }),
  )
})

describe("a request that is given up", () => {
  it.effect("T4: a deadline before the request begins to leave proves not-sent, where the transport tells", () =>
    Effect.gen(function* () {
      for (const [tellsStart, begins, delivery] of [
        [true, false, "not-sent"],
        [true, true, "unknown"],
        [false, false, "unknown"],
      ] as const) {
        const send: Service["send"] = ({ onStart }) => {
          if (begins) onStart?.()
          return Effect.never
        }
        const settings = { workspace: "prod", vendor: "acme", baseUrl: "https://api.acme.test" }
        const client = yield* VendorClient.make({
          ...settings,
          token: Redacted.make("a-token-of-a-test"),
          classify: () => undefined,
        }).pipe(Effect.provideService(Transport, { tellsStart, send }))
        for (const call of [list, start]) {
          const error = yield* Effect.flip(within("181 seconds", client.call(call)))
          expect(error).toMatchObject({ reason: { _tag: "Timeout" }, delivery })
        }
      }
    }),
  )
})

describe("answers", () => {
  it.effect("H5, T4: every failure has a reason and a delivery", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<[Response | TransportError, string, string]> = [
        [new TransportError({ code: "ECONNREFUSED", delivery: "not-sent" }), "Network", "not-sent"],
        [new TransportError({ code: "ECONNRESET", delivery: "unknown" }), "Network", "unknown"],
        [answer(409, '"no"'), "Conflict", "refused"],
        [answer(503, "<html>"), "Unavailable", "unknown"],
        [answer(408, ""), "Conflict", "unknown"],
        [answer(302, ""), "UnexpectedResponse", "unknown"],
        [answer(200, ""), "UnexpectedResponse", "unknown"],
        [answer(200, '{"id":'), "UnexpectedResponse", "unknown"],
        [answer(200, '{"id":7}'), "UnexpectedResponse", "unknown"],
      ]
      for (const [given, tag, delivery] of cases) {
        const { client } = yield* make(() =>
          given instanceof TransportError ? Effect.fail(given) : Effect.succeed(given),
        )
        const error = yield* Effect.flip(client.call(list))
        expect([error.reason._tag, error.delivery]).toEqual([tag, delivery])
      }
    }),
  )

  it.effect("a transport that interrupts itself interrupts the call", () =>
    Effect.gen(function* () {
      const { client } = yield* make(() => Effect.interrupt)
      const exit = yield* Effect.exit(client.call(start))
      expect(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)).toBe(true)
    }),
  )

  it.effect.each([[Number.NaN], [undefined], ["200"]])("H5, T4: a transport's status %j proves nothing", ([status]) =>
    Effect.gen(function* () {
      const { client } = yield* make(() => Effect.succeed({ ...answer(200, "{}"), status: status as number }))
      const error = yield* Effect.flip(client.call(start))
      expect(error).toMatchObject({ reason: { _tag: "UnexpectedResponse" }, delivery: "unknown", evidence: {} })
    }),
  )

  it.effect.each([[undefined], [null], ["text"], [new Error("secret")], [{ code: 5, delivery: "refused" }]])(
    "H5, T4: a transport that fails with %j proves nothing",
    ([failure]) =>
      Effect.gen(function* () {
        const { client } = yield* make(() => Effect.fail(failure as TransportError))
        const error = yield* Effect.flip(client.call(start))
        expect(error).toMatchObject({ reason: { _tag: "Network", code: "unknown" }, delivery: "unknown" })
      }),
  )

  it.effect("H6: a body that JSON cannot show is refused before anything is sent", () =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(() => Effect.succeed(answer(200, "{}")))
      const deep: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`)
      const cyclic: Record<string, unknown> = {}
      cyclic["self"] = cyclic
      for (const body of [deep, cyclic, { odd: new NumberText("1e400") }]) {
        const error = yield* Effect.flip(client.call({ ...start, body }))
        expect(error).toMatchObject({ reason: { _tag: "InvalidRequest" }, delivery: "not-sent" })
      }
      expect(sent).toEqual([])
    }),
  )

  it.effect("H6: the error of an answer that does not fit names the path, not the value", () =>
    Effect.gen(function* () {
      const { client } = yield* make(() =>
        Effect.succeed(answer(200, '{"id":{"email":"a@b.c"}}', { "x-request-id": "q" })),
      )
      const error = yield* Effect.flip(client.call(list))
      expect(error.reason).toMatchObject({ issues: [{ path: ["id"], message: "Expected string" }] })
      expect(error.evidence).toEqual({ status: 200, requestId: "q" })
      expect(inspect(error, { depth: 20 })).not.toContain("a@b.c")
    }),
  )

  it.effect.prop(
    "H5: any bytes with any status end in a value or a RetlError",
    { bytes: Arbitrary.schema(Schema.Uint8Array), status: Arbitrary.schema(Schema.Int) },
    ({ bytes, status }) =>
      Effect.gen(function* () {
        const { client } = yield* make(() =>
          Effect.succeed({ status: 200 + (Math.abs(status) % 400), headers: {}, body: bytes }),
        )
        const exit = yield* Effect.exit(client.call(list))
        if (exit._tag === "Failure") expect((yield* Effect.flip(exit))._tag).toBe("RetlError")
      }),
  )

  it.effect("H6: an empty body is accepted only where the call gives a value for it", () =>
    Effect.gen(function* () {
      const { client } = yield* make(() => Effect.succeed(answer(200, " ")))
      expect(yield* client.call({ ...list, empty: { id: "" } })).toEqual({ id: "" })
      expect(yield* Effect.flip(client.call(list))).toMatchObject({ reason: { _tag: "UnexpectedResponse" } })
      const garbled = yield* make(() => Effect.succeed(answer(200, "<html>")))
      expect(yield* Effect.flip(garbled.client.call({ ...list, empty: { id: "" } }))).toMatchObject({
        reason: { _tag: "UnexpectedResponse" },
      })
    }),
  )

  it.effect("H2, H5: a token that the vendor echoes is cut out of errors, and stays in what is read", () =>
    Effect.gen(function* () {
      const { client } = yield* make(() => Effect.succeed(answer(409, `bad token ${token}, really ${token}`)))
      const error = yield* Effect.flip(client.call(list))
      expect(error.evidence.text).toBe("bad token <redacted>, really <redacted>")
      for (const view of [error.message, JSON.stringify(error), inspect(error, { depth: 20, showHidden: true })]) {
        expect(view).not.toContain(token)
      }
      const { client: good, sent } = yield* make(() => Effect.succeed(answer(200, `{"id":"${token}"}`)))
      expect(yield* good.call(list)).toEqual({ id: token })
      expect(inspect(sent, { depth: 20 })).not.toContain(token)
    }),
  )
})

describe("time", () => {
  it.effect("T4: a write times out after 180 seconds with delivery `unknown`, and a read after 30", () =>
    Effect.gen(function* () {
      const { client } = yield* make(() => Effect.never)
      const write = yield* Effect.flip(
        within("181 seconds", Effect.timed(client.call(start)).pipe(Effect.mapError((e) => e))),
      )
      expect(write).toMatchObject({ reason: { _tag: "Timeout" }, delivery: "unknown" })
      expect(write.message).toContain("no answer within 3m")
      const early = yield* Effect.exit(within("29 seconds", client.call(list)))
      expect(String(early)).toContain("had not ended")
      expect(yield* Effect.flip(within("31 seconds", client.call(list)))).toMatchObject({ reason: { _tag: "Timeout" } })
    }),
  )
})

describe("settings", () => {
  it.effect("T4: a time-out of the settings holds for its kind of request", () =>
    Effect.gen(function* () {
      const { client } = yield* make(() => Effect.never, { writeTimeout: "20 minutes", readTimeout: "1 second" })
      expect(String(yield* Effect.exit(within("19 minutes", client.call(start))))).toContain("had not ended")
      expect(yield* Effect.flip(within("21 minutes", client.call(start)))).toMatchObject({
        reason: { _tag: "Timeout" },
      })
      expect(yield* Effect.flip(within("2 seconds", client.call(list)))).toMatchObject({ reason: { _tag: "Timeout" } })
    }),
  )

  it.effect("H1: headers and a query are sent with each request, encoded", () =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(() => Effect.succeed(answer(200, '{"id":"r"}')), {
        headers: { "x-acme": "1", "x-other": "2" },
      })
      yield* client.call({ ...list, query: { "a&b": "c=d", "e#": true, none: undefined }, headers: { "x-other": "3" } })
      expect(sent).toMatchObject([
        {
          url: "https://api.acme.test/v1/runs?a%26b=c%3Dd&e%23=true",
          headers: { accept: "application/json", "x-acme": "1", "x-other": "3" },
        },
      ])
    }),
  )
})

describe("tokens", () => {
  it.effect("H2: a refused token is read again once for all callers", () =>
    Effect.gen(function* () {
      let reads = 0
      const source = Effect.sync(() => Redacted.make(`token-${++reads}`))
      const { client, sent } = yield* make(
        (request) =>
          Effect.succeed(
            authorization(request) === "Bearer token-2" ? answer(200, '{"id":"r"}') : answer(401, "expired"),
          ),
        { token: source },
      )
      const all = yield* Effect.all(
        Array.from({ length: 5 }, () => client.call(list)),
        { concurrency: "unbounded" },
      )
      expect(all).toHaveLength(5)
      expect(reads).toBe(2)
      expect(sent.length).toBeLessThanOrEqual(10)
    }),
  )

  it.effect(
    "H2: a call whose token stays refused or cannot be read fails with Unauthenticated, without the vault's message",
    () =>
      Effect.gen(function* () {
        const { client, sent } = yield* make(() => Effect.succeed(answer(401, "no")), {
          token: Effect.sync(() => Redacted.make("again")),
        })
        expect(yield* Effect.flip(client.call(list))).toMatchObject({
          reason: { _tag: "Unauthenticated" },
          attempts: 2,
        })
        expect(sent).toHaveLength(2)
        const { client: locked, sent: none } = yield* make(() => Effect.succeed(answer(200, "{}")), {
          token: Effect.fail({ _tag: "VaultError", message: `vault says ${token}` }),
        })
        const error = yield* Effect.flip(locked.call(list))
        expect(error).toMatchObject({ reason: { _tag: "Unauthenticated" }, delivery: "not-sent" })
        expect(inspect(error, { depth: 20 })).not.toContain(token)
        expect(none).toEqual([])
      }),
  )

  it.effect("H2: a fixed token is not sent twice", () =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(() => Effect.succeed(answer(401, "no")))
      yield* Effect.flip(client.call(list))
      expect(sent).toHaveLength(1)
    }),
  )
})

describe("the account", () => {
  it.effect("B5, H2: is the same for one token, another for another token, and does not reveal it", () =>
    Effect.gen(function* () {
      const accountOf = (settings: Partial<VendorClient.Settings>) =>
        Effect.flatMap(
          make(() => Effect.never, settings),
          ({ client: { account } }) => (typeof account === "string" ? Effect.succeed(account) : account),
        )
      const account = yield* accountOf({})
      expect(yield* accountOf({ workspace: "other" })).toBe(account)
      expect(yield* accountOf({ token: Effect.succeed(Redacted.make(token)) })).toBe(account)
      expect(yield* accountOf({ token: Redacted.make("another") })).not.toBe(account)
      expect(account).not.toContain(token)
    }),
  )

  it.effect("B5: fails where the token cannot be read, and sends nothing", () =>
    Effect.gen(function* () {
      const { client, sent } = yield* make(() => Effect.never, { token: Effect.fail("vault down") })
      if (typeof client.account === "string") return expect.fail("expected an effect")
      expect(yield* Effect.flip(client.account)).toMatchObject({
        delivery: "not-sent",
        reason: { _tag: "Unauthenticated" },
        evidence: { text: "the token could not be read" },
      })
      expect(sent).toEqual([])
    }),
  )
})

describe("what is left of a rate limit", () => {
  const remaining = ({ "x-left": left }: Response["headers"]) =>
    left === undefined ? undefined : { requests: Number(left), resetAfter: Duration.seconds(9) }

  const reportsOf = Effect.fnUntraced(function* (response: Response, settings: Partial<VendorClient.Settings>) {
    const { client } = yield* make(() => Effect.succeed(response), settings)
    const reports: Array<unknown> = []
    const onRemaining = (left: unknown) => Effect.sync(() => void reports.push(left))
    yield* Effect.provideService(Effect.exit(client.call(list)), CurrentRequest, { kind: "get", onRemaining })
    return reports
  })

  it.effect("B3: is reported with a success whose headers say it, also where its body does not fit", () =>
    Effect.gen(function* () {
      for (const body of ['{"id":"1"}', "nonsense"]) {
        expect(yield* reportsOf(answer(200, body, { "x-left": "3" }), { remaining })).toEqual([
          { requests: 3, resetAfter: Duration.seconds(9) },
        ])
      }
    }),
  )

  it.effect("B3: is not reported with a failure, without headers, or without a function that reads them", () =>
    Effect.gen(function* () {
      expect(yield* reportsOf(answer(429, "", { "x-left": "3" }), { remaining })).toEqual([])
      expect(yield* reportsOf(answer(500, "", { "x-left": "3" }), { remaining })).toEqual([])
      expect(yield* reportsOf(answer(200, '{"id":"1"}'), { remaining })).toEqual([])
      expect(yield* reportsOf(answer(200, '{"id":"1"}', { "x-left": "3" }), {})).toEqual([])
    }),
  )
})
