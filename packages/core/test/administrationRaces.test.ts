import { describe, expect, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Logger, Result, Scope } from "effect"
import { TestClock } from "effect/testing"
import { ChangeIndeterminate } from "../src/model/Change.ts"
import * as Reason from "../src/model/Reason.ts"
import { every } from "../src/model/schedule/Schedule.ts"
import { down, failure, lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { begin, within } from "./support/testbed.ts"

const { definition, refOf } = FakeSyncs
const hourly = every("1 hour")
const unsent = failure(new Reason.Network({ code: "ECONNREFUSED" }), "not-sent")
const tooMany = failure(new Reason.RateLimited({}), "refused", { status: 429 })

const make = Effect.fnUntraced(function* (options: FakeSyncs.Options = {}) {
  const fake = FakeSyncs.make(options)
  return { fake, ...(yield* FakeSyncs.open(fake)) }
})

const indeterminate = (error: unknown): ChangeIndeterminate =>
  error instanceof ChangeIndeterminate ? error : expect.fail(`expected a ChangeIndeterminate, found ${String(error)}`)

describe("a create whose answer is lost", () => {
  it.effect("A1: with exclusive, the only new sync like the definition is taken, however late it shows", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag: 30_000 })
      fake.add({ pair: "a", at: -1_000_000 })
      fake.trouble("create", { error: lost, commits: 60_000 })
      const sync = yield* within("10 minutes", administration.create(definition("a"), { exclusive: true }))
      expect(sync.ref.ids).toEqual({ sync: "s2" })
      expect(fake.count("create")).toBe(1)
    }),
  )

  it.effect("A1: a create that leaves no new sync is indeterminate and not sent again", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { error: lost })
      const error = indeterminate(yield* Effect.flip(within("1 hour", administration.create(definition("a")))))
      expect(error).toMatchObject({ operation: "create", candidates: [], wanted: { name: "from a" } })
      expect(error.message).toMatch(/^create of a new sync may have happened: fake \(test\) createSync: Network/)
      expect(fake.count("create")).toBe(1)
    }),
  )

  it.effect("A1: with a stranger's sync just like it, a create is indeterminate and names both", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { error: lost, commits: true })
      fake.when("create", (now) => fake.add({ id: "theirs", pair: "a", state: "paused", at: now + 20_000 }))
      const error = indeterminate(yield* Effect.flip(within("1 hour", administration.create(definition("a")))))
      expect(error.candidates.map(({ ids }) => ids["sync"])).toEqual(["theirs", "s1"])
      expect(error.message).toContain(`it could be ${refOf("theirs")}, ${refOf("s1")}`)
    }),
  )

  it.effect("A1: core does not mistake a stranger's sync that shows first for its new sync", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { error: lost, commits: 60_000 })
      fake.when("create", (now) => fake.add({ id: "theirs", pair: "a", state: "paused", at: now + 500 }))
      const error = indeterminate(yield* Effect.flip(within("1 hour", administration.create(definition("a")))))
      expect(error.candidates.map(({ ids }) => ids["sync"])).toEqual(["theirs", "s1"])
    }),
  )

  it.effect("A1, A2: a stranger's sync with a schedule is a candidate that differs, and is not changed", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { error: lost })
      fake.when("create", (now) => fake.add({ id: "theirs", pair: "a", schedule: hourly, at: now + 500 }))
      const error = indeterminate(
        yield* Effect.flip(within("1 hour", administration.create(definition("a"), { exclusive: true }))),
      )
      expect(error.candidates).toEqual([refOf("theirs")])
      expect(error.differences).toEqual([{ candidate: refOf("theirs"), differs: ["enabled", "schedule"] }])
      expect(error.message).toContain(`${refOf("theirs")} (another enabled, schedule)`)
      expect(fake.count("update")).toBe(0)
      expect(yield* fake.truth).toMatchObject([{ id: "theirs", state: "enabled" }])
    }),
  )

  it.effect("A1: core does not mistake a sync from an earlier create that shows late for its new sync", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag: 50_000 })
      yield* within("1 second", administration.create(definition("a")))
      fake.trouble("create", { error: lost })
      const error = indeterminate(yield* Effect.flip(within("1 hour", administration.create(definition("a")))))
      expect(error.candidates).toEqual([])
    }),
  )

  it.effect("A1: a create that is answered with an existing sync fails with Conflict, and changes nothing", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ isShy: true, lag: 40_000 })
      fake.add({ id: "old", pair: "a", schedule: hourly, at: -1_000_000 })
      const first = yield* Effect.flip(within("1 minute", administration.create(definition("a"))))
      expect(first).toMatchObject({ _tag: "RetlError", reason: { _tag: "Conflict" }, delivery: "refused" })
      yield* within("1 second", administration.create(definition("b")))
      const second = yield* Effect.flip(within("1 minute", administration.create(definition("b"))))
      expect(second, "one that reads do not show yet").toMatchObject({ reason: { _tag: "Conflict" } })
      expect(fake.count("update")).toBe(0)
    }),
  )

  it.effect("A1: failing reads do not end the look-up", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { error: lost, commits: true })
      fake.when("create", () => fake.trouble("syncs", ...Array.from({ length: 12 }, () => ({ error: down }))))
      const sync = yield* within("1 hour", administration.create(definition("a"), { exclusive: true }))
      expect(sync.ref.ids).toEqual({ sync: "s1" })
    }),
  )

  it.effect("A1: a candidate with an invalid id is left out", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { error: lost, commits: true })
      fake.when("create", (now) => {
        fake.add({ id: "theirs", pair: "a", state: "paused", at: now })
        fake.add({ id: "x".repeat(300), pair: "a", state: "paused", at: now })
      })
      const error = indeterminate(yield* Effect.flip(within("1 hour", administration.create(definition("a")))))
      expect(error.candidates.map(({ ids }) => ids["sync"])).toEqual(["theirs", "s1"])
    }),
  )

  it.effect("A1: a create that never left or got a 429 is sent again", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { error: unsent }, { error: tooMany })
      yield* within("1 minute", administration.create(definition("a")))
      expect(fake.count("create")).toBe(3)
      expect((yield* fake.truth).length).toBe(1)
    }),
  )
})

