import type { Service } from "@openretl/core/Journal"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type JournalLaw, law } from "../JournalLaw.ts"
import {
  afterBrief,
  brief,
  claimed,
  identity,
  key,
  keyed,
  leased,
  long,
  marked,
  markOf,
  otherIdentity,
  owner,
  required,
  run,
  trigger,
} from "../testbed/parts.ts"

/** Lists all pages. */
const ids = Effect.fnUntraced(function* (journal: Service, filter: Parameters<Service["list"]>[0]) {
  const all: Array<string> = []
  let after: string | undefined
  do {
    const page = yield* journal.list({ ...filter, ...(after !== undefined && { after }) })
    all.push(...page.entries.map(({ entry }) => entry.id))
    after = page.next
  } while (after !== undefined && all.length < 1_000)
  return all
})

/** Stores an entry that ended. */
const ended = Effect.fnUntraced(function* (journal: Service, id: string, state: "started" | "refused") {
  yield* marked(journal, owner("a"), trigger(id, { identity: id }))
  const change = state === "refused" ? ({ state } as const) : { state, run: run("r1") }
  yield* journal.update({ id, revision: 1 }, change, owner("a"))
})

const odd = (edition: number, fields: { readonly id: string; readonly state?: string; readonly key?: string }) => ({
  edition,
  identity,
  workspace: "prod",
  key: "of another version",
  state: "unheard-of",
  body: "{}",
  ...fields,
})

