/** What a report of a move says of each property, how rows compare, and how a switch-over ends step by step. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Move from "../src/Move.ts"
import { PermissionDenied } from "../src/model/Reason.ts"
import { failure } from "./support/fakeDriver.ts"
import { fake, from, runOf, syncOf, target, to } from "./support/fakeFleet.ts"

const itemsOf = (fields: Parameters<typeof syncOf>[2], more: Partial<Move.Target> = {}) => {
  const { items } = Move.report(syncOf(from, "paused", fields), { ...target, ...more })
  return (field: string) => items.find((item) => item.field === field)
}

describe("a report", () => {
  it.each<[string, Parameters<typeof syncOf>[2], Partial<Move.Target>, field: string, item: object | undefined]>([
    ["an end by its name and kind", {}, {}, "connection.destination", { value: "d1 (salesforce)" }],
    ["an end by its name", {}, {}, "connection.source", { value: "Customers" }],
    ["an end that is not reported", { connection: {} }, {}, "connection.source", { value: "not reported" }],
    ["a mode that both have", { mode: "upsert" }, {}, "mode", { fate: "carried", value: "upsert" }],
    ["a mode in the vendor's word", { mode: "upsert", vendorMode: "UP" }, {}, "mode", { fate: "carried", value: "UP" }],
    ["a mode that the other lacks", { mode: "full" }, {}, "mode", { fate: "lost", value: "full" }],
    ["no mode", {}, {}, "mode", { fate: "yours", value: "not reported" }],
    ["no key where none is needed", {}, { hasPrimaryKey: false }, "primaryKey", undefined],
    ["no key where one is needed", {}, {}, "primaryKey", { fate: "yours" }],
    ["a key where none is named", { primaryKey: ["id"] }, { hasPrimaryKey: false }, "primaryKey", { fate: "changed" }],
    ["a key of one column", { primaryKey: ["id"] }, {}, "primaryKey", { fate: "carried", value: "id" }],
    ["a key of two columns", { primaryKey: ["a", "b"] }, {}, "primaryKey", { fate: "lost", value: "a, b" }],
    ["a mapping", { mapping: [{ from: "a", to: "b" }] }, {}, "mapping.b", { fate: "carried", value: "a" }],
    [
      "a mapping of an identifier",
      { mapping: [{ from: "a", to: "b", isIdentifier: true }] },
      {},
      "mapping.b",
      { value: "a, an identifier" },
    ],
    [
      "a cast",
      { mapping: [{ from: "a", to: "b", cast: "int" }] },
      {},
      "mapping.b",
      { fate: "carried", value: "a, as int" },
    ],
    [
      "a cast that the other lacks",
      { mapping: [{ from: "a", to: "b", cast: "int" }] },
      { hasCasts: false },
      "mapping.b",
      { fate: "changed", value: "a" },
    ],
    [
      "no cast where the other has none",
      { mapping: [{ from: "a", to: "b" }] },
      { hasCasts: false },
      "mapping.b",
      { fate: "carried" },
    ],
    ["a schedule that cannot be read", { unreadSchedule: "odd" }, {}, "schedule", { fate: "yours", value: "odd" }],
    ["no schedule", {}, {}, "schedule", { fate: "yours", value: "not reported" }],
    ["a name that the other lacks", { name: "n" }, { hasNames: false }, "name", { fate: "lost", value: "n" }],
    ["a state", {}, {}, "state", { fate: "carried", value: "paused" }],
    ["a state with its switch on", { isSwitchedOn: true }, {}, "state", { fate: "changed" }],
  ])("A5: has %s", (_, fields, more, field, item) => {
    const found = itemsOf(fields, more)(field)
    if (item === undefined) expect(found).toBeUndefined()
    else expect(found).toMatchObject(item)
  })
})

describe("rows side by side", () => {
  const verdict = (
    one: [succeeded: number, failed?: number],
    other: [succeeded: number, failed?: number],
    tolerance?: number,
  ) => {
    const rows = ([succeeded, failed]: [number, number?]) => ({ succeeded, ...(failed !== undefined && { failed }) })
    const runs = [runOf("succeeded", rows(one)), runOf("succeeded", rows(other))] as const
    return Move.sideBySide(...runs, tolerance === undefined ? {} : { tolerance }).verdict
  }

  it.each<[Parameters<typeof verdict>, ReturnType<typeof verdict>]>([
    [[[100], [100]], "same"],
    [[[100, 0], [100]], "same"],
    [
      [
        [100, 5],
        [100, 5],
      ],
      "same",
    ],
    [
      [
        [100, 5],
        [100, 3],
      ],
      "different",
    ],
    [[[100], [99]], "different"],
    [[[100], [99], 0.01], "close"],
    [[[100], [98], 0.01], "different"],
    [[[100, 1], [100], 0.01], "close"],
    [[[100, 2], [100], 0.01], "unknown"],
    [[[100, 2], [100, 0], 0.01], "different"],
    [[[100], [90], 1], "close"],
    [[[100], [90], 1.1], "different"],
    [[[100], [90], -1], "different"],
    [[[100, 0], [100, 5], 0.1], "close"],
  ])("A5: %j is %s", (args, expected) => {
    expect(verdict(...args)).toBe(expected)
  })
})

describe("a switch-over", () => {
  const options = { from, to, whenRunning: "fail" } as const
  const denied = failure(new PermissionDenied(), "refused", { status: 403 })
  type Fake = ReturnType<typeof fake>
  const switched = (made: Fake, changes: Partial<Move.Fleet> = {}, whenRunning: "fail" | "wait" = "fail") =>
    Effect.result(Move.switchOver({ ...made.fleet, ...changes }, { ...options, whenRunning }))

  it.effect("A5: holds both syncs in one order, whichever is switched on", () =>
    Effect.gen(function* () {
      const held: Array<string> = []
      const made = fake({})
      const holdForSwitch: Move.Fleet["holdForSwitch"] = (sync, pair, work) => {
        held.push(String(sync))
        return made.fleet.holdForSwitch(sync, pair, work)
      }
      yield* switched(made, { holdForSwitch })
      yield* Effect.result(
        Move.switchOver({ ...made.fleet, holdForSwitch }, { from: to, to: from, whenRunning: "fail" }),
      )
      expect(held).toHaveLength(4)
      expect(held.slice(2)).toEqual(held.slice(0, 2))
    }),
  )

  it.effect.each<[string, Partial<Move.Fleet>]>([
    ["a sync cannot be held", { holdForSwitch: () => Effect.fail(denied) }],
    ["a sync cannot be read", { getSync: () => Effect.fail(denied) }],
  ])("A5: fails with what happened, and nothing changed, where %s", ([, changes]) =>
    Effect.gen(function* () {
      const made = fake({})
      expect(yield* switched(made, changes)).toMatchObject({
        failure: {
          _tag: "SwitchOverFailed",
          step: "look",
          isRolledBack: true,
          error: { reason: { _tag: "PermissionDenied" } },
        },
      })
      expect(made.writes).toEqual([])
    }),
  )

  it.effect("A5: fails before it changes anything where its entry cannot be written", () =>
    Effect.gen(function* () {
      const made = fake({})
      const holdForSwitch: Move.Fleet["holdForSwitch"] = (sync, pair, work) =>
        made.fleet.holdForSwitch(sync, pair, (record) => work({ ...record, begin: Effect.fail(denied) }))
      expect(yield* switched(made, { holdForSwitch })).toMatchObject({ failure: { step: "look", isRolledBack: true } })
      expect(made.writes).toEqual([])
    }),
  )

  it.effect.each<[string, Parameters<typeof fake>[0], ReadonlyArray<string>]>([
    ["switched", {}, ["switched"]],
    ["undone", { begins: [runOf("running", {})] }, ["undone"]],
    ["neither where the states are not what they were", { fates: ["done", "silent-not-done", "refused"] }, []],
  ])("A5: writes that it ended %s", ([, how, expected]) =>
    Effect.gen(function* () {
      const ended: Array<string> = []
      const made = fake(how)
      const holdForSwitch: Move.Fleet["holdForSwitch"] = (sync, pair, work) =>
        made.fleet.holdForSwitch(sync, pair, (record) =>
          work({ ...record, end: (outcome) => Effect.sync(() => void ended.push(outcome)) }),
        )
      yield* switched(made, { holdForSwitch })
      expect(ended).toEqual(expected)
    }),
  )

  it.effect("A5: waits for no run where it may fail", () =>
    Effect.gen(function* () {
      const made = fake({ begins: [runOf("running", {})], waits: "1 hour" })
      const fiber = yield* Effect.forkChild(switched(made))
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(fiber)).toMatchObject({ failure: { step: "wait", isRolledBack: true } })
      expect(made.bothEnabled()).toBe(0)
    }),
  )

  it.effect("A5: says what to do, and what the syncs are", () =>
    Effect.gen(function* () {
      const made = fake({ to: "enabled" })
      const result = yield* switched(made)
      expect(result).toMatchObject({
        failure: {
          summary: expect.stringContaining("both syncs are as they were"),
          guidance: "Correct the named problem and switch over again.",
        },
      })
      const other = yield* switched(fake({ fates: ["done", "silent-not-done", "refused"] }))
      expect(other).toMatchObject({
        failure: {
          summary: expect.stringContaining(`${from} is paused`),
          guidance: expect.stringContaining("Read both syncs"),
        },
      })
    }),
  )
})
