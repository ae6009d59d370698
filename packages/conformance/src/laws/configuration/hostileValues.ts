/** Definitions and changes whose vendor's part has a value that is not JSON, or the mask of a secret. */
import type { Change, Definition } from "@openretl/core/Change"
import { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import type { Law } from "../../Law.ts"
import { needsCreation } from "../../Setup.ts"
import * as Random from "../../testbed/random.ts"
import { type ConfiguredTestbed, changing } from "./configuredTestbed.ts"

/** Values that no vendor can be sent, each made anew. */
const values: Readonly<Record<string, () => unknown>> = {
  "a Map": () => new Map([["email", 1]]),
  "a Date": () => new Date(0),
  "a promise": () => Promise.resolve(1),
  "an instance of a class": () => new (class Settings {})(),
  "a function": () => () => 1,
  "a symbol": () => Symbol("s"),
  NaN: () => Number.NaN,
  "half a character": () => "\ud800",
  "a list with a gap": () => new Array(2),
  "undefined in a list": () => [undefined],
  "a field named __proto__": () => JSON.parse('{"__proto__":1}'),
  "a getter that throws": () => Object.defineProperty({}, "a", { enumerable: true, get: () => JSON.parse("no") }),
  "a proxy that throws": () => new Proxy({}, { ownKeys: () => JSON.parse("no") }),
  "a cycle": () => {
    const cycle: Array<unknown> = []
    cycle.push(cycle)
    return cycle
  },
  "something deeper than the stack": () => JSON.parse(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`),
  bullets: () => "sk_live_••••••",
  asterisks: () => "********",
  "a word in brackets": () => "[REDACTED]",
}

/** Returns the paths of all values in a value, outermost first. */
const pathsIn = (value: unknown): ReadonlyArray<ReadonlyArray<string>> =>
  typeof value !== "object" || value === null
    ? []
    : Object.entries(value).flatMap(([key, part]) => [[key], ...pathsIn(part).map((path) => [key, ...path])])

/** Returns a copy of a value with another value at a path. */
const withAt = (value: unknown, [key, ...path]: ReadonlyArray<string>, replacement: unknown): unknown => {
  if (key === undefined) return replacement
  if (Array.isArray(value))
    return value.map((part, index) => (String(index) === key ? withAt(part, path, replacement) : part))
  const fields: object = Object(value)
  return { ...fields, [key]: withAt(Reflect.get(fields, key), path, replacement) }
}

/** Expects that a call is refused before any request, with an issue at a path or within it. */
const expectRefused = Effect.fnUntraced(function* (
  testbed: ConfiguredTestbed,
  call: Effect.Effect<unknown, unknown>,
  paths: ReadonlyArray<ReadonlyArray<string>>,
  name: string,
) {
  const error = yield* testbed.failure(call)
  if (!(error instanceof RetlError) || error.reason._tag !== "InvalidRequest") {
    return expect.fail(`${name}: expected InvalidRequest, found ${String(error)}`)
  }
  expect(error.delivery, name).toBe("not-sent")
  const found = error.reason.issues.map(({ path }) => path.join("."))
  for (const path of paths) {
    const expected = ["part", "spec", ...path].join(".")
    expect(
      found.some((other) => other === expected || other.startsWith(`${expected}.`)),
      `${name}: ${found}`,
    ).toBe(true)
  }
})

export const hostileValueLaws: ReadonlyArray<Law> = [
  changing(
    "A1, H6",
    "a value that is not JSON, or is the mask of a secret, is refused wherever it stands, before any request",
    { needs: needsCreation },
    (testbed) =>
      Effect.gen(function* () {
        const random = Random.make(72)
        const definition = testbed.definition(yield* testbed.emulator.addParts())
        const { vendor, spec } = definition.part
        const paths = pathsIn(spec)
        const before = testbed.wire.sent.length
        for (const [name, make] of Object.entries(values)) {
          const path = random.pick(paths)
          const part = { vendor, spec: withAt(spec, path, make()) }
          const wanted: Definition = { ...definition, part }
          const change: Change = { part }
          yield* expectRefused(testbed, testbed.administration.create(wanted), [path], `${name} at ${path.join(".")}`)
          yield* expectRefused(testbed, testbed.administration.update(testbed.sync, change), [path], name)
        }
        const [first = "", second = ""] = Object.keys(Object(spec))
        const both = withAt(withAt(spec, [first], new Set()), [second], Number.POSITIVE_INFINITY)
        const wanted: Definition = { ...definition, part: { vendor, spec: both } }
        yield* expectRefused(testbed, testbed.administration.create(wanted), [[first], [second]], "two values")
        expect(testbed.wire.sent.length).toBe(before)
      }),
  ),
]
