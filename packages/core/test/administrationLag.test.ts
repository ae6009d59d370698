/** Changes while reads lag behind writes, and while the vendor takes its time. */
import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../src/journal/Journal.ts"
import * as ProcessState from "../src/journal/ProcessState.ts"
import { every, manual } from "../src/model/schedule/Schedule.ts"
import { lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { settableClock } from "./support/settableClock.ts"
import { begin, within } from "./support/testbed.ts"

const { definition, refOf } = FakeSyncs
const hourly = every("1 hour")

const make = Effect.fnUntraced(function* (options: FakeSyncs.Options = {}) {
  const fake = FakeSyncs.make(options)
  return { fake, ...(yield* FakeSyncs.open(fake)) }
})

describe("with reads 30 seconds behind", () => {
  const lag = 30_000

  it.effect("A4: a resume right after a pause is sent, although a read still shows the sync enabled", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag })
      fake.add({ id: "s1", at: -1_000_000 })
      yield* within("1 second", administration.pause(refOf("s1")))
      expect(yield* within("1 second", administration.resume(refOf("s1")))).toMatchObject({ state: "enabled" })
      expect(yield* fake.truth).toMatchObject([{ state: "enabled" }])
      yield* within("1 second", administration.pause(refOf("s1")))
      expect(yield* fake.truth).toMatchObject([{ state: "paused" }])
      expect(fake.count("update")).toBe(3)
    }),
  )

  it.effect("A4: of a change whose fields were written lately, only those are sent again", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag })
      fake.add({ id: "s1", at: -1_000_000, name: "x" })
      yield* within("1 second", administration.pause(refOf("s1")))
      yield* within("1 second", administration.update(refOf("s1"), { enabled: false, name: "x" }))
      expect(fake.sent.filter(({ operation }) => operation === "update").map(({ change }) => change)).toEqual([
        { enabled: false },
        { enabled: false },
      ])
    }),
  )

  it.effect("A1: a delete right after a create is sent, once the sync can be read", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag })
      const { ref } = yield* within("1 second", administration.create(definition("a")))
      yield* within("3 minutes", administration.delete(ref))
      expect(yield* fake.truth).toEqual([])
      expect(fake.count("delete")).toBe(1)
    }),
  )

  it.effect("A1: a second delete is done, although a read still shows the sync", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag })
      fake.add({ id: "s1", at: -1_000_000 })
      yield* within("3 minutes", administration.delete(refOf("s1")))
      yield* within("3 minutes", administration.delete(refOf("s1")))
      expect(fake.count("delete")).toBe(1)
    }),
  )

  it.effect("A1: a delete counts over what reads show as long as they may lag, and no longer", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag })
      const ref = fake.add({ id: "kept", at: -1_000_000 })
      yield* within("35 seconds", administration.delete(ref))
      fake.setLag(60_000)
      yield* within("1 second", administration.delete(ref))
      expect(fake.count("delete")).toBe(1)
      fake.add({ id: "kept", at: 70_000 })
      yield* TestClock.adjust("2 minutes")
      yield* within("5 minutes", administration.delete(ref))
      expect(fake.count("delete")).toBe(2)
    }),
  )

  it.effect("A4: a change sends no field that an earlier one of this process has sent", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag })
      fake.add({ id: "s1", at: -1_000_000, name: "x" })
      yield* within("1 second", administration.pause(refOf("s1")))
      yield* within("1 second", administration.update(refOf("s1"), { name: "y" }))
      expect(fake.sent.flatMap(({ change }) => (change === undefined ? [] : [change]))).toEqual([
        { enabled: false },
        { name: "y" },
      ])
    }),
  )

  it.effect("A1: a read from before the last change does not prove a lost one that leads back", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag: 50_000 })
      fake.add({ id: "s1", at: -1_000_000 })
      yield* within("1 second", administration.pause(refOf("s1")))
      fake.trouble("update", { error: lost })
      expect(yield* within("1 hour", Effect.flip(administration.resume(refOf("s1"))))).toMatchObject({
        _tag: "ChangeIndeterminate",
      })
      expect(yield* fake.truth).toMatchObject([{ state: "paused" }])
    }),
  )

  it.effect("A1: a sync that the answer of its create showed is gone once reads have to show it", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const { ref } = yield* within("1 second", administration.create(definition("new")))
      fake.set(String(ref.ids["sync"]), 2_000, undefined)
      yield* TestClock.adjust("190 seconds")
      expect(yield* within("1 second", Effect.flip(administration.pause(ref)))).toMatchObject({
        ...{ reason: { _tag: "NotFound" }, delivery: "not-sent" },
      })
    }),
  )

  it.effect("A6: where an update replaces everything, a resume sends back the schedule that was set before it", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag, replaces: "all" })
      fake.add({ id: "s1", at: -1_000_000, schedule: hourly, state: "paused" })
      yield* within("40 seconds", administration.setSchedule(refOf("s1"), manual))
      fake.setLag(59_000)
      yield* within("2 minutes", administration.resume(refOf("s1")))
      expect(yield* fake.truth).toMatchObject([{ state: "enabled", schedule: manual }])
    }),
  )

  it.effect("A4, A6: a pause that replaces nothing is sent at once, where other changes replace everything", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make({ lag, replaces: "all", switchesAlone: true })
      const ref = fake.add({ id: "s1", at: -1_000_000 })
      const [one, other] = yield* FakeSyncs.openTwo(fake)
      yield* within("1 minute", one.administration.setSchedule(ref, hourly))
      // Reads may not show the schedule yet.
      const begunAt = yield* Clock.currentTimeMillis
      fake.when("update", (now) => fake.set("s1", now, { name: "renamed" }))
      expect(yield* within("1 minute", other.administration.pause(ref))).toMatchObject({ state: "paused" })
      expect(yield* fake.truth).toMatchObject([{ state: "paused", schedule: hourly, name: "renamed" }])
      const { at = 0, change } = fake.sent.findLast(({ operation }) => operation === "update") ?? {}
      expect([at - begunAt, change]).toEqual([1, { enabled: false }])
    }),
  )

  it.effect("A6: a change that replaces everything sends back nothing that another process has written since", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make({ lag, replaces: "all" })
      const ref = fake.add({ id: "s1", at: -1_000_000, state: "paused" })
      const [one, other] = yield* FakeSyncs.openTwo(fake)
      fake.trouble("update", { error: lost, commits: true })
      const changes = [
        one.administration.resume(ref),
        other.administration.pause(ref),
        one.administration.setSchedule(ref, hourly),
      ]
      yield* within("10 minutes", Effect.all(changes))
      expect(yield* fake.truth).toMatchObject([{ state: "paused", schedule: hourly }])
    }),
  )

  it.effect("A6: a change that replaces everything waits until the change of another process can be read", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make({ lag, replaces: "all" })
      fake.add({ id: "s1", at: -1_000_000, schedule: hourly })
      const [one, other] = yield* FakeSyncs.openTwo(fake)
      yield* within("1 minute", one.administration.setSchedule(refOf("s1"), manual))
      fake.setLag(59_000)
      yield* within("5 minutes", other.administration.update(refOf("s1"), { name: "renamed" }))
      expect(yield* fake.truth).toMatchObject([{ name: "renamed", schedule: manual }])
    }),
  )

  it.effect("A4: a pause of a sync that another process has just created and switched on is sent", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make({ lag, isBare: true })
      const [one, other] = yield* FakeSyncs.openTwo(fake)
      fake.trouble("create", { takes: 20_000 })
      const wanted = definition("a", { enabled: true, schedule: hourly })
      const { ref } = yield* within("25 seconds", one.administration.create(wanted))
      // Reads show the sync by now, and not yet that it is on.
      yield* TestClock.adjust("10 seconds")
      yield* within("1 second", other.administration.pause(ref))
      expect(yield* fake.truth).toMatchObject([{ state: "paused" }])
    }),
  )

  it.effect.each(["pause", "delete"] as const)(
    "A4: a %s of a sync that another process has just created is sent, once the sync can be read",
    (change) =>
      Effect.gen(function* () {
        const fake = FakeSyncs.make({ lag })
        const [one, other] = yield* FakeSyncs.openTwo(fake)
        const { ref } = yield* within("1 second", one.administration.create(definition("a", { enabled: true })))
        yield* within("2 minutes", other.administration[change](ref))
        expect(yield* fake.truth).toMatchObject(change === "pause" ? [{ state: "paused" }] : [])
        expect(fake.count(change === "pause" ? "update" : "delete")).toBe(1)
      }),
  )

  it.effect(
    "A4: a pause of a sync that a workspace with another name has just created is sent, once it can be read",
    () =>
      Effect.gen(function* () {
        const fake = FakeSyncs.make({ lag })
        const journal = Journal.memory()
        const opened = (name: string) =>
          Effect.provideService(
            FakeSyncs.open(fake, { journal, name }),
            ProcessState.ProcessState,
            ProcessState.isolated(),
          )
        const [one, other] = [yield* opened("crm"), yield* opened("sales")]
        const { ref } = yield* within("1 second", one.administration.create(definition("a", { enabled: true })))
        yield* within("2 minutes", other.administration.pause(refOf(String(ref.ids["sync"]), "sales")))
        expect(yield* fake.truth).toMatchObject([{ state: "paused" }])
      }),
  )

  it.effect("A4: a sync that does not exist is gone at once, whatever was created lately", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make({ lag })
      const [one, other] = yield* FakeSyncs.openTwo(fake)
      yield* within("1 second", one.administration.create(definition("a")))
      yield* within("1 second", other.administration.delete(refOf("none")))
      expect(yield* within("1 second", Effect.flip(other.administration.pause(refOf("none"))))).toMatchObject({
        ...{ reason: { _tag: "NotFound" }, delivery: "not-sent" },
      })
    }),
  )

  it.effect("A4: a delete of a sync that was made anew under the id of a deleted one is sent", () =>
    Effect.gen(function* () {
      const made = FakeSyncs.make()
      const create: typeof made.driver.administration.create = ({ spec: { pair, mode }, name = "" }) =>
        Effect.map(Clock.currentTimeMillis, (at) => {
          made.add({ id: "again", pair, name, state: "paused", at })
          return made.snapshotOf({ id: "again", pair, name, state: "paused", mode, schedule: manual })
        })
      const administration = { ...made.driver.administration, create }
      const opened = yield* FakeSyncs.open({ ...made, driver: { ...made.driver, administration } })
      for (const round of [1, 2]) {
        const { ref } = yield* within("1 second", opened.administration.create(definition("a")))
        yield* within("1 second", opened.administration.delete(ref))
        expect(made.count("delete")).toBe(round)
      }
    }),
  )

  it.effect("A4: a pause that another process has just undone is sent", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make({ lag })
      fake.add({ id: "s1", at: -1_000_000, state: "paused" })
      const [one, other] = yield* FakeSyncs.openTwo(fake)
      yield* within("1 second", one.administration.resume(refOf("s1")))
      yield* within("1 second", other.administration.pause(refOf("s1")))
      expect(yield* fake.truth).toMatchObject([{ state: "paused" }])
    }),
  )
})

