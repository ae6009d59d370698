import { hostname } from "node:os"
import { describe, expect, it } from "@effect/vitest"
import { Context, Duration, Effect } from "effect"
import * as Journal from "../src/journal/Journal.ts"
import * as Reason from "../src/model/Reason.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()
const wait = { whenRunning: "wait" } as const
const fail = { whenRunning: "fail" } as const

const startsOf = ({ sent }: FakeDriver.Fake) =>
  sent.flatMap(({ operation, at }) => (operation === "start" ? [at / 1_000] : []))

const make = Effect.fnUntraced(function* (change: (journal: Journal.Service) => Partial<Journal.Service> = () => ({})) {
  const fake = FakeDriver.make()
  const memory = Journal.memory()
  const { services } = yield* workspace(fake, { journal: { ...memory, ...change(memory) } })
  return { fake, runs: Context.get(services, Runs) }
})

describe("how often a trigger is attempted", () => {
  it.effect("T4: five times where no request leaves, after growing pauses", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make()
      fake.onStart(() => Effect.fail(FakeDriver.failure(new Reason.Network({ code: "ECONNREFUSED" }), "not-sent")))
      const error = yield* Effect.flip(within("1 minute", runs.trigger(sync, fail)))
      expect(error).toMatchObject({ delivery: "not-sent", attempts: 5, exhausted: true })
      const starts = startsOf(fake)
      expect(starts.map((at) => at - (starts[0] ?? 0))).toEqual([0, 0.5, 1.5, 3.5, 7.5])
      expect(yield* runs.pending).toEqual([])
    }),
  )

  it.effect(
    "T5: thirty-one times where the vendor refuses because of a run that no read shows, ten seconds apart",
    () =>
      Effect.gen(function* () {
        const { fake, runs } = yield* make()
        const busy = FakeDriver.failure(new Reason.AlreadyRunning(), "refused", { status: 409 })
        fake.onStart(() => Effect.fail(busy))
        const error = yield* Effect.flip(within("3 hours", runs.trigger(sync, wait)))
        expect(error).toMatchObject({ reason: { _tag: "AlreadyRunning" }, delivery: "refused" })
        const starts = startsOf(fake)
        expect(starts).toHaveLength(31)
        // A minute of looks for the run, since reads may lag for so long, and the pause.
        expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBe(70)
      }),
  )

  it.effect("T9: eleven times where others go ahead after each fence", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* make(() => ({ mark: () => Effect.succeed({ _tag: "LeaseLost" }) }))
      const error = yield* Effect.flip(within("1 hour", runs.trigger(sync, fail)))
      expect(error).toMatchObject({ reason: { _tag: "TriggerBusy" }, operation: "start" })
      expect(fake.count("list")).toBe(11)
      expect(fake.count("start")).toBe(0)
    }),
  )

  it.effect("J11: again after the time that the limit of starts demands", () =>
    Effect.gen(function* () {
      let marks = 0
      const { fake, runs } = yield* make(({ mark }) => ({
        mark: (request) =>
          ++marks < 3 ? Effect.succeed({ _tag: "TooManyStarts", freeIn: Duration.seconds(7) }) : mark(request),
      }))
      expect(yield* within("1 minute", runs.trigger(sync, fail))).toMatchObject({ _tag: "Started" })
      const [first] = fake.sent
      expect((startsOf(fake)[0] ?? 0) - (first?.at ?? 0) / 1_000).toBe(14)
    }),
  )
})

describe("the entry of a trigger", () => {
  it.effect("J8: it names the call, its machine and its process", () =>
    Effect.gen(function* () {
      const { runs } = yield* make()
      yield* within("1 second", runs.trigger(sync, fail))
      yield* within("1 hour", runs.trigger(FakeDriver.sync("s2"), { ...fail, key: "k" }))
      const pending = yield* runs.pending
      expect(pending).toHaveLength(2)
      for (const { entry } of pending) {
        expect(entry).toMatchObject({
          workspace: "test",
          vendor: "fake",
          owner: { host: hostname(), pid: process.pid },
        })
        expect(entry.id).toMatch(/^[0-9a-f]{32}$/)
        expect(entry.owner.call).toMatch(/^[0-9a-f]{32}$/)
        expect("scope" in entry).toBe(false)
      }
      expect(pending.map(({ entry }) => entry.key)).toEqual(["k", undefined])
      expect(new Set(pending.map(({ entry }) => entry.id)).size).toBe(2)
    }),
  )
})
