/** Definitions of callers without a type checker, and answers that are nested deeper than the stack. */

import { describe, expect, it } from "@effect/vitest"
import { NumberText } from "@openretl/core/driver/Json"
import { RetlError } from "@openretl/core/RetlError"
import { Effect } from "effect"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"
import { open } from "./admin.ts"
import { client, recording, token } from "./recordingTransport.ts"

const definition = {
  sourceId: "s",
  destinationId: "d",
  identifiers: [{ from: "email", to: "user_id" }],
} as const

const deep: unknown = JSON.parse(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`)
const cyclic: Record<string, unknown> = {}
cyclic["self"] = cyclic

const odd: ReadonlyArray<readonly [string, unknown]> = [
  ["a Map", new Map()],
  ["a Date", new Date(0)],
  ["a number that is kept as its text", new NumberText("1e400")],
  ["a function", () => 1],
  ["an object with a cycle", cyclic],
  ["an object that is nested deeper than the stack", deep],
  ["a getter that throws", Object.defineProperty({}, "a", { enumerable: true, get: () => JSON.parse("no") })],
]

describe("a definition in JavaScript", () => {
  it.effect.each(odd)("A1, H6: %s as destinationConfig is refused before any request", ([, destinationConfig]) =>
    Effect.gen(function* () {
      const transport = recording({ body: { data: [] } })
      const { create } = yield* open({ token, transport: transport.service })
      const wanted = RudderStackAdmin.definition({ ...definition, destinationConfig: destinationConfig as null })
      const error = yield* Effect.flip(create(wanted))
      if (!(error instanceof RetlError)) return expect.unreachable()
      expect(error).toMatchObject({ delivery: "not-sent", reason: { _tag: "InvalidRequest" } })
      expect(transport.requests).toEqual([])
    }),
  )

  it("A4: a change whose fields are undefined changes nothing", () => {
    const fields: object = { mappings: undefined, constants: undefined }
    expect(RudderStackAdmin.change(fields)).toEqual({})
  })
})

describe("an answer that is nested deeper than the stack", () => {
  const lists: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`)

  it.effect.each([[{ list: [1] }], [{ list: [{ a: 1 }] }], [[[1]]], [1]])(
    "H5: does not show the destinationConfig %j",
    ([destinationConfig]) =>
      Effect.gen(function* () {
        const { administration } = RudderStackAdmin.driver(yield* client(recording({})))
        const spec = { ...definition, destinationConfig: destinationConfig as never }
        for (const answered of [{ list: lists }, { list: [{ a: lists }] }, lists, [[{ b: deep }]], deep]) {
          const snapshot = {
            ids: { connection: "c" },
            connection: {},
            state: "paused",
            vendorState: "disabled",
            native: { id: "c", ...definition, destinationConfig: answered },
          } as const
          expect(administration.matches({ spec }, snapshot)).toBe(false)
        }
      }),
  )
})
