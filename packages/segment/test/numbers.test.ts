/** Numbers in the settings of mappings, which are kept exactly. */
import { describe, expect, it } from "@effect/vitest"
import * as Json from "@openretl/core/driver/Json"
import { Effect, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import { admin, failureOf, within } from "./admin.ts"

const mapping = Effect.gen(function* () {
  const segment = yield* admin()
  const { source = "", model = "", destination = "", action = "" } = yield* segment.emulator.addParts()
  const create = (settings: Json.JsonObject) =>
    within(
      "10 minutes",
      segment.create(
        SegmentAdmin.definition({ name: "n", source, model, destination, action, trigger: 'event = "new"', settings }),
      ),
    )
  return { ...segment, create }
})

const settingsOf = (sync: Parameters<typeof SegmentAdmin.nativeOf>[0]) =>
  SegmentAdmin.nativeOf(sync)?.subscription.settings as Json.JsonObject | undefined

const number = Schema.String.check(
  Schema.isPattern(/^-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,22})?(?:[eE][+-]?[0-9]{1,3})?$/),
)

describe("numbers in settings", () => {
  it.effect("A1, R5: an id beyond 2^53 survives a read, a change of another field, and the write", () =>
    Effect.gen(function* () {
      const { create, administration, catalog } = yield* mapping
      const id = 7301234567890123457n
      const sync = yield* create({ audience_id: id, list: "a" })
      expect(settingsOf(sync)).toEqual({ audience_id: id, list: "a" })
      const settings = { ...settingsOf(yield* within("1 minute", catalog.get(sync.ref))), list: "b" }
      const changed = yield* within("10 minutes", administration.update(sync.ref, SegmentAdmin.change({ settings })))
      expect(settingsOf(changed)).toEqual({ audience_id: id, list: "b" })
    }),
  )

  it.effect.prop(
    "A1, R5: any number survives, or the change is refused with its path before anything is sent",
    { text: Arbitrary.schema(number) },
    ({ text }) =>
      Effect.gen(function* () {
        const { create, administration, catalog, emulator } = yield* mapping
        const value = Json.parse(text)
        const isText = value instanceof Json.NumberText
        const sync = yield* create({ deep: [{ n: isText ? 1 : (value as number) }], list: "a" })
        const read = settingsOf(yield* within("1 minute", catalog.get(sync.ref)))
        const settings = { ...read, ...(isText && { deep: [{ n: value }] }), list: "b" } as unknown as Json.JsonObject
        const before = (yield* emulator.calls).length
        const update = within("10 minutes", administration.update(sync.ref, SegmentAdmin.change({ settings })))
        if (isText) {
          expect(String(yield* failureOf(update))).toContain("deep.0.n")
          expect((yield* emulator.calls).length).toBe(before)
        } else {
          expect(Json.stringify(settingsOf(yield* update))).toBe(Json.stringify(settings))
        }
      }),
    { arbitrary: { runs: 40 } },
  )
})
