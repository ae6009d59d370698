import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Claims from "../src/engine/trigger/claims.ts"
import * as Ends from "../src/engine/trigger/ends.ts"
import type * as Journal from "../src/journal/Journal.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Run } from "../src/model/Run.ts"
import * as Engine from "./support/engine.ts"
import { broken } from "./support/journals.ts"

const { sync } = Engine
const ref = new RunRef({ sync, run: "r1" })
const run = new Run({ ref, status: "succeeded", vendorStatus: "done", rows: { succeeded: 3 }, native: {} })

/** A journal with an entry that has the run, and what a test makes of its record; counts reads and writes. */
const started = Effect.fnUntraced(function* (recordOf: (record: Journal.Stored) => Journal.JournalRecord | undefined) {
  const counts = { lists: 0, updates: 0 }
  const engine = yield* Engine.make((journal) => ({
    list: (filter) =>
      Effect.map(journal.list(filter), (listed) => {
        counts.lists++
        const records = listed.entries.map(recordOf)
        return {
          entries: records.filter((record) => record?._tag === "Stored"),
          unreadable: records.filter((record) => record?._tag === "Unreadable"),
        }
      }),
    update: (...args) => {
      counts.updates++
      return journal.update(...args)
    },
  }))
  const { call, entry } = yield* Engine.mark(engine)
  yield* engine.journal.update(entry, { state: "started", run: ref, adopted: "lost-answer" }, call.owner)
  return { ...engine, entry, counts }
})

describe("the end of a run", () => {
  it.effect("T12: is in the journal with the entry that has the run, whoever waited for it", () =>
    Effect.gen(function* () {
      const { context, journal, entry } = yield* started((record) => record)
      Claims.claim(context, ref, entry.id)
      yield* Ends.record(context, run)
      expect(yield* journal.get(entry.id)).toMatchObject({
        entry: { state: "finished", run: ref, status: "succeeded", rows: { succeeded: 3 }, adopted: "lost-answer" },
      })
    }),
  )

  it.effect("T12: of a run that no entry of this process has asks the journal nothing", () =>
    Effect.gen(function* () {
      const { context, counts } = yield* started((record) => record)
      yield* Ends.record(context, run)
      expect(counts).toEqual({ lists: 0, updates: 0 })
    }),
  )

  it.effect.each([
    ["has been forgotten", () => undefined],
    ["cannot be read", ({ entry: { id } }) => ({ _tag: "Unreadable", id, why: "it is damaged" })],
    ["is another process's change by now", changed({ kind: "update" })],
    ["has its end already", changed({ state: "finished" })],
  ] satisfies ReadonlyArray<readonly [string, Parameters<typeof started>[0]]>)(
    "T12: is not written to an entry that %s",
    ([, recordOf]) =>
      Effect.gen(function* () {
        const { context, entry, counts } = yield* started(recordOf)
        Claims.claim(context, ref, entry.id)
        yield* Ends.record(context, run)
        expect(counts).toEqual({ lists: 1, updates: 0 })
      }),
  )

  it.effect("T12: is written by the next caller who sees it, where the store failed for the one before", () =>
    Effect.gen(function* () {
      let reads = 0
      const engine = yield* Engine.make(({ list }) => ({
        list: (filter) => Effect.suspend(() => (++reads === 1 ? broken : list(filter))),
      }))
      const { call, entry } = yield* Engine.mark(engine)
      yield* engine.journal.update(entry, { state: "started", run: ref }, call.owner)
      Claims.claim(engine.context, ref, entry.id)
      for (const state of ["started", "finished"]) {
        yield* Ends.record(engine.context, run)
        expect(yield* engine.journal.get(entry.id)).toMatchObject({ entry: { state } })
      }
    }),
  )

  it.effect("T12: is its caller's also where the store fails", () =>
    Effect.gen(function* () {
      const { context } = yield* Engine.make(() => ({ list: () => broken }))
      Claims.claim(context, ref, "e1")
      yield* Ends.record(context, run)
    }),
  )
})

function changed(change: object) {
  return (record: Journal.Stored) => ({ ...record, entry: { ...record.entry, ...change } }) as Journal.Stored
}
