import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Exit, Fiber, Scheduler } from "effect"
import { TestClock } from "effect/testing"
import type * as WorkspaceContext from "../src/engine/context.ts"
import type * as Call from "../src/engine/trigger/call.ts"
import * as Course from "../src/engine/trigger/course.ts"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import type { RetlError } from "../src/model/RetlError.ts"
import { WaitDeadlineExceeded } from "../src/model/Wait.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within } from "./support/testbed.ts"

const { sync } = Engine

const trigger = (context: WorkspaceContext.WorkspaceContext, request: Partial<Call.Request> = {}) =>
  Course.make(context, () => Effect.void).trigger(sync, { whenRunning: "fail", scope: undefined, ...request })

const startsOf = ({ sent }: FakeDriver.Fake) =>
  sent.flatMap(({ operation, at }) => (operation === "start" ? [at - 1] : []))

const refusedConnection = FakeDriver.failure(new Reason.Network({ code: "ECONNREFUSED" }), "not-sent")

describe("the scope", () => {
  const scoped = (...scopes: ReadonlyArray<string>) => {
    const fake = FakeDriver.make()
    return Engine.make(Engine.none, {}, { ...fake, driver: { ...fake.driver, scopes } as typeof fake.driver })
  }

  it.effect("T6: where the vendor has scopes, one of them is required before anything is sent", () =>
    Effect.gen(function* () {
      for (const scopes of [["full"], ["incremental", "full"]]) {
        const { context, fake, journal } = yield* scoped(...scopes)
        for (const scope of [undefined, "mirror"]) {
          const error = yield* Effect.flip(trigger(context, { scope }))
          expect(error).toMatchObject({ operation: "start", delivery: "not-sent" })
          expect(error.message).toContain(`scope: Expected ${scopes.map((word) => `"${word}"`).join(" | ")}`)
        }
        expect(fake.sent).toEqual([])
        expect(yield* within("1 second", trigger(context, { scope: "full" }))).toMatchObject({ _tag: "Started" })
        const { entries } = yield* journal.list({ states: ["started"] })
        expect(entries).toMatchObject([{ entry: { scope: "full" } }])
      }
    }),
  )

  it.effect("T5: adopt is refused with a full run, and with that alone", () =>
    Effect.gen(function* () {
      const { context, fake } = yield* scoped("incremental", "full")
      const error = yield* Effect.flip(trigger(context, { scope: "full", whenRunning: "adopt" }))
      expect(error.message).toContain("whenRunning: Expected another choice than adopt")
      expect(fake.sent).toEqual([])
      const adopting = { scope: "incremental", whenRunning: "adopt" } as const
      expect(yield* within("1 second", trigger(context, adopting))).toMatchObject({ _tag: "Started" })
    }),
  )
})

describe("the guard", () => {
  it.effect.each([
    ["keyed", { keyedTrigger: true, whenBusy: "refuses" }],
    ["vendor", { keyedTrigger: false, whenBusy: "refuses" }],
    ["observed", { whenBusy: "unknown" }],
  ] as const)("T1: a result says what kept another run from starting: %s", ([guard, description]) =>
    Effect.gen(function* () {
      const { context } = yield* Engine.make(Engine.none, {}, FakeDriver.make({ description }))
      expect(yield* within("1 second", trigger(context))).toMatchObject({ _tag: "Started", guard })
    }),
  )
})

describe("a run that no read shows yet", () => {
  it.effect("T5: it counts as under way for as long as reads may lag, whichever way the store's clock is off", () =>
    Effect.gen(function* () {
      // Reads of the fake vendor lag by a minute at most.
      for (const [age, isUnderWay] of [
        [-59_999, true],
        [59_999, true],
        [60_000, false],
      ] as const) {
        let acceptedAt = 0
        const engine = yield* Engine.make(({ list }) => ({
          list: (filter) =>
            Effect.map(list(filter), (listed) => ({
              ...listed,
              entries: listed.entries.map((stored) => ({ ...stored, readAt: FakeDriver.at(acceptedAt + age) })),
            })),
        }))
        const { call, entry } = yield* Engine.mark(engine)
        const run = new RunRef({ sync, run: "unlisted" })
        const updated = yield* engine.journal.update(entry, { state: "started", run }, call.owner)
        if (updated._tag !== "Updated") return expect.unreachable()
        acceptedAt = updated.stored.entry.writtenAt.epochMilliseconds
        // The lease of the call that started it is over.
        yield* TestClock.adjust("1 hour")
        const result = yield* within("1 second", trigger(engine.context, { whenRunning: "skip" }))
        expect(result).toMatchObject(
          isUnderWay ? { _tag: "Skipped", running: { run: "unlisted" } } : { _tag: "Started" },
        )
      }
    }),
  )
})

