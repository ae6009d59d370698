import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect, Equal, Result, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as Input from "../src/model/Input.ts"
import * as Ref from "../src/model/Ref.ts"

const awkward = ["a", "../..", "?x#y", "sp ace", "line\nfeed", "über", "🦄", "~41", ".", "%2F", "a.b", "x".repeat(255)]

const run = (id: string, ids: Ref.VendorIds = { connection: id }) =>
  new Ref.RunRef({
    sync: new Ref.SyncRef({ workspace: "prod-eu", vendor: "rudderstack", ids }),
    run: id,
    acceptedAt: DateTime.makeUnsafe("2026-11-21T10:00:00.123Z"),
  })

const sync = { workspace: Ref.WorkspaceName, vendor: Ref.VendorName, ids: Ref.VendorIds }

const fields = {
  sync: Schema.Struct(sync),
  run: Ref.VendorId,
  acceptedAt: Schema.optionalKey(Schema.DateTimeUtc),
}

const oddId = Schema.Union([Ref.VendorId, Schema.Literals(["", "\ud800", "x".repeat(256)]), Schema.Json])

const oddSync = {
  workspace: Schema.Union([Ref.WorkspaceName, Schema.Json]),
  vendor: Schema.optionalKey(Schema.Union([Ref.VendorName, Schema.Json])),
  ids: Schema.Union([
    Schema.Record(Schema.Union([Schema.Literals(["model", "source", "Bad", "__proto__", ""])]), oddId),
    Ref.VendorIds,
    Schema.Json,
  ]),
}

describe("text form", () => {
  it.effect("H1, H6: any id is encoded in URL-safe characters on one line, and decoded unchanged", () =>
    Effect.gen(function* () {
      for (const id of awkward) {
        const text = String(run(id))
        expect(text).toMatch(/^[A-Za-z0-9._~-]+$/)
        const back = yield* Ref.parseRun(text)
        expect(back).toEqual(run(id))
        expect(String(back)).toBe(text)
        expect(yield* Ref.parseSync(String(run(id).sync))).toEqual(run(id).sync)
      }
    }),
  )

  it.effect.prop(
    "H1: decode(encode(ref)) is the ref, whatever the ids",
    { fields: Arbitrary.schema(Schema.Struct(fields)) },
    ({ fields: { sync, ...rest } }) =>
      Effect.gen(function* () {
        const ref = new Ref.RunRef({ sync: new Ref.SyncRef(sync), ...rest })
        const text = yield* Schema.encodeEffect(Ref.RunRefFromText)(ref)
        expect(text).toMatch(/^[A-Za-z0-9._~-]+$/)
        const back = yield* Ref.parseRun(text)
        expect(back.key).toBe(ref.key)
        expect(back.sync).toEqual(ref.sync)
        const json: unknown = JSON.parse(JSON.stringify(yield* Schema.encodeEffect(Ref.RunRef)(ref)))
        expect(yield* Schema.decodeUnknownEffect(Ref.RunRef)(json)).toEqual(ref)
      }),
  )

  it.effect.prop(
    "H5: whatever JSON stands for a sync ref, decoding ends in a ref or in issues",
    { sync: Arbitrary.schema(Schema.Struct(oddSync)) },
    ({ sync }) =>
      Effect.sync(() => {
        const decoded = Input.decoder(Ref.SyncRef)(sync)
        if (Result.isFailure(decoded)) return expect(decoded.failure.length).toBeGreaterThan(0)
        expect({ ...decoded.success }).toEqual(sync)
      }),
  )

  const texts = Schema.Struct({ one: Schema.Struct(sync), other: Schema.Struct(sync) })

  it.effect.prop(
    "H1: two refs with different fields have different texts",
    { refs: Arbitrary.schema(texts) },
    ({ refs }) =>
      Effect.sync(() => {
        const [one, other] = [new Ref.SyncRef(refs.one), new Ref.SyncRef(refs.other)]
        expect(String(one) === String(other)).toBe(Equal.equals(one, other))
      }),
  )

  it("H1: a workspace's name with a dot is refused, and would print no other ref's text", () => {
    const fields = { workspace: "a.b.c", vendor: "v", ids: { d: "e" } }
    expect(() => new Ref.SyncRef(fields)).toThrow()
    const forced = new Ref.SyncRef(fields, { disableChecks: true })
    expect(String(forced)).not.toBe(String(new Ref.SyncRef({ workspace: "a", vendor: "v", ids: { b: "c", d: "e" } })))
  })

  it("H1: the text of a ref does not depend on the order of its ids", () => {
    const a = run("r", { source: "1", model: "2" })
    const b = run("r", { model: "2", source: "1" })
    expect(String(a)).toBe(String(b))
    expect(a.key).toBe(b.key)
  })

  it.effect("H6: a ref that was accepted between two milliseconds has a text that is parsed", () =>
    Effect.gen(function* () {
      const accepted = new Ref.RunRef({
        sync: run("r", { connection: "c" }).sync,
        run: "r",
        acceptedAt: DateTime.addDuration(DateTime.makeUnsafe(1_000), "500 micros"),
      })
      const parsed = yield* Ref.parseRun(String(accepted))
      expect(parsed.acceptedAt).toEqual(DateTime.makeUnsafe(1_000))
    }),
  )

  it("H2: the text of a ref is the same in every version", () => {
    expect(String(run("dannc59bjios73e2imjg", { connection: "2C8Vk2" }))).toBe(
      "retl1.run.rudderstack.prod-eu.dannc59bjios73e2imjg.mwq8ldvf.connection.2C8Vk2",
    )
    expect(String(new Ref.SyncRef({ workspace: "w", vendor: "segment", ids: { source: "a.b" } }))).toBe(
      "retl1.sync.segment.w.source.a~2eb",
    )
  })
})

