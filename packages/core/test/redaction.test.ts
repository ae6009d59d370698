import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { Cause, Effect, Logger, Redacted, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { tokenForms } from "../../conformance/src/hostile/tokenForms.ts"
import * as Redaction from "../src/http/redaction.ts"
import type { Response } from "../src/http/Transport.ts"
import type * as VendorClient from "../src/http/VendorClient.ts"
import * as Reason from "../src/model/Reason.ts"
import { answer, list, make, start } from "./support/acmeClient.ts"

/** Characters that HTML, JSON, URLs and Base64 write in different ways. */
const awkward = `sk/Live+9f8e<7d>&6c'5b"4a==`

/** Returns a text without these tokens. */
const redact = (text: string, ...tokens: ReadonlyArray<string>): string => {
  const { redact, add } = Redaction.make()
  for (const token of tokens) add(token)
  return redact(text)
}

const forms = Object.entries(tokenForms)

describe("a token is cut out", () => {
  it.each(forms)("H2: %s", (_, echo) => {
    for (const token of [
      awkward,
      "an_ordinary_token_of_letters",
      "???>>>~~~|a_token_that_is_odd_in_Base64",
      `${awkward}${"x".repeat(100)}`,
      "eyJhbGciOiJub25lIn0".repeat(40),
      "sync",
    ]) {
      const shown = redact(`before ${echo(token)} after ${echo(token)}`, token)
      expect(shown).toMatch(/^before .{0,1}<redacted>.{0,3} after .{0,1}<redacted>.{0,3}$/)
    }
  })

  it("H2: where several tokens were read, each of them, and of many the last ones", () => {
    expect(redact("first-token, second-token", "first-token", "second-token")).toBe("<redacted>, <redacted>")
    const tokens = ["1-a-token", "2-b-token", "3-c-token", "4-d-token", "5-e-token"]
    expect(redact(tokens.join(" "), ...tokens)).toBe(`1-a-token${" <redacted>".repeat(4)}`)
    const again = redact(tokens.join(" "), ...tokens.slice(0, 4), "1-a-token", "5-e-token")
    expect(again).toBe("<redacted> 2-b-token <redacted> <redacted> <redacted>")
  })

  it("H2: and half of it, where a text was shortened", () => {
    for (const [name, echo] of forms) {
      const token = "sk_live_0123456789abcdef"
      const whole = `before ${echo(token)}`
      for (let end = 8; end < whole.length; end++) {
        const shown = redact(`${whole.slice(0, end)}…`, token)
        for (const [, form] of forms.slice(0, 3))
          expect(shown, `${name} to ${end}`).not.toContain(form(token.slice(0, 12)))
      }
    }
  })

  it("H2: half of it is ten characters of twenty, sixteen of many, and four at least", () => {
    const long = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    expect(redact("0123456789. 012345678.", long.slice(0, 20))).toBe("<redacted>. 012345678.")
    expect(redact("0123456789ABCDEF. 0123456789ABCDE.", long)).toBe("<redacted>. 0123456789ABCDE.")
    expect(redact("01234. 0123. 012.", long.slice(0, 5))).toBe("<redacted>. <redacted>. 012.")
  })

  it("H2: of data too, where half of it is a few characters, since it has escapes", () => {
    for (const [token, half] of [
      ["abcdefg%2Fhijklm", "abcdefg"],
      ["sk_live_%41%42%43%44%45", "sk_live"],
    ] as const) {
      const { redact, add } = Redaction.make()
      add(token)
      expect(Redaction.inside({ x: half, y: "plain" }, redact)).toEqual({ x: Redaction.replacement, y: "plain" })
    }
  })

  it("H2: and escapes in it are decoded three times, and in a text of up to 65,536 characters", () => {
    const times = (count: number) => `%${"25".repeat(count - 1)}73ync`
    expect(redact([1, 2, 3, 4].map(times).join(), "sync")).toBe(`${"<redacted>,".repeat(3)}${times(4)}`)
    expect(redact("%5cu0026#x73;ync", "sync")).toBe("<redacted>")
    const padding = "x".repeat(65_536 - 6)
    expect(redact(`${padding}%73ync`, "sync")).toBe(`${padding}<redacted>`)
    expect(redact(`${padding}x%73ync`, "sync")).toBe(`${padding}x%73ync`)
  })

  it("H2: with the rest of what is in Base64, and the part of a text alone that overlaps with it", () => {
    expect(redact("aabaabaac aabaaXaabaac", "aabaac")).toBe("<redacted> <redacted>X<redacted>")
    expect(redact(`x ${btoa(`user:${awkward}:more`)} y`, awkward)).toBe("x <redacted> y")
    expect(redact("aab aabb aaabb", "aabb")).toBe("aab <redacted> a<redacted>")
    expect(redact("abababab.", "abab")).toBe("<redacted>.")
  })

  it("H2: one of less than four characters where it stands alone", () => {
    expect(redact("no t for t, t=T but not to", "t")).toBe(
      "no <redacted> for <redacted>, <redacted>=<redacted> but not to",
    )
    expect(redact("%41b Ab AB. xAB ABx a_ab", "Ab")).toBe("<redacted> <redacted> <redacted>. xAB ABx a_ab")
    for (const sent of ["abc", "Bearer abc", "abc:", ":abc"])
      expect(redact(`x ${btoa(sent)}`, "abc")).toBe("x <redacted>")
    expect(redact("61 YQ x YQ==+YQ", "a")).toBe("61 <redacted> x <redacted>+<redacted>")
  })

  it("H2: and nothing else is", () => {
    for (const text of ["", "no", "sk/Live", btoa("another text"), "&amp;&lt;", "İİ %zz %41 &#65; \\u0041 \\n"])
      expect(redact(text, awkward)).toBe(text)
    expect(redact("any text")).toBe("any text")
    expect(redact("İ sync not found, c3luYw==", "sync")).toBe("İ <redacted> not found, <redacted>")
    expect(redact("İ%73ync; &#39;%53ynchron&#39;", "sync")).toBe("İ<redacted>; &#39;<redacted>hron&#39;")
  })

  it("H5: from eight million characters, and from a text that is made to be slow, in proportion to them", () => {
    const parts = ["\\", "&#000000", "%25", "%2525", "a", "sk/Live+", btoa(awkward).slice(0, 12), "%", "&amp;"]
    for (const part of parts) {
      for (const token of [awkward, "\\".repeat(100), `${"%25".repeat(60)}x`, "&amp;".repeat(40)]) {
        expect(redact(part.repeat(20_000), token).length).toBeGreaterThan(0)
      }
    }
    expect(redact(btoa(awkward.repeat(40_000)), awkward)).toBe("<redacted>")
    expect(redact("a".repeat(100_000), "a".repeat(200))).toBe("<redacted>")
    const text = `${"an ordinary text ".repeat(500_000)}%41`
    expect(redact(text, awkward)).toBe(text)
  })
})

const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))
const anyLetters = Arbitrary.schema(
  Schema.Array(Schema.Literals(printable)).check(Schema.isMinLength(200), Schema.isMaxLength(200)),
)
/** The lengths of tokens, short ones more often. */
const anyLength = Arbitrary.schema(
  Schema.Union([1, 4, 20, 200].map((maximum) => Schema.Int.check(Schema.isBetween({ minimum: 1, maximum })))),
)
const below = (end: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: end - 1 }))
const echoes = Arbitrary.schema(
  Schema.Array(Schema.Struct({ form: below(forms.length), before: below(4) })).check(
    Schema.isMinLength(1),
    Schema.isMaxLength(5),
  ),
)

