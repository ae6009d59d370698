import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type JournalLaw, law } from "../JournalLaw.ts"
import {
  afterShort,
  claimed,
  identity,
  key,
  keyed,
  leased,
  long,
  markOf,
  otherIdentity,
  owner,
  run,
  short,
  trigger,
  versionOf,
} from "../testbed/parts.ts"
import { race } from "../testbed/race.ts"

const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`)

/** How many participants have each of the numbers below `length`. */
const winners = (lists: ReadonlyArray<ReadonlyArray<number>>, length: number): ReadonlyArray<number> => {
  const all = lists.flat()
  return Array.from({ length }, (_, number) => all.filter((other) => other === number).length)
}

const oneEach = Array.from(keys, () => 1)

export const claimLaws: ReadonlyArray<JournalLaw> = [
  law("J1", "of all callers that claim a free key at once, one gets it", (testbed) =>
    Effect.gen(function* () {
      expect(winners(yield* race(testbed, "claims", { identity, keys }), keys.length)).toEqual(oneEach)
    }),
  ),

  law("J1", "a key that is claimed is answered with its entry", ({ open }) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* open, yield* open]
      const mine = yield* claimed(journal, owner("a"))
      expect(mine).toMatchObject({ isOwnerAlive: true, entry: { state: "claimed", attempt: 1, revision: 1, key } })
      const claim = yield* other.claim({ draft: keyed("e2"), owner: owner("b"), lease: long })
      expect(claim).toMatchObject({ _tag: "Exists", record: { entry: mine.entry, isOwnerAlive: true } })
      expect(yield* other.get("e2")).toBeUndefined()
      expect(yield* other.find(identity, key)).toMatchObject({ entry: mine.entry })
    }),
  ),

  law("J1", "the same key at another sync is another entry", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      yield* claimed(journal, owner("a"))
      yield* claimed(journal, owner("b"), keyed("e2", { identity: otherIdentity }))
      expect(yield* journal.find(otherIdentity, key)).toMatchObject({ entry: { id: "e2", attempt: 1 } })
      expect(yield* journal.find(identity, "another key")).toBeUndefined()
    }),
  ),

  law("J1", "of all callers that claim the next attempt of a key at once, one gets it", (testbed) =>
    Effect.gen(function* () {
      const journal = yield* testbed.open
      const entries = yield* Effect.forEach(keys, (key, number) =>
        Effect.gen(function* () {
          const stored = yield* claimed(journal, owner("a"), keyed(`e${number}`, { key }))
          const finish = { state: "finished", run: run("r1"), status: "failed", rows: {} } as const
          yield* journal.update(versionOf(stored), finish, owner("a"))
          return { id: `e${number}`, revision: 2, key }
        }),
      )
      expect(winners(yield* race(testbed, "nextAttempts", { entries }), keys.length)).toEqual(oneEach)
      expect(yield* journal.find(identity, "key-7")).toMatchObject({ entry: { attempt: 2, revision: 1 } })
      expect(yield* journal.get("e7")).toMatchObject({ entry: { attempt: 1, state: "finished" } })
    }),
  ),

  law("J1", "a next attempt follows the latest entry of its key, and a concluded one only", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      const first = yield* claimed(journal, owner("a"))
      const next = (after: { readonly id: string; readonly revision: number }, id = "e2") =>
        journal.claim({ draft: keyed(id), owner: owner("b"), lease: long, after })
      const refusal = yield* Effect.flip(next(versionOf(first)))
      expect(refusal.reason._tag).toBe("InvalidEntry")
      const lease = yield* leased(journal, owner("a"))
      yield* journal.mark(markOf(lease, versionOf(first)))
      expect((yield* Effect.flip(next({ id: "e1", revision: 2 }))).reason._tag).toBe("InvalidEntry")
      yield* journal.update({ id: "e1", revision: 2 }, { state: "refused" }, owner("a"))
      expect(yield* next({ id: "e1", revision: 2 })).toMatchObject({ _tag: "Exists" })
      expect(yield* next({ id: "e1", revision: 3 })).toMatchObject({ _tag: "Claimed" })
      expect(yield* next({ id: "e1", revision: 3 }, "e3")).toMatchObject({
        _tag: "Exists",
        record: { entry: { id: "e2" } },
      })
    }),
  ),

  law("J1", "a claim that cannot be stored fails, and stores nothing", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      const drafts = [trigger("e1"), keyed("e1", { key: "" }), keyed("e1", { key: "x".repeat(256) }), keyed("a b")]
      for (const draft of drafts) {
        const { reason } = yield* Effect.flip(journal.claim({ draft, owner: owner("a"), lease: long }))
        expect(reason._tag).toBe("InvalidEntry")
      }
      yield* claimed(journal, owner("a"))
      const sameId = yield* Effect.flip(
        journal.claim({ draft: keyed("e1", { key: "another key" }), owner: owner("a"), lease: long }),
      )
      expect(sameId.reason._tag).toBe("InvalidEntry")
      expect((yield* journal.list({})).entries).toHaveLength(1)
    }),
  ),

  law("J5", "of all callers that take over expired claims at once, one gets each", (testbed) =>
    Effect.gen(function* () {
      const journal = yield* testbed.open
      const entries = yield* Effect.forEach(keys, (key, number) =>
        Effect.map(claimed(journal, owner("gone"), keyed(`e${number}`, { key }), 1), versionOf),
      )
      yield* testbed.pass(20)
      expect(winners(yield* race(testbed, "takeOvers", { entries }), keys.length)).toEqual(oneEach)
    }),
  ),

  law(
    "J5",
    "a claim expires by the store's clock; then it is taken over, and its first owner cannot use it",
    (testbed) =>
      Effect.gen(function* () {
        const [journal, other] = [yield* testbed.open, yield* testbed.open]
        const mine = yield* claimed(journal, owner("a"), keyed("e1"), short)
        const takeOver = other.takeOver(versionOf(mine), { owner: owner("b"), lease: long })
        yield* testbed.pass(afterShort)
        expect(yield* other.find(identity, key)).toMatchObject({ isOwnerAlive: false })
        expect(yield* journal.renewClaim("e1", owner("a"), long)).toBe(false)
        expect(yield* takeOver).toMatchObject({
          _tag: "Claimed",
          stored: { isOwnerAlive: true, entry: { owner: owner("b"), attempt: 1, revision: 2 } },
        })
        expect(yield* journal.renewClaim("e1", owner("a"), long)).toBe(false)
        const lease = yield* leased(journal, owner("a"))
        expect(yield* journal.mark(markOf(lease, versionOf(mine)))).toMatchObject({ _tag: "Changed" })
        expect(yield* journal.mark(markOf(lease, { id: "e1", revision: 2 }))).toMatchObject({ _tag: "Changed" })
        expect(yield* journal.remove({ id: "e1", revision: 2 }, owner("a"))).toMatchObject({ _tag: "Changed" })
        expect(yield* takeOver).toMatchObject({ _tag: "Changed", record: { entry: { owner: owner("b") } } })
      }),
  ),

  law("J5", "a claim that is alive is not taken over, and a renewal keeps it alive", (testbed) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* testbed.open, yield* testbed.open]
      const mine = yield* claimed(journal, owner("a"), keyed("e1"), "5 seconds")
      const takeOver = other.takeOver(versionOf(mine), { owner: owner("b"), lease: long })
      expect(yield* takeOver).toMatchObject({ _tag: "Changed", record: { isOwnerAlive: true } })
      expect(yield* journal.renewClaim("e1", owner("b"), long)).toBe(false)
      expect(yield* journal.renewClaim("e1", owner("a"), short)).toBe(true)
      // A renewal counts from when it is made, so that it can shorten a lease, too.
      yield* testbed.pass(afterShort)
      expect(yield* takeOver).toMatchObject({ _tag: "Claimed" })
      expect(yield* other.renewClaim("e1", owner("b"), long)).toBe(true)
      expect(yield* journal.get("e1")).toMatchObject({ isOwnerAlive: true, entry: { revision: 2 } })
    }),
  ),

  law("J5", "a call that takes over lists the entry under its workspace", ({ open, pass }) =>
    Effect.gen(function* () {
      const journal = yield* open
      const mine = yield* claimed(journal, owner("a"), keyed("e1"), 1)
      yield* pass(20)
      const sync = run("r1").sync
      const renamed = new (Object.getPrototypeOf(sync).constructor)({ ...sync, workspace: "renamed" })
      yield* journal.takeOver(versionOf(mine), { owner: owner("b"), lease: long, sync: renamed })
      expect((yield* journal.list({ workspace: "prod" })).entries).toEqual([])
      expect((yield* journal.list({ workspace: "renamed" })).entries).toHaveLength(1)
    }),
  ),
]
