import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as Fleet from "../src/Fleet.ts"
import type { Change, Definition } from "../src/model/Change.ts"
import type { SyncRef } from "../src/model/Ref.ts"
import { RetlError } from "../src/model/RetlError.ts"
import type { Schedule } from "../src/model/schedule/Schedule.ts"
import * as Workspace from "../src/Workspace.ts"
import { lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { within } from "./support/testbed.ts"

const { definition, refOf } = FakeSyncs

const make = Effect.gen(function* () {
  const fake = FakeSyncs.make()
  return { fake, ...(yield* FakeSyncs.open(fake)) }
})

const issuesOf = (error: unknown) =>
  error instanceof RetlError && error.reason._tag === "InvalidRequest"
    ? error.reason.issues.map(({ path }) => path.join(".")).sort()
    : expect.fail(`expected an InvalidRequest, found ${String(error)}`)

const part = definition("a").part

const definitions: ReadonlyArray<[string, unknown, ReadonlyArray<string>]> = [
  ["nothing", undefined, [""]],
  ["null", null, [""]],
  ["a list", [], [""]],
  ["no part", {}, ["part"]],
  ["a part that is undefined", { name: "x", part: undefined }, ["part"]],
  ["a part that is a string", { part: "fake" }, ["part"]],
  ["a part without its spec", { part: { vendor: "fake" } }, ["part.spec"]],
  ["a part with an unknown field", { part: { ...part, extra: 1 } }, ["part.extra"]],
  [
    "everything wrong at once",
    {
      name: 5,
      enabled: "yes",
      schedule: "hourly",
      color: "red",
      part: { vendor: "fake", spec: { pair: "", mode: "upsert" } },
    },
    ["color", "enabled", "name", "part.pair", "schedule"],
  ],
  [
    "a blank name, and a schedule with an unknown field",
    { name: " ", schedule: { _tag: "Manual", at: 1 }, part },
    ["name", "schedule.at"],
  ],
  ["a schedule that is null", { schedule: null, part }, ["schedule"]],
]

const changes: ReadonlyArray<[string, unknown, ReadonlyArray<string>]> = [
  ["nothing", undefined, [""]],
  ["a string", "pause", [""]],
  ["nothing to change", {}, [""]],
  ["only undefined fields", { name: undefined }, [""]],
  ["a field with a name that every object has", { constructor: 1, toString: "x" }, ["constructor", "toString"]],
  [
    "everything wrong at once",
    { name: 5, enabled: 1, paused: true, schedule: { _tag: "Every", every: "1 hour" }, part: 3 },
    ["enabled", "name", "part", "paused", "schedule.every"],
  ],
]

const refs: ReadonlyArray<[string, unknown, ReadonlyArray<string>]> = [
  ["nothing", undefined, ["sync"]],
  ["its text", String(refOf("s1")), ["sync"]],
  ["no ids", { workspace: "test", vendor: "fake" }, ["sync.ids"]],
  ["ids that are numbers", { workspace: "test", vendor: "fake", ids: { sync: 1 } }, ["sync.ids.sync"]],
  ["ids of something else", { workspace: "test", vendor: "fake", ids: { run: "1" } }, ["ids.run", "ids.sync"]],
]

describe("input from callers without a type checker", () => {
  it.effect.each(definitions)(
    "A1, H6: an invalid definition is refused with its wrong fields: %s",
    ([, wanted, fields]) =>
      Effect.gen(function* () {
        const { fake, administration } = yield* make
        expect(issuesOf(yield* Effect.flip(administration.create(wanted as Definition)))).toEqual(fields)
        expect(fake.sent).toEqual([])
      }),
  )

  it.effect.each(changes)("A1, H6: an invalid change is refused with its wrong fields: %s", ([, wanted, fields]) =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make
      expect(issuesOf(yield* Effect.flip(administration.update(refOf("s1"), wanted as Change)))).toEqual(fields)
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect.each(refs)("A1, H6: an invalid ref is refused with its wrong fields: %s", ([, given, fields]) =>
    Effect.gen(function* () {
      const { fake, administration, catalog } = yield* make
      const ref = given as SyncRef
      const calls: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
        administration.pause(ref),
        administration.resume(ref),
        administration.update(ref, { name: "x" }),
        administration.setSchedule(ref, { _tag: "Manual" }),
        administration.delete(ref),
        catalog.get(ref),
      ]
      for (const call of calls) expect(issuesOf(yield* Effect.flip(call))).toEqual(fields)
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect("A1: a ref from JSON works like a SyncRef, and `undefined` means absent", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make
      fake.add({ id: "s1" })
      const parsed = JSON.parse(JSON.stringify(refOf("s1"))) as SyncRef
      const wanted: unknown = { name: "new", enabled: undefined, schedule: undefined }
      const sync = yield* within("1 minute", administration.update(parsed, wanted as Change))
      expect([sync.name, String(sync.ref)]).toEqual(["new", String(refOf("s1"))])
      fake.trouble("update", { error: lost })
      const error = yield* Effect.flip(within("1 hour", administration.pause(parsed)))
      expect(error).toMatchObject({ _tag: "ChangeIndeterminate", sync: refOf("s1") })
    }),
  )

  it.effect.each(["name", "enabled", "schedule"] as const)(
    "A1: a lost answer to a definition whose %s is undefined ends in ChangeIndeterminate",
    (field) =>
      Effect.gen(function* () {
        const { fake, administration } = yield* make
        fake.trouble("create", { error: lost })
        const wanted = { ...definition("a"), [field]: undefined } as Definition
        const error = yield* Effect.flip(within("1 hour", administration.create(wanted)))
        if (error._tag !== "ChangeIndeterminate") return expect.unreachable()
        expect(Object.keys(error.wanted)).not.toContain(field)
        expect(error.wanted.part).toEqual(part)
      }),
  )

  it.effect(
    "A1, H6: a part that is nested deeper than the stack, or without end, or is too large is refused before any request",
    () =>
      Effect.gen(function* () {
        const { fake, administration } = yield* make
        fake.add({ id: "s1" })
        const deep: unknown = JSON.parse(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`)
        const wide = Array.from({ length: 20_000 }, (_, index) => ({ index }))
        let shared: object = {}
        for (let level = 0; level < 90; level++) shared = { a: shared, b: shared }
        const cyclic: Record<string, unknown> = {}
        cyclic["a"] = cyclic
        const cases = [
          [{ pair: deep, mode: "upsert" }, `part.spec.pair${".a".repeat(9)}`],
          [{ pair: shared, mode: "upsert" }, "part.spec"],
          [{ pair: cyclic, mode: "upsert" }, "part.spec.pair.a"],
          [deep, `part.spec${".a".repeat(10)}`],
          [shared, "part.spec"],
          [cyclic, "part.spec.a"],
        ] as const
        for (const [spec, path] of cases) {
          const wanted = { part: { vendor: "fake", spec } }
          expect(issuesOf(yield* Effect.flip(administration.create(wanted)))).toContain(path)
          expect(issuesOf(yield* Effect.flip(administration.update(refOf("s1"), wanted)))).toContain(path)
        }
        const error = yield* Effect.flip(administration.create({ part: { vendor: "fake", spec: { pair: wide } } }))
        expect(issuesOf(error)).toEqual(["part.spec.pair"])
        expect(fake.sent).toEqual([])
      }),
  )

  it.effect("A1: setSchedule refuses a value that is not a schedule", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make
      const hourly: unknown = "hourly"
      const call = administration.setSchedule(refOf("s1"), hourly as Schedule)
      expect(issuesOf(yield* Effect.flip(call))).toEqual(["schedule"])
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect("F2: a fleet refuses a value that is not a ref, and the name of no workspace", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      const one = yield* Workspace.make({ name: "one", closeWithin: 0 }, fake.driver)
      const fleet = yield* Fleet.make({ one })
      const values: ReadonlyArray<unknown> = [undefined, null, 5, "text", {}, { workspace: 1, vendor: {} }]
      for (const value of values) {
        const ref = value as SyncRef
        const calls: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
          fleet.getSync(ref),
          fleet.pauseSync(ref),
          fleet.deleteSync(ref),
        ]
        for (const call of calls) {
          expect(yield* Effect.flip(call)).toMatchObject({ reason: { _tag: "WrongWorkspace" }, delivery: "not-sent" })
        }
      }
      const nowhere = fleet.createSync("two" as "one", {} as Definition)
      expect(yield* Effect.flip(nowhere)).toMatchObject({ reason: { _tag: "WrongWorkspace" } })
      expect(fake.sent).toEqual([])
    }),
  )
})

describe("a workspace that closes", () => {
  it.effect("A1: closing the workspace drops changes that wait for their turn, and refuses later ones", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      fake.add({ id: "s1" })
      fake.add({ id: "s2" })
      const scope = yield* Scope.make()
      const { administration } = yield* Scope.provide(FakeSyncs.open(fake), scope)
      fake.trouble("update", { takes: 10_000 })
      const first = yield* Effect.forkChild(administration.pause(refOf("s1")))
      const second = yield* Effect.forkChild(administration.resume(refOf("s1")))
      yield* TestClock.adjust("5 seconds")
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(closing)
      const exits = yield* Effect.forEach([first, second], (fiber) => Fiber.await(fiber))
      expect(exits.map(({ _tag }) => _tag)).toEqual(["Failure", "Failure"])
      expect(fake.count("update")).toBe(1)
      const later = yield* Effect.forkChild(administration.delete(refOf("s2")))
      yield* TestClock.adjust("1 minute")
      expect((yield* Fiber.await(later))._tag).toBe("Failure")
      expect(fake.count("delete")).toBe(0)
    }),
  )
})
