import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../src/journal/Journal.ts"
import { SyncRef } from "../src/model/Ref.ts"

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
