/** Changes in the journal: keys, what a crash leaves, candidates, and what a person can do about it. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../src/journal/Journal.ts"
import * as ProcessState from "../src/journal/ProcessState.ts"
import * as Reason from "../src/model/Reason.ts"
import { every } from "../src/model/schedule/Schedule.ts"
import { failure, lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { begin, within } from "./support/testbed.ts"

const { definition, refOf } = FakeSyncs
const hourly = every("1 hour")
const key = "crm-contacts"

/** A vendor, and the processes that reach it over one journal. Each can be killed. */
const vendor = Effect.fnUntraced(function* (options: FakeSyncs.Options = {}) {
  const fake = FakeSyncs.make(options)
  const journal = Journal.memory()
  const start = Effect.gen(function* () {
    const scope = yield* Scope.make()
    const opened = yield* FakeSyncs.open(fake, { journal }).pipe(
      Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
      Scope.provide(scope),
    )
    return { ...opened, kill: Scope.close(scope, Exit.void) }
  })
  return { fake, journal, start }
})

/** Begins an effect, kills its process a while later, and lets the time pass that its lease lasts. */
const killAfter = <A, E>(
  { kill }: { readonly kill: Effect.Effect<void> },
  effect: Effect.Effect<A, E>,
  millis: number,
) =>
  Effect.gen(function* () {
    const fiber = yield* begin(effect)
    yield* TestClock.adjust(millis)
    yield* kill
    yield* TestClock.adjust("40 seconds")
    yield* Fiber.interrupt(fiber)
  })

describe("a create with a key", () => {
  it.effect("A1: makes one sync, however often it is called, and wherever", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor()
      const [one, other] = [yield* start, yield* start]
      const create = ({ administration }: typeof one) =>
        administration.create(definition("a", { enabled: true, schedule: hourly }), { key })
      const both = yield* within("10 minutes", Effect.all([create(one), create(other)], { concurrency: "unbounded" }))
      const later = yield* within("1 minute", create(other))
      expect([...both, later].map(({ ref }) => ref)).toEqual([refOf("s1"), refOf("s1"), refOf("s1")])
      expect(fake.count("create")).toBe(1)
    }),
  )

  it.effect("A1, A2: returns its sync as it is now, and does not switch it on again", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor()
      const { administration } = yield* start
      const create = administration.create(definition("a", { enabled: true, schedule: hourly }), { key })
      const { ref } = yield* within("1 minute", create)
      yield* within("1 minute", administration.pause(ref))
      const writes = fake.writes()
      expect(yield* within("1 minute", create)).toMatchObject({ state: "paused" })
      expect(fake.writes()).toBe(writes)
    }),
  )

  it.effect("A1: refuses the key for another definition, and sends nothing", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor()
      const { administration } = yield* start
      yield* within("1 minute", administration.create(definition("a"), { key }))
      const error = yield* Effect.flip(
        within("1 minute", administration.create(definition("a", { name: "b" }), { key })),
      )
      expect(error).toMatchObject({
        reason: { _tag: "InvalidRequest", issues: [{ path: ["options", "key"] }] },
        delivery: "not-sent",
      })
      expect(fake.count("create")).toBe(1)
    }),
  )

  it.effect("A1: fails where its sync was deleted since", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor()
      const { administration } = yield* start
      const { ref } = yield* within("1 minute", administration.create(definition("a"), { key }))
      yield* within("1 minute", administration.delete(ref))
      const error = yield* Effect.flip(within("10 minutes", administration.create(definition("a"), { key })))
      expect(error).toMatchObject({ reason: { _tag: "NotFound", what: "sync" }, sync: ref })
      expect(fake.count("create")).toBe(1)
    }),
  )

  it.effect("A1: is free again where the vendor refused it", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor()
      const { administration } = yield* start
      fake.trouble("create", { error: failure(new Reason.Conflict(), "refused", { status: 409 }) })
      const create = administration.create(definition("a"), { key })
      expect(yield* Effect.flip(within("1 minute", create))).toMatchObject({ reason: { _tag: "Conflict" } })
      expect((yield* within("1 minute", create)).ref).toEqual(refOf("s2"))
    }),
  )

  it.effect.each([
    { when: "before the vendor carries it out", commits: false, exclusive: false, creates: 2 },
    { when: "after that, with exclusive", commits: true, exclusive: true, creates: 1 },
  ])("A1: killed $when, makes one sync in the next process", ({ commits, exclusive, creates }) =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor()
      const first = yield* start
      fake.trouble("create", { error: lost, commits, takes: 100_000 })
      const create = ({ administration }: typeof first) => administration.create(definition("a"), { key, exclusive })
      yield* killAfter(first, create(first), 5_000)
      const second = yield* start
      expect((yield* within("1 hour", create(second))).ref).toEqual(refOf(commits ? "s1" : "s2"))
      expect(yield* fake.truth).toHaveLength(1)
      expect(fake.count("create")).toBe(creates)
    }),
  )

  it.effect("A1, A2: killed between the create and the update, is finished by the next process", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor({ isBare: true })
      const first = yield* start
      fake.trouble("update", { error: lost, takes: 100_000 })
      const create = ({ administration }: typeof first) =>
        administration.create(definition("a", { enabled: true, schedule: hourly }), { key })
      yield* killAfter(first, create(first), 5_000)
      fake.add({ id: "theirs", pair: "a", state: "paused" })
      const second = yield* start
      expect(yield* within("1 hour", create(second))).toMatchObject({ ref: refOf("s1"), state: "enabled" })
      expect(fake.count("create")).toBe(1)
    }),
  )
})