describe("a change that takes effect late", () => {
  it.effect("A1: is looked for as long as a lost one, where the vendor accepted it without showing it", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ answers: "nothing" })
      fake.add({ id: "s1", at: -1_000_000 })
      fake.trouble("update", { commits: 100_000 })
      expect(yield* within("5 minutes", administration.pause(refOf("s1")))).toMatchObject({ state: "paused" })
    }),
  )

  it.effect("A1: a lost update of a new sync is found as soon as reads show it", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ isBare: true })
      fake.trouble("update", { error: lost, commits: true })
      const wanted = definition("a", { schedule: hourly })
      expect(yield* within("1 second", administration.create(wanted))).toMatchObject({ schedule: hourly })
    }),
  )

  it.effect("A1: a delete is looked for, and told as indeterminate where the sync never goes", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.add({ id: "s1", at: -1_000_000 })
      fake.trouble("delete", { commits: 100_000 })
      yield* within("5 minutes", administration.delete(refOf("s1")))
      fake.add({ id: "s2", at: -1_000_000 })
      fake.trouble("delete", { commits: 100_000_000 })
      const error = yield* Effect.flip(within("10 minutes", administration.delete(refOf("s2"))))
      expect(error).toMatchObject({
        ...{ _tag: "ChangeIndeterminate", operation: "delete", error: { delivery: "unknown" } },
      })
    }),
  )

  it.effect("A1: is not looked for any longer where the clock is set back", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ answers: "nothing" })
      const { provide, move } = yield* settableClock
      fake.add({ id: "s1", at: -10_000_000_000 })
      fake.trouble("update", { commits: 1_000_000_000 })
      const fiber = yield* begin(provide(Effect.flip(administration.pause(refOf("s1")))))
      yield* TestClock.adjust("1 minute")
      move(-3_600_000)
      yield* TestClock.adjust("10 minutes")
      expect(fiber.pollUnsafe()).toBeDefined()
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "ChangeIncomplete" })
    }),
  )
})