/** Words without a character that a token can have. */
const fillers = ["жжж ", "« ", "\n", "トークン "]

/** Everything that a program, a logger or a runtime may print of an error. */
const printsOf = (error: unknown): ReadonlyArray<string> => [
  inspect(error, { depth: 20, showHidden: true }),
  inspect(error, { depth: 20, customInspect: false }),
  JSON.stringify(error),
  String(error),
  String(Reflect.get(Object(error), "stack")),
  Cause.pretty(Cause.fail(error)),
]

describe("for any token", () => {
  it.effect.prop(
    "H2: no form of it is in any print of an error, and it changes nothing that is decided",
    { letters: anyLetters, length: anyLength, echoes },
    ({ letters, length, echoes: chosen }) =>
      Effect.gen(function* () {
        const token = letters.slice(0, length).join("")
        const texts = chosen.map(({ form, before }) => {
          const [name = "", echo] = forms[form] ?? []
          // A short token is not recognized within the Base64 of a longer text.
          const isLost = token.length < 4 && / user|another|in a text|upper case|hexadecimal$/.test(name)
          return { before: fillers[before] ?? "", echo: isLost ? token : (echo?.(token) ?? "") }
        })
        const text = texts.map(({ before, echo }) => `${before}${echo} `).join("")
        const seen: Array<unknown> = []
        const classify = (given: VendorClient.Answer): VendorClient.Classified => {
          seen.push(given.text, given.json)
          const issues = [{ path: ["a", ...text.split(/[.[\]]/)], message: text }]
          return { reason: new Reason.InvalidRequest({ issues }), isVendorsForm: true, code: text, text }
        }
        const response: Response = answer(400, JSON.stringify({ [text]: text }), { "x-request-id": text })
        const { client } = yield* make(() => Effect.succeed(response), { token: Redacted.make(token), classify })
        const lines: Array<unknown> = []
        const logger = Logger.make(({ message, cause }) => lines.push(inspect(message), Cause.pretty(cause)))
        const error = yield* client.call(start).pipe(
          Effect.tapCause((cause) => Effect.logError("failed", cause)),
          Effect.provide(Logger.layer([logger])),
          Effect.flip,
        )
        expect(seen).toEqual([JSON.stringify({ [text]: text }), { [text]: text }])
        if (error.reason._tag !== "InvalidRequest") return expect.unreachable()
        const { path = [], message = "" } = error.reason.issues[0] ?? {}
        const { code = "", requestId = "" } = error.evidence
        const vendors = [error.evidence.text ?? "", code, requestId, message, path.join(".")]
        const shown = token.length < 8 ? vendors : [...vendors, ...printsOf(error), ...lines.map(String)]
        for (const print of shown) {
          const rest = print.replaceAll("<redacted>", "").toLowerCase()
          for (const { echo } of texts) {
            // A word of one character may be a part of what stays: of `\"` as it was, or of a path that was split.
            if (token.length >= 4) expect(rest).not.toContain(echo.toLowerCase())
            else if (print !== path.join(".")) expect(rest.split(/\s+/)).not.toContain(echo.toLowerCase())
          }
        }
      }),
  )

  it.effect.prop(
    "H5: an answer is read as with any other token, also where it is a part of the answer",
    { json: Arbitrary.schema(Schema.Json), letters: anyLetters, length: anyLength, from: Arbitrary.schema(below(50)) },
    ({ json, letters, length, from }) =>
      Effect.gen(function* () {
        const body = JSON.stringify({ id: "r", json })
        const part = body.replaceAll(/[^\x21-\x7e]/g, "").slice(from, from + length)
        for (const status of [200, 400]) {
          const ends = yield* Effect.forEach([letters.slice(0, length).join(""), part || "id", "another"], (token) =>
            Effect.gen(function* () {
              const seen: Array<unknown> = []
              const { client } = yield* make(() => Effect.succeed(answer(status, body)), {
                token: Redacted.make(token),
                classify: (given) => {
                  seen.push(given)
                  return status < 300 ? undefined : { reason: new Reason.Conflict(), isVendorsForm: true }
                },
              })
              const call = { ...list, answer: Schema.Struct({ id: Schema.String, json: Schema.Unknown }) }
              return [yield* Effect.result(client.call(call)), seen]
            }),
          )
          expect(ends[1]).toEqual(ends[0])
          expect(ends[2]).toEqual(ends[0])
        }
      }),
  )
})