it("H1: a ref keeps its ids when the caller's object changes", () => {
  const ids = { connection: "a" }
  const ref = new Ref.SyncRef({ workspace: "w", vendor: "segment", ids })
  ids.connection = "b"
  expect(ref.ids).toEqual({ connection: "a" })
})

describe("untrusted text", () => {
  const bad = [
    ["", "a run ref, as in retl1.run."],
    ["hello", "a run ref, as in retl1.run."],
    ["retl2.run.x.y.z.-.a.b", "a ref of version retl1"],
    ["retl1.sync.segment.w.a.b", "a run ref, not a sync ref"],
    ["retl1.run.segment.w.r.-", "a run ref, as in"],
    ["retl1.run.segment.w.r.-.a", "a run ref, as in"],
    ["retl1.run.segment.w.r.-.b.1.a.2", "a run ref, as in"],
    ["retl1.run.segment.w.r.-.a.1.a.2", "a run ref, as in"],
    ["retl1.run.segment.w.r.-.a.~zz", "a run ref, as in"],
    ["retl1.run.segment.w.r.-.a.~41", "a run ref, as in"],
    ["retl1.run.segment.w.r.-.a.~ff", "a run ref, as in"],
    ["retl1.run.segment.w.r.NOT.a.b", "a run ref, as in"],
    ["retl1.run.SEGMENT.w.r.-.a.b", "a vendor name"],
    ["retl1.run.segment.w~20w.r.-.a.b", "a workspace name"],
    ["retl1.run.segment.w.r.-.__proto__.b", "a run ref, as in"],
    ["retl1.run.segment.w.r.-.a.b.a_b.c", "the name of an id"],
    [`retl1.run.segment.w.r.-.a.${"b".repeat(300)}`, "an id of 1 to 255 characters"],
    ["x".repeat(70_000), "at most 65536 characters"],
  ] as const

  it.effect("H6: a text that is not a ref is refused with what was expected", () =>
    Effect.gen(function* () {
      for (const [text, expected] of bad) {
        const error = yield* Effect.flip(Ref.parseRun(text))
        expect(error.message, text.slice(0, 60)).toContain(expected)
      }
    }),
  )

  it.effect("H6: a value that is not a text is refused with what was expected", () =>
    Effect.gen(function* () {
      for (const odd of [undefined, null, 5, {}, [], Symbol("a")]) {
        expect((yield* Effect.flip(Ref.parseRun(odd as string))).message).toContain("a run ref, as in")
        expect((yield* Effect.flip(Ref.parseSync(odd as string))).message).toContain("a sync ref, as in")
      }
    }),
  )

  it.effect.prop("H5: any text ends in a ref or an error", { text: Arbitrary.schema(Schema.String) }, ({ text }) =>
    Effect.gen(function* () {
      for (const input of [text, `retl1.run.${text}`, `retl1.run.segment.w.r.-.a.${text}`]) {
        const exit = yield* Effect.exit(Ref.parseRun(input))
        if (exit._tag === "Success") expect(String(exit.value)).toBe(input)
      }
    }),
  )
})