describe("attempts that begin again", () => {
  it.effect("T2: where the grant may not be used after the fence, with another grant and another fence", () =>
    Effect.gen(function* () {
      const { context, fake } = yield* Engine.make()
      let confirmations = 0
      const confirmedAt = (number: number) => ({
        ...context,
        rateLimit: { ...context.rateLimit, confirm: () => Effect.sync(() => ++confirmations === number) },
      })
      expect(yield* within("1 second", trigger(confirmedAt(3)))).toMatchObject({ _tag: "Started" })
      expect([fake.count("list"), fake.count("start")]).toEqual([3, 1])

      yield* TestClock.adjust("1 hour")
      const error = yield* Effect.flip(within("1 minute", trigger(confirmedAt(0))))
      expect(error).toMatchObject({ reason: { _tag: "RateLimited" }, delivery: "not-sent", attempts: 0 })
      expect(error).toMatchObject({ exhausted: true })
      expect(fake.count("start")).toBe(1)
    }),
  )

  it.effect("T8: a request that was stopped before it left is sent after another fence, without a pause", () =>
    Effect.gen(function* () {
      const stopped = FakeDriver.failure(new Reason.Stopped({ why: "the lease on the sync is too old" }), "not-sent")
      const { context, fake } = yield* Engine.make()
      fake.fail("start", stopped)
      expect(yield* within("1 second", trigger(context))).toMatchObject({ _tag: "Started" })
      expect(startsOf(fake)).toEqual([0, 0])
      expect(fake.count("list")).toBe(2)

      const always = yield* Engine.make()
      always.fake.fail("start", stopped, 100)
      expect(yield* Effect.flip(within("1 second", trigger(always.context)))).toMatchObject({
        reason: { _tag: "Stopped" },
      })
      expect(always.fake.count("start")).toBe(11)
    }),
  )

  it.effect("T10: a key that could not be given back after a request without effect is claimed anew", () =>
    Effect.gen(function* () {
      let claims = 0
      const engine = yield* Engine.make(({ claim, update, remove }) => ({
        claim: (request) =>
          Effect.andThen(
            Effect.sync(() => claims++),
            claim(request),
          ),
        update: (version, change, by) =>
          change.state === "claimed"
            ? Effect.as(remove(version, by), { _tag: "Changed" } as const)
            : update(version, change, by),
      }))
      engine.fake.fail("start", refusedConnection)
      expect(yield* within("1 minute", trigger(engine.context, { key: "k" }))).toMatchObject({ _tag: "Started" })
      expect(claims).toBe(2)
      const { entries } = yield* engine.journal.list({ key: "k", states: ["sent", "started"] })
      expect(entries).toMatchObject([{ entry: { state: "started", run: { run: "r1" } } }])
    }),
  )

  it.effect("T1: a store that calls the new entry of a call without a key changed is a defect, and no result", () =>
    Effect.gen(function* () {
      const { context, fake } = yield* Engine.make(() => ({ mark: () => Effect.succeed({ _tag: "Changed" }) }))
      expect(Exit.hasDies(yield* Effect.exit(within("1 second", trigger(context))))).toBe(true)
      expect(fake.count("start")).toBe(0)
    }),
  )
})

describe("the wait for a run that is under way", () => {
  const waited = Effect.fnUntraced(function* (failure: RetlError | WaitDeadlineExceeded) {
    const { context, fake } = yield* Engine.make()
    fake.begin("s1", -1_000, { lasts: 3_600_000 })
    const course = Course.make(context, () => Effect.fail(failure))
    const error = yield* Effect.flip(
      within("1 second", course.trigger(sync, { whenRunning: "wait", scope: undefined })),
    )
    return { error, starts: fake.count("start") }
  })
  const run = new RunRef({ sync, run: "r1" })

  it.effect("T5: its own failure ends the call, and nothing is sent", () =>
    Effect.gen(function* () {
      const denied = FakeDriver.failure(new Reason.PermissionDenied(), "refused", { status: 403 })
      const { error, starts } = yield* waited(denied)
      expect(error).toMatchObject({ reason: { _tag: "PermissionDenied" }, evidence: { status: 403 } })
      expect(starts).toBe(0)
    }),
  )

  it.effect("T5: where the run has not ended in time, the call fails for that run, and nothing is sent", () =>
    Effect.gen(function* () {
      const { error, starts } = yield* waited(new WaitDeadlineExceeded({ ref: run, deadline: FakeDriver.at(0) }))
      expect(error).toMatchObject({ reason: { _tag: "AlreadyRunning", run }, delivery: "not-sent" })
      expect(starts).toBe(0)
    }),
  )
})

