import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { WorkspaceContext } from "../src/engine/context.ts"
import * as Claims from "../src/engine/trigger/claims.ts"
import type { Filter } from "../src/journal/Journal.ts"
import type { TriggerEntry } from "../src/model/JournalEntry.ts"
import { RunRef } from "../src/model/Ref.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { listing, run, sync } from "./support/listedRuns.ts"

const entry = (id: string, of?: string): TriggerEntry => ({
  kind: "trigger",
  id,
  identity: "i",
  vendor: "fake",
  baseUrl: "https://fake.example",
  workspace: "test",
  sync,
  edition: 2,
  revision: 1,
  attempt: 1,
  owner: { host: "h", pid: 1, call: "c1" },
  createdAt: FakeDriver.at(0),
  writtenAt: FakeDriver.at(0),
  ...(of === undefined
    ? { state: "claimed" as const }
    : { state: "started" as const, run: new RunRef({ sync, run: of }), acceptedAt: FakeDriver.at(0) }),
})

/** A workspace whose journal has these entries. */
const workspace = (entries: ReadonlyArray<object>) => {
  const filters: Array<Filter> = []
  const list = (filter: Filter) =>
    Effect.sync(() => {
      filters.push(filter)
      return { entries: entries.map((entry) => ({ entry })), unreadable: [] }
    })
  const store = { list } as unknown as WorkspaceContext["store"]
  return { ...listing(() => [], { parts: { store } }), filters }
}

const ids = (runs: ReadonlyArray<{ readonly ref: RunRef }>) => runs.map(({ ref }) => ref.run)

describe("whose run it is", () => {
  it("T3: another entry has the run that it has claimed, in this process", () => {
    const { context } = workspace([])
    const ref = run("r1").ref
    expect(Claims.isClaimedByOther(context, ref, "e1")).toBe(false)
    Claims.claim(context, ref, "e1")
    expect(Claims.isClaimedByOther(context, ref, "e1")).toBe(false)
    expect(Claims.isClaimedByOther(context, ref, "e2")).toBe(true)
    expect(Claims.isClaimedByOther(context, run("r2").ref, "e2")).toBe(false)
  })

  it.effect("T3: runs that other entries of the journal have, or of this process, are theirs", () =>
    Effect.gen(function* () {
      const change = { ...entry("e4", "r4"), kind: "administration" }
      const { context, filters } = workspace([entry("e1", "r1"), entry("e2", "r2"), entry("e3"), change])
      Claims.claim(context, run("r3").ref, "e9")
      Claims.claim(context, run("r1").ref, "e1")
      const runs = ["r1", "r2", "r3", "r4", "r5"].map((id) => run(id))
      expect(ids(yield* Claims.withoutClaimed(context, entry("e1"), runs))).toEqual(["r1", "r4", "r5"])
      expect(filters).toEqual([{ identity: "i", states: ["started", "finished"], limit: 1_000 }])
    }),
  )

  it.effect("T3: without a run, the journal is not read", () =>
    Effect.gen(function* () {
      const { context, filters } = workspace([])
      expect(yield* Claims.withoutClaimed(context, entry("e1"), [])).toEqual([])
      expect(filters).toEqual([])
    }),
  )
})
