/** Changes over a journal that fails, that is slow, or into which another hand writes meanwhile. */
import { describe, expect, it } from "@effect/vitest"
import { Cause, Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../src/journal/Journal.ts"
import * as ProcessState from "../src/journal/ProcessState.ts"
import { allStates } from "../src/model/JournalEntry.ts"
import * as Reason from "../src/model/Reason.ts"
import type * as Workspace from "../src/Workspace.ts"
import { failure, lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { broken } from "./support/journals.ts"
import { createOf, type Left, open, stranger } from "./support/leftChanges.ts"
import { logged } from "./support/logs.ts"
import { begin, within } from "./support/testbed.ts"

const { definition, refOf } = FakeSyncs
const key = "crm"
const denied = failure(new Reason.PermissionDenied(), "refused", { status: 403 })
const tooMany = failure(new Reason.RateLimited({}), "refused", { status: 429 })
const unreadable = { _tag: "Unreadable", id: "odd", why: "it is of another edition" } as const

/** A workspace in a process of its own whose journal is altered. */
const make = Effect.fnUntraced(function* (
  alter: (journal: Journal.Service) => Partial<Journal.Service> = () => ({}),
  options: Partial<Workspace.MakeOptions> = {},
) {
  const fake = FakeSyncs.make()
  fake.add({ id: "s1", at: -1_000_000 })
  const journal = Journal.memory()
  const scope = yield* Scope.make()
  const { administration } = yield* FakeSyncs.open(fake, {
    journal: { ...journal, ...alter(journal) },
    ...options,
  }).pipe(Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()), Scope.provide(scope))
  const entries = Effect.map(journal.list({ states: allStates }), (listed) => listed.entries.map(({ entry }) => entry))
  return { fake, journal, administration, entries, close: Scope.close(scope, Exit.void) }
})

type Administration = Effect.Success<ReturnType<typeof make>>["administration"]

const changes: ReadonlyArray<[string, (administration: Administration) => Effect.Effect<unknown, unknown>]> = [
  ["pauseSync", ({ pause }) => pause(refOf("s1"))],
  ["deleteSync", (administration) => administration.delete(refOf("s1"))],
  ["createSync", ({ create }) => create(definition("a"))],
  ["createSync", ({ create }) => create(definition("a"), { key })],
]

describe("a journal that fails", () => {
  const failing: ReadonlyArray<keyof Journal.Service> = ["acquire", "list", "mark"]
  it.effect.each(failing.flatMap((name) => changes.map(([operation, change]) => [name, operation, change] as const)))(
    "J10, A1: in %s: %s fails, and nothing is sent",
    ([name, operation, change]) =>
      Effect.gen(function* () {
        const { fake, administration } = yield* make(() => ({ [name]: () => broken }))
        const error = yield* within("1 minute", Effect.flip(change(administration)))
        expect(error).toMatchObject({ operation, reason: { _tag: "JournalFailed" }, delivery: "not-sent" })
        expect(fake.writes()).toBe(0)
      }),
  )

  it.effect("J10, A1: after the request, is written when it is back, and the change is done", () =>
    Effect.gen(function* () {
      let failures = 3
      const { value, lines } = yield* logged(
        Effect.gen(function* () {
          const { administration, entries } = yield* make((journal) => ({
            update: (...args) => (failures-- > 0 ? broken : journal.update(...args)),
          }))
          const sync = yield* within("1 second", administration.pause(refOf("s1")))
          yield* TestClock.adjust("1 minute")
          return { sync, states: (yield* entries).map(({ state }) => state) }
        }),
      )
      expect(value).toMatchObject({ sync: { state: "paused" }, states: ["started"] })
      expect(lines).toMatchObject([
        {
          level: "WARN",
          message: "The journal could not be written: core tries again",
          annotations: { operation: "pauseSync", sync: String(refOf("s1")), error: "retl.journal-failed" },
        },
        { message: "The journal could not be written: core tries again" },
      ])
    }),
  )

  it.effect("J10, A1: until the workspace closes, is left as it is, and the log says so", () =>
    Effect.gen(function* () {
      const { lines } = yield* logged(
        Effect.gen(function* () {
          const { administration, close } = yield* make(() => ({ update: () => broken }))
          yield* within("1 second", administration.pause(refOf("s1")))
          yield* within("1 minute", close)
        }),
      )
      expect(lines.at(-1)).toMatchObject({ level: "ERROR", message: "What became of a change was left unwritten" })
    }),
  )
})

describe("a journal", () => {
  const busyBy: Journal.MarkResult = { _tag: "LeaseLost" }
  it.effect.each<[string, (journal: Journal.Service) => Partial<Journal.Service>, reason: unknown]>([
    [
      "has a record of the sync that cannot be decoded",
      () => ({ mark: () => Effect.succeed({ _tag: "Blocked", by: unreadable }) }),
      { _tag: "JournalFailed", error: { reason: { _tag: "UnreadableRecord", id: "odd" } } },
    ],
    ["has lost the lease", () => ({ mark: () => Effect.succeed(busyBy) }), { _tag: "TriggerBusy" }],
    [
      "has the record of the key, which cannot be decoded",
      () => ({ find: () => Effect.succeed(unreadable) }),
      { _tag: "JournalFailed", error: { reason: { _tag: "UnreadableRecord", id: "odd" } } },
    ],
    [
      "has given the key to another call",
      () => ({ claim: () => Effect.succeed({ _tag: "Exists", record: unreadable }) }),
      { _tag: "TriggerBusy" },
    ],
  ])("J4, J8: that %s: a change fails, and nothing is sent", ([, alter, reason]) =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make(alter)
      const error = yield* within("1 minute", Effect.flip(administration.create(definition("a"), { key })))
      expect(error).toMatchObject({ operation: "createSync", reason, delivery: "not-sent" })
      expect(fake.writes()).toBe(0)
    }),
  )

  it.effect("J2: with an open entry of the sync: a change fails, and names it", () =>
    Effect.gen(function* () {
      const { journal, leave } = yield* open(FakeSyncs.make())
      const { id } = yield* leave()
      const record = yield* journal.get(id)
      if (record?._tag !== "Stored") return expect.unreachable()
      const { fake, administration } = yield* make(() => ({
        mark: () => Effect.succeed({ _tag: "Blocked", by: record }),
      }))
      expect(yield* within("1 minute", Effect.flip(administration.pause(refOf("s1"))))).toMatchObject({
        reason: { _tag: "TriggerBusy", entry: id, owner: stranger },
      })
      expect(fake.writes()).toBe(0)
    }),
  )

  it.effect("J4: that takes so long for a mark that the lease may be over: nothing is sent, and no entry stays", () =>
    Effect.gen(function* () {
      const { fake, administration, entries } = yield* make(
        (journal) => ({
          renew: () => Effect.succeed(false),
          mark: (request) => Effect.tap(journal.mark(request), () => Effect.sleep("9 seconds")),
        }),
        { journalLease: "12 seconds" },
      )
      const error = yield* within("1 minute", Effect.flip(administration.pause(refOf("s1"))))
      expect(error).toMatchObject({ operation: "pauseSync", reason: { _tag: "TriggerBusy" }, delivery: "not-sent" })
      expect([fake.writes(), yield* entries]).toEqual([0, []])
    }),
  )

  it.effect.each([
    ["mark", ({ pause }: Administration) => pause(refOf("s1"))],
    ["claim", ({ create }: Administration) => create(definition("a"), { key })],
  ] as const)("J10: that hangs in %s: an interrupt ends the change at once, and leaves nothing", ([name, change]) =>
    Effect.gen(function* () {
      const { fake, administration, entries } = yield* make((journal) => ({
        [name]: (request: never) =>
          Effect.tap(journal[name](request) as Effect.Effect<unknown>, () => Effect.sleep("9 seconds")),
      }))
      const fiber = yield* begin(change(administration))
      yield* TestClock.adjust("1 second")
      const interrupting = yield* begin(Fiber.interrupt(fiber))
      yield* TestClock.adjust("1 second")
      expect(interrupting.pollUnsafe()).toBeDefined()
      yield* TestClock.adjust("1 minute")
      expect([fake.writes(), yield* entries]).toEqual([0, []])
    }),
  )

  it.effect("A1: in which another hand has concluded the entry meanwhile: the change is done all the same", () =>
    Effect.gen(function* () {
      const { lines } = yield* logged(
        Effect.gen(function* () {
          const { fake, administration } = yield* make((journal) => ({
            update: (version, change, by) =>
              Effect.andThen(
                journal.update(version, { state: "abandoned", candidates: [] }, by),
                journal.update(version, change, by),
              ),
          }))
          yield* within("1 second", administration.pause(refOf("s1")))
          expect(yield* fake.truth).toMatchObject([{ state: "paused" }])
        }),
      )
      expect(lines).toEqual([])
    }),
  )

  it.effect("J7: forgets old entries with every change", () =>
    Effect.gen(function* () {
      const { administration, entries } = yield* make()
      yield* within("1 second", administration.pause(refOf("s1")))
      const [{ id } = expect.fail()] = yield* entries
      yield* TestClock.adjust("8 days")
      yield* within("1 second", administration.resume(refOf("s1")))
      expect((yield* entries).map((entry) => entry.id)).toEqual([expect.not.stringMatching(id)])
    }),
  )
})

