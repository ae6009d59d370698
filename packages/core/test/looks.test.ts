/** One look at runs of a sync, and what a list tells of how long past runs took. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Lengths from "../src/engine/poll/lengths.ts"
import * as Polling from "../src/engine/poll/polling.ts"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Run } from "../src/model/Run.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"

const { sync } = Engine
const minute = 60_000

/** A run that began and ended at these times, in milliseconds. */
const run = (started: number | undefined, finished: number | undefined, status: Run["status"] = "succeeded") =>
  new Run({
    ...{ ref: new RunRef({ sync, run: `r${started}` }), status, vendorStatus: status, rows: {}, native: undefined },
    ...(started !== undefined && { startedAt: FakeDriver.at(started) }),
    ...(finished !== undefined && { finishedAt: FakeDriver.at(finished) }),
  })

describe("the lengths of past runs", () => {
  it.each<readonly [string, Run, number | undefined]>([
    ["in whole seconds", run(0, 4_600), 5],
    ["from one second on", run(0, 1_499), 1],
    ["not below", run(0, 499), undefined],
    ["not below 0", run(5_000, 0), undefined],
    ["also with failed rows", run(0, 4_000, "partial"), 4],
    ["not where it failed", run(0, 4_000, "failed"), undefined],
    ["not where it was cancelled", run(0, 4_000, "cancelled"), undefined],
    ["not while it is running, whatever end is told", run(0, 4_000, "running"), undefined],
    ["not without a start", run(undefined, 4_000), undefined],
    ["not without an end", run(0, undefined), undefined],
    ["not without either", run(undefined, undefined), undefined],
  ])("W5: a run has a length %s", (_, ended, seconds) => {
    expect(Lengths.lengthOf(ended)).toBe(seconds)
  })

  it.effect("W5: the twenty newest count, shortest first, whatever the order of the list", () =>
    Effect.gen(function* () {
      const { context } = yield* Engine.make()
      expect(Lengths.known(context, sync)).toBeUndefined()
      // The run of the second n took n seconds, and the three oldest of them are no part.
      const seconds = [7, 25, 12, 3, 19, 1, 23, 14, 10, 2, 21, 16, 5, 8, 24, 11, 18, 4, 20, 13, 22, 9, 17, 15, 6]
      const runs = seconds.map((second) => run(second * minute, second * minute + second * 1_000))
      Lengths.note(context, sync, [...runs, run(99 * minute, undefined)])
      expect(Lengths.known(context, sync)).toEqual(Array.from({ length: 20 }, (_, index) => index + 6))
    }),
  )
})

describe("a look", () => {
  /** A vendor with three runs at these times, the engine over it, and what is known of the runs. */
  const make = Effect.fnUntraced(function* (now: number, pageSize = 100) {
    const fake = FakeDriver.make({ pageSize })
    const engine = yield* Engine.make(Engine.none, {}, fake)
    for (const start of [0, 1, 2]) fake.begin("s1", start, { lasts: 600 * minute })
    yield* TestClock.setTime(now)
    const watched = (run: string, lengths?: ReadonlyArray<number>) =>
      Polling.watch(new RunRef({ sync, run, acceptedAt: FakeDriver.at(0) }), lengths, now)
    const look = (...group: ReadonlyArray<Polling.Watched>) =>
      Effect.map(Polling.look(engine.context, group, now), ({ observations, lengths }) => ({
        lengths,
        shown: Array.from(observations, ([id, { _tag }]) => `${id} ${_tag}`).sort(),
        sent: fake.sent.map(({ operation }) => operation),
      }))
    return { fake, context: engine.context, watched, look }
  })

  it.effect("W4: at nothing sends nothing", () =>
    Effect.gen(function* () {
      const { look } = yield* make(minute)
      expect(yield* look()).toEqual({ lengths: undefined, shown: [], sent: [] })
    }),
  )

  it.effect("W5: at one run is a read; at one of five minutes a list, where none has told of past runs", () =>
    Effect.gen(function* () {
      const read = { lengths: undefined, shown: ["r1 Seen"], sent: ["get"] }
      const young = yield* make(5 * minute - 1)
      expect(yield* young.look(young.watched("r1"))).toEqual(read)
      const told = yield* make(50 * minute)
      expect(yield* told.look(told.watched("r1", []))).toEqual(read)
      const old = yield* make(5 * minute)
      const list = { lengths: [], shown: ["r1 Seen", "r2 Seen", "r3 Seen"], sent: ["list"] }
      expect(yield* old.look(old.watched("r1"))).toEqual(list)
    }),
  )

  it.effect("W5: at one run reads it where the list fails, and none has told of past runs then", () =>
    Effect.gen(function* () {
      const { fake, look, watched } = yield* make(5 * minute)
      fake.fail("list", FakeDriver.down)
      expect(yield* look(watched("r1"))).toEqual({ lengths: [], shown: ["r1 Seen"], sent: ["list", "get"] })
    }),
  )

  it.effect("W5: keeps what an earlier list told, where the list fails", () =>
    Effect.gen(function* () {
      const { fake, context, look, watched } = yield* make(5 * minute)
      Lengths.note(context, sync, [run(0, 9_000)])
      fake.fail("list", FakeDriver.down)
      expect((yield* look(watched("r1"))).lengths).toEqual([9])
    }),
  )

  it.effect("W4: at several runs is one list, and a read for each that its page lacks", () =>
    Effect.gen(function* () {
      const { look, watched } = yield* make(minute, 2)
      expect(yield* look(watched("r1"), watched("r3"))).toEqual({
        ...{ lengths: [], shown: ["r1 Seen", "r2 Seen", "r3 Seen"], sent: ["list", "get"] },
      })
    }),
  )

  it.effect("W3: at several runs has failed for each where the list fails, and reads none", () =>
    Effect.gen(function* () {
      const { fake, look, watched } = yield* make(minute)
      fake.fail("list", FakeDriver.down)
      const { shown, sent } = yield* look(watched("r1"), watched("r2"))
      expect({ shown, sent }).toEqual({ shown: ["r1 Failed", "r2 Failed"], sent: ["list"] })
    }),
  )

  const ofTheListAlone: ReadonlyArray<Reason.Reason> = [
    new Reason.UnexpectedResponse({ issues: [] }),
    new Reason.PermissionDenied(),
    new Reason.NotFound({ what: "sync" }),
    new Reason.InvalidRequest({ issues: [] }),
  ]
  it.effect.each(ofTheListAlone)("W3, W4: at several runs reads each where only the list is bad ($_tag)", (reason) =>
    Effect.gen(function* () {
      const { fake, look, watched } = yield* make(minute)
      fake.fail("list", FakeDriver.failure(reason, "refused"))
      const { shown, sent } = yield* look(watched("r1"), watched("r2"))
      expect({ shown, sent }).toEqual({ shown: ["r1 Seen", "r2 Seen"], sent: ["list", "get", "get"] })
    }),
  )

  it.effect("R1: at a run that is missing has failed, unless reads may lag", () =>
    Effect.gen(function* () {
      const young = yield* make(minute - 1)
      expect(yield* young.look(young.watched("r9"))).toMatchObject({ shown: ["r9 NotYet"] })
      const old = yield* make(minute)
      expect(yield* old.look(old.watched("r9"))).toMatchObject({ shown: ["r9 Failed"] })
      // Another failure is one at any age.
      young.fake.fail("get", FakeDriver.failure(new Reason.PermissionDenied(), "refused", { status: 403 }))
      expect(yield* young.look(young.watched("r1"))).toMatchObject({ shown: ["r1 Failed"] })
    }),
  )
})
