import { describe, expect, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Wire from "../src/http/Wire.ts"
import * as Outcome from "../src/model/Outcome.ts"
import * as Reader from "../src/model/Reader.ts"
import * as Ref from "../src/model/Ref.ts"
import * as OutcomeSchema from "../src/model/schema/Outcome.ts"
import * as SchemaReader from "../src/model/schema/Reader.ts"
import * as SchemaWire from "../src/model/schema/Wire.ts"

const shape = {
  id: Reader.string,
  region: Reader.literals(["us", "eu"]),
  tags: Reader.array(Reader.string),
  next: Reader.nullable(Reader.string),
  on: Reader.boolean,
  size: Reader.optional(Reader.integer(1, 3, "a whole number from 1 to 3")),
  page: Reader.struct({ total: Reader.number }),
  kind: Reader.lenient(Reader.string),
}

const sound = { id: "a", region: "us", tags: ["x"], next: null, on: true, page: { total: 1 } }

const told = (reader: Reader.Reader<unknown>, value: unknown) =>
  Reader.problems(reader, value).map(({ path, message }) => `${path.join(".")}: ${message}`)

describe("a reader", () => {
  it("H6: gives what fits, and drops the rest", () => {
    const value = { ...sound, size: 2, kind: "k", other: [1] }
    expect(Reader.read(Reader.struct(shape), value)).toEqual(Result.succeed({ ...sound, size: 2, kind: "k" }))
    expect(Reader.read(Reader.struct(shape), { ...sound, size: undefined, kind: 7 })).toEqual(Result.succeed(sound))
  })

  it("H6: names every field that is wrong, with what was expected, and never the value", () => {
    const value = { region: "SECRET", tags: [1, "x", {}], next: 1, on: "yes", size: 4, page: [], kind: 7 }
    expect(told(Reader.struct(shape), value)).toEqual([
      "id: Expected a value: it is missing",
      'region: Expected "us" | "eu"',
      "tags.0: Expected string",
      "tags.2: Expected string",
      "next: Expected string | null",
      "on: Expected boolean",
      "size: Expected a whole number from 1 to 3",
      "page: Expected object",
    ])
    for (const odd of [[], null, undefined, "x", 7])
      expect(told(Reader.struct(shape), odd)).toEqual([": Expected object"])
  })

  it("H6: where null would do as well, it says so of the value, and not of what is in it", () => {
    const list = Reader.nullable(Reader.array(Reader.string))
    expect(told(list, 1)).toEqual([": Expected array | null"])
    expect(told(list, [1])).toEqual(["0: Expected string"])
    expect(told(list, null)).toEqual([])
  })

  it("H6: takes fields wherever an object has them from, as options may be of a class", () => {
    class Given {
      readonly id = "a"
      get name() {
        return `${this.id}b`
      }
    }
    const reader = Reader.struct({ id: Reader.string, name: Reader.string })
    expect(Reader.read(reader, new Given())).toEqual(Result.succeed({ id: "a", name: "ab" }))
  })

  it("H6: of a request, a field that nobody knows is named too", () => {
    expect(told(Reader.exact(shape), { ...sound, color: "red" })).toEqual(["color: Expected no excess property"])
    expect(told(Reader.struct(shape), { ...sound, color: "red" })).toEqual([])
  })

  it("H4: of a large value that is wrong throughout, some issues are enough", () => {
    const list = Array.from({ length: 100_000 }, () => 1)
    expect(Reader.problems(Reader.array(Reader.string), list)).toHaveLength(100)
    expect(Reader.problems(SchemaReader.answer(Schema.Array(Schema.String)), list).length).toBeGreaterThan(0)
    const page = Reader.struct({ items: Reader.array(Reader.string), next: Reader.lenient(Reader.string) })
    expect(Reader.problems(page, { items: list })).toHaveLength(100)
    expect(Reader.orUndefined(page, { items: [] })).toEqual({ items: [] })
  })

  it("H5: is no less careful with what comes after the last issue that is kept", () => {
    const list = Array.from({ length: 300 }, (_, index) => (index % 2 === 0 ? 5 : null))
    expect(Reader.problems(Reader.array(Ref.vendorId), list)).toHaveLength(100)
    expect(
      Reader.problems(
        Reader.array(Reader.struct({ id: Ref.vendorId })),
        list.map((id) => ({ id })),
      ),
    ).toHaveLength(100)
    const ids = Object.fromEntries(list.map((id, index) => [`id${index}`, id]))
    expect(Reader.problems(Ref.syncRef, { workspace: "w", vendor: "v", ids }).length).toBeGreaterThan(99)
    const excess = Object.fromEntries(list.map((_, index) => [`field${index}`, 1]))
    expect(told(Reader.exact({ id: Reader.string }), { ...excess, id: 5 })[0]).toBe("id: Expected string")
  })

  it("H5: is not fooled by names that every object has", () => {
    const odd: unknown = JSON.parse('{"__proto__":{"id":"a"},"constructor":"b"}')
    expect(told(Reader.struct({ id: Reader.string }), odd)).toEqual(["id: Expected a value: it is missing"])
    expect(told(Reader.struct({ toString: Reader.string }), {})).toEqual(["toString: Expected string"])
    const [record] = [Reader.read(Reader.record(Reader.unknown), odd)]
    expect(Result.isSuccess(record) && Object.keys(record.success)).toEqual(["__proto__", "constructor"])
  })
})

/** The same shape as a schema: what the one lets through, the other does, and they make the same of it. */
const schema = Schema.Struct({
  id: Schema.String,
  region: Schema.Literals(["us", "eu"]),
  tags: Schema.Array(Schema.String),
  next: Schema.NullOr(Schema.String),
  on: Schema.Boolean,
  size: Schema.optional(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 3 }))),
  page: Schema.Struct({ total: Schema.Finite }),
  kind: SchemaWire.text,
  flag: SchemaWire.flag,
  rows: SchemaWire.count,
  phase: SchemaWire.object({ rows: SchemaWire.count }),
})

