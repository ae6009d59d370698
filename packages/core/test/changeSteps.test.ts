/** The steps of changes one by one: what was written lately, here and elsewhere, and whose a sync is. */
import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import type { SyncChange } from "../src/driver/Administration.ts"
import * as Candidates from "../src/engine/configuration/candidates.ts"
import * as ChangeCall from "../src/engine/configuration/changeCall.ts"
import * as Others from "../src/engine/configuration/others.ts"
import * as Overtaken from "../src/engine/configuration/overtaken.ts"
import * as OwnWrites from "../src/engine/configuration/ownWrites.ts"
import type { WorkspaceContext } from "../src/engine/context.ts"
import { cron, every, manual } from "../src/model/schedule/Schedule.ts"
import { call, contextOf, entryOf } from "./support/changeSteps.ts"
import { within } from "./support/testbed.ts"

const hourly = every("1 hour")

describe("what this process wrote", () => {
  const noted = (
    ...writes: ReadonlyArray<readonly [at: number, what: Parameters<typeof OwnWrites.note>[2], isShown?: boolean]>
  ) =>
    Effect.gen(function* () {
      const { context } = contextOf()
      for (const [at, what, isShown = true] of writes) {
        yield* TestClock.setTime(at)
        yield* OwnWrites.note(context, "i", what, isShown, `entry-${at}`)
      }
      return (now: number) => Effect.andThen(TestClock.setTime(now), OwnWrites.recent(context, "i"))
    })

  it.effect("A4: counts for the lag of reads where its answer showed it", () =>
    Effect.gen(function* () {
      const at = yield* noted([0, { enabled: false }])
      expect((yield* at(60_000)).fields).toEqual({ enabled: false })
      expect(yield* at(60_001)).toEqual({
        ...{ fields: {}, written: { enabled: false }, ages: { enabled: 60_001 } },
        ...{ isGone: false, entries: new Set(["entry-0"]) },
      })
    }),
  )

  it.effect("A4: counts until it can have had its effect and reads show it, where its answer did not", () =>
    Effect.gen(function* () {
      const at = yield* noted([0, { enabled: false }, false])
      expect(yield* at(180_000)).toMatchObject({ fields: { enabled: false }, entries: new Set(["entry-0"]) })
      expect(yield* at(180_001)).toEqual({
        ...{ fields: {}, written: {}, ages: {}, isGone: false, entries: new Set() },
      })
    }),
  )

  it.effect("A4: counts for the lag of reads from when a read showed it, where its answer did not", () =>
    Effect.gen(function* () {
      const { context } = contextOf()
      yield* OwnWrites.note(context, "i", { name: "a" }, false)
      yield* OwnWrites.note(context, "i", { enabled: false }, false)
      yield* TestClock.setTime(50_000)
      yield* OwnWrites.confirm(context, "i")
      yield* TestClock.setTime(110_000)
      const kept = { name: "a", enabled: false }
      expect(yield* OwnWrites.recent(context, "i")).toMatchObject({ fields: kept, ages: { enabled: 60_000 } })
      yield* TestClock.setTime(110_001)
      expect((yield* OwnWrites.recent(context, "i")).fields).toEqual({ name: "a" })
      yield* OwnWrites.confirm(context, "other")
      expect((yield* OwnWrites.recent(context, "other")).fields).toEqual({})
    }),
  )

  it.effect("A4: the latest value of each field counts", () =>
    Effect.gen(function* () {
      const at = yield* noted(
        [0, { enabled: false, name: "a" }],
        [1, { name: "b", spec: { x: 1, y: 1 } }],
        [2, { spec: { y: 2 } }],
      )
      expect((yield* at(3)).fields).toEqual({ enabled: false, name: "b", spec: { x: 1, y: 2 } })
    }),
  )

  it.effect("A1: a delete and a create begin anew", () =>
    Effect.gen(function* () {
      const at = yield* noted([0, "created"], [1, { name: "a" }], [2, "deleted"])
      const entries = new Set(["entry-0", "entry-1", "entry-2"])
      expect(yield* at(3)).toEqual({ fields: {}, written: { name: "a" }, ages: { name: 2 }, isGone: true, entries })
      const again = yield* noted([10, "deleted"], [11, "created"], [12, { name: "b" }])
      expect(yield* again(13)).toMatchObject({ fields: { name: "b" }, isGone: false })
    }),
  )

  it.effect("A4: of one sync, the latest sixteen are remembered", () =>
    Effect.gen(function* () {
      const writes = Array.from({ length: 20 }, (_, index) => [index, { name: `${index}` }] as const)
      const at = yield* noted(...writes)
      const { entries } = yield* at(20)
      expect([...entries]).toEqual(Array.from({ length: 16 }, (_, index) => `entry-${index + 4}`))
    }),
  )

  it("A4: an entry is no part of a write without one", () => {
    const { context } = contextOf()
    const written = { at: { wall: 0, monotonic: 0 }, isShown: true, what: "created", entry: undefined } as const
    context.shared.writes.set("i", [written])
    expect(OwnWrites.recentAt(context, "i", { wall: 1, monotonic: 1 }).entries).toEqual(new Set())
  })

  it.each<[written: unknown, requested: unknown, differs: boolean, overlaps: boolean]>([
    [undefined, false, false, false],
    [true, undefined, false, false],
    [true, true, false, true],
    [true, false, true, true],
    [hourly, every("1 hour"), false, true],
    [hourly, manual, true, true],
    [cron("0 6 * * *"), cron("0 7 * * *"), true, true],
    [{ x: 1, y: 2 }, { x: 1 }, false, true],
    [{ x: 1 }, { x: 2, z: 1 }, true, true],
    [{ x: 1 }, { z: 1 }, false, false],
    [{ x: { y: 1 } }, { x: { y: 1, z: 2 } }, false, true],
    [{ x: { y: 1 } }, { x: { z: 2 } }, false, false],
    [[1, 2], [1, 2], false, true],
    [[1, 2], [1, 3], true, true],
    [{ x: 1 }, 1, true, true],
    [1, { x: 1 }, true, true],
    [null, { x: 1 }, true, true],
  ])("A4: compares what was written with what is requested: %j and %j", (written, requested, differs, overlaps) => {
    expect(OwnWrites.differs(written, requested)).toBe(differs)
    expect(OwnWrites.overlap(written, requested)).toBe(overlaps)
  })

  it("A6: a change followed by another has the later values", () => {
    expect(OwnWrites.merged({ name: "a", spec: { x: 1 } }, { enabled: true })).toEqual({
      ...{ name: "a", enabled: true, spec: { x: 1 } },
    })
    expect(OwnWrites.merged({ name: "a" }, { name: "b" })).toEqual({ name: "b" })
  })
})

