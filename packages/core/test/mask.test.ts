/** Which texts stand for a secret, and where definitions and changes may have them. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Mask from "../src/driver/Mask.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { within } from "./support/testbed.ts"

const masks = [
  "••••",
  "•••",
  "••••1234",
  "sk_live_••••••",
  "sk-••••-abcd",
  "●●●●●●",
  " ******** ",
  "***",
  "****1234",
  "AKIA****************",
  "sk_live_****abcd",
  "****-****-****-1234",
  "xxxxxxxx",
  "XXXXXXXX1234",
  "xxxx-xxxx-xxxx-1234",
  "<redacted>",
  "<redacted:token>",
  "[REDACTED]",
  "[Filtered]",
  "(sensitive value)",
  "***REDACTED***",
  "__masked__",
]

const others = [
  "",
  "*",
  "**",
  "**/*.ts",
  "* * * * *",
  "0 */6 * * *",
  "**bold**",
  "***bold and italic***",
  "/**** a comment ****/",
  "price***",
  "Free****, see below",
  "•",
  "• one • two",
  "one\n•••\ntwo",
  "xxx",
  "XXXL",
  "XXXX",
  "(xxx) xxx-xxxx",
  "redacted",
  "the value is [REDACTED]",
  "[hidden]",
  "<b>",
  "{{properties.masked}}",
  'event = "new" or event = "updated"',
  "select count(*) from t",
  "...",
  "abcd...",
  "x".repeat(5_000),
]

describe("a mask", () => {
  it.each(masks)("A1: %j stands for a secret", (text) => {
    expect(Mask.isMask(text)).toBe(true)
  })

  it.each(others)("A1: %j is a value", (text) => {
    expect(Mask.isMask(text)).toBe(false)
  })

  it("A1: the masks in what a vendor shows are named by their paths", () => {
    const shown = { key: "••••1234", deep: [{ a: "x", b: "********" }], n: 7 }
    expect(Mask.paths(shown, "config")).toEqual(["config.key", "config.deep.0.b"])
  })

  const open = Effect.gen(function* () {
    const made = FakeSyncs.make()
    const spec = Schema.Struct({
      pair: Schema.optionalKey(Schema.String),
      config: Schema.Json,
      keys: Schema.optionalKey(Schema.Array(Schema.String)),
    })
    const parts = {
      spec,
      changedSpec: spec,
      matches: () => true,
      isShown: (...[, , isAccepted]: ReadonlyArray<unknown>) => isAccepted,
    }
    const administration = { ...made.driver.administration, ...parts } as never
    const fake = { ...made, driver: { ...made.driver, administration } }
    return { fake, ...(yield* FakeSyncs.open(fake)) }
  })

  it.effect.each<[string, unknown, ReadonlyArray<string>]>([
    ["deep in a list", { keys: [{ value: ["a", "<redacted>"] }] }, ["keys", "0", "value", "1"]],
    ["as a part of a text", { url: "https://example.com/?key=<redacted>&x=1" }, ["url"]],
    ["as the name of a field", { headers: { "<redacted>": "x" } }, ["headers"]],
    ["in the name of a field", { headers: { "x-<redacted>": "x" } }, ["headers"]],
  ])("A1, H6: what core has cut out is refused %s, unless it is meant", ([, config, path]) =>
    Effect.gen(function* () {
      const { fake, administration } = yield* open
      const ref = fake.add({ id: "s1" })
      const part = { vendor: "fake", spec: { pair: "p", config } }
      for (const call of [administration.create({ name: "n", part }), administration.update(ref, { part })]) {
        const error = yield* Effect.flip(call)
        expect((error as { reason?: unknown }).reason).toMatchObject({
          issues: [{ path: ["part", "spec", "config", ...path], message: expect.stringContaining("mask") }],
        })
      }
      expect(fake.sent).toEqual([])
      const texts = JSON.stringify(config).split('"')
      yield* within("5 minutes", administration.update(ref, { part: { ...part, literal: texts } }))
      expect(fake.count("update")).toBe(1)
    }),
  )

  it.effect("H6: one problem is named once, also where it is none of the field's type", () =>
    Effect.gen(function* () {
      const { administration } = yield* open
      const keys = ["a", "****1234", new Date(0)]
      const error = yield* Effect.flip(
        administration.create({ part: { vendor: "fake", spec: { pair: "p", config: 1, keys } } }),
      )
      expect((error as { reason?: unknown }).reason).toMatchObject({
        issues: [{ path: ["part", "spec", "keys", "1"] }, { path: ["part", "spec", "keys", "2"] }],
      })
    }),
  )

  it.effect.each(["<redacted>", "from <redacted>"])("A1, H6: %j is refused as a name", (name) =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      const { administration } = yield* FakeSyncs.open(fake)
      const ref = fake.add({ id: "s1" })
      const calls = [administration.create(FakeSyncs.definition("a", { name })), administration.update(ref, { name })]
      for (const call of calls) {
        expect(yield* Effect.flip(call)).toMatchObject({
          reason: { _tag: "InvalidRequest", issues: [{ path: ["name"] }] },
        })
      }
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect.each(masks)("A1, H6: %j in a definition or a change is refused, unless it is meant", (text) =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      const { administration } = yield* FakeSyncs.open(fake)
      const ref = fake.add({ id: "s1" })
      const part = { vendor: "fake", spec: { pair: "p", mode: text } }
      const issues = [{ path: ["part", "spec", "mode"], message: expect.stringContaining("mask") }]
      for (const call of [administration.create({ name: "n", part }), administration.update(ref, { part })]) {
        expect((yield* Effect.flip(call)) as { reason?: unknown }).toMatchObject({
          reason: { _tag: "InvalidRequest", issues },
        })
      }
      expect(fake.sent).toEqual([])
      yield* within("1 minute", administration.update(ref, { part: { ...part, literal: [text] } }))
      expect(fake.count("update")).toBe(1)
    }),
  )
})
