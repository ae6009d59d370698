import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import type { StartOptions } from "../src/driver/Driver.ts"
import * as Settling from "../src/engine/trigger/settling.ts"
import { SendGate } from "../src/http/SendGate.ts"
import * as Reason from "../src/model/Reason.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { broken } from "./support/journals.ts"
import { within } from "./support/testbed.ts"

const { failure } = FakeDriver

/** A vendor whose start is this one instead. */
const starting = (
  start: (options: StartOptions) => ReturnType<FakeDriver.FakeVendor["runs"]["start"]>,
  fake: FakeDriver.Fake = FakeDriver.make(),
): FakeDriver.Fake => ({
  ...fake,
  driver: { ...fake.driver, runs: { ...fake.driver.runs, start: (_, options) => start(options) } },
})

describe("the request of a trigger", () => {
  it.effect("T6: it carries the scope of its call, and no other", () =>
    Effect.gen(function* () {
      const passed: Array<StartOptions> = []
      const fake = starting((options) => Effect.sync(() => `n${passed.push(options)}`))
      for (const scope of ["full", undefined]) {
        const engine = yield* Engine.make(Engine.none, {}, fake)
        const sent = yield* Engine.mark(engine, { scope })
        yield* within("1 minute", Settling.settle(engine.context, sent, Effect.void))
      }
      expect(passed).toStrictEqual([{ scope: "full" }, {}])
    }),
  )

  it.effect(
    "T4: it carries the id of its entry and the time of its mark as the vendor's key, where the vendor has one",
    () =>
      Effect.gen(function* () {
        for (const keyedTrigger of [true, false]) {
          const passed: Array<StartOptions> = []
          const fake = starting(
            (options) => Effect.sync(() => `n${passed.push(options)}`),
            FakeDriver.make({ description: { keyedTrigger } }),
          )
          const engine = yield* Engine.make(Engine.none, {}, fake)
          const sent = yield* Engine.mark(engine)
          yield* within("1 minute", Settling.settle(engine.context, sent, Effect.void))
          expect(passed).toStrictEqual([
            keyedTrigger ? { key: `${sent.entry.id}-${DateTime.toEpochMillis(sent.entry.request.sentAt)}` } : {},
          ])
        }
      }),
  )

  /** A vendor whose client runs the gate right before it sends. */
  const gated = () => {
    const fake = FakeDriver.make()
    return starting(
      () =>
        SendGate.pipe(
          Effect.flatten,
          Effect.mapError((why) => failure(new Reason.Stopped({ why }), "not-sent")),
          Effect.andThen(fake.driver.runs.start({ sync: "s1" }, {})),
        ),
      fake,
    )
  }

  it.effect("T8: it leaves for a caller who is there, with a fresh lease, before the workspace has closed", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make(Engine.none, {}, gated())
      const sent = yield* Engine.mark(engine)
      const settled = yield* within("1 minute", Settling.settle(engine.context, sent, Effect.void))
      expect(settled).toMatchObject({ _tag: "Started", run: { run: "r1" } })
      expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state: "started" })
    }),
  )

  it.effect.each(["its caller has left", "the workspace has closed", "the lease on the sync is too old"])(
    "T8: it does not leave where %s, also when that was so only after the mark, and leaves nothing behind",
    (why) =>
      Effect.gen(function* () {
        const engine = yield* Engine.make(Engine.none, {}, gated())
        const marked = yield* Engine.mark(engine)
        const sent = { ...marked, isFresh: Effect.succeed(!why.includes("lease")) }
        if (why.includes("caller")) sent.call.hasLeft = true
        const isClosed = () => why.includes("closed")
        const context = { ...engine.context, closing: { ...engine.context.closing, isClosed } }
        const settled = yield* within("1 minute", Settling.settle(context, sent, Effect.void))
        expect(settled).toMatchObject({ _tag: "Refused", error: { reason: { _tag: "Stopped", why } } })
        expect(yield* Engine.entryOf(engine, sent)).toBeUndefined()
        expect(engine.fake.sent).toEqual([])
      }),
  )

  it.effect("T3: one whose time was over with its mark ends at once", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make(
        Engine.none,
        {},
        starting(() => Effect.never),
      )
      const marked = yield* Engine.mark(engine)
      const sent = { ...marked, markedAt: { wall: -180_000, monotonic: -180_000 } }
      yield* Effect.forkChild(Settling.settle(engine.context, sent, Effect.void))
      yield* TestClock.adjust(0)
      expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state: "lost" })
    }),
  )
})