describe("a create whose answer is lost", () => {
  it.effect("A1, A2: without exclusive, names the only new sync as a candidate, and leaves it alone", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor({ isBare: true })
      const { administration } = yield* start
      fake.trouble("create", { error: lost })
      fake.when("create", (now) => fake.add({ id: "theirs", pair: "a", state: "paused", at: now + 500 }))
      const wanted = definition("a", { enabled: true, schedule: hourly })
      const error = yield* Effect.flip(within("1 hour", administration.create(wanted)))
      expect(error).toMatchObject({ _tag: "ChangeIndeterminate", candidates: [refOf("theirs")] })
      expect(fake.count("update")).toBe(0)
    }),
  )

  it.effect("A2: with exclusive, a sync that was only found is never switched on", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor({ isBare: true })
      const { administration } = yield* start
      fake.trouble("create", { error: lost, commits: true })
      const wanted = definition("a", { enabled: true, schedule: hourly })
      const error = yield* Effect.flip(within("1 hour", administration.create(wanted, { exclusive: true })))
      expect(error).toMatchObject({
        _tag: "ChangeIncomplete",
        sync: { ref: refOf("s1"), state: "paused" },
        remaining: { enabled: true, schedule: hourly },
      })
      expect(fake.count("update")).toBe(0)
    }),
  )

  it.effect("A1: a sync whose name the vendor has trimmed is a candidate, and with exclusive it is ours", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor()
      const { administration } = yield* start
      fake.store((sync) => ({ ...sync, name: sync.name.trim().toUpperCase() }))
      fake.trouble("create", { error: lost, commits: true })
      const wanted = definition("a", { name: " from  a " })
      const error = yield* Effect.flip(within("1 hour", administration.create(wanted, { exclusive: true })))
      expect(error).toMatchObject({
        _tag: "ChangeIncomplete",
        sync: { ref: refOf("s1") },
        remaining: { name: " from  a " },
      })
    }),
  )

  it.effect("A1: stops the next create of the same ends until it is settled, and names the entry", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor()
      const { administration } = yield* start
      fake.trouble("create", { error: lost, commits: true })
      const first = yield* Effect.flip(within("1 hour", administration.create(definition("a"))))
      const again = yield* Effect.flip(within("1 hour", administration.create(definition("a"))))
      expect(again).toMatchObject({ _tag: "ChangeIndeterminate", candidates: [refOf("s1")] })
      const entries = [first, again].map((error) => "entry" in error && error.entry)
      expect(entries).toEqual([expect.any(String), entries[0]])
      expect(fake.count("create")).toBe(1)

      const [{ entry } = expect.fail()] = yield* administration.pending
      expect(yield* within("1 hour", administration.resolve(entry))).toMatchObject({
        _tag: "Ambiguous",
        candidates: [refOf("s1")],
      })
      yield* administration.settle(String(entries[0]), { created: refOf("s1") })
      expect(yield* administration.pending).toEqual([])
      expect((yield* within("1 hour", administration.create(definition("a")))).ref).toEqual(refOf("s2"))
    }),
  )

  it.effect("A1: is given up with supersede, and by hand", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor()
      const { administration } = yield* start
      fake.trouble("create", { error: lost, commits: true }, { error: lost })
      yield* Effect.flip(within("1 hour", administration.create(definition("a"))))
      yield* Effect.flip(within("1 hour", administration.create(definition("a"), { whenOpen: "supersede" })))
      const [{ entry } = expect.fail()] = yield* administration.pending
      yield* administration.settle(entry, "not-done")
      expect(yield* administration.resolve(entry)).toMatchObject({ _tag: "NotDone" })
      yield* within("1 hour", administration.create(definition("a")))
      expect(fake.count("create")).toBe(3)
    }),
  )
})

