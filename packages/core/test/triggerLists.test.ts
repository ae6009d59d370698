import { describe, expect, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import type { Page } from "../src/driver/Driver.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()

/** A vendor that lists the given runs in pages, in this order; each call reads its page of the list as it is then. */
const listing = (pageSize: number, order: (fake: FakeDriver.Fake) => ReadonlyArray<FakeDriver.FakeRun>) => {
  const fake = FakeDriver.make()
  const list: typeof fake.driver.runs.list = (_, { cursor }) =>
    Effect.sync(() => {
      fake.sent.push({ operation: "list", at: 0 })
      const from = Number(cursor ?? 0)
      const runs = order(fake)
      const page: Page<FakeDriver.FakeRun> = {
        runs: runs.slice(from, from + pageSize).map((run) => ({
          run: run.id,
          status: run.endsAt > 0 ? "running" : "succeeded",
          vendorStatus: "x",
          rows: {},
          native: run,
          ...(run.startedAt !== 0 && { startedAt: FakeDriver.at(run.startedAt) }),
        })),
        ...(from + pageSize < runs.length && { next: String(from + pageSize) }),
      }
      return page
    })
  return { ...fake, driver: { ...fake.driver, runs: { ...fake.driver.runs, list } } }
}

const old = (fake: FakeDriver.Fake, count: number) => {
  for (let i = count; i > 0; i--) fake.begin("s1", -i * 3_600_000, { lasts: 1 })
}

describe("a live run behind a long list", () => {
  const orders: ReadonlyArray<
    readonly [string, (runs: ReadonlyArray<FakeDriver.FakeRun>) => ReadonlyArray<FakeDriver.FakeRun>]
  > = [
    ["oldest first", (runs) => runs],
    ["newest first", (runs) => runs.toReversed()],
    ["in no order", (runs) => runs.toSorted((a, b) => (a.id.length - b.id.length || a.id < b.id ? 1 : -1))],
    ["newest first, the live one last", (runs) => [...runs.slice(0, -1).toReversed(), ...runs.slice(-1)]],
  ]
  it.effect.each(orders)("T5: it is not missed among 700 runs that are listed %s", ([, order]) =>
    Effect.gen(function* () {
      const fake = listing(100, (fake) => order(fake.runsOf("s1")))
      old(fake, 700)
      fake.begin("s1", -1_000, { lasts: 3_600_000 })
      const { services } = yield* workspace(fake)
      const error = yield* Effect.flip(
        within("1 minute", Context.get(services, Runs).trigger(sync, { whenRunning: "fail" })),
      )
      expect(error).toMatchObject({ reason: { _tag: "AlreadyRunning", run: { run: "r701" } } })
      expect(fake.count("start")).toBe(0)
    }),
  )

  it.effect("T5: it is not missed where an older run vanishes while the list is read", () =>
    Effect.gen(function* () {
      let reads = 0
      const fake = listing(100, (fake) => {
        // After the seventh page has been read, an old run vanishes: the live one moves onto that page.
        const runs = fake.runsOf("s1")
        return ++reads > 7 ? runs.slice(1) : runs
      })
      old(fake, 700)
      fake.begin("s1", -1_000, { lasts: 3_600_000 })
      const { services } = yield* workspace(fake)
      const error = yield* Effect.flip(
        within("1 minute", Context.get(services, Runs).trigger(sync, { whenRunning: "fail" })),
      )
      expect(error).toMatchObject({ reason: { _tag: "AlreadyRunning", run: { run: "r701" } } })
    }),
  )

  it.effect.each([false, true])(
    "T5: a list that cannot be read whole is refused, unless the caller sends without seeing; then nothing guards (keyed: %s)",
    (keyedTrigger) =>
      Effect.gen(function* () {
        const listed = listing(10, (fake) => fake.runsOf("s1"))
        const { driver } = listed
        const fake = { ...listed, driver: { ...driver, description: { ...driver.description, keyedTrigger } } }
        old(fake, 700)
        const { services } = yield* workspace(fake)
        const { trigger } = Context.get(services, Runs)
        const error = yield* Effect.flip(within("1 minute", trigger(sync, { whenRunning: "fail" })))
        expect(error).toMatchObject({ reason: { _tag: "FenceIncomplete" }, delivery: "not-sent" })
        expect(fake.count("start")).toBe(0)
        const started = yield* within("1 minute", trigger(sync, { whenRunning: "fail", whenUnseen: "send" }))
        expect(started).toMatchObject({ _tag: "Started", guard: "none" })
      }),
  )

  it.effect("T5: a list that was read to its end once is read down to its newest run the next time", () =>
    Effect.gen(function* () {
      const fake = listing(100, (fake) => fake.runsOf("s1").toReversed())
      old(fake, 700)
      fake.setPlan({ lasts: -1 })
      const { services } = yield* workspace(fake)
      const { trigger } = Context.get(services, Runs)
      yield* within("10 minutes", trigger(sync, { whenRunning: "fail" }))
      const first = fake.count("list")
      yield* within("10 minutes", trigger(sync, { whenRunning: "fail" }))
      expect(first).toBeGreaterThanOrEqual(7)
      expect(fake.count("list") - first).toBe(1)
    }),
  )
})