describe("what a change leaves in the journal", () => {
  it.effect.each(changes)("A1: nothing where the vendor refused it: %s", ([, change]) =>
    Effect.gen(function* () {
      const { lines } = yield* logged(
        Effect.gen(function* () {
          const { fake, administration, entries } = yield* make()
          for (const operation of ["update", "delete", "create"] as const) fake.trouble(operation, { error: denied })
          yield* within("1 second", Effect.flip(change(administration)))
          expect(yield* entries).toEqual([])
          yield* within("1 second", change(administration))
          expect(yield* entries).toMatchObject([{ state: "finished" }])
        }),
      )
      expect(lines).toEqual([])
    }),
  )

  it.effect.each(changes)("A1: one entry where the vendor took it at the second time: %s", ([, change]) =>
    Effect.gen(function* () {
      const { lines } = yield* logged(
        Effect.gen(function* () {
          const { fake, administration, entries } = yield* make()
          for (const operation of ["update", "delete", "create"] as const) fake.trouble(operation, { error: tooMany })
          yield* within("3 minutes", change(administration))
          expect(fake.writes()).toBe(2)
          expect(yield* entries).toMatchObject([{ state: "finished" }])
          const [{ id } = expect.fail()] = yield* entries
          expect(yield* administration.resolve(id)).toMatchObject({ _tag: "Done" })
        }),
      )
      expect(lines).toEqual([])
    }),
  )

  it.effect("A1: nothing where somebody else has deleted the sync meanwhile", () =>
    Effect.gen(function* () {
      const { lines } = yield* logged(
        Effect.gen(function* () {
          const { fake, administration, entries } = yield* make()
          const error = failure(new Reason.NotFound({ what: "sync" }), "refused", { status: 404 })
          fake.trouble("delete", { error })
          fake.when("delete", (now) => fake.set("s1", now, undefined))
          yield* within("1 minute", administration.delete(refOf("s1")))
          expect(yield* entries).toEqual([])
        }),
      )
      expect(lines).toEqual([])
    }),
  )

  it.effect("A1: its entry where its driver dies, which proves nothing", () =>
    Effect.gen(function* () {
      const made = FakeSyncs.make()
      const administration = { ...made.driver.administration, update: () => Effect.die("a defect of the driver") }
      const fake = { ...made, driver: { ...made.driver, administration } }
      fake.add({ id: "s1", at: -1_000_000 })
      const opened = yield* open(fake)
      const exit = yield* within("1 second", Effect.exit(opened.administration.pause(refOf("s1"))))
      expect(Exit.isFailure(exit) && Cause.pretty(exit.cause)).toContain("a defect of the driver")
      expect(yield* opened.administration.pending).toMatchObject([{ entry: { state: "sent" } }])
    }),
  )

  it.effect.each([
    ["nothing open where the update that completes a create is done", {}, ["finished", "finished"]],
    ["that one where its answer is lost", { error: lost }, ["lost", "started"]],
  ] as const)("A3: %s", ([, trouble, states]) =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make({ isBare: true })
      const { administration, journal } = yield* open(fake)
      fake.trouble("update", trouble)
      yield* within("1 hour", Effect.exit(administration.create(definition("a", { enabled: true }))))
      const { entries } = yield* journal.list({ states: allStates })
      expect(entries.map(({ entry }) => entry.state)).toEqual(states)
    }),
  )
})