describe("what others wrote", () => {
  const none = { fields: {}, written: {}, ages: {}, isGone: false, entries: new Set<string>() }

  it.effect.each<[state: string, age: number, hiddenFor: number, areRecent: boolean, isUnproven: boolean]>([
    ["finished", 0, 60_000, true, false],
    ["started", 59_999, 1, true, false],
    ["finished", 60_000, 0, true, false],
    ["sent", 180_000, 0, true, true],
    ["lost", 180_001, 0, false, true],
    ["abandoned", 10_000, 50_000, true, true],
    ["refused", 0, 0, false, false],
    ["claimed", 0, 0, false, false],
  ])("A4: an entry that is %s, %s ms old", ([state, age, hiddenFor, areRecent, isUnproven]) =>
    Effect.gen(function* () {
      const { context } = contextOf([entryOf(state, age)])
      expect(yield* Others.recent(context, call(), none)).toMatchObject({
        ...{ hiddenFor, areRecent, keptFields: {}, keptAges: {} },
        unproven: isUnproven ? [{ entry: { state } }] : [],
      })
    }),
  )

  it.effect("A4: the latest counts, and none of this process", () =>
    Effect.gen(function* () {
      const { context } = contextOf([entryOf("finished", 5_000), entryOf("finished", 20_000)])
      expect(yield* Others.recent(context, call(), none)).toMatchObject({ hiddenFor: 55_000 })
      const own = { ...none, entries: new Set(["finished-5000"]) }
      expect(yield* Others.recent(context, call(), own)).toMatchObject({ hiddenFor: 40_000 })
    }),
  )

  it.each<
    [change: SyncChange<object>, fingerprint: object, kind: "update" | "delete", replaces: boolean, undoes: boolean]
  >([
    [{ enabled: false }, { fields: ["enabled"], enabled: true }, "update", false, true],
    [{ enabled: false }, { fields: ["enabled"], enabled: false }, "update", false, false],
    [{ enabled: false }, { fields: ["enabled"], enabled: false }, "update", true, true],
    [{ enabled: false }, { fields: ["name", "schedule"], name: "a" }, "update", false, false],
    [{ enabled: false }, {}, "update", false, true],
    [{ enabled: false }, {}, "delete", false, true],
    [{ name: "a" }, { fields: ["name"], name: "b" }, "update", false, true],
    [{ name: "a" }, { fields: ["name"], name: "a" }, "update", false, false],
    [{ name: "a", enabled: true }, { fields: ["name", "enabled"], name: "a", enabled: false }, "update", false, true],
    [{ schedule: hourly }, { fields: ["schedule"] }, "update", false, true],
    [{ spec: {} }, { fields: ["spec", "enabled"], enabled: true }, "update", false, true],
  ])("A4: %j may be undone by one of %j, a %s: %s, %s", (change, fingerprint, kind, replaces, undoes) => {
    const { entry } = entryOf("sent", 0)
    const request = { sentAt: entry.writtenAt, writeTimeout: "1 minute", runAppearsWithin: "1 minute" }
    const earlierAt = (millis: number) =>
      ({
        entry: { ...entry, kind, fingerprint, request },
        readAt: DateTime.addDuration(entry.writtenAt, millis),
      }) as unknown as Others.Unproven
    const [late, over] = [earlierAt(119_999), earlierAt(120_000)]
    expect(Overtaken.undoing([late, over], change, replaces)).toEqual(undoes ? [late] : [])
  })

  it.effect.each<[age: number, fields: ReadonlyArray<string> | undefined, kept: object]>([
    [9, ["enabled"], { schedule: hourly }],
    [9, ["enabled", "schedule"], {}],
    [9, ["name"], { enabled: true, schedule: hourly }],
    [9, undefined, { enabled: true, schedule: hourly }],
    [10, ["enabled"], { enabled: true, schedule: hourly }],
  ])("A6: fields that this process wrote 10 ms ago, and others %s ms ago, if %o, count as %o", ([age, fields, kept]) =>
    Effect.gen(function* () {
      const { entry, ...stored } = entryOf("finished", age)
      const fingerprint = { digest: "d", ends: {}, ...(fields && { fields }) }
      const { context } = contextOf([{ ...stored, entry: { ...entry, kind: "update", fingerprint } as never }])
      const own = { ...none, fields: { enabled: true, schedule: hourly }, ages: { enabled: 10, schedule: 10 } }
      const { keptFields, keptAges } = yield* Others.recent(context, call(), own)
      expect([keptFields, Object.keys(keptAges)]).toEqual([kept, Object.keys(kept)])
    }),
  )

  it.effect.each<[waits: number, entries: ReadonlyArray<readonly [state: string, age: number]>]>([
    [0, []],
    [60_000, [["finished", 0]]],
    [50_000, [["started", 10_000]]],
    [0, [["finished", 60_000]]],
    [1, [["finished", 59_999]]],
    [170_000, [["lost", 10_000]]],
    [180_000, [["sent", 0]]],
    [120_000, [["abandoned", 60_000]]],
    [
      100_000,
      [
        ["finished", 10_000],
        ["lost", 80_000],
      ],
    ],
    [0, [["refused", 0]]],
  ])("A5: reads show everything after %s ms", ([waits, entries]) =>
    Effect.gen(function* () {
      const { context } = contextOf(entries.map(([state, age]) => entryOf(state, age)))
      const shown = Others.shown(context, "i").pipe(Effect.andThen(Effect.map(DateTime.now, DateTime.toEpochMillis)))
      const begun = yield* Effect.map(DateTime.now, DateTime.toEpochMillis)
      expect((yield* within("10 minutes", shown)) - begun - 1).toBe(waits)
    }),
  )
})

