/** Definitions and changes of callers without a type checker, and mappings of many columns. */

import { describe, expect, it } from "@effect/vitest"
import { Administration } from "@openretl/core/Administration"
import { Creation } from "@openretl/core/Creation"
import { NumberText } from "@openretl/core/driver/Json"
import { RetlError } from "@openretl/core/RetlError"
import { Transport } from "@openretl/core/Transport"
import { Context, Effect, Redacted } from "effect"
import * as ZeotapAdmin from "../src/ZeotapAdmin.ts"
import { workspaceId } from "./fixtures.ts"
import { clientOver, recording, token } from "./recordingTransport.ts"

const deep: unknown = JSON.parse(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`)
const cyclic: Record<string, unknown> = {}
cyclic["self"] = cyclic

const odd: ReadonlyArray<readonly [string, object]> = [
  ["a Map as config", { config: new Map([["email", 1]]) }],
  ["a Date as config", { config: new Date(0) }],
  ["a config with a number that is kept as its text", { config: { a: new NumberText("1e400") } }],
  ["a config with a cycle", { config: cyclic }],
  ["a config that is nested deeper than the stack", { config: deep }],
  ["a mapping that is null", { mapping: null }],
  ["a mapping that is a text", { mapping: "email" }],
  ["a mapping that is an object", { mapping: {} }],
  ["a mapping with null", { mapping: [null] }],
  ["a mapping with a text", { mapping: ["email"] }],
  ["a mapping without a field", { mapping: [{ from: "email" }] }],
]

describe("a definition or a change in JavaScript", () => {
  it.effect.each(odd)("A1, H6: %s is refused before any request", ([, fields]) =>
    Effect.gen(function* () {
      const transport = recording({ body: [] })
      const { services } = yield* ZeotapAdmin.workspace({
        name: "prod",
        workspaceId,
        token: Redacted.make(token),
      }).pipe(Effect.provideService(Transport, transport.service))
      const definition = ZeotapAdmin.definition({
        name: "n",
        model: "m",
        destination: "d",
        mapping: [{ from: "email", to: "Email" }],
        mode: "upsert",
        primaryKey: "email",
        ...fields,
      })
      const ref = yield* ZeotapAdmin.syncRef("prod", { sync: "s" })
      for (const call of [
        Context.get(services, Creation).create(definition),
        Context.get(services, Administration).update(ref, ZeotapAdmin.change(fields)),
      ]) {
        const error = yield* Effect.flip(call)
        if (!(error instanceof RetlError)) return expect.unreachable()
        expect(error).toMatchObject({ delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
      }
      expect(transport.requests).toEqual([])
    }),
  )
})

describe("a mapping of many columns", () => {
  it.effect.each([1_000, 2_000])("A1, H5: is compared in any order, with reads in proportion: %i columns", (count) =>
    Effect.gen(function* () {
      const { administration } = ZeotapAdmin.driver(yield* clientOver(recording({})))
      let reads = 0
      const counted = <A extends object>(entry: A): A =>
        new Proxy(entry, {
          get: (target, key) => {
            reads++
            return Reflect.get(target, key)
          },
        })
      const columns = Array.from({ length: count }, (_, index) => index)
      const wanted = columns.map((column) => ({ source_column: `c${column}`, destination_field: `f${column}` }))
      const shown = wanted.map((entry) => ({ ...entry, type_cast: "", transform: null })).reverse()
      const snapshotOf = (field_mapping: typeof shown) => ({
        ids: { sync: "s" },
        connection: {},
        state: "paused" as const,
        vendorState: "paused",
        native: { id: "s", field_mapping: field_mapping.map(counted) },
      })
      const isShown = (field_mapping: typeof shown) =>
        administration.isShown({ field_mapping: wanted.map(counted) }, snapshotOf(field_mapping), true)
      expect(isShown(shown)).toBe(true)
      const [first, ...others] = shown
      if (first === undefined) return expect.unreachable()
      expect(isShown([...others, { ...first, type_cast: "number" }])).toBe(false)
      expect(reads).toBeLessThanOrEqual(24 * count)
    }),
  )
})
