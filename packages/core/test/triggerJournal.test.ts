import { describe, expect, it } from "@effect/vitest"
import { Context, Duration, Effect, Exit, Fiber, Logger, References, Schema, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../src/journal/Journal.ts"
import { JournalEntryFromText } from "../src/model/JournalEntry.ts"
import { JournalError, StoreNotWritable } from "../src/model/JournalError.ts"
import { RateLimited } from "../src/model/Reason.ts"
import { RetlError } from "../src/model/RetlError.ts"
import { Run } from "../src/model/Run.ts"
import { Runs } from "../src/Runs.ts"
import type { MakeOptions } from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, otherProcess, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()
const fail = { whenRunning: "fail" } as const

const broken = Effect.fail(
  new JournalError({ store: "test", operation: "test", reason: new StoreNotWritable({ code: "DISK_FULL" }) }),
)

const open = Effect.fnUntraced(function* (
  options: Partial<MakeOptions> = {},
  fake: FakeDriver.Fake = FakeDriver.make(),
) {
  const { services } = yield* workspace(fake, options)
  return { fake, runs: Context.get(services, Runs) }
})

/** A store whose operations take their time, as those of a file or a database do: half before, half after their effect. */
const slow = (journal: Journal.Service, millis: number): Journal.Service => {
  const half = Effect.sleep(millis / 2)
  const slowed =
    <Args extends ReadonlyArray<unknown>, A, E>(operation: (...args: Args) => Effect.Effect<A, E>) =>
    (...args: Args): Effect.Effect<A, E> =>
      half.pipe(
        Effect.andThen(Effect.suspend(() => operation(...args))),
        Effect.tap(() => half),
      )
  return {
    id: journal.id,
    claim: slowed(journal.claim),
    takeOver: slowed(journal.takeOver),
    renewClaim: slowed(journal.renewClaim),
    acquire: slowed(journal.acquire),
    renew: slowed(journal.renew),
    release: slowed(journal.release),
    mark: slowed(journal.mark),
    update: slowed(journal.update),
    remove: slowed(journal.remove),
    get: slowed(journal.get),
    find: slowed(journal.find),
    list: slowed(journal.list),
    forget: slowed(journal.forget),
  }
}

describe("trouble with the store", () => {
  it.effect.each(["acquire", "list", "mark"] as const)(
    "T8: a trigger is not sent where the journal's %s fails, and the error says why",
    (operation) =>
      Effect.gen(function* () {
        const journal = { ...Journal.memory(), [operation]: () => broken }
        const { fake, runs } = yield* open({ journal })
        const error = yield* Effect.flip(within("1 second", runs.trigger(sync, fail)))
        expect(error).toMatchObject({ reason: { _tag: "JournalFailed" }, delivery: "not-sent" })
        expect(error.message).toContain("DISK_FULL")
        expect(error.guidance).toContain("Make room on the disk")
        expect(fake.count("start")).toBe(0)
      }),
  )

  it.effect.each(["claim", "acquire", "list", "mark", "update", "release", "forget"] as const)(
    "T8: a journal whose %s hangs ends within storeWithin, and an interrupt ends the call at once",
    (operation) =>
      Effect.gen(function* () {
        const journal = { ...Journal.memory(), [operation]: () => Effect.uninterruptible(Effect.never) }
        const { fake, runs } = yield* open({ journal, storeWithin: "3 seconds" })
        const exit = yield* Effect.exit(within("20 seconds", runs.trigger(sync, { ...fail, key: "k" })))
        if (["claim", "acquire", "list", "mark"].includes(operation)) {
          expect(String(exit)).toContain("StoreBusy")
          expect(fake.count("start")).toBe(0)
        } else {
          expect(exit).toMatchObject({ value: { _tag: "Started" } })
        }
        const caller = yield* begin(runs.trigger(FakeDriver.sync("s2"), { ...fail, key: "k" }))
        yield* TestClock.adjust("1 second")
        const interrupted = yield* begin(Fiber.interrupt(caller))
        yield* TestClock.adjust("1 millis")
        expect(interrupted.pollUnsafe()).toBeDefined()
      }),
  )

  it.effect("T8: a store that throws is trouble with the store, not a defect", () =>
    Effect.gen(function* () {
      const journal = {
        ...Journal.memory(),
        mark: () => {
          throw new TypeError("no such table")
        },
      }
      const { fake, runs } = yield* open({ journal })
      const error = yield* Effect.flip(within("1 second", runs.trigger(sync, fail)))
      expect(error).toMatchObject({ reason: { _tag: "JournalFailed" } })
      expect(fake.count("start")).toBe(0)
    }),
  )

  it.effect("T8: a mark whose answer is lost sends nothing, and its entry goes", () =>
    Effect.gen(function* () {
      const memory = Journal.memory()
      const journal: Journal.Service = { ...memory, mark: (request) => Effect.andThen(memory.mark(request), broken) }
      const { fake, runs } = yield* open({ journal })
      const error = yield* Effect.flip(within("1 second", runs.trigger(sync, fail)))
      expect(error).toMatchObject({ reason: { _tag: "JournalFailed" }, delivery: "not-sent" })
      expect(fake.count("start")).toBe(0)
      expect(yield* runs.pending).toEqual([])
    }),
  )

  it.effect(
    "T8, T12: an answer that cannot be written is the caller's at once, and is written once the store is back",
    () =>
      Effect.gen(function* () {
        const memory = Journal.memory()
        let isDown = true
        const journal: Journal.Service = {
          ...memory,
          update: (...args) => Effect.suspend(() => (isDown ? broken : memory.update(...args))),
        }
        const { runs } = yield* open({ journal })
        expect(yield* within("1 second", runs.trigger(sync, fail))).toMatchObject({ _tag: "Started" })
        expect(yield* runs.pending).toMatchObject([{ isOwnerAlive: true, entry: { state: "sent" } }])
        yield* TestClock.adjust("10 minutes")
        isDown = false
        yield* TestClock.adjust("1 minute")
        expect(yield* runs.pending).toMatchObject([{ entry: { state: "started", run: { run: "r1" } } }])
      }),
  )

  it.effect("J8: an unreadable record stops the triggers of its sync only, and hides no other entry", () =>
    Effect.gen(function* () {
      const memory = Journal.memory()
      const record = { _tag: "Unreadable", id: "later", why: "Expected edition 2", edition: 3 } as const
      const journal: Journal.Service = {
        ...memory,
        list: (filter) =>
          Effect.map(memory.list(filter), (listed) =>
            filter.identity === undefined || filter.identity.includes("s1")
              ? { ...listed, unreadable: [record] }
              : listed,
          ),
      }
      const { fake, runs } = yield* open({ journal })
      const error = yield* Effect.flip(within("1 second", runs.trigger(sync, fail)))
      expect(error).toMatchObject({
        reason: { _tag: "JournalFailed", error: { reason: { _tag: "UnreadableRecord" } } },
      })
      expect(error.message).toContain("record later")
      expect(yield* within("1 second", runs.trigger(FakeDriver.sync("s2"), fail))).toMatchObject({ _tag: "Started" })
      const messages: Array<string> = []
      const logger = Logger.make(({ message }) => void messages.push(String(message)))
      const listed = yield* runs.pending.pipe(Effect.provideService(References.CurrentLoggers, new Set([logger])))
      expect(listed).toHaveLength(1)
      expect(messages).toHaveLength(1)
      expect(fake.count("start")).toBe(1)
    }),
  )
})

describe("interrupts and closing", () => {
  it.effect("T8: nothing is sent for a caller who left while the journal wrote the mark, and its entry goes", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open({ journal: slow(Journal.memory(), 800) })
      const caller = yield* begin(runs.trigger(sync, fail))
      // The lease and the list take until 1.6 seconds, the mark until 2.4 seconds.
      yield* TestClock.adjust("1.8 seconds")
      yield* Fiber.interrupt(caller)
      yield* TestClock.adjust("1 minute")
      expect(fake.count("start")).toBe(0)
      yield* TestClock.adjust("1 minute")
      const pending = yield* begin(runs.pending)
      yield* TestClock.adjust("2 seconds")
      expect(yield* Fiber.join(pending)).toEqual([])
    }),
  )

  it.effect(
    "T8: at whatever millisecond a caller leaves, its run is nobody's secret, and nothing is sent after that",
    () =>
      Effect.gen(function* () {
        for (let at = 1; at < 140; at += 3) {
          const fake = FakeDriver.make()
          fake.delay("start", 20)
          const { runs } = yield* open({ journal: slow(Journal.memory(), 10) }, fake)
          const caller = yield* begin(runs.trigger(sync, at % 2 === 0 ? fail : { ...fail, key: "k" }))
          yield* TestClock.adjust(at)
          const left = fake.sent.filter(({ operation }) => operation === "start").length
          yield* begin(Fiber.interrupt(caller))
          yield* TestClock.adjust("1 minute")
          expect(fake.count("start"), `sent after the interrupt at ${at} ms`).toBe(left)
          const listing = yield* begin(runs.pending)
          yield* TestClock.adjust("1 second")
          const pending = yield* Fiber.join(listing)
          expect(
            pending.map(({ entry }) => entry.state),
            `at ${at} ms`,
          ).toEqual(left === 1 ? ["started"] : [])
        }
      }),
  )

  it.effect("T8: closing the workspace keeps unsettled triggers in the journal, and logs them", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.delay("start", 600_000)
      const journal = Journal.memory()
      const messages: Array<string> = []
      const logger = Logger.make(({ message }) => void messages.push(String(message)))
      const scope = yield* Scope.make()
      const { services } = yield* otherProcess(fake, { journal }).pipe(Scope.provide(scope))
      const caller = yield* begin(Effect.exit(Context.get(services, Runs).trigger(sync, fail)))
      yield* TestClock.adjust("10 seconds")
      yield* Scope.close(scope, Exit.void).pipe(Effect.provideService(References.CurrentLoggers, new Set([logger])))
      yield* Fiber.interrupt(caller)
      expect(messages.join()).toContain("A trigger was left unsettled")

      // Another process, on the same journal, resolves it.
      const { services: later } = yield* otherProcess(fake, { journal })
      const runs = Context.get(later, Runs)
      const [record] = yield* runs.pending
      if (record?.entry.kind !== "trigger") return expect.unreachable()
      expect(record.entry.state).toBe("sent")
      expect(yield* within("10 minutes", runs.resolve(record.entry))).toMatchObject({ _tag: "NotStarted" })
      expect(yield* runs.pending).toEqual([])
    }),
  )

  it.effect("T8: closing the workspace waits for triggers that are being settled", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.delay("start", 3_000)
      const scope = yield* Scope.make()
      const { services } = yield* workspace(fake, { closeWithin: "5 seconds" }).pipe(Scope.provide(scope))
      const caller = yield* begin(Context.get(services, Runs).trigger(sync, fail))
      yield* TestClock.adjust("1 second")
      const closing = yield* begin(Scope.close(scope, Exit.void))
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(closing)
      expect(yield* Fiber.join(caller)).toMatchObject({ _tag: "Started", run: { run: "r1" } })
    }),
  )

  it.effect(
    "T8: after closing, callers who wait for their turn, a lease or the fence end at once, and nothing is sent",
    () =>
      Effect.gen(function* () {
        for (const wait of ["turn", "fence", "lease"] as const) {
          const fake = FakeDriver.make()
          const journal = Journal.memory()
          const scope = yield* Scope.make()
          const { services } = yield* workspace(fake, { journal }).pipe(Scope.provide(scope))
          const { trigger } = Context.get(services, Runs)
          if (wait === "lease") {
            const { services: other } = yield* otherProcess(fake, { journal })
            fake.delay("list", 60_000)
            yield* begin(Context.get(other, Runs).trigger(sync, fail))
            yield* TestClock.adjust("1 second")
          } else {
            fake.delay("list", 60_000)
            if (wait === "turn") yield* begin(Effect.exit(trigger(sync, fail)))
          }
          const caller = yield* begin(Effect.exit(trigger(sync, fail)))
          yield* TestClock.adjust("1 second")
          yield* Scope.close(scope, Exit.void)
          yield* TestClock.adjust("1 millis")
          expect(caller.pollUnsafe(), wait).toBeDefined()
          const before = fake.count("start")
          yield* TestClock.adjust("30 seconds")
          expect(fake.count("start"), wait).toBe(before)
        }
      }),
  )
})

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

