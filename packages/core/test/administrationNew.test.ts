/** Changes of syncs that were created just now: reads may be older than their creates. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Journal from "../src/journal/Journal.ts"
import * as Reason from "../src/model/Reason.ts"
import { failure, lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { broken } from "./support/journals.ts"
import { within } from "./support/testbed.ts"

const { definition } = FakeSyncs
const lag = 30_000
const notFound = failure(new Reason.NotFound({ what: "sync" }), "refused", { status: 404 })

describe("a sync that was created just now", () => {
  it.effect.each([{ error: lost }, { error: notFound }])(
    "A1: a read from before a create does not prove a delete that the vendor did not accept: $error.reason._tag",
    (trouble) =>
      Effect.gen(function* () {
        const fake = FakeSyncs.make()
        const { administration } = yield* FakeSyncs.open(fake)
        const { ref } = yield* within("1 second", administration.create(definition("a")))
        yield* TestClock.adjust("5 seconds")
        fake.trouble("delete", trouble)
        fake.when("delete", () => fake.setLag(lag))
        const error = yield* within("10 minutes", Effect.flip(administration.delete(ref)))
        expect(error._tag).toBe(trouble.error === lost ? "ChangeIndeterminate" : "RetlError")
        expect(yield* fake.truth).toMatchObject([{ id: ref.ids["sync"] }])
      }),
  )

  it.effect("A1: a delete is not proven by a read that may be older, where the journal cannot be read either", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      const journal = Journal.memory()
      let isBroken = false
      const list: Journal.Service["list"] = (filter) => (isBroken ? broken : journal.list(filter))
      const { administration } = yield* FakeSyncs.open(fake, { journal: { ...journal, list } })
      const { ref } = yield* within("1 second", administration.create(definition("a")))
      yield* TestClock.adjust("5 seconds")
      fake.trouble("delete", { error: lost })
      fake.when("delete", () => {
        isBroken = true
        fake.setLag(lag)
      })
      const error = yield* within("10 minutes", Effect.flip(administration.delete(ref)))
      expect(error).toMatchObject({ _tag: "ChangeIndeterminate" })
    }),
  )

  it.effect.each(["pause", "delete"] as const)(
    "A4: a %s of a sync whose create has taken effect late is sent, once the sync can be read",
    (change) =>
      Effect.gen(function* () {
        const fake = FakeSyncs.make({ lag: 55_000 })
        const [one, other] = yield* FakeSyncs.openTwo(fake)
        const { ref } = yield* within("1 second", one.administration.create(definition("a", { enabled: true })))
        const id = String(ref.ids["sync"])
        fake.set(id, 1, undefined)
        fake.add({ id, at: 50_000 })
        yield* within("5 minutes", other.administration[change](ref))
        expect(fake.count(change === "pause" ? "update" : "delete")).toBe(1)
      }),
  )

  it.effect("A4: a sync that a process created is gone once reads have to show it", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      const [one, other] = yield* FakeSyncs.openTwo(fake)
      const { ref } = yield* within("1 second", one.administration.create(definition("a")))
      fake.set("s1", 2_000, undefined)
      yield* TestClock.adjust("178 seconds")
      const reads = fake.count("syncs")
      yield* within("4 seconds", other.administration.delete(ref))
      expect(fake.count("delete")).toBe(0)
      yield* within("1 second", other.administration.delete(ref))
      expect(fake.count("syncs")).toBeLessThanOrEqual(reads + 4)
    }),
  )
})
