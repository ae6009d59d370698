/** JSON whose numbers are kept exactly. */
import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as FieldIssue from "../src/model/FieldIssue.ts"
import * as Input from "../src/model/Input.ts"
import * as Json from "../src/model/Json.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Run } from "../src/model/Run.ts"
import * as FakeDriver from "./support/fakeDriver.ts"

const digits = Schema.String.check(Schema.isPattern(/^[0-9]{1,40}$/))

describe("numbers", () => {
  it.each([
    ["7301234567890123457", 7301234567890123457n],
    ["-7301234567890123457", -7301234567890123457n],
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", 9007199254740993n],
    ["12345678901234567890123456789012345678901234567890", 12345678901234567890123456789012345678901234567890n],
    ["0.1", 0.1],
    ["1.50", 1.5],
    ["1e3", 1000],
    ["1E+3", 1000],
    ["1.5e-7", 1.5e-7],
    ["0e999", 0],
    ["-0", -0],
    ["0.30000000000000004", 0.30000000000000004],
  ])("R5: %s is kept exactly", (text, expected) => {
    expect(Json.parse(text)).toBe(expected)
    expect(Json.parse(`{"a":[${text}]}`)).toEqual({ a: [expected] })
  })

  it.each(["0.12345678901234567890", "1e400", "-1e400", "3.14159265358979323846", "1e-400", "123456789012345678.5"])(
    "R5: %s, which no number holds, is kept as its text, and is never written",
    (text) => {
      const read = Json.parse(`{"a":[{"b":${text}}]}`)
      expect(JSON.stringify(read)).toBe(`{"a":[{"b":"${text}"}]}`)
      expect(Json.pathOfNumberText(read)).toEqual(["a", "0", "b"])
      expect(Json.pathOfNumberText(JSON.parse(JSON.stringify(read)))).toBeUndefined()
    },
  )

  it.each(["{", "", "01", "1.2.3", "NaN", '{"a":1e}'])("R5: %j is no JSON", (text) => {
    expect(() => Json.parse(text)).toThrow(SyntaxError)
  })

  it("R5: digits within strings stay strings", () => {
    const text = JSON.stringify({ id: "7301234567890123457", e: "1e400", at: "2026-11-28T10:00:00.123456789Z" })
    expect(Json.parse(text)).toEqual(JSON.parse(text))
  })

  it.prop(
    "R5: a whole number of any length is written as it was read",
    { text: Arbitrary.schema(digits) },
    ({ text }) => {
      const number = text.replace(/^0+(?=.)/, "")
      expect(Json.stringify(Json.parse(`[${number}]`))).toBe(`[${number}]`)
    },
  )

  it.prop(
    "R5: a decimal is the number that it is, or kept as its text",
    {
      whole: Arbitrary.schema(digits),
      fraction: Arbitrary.schema(digits),
      exponent: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: -400, maximum: 400 }))),
    },
    ({ whole, fraction, exponent }) => {
      const text = `${whole.replace(/^0+(?=.)/, "")}.${fraction}e${exponent}`
      const read = Json.parse(text)
      if (read instanceof Json.NumberText) expect(read.text).toBe(text)
      else {
        // As many digits as a number holds decide the same number.
        expect(read).toBe(Number(text))
        expect(Number(read).toPrecision(17)).toBe(Number(text).toPrecision(17))
        const significant = `${whole}${fraction}`.replace(/^0+|0+$/g, "")
        expect(significant.length).toBeLessThanOrEqual(17)
      }
    },
  )

  it.prop("R5: any JSON is what JSON.parse makes of it", { json: Arbitrary.schema(Schema.Json) }, ({ json }) => {
    const text = JSON.stringify(json)
    expect(Json.parse(text)).toEqual(
      JSON.parse(text, (_, part: unknown) =>
        typeof part === "number" && Number.isInteger(part) && !Number.isSafeInteger(part) ? expect.anything() : part,
      ),
    )
    // A whole number beyond the safe ones is written by JavaScript with all of its digits, or with an exponent.
    expect(Json.stringify(Json.parse(text))?.replace(/\d{16,}|\d(\.\d+)?e\+\d+/g, "n")).toBe(
      text.replace(/\d{16,}|\d(\.\d+)?e\+\d+/g, "n"),
    )
  })
})

describe("what holds such numbers", () => {
  const native = { id: 7301234567890123457n, odd: new Json.NumberText("1e400"), list: [1n, { deep: 2n ** 70n }] }

  it("R5: a run prints and logs without throwing, and its codec's JSON has the numbers", () => {
    const run = new Run({
      ref: new RunRef({ sync: FakeDriver.sync(), run: "r1" }),
      ...{ status: "succeeded", vendorStatus: "ok", rows: {}, native },
    })
    expect(JSON.stringify(run)).not.toContain("7301234567890123457")
    const text = JSON.stringify(Schema.encodeSync(Run)(run))
    expect(text).toContain(
      '"native":{"id":7301234567890123457,"odd":"1e400","list":[1,{"deep":1180591620717411303424}]}',
    )
    expect(Json.parse(text)).toMatchObject({ native: { id: 7301234567890123457n } })
  })

  it("H6: a caller may pass them, and nothing that is no JSON", () => {
    const decode = Input.decoder(Input.JsonObject)
    expect(decode(native.list[1])).toMatchObject({ _tag: "Success" })
    expect(FieldIssue.toText(Input.issues(Input.JsonObject)({ a: { b: [1n, new Date(0)] } }))).toContain("a.b.1: ")
    expect(decode({ a: Number.NaN })).toMatchObject({ _tag: "Failure" })
  })
})
