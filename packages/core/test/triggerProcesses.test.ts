import { describe, expect, it } from "@effect/vitest"
import { Context, Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../src/journal/Journal.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { slow } from "./support/journals.ts"
import { begin, otherProcess, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()
const fail = { whenRunning: "fail" } as const

const identity = (fake: FakeDriver.Fake): string => JSON.stringify(["fake", fake.driver.baseUrl, "s1"])

describe("several processes", () => {
  it.effect("T10: ten callers with one key in three processes share one run", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const journal = slow(Journal.memory(), 6)
      fake.delay("start", 3_000)
      const processes = yield* Effect.forEach([1, 2, 3], () => otherProcess(fake, { journal }))
      const callers = yield* Effect.forEach(Array.from({ length: 10 }), (_, index) => {
        const { services } = processes[index % 3] ?? expect.unreachable()
        return begin(Context.get(services, Runs).run(sync, { ...fail, key: "nightly/1" }))
      })
      yield* TestClock.adjust("10 minutes")
      const finished = yield* Effect.forEach(callers, Fiber.join)
      expect(fake.count("start")).toBe(1)
      expect(new Set(finished.map(({ run }) => run.ref.run))).toEqual(new Set(["r1"]))
      expect(finished.filter(({ how }) => how === "started")).toHaveLength(1)
    }),
  )

  it.effect("T10: a call whose process died after its claim is taken over, and sent once", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const journal = Journal.memory()
      // The lease is another's, so that the call stays `claimed`; then its renewals stop, as in a process that is killed.
      const lease = yield* journal.acquire(identity(fake), { host: "h", pid: 1, call: "other" }, "10 seconds")
      if (lease._tag !== "Acquired") return expect.unreachable()
      const frozen: Journal.Service = { ...journal, renewClaim: () => Effect.never, remove: () => Effect.never }
      const { services: killed } = yield* otherProcess(fake, { journal: frozen })
      const dead = yield* begin(Context.get(killed, Runs).trigger(sync, { ...fail, key: "k" }))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(dead)
      const { services: heir } = yield* otherProcess(fake, { journal })
      expect(yield* Context.get(heir, Runs).pending).toMatchObject([
        { isOwnerAlive: true, entry: { state: "claimed" } },
      ])
      const result = yield* within("2 minutes", Context.get(heir, Runs).trigger(sync, { ...fail, key: "k" }))
      expect(result).toMatchObject({ _tag: "Started" })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T10: a call that waits for the run of another one has the run of its key, where that was taken over", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", 0, { lasts: 60_000 })
      const journal = Journal.memory()
      // This process does not renew its claims: another one takes them over.
      const frozen: Journal.Service = { ...journal, renewClaim: () => Effect.succeed(false) }
      const [here, there] = yield* Effect.all([
        otherProcess(fake, { journal: frozen }),
        otherProcess(fake, { journal }),
      ])
      const trigger = (process: typeof here, key: string) =>
        begin(Context.get(process.services, Runs).trigger(sync, { whenRunning: "wait", key }))
      yield* trigger(here, "other")
      yield* TestClock.adjust("1 second")
      const frozenCall = yield* trigger(here, "k")
      yield* TestClock.adjust("40 seconds")
      const heir = yield* trigger(there, "k")
      yield* TestClock.adjust("20 minutes")
      const [one, two] = [yield* Fiber.join(frozenCall), yield* Fiber.join(heir)]
      if (!("run" in one) || !("run" in two)) return expect.unreachable()
      expect(one.run.run).toBe(two.run.run)
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect("T10: a call whose process died after its request is looked up before its key is used again", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", -600_000, { lasts: 1_000 })
      const journal = Journal.memory()
      fake.onStart((now, id) => {
        fake.begin(id, now)
        return Effect.never
      })
      const scope = yield* Scope.make()
      const { services: killed } = yield* otherProcess(fake, { journal }).pipe(Scope.provide(scope))
      const dead = yield* begin(Effect.exit(Context.get(killed, Runs).run(sync, { ...fail, key: "k" })))
      yield* TestClock.adjust("1 second")
      yield* Scope.close(scope, Exit.void)
      yield* Fiber.interrupt(dead)
      const { services: heir } = yield* otherProcess(fake, { journal })
      const finished = yield* within("20 minutes", Context.get(heir, Runs).run(sync, { ...fail, key: "k" }))
      expect(finished).toMatchObject({ how: "joined", run: { ref: { run: "r2" } } })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T10: a key whose mark took longer than its lease allows is put back, and its call sends once", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const memory = Journal.memory()
      let marks = 0
      const journal: Journal.Service = {
        ...memory,
        // The first lease is not renewed, and the first mark is written late in it.
        renew: (lease, duration) => (lease.number === 1 ? Effect.succeed(false) : memory.renew(lease, duration)),
        mark: (request) =>
          Effect.delay(
            Effect.suspend(() => memory.mark(request)),
            marks++ === 0 ? "25 seconds" : 0,
          ),
      }
      const { services } = yield* otherProcess(fake, { journal, storeWithin: "1 minute", journalLease: "30 seconds" })
      const caller = within("2 minutes", Context.get(services, Runs).trigger(sync, { ...fail, key: "k" }))
      expect(yield* caller).toMatchObject({ _tag: "Started", run: { run: "r1" } })
      expect(marks).toBe(2)
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T9: triggers of one sync in two processes go one at a time", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const journal = Journal.memory()
      fake.setPlan({ lasts: 600_000 })
      fake.delay("start", 20_000)
      const [one, two] = yield* Effect.all([otherProcess(fake, { journal }), otherProcess(fake, { journal })])
      const first = yield* begin(Context.get(one.services, Runs).trigger(sync, fail))
      yield* TestClock.adjust("1 second")
      const second = yield* begin(Context.get(two.services, Runs).trigger(sync, { whenRunning: "skip" }))
      yield* TestClock.adjust("1 minute")
      expect(yield* Fiber.join(first)).toMatchObject({ _tag: "Started", run: { run: "r1" } })
      expect(yield* Fiber.join(second)).toMatchObject({ _tag: "Skipped", running: { run: "r1" } })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T9: a caller waits for its turn for turnWithin, then learns whose turn it is", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const journal = Journal.memory()
      fake.delay("start", 170_000)
      const [one, two] = yield* Effect.all([otherProcess(fake, { journal }), otherProcess(fake, { journal })])
      yield* begin(Context.get(one.services, Runs).trigger(sync, fail))
      yield* TestClock.adjust("1 second")
      const here = yield* begin(
        Effect.flip(Context.get(one.services, Runs).trigger(sync, { ...fail, turnWithin: "20 seconds" })),
      )
      const there = yield* begin(
        Effect.flip(Context.get(two.services, Runs).trigger(sync, { ...fail, turnWithin: "20 seconds" })),
      )
      yield* TestClock.adjust("25 seconds")
      const [entry] = (yield* Context.get(two.services, Runs).pending).map(({ entry }) => entry)
      for (const fiber of [here, there]) {
        const error = yield* Fiber.join(fiber)
        expect(error).toMatchObject({ reason: { _tag: "TriggerBusy", entry: entry?.id }, delivery: "not-sent" })
        expect(error.message).toContain(`process ${entry?.owner.pid} on ${entry?.owner.host} is at work`)
      }
    }),
  )

  it.effect("T3: two layers in one process never adopt each other's runs", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      let starts = 0
      fake.onStart((now, id) => {
        // The first one's answer is lost, and it starts nothing.
        if (++starts === 1) return Effect.fail(FakeDriver.lost)
        return Effect.succeed(fake.begin(id, now, { lasts: 1_000 }).id)
      })
      const [one, two] = yield* Effect.all([workspace(fake, { name: "a" }), workspace(fake, { name: "b" })])
      const inA = FakeDriver.sync("s1", "a")
      const inB = FakeDriver.sync("s1", "b")
      const first = yield* begin(
        Effect.exit(Context.get(one.services, Runs).trigger(inA, { ...fail, exclusive: true })),
      )
      yield* TestClock.adjust("1 second")
      const second = yield* begin(Context.get(two.services, Runs).trigger(inB, { ...fail, exclusive: true }))
      yield* TestClock.adjust("20 minutes")
      expect(String(yield* Fiber.join(first))).toContain("Network")
      expect(yield* Fiber.join(second)).toMatchObject({ _tag: "Started", run: { run: "r1" } })
    }),
  )

  it.effect("J11: processes that share a journal stay within a limit of starts together", () =>
    Effect.gen(function* () {
      const limits = [
        { name: "starts", operations: ["start"] as const, requests: 2, window: "1 minute" as const },
        { name: "rest", operations: "all" as const, requests: 10_000, window: "1 minute" as const },
      ]
      const fake = FakeDriver.make({ description: { limits } })
      fake.setPlan({ lasts: 1 })
      const journal = Journal.memory()
      const options = { journal, rateLimitShare: 1 }
      const [one, two] = yield* Effect.all([otherProcess(fake, options), otherProcess(fake, options)])
      for (const name of ["a", "b", "c"]) {
        for (const { services } of [one, two]) {
          yield* begin(Context.get(services, Runs).trigger(FakeDriver.sync(`${name}`), { whenRunning: "wait" }))
        }
      }
      yield* TestClock.adjust("10 minutes")
      const at = fake.sent.filter(({ operation }) => operation === "start").map((start) => start.at)
      expect(at).toHaveLength(6)
      for (const [index, time] of at.entries()) {
        const third = at[index + 2]
        if (third !== undefined) expect(third - time, at.join()).toBeGreaterThanOrEqual(60_000)
      }
    }),
  )
})

