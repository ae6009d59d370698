/** Changes where the vendor shows a part of a sync only: what was accepted counts, and what was not is no proof. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Change } from "../src/model/Change.ts"
import { cron, every, manual } from "../src/model/schedule/Schedule.ts"
import { lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { within } from "./support/testbed.ts"

const { definition, refOf } = FakeSyncs
const hourly = every("1 hour")

/** A workspace of a vendor whose reads show `more` of each sync, and whose administration has these parts besides. */
const make = Effect.fnUntraced(function* (options: FakeSyncs.Options, parts: object = {}) {
  const made = FakeSyncs.make(options)
  const administration = { ...made.driver.administration, ...parts }
  const fake: FakeSyncs.Fake = { ...made, driver: { ...made.driver, administration } }
  fake.add({ id: "s1", at: -1_000_000, name: "x", mode: "upsert" })
  return { fake, ...(yield* FakeSyncs.open(fake)) }
})

const unreadSchedule = "every full moon"

describe("a field that the vendor never shows", () => {
  it.effect.each<[string, Change, FakeSyncs.Options]>([
    ["name", { name: "b" }, { hides: "name" }],
    ["state", { enabled: false }, { more: { state: "unknown" } }],
    ["schedule", { schedule: hourly }, { hides: "schedule" }],
  ])(
    "A1: %s: is changed where the vendor accepted that, and unproven where the answer was lost",
    ([, change, options]) =>
      Effect.gen(function* () {
        const { fake, administration } = yield* make({ answers: "nothing", ...options })
        yield* within("10 minutes", administration.update(refOf("s1"), change))
        fake.trouble("update", { error: lost, commits: true })
        const error = yield* within("10 minutes", Effect.flip(administration.update(refOf("s1"), change)))
        expect(error).toMatchObject({ _tag: "ChangeIndeterminate", wanted: change })
        expect(fake.count("update")).toBe(2)
      }),
  )

  it.effect("A4: is sent before it was accepted, as is a part whose values the vendor masks", () =>
    Effect.gen(function* () {
      const isShown = (_: unknown, __: unknown, isAccepted: boolean) => isAccepted
      const { fake, administration } = yield* make({}, { isShown })
      const part = { vendor: "fake", spec: { mode: "mirror" } }
      yield* within("10 minutes", administration.update(refOf("s1"), { part }))
      expect(fake.count("update")).toBe(1)
    }),
  )
})

describe("a schedule", () => {
  it.effect("A3: that the vendor shows and core cannot read is not the wanted one", () =>
    Effect.gen(function* () {
      const { administration } = yield* make({ answers: "nothing", hides: "schedule", more: { unreadSchedule } })
      const error = yield* within("10 minutes", Effect.flip(administration.setSchedule(refOf("s1"), hourly)))
      expect(error).toMatchObject({ _tag: "ChangeIncomplete", remaining: { schedule: hourly } })
    }),
  )

  it.effect.each([
    ["the same time", { assumed: "Europe/Berlin" }, "0 6 * * *", 0],
    ["another time", { assumed: "Europe/Berlin" }, "0 7 * * *", 1],
    ["the same time, which may be in another zone,", "named" as const, "0 6 * * *", 1],
  ] as const)(
    "A4: of a sync without a zone is in the zone that core assumes: %s is sent so often",
    ([, timeZone, wanted, updates]) =>
      Effect.gen(function* () {
        const schedules = { ...FakeSyncs.forms, cron: { source: "these tests", timeZone, fields: 5 } }
        const { fake, administration } = yield* make({ more: { schedule: cron("0 6 * * *") } }, { schedules })
        yield* within("10 minutes", Effect.exit(administration.setSchedule(refOf("s1"), cron(wanted, "Europe/Berlin"))))
        expect(fake.count("update")).toBe(updates)
      }),
  )
})

describe("after a create whose answer is lost, with exclusive,", () => {
  const on = { state: "enabled" as const }
  it.effect.each<[string, Parameters<typeof definition>[1], Partial<FakeSyncs.FakeSync>, isOurs: boolean]>([
    ["an enabled sync with a schedule", {}, { ...on, schedule: hourly }, false],
    ["an enabled sync with the schedule", { schedule: hourly }, { ...on, schedule: hourly }, false],
    ["an enabled sync with the schedule", { schedule: hourly, enabled: true }, { ...on, schedule: hourly }, true],
    [
      "an enabled sync with another one",
      { schedule: every("2 hours"), enabled: true },
      { ...on, schedule: hourly },
      false,
    ],
    ["an enabled sync without a schedule", {}, { ...on, schedule: manual }, true],
    ["an enabled sync whose schedule does not show", {}, { ...on, schedule: undefined }, true],
    ["a paused sync with a schedule", {}, { state: "paused", schedule: hourly }, true],
    ["a sync with another name", {}, { state: "paused", name: "theirs" }, false],
  ])(
    "A1, A2: %s is taken for the created one only where it does not fire unrequested: %j",
    ([, wanted, shown, isOurs]) =>
      Effect.gen(function* () {
        const { fake, administration } = yield* make({})
        fake.trouble("create", { error: lost })
        fake.when("create", (now) => fake.add({ id: "new", pair: "a", at: now, ...shown }))
        const exit = yield* within(
          "1 hour",
          Effect.flip(Effect.flip(administration.create(definition("a", wanted), { exclusive: true }))).pipe(
            Effect.result,
          ),
        )
        const found =
          exit._tag === "Success" ? exit.success.ref : "sync" in exit.failure ? exit.failure.sync : undefined
        expect(found !== undefined).toBe(isOurs)
        expect(fake.count("update")).toBe(0)
      }),
  )
})
