import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Scheduler } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../src/journal/Journal.ts"
import { RunRef, SyncRef } from "../src/model/Ref.ts"

const sync = new SyncRef({ workspace: "prod", vendor: "acme", ids: { sync: "7" } })

const draft = (id: string, key: string) =>
  ({
    kind: "trigger",
    id,
    identity: "acme 7",
    vendor: "acme",
    baseUrl: "https://api.acme.test",
    workspace: "prod",
    key,
    sync,
  }) as const

const owner = { host: "a", pid: 1, call: "c1" }

const marking = {
  fence: { runs: [], complete: true },
  exclusive: false,
  writeTimeout: "3 minutes",
  runAppearsWithin: "1 minute",
} as const

// The suite of conformance examines the rest.
describe("a journal in memory", () => {
  it("J9: two of them are two stores", () => {
    expect(Journal.memory().id).not.toBe(Journal.memory().id)
  })

  it.effect("J5: it lives on Effect's clock", () =>
    Effect.gen(function* () {
      const journal = yield* Journal.Journal
      yield* journal.claim({ draft: draft("e1", "k"), owner, lease: "30 seconds" })
      yield* TestClock.adjust("30 seconds")
      expect(yield* journal.get("e1")).toMatchObject({ isOwnerAlive: false })
      expect(yield* journal.renewClaim("e1", owner, "30 seconds")).toBe(false)
    }).pipe(Effect.provide(Journal.layerMemory)),
  )

  it.effect("J1: a thousand callers at once get one key once", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      const claims = Array.from({ length: 1_000 }, (_, number) =>
        journal.claim({ draft: draft(`e${number}`, "k"), owner, lease: "30 seconds" }),
      )
      const results = yield* Effect.all(claims, { concurrency: "unbounded" })
      expect(results.filter(({ _tag }) => _tag === "Claimed")).toHaveLength(1)
    }),
  )

  it.effect("J4: of calls at once, one gets the lease, wherever Effect lets another one go on", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      const acquire = (call: string) => journal.acquire("acme 7", { ...owner, call }, "30 seconds")
      const results = yield* Effect.all(["c1", "c2", "c3"].map(acquire), { concurrency: "unbounded" })
      expect(results.filter(({ _tag }) => _tag === "Acquired")).toHaveLength(1)
    }).pipe(Effect.provideService(Scheduler.MaxOpsBeforeYield, 4)),
  )

  it.effect("J11: an entry that was bound to a run is no start, and a clock that is set back moves no start", () =>
    Effect.gen(function* () {
      const journal = Journal.memory()
      const run = new RunRef({ sync, run: "r1" })
      yield* journal.claim({ draft: draft("e1", "k"), owner, lease: "30 seconds" })
      yield* journal.update({ id: "e1", revision: 1 }, { state: "started", run, adopted: "already-running" }, owner)
      yield* TestClock.adjust("20 seconds")
      const acquired = yield* journal.acquire("acme 7", owner, "1 minute")
      if (acquired._tag !== "Acquired") return expect.unreachable()
      const starts = [{ atMost: 1, within: "1 minute" }] as const
      const { key: _, ...withoutKey } = draft("e2", "")
      const request = { ...marking, lease: acquired.lease, starts, entry: withoutKey }
      expect(yield* journal.mark(request)).toMatchObject({ _tag: "Marked" })
      yield* journal.update({ id: "e2", revision: 1 }, { state: "lost" }, owner)
      yield* TestClock.setTime(15_000)
      yield* journal.update({ id: "e2", revision: 2 }, { state: "abandoned", candidates: [] }, owner)
      const next = yield* journal.mark({ ...request, entry: { ...withoutKey, id: "e3" } })
      expect(next).toEqual({ _tag: "TooManyStarts", freeIn: Duration.seconds(65) })
    }),
  )

  it.effect.each([Number.NaN, -1, "soon" as never, Number.POSITIVE_INFINITY])("J1: a lease of %s is refused", (lease) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Journal.memory().claim({ draft: draft("e1", "k"), owner, lease }))
      expect(error.reason._tag).toBe("InvalidEntry")
      expect(error.message).toContain("lease")
    }),
  )

  it.effect("J10: a store tries again for ten seconds, where core provides nothing else", () =>
    Effect.map(Journal.StoreWithin, (within) => expect(Duration.toSeconds(within)).toBe(10)),
  )
})
