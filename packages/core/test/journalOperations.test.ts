import { describe, expect, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../src/journal/Journal.ts"
import * as Steps from "../src/journal/JournalSteps.ts"
import * as Operations from "../src/journal/operations.ts"
import type { ReadRow, Tables } from "../src/journal/tables.ts"
import type { Draft, Owner } from "../src/model/JournalEntry.ts"
import type { JournalReason } from "../src/model/JournalError.ts"
import { SyncRef } from "../src/model/Ref.ts"

const sync = new SyncRef({ workspace: "prod", vendor: "acme", ids: { sync: "7" } })
const owner: Owner = { host: "a", pid: 1, call: "c1" }
const other: Owner = { host: "b", pid: 2, call: "c2" }
const at = (millis: number) => DateTime.makeUnsafe(millis)

type TriggerDraft = Extract<Draft, { readonly kind: "trigger" }>

const draft = (id: string, key?: string, change: Partial<TriggerDraft> = {}): TriggerDraft => ({
  kind: "trigger",
  id,
  identity: "acme 7",
  vendor: "acme",
  baseUrl: "https://api.acme.test",
  workspace: "prod",
  sync,
  ...(key !== undefined && { key }),
  ...change,
})

const marking = {
  fence: { runs: [], complete: true },
  exclusive: false,
  writeTimeout: "3 minutes",
  runAppearsWithin: "1 minute",
} as const

const claimedRow = (id = "e1", by = owner): ReadRow => ({
  _tag: "EntryRow",
  entry: Result.getOrThrow(Steps.claimed(draft(id, "k"), by, 1, at(0))),
  claimUntil: 30_000,
  touchedAt: 0,
})

const unreadable = { _tag: "Unreadable", id: "e0", why: "it is damaged" } as const

/** Tables that are empty at time 0, except for what a test puts there. */
const tables = (parts: Partial<Tables> = {}): Tables => ({
  now: Effect.succeed(0),
  lease: () => Effect.succeed({ number: 0, until: 0 }),
  putLease: () => Effect.void,
  entry: () => Effect.undefined,
  latest: () => Effect.undefined,
  open: () => Effect.undefined,
  unreadable: () => Effect.undefined,
  insert: () => Effect.succeed(true),
  replace: () => Effect.succeed(true),
  remove: () => Effect.void,
  starts: () => Effect.succeed([]),
  list: () => Effect.succeed({ records: [] }),
  forget: () => Effect.succeed(0),
  ...parts,
})

const lease = "30 seconds" as const
const claim = (parts: Partial<Tables>) => Operations.claim(tables(parts), { draft: draft("e1", "k"), owner, lease })

describe("a store that one host can use", () => {
  const refusing = { otherHost: () => Effect.succeed("b") }
  it.effect("J12: claims, take-overs and leases are refused while another host has one that is alive", () =>
    Effect.gen(function* () {
      const row = { ...claimedRow(), claimUntil: 0 }
      const parts = { ...refusing, entry: () => Effect.succeed(row) }
      const takeOver = Operations.takeOver(tables(parts), { id: "e1", revision: 1 }, { owner, lease })
      const acquire = Operations.acquire(tables(refusing), "i", owner, lease)
      const operations: ReadonlyArray<Effect.Effect<unknown, JournalReason>> = [claim(refusing), takeOver, acquire]
      for (const operation of operations) {
        expect(yield* Effect.flip(operation)).toMatchObject({ _tag: "OtherHost", host: "b" })
      }
    }),
  )

  it.effect("J12: without another host they are not, and the store gets the caller's host and its own time", () =>
    Effect.gen(function* () {
      const calls: Array<unknown> = []
      const otherHost: NonNullable<Tables["otherHost"]> = (...args) => Effect.sync(() => void calls.push(args))
      const now = Effect.succeed(5)
      expect(yield* claim({ otherHost, now })).toMatchObject({ _tag: "Claimed" })
      expect(yield* Operations.acquire(tables({ otherHost, now }), "i", owner, lease)).toMatchObject({
        _tag: "Acquired",
      })
      expect(calls).toEqual([
        ["a", 5],
        ["a", 5],
      ])
    }),
  )
})

describe("a claim that another transaction comes before", () => {
  it.effect("J1: is tried three times, and then fails", () =>
    Effect.gen(function* () {
      let tries = 0
      const insert = () => Effect.sync(() => ++tries > 3)
      expect(yield* Effect.flip(claim({ insert }))).toMatchObject({ issues: [{ path: ["key"] }] })
      expect(tries).toBe(3)
      expect(yield* claim({ insert: () => Effect.sync(() => ++tries % 3 === 0) })).toMatchObject({ _tag: "Claimed" })
    }),
  )

  it.effect("J1: has the other's entry, where that is there by then", () =>
    Effect.gen(function* () {
      let reads = 0
      const latest = () => Effect.sync(() => (++reads > 1 ? claimedRow("e2", other) : undefined))
      const result = yield* claim({ latest, insert: () => Effect.succeed(false) })
      expect(result).toMatchObject({ _tag: "Exists", record: { entry: { id: "e2" }, isOwnerAlive: true } })
    }),
  )

  it.effect("J1: fails at once where its id is taken", () =>
    Effect.gen(function* () {
      let tries = 0
      const insert = () => Effect.sync(() => ++tries < 0)
      const entry = () => Effect.succeed(claimedRow("e1", other))
      expect(yield* Effect.flip(claim({ insert, entry }))).toMatchObject({ issues: [{ path: ["id"] }] })
      expect(tries).toBe(1)
    }),
  )

  it.effect("J1, J8: a key whose latest record cannot be read exists", () =>
    Effect.gen(function* () {
      const latest = () => Effect.succeed(unreadable)
      expect(yield* claim({ latest })).toEqual({ _tag: "Exists", record: unreadable })
    }),
  )
})

describe("records that cannot be read", () => {
  const entry = () => Effect.succeed(unreadable)
  const version = { id: "e0", revision: 1 }

  it.effect("J8: change nothing, and are returned as they are", () =>
    Effect.gen(function* () {
      const changed = { _tag: "Changed", record: unreadable }
      const all = tables({ entry })
      expect(yield* Operations.takeOver(all, version, { owner, lease })).toEqual(changed)
      expect(yield* Operations.renewClaim(all, "e0", owner, lease)).toBe(false)
      expect(yield* Operations.update(all, version, { state: "lost" }, owner)).toEqual(changed)
      expect(yield* Operations.remove(all, version, owner)).toEqual(changed)
      expect(yield* Operations.get(all, "e0")).toEqual(unreadable)
      expect(yield* Operations.get(tables(), "e0")).toBeUndefined()
      expect(yield* Operations.find(tables({ latest: entry }), "i", "k")).toEqual(unreadable)
    }),
  )

  it.effect("J3: what is not there has changed, without a record", () =>
    Effect.gen(function* () {
      const changed = { _tag: "Changed" }
      expect(yield* Operations.takeOver(tables(), version, { owner, lease })).toStrictEqual(changed)
      expect(yield* Operations.renewClaim(tables(), "e0", owner, lease)).toBe(false)
      expect(yield* Operations.update(tables(), version, { state: "lost" }, owner)).toStrictEqual(changed)
      expect(yield* Operations.remove(tables(), version, owner)).toStrictEqual(changed)
    }),
  )

  it.effect("J8: are listed apart, and block a mark", () =>
    Effect.gen(function* () {
      const records = [claimedRow(), unreadable]
      const listed = yield* Operations.list(tables({ list: () => Effect.succeed({ records, next: "n" }) }), {})
      expect(listed).toMatchObject({ entries: [{ entry: { id: "e1" } }], unreadable: [unreadable], next: "n" })
      const held = { identity: "acme 7", owner, number: 1 }
      const leased = { lease: () => Effect.succeed({ number: 1, owner, until: 1 }) }
      const request = { ...marking, lease: held, entry: draft("e1") }
      const blocked = tables({ ...leased, unreadable: () => Effect.succeed(unreadable) })
      expect(yield* Operations.mark(blocked, request)).toEqual({ _tag: "Blocked", by: unreadable })
      const taken = tables({ ...leased, insert: () => Effect.succeed(false) })
      expect(yield* Effect.flip(Operations.mark(taken, request))).toMatchObject({ issues: [{ path: ["id"] }] })
    }),
  )
})

it.effect("J11: a store reads the starts of a workspace only where they decide", () =>
  Effect.gen(function* () {
    const starts = () => Effect.die(new Error("they were read"))
    const all = tables({ starts, lease: () => Effect.succeed({ number: 1, owner, until: 1 }) })
    const request = { ...marking, lease: { identity: "acme 7", owner, number: 1 } }
    expect(yield* Operations.mark(all, { ...request, entry: draft("e1") })).toMatchObject({ _tag: "Marked" })
    const gone = { ...request, starts: [{ atMost: 1, within: "1 minute" }] as const, entry: { id: "e2", revision: 1 } }
    expect(yield* Operations.mark(all, gone)).toEqual({ _tag: "Changed" })
  }),
)

it.effect.each([
  [undefined, 100],
  [0, 1],
  [-5, 1],
  [1, 1],
  [2.9, 2],
  [1_000, 1_000],
  [5_000, 1_000],
  [Number.NaN, 1],
] as const)("J8: a limit of %s lists %d entries", ([limit, count]) =>
  Effect.gen(function* () {
    let queried = 0
    const list: Tables["list"] = (query) =>
      Effect.sync(() => {
        queried = query.limit
        return { records: [] }
      })
    yield* Operations.list(tables({ list }), limit === undefined ? {} : { limit })
    expect(queried).toBe(count)
  }),
)

describe("a journal in memory", () => {
  const acquired = Effect.fnUntraced(function* (journal: Journal.Service, by = owner) {
    const result = yield* journal.acquire("acme 7", by, lease)
    if (result._tag !== "Acquired") return yield* Effect.die(new Error("another call has the lease"))
    return result.lease
  })

  it.effect("J4, J5: a lease is alive for its length, to the millisecond", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      const held = yield* acquired(journal)
      const marked = yield* journal.mark({ ...marking, lease: held, entry: draft("e1") })
      expect(marked).toMatchObject({ stored: { isOwnerAlive: true } })
      yield* TestClock.adjust(29_999)
      expect(yield* journal.acquire("acme 7", other, lease)).toEqual({
        _tag: "Occupied",
        owner,
        freeIn: Duration.millis(1),
      })
      expect(yield* journal.get("e1")).toMatchObject({ isOwnerAlive: true })
      yield* TestClock.adjust(1)
      expect(yield* journal.get("e1")).toMatchObject({ isOwnerAlive: false })
      expect(yield* journal.renew(held, lease)).toBe(false)
      expect(yield* journal.acquire("acme 7", other, lease)).toMatchObject({ _tag: "Acquired", lease: { number: 2 } })
    }),
  )

  it.effect("J5: an entry that is open has no owner at work where no lease was taken, or another call has it", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      const held = yield* acquired(journal)
      yield* journal.mark({ ...marking, lease: held, entry: draft("e1") })
      const lost = yield* journal.update({ id: "e1", revision: 1 }, { state: "lost" }, owner)
      expect(lost).toMatchObject({ stored: { isOwnerAlive: true } })
      yield* journal.release(held)
      expect(yield* journal.get("e1")).toMatchObject({ isOwnerAlive: false })
      yield* acquired(journal, other)
      expect(yield* journal.get("e1")).toMatchObject({ isOwnerAlive: false })
    }),
  )

  it.effect("J5: a claim is alive for its length, to the millisecond", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      yield* journal.claim({ draft: draft("e1", "k"), owner, lease })
      yield* TestClock.adjust(29_999)
      const version = { id: "e1", revision: 1 }
      expect(yield* journal.takeOver(version, { owner: other, lease })).toMatchObject({ _tag: "Changed" })
      expect(yield* journal.remove(version, other)).toMatchObject({ _tag: "Changed" })
      yield* TestClock.adjust(1)
      expect(yield* journal.takeOver(version, { owner: other, lease })).toMatchObject({ _tag: "Claimed" })
      expect(yield* journal.takeOver(version, { owner, lease })).toMatchObject({ _tag: "Changed" })
      yield* TestClock.adjust(30_000)
      expect(yield* journal.remove({ id: "e1", revision: 2 }, owner)).toEqual({ _tag: "Removed" })
    }),
  )

  it.effect("J1: the next attempts of a key count one by one", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      const held = yield* acquired(journal)
      yield* journal.claim({ draft: draft("e1", "k"), owner, lease })
      for (const attempt of [1, 2, 3]) {
        const id = `e${attempt}`
        const marked = yield* journal.mark({ ...marking, lease: held, entry: { id, revision: 1 } })
        expect(marked).toMatchObject({ stored: { entry: { attempt } } })
        yield* journal.update({ id, revision: 2 }, { state: "refused" }, owner)
        const next = { draft: draft(`e${attempt + 1}`, "k"), owner, lease, after: { id, revision: 3 } }
        expect(yield* journal.claim(next)).toMatchObject({ _tag: "Claimed" })
      }
    }),
  )

  it.effect("J7: entries are forgotten at their age, to the millisecond", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      const held = yield* acquired(journal)
      yield* journal.mark({ ...marking, lease: held, entry: draft("ended") })
      yield* journal.update({ id: "ended", revision: 1 }, { state: "refused" }, owner)
      yield* journal.claim({ draft: draft("claimed", "k"), owner, lease: "10 seconds" })
      yield* TestClock.adjust(9_999)
      expect(yield* journal.forget("10 seconds")).toBe(0)
      expect(yield* journal.forget("9999 millis")).toBe(1)
      expect(yield* journal.get("ended")).toBeUndefined()
      yield* TestClock.adjust(1)
      expect(yield* journal.forget("10 seconds")).toBe(1)
      expect(yield* journal.get("claimed")).toBeUndefined()
      expect(yield* journal.list({ identity: "acme 7", states: ["claimed", "refused"] })).toMatchObject({ entries: [] })
    }),
  )

  it.effect("J8: a list has a next page where there is more, and only then", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      for (const number of [1, 2, 3]) yield* journal.claim({ draft: draft(`e${number}`, `k${number}`), owner, lease })
      yield* journal.claim({ draft: draft("elsewhere", "k", { identity: "acme 8" }), owner, lease })
      expect((yield* journal.list({ identity: "acme 7", limit: 3 })).next).toBeUndefined()
      const first = yield* journal.list({ identity: "acme 7", limit: 2 })
      expect(first.entries.map(({ entry }) => entry.id)).toEqual(["e3", "e2"])
      // An entry that changes keeps its place.
      yield* journal.renewClaim("e1", owner, lease)
      const second = yield* journal.list({ identity: "acme 7", limit: 2, ...(first.next && { after: first.next }) })
      expect(second.entries.map(({ entry }) => entry.id)).toEqual(["e1"])
      expect(second.next).toBeUndefined()
      const all = yield* journal.list({ identity: "acme 7" })
      expect(all.entries.map(({ entry }) => entry.id)).toEqual(["e3", "e2", "e1"])
    }),
  )

  it.effect("J11: starts are counted by workspace, address and vendor, and wait for one window after the last", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      const starts = [{ atMost: 1, within: "1 minute" }] as const
      const start = Effect.fnUntraced(function* (id: string, change: Partial<TriggerDraft> = {}) {
        const identity = `acme ${id}`
        const held = yield* journal.acquire(identity, owner, "1 hour")
        if (held._tag !== "Acquired") return yield* Effect.die(new Error("another call has the lease"))
        const request = { ...marking, lease: held.lease, starts }
        return yield* journal.mark({ ...request, entry: draft(id, undefined, { identity, ...change }) })
      })
      expect(yield* start("1")).toMatchObject({ _tag: "Marked" })
      // The first one has ended after its write time-out at the latest: 3 minutes.
      expect(yield* start("2")).toEqual({ _tag: "TooManyStarts", freeIn: Duration.minutes(4) })
      expect(yield* start("3", { workspace: "test" })).toMatchObject({ _tag: "Marked" })
      expect(yield* start("4", { baseUrl: "https://eu.acme.test" })).toMatchObject({ _tag: "Marked" })
      yield* TestClock.adjust(239_999)
      expect(yield* start("5")).toEqual({ _tag: "TooManyStarts", freeIn: Duration.millis(1) })
      yield* TestClock.adjust(1)
      expect(yield* start("6")).toMatchObject({ _tag: "Marked" })
    }),
  )

  it.effect("J11: a claimed entry that is marked waits for the same starts, and a limit is a whole number from 1", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      const held = yield* acquired(journal)
      yield* journal.claim({ draft: draft("e1", "k"), owner, lease })
      const request = { ...marking, lease: held, entry: { id: "e1", revision: 1 } }
      for (const atMost of [0, -1, 0.5, Number.NaN]) {
        const refused = journal.mark({ ...request, starts: [{ atMost, within: "1 minute" }] })
        expect(yield* Effect.flip(refused)).toMatchObject({ reason: { issues: [{ path: ["starts", "atMost"] }] } })
      }
      const starts = [{ atMost: 1, within: "1 minute" }] as const
      expect(yield* journal.mark({ ...request, starts })).toMatchObject({ _tag: "Marked" })
      yield* journal.update({ id: "e1", revision: 2 }, { state: "refused" }, owner)
      yield* journal.claim({ draft: draft("e2", "k2"), owner, lease })
      const second = { ...request, entry: { id: "e2", revision: 1 }, starts }
      expect(yield* journal.mark(second)).toEqual({ _tag: "TooManyStarts", freeIn: Duration.minutes(1) })
      expect(yield* journal.get("e2")).toMatchObject({ entry: { state: "claimed" } })
      const short = { ...second, starts: [{ atMost: 1, within: "1 millis" }] as const }
      expect(yield* journal.mark(short)).toEqual({ _tag: "TooManyStarts", freeIn: Duration.millis(1) })
      const both = { ...second, starts: [...starts, { atMost: 2, within: "1 hour" }] as const }
      expect(yield* journal.mark(both)).toEqual({ _tag: "TooManyStarts", freeIn: Duration.minutes(1) })
    }),
  )
})

describe("the store in memory", () => {
  it.effect("J2: one identity has one open entry, whatever the lease says, and an id is taken once", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      const first = yield* journal.acquire("acme 7", owner, lease)
      if (first._tag !== "Acquired") return expect.unreachable()
      expect(yield* journal.mark({ ...marking, lease: first.lease, entry: draft("e1") })).toMatchObject({
        _tag: "Marked",
      })
      const blocked = yield* journal.mark({ ...marking, lease: first.lease, entry: draft("e2") })
      expect(blocked).toMatchObject({ _tag: "Blocked", by: { entry: { id: "e1" } } })
      expect(yield* journal.get("e2")).toBeUndefined()
      const taken = { draft: draft("e1", "k"), owner, lease }
      expect(yield* Effect.flip(journal.claim(taken))).toMatchObject({ reason: { _tag: "InvalidEntry" } })
    }),
  )
})
