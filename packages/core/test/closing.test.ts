import { describe, expect, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as Closing from "../src/engine/closing.ts"
import { begin } from "./support/testbed.ts"

/** The end of a workspace, and how to close that. */
const make = Effect.fnUntraced(function* (closeWithin = Duration.seconds(10)) {
  const scope = yield* Scope.make()
  const closing = yield* Closing.make(scope, closeWithin)
  return { closing, close: begin(Scope.close(scope, Exit.void)) }
})

describe("the end of a workspace", () => {
  it.effect("T8: what waits ends at once, and what comes later is interrupted", () =>
    Effect.gen(function* () {
      const { closing, close } = yield* make()
      expect(closing.isClosed()).toBe(false)
      expect(yield* closing.until(Effect.succeed(1))).toBe(1)
      const waiting = yield* begin(closing.until(Effect.never))
      yield* TestClock.adjust("1 second")
      expect(waiting.pollUnsafe()).toBeUndefined()
      yield* close
      yield* TestClock.adjust("1 millis")
      expect(closing.isClosed()).toBe(true)
      expect(Exit.hasInterrupts(yield* Fiber.await(waiting))).toBe(true)
      expect(Exit.hasInterrupts(yield* Effect.exit(closing.until(Effect.succeed(1))))).toBe(true)
    }),
  )

  it.effect("T8: the closing waits for what has left, and no longer than that takes", () =>
    Effect.gen(function* () {
      const { closing, close } = yield* make()
      const done: Array<string> = []
      const work = (name: string, seconds: number) =>
        closing.background(
          Effect.andThen(
            Effect.sleep(Duration.seconds(seconds)),
            Effect.sync(() => done.push(name)),
          ),
          Effect.sync(() => done.push(`${name} was left`)),
        )
      yield* work("first", 1)
      yield* work("second", 4)
      const closed = yield* close
      yield* TestClock.adjust("3 seconds")
      expect(closed.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("2 seconds")
      expect(closed.pollUnsafe()).toEqual(Exit.void)
      expect(done).toEqual(["first", "second"])
    }),
  )

  it.effect("T8: work that takes longer is noted, and interrupted, in the order in which it began", () =>
    Effect.gen(function* () {
      const { closing, close } = yield* make()
      const ends: Array<string> = []
      const work = (name: string) =>
        closing.background(
          Effect.onInterrupt(Effect.never, () => Effect.sync(() => ends.push(`${name} is interrupted`))),
          Effect.sync(() => ends.push(`${name} was left`)),
        )
      yield* work("first")
      yield* work("second")
      const closed = yield* close
      yield* TestClock.adjust("10 seconds")
      expect(ends).toEqual([])
      yield* TestClock.adjust("1 second")
      expect(ends).toEqual(["first was left", "first is interrupted", "second was left", "second is interrupted"])
      expect(closed.pollUnsafe()).toEqual(Exit.void)
    }),
  )

  it.effect("T8: work begins at once, outlives its caller, and can be interrupted", () =>
    Effect.gen(function* () {
      const { closing } = yield* make()
      const events: Array<string> = []
      const pause = yield* Deferred.make<void>()
      const work = Effect.gen(function* () {
        events.push("begun")
        yield* Deferred.await(pause)
        events.push("done")
      })
      const caller = yield* Effect.forkChild(
        Effect.uninterruptible(
          Effect.andThen(
            closing.background(work),
            Effect.sync(() => events.push("caller")),
          ),
        ),
        { startImmediately: true },
      )
      yield* Fiber.interrupt(caller)
      expect(events).toEqual(["begun", "caller"])
      yield* Deferred.succeed(pause, undefined)
      yield* TestClock.adjust("1 millis")
      expect(events).toEqual(["begun", "caller", "done"])

      const endless = yield* Effect.uninterruptible(closing.background(Effect.never))
      expect(Exit.hasInterrupts(yield* Effect.andThen(Fiber.interrupt(endless), Fiber.await(endless)))).toBe(true)
    }),
  )

  it.effect("T8: work that has ended, at once or later, is not waited for, nor noted", () =>
    Effect.gen(function* () {
      const { closing, close } = yield* make()
      const left: Array<string> = []
      const note = (name: string) => Effect.sync(() => left.push(name))
      yield* closing.background(Effect.void, note("at once"))
      yield* closing.background(Effect.sleep("1 second"), note("later"))
      yield* closing.background(Effect.die("no"), note("by a defect"))
      yield* TestClock.adjust("2 seconds")
      yield* closing.background(Effect.never, note("never"))
      yield* close
      yield* TestClock.adjust("1 minute")
      expect(left).toEqual(["never"])
    }),
  )
})
