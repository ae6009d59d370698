/** Definitions, changes and ids of callers without a type checker. */

import { describe, expect, it } from "@effect/vitest"
import { Administration } from "@openretl/core/Administration"
import { Creation } from "@openretl/core/Creation"
import { NumberText } from "@openretl/core/driver/Json"
import { RetlError } from "@openretl/core/RetlError"
import { Transport } from "@openretl/core/Transport"
import { Context, Effect, Redacted } from "effect"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import { recording, token } from "./recordingTransport.ts"

const deep: unknown = JSON.parse(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`)
const cyclic: Record<string, unknown> = {}
cyclic["self"] = cyclic

const odd: ReadonlyArray<readonly [string, unknown]> = [
  ["a Map", new Map([["email", 1]])],
  ["a Date", new Date(0)],
  ["a list", []],
  ["an object with a number that is kept as its text", { a: new NumberText("1e400") }],
  ["an object with a Map", { a: new Map() }],
  ["an object with a cycle", cyclic],
  ["an object that is nested deeper than the stack", deep],
  ["a getter that throws", Object.defineProperty({}, "a", { enumerable: true, get: () => JSON.parse("no") })],
]

const ids = { source: "s", model: "m", subscription: "u" }

describe("a definition or a change in JavaScript", () => {
  it.effect.each(odd)("A1, H6: %s as settings is refused before any request", ([, value]) =>
    Effect.gen(function* () {
      const transport = recording({ body: { data: {} } })
      const { services } = yield* SegmentAdmin.workspace({
        name: "prod",
        region: "us",
        token: Redacted.make(token),
      }).pipe(Effect.provideService(Transport, transport.service))
      const settings = value as Record<string, null>
      const wanted = { name: "n", source: "s", model: "m", destination: "d", action: "a", trigger: "t", settings }
      const ref = yield* SegmentAdmin.syncRef("prod", ids)
      for (const call of [
        Context.get(services, Creation).create(SegmentAdmin.definition(wanted)),
        Context.get(services, Administration).update(ref, SegmentAdmin.change({ settings })),
      ]) {
        const error = yield* Effect.flip(call)
        if (!(error instanceof RetlError)) return expect.unreachable()
        expect(error).toMatchObject({ delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
      }
      expect(transport.requests).toEqual([])
    }),
  )

  it.effect("H6: an optional id that is undefined is absent", () =>
    Effect.gen(function* () {
      const given: object = { ...ids, destination: undefined }
      const ref = yield* SegmentAdmin.syncRef("prod", given as typeof ids)
      expect(ref.ids).toEqual(ids)
      const missing: object = { ...ids, model: undefined }
      expect(yield* Effect.flip(SegmentAdmin.syncRef("prod", missing as typeof ids))).toMatchObject({
        reason: { _tag: "InvalidRequest", issues: [{ path: ["ids", "model"] }] },
      })
    }),
  )
})
