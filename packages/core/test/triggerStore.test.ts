import { describe, expect, it } from "@effect/vitest"
import { Clock, Context, Duration, Effect, Exit, Fiber, Logger, References, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as Errors from "../src/engine/errors.ts"
import * as Store from "../src/engine/store.ts"
import * as Journal from "../src/journal/Journal.ts"
import { RetlError } from "../src/model/RetlError.ts"
import { Runs } from "../src/Runs.ts"
import type { MakeOptions } from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { broken, slow } from "./support/journals.ts"
import { begin, countedTimers, otherProcess, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()
const fail = { whenRunning: "fail" } as const

const open = Effect.fnUntraced(function* (
  options: Partial<MakeOptions> = {},
  fake: FakeDriver.Fake = FakeDriver.make(),
) {
  const { services } = yield* workspace(fake, options)
  return { fake, runs: Context.get(services, Runs) }
})

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

describe("a call to the store", () => {
  const make = (parts: Partial<Journal.Service> = {}) =>
    Store.make({ ...Journal.memory(), ...parts }, Duration.seconds(3), Errors.make("test", "fake"))

  it.effect("J10: knows how long it may take, and is interrupted after that", () =>
    Effect.gen(function* () {
      const seen: Array<unknown> = []
      const get = () =>
        Effect.flatMap(Journal.StoreWithin, (within) => {
          seen.push(Duration.toSeconds(within))
          return Effect.onInterrupt(Effect.never, () => Effect.sync(() => seen.push("interrupted")))
        })
      expect(String(yield* Effect.exit(within("4 seconds", make({ get }).get("e1"))))).toContain("StoreBusy")
      expect(seen).toEqual([3, "interrupted"])
    }),
  )

  it.effect("J10: ends with its caller, also in the moment in which it begins", () =>
    Effect.gen(function* () {
      let interrupts = 0
      const work = Effect.suspend(() => {
        caller.interruptUnsafe()
        return Effect.never
      })
      const get = () => Effect.onInterrupt(work, () => Effect.sync(() => interrupts++))
      const caller: Fiber.Fiber<unknown, unknown> = yield* Effect.forkChild(make({ get }).get("e1"))
      yield* TestClock.adjust(1)
      expect(interrupts).toBe(1)
    }),
  )

  it.effect("J10: takes no turn and no timer where the store answers at once", () =>
    Effect.gen(function* () {
      const { clock, timers } = yield* countedTimers
      const fiber = Effect.runFork(Effect.provideService(make().get("e1"), Clock.Clock, clock))
      expect([fiber.pollUnsafe(), timers.begun]).toEqual([Exit.succeed(undefined), 0])
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

describe("one journal", () => {
  it.effect("F4: two open workspaces of one name with two journals are refused, and a closed one does not count", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const journal = Journal.memory()
      const [scope, otherScope] = [yield* Scope.make(), yield* Scope.make()]
      yield* workspace(fake, { journal }).pipe(Scope.provide(scope))
      yield* workspace(fake, { journal }).pipe(Scope.provide(otherScope))
      const error = yield* Effect.flip(workspace(fake, { journal: Journal.memory() }))
      expect(error).toMatchObject({ reason: { _tag: "InvalidRequest", issues: [{ path: ["journal"] }] } })
      yield* workspace(fake, { journal: Journal.memory(), name: "other" })
      yield* otherProcess(fake, { journal: Journal.memory() })
      yield* Scope.close(scope, Exit.void)
      expect(yield* Effect.flip(workspace(fake, { journal: Journal.memory() }))).toBeInstanceOf(RetlError)
      yield* Scope.close(otherScope, Exit.void)
      yield* workspace(fake, { journal: Journal.memory() })
    }),
  )
})