describe("deleting a sync", () => {
  it.effect("A4: deleting a missing sync succeeds and sends no delete", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const ref = fake.add({})
      yield* within("1 minute", administration.delete(ref))
      yield* within("1 minute", administration.delete(ref))
      yield* within("1 minute", administration.delete(refOf("none")))
      expect(fake.count("delete")).toBe(1)
      expect(yield* fake.truth).toEqual([])
    }),
  )

  it.effect("A1: a lost delete succeeds when the sync is gone, and is indeterminate when it is not", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag: 30_000 })
      const [gone, existing] = [fake.add({ at: -1_000_000 }), fake.add({ at: -1_000_000 })]
      fake.trouble("delete", { error: lost, commits: 40_000 }, { error: lost })
      yield* within("10 minutes", administration.delete(gone))
      const error = indeterminate(yield* Effect.flip(within("1 hour", administration.delete(existing))))
      expect(error).toMatchObject({ operation: "delete", candidates: [], wanted: {} })
      expect(String(error.sync)).toBe(String(existing))
      expect(fake.count("delete")).toBe(2)
    }),
  )

  it.effect("A1: a 404 for a sync that somebody else deleted is a success", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ lag: 10_000 })
      const ref = fake.add({ at: -1_000_000 })
      const notFound = failure(new Reason.NotFound({ what: "unknown" }), "refused", { status: 404 })
      fake.trouble("delete", { error: notFound })
      fake.when("delete", (now) => fake.set("s1", now, undefined))
      yield* within("5 minutes", administration.delete(ref))
      expect(fake.count("delete")).toBe(1)
    }),
  )

  it.effect("A1: a 404 for a sync that still exists is an error", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const ref = fake.add({})
      const notFound = failure(new Reason.NotFound({ what: "unknown" }), "refused", { status: 404 })
      fake.trouble("delete", { error: notFound })
      const error = yield* Effect.flip(within("70 seconds", administration.delete(ref)))
      expect(error).toMatchObject({ _tag: "RetlError", reason: { _tag: "NotFound" }, delivery: "refused" })
    }),
  )

  it.effect("A1: a missing workspace does not count as a deleted sync", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const ref = fake.add({})
      fake.trouble("syncs", { error: failure(new Reason.NotFound({ what: "workspace" }), "refused", { status: 404 }) })
      const error = yield* Effect.flip(within("5 minutes", administration.delete(ref)))
      expect(error).toMatchObject({ reason: { _tag: "NotFound", what: "workspace" }, delivery: "not-sent" })
    }),
  )

  it.effect("A1: a refused delete fails with the vendor's error", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      const ref = fake.add({})
      fake.trouble("delete", { error: failure(new Reason.PermissionDenied(), "refused", { status: 403 }) })
      const error = yield* Effect.flip(within("5 minutes", administration.delete(ref)))
      expect(error).toMatchObject({ reason: { _tag: "PermissionDenied" }, operation: "deleteSync" })
    }),
  )
})