describe("whose a sync is", () => {
  it("A1: ends and names are compared as a vendor may write them", () => {
    const { hasEnds, hasName } = Candidates
    expect(hasEnds({ source: " S1 ", model: "a  b" }, { source: "s1", model: "a b" })).toBe(true)
    expect(hasEnds({ source: "s1", model: "other" }, { source: "s1", model: "m" })).toBe(false)
    expect(hasEnds({ source: "s1" }, { source: "s1", model: "m" })).toBe(false)
    expect(hasEnds({ source: "s1" }, { source: "s1", model: "" })).toBe(true)
    const named = (name?: string) => ({ ...(name !== undefined && { name }) }) as never
    expect(hasName(undefined, named("a"))).toBe(true)
    expect(hasName("a", named())).toBe(true)
    expect(hasName(" A ", named("a"))).toBe(true)
    expect(hasName("a", named("b"))).toBe(false)
  })

  const created = (id: string, state: string, age: number) =>
    entryOf(state, age, { kind: "create", id: `create-${id}`, created: { ids: { sync: id } } })
  const of = (id: string) => ({ ids: { sync: id } }) as never
  const isExplained = (
    entries: ReadonlyArray<ReturnType<typeof entryOf>>,
    more: object = {},
    prepare: (context: WorkspaceContext) => Effect.Effect<void> = () => Effect.void,
  ) =>
    Effect.gen(function* () {
      const { context } = contextOf(entries)
      yield* prepare(context)
      return yield* Candidates.isExplained({ context } as never, call(more), new Set(['{"sync":"before"}']))
    })

  it.effect("A1: another create's sync is explained, as is one from before", () =>
    Effect.gen(function* () {
      const entries = [
        created("s1", "started", 0),
        created("s2", "finished", 180_000),
        created("s3", "finished", 180_001),
      ]
      const other = [entryOf("started", 0, { kind: "trigger", created: { ids: { sync: "s5" } } })]
      const isOther = yield* isExplained([...entries, ...other, entryOf("finished", 0, { kind: "create" })])
      const ids = ["before", "s1", "s2", "s3", "s4", "s5"]
      expect(ids.filter((id) => isOther(of(id)))).toEqual(["before", "s1", "s2"])
    }),
  )

  it.effect("A1: ages count from this create's request where it was sent", () =>
    Effect.gen(function* () {
      const sentAt = DateTime.makeUnsafe(1_000_000 - 10_000)
      const isOther = yield* isExplained([created("s1", "finished", 190_000), created("s2", "finished", 190_001)], {
        entry: { id: "own", request: { sentAt } },
      })
      expect(["s1", "s2"].filter((id) => isOther(of(id)))).toEqual(["s1"])
    }),
  )

  it.effect("A1: its own entry explains nothing", () =>
    Effect.gen(function* () {
      const isOther = yield* isExplained([created("s1", "started", 0)], { entry: { id: "create-s1" } })
      expect(isOther(of("s1"))).toBe(false)
    }),
  )

  it.effect("A1: what this process made before is explained, and not where it has deleted it since", () =>
    Effect.gen(function* () {
      const entries = [created("gone", "finished", 1_000), created("mine", "finished", 1_000)]
      const isOther = yield* isExplained(entries, {}, (context) =>
        OwnWrites.note(context, '{"sync":"gone"}', "deleted", true),
      )
      expect(["mine", "gone"].filter((id) => isOther(of(id)))).toEqual(["mine"])
    }),
  )
})

