/** Which texts stand for a secret, and where definitions and changes may have them. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
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
