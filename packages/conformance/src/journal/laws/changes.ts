import type { Change } from "@openretl/core/Journal"
import type { JournalEntry } from "@openretl/core/JournalEntry"
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
  marked,
  markOf,
  owner,
  run,
  short,
  trigger,
  versionOf,
} from "../testbed/parts.ts"
import { race } from "../testbed/race.ts"

const finished = { state: "finished", run: run("r1"), status: "succeeded", rows: { succeeded: 3, failed: 0 } } as const

const conclusions: ReadonlyArray<Change> = [
  { state: "started", run: run("r1") },
  { state: "started", run: run("r1"), adopted: "lost-answer" },
  finished,
  { state: "refused" },
  { state: "not-started" },
  { state: "abandoned", candidates: [run("r1"), run("r2")] },
]

const stateOf = (record: unknown): JournalEntry["state"] | undefined =>
  (record as { readonly entry?: JournalEntry } | undefined)?.entry?.state

export const changeLaws: ReadonlyArray<JournalLaw> = [
  law("J3", "of all callers that change one revision of an entry at once, one does", (testbed) =>
    Effect.gen(function* () {
      const journal = yield* testbed.open
      const numbers = Array.from({ length: 30 }, (_, number) => number)
      const entries = yield* Effect.forEach(numbers, (number) =>
        Effect.map(marked(journal, owner("a"), trigger(`e${number}`, { identity: `sync ${number}` })), versionOf),
      )
      const updated = yield* race(testbed, "updates", { entries })
      expect(updated.flat().toSorted((one, other) => one - other)).toEqual(numbers)
    }),
  ),

  law("J3", "a write that names another revision writes nothing and returns the entry", ({ open }) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* open, yield* open]
      yield* marked(journal, owner("a"))
      const current = { id: "e1", revision: 1 }
      yield* journal.update(current, { state: "lost" }, owner("a"))
      const stale = yield* other.update(current, { state: "started", run: run("r1") }, owner("a"))
      expect(stale).toMatchObject({ _tag: "Changed", record: { entry: { state: "lost", revision: 2 } } })
      expect(yield* other.remove(current, owner("a"))).toMatchObject({ _tag: "Changed" })
      expect(yield* other.update({ id: "e2", revision: 1 }, { state: "lost" }, owner("a"))).toEqual({ _tag: "Changed" })
      expect(stateOf(yield* journal.get("e1"))).toBe("lost")
    }),
  ),

  law("J3", "each conclusion is stored with what it says", ({ open }) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* open, yield* open]
      for (const [number, change] of conclusions.entries()) {
        const id = `e${number}`
        const stored = yield* marked(journal, owner("a"), trigger(id))
        const updated = yield* journal.update(versionOf(stored), change, owner("a"))
        expect(updated).toMatchObject({ _tag: "Updated", stored: { entry: change } })
        expect(yield* other.get(id)).toMatchObject({ entry: { ...change, revision: 2, request: { exclusive: false } } })
      }
    }),
  ),

  law("J3", "the vendor's answer replaces an earlier conclusion", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      for (const [number, change] of conclusions.entries()) {
        const id = `e${number}`
        yield* marked(journal, owner("a"), trigger(id))
        yield* journal.update({ id, revision: 1 }, change, owner("b"))
        const answer = yield* journal.update({ id, revision: 2 }, { state: "started", run: run("answer") }, owner("a"))
        expect(answer).toMatchObject({ _tag: "Updated", stored: { entry: { state: "started", run: run("answer") } } })
      }
    }),
  ),

  law("J3", "an entry takes no step that makes no sense", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      const refused = Effect.fnUntraced(function* (revision: number, change: Change, by = owner("a")) {
        const { reason } = yield* Effect.flip(journal.update({ id: "e1", revision }, change, by))
        expect(reason._tag).toBe("InvalidEntry")
      })
      yield* claimed(journal, owner("a"))
      yield* refused(1, { state: "lost" })
      yield* refused(1, { state: "refused" })
      yield* refused(1, { state: "started", run: run("r1"), adopted: "already-running" }, owner("b"))
      const lease = yield* leased(journal, owner("a"))
      yield* journal.mark(markOf(lease, { id: "e1", revision: 1 }))
      yield* refused(2, { state: "claimed", lease: long }, owner("b"))
      yield* journal.update({ id: "e1", revision: 2 }, { state: "lost" }, owner("a"))
      yield* refused(3, { state: "lost" })
      yield* refused(3, { state: "claimed", lease: long })
      yield* journal.update({ id: "e1", revision: 3 }, finished, owner("a"))
      yield* refused(4, { state: "lost" })
      yield* refused(4, { state: "abandoned", candidates: [] })
      const { reason } = yield* Effect.flip(journal.remove({ id: "e1", revision: 4 }, owner("a")))
      expect(reason._tag).toBe("InvalidEntry")
      expect(yield* journal.get("e1")).toMatchObject({ entry: { state: "finished", revision: 4 } })
    }),
  ),

  law("J3", "a claimed entry is bound to a run that was under way, by its owner", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      const claim = yield* claimed(journal, owner("a"))
      const adopted = { state: "started", run: run("r1"), adopted: "already-running" } as const
      yield* journal.update(versionOf(claim), adopted, owner("a"))
      const record = yield* journal.find(identity, key)
      expect(record).toMatchObject({ entry: adopted, isOwnerAlive: false })
      expect(record?._tag === "Stored" && "request" in record.entry && record.entry.request).toBeFalsy()
    }),
  ),

  law("J3", "a claimed entry is removed by its owner, or once its claim has expired", (testbed) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* testbed.open, yield* testbed.open]
      const mine = yield* claimed(journal, owner("a"))
      expect(yield* other.remove(versionOf(mine), owner("b"))).toMatchObject({ _tag: "Changed" })
      expect(yield* journal.remove(versionOf(mine), owner("a"))).toMatchObject({ _tag: "Removed" })
      expect(yield* journal.remove(versionOf(mine), owner("a"))).toEqual({ _tag: "Changed" })
      expect(yield* other.find(identity, key)).toBeUndefined()
      const again = yield* claimed(journal, owner("a"), keyed("e2"), short)
      expect(again.entry.attempt).toBe(1)
      yield* testbed.pass(afterShort)
      expect(yield* other.remove(versionOf(again), owner("b"))).toMatchObject({ _tag: "Removed" })
    }),
  ),

  law("J3", "an entry of a change of configuration takes the same steps", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      const draft = {
        kind: "create",
        id: "e1",
        identity: "create in prod",
        vendor: "acme",
        baseUrl: "https://api.acme.test",
        workspace: "prod",
        key: "contacts",
        fingerprint: { digest: "d", name: "Contacts", ends: { source: "1", destination: "2" } },
      } as const
      const claim = yield* claimed(journal, owner("a"), draft)
      const lease = yield* leased(journal, owner("a"), draft.identity)
      const before = { syncs: [run("r1").sync] }
      const mark = yield* journal.mark(markOf(lease, versionOf(claim), { fence: before }))
      expect(mark).toMatchObject({ _tag: "Marked", stored: { entry: { kind: "create", request: { fence: before } } } })
      yield* journal.update({ id: "e1", revision: 2 }, { state: "finished", created: run("r1").sync }, owner("a"))
      expect(yield* journal.get("e1")).toMatchObject({
        entry: { state: "finished", created: run("r1").sync, fingerprint: draft.fingerprint },
      })
    }),
  ),
]