const same = Reader.struct({
  ...shape,
  flag: Wire.flag,
  rows: Wire.count,
  phase: Wire.object({ rows: Wire.count }),
})

const some = <S extends Schema.Constraint>(fits: S) => Schema.Union([fits, fits, fits, Schema.Json])
const count = Schema.Union([Schema.Int, Schema.Literals(["12", "", "007", "1e3", "-1", "9".repeat(16), 1.5, -1])])

const values = Arbitrary.schema(
  Schema.Struct({
    id: some(Schema.String),
    region: some(Schema.Literals(["us", "eu"])),
    tags: some(Schema.Array(Schema.String)),
    next: some(Schema.NullOr(Schema.String)),
    on: some(Schema.Boolean),
    size: Schema.optionalKey(some(Schema.Literals([1, 2, 3]))),
    page: some(Schema.Struct({ total: Schema.Finite })),
    kind: Schema.optionalKey(Schema.Json),
    flag: Schema.optionalKey(Schema.Json),
    rows: Schema.optionalKey(Schema.Union([count, Schema.Json])),
    phase: Schema.optionalKey(Schema.Union([Schema.Struct({ rows: count }), Schema.Json])),
  }),
)

describe("a reader beside a schema", () => {
  it.prop("H5: they agree on what fits, and on which fields do not", { value: values }, ({ value }) => {
    const read = Reader.read(same, value)
    const decoded = Reader.read(SchemaReader.answer(schema), value)
    expect(read._tag).toBe(decoded._tag)
    if (Result.isSuccess(read)) expect(decoded).toEqual(read)
    else expect(paths(read.failure)).toEqual(Result.isFailure(decoded) ? paths(decoded.failure) : [])
  })

  it.prop("H5: a schema made of a reader is that reader", { value: values }, ({ value }) => {
    const decoded = Reader.read(SchemaReader.answer(SchemaReader.toSchema(same)), value)
    expect(decoded).toEqual(Reader.read(same, value))
  })

  it("H6: a schema that reads a request names a field that nobody knows", () => {
    expect(told(SchemaReader.request(Schema.Struct({ id: Schema.String })), { id: "a", ib: "b" })).toEqual([
      "ib: Expected no excess property",
    ])
    expect(told(SchemaReader.answer(Schema.Struct({ id: Schema.String })), { id: "a", ib: "b" })).toEqual([])
  })

  const part = Schema.Union([Schema.Finite, Schema.Literals([0, 1, -1, 0.5, 1.5, "1"])])
  const policies = Arbitrary.schema(
    Schema.Struct({
      maxFailedRows: Schema.optionalKey(part),
      maxFailedRatio: Schema.optionalKey(part),
      minRows: Schema.optionalKey(part),
      absentCounts: Schema.optionalKey(Schema.Literals(["accept", "unverified", "no"])),
    }),
  )

  it.prop("H5: an outcome policy is taken by both or by none", { value: policies }, ({ value }) => {
    const bySchema = told(SchemaReader.request(OutcomeSchema.Policy), value)
    expect(told(Outcome.policy, value).length > 0).toBe(bySchema.length > 0)
  })
})

const paths = (issues: ReadonlyArray<{ readonly path: ReadonlyArray<string> }>) =>
  [...new Set(issues.map(({ path }) => path.join(".")))].sort()
