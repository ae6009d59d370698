/** What changes have left in the journal: listing, looking up, and settling by hand. */
import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect, Exit, Scope } from "effect"
import { TestClock } from "effect/testing"
import { lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { createOf, type Left, open } from "./support/leftChanges.ts"
import { logged } from "./support/logs.ts"
import * as Operator from "./support/operator.ts"
import { begin, within } from "./support/testbed.ts"

const { refOf } = FakeSyncs

const make = Effect.fnUntraced(function* (more: FakeSyncs.Options["more"] = {}) {
  const fake = FakeSyncs.make({ more })
  fake.add({ id: "s1", at: -1_000_000 })
  return { fake, ...(yield* open(fake)) }
})

const pauseLeft: Left = { fingerprint: { fields: ["enabled"], enabled: false } }

describe("pending", () => {
  it.effect("lists the changes of this workspace, over several pages, and no triggers", () =>
    Effect.gen(function* () {
      const { leave, journal, administration } = yield* make()
      yield* leave({ id: "trigger", isTrigger: true, identity: "of a trigger" })
      yield* leave({ id: "elsewhere", workspace: "other", identity: "elsewhere" })
      for (let index = 0; index < 1_003; index++) {
        yield* leave({ id: `left-${index}`, identity: `identity ${index}`, became: [] })
      }
      const entries = yield* administration.pending
      expect(new Set(entries.map(({ entry }) => entry.id)).size).toBe(1_003)
      expect(entries[0]).toMatchObject({ entry: { id: "left-1002", state: "sent" }, isOwnerAlive: false })
      expect((yield* journal.list({ limit: 1_000 })).next).toBeDefined()
    }),
  )
})

describe("the number of open entries", () => {
  it.effect("O1: is right after a look at what is pending, also where another process has concluded some", () =>
    Effect.gen(function* () {
      const operator = Operator.make()
      const { leave, journal, administration } = yield* make()
      const entry = yield* leave(pauseLeft)
      yield* operator.watching(administration.pending)
      expect(operator.statesOf("openretl.journal.open")).toEqual({ "": 1 })
      yield* journal.update(entry, { state: "finished" }, entry.owner)
      yield* operator.watching(administration.pending)
      expect(operator.statesOf("openretl.journal.open")).toEqual({ "": 0 })
    }),
  )
})

describe("an entry", () => {
  it.effect.each<[string, Left, reason: string]>([
    ["of another workspace", { workspace: "other" }, "WrongWorkspace"],
    ["of another vendor", { vendor: "other" }, "WrongWorkspace"],
    ["of another address", { baseUrl: "https://other.example" }, "WrongWorkspace"],
    ["of a trigger", { isTrigger: true, identity: "trigger" }, "InvalidRequest"],
  ])("J8: %s is neither looked up nor settled", ([, left, reason]) =>
    Effect.gen(function* () {
      const { leave, administration, fake } = yield* make()
      const { id } = yield* leave(left)
      yield* TestClock.adjust("1 hour")
      const operations = [administration.resolve(id), administration.settle(id, "done")]
      for (const operation of operations) {
        expect(yield* Effect.flip(operation)).toMatchObject({ reason: { _tag: reason }, delivery: "not-sent" })
      }
      expect(fake.count("syncs")).toBe(0)
    }),
  )

  it.effect("J8: that does not exist is refused, by its path", () =>
    Effect.gen(function* () {
      const { administration } = yield* make()
      expect(yield* Effect.flip(administration.resolve("nothing"))).toMatchObject({
        operation: "resolveChange",
        reason: { _tag: "InvalidRequest", issues: [{ path: ["entry", "id"] }] },
      })
    }),
  )
})

describe("looking up", () => {
  it.effect.each<[string, Left, FakeSyncs.Options["more"], unknown, state: string]>([
    [
      "a pause that shows",
      pauseLeft,
      { state: "paused" },
      { _tag: "Done", sync: refOf("s1"), evidence: "the sync is paused" },
      "finished",
    ],
    ["a pause that does not", pauseLeft, {}, { _tag: "NotDone", evidence: "the sync is enabled" }, "not-started"],
    ["a pause of a sync whose switch is off", pauseLeft, { isSwitchedOn: false }, { _tag: "Done" }, "finished"],
    [
      "a pause of a sync whose switch is on",
      pauseLeft,
      { state: "error", isSwitchedOn: true },
      { _tag: "NotDone" },
      "not-started",
    ],
    ["a resume that shows", { fingerprint: { fields: ["enabled"], enabled: true } }, {}, { _tag: "Done" }, "finished"],
    [
      "a pause where the vendor shows no state",
      pauseLeft,
      { state: "unknown" },
      { _tag: "Ambiguous", why: "the vendor does not show its state" },
      "lost",
    ],
    [
      "a delete of a sync that is there",
      { kind: "delete" },
      {},
      { _tag: "NotDone", evidence: "the sync is enabled" },
      "not-started",
    ],
    [
      "a delete of a sync that is there, in whatever state",
      { kind: "delete" },
      { state: "unknown" },
      { _tag: "NotDone", evidence: "the sync is unknown" },
      "not-started",
    ],
    [
      "a delete of a sync that is gone",
      { kind: "delete", sync: refOf("gone") },
      {},
      { _tag: "Done", sync: refOf("gone"), evidence: "the sync does not exist" },
      "finished",
    ],
    [
      "a pause of a sync that is gone",
      { ...pauseLeft, sync: refOf("gone") },
      {},
      { _tag: "Ambiguous", why: "the sync does not exist any more" },
      "lost",
    ],
    [
      "a change of a schedule",
      { fingerprint: { fields: ["schedule"] } },
      {},
      { _tag: "Ambiguous", why: "the journal does not keep what was requested: read the sync" },
      "lost",
    ],
    [
      "a pause with a schedule",
      { fingerprint: { fields: ["schedule", "enabled"], enabled: false } },
      {},
      { _tag: "Ambiguous" },
      "lost",
    ],
    ["an update without fields", {}, {}, { _tag: "Ambiguous" }, "lost"],
    [
      "a switch-over",
      { fingerprint: { fields: ["switchOver"] } },
      {},
      { _tag: "Ambiguous", why: expect.stringContaining("a switch-over") },
      "lost",
    ],
  ])("A1: %s", ([, left, more, resolution, state]) =>
    Effect.gen(function* () {
      const { leave, administration, stateOf, fake } = yield* make(more)
      const { id } = yield* leave(left)
      expect(yield* within("10 minutes", administration.resolve(id))).toMatchObject(Object(resolution))
      expect(yield* stateOf(id)).toBe(state)
      expect(fake.writes()).toBe(0)
    }),
  )

  it.effect("A1: waits until the change can have had its effect and reads show it", () =>
    Effect.gen(function* () {
      const { leave, administration, fake } = yield* make()
      const { id } = yield* leave(pauseLeft)
      yield* within("10 minutes", administration.resolve(id))
      // The effect may come a minute after the answer was given up, and reads lag by a minute.
      expect(fake.sent.map(({ at }) => at)).toEqual([120_000])
    }),
  )

  it.effect("A1: of an entry that is old enough reads at once", () =>
    Effect.gen(function* () {
      const { leave, administration, fake } = yield* make()
      const { id } = yield* leave(pauseLeft)
      yield* TestClock.adjust("2 minutes")
      yield* within("1 second", administration.resolve(id))
      expect(fake.count("syncs")).toBe(1)
    }),
  )

  it.effect("A1: that fails names the operation, not sent", () =>
    Effect.gen(function* () {
      const { leave, administration, fake } = yield* make()
      const { id } = yield* leave({ ...pauseLeft, workspace: "other" })
      expect(yield* Effect.flip(administration.resolve(id))).toMatchObject({ delivery: "not-sent" })
      fake.trouble("syncs", ...Array.from({ length: 5 }, () => ({ error: lost })))
      const { id: other } = yield* leave({ ...pauseLeft, sync: refOf("s2") })
      expect(yield* Effect.flip(within("1 hour", administration.resolve(other)))).toMatchObject({
        ...{ operation: "resolveChange", reason: lost.reason, delivery: "not-sent" },
      })
    }),
  )

  it.effect("A1: of a create names all new syncs, also where the create was exclusive", () =>
    Effect.gen(function* () {
      const { leave, administration, fake, stateOf } = yield* make()
      const { id } = yield* leave({ kind: "create", fingerprint: createOf("a"), exclusive: true })
      const candidates = ["s7", "s8"].map((name) => fake.add({ id: name, pair: "a", at: 1_000 }))
      expect(yield* within("1 hour", administration.resolve(id))).toMatchObject({ _tag: "Ambiguous", candidates })
      expect(yield* stateOf(id)).toBe("lost")
    }),
  )

  it.effect("A1: ends at once where the workspace closes", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const { leave, administration } = yield* Scope.provide(make(), scope)
      const { id } = yield* leave(pauseLeft)
      const caller = yield* begin(Effect.exit(administration.resolve(id)))
      yield* TestClock.adjust("1 second")
      yield* Scope.close(scope, Exit.void)
      yield* TestClock.adjust(1)
      expect(caller.pollUnsafe()).toBeDefined()
    }),
  )

  it.effect.each<[string, Left, unknown]>([
    [
      "finished",
      { became: [{ state: "finished" }] },
      { _tag: "Done", sync: refOf("s1"), evidence: "the vendor accepted it, or reads showed it" },
    ],
    ["started", { became: [{ state: "started" }] }, { _tag: "Done", sync: refOf("s1") }],
    [
      "a create that is finished",
      { kind: "create", became: [{ state: "finished", created: refOf("s9") }] },
      { _tag: "Done", sync: refOf("s9") },
    ],
    [
      "a create whose sync no read has shown",
      { kind: "create", became: [{ state: "started" }] },
      { _tag: "Ambiguous", candidates: [] },
    ],
    ["refused", { became: [{ state: "refused" }] }, { _tag: "NotDone", evidence: "the vendor refused it" }],
    [
      "not started",
      { became: [{ state: "not-started" }] },
      { _tag: "NotDone", evidence: "its request had no effect, or was not sent" },
    ],
    [
      "abandoned",
      { became: [{ state: "abandoned", candidates: [refOf("s9")] }] },
      { _tag: "Ambiguous", candidates: [refOf("s9")], why: "it was given up" },
    ],
  ])("A1: of an entry that is %s returns what it says", ([, left, resolution]) =>
    Effect.gen(function* () {
      const { leave, administration, fake } = yield* make()
      const { id } = yield* leave(left)
      expect(yield* within("1 second", administration.resolve(id))).toEqual(expect.objectContaining(Object(resolution)))
      expect(fake.sent).toEqual([])
    }),
  )
})