describe("an answer that names a run from before the request", () => {
  /** A vendor that answers with its run `r1`, which began before. */
  const replaying = (lasts: number) => {
    const fake = FakeDriver.make()
    fake.begin("s1", -5_000, { lasts })
    fake.onStart((now, id) => {
      if (lasts < 5_000) fake.begin(id, now + 1_000)
      return Effect.succeed("r1")
    })
    return fake
  }

  it.effect("T5: one under way is adopted where the caller chose that, and the journal says so", () =>
    Effect.gen(function* () {
      for (const [whenRunning, written] of [
        ["adopt", { state: "started", run: { run: "r1" }, adopted: "already-running" }],
        ["fail", { state: "refused" }],
      ] as const) {
        const engine = yield* Engine.make(Engine.none, {}, replaying(600_000))
        const sent = yield* Engine.mark(engine, { whenRunning }, ["r1"])
        const settled = yield* within("1 minute", Settling.settle(engine.context, sent, Effect.void))
        expect(settled).toMatchObject({ _tag: "UnderWay", run: { run: "r1" } })
        expect(yield* Engine.entryOf(engine, sent)).toMatchObject(written)
      }
    }),
  )

  it.effect("T4: beside one that has ended, the request may have started another run", () =>
    Effect.gen(function* () {
      const fake = replaying(1)
      fake.setSchedule("scheduled")
      const engine = yield* Engine.make(Engine.none, {}, fake)
      const sent = yield* Engine.mark(engine, {}, ["r1"])
      const settled = yield* within("10 minutes", Settling.settle(engine.context, sent, Effect.void))
      expect(settled).toMatchObject({ _tag: "Open", error: { delivery: "unknown", candidates: [{ run: "r2" }] } })
    }),
  )
})

describe("a lost answer", () => {
  const lossy = () => {
    const fake = FakeDriver.make()
    fake.begin("s1", -5_000, { lasts: 1 })
    fake.onStart((now, id) =>
      Effect.andThen(
        Effect.sync(() => fake.begin(id, now)),
        Effect.fail(FakeDriver.lost),
      ),
    )
    return fake
  }

  it.effect("T3: its run is looked up also where the journal cannot note the loss", () =>
    Effect.gen(function* () {
      for (const unnoted of [broken, Effect.succeed({ _tag: "Changed" } as const)]) {
        const engine = yield* Engine.make(
          ({ update }) => ({
            update: (version, change, by) => (change.state === "lost" ? unnoted : update(version, change, by)),
          }),
          {},
          lossy(),
        )
        const sent = yield* Engine.mark(engine, {}, ["r1"])
        const settled = yield* within("10 minutes", Settling.settle(engine.context, sent, Effect.void))
        expect(settled).toMatchObject({ _tag: "Found", run: { run: "r2" } })
        expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state: "started", adopted: "lost-answer" })
      }
    }),
  )
})

describe("a refusal", () => {
  const { InvalidRequest, Network, RateLimited } = Reason
  const over = failure(new InvalidRequest({ issues: [] }), "refused", { status: 400 })
  const again = failure(new RateLimited({}), "refused", { status: 429 })
  const unsent = failure(new Network({ code: "ECONNREFUSED" }), "not-sent")
  const never = failure(new InvalidRequest({ issues: [] }), "not-sent")

  const refuse = Effect.fnUntraced(function* (error: typeof over, key: string | undefined, hasLeft = false) {
    const engine = yield* Engine.make(
      Engine.none,
      {},
      starting(() => Effect.fail(error)),
    )
    const sent = yield* Engine.mark(engine, { ...(key !== undefined && { key }) })
    sent.call.hasLeft = hasLeft
    const settled = yield* within("10 minutes", Settling.settle(engine.context, sent, Effect.void))
    return { settled, call: sent.call, entry: yield* Engine.entryOf(engine, sent) }
  })

  it.effect("T10: one for good by the vendor stays in the journal, and the key is free for its next attempt", () =>
    Effect.gen(function* () {
      for (const key of ["k", undefined]) {
        const { settled, entry, call } = yield* refuse(over, key)
        expect(settled).toMatchObject({ _tag: "Refused", isOver: true })
        expect(entry).toMatchObject({ state: "refused" })
        expect(call.claim).toBeUndefined()
      }
    }),
  )

  it.effect("T10: where the call may try again, or sent nothing, it keeps its key", () =>
    Effect.gen(function* () {
      for (const [error, isOver] of [
        [again, false],
        [unsent, false],
        [never, true],
      ] as const) {
        const { settled, entry, call } = yield* refuse(error, "k")
        expect(settled).toMatchObject({ _tag: "Refused", isOver })
        expect(entry).toMatchObject({ state: "claimed", key: "k" })
        expect(call.claim).toEqual({ id: entry?.id, revision: entry?.revision })
      }
    }),
  )

  it.effect("T8: without a key, or without its caller, nothing is left behind", () =>
    Effect.gen(function* () {
      for (const error of [again, unsent, never]) {
        expect((yield* refuse(error, undefined)).entry).toBeUndefined()
        const left = yield* refuse(error, "k", true)
        expect(left.entry).toBeUndefined()
        expect(left.call.claim).toBeUndefined()
      }
    }),
  )

  it.effect("T8: a caller who leaves while the key is written back leaves no key behind", () =>
    Effect.gen(function* () {
      const caller: { leave: () => void } = { leave: () => {} }
      const engine = yield* Engine.make(
        ({ update }) => ({
          update: (...args) => Effect.tap(update(...args), () => Effect.sync(() => caller.leave())),
        }),
        {},
        starting(() => Effect.fail(again)),
      )
      const sent = yield* Engine.mark(engine, { key: "k" })
      caller.leave = () => {
        sent.call.hasLeft = true
      }
      yield* within("1 minute", Settling.settle(engine.context, sent, Effect.void))
      expect(yield* Engine.entryOf(engine, sent)).toBeUndefined()
      expect(sent.call.claim).toBeUndefined()
    }),
  )
})
