import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import { redact } from "../src/http/redaction.ts"
import * as Reason from "../src/model/Reason.ts"
import { answer, list, make, start } from "./support/acmeClient.ts"

/** Characters that HTML, JSON, URLs and Base64 write in different ways. */
const awkward = `sk/Live+9f8e<7d>&6c'5b"4a==`

const html = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
const named = (text: string) =>
  text.replace(/[&<>"']/g, (c) => `&${{ "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" }[c]};`)

describe("a token is removed", () => {
  const echoes: ReadonlyArray<readonly [string, (token: string) => string]> = [
    ["as it is", (token) => token],
    ["in upper case", (token) => token.toUpperCase()],
    ["in lower case", (token) => token.toLowerCase()],
    ["twice", (token) => `${token} ${token}`],
    ["escaped for HTML by numbers", html],
    ["escaped for HTML by names", named],
    [
      "escaped for HTML in hex",
      (token) => token.replace(/\W/g, (c) => `&#x0${c.charCodeAt(0).toString(16).toUpperCase()};`),
    ],
    ["escaped for a URL", encodeURIComponent],
    ["escaped for a URL in lower case", (token) => encodeURIComponent(token).toLowerCase()],
    ["escaped for a URL twice", (token) => encodeURIComponent(encodeURIComponent(token))],
    ["escaped for JSON", (token) => JSON.stringify(token)],
    ["escaped for JSON twice", (token) => JSON.stringify(JSON.stringify(token))],
    ["with escaped slashes", (token) => token.replaceAll("/", "\\/")],
    ["as escapes alone", (token) => Array.from(token, (c) => `\\u00${c.charCodeAt(0).toString(16)}`).join("")],
    ["in Base64", btoa],
    ["in Base64 after one character", (token) => btoa(`:${token}`)],
    ["in Base64 after two characters", (token) => btoa(`ab${token}`)],
    ["in Base64 within a header", (token) => btoa(`Authorization: Bearer ${token}\r\nx: y`)],
    ["in Base64 for URLs", (token) => btoa(token).replaceAll("+", "-").replaceAll("/", "_")],
  ]
  it.each(echoes)("H2: %s", (_, echo) => {
    for (const token of [
      awkward,
      "an_ordinary_token_of_letters",
      "???>>>~~~|a_token_that_is_odd_in_Base64",
      `${awkward}${"x".repeat(100)}`,
      "eyJhbGciOiJub25lIn0".repeat(40),
    ]) {
      const shown = redact(`before ${echo(token)} after`, token)
      expect(shown).toContain("<redacted>")
      expect(shown).toMatch(/^before /)
      expect(shown).toMatch(/ after$/)
      const left = shown.replaceAll("<redacted>", "")
      for (let at = 0; at + 8 <= token.length; at++)
        expect(left.toLowerCase()).not.toContain(token.slice(at, at + 8).toLowerCase())
    }
  })

  it("H2: and nothing else is", () => {
    for (const text of ["", "no", "sk/Live", btoa("another text"), "&amp;&lt;"])
      expect(redact(text, awkward)).toBe(text)
    expect(redact("any text", "")).toBe("any text")
    expect(redact("sync not found, c3luYw==", "sync")).toBe("<redacted> not found, c3luYw==")
  })

  it("H5: from a text that is made to be slow to search, at once", () => {
    const parts = ["\\", "&#000000", "%2525", "a", "sk/Live+", btoa(awkward).slice(0, 12)]
    for (const part of parts) expect(redact(part.repeat(200_000), awkward)).toHaveLength(part.length * 200_000)
  })
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

  it.effect.each(["sync", "test", "a", "id"])("H5: is read although the token is the word %s", (word) =>
    Effect.gen(function* () {
      const body = { id: `${word}-1`, sync: word, test: [word] }
      const { client } = yield* make(() => Effect.succeed(answer(200, JSON.stringify(body))), {
        token: Redacted.make(word),
      })
      const call = { ...list, answer: Schema.Struct({ id: Schema.String, sync: Schema.String, test: Schema.Unknown }) }
      expect(yield* client.call(call)).toEqual(body)
    }),
  )

  it.effect("H2, H5: is classified by its own words, and shown without the token", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const { client } = yield* make(() => Effect.succeed(answer(404, '"sync not found"')), {
        token: Redacted.make("sync"),
        classify: ({ text, json }) => {
          seen.push(text, String(json))
          return { reason: new Reason.NotFound({ what: "sync" }), isVendorsForm: true, text: String(json) }
        },
      })
      const error = yield* Effect.flip(client.call(list))
      expect(seen).toEqual(['"sync not found"', "sync not found"])
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