export const listLaws: ReadonlyArray<JournalLaw> = [
  law("J8", "a list has what is pending, newest first, page by page, once each", (testbed) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* testbed.open, yield* testbed.open]
      const created: Array<string> = []
      for (let number = 0; number < 7; number++) {
        yield* marked(journal, owner("a"), trigger(`e${number}`, { identity: `sync ${number}` }))
        created.unshift(`e${number}`)
        yield* testbed.pass(2)
      }
      yield* journal.update({ id: "e3", revision: 1 }, { state: "refused" }, owner("a"))
      const pending = created.filter((id) => id !== "e3")
      expect(yield* ids(other, {})).toEqual(pending)
      expect(yield* ids(other, { limit: 2 })).toEqual(pending)
      expect(yield* ids(other, { states: ["refused"] })).toEqual(["e3"])
      expect(yield* ids(other, { states: [] })).toEqual([])
    }),
  ),

  law("J8", "a list is narrowed by workspace, sync and key", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      yield* claimed(journal, owner("a"), keyed("e1"))
      yield* claimed(journal, owner("a"), keyed("e2", { identity: otherIdentity }))
      yield* claimed(journal, owner("a"), keyed("e3", { key: "another key", workspace: "other" }))
      expect((yield* ids(journal, { workspace: "prod" })).toSorted()).toEqual(["e1", "e2"])
      expect((yield* ids(journal, { identity })).toSorted()).toEqual(["e1", "e3"])
      expect((yield* ids(journal, { key })).toSorted()).toEqual(["e1", "e2"])
      expect(yield* ids(journal, { identity, key, workspace: "prod" })).toEqual(["e1"])
      expect(yield* ids(journal, { workspace: "none" })).toEqual([])
    }),
  ),

  law("J8", "a list says who owns an entry, and whether that call is at work", (testbed) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* testbed.open, yield* testbed.open]
      yield* claimed(journal, owner("a"), keyed("e1"), brief)
      const lease = yield* leased(journal, owner("b"), otherIdentity, brief)
      yield* journal.mark(markOf(lease, trigger("e2", { identity: otherIdentity })))
      const listed = Effect.map(other.list({}), ({ entries }) =>
        Object.fromEntries(entries.map(({ entry, isOwnerAlive }) => [entry.owner.call, isOwnerAlive])),
      )
      yield* journal.renewClaim("e1", owner("a"), long)
      expect(yield* listed).toMatchObject({ a: true })
      yield* testbed.pass(afterBrief)
      expect(yield* listed).toEqual({ a: true, b: false })
    }),
  ),

  law("J8", "a record of another edition is listed as unreadable, and stops the marks of its sync only", (testbed) =>
    Effect.gen(function* () {
      const { plant } = testbed.place
      const journal = yield* testbed.open
      yield* marked(journal, owner("a"), trigger("e1", { identity: otherIdentity }))
      for (const [id, edition] of Object.entries({ old: 1, newer: 3 })) {
        yield* (yield* required(plant))(odd(edition, { id, key: id }))
      }
      const { entries, unreadable } = yield* journal.list({ workspace: "prod" })
      expect(entries.map(({ entry }) => entry.id)).toEqual(["e1"])
      expect(unreadable.map(({ id }) => id).toSorted()).toEqual(["newer", "old"])
      expect(unreadable).toContainEqual(
        expect.objectContaining({ id: "newer", edition: 3, identity, workspace: "prod" }),
      )
      for (const { why } of unreadable) expect(why).toMatch(/edition/)
      const lease = yield* leased(journal, owner("b"))
      const blocked = yield* journal.mark(markOf(lease, trigger("e2")))
      expect(blocked).toMatchObject({ _tag: "Blocked", by: { _tag: "Unreadable" } })
      expect(yield* journal.get("newer")).toMatchObject({ _tag: "Unreadable", edition: 3 })
      const claim = yield* journal.claim({ draft: keyed("e3", { key: "newer" }), owner: owner("b"), lease: long })
      expect(claim).toMatchObject({ _tag: "Exists", record: { _tag: "Unreadable", id: "newer" } })
      yield* marked(journal, owner("b"), trigger("e4", { identity: "a third sync" }))
    }),
  ),

  law("J8", "a damaged record hides no other, and an open one still stops its sync", (testbed) =>
    Effect.gen(function* () {
      const journal = yield* testbed.open
      const plant = yield* required(testbed.place.plant)
      const bodies = ["", "{", "null", '{"edition":2,"state":"sent"}', "[]"]
      for (const [number, body] of bodies.entries()) {
        const record = odd(2, { id: `damaged-${number}`, key: `${number}`, state: number === 0 ? "sent" : "started" })
        yield* plant({ ...record, body })
      }
      yield* marked(journal, owner("a"), trigger("e1", { identity: otherIdentity }))
      const { entries, unreadable } = yield* journal.list({})
      expect(entries).toHaveLength(1)
      expect(unreadable).toHaveLength(bodies.length)
      const lease = yield* leased(journal, owner("b"))
      expect(yield* journal.mark(markOf(lease, trigger("e2")))).toMatchObject({
        _tag: "Blocked",
        by: { _tag: "Unreadable", id: "damaged-0" },
      })
      expect(yield* journal.update({ id: "damaged-1", revision: 1 }, { state: "lost" }, owner("b"))).toMatchObject({
        _tag: "Changed",
        record: { _tag: "Unreadable" },
      })
    }),
  ),

  law("J7", "entries are forgotten by their age since their end, at most 100 at once", (testbed) =>
    Effect.gen(function* () {
      const journal = yield* testbed.open
      for (let number = 0; number < 103; number++) {
        yield* ended(journal, `e${number}`, number % 2 === 0 ? "started" : "refused")
      }
      expect(yield* journal.forget("1 hour")).toBe(0)
      yield* testbed.pass(afterBrief)
      yield* ended(journal, "young", "refused")
      expect(yield* journal.forget(brief)).toBe(100)
      expect(yield* journal.forget(brief)).toBe(3)
      expect(yield* journal.forget(brief)).toBe(0)
      expect(yield* ids(journal, { states: ["started", "refused"] })).toEqual(["young"])
    }),
  ),

  law("J7", "open entries and claims that are alive are never forgotten", (testbed) =>
    Effect.gen(function* () {
      const journal = yield* testbed.open
      yield* marked(journal, owner("a"), trigger("sent"))
      yield* marked(journal, owner("a"), trigger("lost", { identity: otherIdentity }))
      yield* journal.update({ id: "lost", revision: 1 }, { state: "lost" }, owner("a"))
      yield* claimed(journal, owner("a"), keyed("alive", { key: "alive" }))
      yield* claimed(journal, owner("a"), keyed("gone", { key: "gone" }), 1)
      yield* testbed.pass(300)
      expect(yield* journal.forget(200)).toBe(1)
      expect((yield* ids(journal, {})).toSorted()).toEqual(["alive", "lost", "sent"])
    }),
  ),

  law("J7", "a forgotten key is new, and a record of another edition is never forgotten", (testbed) =>
    Effect.gen(function* () {
      const journal = yield* testbed.open
      const claim = yield* claimed(journal, owner("a"))
      yield* journal.update({ id: claim.entry.id, revision: 1 }, { state: "started", run: run("r1") }, owner("a"))
      const { plant } = testbed.place
      const canPlant = !("impossible" in plant)
      if (canPlant) yield* plant(odd(3, { id: "newer", state: "finished" }))
      yield* testbed.pass(50)
      expect(yield* journal.forget(10)).toBe(1)
      expect((yield* claimed(journal, owner("a"), keyed("e2"))).entry.attempt).toBe(1)
      expect((yield* journal.list({})).unreadable).toHaveLength(canPlant ? 1 : 0)
    }),
  ),
]
