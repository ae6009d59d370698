/** What somebody else changes of a sync while an update that replaces it is under way. */
import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { ChangeConflict } from "../src/model/Change.ts"
import { every, manual } from "../src/model/schedule/Schedule.ts"
import { down, lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { logged } from "./support/logs.ts"
import { within } from "./support/testbed.ts"

const { refOf } = FakeSyncs
const hourly = every("1 hour")

const make = Effect.fnUntraced(function* (options: FakeSyncs.Options = {}) {
  const fake = FakeSyncs.make({ replaces: "all", ...options })
  fake.add({ id: "s1", at: -1_000_000, schedule: hourly })
  return { fake, ...(yield* FakeSyncs.open(fake)) }
})

/** Does something at the nth request of a kind. */
const atRequest = (
  fake: FakeSyncs.Fake,
  operation: "syncs" | "update",
  nth: number,
  happens: (now: number) => void,
): void => {
  let count = 0
  fake.when(operation, (now) => {
    if (++count === nth) happens(now)
  })
}

const pause = ({ administration }: Pick<Effect.Success<ReturnType<typeof make>>, "administration">) =>
  Effect.result(administration.pause(refOf("s1")))

describe("an update that replaces the sync", () => {
  it.effect("A6: reads it right before its request, and sends back what somebody else has just changed", () =>
    Effect.gen(function* () {
      const made = yield* make()
      // The first read plans the change.
      atRequest(made.fake, "syncs", 2, (now) => made.fake.set("s1", now, { schedule: manual }))
      expect(yield* within("2 minutes", pause(made))).toMatchObject({ _tag: "Success", success: { schedule: manual } })
      expect(yield* made.fake.truth).toMatchObject([{ state: "paused", schedule: manual }])
    }),
  )

  it.effect("A6: waits where reads disagree, since one of them may be older", () =>
    Effect.gen(function* () {
      const made = yield* make()
      const { fake } = made
      atRequest(fake, "syncs", 2, (now) => fake.set("s1", now, { schedule: manual }))
      atRequest(fake, "syncs", 3, (now) => fake.set("s1", now, { schedule: every("2 hours") }))
      yield* within("2 minutes", pause(made))
      expect(yield* fake.truth).toMatchObject([{ state: "paused", schedule: every("2 hours") }])
      const [planned, , last, look] = fake.sent.filter(({ operation }) => operation === "syncs").map(({ at }) => at)
      expect([(last ?? 0) - (planned ?? 0), (look ?? 0) - (last ?? 0)]).toEqual([60_000, 0])
    }),
  )

  it.effect("A6: goes on with what it read last where reads disagree and fail then", () =>
    Effect.gen(function* () {
      const made = yield* make()
      const { fake } = made
      atRequest(fake, "syncs", 2, (now) => {
        fake.set("s1", now, { schedule: manual })
        fake.trouble("syncs", {}, ...Array.from({ length: 5 }, () => ({ error: down })))
      })
      yield* within("3 minutes", pause(made))
      expect(yield* fake.truth).toMatchObject([{ state: "paused", schedule: manual }])
    }),
  )

  it.effect("A6: is done where somebody deletes the sync right after it", () =>
    Effect.gen(function* () {
      const made = yield* make()
      made.fake.when("update", (now) => made.fake.set("s1", now + 1, undefined))
      made.fake.trouble("update", { takes: 1_000 })
      expect(yield* within("3 minutes", pause(made))).toMatchObject({ _tag: "Success", success: { state: "paused" } })
    }),
  )

  it.effect.each<[string, Partial<FakeSyncs.FakeSync>, Partial<FakeSyncs.FakeSync>, unknown]>([
    ["a field that goes", {}, { schedule: undefined }, [{ field: "schedule", before: hourly }]],
    ["a field that comes, which may have been there before", { schedule: undefined }, { schedule: hourly }, undefined],
  ])("A6: reports what it knows: %s", ([, before, after, fields]) =>
    Effect.gen(function* () {
      const made = yield* make()
      const { fake } = made
      fake.set("s1", -500_000, before)
      // The look after the update.
      atRequest(fake, "syncs", 3, (now) => fake.set("s1", now, after))
      const result = yield* within("3 minutes", pause(made))
      if (fields === undefined) expect(result).toMatchObject({ _tag: "Success" })
      else expect(result).toMatchObject({ failure: { _tag: "ChangeConflict", fields } })
    }),
  )

  it.effect.each([
    ["leaves a field out, where no read shows the update,", { schedule: undefined }, true],
    ["shows another value than the read after it", { schedule: manual }, false],
  ] as const)("A6: is no conflict where its answer %s", ([, shown, isDown]) =>
    Effect.gen(function* () {
      const made = FakeSyncs.make({ replaces: "all" })
      const { administration } = made.driver
      const update: typeof administration.update = (...args) =>
        Effect.map(administration.update(...args), (answer) => {
          if (isDown) made.trouble("syncs", ...Array(100).fill({ error: down }))
          const { schedule: _, ...others } = answer ?? expect.fail()
          return { ...others, ...(shown.schedule !== undefined && shown) }
        })
      const fake = { ...made, driver: { ...made.driver, administration: { ...administration, update } } }
      fake.add({ id: "s1", at: -1_000_000, schedule: hourly })
      const opened = yield* FakeSyncs.open(fake)
      expect(yield* within("5 minutes", pause(opened))).toMatchObject({ _tag: "Success", success: { state: "paused" } })
    }),
  )

  it.effect("A6: goes on with what it read first where the second read fails", () =>
    Effect.gen(function* () {
      const made = yield* make()
      atRequest(made.fake, "syncs", 1, () => made.fake.trouble("syncs", {}, ...Array(5).fill({ error: down })))
      expect(yield* within("2 minutes", pause(made))).toMatchObject({ _tag: "Success" })
      expect(yield* made.fake.truth).toMatchObject([{ state: "paused", schedule: hourly }])
    }),
  )

  it.effect("A6: looks at it afterwards, and fails with what somebody else has changed in between", () =>
    Effect.gen(function* () {
      const made = yield* make()
      const { fake } = made
      atRequest(fake, "syncs", 3, (now) => fake.set("s1", now, { schedule: manual }))
      const { value, lines } = yield* logged(within("1 minute", pause(made)))
      expect(value).toMatchObject({
        _tag: "Failure",
        failure: {
          _tag: "ChangeConflict",
          sync: { state: "paused", schedule: manual },
          fields: [{ field: "schedule", before: hourly, after: manual }],
        },
      })
      expect(lines).toContainEqual(
        expect.objectContaining({
          message: "Another hand changed the sync while it was updated",
          annotations: expect.objectContaining({ operation: "pauseSync", fields: ["schedule"] }),
        }),
      )
      expect(fake.count("update")).toBe(1)
    }),
  )

  it.effect("A6: reports each field once, and a field of the change where somebody has overwritten it", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      atRequest(fake, "syncs", 3, (now) => fake.set("s1", now, { schedule: manual, name: "other", mode: "mirror" }))
      const change = { name: "mine", part: { vendor: "fake", spec: { mode: "full" } } }
      const error = yield* within("2 minutes", Effect.flip(administration.update(refOf("s1"), change)))
      expect(error).toBeInstanceOf(ChangeConflict)
      expect(error).toMatchObject({
        sync: { name: "other" },
        fields: [
          { field: "schedule", before: hourly, after: manual },
          { field: "name", before: "mine", after: "other" },
          { field: "mode", before: "full", after: "mirror" },
        ],
      })
    }),
  )

  it.effect("A6: reports what the answer shows where no read shows the update", () =>
    Effect.gen(function* () {
      const made = yield* make()
      const { fake } = made
      atRequest(fake, "update", 1, (now) => {
        fake.set("s1", now, { name: "renamed" })
        fake.trouble("syncs", ...Array(100).fill({ error: down }))
      })
      expect(yield* within("5 minutes", pause(made))).toMatchObject({
        failure: { fields: [{ field: "name", before: "from p", after: "renamed" }], sync: { name: "renamed" } },
      })
    }),
  )

  it.effect("A6: reports what its request has undone, where reads that lag behind still show it", () =>
    Effect.gen(function* () {
      const made = yield* make({ lag: 30_000 })
      const { fake } = made
      fake.set("s1", -10_000, { schedule: manual })
      expect(yield* within("2 minutes", pause(made))).toMatchObject({
        failure: {
          _tag: "ChangeConflict",
          fields: [{ field: "schedule", before: hourly, after: manual }],
          sync: { state: "paused", schedule: hourly },
        },
      })
    }),
  )

  it.effect("A6: looks as long as reads lag behind where they showed the update before it", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make({ replaces: "all", lag: 30_000 })
      fake.add({ id: "s1", at: -1_000_000, schedule: hourly })
      const [one, other] = yield* FakeSyncs.openTwo(fake)
      yield* within("2 minutes", one.administration.pause(refOf("s1")))
      const now = yield* Clock.currentTimeMillis
      fake.set("s1", now - 10_000, { schedule: manual })
      // Another process has written it lately, so that this pause is sent although reads show it.
      expect(yield* within("2 minutes", pause(other))).toMatchObject({
        failure: { _tag: "ChangeConflict", fields: [{ field: "schedule", before: hourly, after: manual }] },
      })
    }),
  )

  it.effect("A6: looks every five seconds, also where each read takes two", () =>
    Effect.gen(function* () {
      const made = yield* make({ lag: 30_000 })
      const { fake } = made
      fake.trouble("syncs", ...Array(100).fill({ takes: 2_000 }))
      atRequest(fake, "update", 1, (now) => fake.set("s1", now - 5_500, { schedule: manual }))
      expect(yield* within("2 minutes", pause(made))).toMatchObject({
        failure: { _tag: "ChangeConflict", fields: [{ field: "schedule", before: hourly, after: manual }] },
      })
    }),
  )

  it.effect("A6: logs nothing where nothing differs", () =>
    Effect.gen(function* () {
      const made = yield* make()
      expect((yield* logged(within("1 minute", pause(made)))).lines).toEqual([])
    }),
  )

  it.effect("A6: is done at once where reads do not lag behind and nothing differs", () =>
    Effect.gen(function* () {
      const made = yield* make()
      expect(yield* within("1 second", pause(made))).toMatchObject({ _tag: "Success" })
      expect(made.fake.count("syncs")).toBe(3)
    }),
  )

  it.effect("A1: with a lost answer, reports what somebody else has changed meanwhile, too", () =>
    Effect.gen(function* () {
      const made = yield* make()
      const { fake } = made
      fake.trouble("update", { error: lost, commits: true })
      atRequest(fake, "syncs", 3, (now) => fake.set("s1", now, { name: "renamed" }))
      expect(yield* within("5 minutes", pause(made))).toMatchObject({
        failure: { _tag: "ChangeConflict", fields: [{ field: "name" }] },
      })
    }),
  )

  it.effect("A6: sends back no earlier change that came to nothing", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.set("s1", -1_000_000, { state: "paused" })
      fake.trouble("update", { error: lost })
      const resume = Effect.flip(administration.resume(refOf("s1")))
      yield* within("10 minutes", Effect.andThen(resume, administration.setSchedule(refOf("s1"), manual)))
      expect(yield* fake.truth).toMatchObject([{ state: "paused", schedule: manual }])
    }),
  )

  it.effect(
    "A6: sends back what somebody else has changed since reads showed an earlier change whose answer was lost",
    () =>
      Effect.gen(function* () {
        const { fake, administration } = yield* make()
        fake.set("s1", -1_000_000, { state: "paused" })
        fake.trouble("update", { error: lost, commits: true })
        yield* within("70 seconds", administration.resume(refOf("s1")))
        fake.set("s1", yield* Clock.currentTimeMillis, { state: "paused" })
        yield* within("5 minutes", administration.setSchedule(refOf("s1"), manual))
        expect(yield* fake.truth).toMatchObject([{ state: "paused", schedule: manual }])
      }),
  )

  it.effect.each([
    ["another field is changed", { name: "renamed" }, undefined],
    ["it is undone", { state: "enabled", name: "renamed again" }, [{ field: "enabled", before: false, after: true }]],
  ] as const)("A6: a pause that replaces nothing reports what was undone of it alone: %s", ([, change, fields]) =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ switchesAlone: true })
      atRequest(fake, "update", 1, (now) => fake.set("s1", now, { name: "renamed" }))
      atRequest(fake, "syncs", 2, (now) => fake.set("s1", now, change))
      const result = yield* within("5 minutes", pause({ administration }))
      expect(result).toMatchObject(
        fields === undefined ? { success: { state: "paused" } } : { failure: { _tag: "ChangeConflict", fields } },
      )
      expect(yield* fake.truth).toMatchObject([{ state: "paused", schedule: hourly, ...change }])
    }),
  )

  it.effect("A6: a change of another process that shares the journal is no conflict", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make({ replaces: "all" })
      fake.add({ id: "s1", at: -1_000_000, schedule: hourly })
      const [one, other] = yield* FakeSyncs.openTwo(fake)
      const changes = [
        one.administration.setSchedule(refOf("s1"), manual),
        other.administration.pause(refOf("s1")),
        one.administration.update(refOf("s1"), { name: "renamed" }),
      ]
      yield* within("10 minutes", Effect.all(changes, { concurrency: "unbounded" }))
      expect(yield* fake.truth).toMatchObject([{ state: "paused", schedule: manual, name: "renamed" }])
    }),
  )

  it.effect("A6: a create that an update completes reports it, too", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make({ replaces: "all", isBare: true })
      const { administration } = yield* FakeSyncs.open(fake)
      atRequest(fake, "syncs", 3, (now) => fake.set("s1", now, { name: "renamed" }))
      const create = administration.create(FakeSyncs.definition("a", { enabled: true, schedule: hourly }))
      expect(yield* within("5 minutes", Effect.flip(create))).toMatchObject({
        _tag: "ChangeConflict",
        fields: [{ field: "name", before: "from a", after: "renamed" }],
        sync: { state: "enabled" },
      })
    }),
  )
})
