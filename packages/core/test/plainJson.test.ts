/** Values of callers as plain JSON: read once, bounded, and refused with every path where they are something else. */
import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Json from "../src/model/Json.ts"
import * as PlainJson from "../src/model/PlainJson.ts"

const linesOf = (value: unknown) =>
  PlainJson.read(value).issues.map(({ path, message }) => `${path.join(".")}: ${message}`)

const throwing = () => {
  throw new Error("no")
}

const notJson: ReadonlyArray<readonly [string, unknown]> = [
  ["a Map", new Map([["a", 1]])],
  ["a Set", new Set([1])],
  ["a Date", new Date(0)],
  ["a RegExp", /a/],
  ["a promise", Promise.resolve(1)],
  ["an error", new Error("no")],
  ["a URL", new URL("https://example.com")],
  ["a typed array", new Uint8Array(2)],
  ["a text as an object", Object("text")],
  ["an instance of a class", new (class Settings {})()],
  ["an object that inherits", Object.create({ inherited: 1 })],
  ["an object with toJSON", { toJSON: () => 1 }],
  [
    "the arguments of a function",
    (function () {
      // biome-ignore lint/complexity/noArguments: this is what the test passes.
      return arguments
    })(),
  ],
  ["a function", () => 1],
  ["a symbol", Symbol("s")],
  ["a symbol as a name", { [Symbol("s")]: 1 }],
  ["NaN", Number.NaN],
  ["an infinite number", Number.POSITIVE_INFINITY],
  ["undefined in a list", [undefined]],
  // biome-ignore lint/suspicious/noSparseArray: this is what the test passes.
  ["a gap in a list", [1, , 3]],
  ["a list with other fields", Object.assign([1], { more: 2 })],
  ["a list from a match", /a/.exec("a")],
  ["half a character", "\ud800"],
  ["half a character in a name", { "\udc00": 1 }],
  ["a field named __proto__", JSON.parse('{"__proto__":1}')],
  [
    "a getter",
    {
      get a() {
        return 1
      },
    },
  ],
  [
    "a getter that throws",
    {
      get a() {
        return throwing()
      },
    },
  ],
  ["a proxy that throws", new Proxy({}, { ownKeys: throwing })],
  ["a proxy that throws at a field", new Proxy({ a: 1 }, { getOwnPropertyDescriptor: throwing })],
  [
    "a proxy that was revoked",
    (() => {
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      return proxy
    })(),
  ],
  [
    "a list with an odd length",
    new Proxy([], {
      getOwnPropertyDescriptor: (list, key) => ({ ...Reflect.getOwnPropertyDescriptor(list, key), value: -1 }),
    }),
  ],
  ["a number that cannot be written", new Json.NumberText("1e400")],
]

describe("what is not JSON", () => {
  it.each(notJson)("A1, H6: %s is refused, wherever it stands, with its path", (_, value) => {
    expect(linesOf(value)).toHaveLength(1)
    const [line = ""] = linesOf({ fine: 1, list: [0, { at: value }] })
    expect(line.split(": ")[0]).toMatch(/^list\.1\.at/)
    expect(linesOf({ a: value, b: [value] })).toHaveLength(2)
  })

  it("H4: at most 100 problems are named, each with a short path", () => {
    const name = "n".repeat(10_000)
    const { issues } = PlainJson.read({ [name]: Array.from({ length: 5_000 }, () => Number.NaN) })
    expect(issues).toHaveLength(100)
    expect(issues[0]?.path[0]).toHaveLength(100)
  })

  it("H5: what is too deep, contains itself or is too large is refused, and what is wrong beside it too", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`)
    const cyclic: Record<string, unknown> = {}
    cyclic["again"] = [cyclic]
    expect(linesOf({ deep, cyclic, n: Number.NaN })).toEqual([
      `deep${".0".repeat(9)}: Expected at most 100 levels`,
      "cyclic.again.0: Expected no value that contains itself",
      "n: Expected a finite number",
    ])
    const endless = new Proxy([], {
      getOwnPropertyDescriptor: () => ({ value: 2 ** 32 - 1, writable: true, enumerable: false, configurable: false }),
    })
    for (const large of [endless, "x".repeat(9_000_000), Array.from({ length: 300_000 }, () => 1)]) {
      expect(linesOf({ large })).toEqual([
        expect.stringMatching(/^: Expected at most \d+ values and \d+ characters in all$/),
      ])
      expect(PlainJson.read({ large }).isWhole).toBe(false)
    }
  })

  it("A1: each value is read once, so that what was checked is what is sent", () => {
    let reads = 0
    const changing = new Proxy(
      { a: 1 },
      {
        getOwnPropertyDescriptor: () => ({ value: ++reads, writable: true, enumerable: true, configurable: true }),
        get: throwing,
      },
    )
    const { json, issues } = PlainJson.read(changing)
    expect([json, issues]).toEqual([{ a: 1 }, []])
    expect([json, reads]).toEqual([{ a: 1 }, 1])
  })

  it.each([5_000, 10_000])("H5: %i columns take a number of reads in proportion", (columns) => {
    let reads = 0
    const counted = <A extends object>(object: A): A =>
      new Proxy(object, {
        getOwnPropertyDescriptor: (target, key) => {
          reads++
          return Reflect.getOwnPropertyDescriptor(target, key)
        },
      })
    const mapping = counted(
      Array.from({ length: columns }, (_, index) => counted({ from: `c${index}`, to: `f${index}` })),
    )
    expect(PlainJson.read({ mapping }).issues).toEqual([])
    expect(reads).toBeLessThanOrEqual(6 * columns + 10)
  })
})

describe("what is JSON", () => {
  it.prop("A1, H6: any JSON is copied as it is", { value: Arbitrary.schema(Schema.Json) }, ({ value }) => {
    const text = JSON.stringify(value)
    const parsed: unknown = JSON.parse(text)
    const { json, issues } = PlainJson.read(parsed)
    // Generated texts may have half a character, and a field named __proto__.
    if (issues.length === 0) expect(JSON.stringify(json)).toBe(text)
    else expect(text).toMatch(/\\ud[89a-f]|__proto__/i)
  })

  it("H6: undefined in an object means absent, and objects of other realms and without a prototype are plain", () => {
    const bare = Object.assign(Object.create(null), { a: undefined, b: 2n ** 70n })
    expect(PlainJson.read(bare)).toEqual({ json: { b: 2n ** 70n }, issues: [], isWhole: true })
  })

  it("R5: bigints are written as numbers, also where a program has given them a toJSON", () => {
    const prototype: object = BigInt.prototype
    Object.defineProperty(prototype, "toJSON", { value: () => "text", configurable: true })
    try {
      expect(Json.stringify({ id: 7301234567890123457n, list: [1n] })).toBe('{"id":7301234567890123457,"list":[1]}')
    } finally {
      Reflect.deleteProperty(prototype, "toJSON")
    }
  })
})