const identity = (fake: FakeDriver.Fake): string => JSON.stringify(["fake", fake.driver.baseUrl, "s1"])

describe("an entry", () => {
  const indeterminate = Effect.fnUntraced(function* (options: Partial<MakeOptions> = {}) {
    const fake = FakeDriver.make()
    fake.begin("s1", -5_000, { lasts: 1 })
    const { runs } = yield* open(options, fake)
    let starts = 0
    fake.onStart((now, id) => {
      const run = fake.begin(id, now + 1_000, { lasts: 600_000 })
      return ++starts === 1 ? Effect.fail(FakeDriver.lost) : Effect.succeed(run.id)
    })
    fake.setSchedule("scheduled")
    const error = yield* Effect.flip(within("6 minutes", runs.trigger(sync, fail)))
    return error._tag === "TriggerIndeterminate" ? { fake, runs, error, entry: error.entry } : expect.unreachable()
  })

  it.effect("T3: an error names its entry and candidates, and the entry is one line of text without secrets", () =>
    Effect.gen(function* () {
      const { error, entry } = yield* indeterminate()
      expect(error).toMatchObject({ code: "retl.trigger-indeterminate", candidates: [{ run: "r2" }] })
      expect(error.message).toContain(`entry ${entry.id}`)
      expect(error.message).toContain("candidate: r2")
      const text = yield* Schema.encodeEffect(JournalEntryFromText)(entry)
      expect(text).not.toContain("\n")
      expect(yield* Schema.decodeUnknownEffect(JournalEntryFromText)(text)).toEqual(entry)
    }),
  )

  it.effect("T3: an entry may come back as JSON", () =>
    Effect.gen(function* () {
      const { runs, entry } = yield* indeterminate()
      const text = yield* Schema.encodeEffect(JournalEntryFromText)(entry)
      const resolved = yield* within("1 minute", runs.resolve(JSON.parse(text)))
      expect(resolved).toMatchObject({ _tag: "Ambiguous", candidates: [{ run: "r2" }] })
    }),
  )

  it.effect("F2: an entry of another workspace is not resolved, resumed or settled", () =>
    Effect.gen(function* () {
      const { runs, entry } = yield* indeterminate()
      for (const foreign of [
        { ...entry, workspace: "other", sync: FakeDriver.sync("s1", "other") },
        { ...entry, baseUrl: "https://elsewhere.example" },
        { ...entry, vendor: "segment" },
      ]) {
        const attempts = [runs.resolve(foreign), runs.resume(foreign), runs.settle(foreign, "abandoned")]
        for (const attempt of attempts) {
          expect(yield* Effect.flip(attempt as Effect.Effect<unknown, RetlError>)).toMatchObject({
            reason: { _tag: "WrongWorkspace" },
          })
        }
      }
    }),
  )

  it.effect("T13: the next trigger settles it first; `fail` ends at once, and `supersede` goes on", () =>
    Effect.gen(function* () {
      const { fake, runs, entry } = yield* indeterminate()
      const lists = fake.count("list")
      const failed = yield* Effect.flip(within("1 second", runs.trigger(sync, { ...fail, whenOpen: "fail" })))
      expect(failed).toMatchObject({ _tag: "TriggerIndeterminate", entry: { id: entry.id }, delivery: "not-sent" })
      expect(fake.count("list")).toBe(lists)
      const looked = yield* Effect.flip(within("1 minute", runs.trigger(sync, fail)))
      expect(looked).toMatchObject({ _tag: "TriggerIndeterminate", candidates: [{ run: "r2" }] })
      expect(fake.count("list")).toBeGreaterThan(lists)
      // The candidate is under way: `whenRunning` decides.
      const superseding = { whenOpen: "supersede", whenRunning: "skip" } as const
      const skipped = yield* within("1 minute", runs.trigger(sync, superseding))
      expect(skipped).toMatchObject({ _tag: "Skipped", running: { run: "r2" } })
      yield* TestClock.adjust("20 minutes")
      expect(yield* within("1 minute", runs.trigger(sync, superseding))).toMatchObject({ _tag: "Started" })
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect("T13: it is settled by hand with a run, as not started, or as abandoned, once its request is over", () =>
    Effect.gen(function* () {
      for (const [settlement, resolution] of [
        ["not-started", "NotStarted"],
        ["abandoned", "Ambiguous"],
      ] as const) {
        const { runs, entry } = yield* indeterminate()
        yield* runs.settle(entry, settlement)
        expect(yield* runs.resolve(entry)).toMatchObject({ _tag: resolution })
        expect(yield* runs.pending).toEqual([])
        const again = yield* Effect.flip(runs.settle(entry, settlement))
        expect(again).toMatchObject({ reason: { _tag: "InvalidRequest" } })
      }
      const { runs, entry, error } = yield* indeterminate()
      const [run] = error.candidates
      if (run === undefined) return expect.unreachable()
      const other = { ...run, sync: FakeDriver.sync("s2") } as typeof run
      expect(yield* Effect.flip(runs.settle(entry, { run: other }))).toMatchObject({
        reason: { _tag: "InvalidRequest", issues: [{ path: ["settlement", "run"] }] },
      })
      yield* runs.settle(entry, { run })
      expect(yield* runs.resolve(entry)).toMatchObject({ _tag: "Started", run: { run: "r2" } })
    }),
  )

  it.effect("T13: it cannot be settled while its request may be under way", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const { runs } = yield* open({}, fake)
      fake.delay("start", 120_000)
      yield* begin(Effect.exit(runs.trigger(sync, fail)))
      yield* TestClock.adjust("1 second")
      const [pending] = yield* runs.pending
      if (pending?.entry.kind !== "trigger") return expect.unreachable()
      const error = yield* Effect.flip(runs.settle(pending.entry, "abandoned"))
      expect(error).toMatchObject({ reason: { _tag: "TriggerBusy", entry: pending.entry.id } })
      expect(error.message).toContain("until 1970-01-01T00:05:00")
    }),
  )

  it.effect("T3: a run that began hours after the trigger is not attributed to it, and proves nothing", () =>
    Effect.gen(function* () {
      const healthy = FakeDriver.make()
      healthy.begin("s1", -5_000, { lasts: 1 })
      let isDown = false
      const { list } = healthy.driver.runs
      const down: typeof list = (...args) =>
        Effect.suspend(() => (isDown ? Effect.fail(FakeDriver.down) : list(...args)))
      const fake = { ...healthy, driver: { ...healthy.driver, runs: { ...healthy.driver.runs, list: down } } }
      const { runs } = yield* open({}, fake)
      fake.onStart(() => {
        isDown = true
        return Effect.fail(FakeDriver.lost)
      })
      const error = yield* Effect.flip(within("10 minutes", runs.trigger(sync, fail)))
      if (error._tag !== "TriggerIndeterminate") return expect.unreachable()
      expect(error.entry.state).toBe("lost")
      isDown = false
      yield* TestClock.adjust("5 hours")
      fake.begin("s1", Duration.toMillis("4 hours"))
      const resolved = yield* within("1 minute", runs.resolve(error.entry))
      expect(resolved).toMatchObject({ _tag: "Ambiguous", candidates: [{ run: "r2" }] })
    }),
  )

  it.effect("T3: a trigger whose process died stays open for as long as its request may take", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.delay("start", 3_600_000)
      const journal = Journal.memory()
      const scope = yield* Scope.make()
      const options = { journal, writeTimeout: "10 minutes" } as const
      const { services } = yield* otherProcess(fake, options).pipe(Scope.provide(scope))
      const caller = yield* begin(Effect.exit(Context.get(services, Runs).trigger(sync, fail)))
      yield* TestClock.adjust("1 second")
      yield* Scope.close(scope, Exit.void)
      yield* Fiber.interrupt(caller)
      fake.begin("s1", 9 * 60_000)
      // The other process has other bounds: the entry's own count.
      const { services: later } = yield* otherProcess(fake, { journal, writeTimeout: "1 second" })
      const runs = Context.get(later, Runs)
      const [record] = yield* runs.pending
      if (record?.entry.kind !== "trigger") return expect.unreachable()
      const resolved = yield* within("13 minutes", runs.resolve(record.entry))
      expect(resolved).toMatchObject({ _tag: "Started", run: { run: "r1" } })
    }),
  )

  it.effect("T3: when the runs cannot be listed, `resolve` fails and the entry stays open", () =>
    Effect.gen(function* () {
      const { fake, runs, entry } = yield* indeterminate()
      fake.fail("list", FakeDriver.down, 1_000)
      const error = yield* Effect.flip(within("20 minutes", runs.resolve(entry)))
      expect(error).toMatchObject({ reason: { _tag: "Unavailable" }, operation: "resolve" })
      expect(yield* runs.pending).toMatchObject([{ entry: { id: entry.id, state: "lost" } }])
    }),
  )
})

