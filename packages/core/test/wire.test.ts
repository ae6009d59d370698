import { describe, expect, it } from "@effect/vitest"
import { DateTime, Duration, Result, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Wire from "../src/http/Wire.ts"

describe("times", () => {
  it.each([
    ["2026-11-18T15:30:26Z", "2026-11-18T15:30:26.000Z"],
    ["2026-11-18T15:30:26.123456789Z", "2026-11-18T15:30:26.123Z"],
    ["2026-11-18t15:30:26.5z", "2026-11-18T15:30:26.500Z"],
    ["2026-11-18 15:30:26.123456+00:00", "2026-11-18T15:30:26.123Z"],
    ["2026-11-18T15:30:26+0000", "2026-11-18T15:30:26.000Z"],
    ["2026-11-18T15:30:26-0530", "2026-11-18T21:00:26.000Z"],
    ["2026-11-18 15:30:26+01", "2026-11-18T14:30:26.000Z"],
    ["2026-11-18 15:30:26 UTC", "2026-11-18T15:30:26.000Z"],
    [" 2026-11-18T15:30:26Z ", "2026-11-18T15:30:26.000Z"],
  ])("R5: %j is read", (text, expected) => {
    const time = Wire.time(text)
    expect(time && DateTime.formatIso(time)).toBe(expected)
  })

  it.each([
    "",
    "2026-11-18",
    "2026-11-18T15:30:26",
    "2026-11-18 15:30:26",
    "2026-13-18T15:30:26Z",
    "2026-11-18T25:30:26Z",
    "2026-11-18T15:30:26+99:99",
    "18/11/2026 15:30:26Z",
    "1763479826",
    "0001-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    undefined,
  ])("R5: %j is none", (text) => {
    expect(Wire.time(text)).toBeUndefined()
  })
})

describe("one line of anything", () => {
  it("K2: oneLine returns bounded, well-formed JSON for any value", () => {
    expect(Wire.oneLine({ a: [1, null] })).toBe('{"a":[1,null]}')
    expect(Wire.oneLine(undefined)).toBe("")
    const long = Wire.oneLine("😀".repeat(300))
    expect([long.length, long.endsWith("…"), long.isWellFormed()]).toEqual([200, true, true])
    const deep: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`)
    expect(Wire.oneLine(deep)).toBe('"nested too deep"')
    expect(Wire.oneLine(deep, { strategy: "MOON" })).toBe('{"strategy":"MOON"}')
  })
})

const Answer = Schema.Struct({
  id: Schema.String,
  name: Wire.text,
  on: Wire.flag,
  rows: Wire.count,
  tags: Wire.lenient(Schema.Array(Schema.String)),
  phase: Wire.object({ rows: Wire.count }),
})

const decode = Wire.decoder(Answer)

describe("a lenient field", () => {
  it("H6: a lenient field that does not fit is absent, and spoils nothing", () => {
    const fitting = { id: "a", name: "n", on: true, rows: 3, tags: ["x"], phase: { rows: 1 } }
    expect(decode(fitting)).toEqual(Result.succeed(fitting))
    expect(decode({ id: "a", name: 1, on: "yes", rows: {}, tags: [1], phase: [] })).toEqual(Result.succeed({ id: "a" }))
    expect(decode({ id: "a", name: null, on: null, rows: null, tags: null, phase: null })).toEqual(
      Result.succeed({ id: "a" }),
    )
    expect(decode({ id: "a", phase: { rows: "x" } })).toEqual(Result.succeed({ id: "a", phase: {} }))
  })

  it.each([
    ["12", 12],
    ["007", 7],
    [0, 0],
    ["", undefined],
    ["1e3", undefined],
    ["-1", undefined],
    [-1, undefined],
    [1.5, undefined],
    ["9".repeat(16), undefined],
    [Number.NaN, undefined],
  ])("R5: the count %j is read as %j", (value, count) => {
    expect(decode({ id: "a", rows: value })).toEqual(
      Result.succeed({ id: "a", ...(count !== undefined && { rows: count }) }),
    )
  })

  it("H6: a required field that does not fit is the one issue", () => {
    expect(decode({ name: "n" })).toEqual(Result.fail([{ path: ["id"], message: "Expected a value: it is missing" }]))
    for (const odd of [[], null, undefined, "x", 7]) expect(Result.isFailure(decode(odd))).toBe(true)
  })

  it("H5: inherited names of an object are not fields", () => {
    const odd: unknown = JSON.parse('{"__proto__":{"id":"a"},"constructor":"b"}')
    expect(decode(odd)).toEqual(Result.fail([{ path: ["id"], message: "Expected a value: it is missing" }]))
  })

  it.prop(
    "H5: whatever JSON is answered, decoding ends in a value or in issues",
    { json: Arbitrary.schema(Schema.Json) },
    ({ json }) => {
      const decoded = decode(json)
      if (Result.isFailure(decoded)) expect(decoded.failure.length).toBeGreaterThan(0)
    },
  )
})

describe("a list", () => {
  const List = Wire.entries(Answer)

  it("L1: a list is decoded entry by entry", () => {
    expect(
      Wire.decoder(List)([
        { id: "a", extra: 1 },
        { id: "b", name: 5 },
      ]),
    ).toEqual(Result.succeed([{ id: "a" }, { id: "b" }]))
    expect(Wire.decoder(Schema.NullOr(List))(null)).toEqual(Result.succeed(null))
    expect(Wire.decoder(List)({})).toEqual(Result.fail([{ path: [], message: "Expected array" }]))
  })

  it("H4: at most 20 entries that do not fit are named", () => {
    const decoded = Wire.decoder(List)(
      Array.from({ length: 8_000 }, (_, index) => (index % 2 === 0 ? {} : { id: "a" })),
    )
    if (Result.isSuccess(decoded)) return expect.unreachable()
    expect(decoded.failure).toHaveLength(20)
    expect(decoded.failure[1]).toEqual({ path: ["2", "id"], message: "Expected a value: it is missing" })
  })

  it("H4: a list of more than 10,000 entries is refused before any entry is decoded", () => {
    const decoded = Wire.decoder(List)(Array.from({ length: 10_001 }, () => ({ id: "a" })))
    expect(decoded).toEqual(Result.fail([{ path: [], message: "Expected at most 10000 entries" }]))
  })

  it("H4: an adapter may allow longer lists", () => {
    const decode = Wire.decoder(Wire.entries(Schema.Struct({ id: Schema.String }), 20_000))
    expect(Result.isSuccess(decode(Array.from({ length: 20_000 }, () => ({ id: "a" }))))).toBe(true)
    expect(Result.isSuccess(decode(Array.from({ length: 20_001 }, () => ({ id: "a" }))))).toBe(false)
  })
})

describe("what an answer's texts say", () => {
  const now = "Fri, 20 Nov 2026 10:00:00 GMT"

  it("B2: a wait until a time that is over is none", () => {
    const wait = (date: string) => Wire.retryAfter({ "retry-after": "Fri, 20 Nov 2026 10:01:30 GMT", date })
    expect(wait(now)).toEqual(Duration.seconds(90))
    expect(wait("Fri, 20 Nov 2026 10:05:00 GMT")).toEqual(Duration.zero)
  })

  it("R5: an end before the start is none", () => {
    const [start, end] = ["2026-11-20T10:00:00Z", "2026-11-20T10:00:01Z"].map(Wire.time)
    expect(Wire.endTime("2026-11-20T10:00:01Z", start)).toEqual(end)
    expect(Wire.endTime("2026-11-20T10:00:00Z", start)).toEqual(start)
    expect(Wire.endTime("2026-11-20T10:00:00Z", end)).toBeUndefined()
    expect(Wire.endTime("2026-11-20T10:00:00Z", undefined)).toEqual(start)
  })

  it("H4: a plain line is a short one without markup", () => {
    expect(Wire.plainLine(` ${"x".repeat(200)}\n`)).toBe("x".repeat(200))
    for (const other of ["x".repeat(201), "<html>", "{}", "[1]", "a\nb"]) expect(Wire.plainLine(other)).toBe("")
  })
})
