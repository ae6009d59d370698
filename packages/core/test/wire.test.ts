import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Wire from "../src/http/Wire.ts"
import * as SchemaWire from "../src/model/schema/Wire.ts"

describe("one line of anything", () => {
  it("K2: any value becomes bounded, well-formed JSON, and never a defect", () => {
    expect(Wire.oneLine({ a: [1, null] })).toBe('{"a":[1,null]}')
    expect(Wire.oneLine(undefined)).toBe("")
    const long = Wire.oneLine("😀".repeat(300))
    expect([long.length, long.endsWith("…"), long.isWellFormed()]).toEqual([200, true, true])
    const deep: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`)
    expect(Wire.oneLine(deep)).toBe('"nested too deep"')
    expect(Wire.oneLine(deep, { strategy: "MOON" })).toBe('{"strategy":"MOON"}')
  })
})

describe("a lenient field", () => {
  it("H6: a lenient field that does not fit is left out, and the others are decoded", () => {
    const decode = Schema.decodeUnknownSync(
      Schema.Struct({ id: Schema.String, tags: SchemaWire.lenient(Schema.Array(Schema.String)) }),
    )
    expect(decode({ id: "a", tags: ["x"] })).toEqual({ id: "a", tags: ["x"] })
    expect(decode({ id: "a", tags: [1] })).toEqual({ id: "a" })
    expect(decode({ id: "a" })).toEqual({ id: "a" })
  })
})
