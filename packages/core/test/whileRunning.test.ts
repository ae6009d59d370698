import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import * as Call from "../src/engine/trigger/call.ts"
import * as Course from "../src/engine/trigger/course.ts"
import * as WhileRunning from "../src/engine/trigger/whileRunning.ts"
import * as Reason from "../src/model/Reason.ts"
import type { WhenRunning } from "../src/model/Trigger.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within } from "./support/testbed.ts"

const { sync } = Engine
const busy = FakeDriver.failure(new Reason.AlreadyRunning(), "refused", { status: 409 })

const refusing = Effect.fnUntraced(function* (options: Parameters<typeof Engine.make>[1] = {}) {
  const engine = yield* Engine.make(Engine.none, options)
  engine.fake.onStart(() => Effect.fail(busy))
  const course = Course.make(engine.context, () => Effect.void)
  const trigger = (whenRunning: WhenRunning) => course.trigger(sync, { whenRunning, scope: undefined })
  const find = (whenRunning: WhenRunning) =>
    Effect.flatMap(Call.make(engine.context, sync, { whenRunning, scope: undefined }), (call) =>
      WhileRunning.find(engine.context, call),
    )
  return { ...engine, trigger, find }
})

describe("a refusal for a run that no read shows", () => {
  it.effect("T5: fail and skip do not wait for its name", () =>
    Effect.gen(function* () {
      const { fake, trigger } = yield* refusing()
      expect(yield* within("10 millis", trigger("skip"))).toEqual({
        _tag: "Skipped",
        because: "already-running",
        guard: "observed",
      })
      const error = yield* Effect.flip(within("10 millis", trigger("fail")))
      expect(error).toMatchObject({
        reason: { _tag: "AlreadyRunning" },
        delivery: "refused",
        evidence: { status: 409 },
      })
      expect(error).not.toHaveProperty("reason.run")
      // The fence and one look, for each.
      expect(fake.count("list")).toBe(4)
    }),
  )

  it.effect("T5: adopt has no run to return, and fails once reads do not lag any more", () =>
    Effect.gen(function* () {
      const { trigger } = yield* refusing()
      const caller = yield* begin(Effect.flip(trigger("adopt")))
      yield* TestClock.adjust("59 seconds")
      expect(caller.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("3 seconds")
      expect(caller.pollUnsafe()).toMatchObject({ value: { reason: { _tag: "AlreadyRunning" }, delivery: "refused" } })
    }),
  )

  it.effect("T5: fail and skip end as they would where the look for its name fails", () =>
    Effect.gen(function* () {
      const { fake, find } = yield* refusing()
      for (const whenRunning of ["fail", "skip"] as const) {
        fake.fail("list", FakeDriver.down)
        expect(yield* within("1 minute", find(whenRunning))).toBeUndefined()
      }
    }),
  )

  it.effect("T5: it is the newest one that is under way, and none that has ended", () =>
    Effect.gen(function* () {
      const { fake, find } = yield* refusing()
      fake.begin("s1", -3_000, { lasts: 3_600_000 })
      const { id } = fake.begin("s1", -2_000, { lasts: 3_600_000 })
      fake.begin("s1", -1_000, { lasts: 1 })
      for (const whenRunning of ["fail", "adopt"] as const) {
        expect(yield* within("1 second", find(whenRunning))).toMatchObject({ run: id })
      }
    }),
  )

  it.effect("T8: a caller who waits for its name ends with the workspace", () =>
    Effect.gen(function* () {
      const { context, close, find } = yield* refusing({ closeWithin: "1 second" })
      const caller = yield* begin(find("adopt"))
      yield* TestClock.adjust("1 second")
      yield* context.closing.background(Effect.never)
      yield* begin(close)
      yield* TestClock.adjust("1 millis")
      const exit = caller.pollUnsafe()
      yield* TestClock.adjust("2 minutes")
      expect(exit !== undefined && Exit.hasInterrupts(exit)).toBe(true)
    }),
  )
})
