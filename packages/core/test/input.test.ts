/** What callers pass, in any form: every problem at once, and never a defect. */
import { describe, expect, it } from "@effect/vitest"
import { DateTime, Result, Schema } from "effect"
import { DurationInput } from "../src/model/DurationInput.ts"
import * as Input from "../src/model/Input.ts"
import * as Outcome from "../src/model/Outcome.ts"
import * as Ref from "../src/model/Ref.ts"
import { Time } from "../src/model/Time.ts"

const Shape = Schema.Struct({
  id: Schema.String,
  region: Schema.Literals(["us", "eu"]),
  tags: Schema.Array(Schema.String),
  next: Schema.NullOr(Schema.String),
  on: Schema.Boolean,
  size: Input.optional(Input.wholeNumber(1, 3)),
  page: Schema.Struct({ total: Schema.Finite }),
})

const valid = { id: "a", region: "us", tags: ["x"], next: null, on: true, page: { total: 1 } }

const linesOf = (schema: Schema.ConstraintDecoder<unknown>, value: unknown, options?: Input.DecoderOptions) =>
  Input.issues(schema, options)(value).map(({ path, message }) => `${path.join(".")}: ${message}`)

describe("decoding what a caller passes", () => {
  it("H6: undefined means absent", () => {
    expect(Input.decoder(Shape)({ ...valid, size: 2 })).toEqual(Result.succeed({ ...valid, size: 2 }))
    const decoded = Input.decoder(Shape)({ ...valid, size: undefined })
    expect(decoded).toEqual(Result.succeed(valid))
    expect(Result.isSuccess(decoded) && Object.keys(decoded.success)).not.toContain("size")
  })

  it("H6: every wrong field is named at once, with what was expected, and never the value", () => {
    const value = { region: "SECRET", tags: [1, "x", {}], next: 1, on: "yes", size: 4, page: [] }
    const lines = linesOf(Shape, value)
    expect(lines.map((line) => line.split(":")[0]).sort()).toEqual([
      "id",
      "next",
      "on",
      "page",
      "region",
      "size",
      "tags.0",
      "tags.2",
    ])
    expect(lines).toContain("id: Expected a value: it is missing")
    expect(lines).toContain("size: Expected a whole number from 1 to 3")
    expect(lines.join()).not.toContain("SECRET")
  })

  it.each([[[]], [null], [undefined], ["x"], [7]])("H6: %j instead of an object is one issue", (value) => {
    expect(linesOf(Shape, value)).toHaveLength(1)
  })

  it("H6: an unknown field is named, or dropped where that is the rule", () => {
    expect(linesOf(Shape, { ...valid, color: "red" })).toEqual(["color: Expected no field of this name"])
    expect(linesOf(Shape, { ...valid, color: "red" }, { excess: "ignore" })).toEqual([])
  })

  it.each([
    ["a Map", new Map([["a", 1]])],
    ["a Set", new Set([1])],
    ["a Date", new Date(0)],
    ["a list", [1]],
    ["an object with a Map", { a: new Map() }],
  ])("H6: %s is no object of JSON values", (_, value) => {
    expect(linesOf(Input.JsonObject, value)).toHaveLength(1)
  })

  it("H6: an object of JSON values may be deep, wide, and without a prototype", () => {
    const value = Object.assign(Object.create(null), { a: [{ b: null }], c: Array.from({ length: 20_000 }, () => 1) })
    expect(Input.decoder(Input.JsonObject)(value)).toEqual(Result.succeed({ ...value }))
  })

  it("H6: fields may be getters of a class", () => {
    class Given {
      readonly id = "a"
      get name() {
        return `${this.id}b`
      }
    }
    const Named = Schema.Struct({ id: Schema.String, name: Schema.String })
    expect(Input.decoder(Named)(new Given())).toEqual(Result.succeed({ id: "a", name: "ab" }))
  })

  it("H4: of a large value that is wrong throughout, at most 100 issues are returned", () => {
    const few = Array.from({ length: 5_000 }, () => 1)
    expect(Input.issues(Schema.Array(Schema.String))(few)).toHaveLength(100)
    const many = Array.from({ length: 1_000_000 }, () => 1)
    expect(Input.issues(Schema.Array(Schema.String))(many)).toHaveLength(1)
  })

  const hostile: ReadonlyArray<readonly [string, unknown]> = [
    [
      "a getter that throws",
      {
        get id() {
          throw new Error("no")
        },
      },
    ],
    [
      "a proxy that throws",
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("no")
          },
          ownKeys: () => {
            throw new Error("no")
          },
        },
      ),
    ],
    ["names that every object has", JSON.parse('{"__proto__":{"id":"a"},"constructor":"b"}')],
  ]

  it.each(hostile)("H5: %s ends in issues", (_, value) => {
    expect(Input.issues(Shape)(value).length).toBeGreaterThan(0)
    expect(Input.issues(Ref.SyncRef)(value).length).toBeGreaterThan(0)
  })
})

describe("a policy", () => {
  it.each([
    ["a misspelled field", { minRow: 1000 }, "minRow"],
    ["two misspelled fields", { minRow: 1000, maxFailedRow: 0 }, "maxFailedRow,minRow"],
    ["a negative bound", { minRows: -1 }, "minRows"],
    ["a ratio above 1", { maxFailedRatio: 1.5 }, "maxFailedRatio"],
  ])("W6: %s is refused wherever the policy is decoded", (_, policy, paths) => {
    const pathsOf = (issues: ReadonlyArray<{ readonly path: ReadonlyArray<string> }>) =>
      issues
        .map(({ path }) => path.join("."))
        .sort()
        .join()
    expect(pathsOf(Input.issues(Outcome.Policy)(policy))).toBe(paths)
    // A program may decode a policy from a file with the schema alone.
    expect(Result.isFailure(Schema.decodeUnknownResult(Outcome.Policy)(policy))).toBe(true)
  })

  it("W6: a policy with undefined fields is one without them", () => {
    expect(Schema.decodeUnknownSync(Outcome.Policy)({ minRows: undefined, maxFailedRows: 3 })).toEqual({
      maxFailedRows: 3,
    })
  })
})

describe("a time", () => {
  const time = DateTime.makeUnsafe("2026-09-20T10:00:00Z")

  it.each([["2026-09-20T10:00:00Z"], ["2026-09-20T12:00:00+02:00"], [new Date(time.epochMilliseconds)], [time]])(
    "H6: %s is decoded",
    (value) => {
      expect(Input.decoder(Time)(value)).toEqual(Result.succeed(time))
    },
  )

  it.each([["5"], ["2026-09-20"], [5], [null], [new Date(Number.NaN)]])("H6: %s is refused", (value) => {
    expect(linesOf(Time, value)).toEqual([": Expected a time, as in 2026-09-20T10:00:00Z"])
  })
})

describe("a duration", () => {
  it.each([["5 minutes"], [1_000], [{ hours: 1 }], [[3_600, 0]], ["0 millis"]])("H6: %j is taken", (value) => {
    expect(Input.issues(DurationInput)(value)).toEqual([])
  })

  it.each([["soon"], [-1], [Number.NaN], [{ hour: 1 }], [{}], [null], ["Infinity"]])("H6: %j is refused", (value) => {
    expect(linesOf(DurationInput, value)).toEqual([': Expected a finite duration, as in "5 minutes"'])
  })
})