describe("an entry that somebody settles meanwhile", () => {
  const pauseLeft: Left = { fingerprint: { fields: ["enabled"], enabled: false } }

  it.effect("A1: is ambiguous for a create that looks it up", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      const memory = Journal.memory()
      const journal: Journal.Service = {
        ...memory,
        update: (version, change, by) =>
          change.state === "not-started"
            ? Effect.andThen(
                memory.update(version, { state: "abandoned", candidates: [] }, by),
                memory.update(version, change, by),
              )
            : memory.update(version, change, by),
      }
      const { leave, administration, stateOf } = yield* open(fake, {}, journal)
      const { id } = yield* leave({ kind: "create", fingerprint: createOf("a") })
      expect(yield* within("1 hour", administration.resolve(id))).toMatchObject({
        _tag: "Ambiguous",
        why: "its entry has changed meanwhile",
      })
      expect(yield* stateOf(id)).toBe("abandoned")
    }),
  )

  it.effect("A1: cannot be settled twice", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      const memory = Journal.memory()
      const journal: Journal.Service = {
        ...memory,
        update: (version, change, by) =>
          change.state === "finished"
            ? Effect.andThen(memory.update(version, { state: "not-started" }, by), memory.update(version, change, by))
            : memory.update(version, change, by),
      }
      const { leave, administration, stateOf } = yield* open(fake, {}, journal)
      const { id } = yield* leave(pauseLeft)
      yield* TestClock.adjust("1 hour")
      expect(yield* Effect.flip(administration.settle(id, "done"))).toMatchObject({
        reason: { _tag: "InvalidRequest", issues: [{ path: ["entry"] }] },
      })
      expect(yield* stateOf(id)).toBe("not-started")
    }),
  )

  it.effect("J8: cannot be read where its record is damaged", () =>
    Effect.gen(function* () {
      const { administration } = yield* make(() => ({ get: () => Effect.succeed(unreadable) }))
      for (const call of [administration.resolve("odd"), administration.settle("odd", "done")]) {
        expect(yield* Effect.flip(call)).toMatchObject({
          reason: { _tag: "JournalFailed", error: { reason: { _tag: "UnreadableRecord", id: "odd" } } },
        })
      }
    }),
  )
})