describe("several changes, and interrupts", () => {
  it.effect("A1: creates of the same ends go one at a time, and each finds its sync", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { error: lost, commits: 10_000 }, { takes: 5_000 })
      const both = Effect.all(
        [
          administration.create(definition("a"), { exclusive: true }),
          administration.create(definition("a"), { exclusive: true }),
        ],
        {
          concurrency: "unbounded",
        },
      )
      const refs = (yield* within("1 hour", both)).map(({ ref }) => ref.ids["sync"])
      expect(refs).toEqual(["s1", "s2"])
    }),
  )

  it.effect("A1: a change that is interrupted before its request sends nothing and gives its turn back", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("syncs", { takes: 10_000 })
      const fiber = yield* begin(administration.create(definition("a")))
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 hour")
      expect(fake.writes()).toBe(0)
      yield* within("1 minute", administration.create(definition("a")))
      expect((yield* fake.truth).length).toBe(1)
    }),
  )

  it.effect("A1: a change that is interrupted while it waits for its turn sends nothing", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { takes: 60_000 })
      const first = yield* begin(administration.create(definition("a")))
      yield* TestClock.adjust("1 second")
      const second = yield* begin(administration.create(definition("a", { name: "another" })))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(second)
      yield* TestClock.adjust("1 hour")
      yield* Fiber.join(first)
      expect((yield* fake.truth).map(({ name }) => name)).toEqual(["from a"])
    }),
  )

  it.effect("A1: a change that is interrupted while it waits for the rate limit sends nothing", () =>
    Effect.gen(function* () {
      const perHour = { requests: 2, window: "1 hour" } as const
      const others = { name: "others", operations: "all", requests: 1_000, window: "1 hour" } as const
      const { fake, administration } = yield* make({
        description: { limits: [{ name: "writes", operations: ["create", "delete"], ...perHour }, others] },
      })
      yield* within("1 second", administration.create(definition("a")))
      const before = fake.writes()
      const fiber = yield* begin(administration.create(definition("b")))
      yield* TestClock.adjust("1 second")
      expect(fake.writes(), "it waits").toBe(before)
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("5 hours")
      expect((yield* fake.truth).map(({ pair }) => pair)).toEqual(["a"])
    }),
  )

  it.effect("A1: a change that is interrupted while it waits for a retry is not sent again", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { error: tooMany })
      const fiber = yield* begin(administration.create(definition("a")))
      yield* TestClock.adjust("2 seconds")
      expect(fake.count("create")).toBe(1)
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 hour")
      expect(fake.count("create")).toBe(1)
    }),
  )

  it.effect("A1, A3: a change that is interrupted after its request completes, and its end is logged", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make(({ message }) => void lines.push(String(message)))
      const program = Effect.gen(function* () {
        const { fake, administration } = yield* make({ isBare: true })
        fake.trouble("create", { takes: 30_000 })
        const wanted = definition("a", { enabled: true, schedule: hourly })
        const fiber = yield* begin(administration.create(wanted))
        yield* TestClock.adjust("5 seconds")
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("1 hour")
        expect(yield* fake.truth).toMatchObject([{ state: "enabled", schedule: hourly }])
        expect([fake.count("create"), fake.count("update")]).toEqual([1, 1])
      })
      yield* Effect.scoped(program).pipe(Effect.provide(Logger.layer([logger])))
      expect(lines).toEqual(["Change completed after its caller was interrupted"])
    }),
  )

  it.effect("A1, A3: a change that ends incomplete after an interrupt is logged with what is missing", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make((options) => void lines.push(Logger.formatJson.log(options)))
      const program = Effect.gen(function* () {
        const { fake, administration } = yield* make({ isBare: true })
        fake.trouble("create", { takes: 30_000 })
        fake.trouble("update", { error: failure(new Reason.PermissionDenied(), "refused", { status: 403 }) })
        const fiber = yield* begin(administration.create(definition("a", { schedule: hourly })))
        yield* TestClock.adjust("5 seconds")
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("1 hour")
      })
      yield* Effect.scoped(program).pipe(Effect.provide(Logger.layer([logger])))
      const log = lines.join("\n")
      expect(log).toContain(String(refOf("s1")))
      expect(log).toContain('"missing":"schedule"')
    }),
  )

  it.effect("A1: closing the workspace waits for a change under way", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      const scope = yield* Scope.make()
      const { administration } = yield* Scope.provide(FakeSyncs.open(fake, { closeWithin: "10 seconds" }), scope)
      fake.trouble("create", { takes: 5_000 })
      const caller = yield* begin(Effect.result(administration.create(definition("a"))))
      yield* TestClock.adjust("1 second")
      const closing = yield* begin(Scope.close(scope, Exit.void))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(closing)
      expect((yield* fake.truth).length).toBe(1)
      const exit = yield* Fiber.await(caller)
      expect(Exit.isSuccess(exit) ? Result.isSuccess(exit.value) : Cause.pretty(exit.cause)).toBe(true)
    }),
  )
})