describe("what an update or a delete has left", () => {
  it.effect("A1: is no pause that is done where the sync is gone", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor()
      fake.add({ id: "s1", at: -1_000_000 })
      const first = yield* start
      fake.trouble("update", { error: lost, takes: 100_000 })
      yield* killAfter(first, first.administration.pause(refOf("s1")), 5_000)
      fake.set("s1", 50_000, undefined)
      const { administration } = yield* start
      const [{ entry } = expect.fail()] = yield* administration.pending
      expect(yield* within("1 hour", administration.resolve(entry))).toMatchObject({ _tag: "Ambiguous" })
    }),
  )

  it.effect("A1: is settled by reads where they can tell", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor()
      fake.add({ id: "s1", at: -1_000_000 })
      fake.add({ id: "s2", at: -1_000_000 })
      const first = yield* start
      fake.trouble("update", { error: lost, commits: true, takes: 100_000 })
      fake.trouble("delete", { error: lost, takes: 100_000 })
      const both = Effect.all([first.administration.pause(refOf("s1")), first.administration.delete(refOf("s2"))], {
        concurrency: "unbounded",
      })
      yield* killAfter(first, both, 5_000)
      const { administration } = yield* start
      const entries = yield* administration.pending
      expect(entries.map(({ entry: { kind, state, sync } }) => [kind, state, sync]).sort()).toEqual([
        ["delete", "sent", refOf("s2")],
        ["update", "sent", refOf("s1")],
      ])
      const resolutions = yield* within(
        "1 hour",
        Effect.forEach(entries, ({ entry }) =>
          Effect.map(administration.resolve(entry), ({ _tag }) => [entry.kind, _tag]),
        ),
      )
      expect(resolutions.sort()).toEqual([
        ["delete", "NotDone"],
        ["update", "Done"],
      ])
      expect(yield* administration.pending).toEqual([])
      expect(fake.writes()).toBe(2)
    }),
  )

  it.effect("A1: does not stop the next change of the sync", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor()
      fake.add({ id: "s1", at: -1_000_000 })
      const first = yield* start
      fake.trouble("update", { error: lost, takes: 100_000 })
      yield* killAfter(first, first.administration.setSchedule(refOf("s1"), hourly), 5_000)
      const { administration } = yield* start
      yield* within("5 seconds", administration.pause(refOf("s1")))
      expect(yield* fake.truth).toMatchObject([{ state: "paused" }])
      expect(yield* administration.pending).toEqual([])
    }),
  )

  it.effect("A1: cannot be settled while its request may be under way", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor()
      fake.add({ id: "s1", at: -1_000_000 })
      const { administration } = yield* start
      fake.trouble("update", { error: lost, takes: 100_000 })
      const fiber = yield* begin(administration.pause(refOf("s1")))
      yield* TestClock.adjust("5 seconds")
      const [{ entry, isOwnerAlive } = expect.fail()] = yield* administration.pending
      expect(isOwnerAlive).toBe(true)
      const error = yield* Effect.flip(administration.settle(entry, "done"))
      expect(error).toMatchObject({ reason: { _tag: "TriggerBusy", entry: entry.id } })
      yield* TestClock.adjust("1 hour")
      yield* Effect.exit(Fiber.join(fiber))
    }),
  )
})

describe("a create that was accepted without a name for its sync", () => {
  it.effect("A1: is settled by hand where no read can tell which sync it made", () =>
    Effect.gen(function* () {
      const { fake, start } = yield* vendor({ answers: "nothing" })
      const { administration } = yield* start
      fake.when("create", (now) => fake.add({ id: "theirs", pair: "a", state: "paused", at: now }))
      const create = administration.create(definition("a"), { key })
      const error = yield* Effect.flip(within("1 hour", create))
      expect(error).toMatchObject({ _tag: "ChangeIndeterminate", candidates: [refOf("theirs"), refOf("s1")] })
      const [{ entry } = expect.fail()] = yield* administration.pending
      expect(entry).toMatchObject({ state: "started", key })
      expect(yield* administration.resolve(entry)).toMatchObject({ _tag: "Ambiguous" })
      expect(yield* Effect.flip(administration.settle(entry, "abandoned"))).toMatchObject({
        reason: { _tag: "InvalidRequest", issues: [{ path: ["settlement"] }] },
      })
      yield* administration.settle(entry, { created: refOf("s1") })
      expect((yield* within("1 hour", create)).ref).toEqual(refOf("s1"))
      expect(fake.count("create")).toBe(1)
    }),
  )
})
