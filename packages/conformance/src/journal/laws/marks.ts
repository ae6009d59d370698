import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type JournalLaw, law } from "../JournalLaw.ts"
import {
  claimed,
  identity,
  keyed,
  leased,
  marked,
  markOf,
  otherIdentity,
  owner,
  run,
  trigger,
  versionOf,
} from "../testbed/parts.ts"
import { race } from "../testbed/race.ts"

const identities = Array.from({ length: 30 }, (_, index) => `sync ${index}`)

const limit = { atMost: 2, within: "10 seconds" } as const

export const markLaws: ReadonlyArray<JournalLaw> = [
  law(
    "J2",
    "of all callers that mark a trigger of one sync, one after the other has the lease, one marks it",
    (testbed) =>
      Effect.gen(function* () {
        const marks = yield* race(testbed, "marks", { identities })
        expect(marks.flat().toSorted((one, other) => one - other)).toEqual(identities.map((_, index) => index))
        const journal = yield* testbed.open
        const open = yield* journal.list({ states: ["sent"], limit: 1_000 })
        expect(open.entries.map(({ entry }) => entry.identity).toSorted()).toEqual(identities.toSorted())
      }),
  ),

  law("J2", "a mark writes the state, the fence, and what settles the request later", ({ open }) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* open, yield* open]
      const claim = yield* claimed(journal, owner("a"))
      const lease = yield* leased(journal, owner("a"))
      const fence = { runs: ["r1", "r2"], complete: false }
      const mark = yield* journal.mark(markOf(lease, versionOf(claim), { fence, exclusive: true }))
      expect(mark).toMatchObject({ _tag: "Marked", stored: { isOwnerAlive: true } })
      const record = yield* other.get("e1")
      expect(record).toMatchObject({
        entry: { state: "sent", revision: 2, key: claim.entry.key, request: { fence, exclusive: true } },
      })
      if (record?._tag !== "Stored" || record.entry.state !== "sent") return
      expect(Duration.toMillis(record.entry.request.writeTimeout)).toBe(180_000)
      expect(Duration.toMillis(record.entry.request.runAppearsWithin)).toBe(60_000)
      expect(record.entry.request.sentAt.epochMilliseconds).toBeLessThanOrEqual(record.readAt.epochMilliseconds)
    }),
  ),

  law("J2", "a sync with an open entry is not marked again, with a key or without one", ({ open }) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* open, yield* open]
      yield* marked(journal, owner("a"), trigger("e1"))
      const claim = yield* claimed(other, owner("b"), keyed("e2"))
      const lease = yield* leased(other, owner("b"))
      const attempts = [markOf(lease, trigger("e3")), markOf(lease, versionOf(claim))]
      const blocked = { _tag: "Blocked", by: { entry: { id: "e1" } } }
      for (const request of attempts) expect(yield* other.mark(request)).toMatchObject(blocked)
      yield* journal.update({ id: "e1", revision: 1 }, { state: "lost" }, owner("a"))
      for (const request of attempts) expect(yield* other.mark(request)).toMatchObject(blocked)
      expect(yield* other.get("e2")).toMatchObject({ entry: { state: "claimed", revision: 1 } })
      expect(yield* other.get("e3")).toBeUndefined()
      yield* marked(journal, owner("a"), trigger("e4", { identity: otherIdentity }))
      yield* journal.update({ id: "e1", revision: 2 }, { state: "started", run: run("r1") }, owner("a"))
      expect(yield* other.mark(markOf(lease, versionOf(claim)))).toMatchObject({ _tag: "Marked" })
      expect(yield* other.get("e2")).toMatchObject({ entry: { state: "sent" } })
    }),
  ),

  law("J2, J4", "a mark under a lease that is not the call's writes nothing", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      const lease = yield* leased(journal, owner("a"))
      const wrong = [
        { ...lease, owner: owner("b") },
        { ...lease, number: lease.number - 1 },
        { ...lease, number: lease.number + 1 },
      ]
      for (const other of wrong) {
        expect(yield* journal.mark(markOf(other, trigger("e1")))).toMatchObject({ _tag: "LeaseLost" })
      }
      yield* journal.release(lease)
      expect(yield* journal.mark(markOf(lease, trigger("e1")))).toMatchObject({ _tag: "LeaseLost" })
      expect(yield* journal.get("e1")).toBeUndefined()
    }),
  ),

  law("J2, J3", "a mark of an entry that is not the call's, or has another revision, writes nothing", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      const claim = yield* claimed(journal, owner("a"))
      const foreign = yield* claimed(journal, owner("b"), keyed("e2", { key: "another key" }))
      const lease = yield* leased(journal, owner("a"))
      const wrong = [versionOf(foreign), { id: "e1", revision: 2 }, { id: "e3", revision: 1 }]
      for (const version of wrong) {
        expect(yield* journal.mark(markOf(lease, version))).toMatchObject({ _tag: "Changed" })
      }
      // The entry itself is a version, too.
      expect(yield* journal.mark(markOf(lease, claim.entry))).toMatchObject({ _tag: "Marked" })
      expect(yield* journal.get("e2")).toMatchObject({ entry: { state: "claimed" } })
    }),
  ),

  law("J2", "a mark of another sync than the lease's writes nothing", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      const claim = yield* claimed(journal, owner("a"), keyed("e1", { identity: otherIdentity }))
      const lease = yield* leased(journal, owner("a"), identity)
      expect(yield* journal.mark(markOf(lease, versionOf(claim)))).toMatchObject({ _tag: "Changed" })
      const draft = trigger("e2", { identity: otherIdentity })
      expect((yield* Effect.flip(journal.mark(markOf(lease, draft)))).reason._tag).toBe("InvalidEntry")
      expect((yield* Effect.flip(journal.mark(markOf(lease, keyed("e3"))))).reason._tag).toBe("InvalidEntry")
      expect((yield* journal.list({ states: ["sent"] })).entries).toEqual([])
    }),
  ),

  law("J2", "a call whose mark's answer was lost finds its entry, and puts it back or removes it", ({ open }) =>
    Effect.gen(function* () {
      const [journal, other] = [yield* open, yield* open]
      const claim = yield* claimed(journal, owner("a"))
      const lease = yield* leased(journal, owner("a"))
      yield* journal.mark(markOf(lease, versionOf(claim)))
      const back = { state: "claimed", lease: "10 minutes" } as const
      expect((yield* Effect.flip(other.update({ id: "e1", revision: 2 }, back, owner("b")))).reason._tag).toBe(
        "InvalidEntry",
      )
      expect(yield* journal.update({ id: "e1", revision: 2 }, back, owner("a"))).toMatchObject({
        _tag: "Updated",
        stored: { isOwnerAlive: true, entry: { state: "claimed", revision: 3 } },
      })
      expect(yield* journal.mark(markOf(lease, trigger("e2")))).toMatchObject({ _tag: "Marked" })
      expect(yield* journal.mark(markOf(lease, trigger("e2")))).toMatchObject({
        _tag: "Blocked",
        by: { entry: { id: "e2" } },
      })
      expect((yield* Effect.flip(other.remove({ id: "e2", revision: 1 }, owner("b")))).reason._tag).toBe("InvalidEntry")
      expect(yield* journal.remove({ id: "e2", revision: 1 }, owner("a"))).toMatchObject({ _tag: "Removed" })
      expect(yield* journal.mark(markOf(lease, { id: "e1", revision: 3 }))).toMatchObject({ _tag: "Marked" })
    }),
  ),

  law("J11", "processes that start runs of one workspace at once stay within its limit together", (testbed) =>
    Effect.gen(function* () {
      const started = yield* race(testbed, "starts", { rounds: 6, atMost: 5, within: "10 minutes" })
      expect(started.flat()).toHaveLength(5)
    }),
  ),

  law("J11", "a start counts until one window after its request ended", (testbed) =>
    Effect.gen(function* () {
      const journal = yield* testbed.open
      const start = Effect.fnUntraced(function* (id: string, workspace = "prod") {
        const lease = yield* leased(journal, owner(id), id)
        const draft = trigger(id, { identity: id, workspace })
        return yield* journal.mark(markOf(lease, draft, { starts: [{ atMost: 2, within: "1 second" }] }))
      })
      expect(yield* start("e1")).toMatchObject({ _tag: "Marked" })
      expect(yield* start("e2")).toMatchObject({ _tag: "Marked" })
      const refused = yield* start("e3")
      expect(refused).toMatchObject({ _tag: "TooManyStarts" })
      // Both requests are under way: for their write time-out of three minutes at most.
      if (refused._tag === "TooManyStarts") expect(Duration.toSeconds(refused.freeIn)).toBeGreaterThan(60)
      expect(yield* start("e4", "another")).toMatchObject({ _tag: "Marked" })
      yield* journal.update({ id: "e1", revision: 1 }, { state: "started", run: run("r1") }, owner("e1"))
      const soon = yield* start("e5")
      expect(soon).toMatchObject({ _tag: "TooManyStarts" })
      if (soon._tag === "TooManyStarts") expect(Duration.toMillis(soon.freeIn)).toBeLessThanOrEqual(1_000)
      yield* testbed.pass("1100 millis")
      expect(yield* start("e6")).toMatchObject({ _tag: "Marked" })
      expect(yield* start("e7")).toMatchObject({ _tag: "TooManyStarts" })
    }),
  ),

  law("J11", "a request that was never sent does not count as a start", ({ open }) =>
    Effect.gen(function* () {
      const journal = yield* open
      const claim = yield* claimed(journal, owner("a"))
      const lease = yield* leased(journal, owner("a"))
      const one = { starts: [{ ...limit, atMost: 1 }] }
      expect(yield* journal.mark(markOf(lease, versionOf(claim), one))).toMatchObject({ _tag: "Marked" })
      yield* journal.update({ id: "e1", revision: 2 }, { state: "claimed", lease: "1 minute" }, owner("a"))
      expect(yield* journal.mark(markOf(lease, { id: "e1", revision: 3 }, one))).toMatchObject({ _tag: "Marked" })
    }),
  ),
]