describe("what recognizes a change", () => {
  const { context } = contextOf()

  it("A1: ends have an identity, in whichever order they stand", () => {
    const identity = ChangeCall.identityOfEnds(context, { a: "1", b: "2", c: "3" })
    expect(ChangeCall.identityOfEnds(context, { c: "3", a: "1", b: "2" })).toBe(identity)
    expect(ChangeCall.identityOfEnds(context, { b: "2", c: "3", a: "1" })).toBe(identity)
    expect(ChangeCall.identityOfEnds(context, { a: "1", b: "2", c: "4" })).not.toBe(identity)
    expect(identity).toMatch(/^create [0-9a-f]{64}$/)
  })

  it("A1: two requests are the same where their fields are, in whichever order", () => {
    expect(ChangeCall.textOf({ b: [{ d: 1, c: 2 }], a: null, n: 10n ** 20n })).toBe(
      '{"a":null,"b":[{"c":2,"d":1}],"n":100000000000000000000}',
    )
    expect(ChangeCall.textOf([{ b: 1 }, { a: 1 }])).toBe('[{"b":1},{"a":1}]')
    expect(ChangeCall.textOf(undefined)).toBe("")
    expect(ChangeCall.digestOf({ a: 1, b: 2 })).toBe(ChangeCall.digestOf({ b: 2, a: 1 }))
    expect(ChangeCall.digestOf({ a: hourly })).not.toBe(ChangeCall.digestOf({ a: every("2 hours") }))
  })
})