describe("a key", () => {
  const key = { ...fail, key: "nightly/2026-11-27" }

  it.effect("T10: by the state of its entry, a call with the key sends, joins, remembers or claims anew", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.setPlan({ lasts: 30_000 })
      expect(yield* within("1 second", runs.trigger(sync, key))).toMatchObject({ _tag: "Started", run: { run: "r1" } })
      expect(yield* within("1 second", runs.trigger(sync, key))).toMatchObject({ _tag: "Joined", run: { run: "r1" } })
      const finished = yield* within("1 minute", runs.run(sync, key))
      expect(finished).toMatchObject({ how: "joined", verdict: "complete", run: { ref: { run: "r1" } } })
      yield* TestClock.adjust("1 hour")
      expect(yield* within("1 second", runs.trigger(sync, key))).toMatchObject({
        _tag: "Remembered",
        run: { run: "r1" },
        status: "succeeded",
      })
      const remembered = yield* within("1 second", runs.run(sync, key))
      expect(remembered).toMatchObject({ how: "remembered", accepted: true, run: { status: "succeeded" } })
      expect(remembered.age && Duration.toMillis(remembered.age)).toBeGreaterThanOrEqual(3_600_000)
      // Another policy judges the kept rows anew.
      const rejected = yield* Effect.flip(within("1 second", runs.run(sync, { ...key, policy: { minRows: 11 } })))
      expect(rejected).toMatchObject({ _tag: "OutcomeRejected", verdict: "empty", how: "remembered" })
      // The same key at another sync is another entry.
      expect(yield* within("1 second", runs.trigger(FakeDriver.sync("s2"), key))).toMatchObject({ _tag: "Started" })
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect("T10: again: not-accepted gives all callers the next attempt, once", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.setPlan({ lasts: 30_000, ends: "failed" })
      const first = yield* Effect.flip(within("1 minute", runs.run(sync, key)))
      expect(first).toMatchObject({ _tag: "OutcomeRejected", how: "started" })
      expect(yield* Effect.flip(within("1 minute", runs.run(sync, key)))).toMatchObject({ how: "remembered" })
      fake.setPlan({ lasts: 30_000, ends: "succeeded" })
      const callers = yield* Effect.forEach([1, 2, 3, 4], () =>
        begin(runs.run(sync, { ...key, again: "not-accepted" })),
      )
      yield* TestClock.adjust("2 minutes")
      const finished = yield* Effect.forEach(callers, Fiber.join)
      expect(new Set(finished.map(({ run }) => run.ref.run))).toEqual(new Set(["r2"]))
      expect(fake.count("start")).toBe(2)
    }),
  )

  it.effect("T10: a key whose trigger was refused is free, and one whose call sent nothing leaves no entry", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      const refused = FakeDriver.failure(new RateLimited({ retryAfter: Duration.hours(1) }), "refused", { status: 429 })
      fake.fail("start", refused)
      expect(yield* Effect.flip(within("1 second", runs.trigger(sync, key)))).toMatchObject({ delivery: "refused" })
      expect(yield* runs.pending).toEqual([])
      const busy = FakeDriver.make()
      busy.begin("s1", 0, { lasts: 3_600_000 })
      const other = yield* open({}, busy)
      yield* Effect.flip(within("1 second", other.runs.trigger(sync, key)))
      expect(yield* within("1 second", other.runs.trigger(sync, { ...key, whenRunning: "skip" }))).toMatchObject({
        _tag: "Skipped",
      })
      expect(yield* other.runs.pending).toEqual([])
      expect(yield* within("1 second", other.runs.trigger(sync, { ...key, whenRunning: "adopt" }))).toMatchObject({
        _tag: "Adopted",
      })
      expect(yield* within("1 second", other.runs.trigger(sync, key))).toMatchObject({
        _tag: "Joined",
        run: { run: "r1" },
      })
    }),
  )

  it.effect("T10: a caller who waits takes over where the first one leaves before its request", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.delay("list", 30_000)
      const first = yield* begin(runs.trigger(sync, key))
      yield* TestClock.adjust("1 second")
      const second = yield* begin(runs.trigger(sync, key))
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("5 seconds")
      expect(yield* Fiber.join(second)).toMatchObject({ _tag: "Started", run: { run: "r1" } })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T10: an empty and an overlong key, and one with a line break, are refused before anything is sent", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      for (const bad of ["", "x".repeat(256), "a\nb", "\u0000"]) {
        const error = yield* Effect.flip(runs.trigger(sync, { ...fail, key: bad }))
        expect(error.message).toContain("key: Expected a key of 1 to 255 printable characters")
      }
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect("T12: after the trigger every failure names the run, and the journal knows it", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* open()
      fake.setPlan({ lasts: 3_000_000 })
      const late = yield* Effect.flip(within("20 minutes", runs.run(sync, { ...key, deadline: "10 minutes" })))
      expect(late).toMatchObject({ _tag: "WaitDeadlineExceeded", ref: { run: "r1" }, how: "started" })
      fake.fail("get", FakeDriver.down, 1_000)
      const down = yield* Effect.flip(within("3 hours", runs.run(sync, key)))
      expect(down).toMatchObject({ _tag: "RetlError", run: { run: "r1" }, how: "joined" })
      expect(down.message).toContain("of run r1")
      expect(yield* runs.pending).toMatchObject([{ entry: { state: "started", run: { run: "r1" } } }])
      expect(fake.count("start")).toBe(1)
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

describe("forms", () => {
  it.effect("H6: errors and runs are decoded from JSON unchanged", () =>
    Effect.gen(function* () {
      const { runs } = yield* open()
      const { run } = yield* within("5 minutes", runs.run(sync, fail))
      const Text = Schema.fromJsonString(Run)
      const decoded = yield* Effect.flatMap(Schema.encodeEffect(Text)(run), Schema.decodeUnknownEffect(Text))
      expect(decoded.startedAt).toEqual(run.startedAt)
      expect(String(decoded.ref)).toBe(String(run.ref))
      const limited = FakeDriver.failure(new RateLimited({ retryAfter: Duration.seconds(3) }), "refused")
      const ErrorText = Schema.fromJsonString(RetlError)
      const error = yield* Effect.flatMap(
        Schema.encodeEffect(ErrorText)(limited),
        Schema.decodeUnknownEffect(ErrorText),
      )
      expect(error.message).toBe(limited.message)
    }),
  )
})

describe("one journal", () => {
  it.effect("F4: two open workspaces of one name with two journals are refused, and a closed one does not count", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const journal = Journal.memory()
      const scope = yield* Scope.make()
      yield* workspace(fake, { journal }).pipe(Scope.provide(scope))
      yield* workspace(fake, { journal })
      const error = yield* Effect.flip(workspace(fake, { journal: Journal.memory() }))
      expect(error).toMatchObject({ reason: { _tag: "InvalidRequest", issues: [{ path: ["journal"] }] } })
      yield* workspace(fake, { journal: Journal.memory(), name: "other" })
      yield* otherProcess(fake, { journal: Journal.memory() })
      yield* Scope.close(scope, Exit.void)
      expect(yield* Effect.flip(workspace(fake, { journal: Journal.memory() }))).toBeInstanceOf(RetlError)
    }),
  )
})