describe("resuming", () => {
  it.effect("T10: what another process left is gone on with, by entry and by key, without a trigger", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const journal = Journal.memory()
      const [one, two] = yield* Effect.all([otherProcess(fake, { journal }), otherProcess(fake, { journal })])
      const here = Context.get(one.services, Runs)
      const there = Context.get(two.services, Runs)
      yield* within("1 second", here.trigger(sync, { ...fail, key: "k" }))
      yield* within("1 second", here.trigger(FakeDriver.sync("s2"), fail))
      const entries = yield* there.pending
      expect(entries.map(({ entry }) => entry.state)).toEqual(["started", "started"])
      for (const { entry } of entries) {
        if (entry.kind !== "trigger") return expect.unreachable()
        expect(yield* within("2 minutes", there.resume(entry))).toMatchObject({
          _tag: "Finished",
          finished: { how: "joined", accepted: true },
        })
      }
      expect(yield* there.resume({ sync, key: "k" })).toMatchObject({
        _tag: "Finished",
        finished: { how: "remembered" },
      })
      expect(yield* there.pending).toEqual([])
      const unknown = yield* Effect.flip(there.resume({ sync, key: "other" }))
      expect(unknown.message).toContain('found "other"')
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect("T10: a claimed entry is busy while its owner is alive, and is removed once it is gone", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const journal = Journal.memory()
      const frozen: Journal.Service = { ...journal, renewClaim: () => Effect.never, remove: () => Effect.never }
      const { services: dying } = yield* otherProcess(fake, { journal: frozen })
      fake.delay("list", 3_600_000)
      const dead = yield* begin(Context.get(dying, Runs).trigger(sync, { ...fail, key: "k" }))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(dead)
      const { services } = yield* otherProcess(fake, { journal })
      const { resume, pending } = Context.get(services, Runs)
      expect(yield* Effect.flip(resume({ sync, key: "k" }))).toMatchObject({ reason: { _tag: "TriggerBusy" } })
      yield* TestClock.adjust("31 seconds")
      expect(yield* resume({ sync, key: "k" })).toMatchObject({ _tag: "NotStarted" })
      expect(yield* pending).toEqual([])
      expect(fake.count("start")).toBe(0)
    }),
  )
})