describe("settling by hand", () => {
  it.effect.each<[string, Left, "done" | "not-done" | "abandoned" | { created: typeof from }, state: string]>([
    ["an update as done", {}, "done", "finished"],
    ["an update as not done", {}, "not-done", "not-started"],
    ["an update as abandoned", {}, "abandoned", "abandoned"],
    ["a delete as done", { kind: "delete" }, "done", "finished"],
    ["a create with its sync", { kind: "create" }, { created: refOf("s1") }, "finished"],
    ["a create as not done", { kind: "create" }, "not-done", "not-started"],
    ["a create as abandoned", { kind: "create" }, "abandoned", "abandoned"],
    [
      "an accepted create without a sync as not done",
      { kind: "create", became: [{ state: "started" }] },
      "not-done",
      "not-started",
    ],
  ])("A1: %s", ([, left, settlement, state]) =>
    Effect.gen(function* () {
      const { leave, administration, stateOf, fake } = yield* make()
      const entry = yield* leave(left)
      yield* TestClock.adjust("1 minute")
      const { lines } = yield* logged(administration.settle(entry, settlement))
      expect(yield* stateOf(entry.id)).toBe(state)
      expect(lines).toMatchObject([
        {
          message: "The entry of a change was settled by hand",
          annotations: {
            operation: "settleChange",
            entry: entry.id,
            settlement: typeof settlement === "string" ? settlement : String(settlement.created),
            ...(entry.sync !== undefined && { sync: String(entry.sync) }),
          },
        },
      ])
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect.each<[string, Left, "done" | "not-done" | "abandoned" | { created: typeof from }, path: string]>([
    ["an update with a created sync", {}, { created: refOf("s1") }, "settlement.created"],
    ["a create as done", { kind: "create" }, "done", "settlement"],
    ["an accepted create as abandoned", { kind: "create", became: [{ state: "started" }] }, "abandoned", "settlement"],
    ["an update that has ended", { became: [{ state: "finished" }] }, "done", "entry.state"],
    ["an update that was accepted", { became: [{ state: "started" }] }, "done", "entry.state"],
    [
      "a create that has ended",
      { kind: "create", became: [{ state: "finished", created: refOf("s1") }] },
      "not-done",
      "entry.state",
    ],
    [
      "a create that is known",
      { kind: "create", became: [{ state: "started", created: refOf("s1") }] },
      "not-done",
      "entry.state",
    ],
    ["a create that was refused", { kind: "create", became: [{ state: "refused" }] }, "not-done", "entry.state"],
  ])("A1: %s is refused", ([, left, settlement, path]) =>
    Effect.gen(function* () {
      const { leave, administration, stateOf } = yield* make()
      const entry = yield* leave(left)
      yield* TestClock.adjust("10 minutes")
      const error = yield* Effect.flip(administration.settle(entry, settlement))
      expect(error).toMatchObject({ reason: { _tag: "InvalidRequest", issues: [{ path: path.split(".") }] } })
      expect(yield* stateOf(entry.id)).toBe(entry.state)
    }),
  )

  it.effect("F2: with a sync of another workspace is refused", () =>
    Effect.gen(function* () {
      const { leave, administration } = yield* make()
      const entry = yield* leave({ kind: "create" })
      yield* TestClock.adjust("10 minutes")
      const settle = administration.settle(entry, { created: refOf("s1", "other") })
      expect(yield* Effect.flip(settle)).toMatchObject({ reason: { _tag: "WrongWorkspace" } })
    }),
  )

  it.effect("A1: is refused until the request and its effect are over, with the time from which it works", () =>
    Effect.gen(function* () {
      const { leave, administration } = yield* make()
      const entry = yield* leave()
      yield* TestClock.adjust(59_999)
      expect(yield* Effect.flip(administration.settle(entry, "done"))).toMatchObject({
        reason: { _tag: "TriggerBusy", entry: entry.id, freeAt: DateTime.makeUnsafe(60_000) },
      })
      yield* TestClock.adjust(1)
      yield* administration.settle(entry, "done")
    }),
  )

  it.effect("A1: is refused while the call that left it is at work", () =>
    Effect.gen(function* () {
      const { leave, administration, journal } = yield* make()
      const entry = yield* leave({ isAlive: true })
      for (let seconds = 0; seconds < 120; seconds += 10) {
        yield* TestClock.adjust("10 seconds")
        yield* journal.renew({ identity: entry.identity, owner: entry.owner, number: 1 }, "30 seconds")
      }
      expect(yield* Effect.flip(administration.settle(entry, "done"))).toMatchObject({
        reason: { _tag: "TriggerBusy" },
      })
    }),
  )
})

const from = refOf("s1")