describe("an answer with the token", () => {
  const secret = Redacted.make(awkward)

  it.effect("H2: shows it nowhere in its error", () =>
    Effect.gen(function* () {
      const echo = `for ${awkward}, ${encodeURIComponent(awkward)}, ${btoa(awkward)}`
      const settings = {
        token: secret,
        classify: () => ({
          reason: new Reason.InvalidRequest({ issues: [{ path: [echo], message: echo }] }),
          isVendorsForm: true,
          code: awkward,
          text: echo,
        }),
      }
      const { client } = yield* make(
        () => Effect.succeed(answer(400, echo, { "x-request-id": btoa(awkward) })),
        settings,
      )
      const error = yield* Effect.flip(client.call(start))
      expect(error.evidence).toEqual({
        status: 400,
        code: "<redacted>",
        text: "for <redacted>, <redacted>, <redacted>",
        requestId: "<redacted>",
      })
      const shown = "for <redacted>, <redacted>, <redacted>"
      expect(error.reason).toMatchObject({ issues: [{ path: [shown], message: shown }] })
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(awkward)
    }),
  )

  it.effect("H2: shows it nowhere in the error of an answer that does not fit", () =>
    Effect.gen(function* () {
      const { client } = yield* make(() => Effect.succeed(answer(200, JSON.stringify({ items: { [awkward]: 5 } }))), {
        token: secret,
      })
      const call = { ...list, answer: Schema.Struct({ items: Schema.Record(Schema.String, Schema.String) }) }
      const error = yield* Effect.flip(client.call(call))
      expect(error.reason._tag).toBe("UnexpectedResponse")
      expect(inspect(error, { depth: 20 })).not.toContain(awkward)
    }),
  )

  it.effect("H2: shows it nowhere in an error that an adapter makes, or that is made of another one", () =>
    Effect.gen(function* () {
      const { client } = yield* make(() => Effect.die("no request"), { token: secret })
      const evidence = { status: 200, code: awkward, text: `no: ${encodeURIComponent(awkward)}`, requestId: awkward }
      const first = client.error("cancel", new Reason.Conflict(), "refused", evidence)
      const again = client.error("cancel", new Reason.Unsupported({ capability: "it" }), "refused", first.evidence)
      for (const error of [first, again])
        expect(error.evidence).toEqual({
          ...{ status: 200, code: "<redacted>", text: "no: <redacted>", requestId: "<redacted>" },
        })
      const network = client.error("get", new Reason.Network({ code: `E ${awkward}` }), "unknown")
      expect(network.reason).toMatchObject({ code: "E <redacted>" })
      const long = client.error("get", new Reason.Network({ code: "E".repeat(300) }), "unknown")
      expect(long.reason).toMatchObject({ code: `${"E".repeat(99)}…` })
      const split = awkward.replace("+", "[")
      const odd = yield* make(() => Effect.die("no request"), { token: Redacted.make(`[${split}].`) })
      const others = { path: ["body", "of.it"], message: "no" }
      const issues = [{ path: ["body", ...split.split("["), "x"], message: "no" }, others]
      const error = odd.client.error("get", new Reason.InvalidRequest({ issues }), "refused")
      expect(error.reason).toMatchObject({ issues: [{ path: ["body.<redacted>.x"] }, others] })
    }),
  )

  it.effect.each(["sync", "test", "a", "id", "an_id_of_more_than_16_characters", '"', "{", ":"])(
    "H5: is read although it has the token %s",
    (word) =>
      Effect.gen(function* () {
        const body = { id: `${word}-1`, sync: word, test: [word] }
        const { client } = yield* make(() => Effect.succeed(answer(200, JSON.stringify(body))), {
          token: Redacted.make(word),
        })
        const call = {
          ...list,
          answer: Schema.Struct({ id: Schema.String, sync: Schema.String, test: Schema.Unknown }),
        }
        expect(yield* client.call(call)).toEqual(body)
      }),
  )

  it.effect.each(["sync", "an_id_of_more_than_16_characters"])(
    "H2, H5: is classified by its own words, and shown without the token %s",
    (token) =>
      Effect.gen(function* () {
        const seen: Array<string> = []
        const { client } = yield* make(() => Effect.succeed(answer(404, `"${token} not found"`)), {
          token: Redacted.make(token),
          classify: ({ text, json }) => {
            seen.push(text, String(json))
            return { reason: new Reason.NotFound({ what: "sync" }), isVendorsForm: true, text: String(json) }
          },
        })
        const error = yield* Effect.flip(client.call(list))
        expect(seen).toEqual([`"${token} not found"`, `${token} not found`])
        expect(error.evidence.text).toBe("<redacted> not found")
      }),
  )

  it.effect("H4: is bounded where it is shown", () =>
    Effect.gen(function* () {
      const long = "m".repeat(2_000)
      const issues = Array.from({ length: 50 }, () => ({ path: Array.from({ length: 20 }, () => long), message: long }))
      for (const reason of [new Reason.InvalidRequest({ issues }), new Reason.UnexpectedResponse({ issues })]) {
        const classify = () => ({ reason, isVendorsForm: true, code: long, text: long })
        const { client } = yield* make(() => Effect.succeed(answer(400, "", { "x-request-id": long })), { classify })
        const error = yield* Effect.flip(client.call(list))
        if (error.reason._tag !== reason._tag) return expect.unreachable()
        expect(error.evidence.code).toHaveLength(100)
        expect(error.evidence.requestId).toHaveLength(100)
        expect(error.evidence.text).toHaveLength(500)
        expect(error.reason).toMatchObject({ issues: { length: 20 } })
        expect(JSON.stringify(error.reason).length).toBeLessThan(20 * 1_600 + 5_000)
      }
    }),
  )
})