describe("an answer", () => {
  it.effect("A1: with another sync's body is no proof of a create", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.add({ id: "theirs", pair: "other", at: -1_000_000 })
      fake.answerWith("create", "theirs")
      const { ref } = yield* within("10 minutes", administration.create(definition("a")))
      expect(ref).toEqual(refOf("s1"))
      expect(fake.count("update")).toBe(0)
    }),
  )

  it.effect("A1: with another sync's body is no proof of an update", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.add({ id: "s1", at: -1_000_000 })
      fake.add({ id: "theirs", state: "paused", at: -1_000_000 })
      fake.answerWith("update", "theirs")
      fake.trouble("update", { commits: 1_000_000_000 })
      const error = yield* Effect.flip(within("10 minutes", administration.pause(refOf("s1"))))
      expect(error).toMatchObject({ _tag: "ChangeIncomplete", sync: { ref: refOf("s1"), state: "enabled" } })
    }),
  )
})

describe("turns", () => {
  it.effect("A1: a pause does not wait for creates, nor for another sync's lost change", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.add({ id: "s1", pair: "b", at: -1_000_000 })
      fake.add({ id: "s2", pair: "b", at: -1_000_000 })
      fake.trouble("create", { error: lost, takes: 180_000 })
      fake.trouble("update", { error: lost, takes: 180_000 })
      yield* Effect.forEach(Array.from({ length: 20 }), () => begin(administration.create(definition("a"))))
      yield* begin(administration.pause(refOf("s2")))
      yield* TestClock.adjust("1 second")
      yield* within("1 second", administration.pause(refOf("s1")))
      expect((yield* fake.truth).find(({ id }) => id === "s1")).toMatchObject({ state: "paused" })
    }),
  )
})