/** Closes a workspace whose other work goes on for longer. */
const closeAtWork = Effect.fnUntraced(function* ({ context, close }: Engine.Engine) {
  yield* context.closing.background(Effect.never)
  yield* begin(close)
})

describe("the end of the workspace", () => {
  const busy = FakeDriver.failure(new Reason.AlreadyRunning(), "refused", { status: 409 })
  const limits = [{ name: "starts", operations: ["start"], requests: 1, window: "1 hour" }] as const

  const rows: ReadonlyArray<
    readonly [string, Duration.Input, Engine.Change, (fake: FakeDriver.Fake) => void, FakeDriver.Fake?]
  > = [
    [
      "between two requests that the vendor refuses for a run that no read shows",
      "65 seconds",
      Engine.none,
      ({ onStart }) => onStart(() => Effect.fail(busy)),
    ],
    [
      "after a request that did not leave",
      "200 millis",
      Engine.none,
      ({ onStart }) => onStart(() => Effect.fail(refusedConnection)),
    ],
    [
      "for the limit of starts in the journal",
      "1 second",
      () => ({ mark: () => Effect.succeed({ _tag: "TooManyStarts", freeIn: Duration.seconds(7) }) }),
      () => {},
    ],
    [
      "for the journal's open entries",
      "1 second",
      ({ list }) => ({ list: (filter) => Effect.delay(list(filter), "5 seconds") }),
      () => {},
    ],
    ["for another look at the runs", "200 millis", Engine.none, ({ fail }) => fail("list", FakeDriver.down, 100)],
  ]

  it.effect.each(rows)("T8: a call that waits %s ends with it at once", ([, time, change, arrange]) =>
    Effect.gen(function* () {
      const engine = yield* Engine.make(change, { closeWithin: "1 minute" })
      const { context, fake } = engine
      arrange(fake)
      const caller = yield* begin(trigger(context, { whenRunning: "wait" }))
      yield* TestClock.adjust(time)
      expect(caller.pollUnsafe()).toBeUndefined()
      const before = fake.sent.length
      yield* closeAtWork(engine)
      yield* TestClock.adjust("1 millis")
      const exit = caller.pollUnsafe()
      yield* TestClock.adjust("1 hour")
      expect(exit !== undefined && Exit.hasInterrupts(exit)).toBe(true)
      expect(fake.sent).toHaveLength(before)
    }),
  )

  it.effect("T8: a call that waits for its grant ends with its caller, and with the workspace", () =>
    Effect.gen(function* () {
      for (const isClosed of [false, true]) {
        const limited = FakeDriver.make({ description: { limits } })
        const engine = yield* Engine.make(Engine.none, { closeWithin: "1 minute" }, limited)
        const { context, fake } = engine
        yield* within("1 second", trigger(context))
        yield* TestClock.adjust("5 minutes")
        const caller = yield* begin(trigger(context))
        yield* TestClock.adjust("1 second")
        expect(caller.pollUnsafe()).toBeUndefined()
        yield* isClosed ? closeAtWork(engine) : begin(Fiber.interrupt(caller))
        yield* TestClock.adjust("1 millis")
        const exit = caller.pollUnsafe()
        yield* TestClock.adjust("2 hours")
        expect(exit !== undefined && Exit.hasInterrupts(exit) && !Exit.hasDies(exit)).toBe(true)
        expect(fake.count("start")).toBe(1)
      }
    }),
  )

  it.effect("T8: at whatever step a caller leaves, a grant that its request did not use is free again", () =>
    Effect.gen(function* () {
      let isSent = false
      for (let step = 0; !isSent && step < 200; step++) {
        const { context, fake } = yield* Engine.make(Engine.none, {}, FakeDriver.make({ description: { limits } }))
        // A fiber that pauses after every few steps can be interrupted between any of them.
        const paused = Effect.provideService(trigger(context), Scheduler.MaxOpsBeforeYield, 8)
        const caller = yield* Effect.forkChild(paused)
        for (let turn = 0; turn < step; turn++) yield* Effect.yieldNow
        caller.interruptUnsafe()
        for (let turn = 0; turn < 25; turn++) yield* Effect.yieldNow
        isSent = fake.count("start") > 0
        if (isSent) continue
        const next = Course.make(context, () => Effect.void).trigger(FakeDriver.sync("s2"), {
          ...{ whenRunning: "fail", scope: undefined },
        })
        const exit = yield* Effect.exit(within("1 second", next))
        expect(Exit.isSuccess(exit), `step ${step}`).toBe(true)
      }
      expect(isSent).toBe(true)
    }),
  )
})
