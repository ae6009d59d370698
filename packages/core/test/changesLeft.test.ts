/** Changes that find what earlier ones have left in the journal, by other processes. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Reason from "../src/model/Reason.ts"
import { every, manual } from "../src/model/schedule/Schedule.ts"
import { failure, lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { createOf, identityOfCreates, type Left, open, stranger } from "./support/leftChanges.ts"
import { logged } from "./support/logs.ts"
import { within } from "./support/testbed.ts"

const { definition, refOf } = FakeSyncs
const hourly = every("1 hour")
const key = "crm"
const denied = failure(new Reason.PermissionDenied(), "refused", { status: 403 })
const create: Left = { kind: "create", fingerprint: createOf("a") }

const make = Effect.fnUntraced(function* (options: FakeSyncs.Options = {}) {
  const fake = FakeSyncs.make(options)
  return { fake, ...(yield* open(fake)) }
})

describe("a create with a key that another process has used", () => {
  it.effect("A1: returns the sync that it made", () =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make()
      fake.add({ id: "s7", pair: "a" })
      yield* leave({ ...create, key, became: [{ state: "finished", created: refOf("s7", "elsewhere") }] })
      expect((yield* within("1 second", administration.create(definition("a"), { key }))).ref).toEqual(refOf("s7"))
      expect(fake.writes()).toBe(0)
    }),
  )

  it.effect("A1, A2: completes the sync of a create that had begun", () =>
    Effect.gen(function* () {
      const { fake, leave, administration, stateOf } = yield* make()
      fake.add({ id: "s7", pair: "a", state: "paused" })
      const wanted = definition("a", { enabled: true, schedule: hourly })
      const { id } = yield* leave({
        ...create,
        key,
        fingerprint: { ...createOf("a"), digest: yield* digestOf(wanted) },
        became: [{ state: "started", created: refOf("s7") }],
      })
      const sync = yield* within("5 minutes", administration.create(wanted, { key }))
      expect(sync).toMatchObject({ ref: refOf("s7"), state: "enabled", schedule: hourly })
      expect([fake.count("create"), fake.count("update"), yield* stateOf(id)]).toEqual([0, 1, "finished"])
    }),
  )

  it.effect("A1: finds the sync of a create that the vendor has accepted, and leaves those from before alone", () =>
    Effect.gen(function* () {
      const { fake, leave, administration, stateOf } = yield* make()
      fake.add({ id: "old", pair: "a", at: -1_000_000 })
      fake.add({ id: "s7", pair: "a", state: "paused" })
      const { id } = yield* leave({ ...create, key, before: [refOf("old")], became: [{ state: "started" }] })
      expect((yield* within("1 hour", administration.create(definition("a"), { key }))).ref).toEqual(refOf("s7"))
      expect([fake.count("create"), yield* stateOf(id)]).toEqual([0, "finished"])
    }),
  )

  it.effect("A1: knows the sync that it has found once, also where its update was refused", () =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make()
      fake.add({ id: "s7", pair: "a", state: "paused" })
      const wanted = definition("a", { enabled: true })
      const fingerprint = { ...createOf("a"), digest: yield* digestOf(wanted) }
      yield* leave({ ...create, key, fingerprint, became: [{ state: "started" }] })
      fake.trouble("update", { error: denied })
      const error = yield* Effect.flip(within("1 hour", administration.create(wanted, { key })))
      expect(error).toMatchObject({ _tag: "ChangeIncomplete", sync: { ref: refOf("s7") } })
      fake.add({ id: "theirs", pair: "a", state: "paused" })
      expect((yield* within("1 hour", administration.create(wanted, { key }))).ref).toEqual(refOf("s7"))
    }),
  )

  it.effect("A4: of which its process has died: a pause of its sync is sent, once the sync can be read", () =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make()
      yield* leave({ ...create, key, became: [{ state: "started", created: refOf("s7") }] })
      fake.add({ id: "s7", pair: "a", at: 40_000 })
      yield* within("2 minutes", administration.pause(refOf("s7")))
      expect(yield* fake.truth).toMatchObject([{ state: "paused" }])
    }),
  )

  it.effect("A1: whose sync cannot be read is not sent", () =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make()
      yield* leave({ ...create, key, became: [{ state: "finished", created: refOf("s7") }] })
      fake.trouble("syncs", ...Array.from({ length: 5 }, () => ({ error: lost })))
      expect(yield* Effect.flip(within("1 hour", administration.create(definition("a"), { key })))).toMatchObject({
        reason: lost.reason,
        delivery: "not-sent",
      })
    }),
  )

  it.effect("A1, A2: never changes the sync that settling has only found", () =>
    Effect.gen(function* () {
      const { fake, leave, administration, stateOf } = yield* make()
      fake.add({ id: "s7", pair: "a", state: "paused", at: 1_000 })
      const wanted = definition("a", { enabled: true })
      const fingerprint = { ...createOf("a"), digest: yield* digestOf(wanted) }
      const { id } = yield* leave({ ...create, key, fingerprint, exclusive: true })
      const error = yield* Effect.flip(within("1 hour", administration.create(wanted, { key })))
      expect(error).toMatchObject({ _tag: "ChangeIncomplete", sync: { ref: refOf("s7"), state: "paused" } })
      expect([fake.writes(), yield* stateOf(id)]).toEqual([0, "finished"])
    }),
  )

  it.effect.each<[string, Left["became"]]>([
    ["refused", [{ state: "refused" }]],
    ["without effect", [{ state: "not-started" }]],
    ["given up", [{ state: "abandoned", candidates: [] }]],
  ])("A1: makes one where it was %s", ([, became = []]) =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make()
      yield* leave({ ...create, key, became })
      yield* within("1 minute", administration.create(definition("a"), { key }))
      expect(fake.count("create")).toBe(1)
    }),
  )

  it.effect("A1: takes over the claim of a process that is gone, once it has expired", () =>
    Effect.gen(function* () {
      const { fake, journal, administration } = yield* make()
      const identity = identityOfCreates(fake, { pair: "a" })
      const draft = { id: "claimed", identity, kind: "create", vendor: "fake", baseUrl: fake.driver.baseUrl } as const
      const claim = { ...draft, workspace: "test", key, fingerprint: createOf("a") }
      yield* journal.claim({ draft: claim, owner: stranger, lease: "20 seconds" })
      const sync = yield* within("1 minute", administration.create(definition("a"), { key }))
      expect(sync.ref).toEqual(refOf("s1"))
      expect(fake.sent.find(({ operation }) => operation === "create")?.at).toBeGreaterThanOrEqual(20_000)
      expect(yield* journal.get("claimed")).toMatchObject({ entry: { state: "finished", created: refOf("s1") } })
    }),
  )

  it.effect("A1: is busy while the claim of another call lasts", () =>
    Effect.gen(function* () {
      const { fake, journal, administration } = yield* make()
      const identity = identityOfCreates(fake, { pair: "a" })
      const draft = { id: "claimed", identity, kind: "create", vendor: "fake", baseUrl: fake.driver.baseUrl } as const
      const claim = { ...draft, workspace: "test", key, fingerprint: createOf("a") }
      yield* journal.claim({ draft: claim, owner: stranger, lease: "1 hour" })
      expect(yield* Effect.flip(within("2 minutes", administration.create(definition("a"), { key })))).toMatchObject({
        operation: "createSync",
        reason: { _tag: "TriggerBusy" },
        delivery: "not-sent",
      })
      expect(fake.count("create")).toBe(0)
    }),
  )

  it.effect("A1: whose sync is gone is not sent, and names it", () =>
    Effect.gen(function* () {
      const { leave, administration } = yield* make()
      yield* leave({ ...create, key, became: [{ state: "finished", created: refOf("s7") }] })
      yield* TestClock.adjust("190 seconds")
      expect(yield* Effect.flip(within("1 second", administration.create(definition("a"), { key })))).toMatchObject({
        delivery: "not-sent",
        reason: { _tag: "NotFound" },
        sync: refOf("s7"),
      })
    }),
  )
})

describe("a create after one that was lost", () => {
  it.effect("A1: waits until that one can have had its effect, and goes on where it had none", () =>
    Effect.gen(function* () {
      const { fake, leave, administration, stateOf } = yield* make()
      const { id } = yield* leave(create)
      yield* within("10 minutes", administration.create(definition("a")))
      expect(yield* stateOf(id)).toBe("not-started")
      const [first] = fake.sent
      expect([first?.operation, first?.at]).toEqual(["syncs", 120_000])
    }),
  )

  it.effect("A1: reads at once where that is over", () =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make()
      yield* leave(create)
      yield* TestClock.adjust("2 minutes")
      yield* within("1 second", administration.create(definition("a")))
      expect(fake.count("create")).toBe(1)
    }),
  )

  it.effect.each<[string, Left, FakeSyncs.FakeSync["name"], why: string]>([
    ["it was not exclusive", create, "from a", "somebody else may have made it"],
    ["the name is another", { ...create, exclusive: true }, "other", "no new sync, or several"],
  ])("A1: ends where %s", ([, left, name, why]) =>
    Effect.gen(function* () {
      const { fake, leave, administration, stateOf } = yield* make()
      fake.add({ id: "s7", pair: "a", name })
      const { id } = yield* leave(left)
      const error = yield* Effect.flip(within("1 hour", administration.create(definition("a"))))
      expect(error).toMatchObject({ _tag: "ChangeIndeterminate", candidates: [refOf("s7")], entry: id })
      expect(yield* within("1 minute", administration.resolve(id))).toMatchObject({
        why: expect.stringContaining(why),
        candidates: [refOf("s7")],
      })
      expect([fake.writes(), yield* stateOf(id)]).toEqual([0, "lost"])
    }),
  )

  it.effect("A1: with supersede gives it up with its candidates, and says so in the log", () =>
    Effect.gen(function* () {
      const { fake, leave, administration, journal } = yield* make()
      fake.add({ id: "s7", pair: "a" })
      const { id } = yield* leave(create)
      const wanted = administration.create(definition("a"), { whenOpen: "supersede" })
      const { lines } = yield* logged(within("1 hour", wanted))
      expect(yield* journal.get(id)).toMatchObject({ entry: { state: "abandoned", candidates: [refOf("s7")] } })
      expect(lines).toContainEqual(
        expect.objectContaining({
          message: "An earlier create may have happened: it is given up",
          annotations: expect.objectContaining({ entry: id, name: "from a" }),
        }),
      )
      expect(fake.count("create")).toBe(1)
    }),
  )

  it.effect("A1: ends where the syncs cannot be read", () =>
    Effect.gen(function* () {
      const { fake, leave, administration, stateOf } = yield* make()
      const { id } = yield* leave(create)
      fake.close()
      const resolved = yield* within("1 hour", administration.resolve(id))
      expect(resolved).toMatchObject({ _tag: "Ambiguous", candidates: [], why: expect.stringContaining("be read") })
      expect(yield* stateOf(id)).toBe("lost")
    }),
  )

  it.effect("A1: the sync that it made counts as this process's own then", () =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make()
      fake.add({ id: "s7", pair: "a" })
      const { id } = yield* leave({ ...create, exclusive: true })
      const resolved = yield* within("1 hour", administration.resolve(id))
      expect(resolved).toMatchObject({ _tag: "Done", sync: refOf("s7") })
      // Another create of these ends does not take it for its own.
      fake.trouble("create", { error: lost })
      const error = yield* Effect.flip(within("1 hour", administration.create(definition("a"), { exclusive: true })))
      expect(error).toMatchObject({ _tag: "ChangeIndeterminate", candidates: [] })
    }),
  )
})

describe("a change after one that another process left", () => {
  it.effect("A1: gives it up, says so, and sends every field", () =>
    Effect.gen(function* () {
      const { fake, leave, administration, stateOf } = yield* make()
      fake.add({ id: "s1", at: -1_000_000, state: "paused" })
      const { id } = yield* leave()
      const { lines } = yield* logged(within("5 minutes", administration.pause(refOf("s1"))))
      expect([fake.count("update"), yield* stateOf(id)]).toEqual([1, "abandoned"])
      expect(lines).toContainEqual(
        expect.objectContaining({
          message: "An earlier change of the sync may have happened: it is given up",
          annotations: expect.objectContaining({ entry: id, was: "update", sync: String(refOf("s1")) }),
        }),
      )
    }),
  )

  it.effect("A1: deletes, whatever was left, once reads show the sync", () =>
    Effect.gen(function* () {
      const { fake, leave, administration, stateOf } = yield* make()
      fake.add({ id: "s1", at: 20_000 })
      const { id } = yield* leave({ became: [] })
      yield* within("5 minutes", administration.delete(refOf("s1")))
      expect([fake.count("delete"), yield* stateOf(id)]).toEqual([1, "abandoned"])
    }),
  )

  it.effect("A6: a full replacement waits exactly until reads show what it wrote", () =>
    Effect.gen(function* () {
      const { fake, leave, administration } = yield* make({ replaces: "all" })
      fake.add({ id: "s1", at: -1_000_000, schedule: manual })
      yield* leave({ became: [{ state: "finished" }] })
      yield* TestClock.adjust("20 seconds")
      yield* within("5 minutes", administration.pause(refOf("s1")))
      expect(fake.sent[0]).toMatchObject({ operation: "syncs", at: 60_000 })
    }),
  )

  it.effect("A4: waits for a sync that another process has just written, and fails where it does not come", () =>
    Effect.gen(function* () {
      const { leave, administration } = yield* make()
      yield* leave({ became: [{ state: "finished" }] })
      expect(yield* Effect.flip(within("10 minutes", administration.pause(refOf("s1"))))).toMatchObject({
        reason: { _tag: "NotFound", what: "sync" },
        delivery: "not-sent",
      })
    }),
  )

  it.effect("A1: a change whose lost answer cannot be settled names its entry", () =>
    Effect.gen(function* () {
      const { fake, administration, journal } = yield* make()
      fake.add({ id: "s1", at: -1_000_000 })
      fake.trouble("update", { error: lost })
      const error = yield* Effect.flip(within("1 hour", administration.pause(refOf("s1"))))
      const { entries } = yield* journal.list({})
      expect(entries.map(({ entry }) => [entry.id, entry.state])).toEqual([[Object(error).entry, "lost"]])
      fake.trouble("delete", { error: lost })
      const second = yield* Effect.flip(within("1 hour", administration.delete(refOf("s1"))))
      expect(second).toMatchObject({
        _tag: "ChangeIndeterminate",
        operation: "delete",
        error: { reason: lost.reason, delivery: "unknown" },
        entry: expect.any(String),
      })
    }),
  )
})

/** The digest of a create of this definition: what the journal recognizes it by. */
const digestOf = Effect.fnUntraced(function* (wanted: FakeSyncs.Definition) {
  const fake = FakeSyncs.make()
  const { journal, administration } = yield* open(fake)
  yield* within("1 hour", administration.create(wanted))
  const { entries } = yield* journal.list({ states: ["finished"] })
  const found = entries.flatMap(({ entry }) => (entry.kind === "create" ? [entry.fingerprint.digest] : []))
  return found[0] ?? ""
})
