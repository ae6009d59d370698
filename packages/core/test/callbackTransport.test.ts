import { describe, expect, it, vi } from "@effect/vitest"
import { Cause, Duration, Effect, Exit, Fiber } from "effect"
import * as TestClock from "effect/testing/TestClock"
import { startOf } from "../src/http/exchange.ts"
import { fromCallback, type Response, type Start } from "../src/http/Transport.ts"
import { TransportError } from "../src/http/TransportError.ts"
import { answer, list, make, start } from "./support/acmeClient.ts"
import { within } from "./support/testbed.ts"

/** A client over a transport of callbacks, and what is given up. */
const over = (starts: Start, settings: Parameters<typeof make>[1] = {}) =>
  Effect.gen(function* () {
    const givenUp: Array<"given up"> = []
    const { client } = yield* make(
      () =>
        fromCallback((report) => {
          const giveUp = starts(report)
          return () => {
            givenUp.push("given up")
            giveUp()
          }
        }),
      settings,
      "as it is",
    )
    return { client, givenUp }
  })

const ok = answer(200, '{"id":"1"}')

describe("a transport of callbacks", () => {
  it.effect("T4: reports an answer or a failure, at once or later, and is not given up then", () =>
    Effect.gen(function* () {
      const failure = new TransportError({ code: "ECONNREFUSED", delivery: "not-sent" })
      for (const isLater of [false, true]) {
        const reporting = (result: Response | TransportError): Start => {
          return (report) => {
            if (isLater) queueMicrotask(() => report(result))
            else report(result)
            return () => {}
          }
        }
        const answered = yield* over(reporting(ok))
        expect(yield* answered.client.call(list)).toEqual({ id: "1" })
        const failed = yield* over(reporting(failure))
        expect(yield* Effect.flip(failed.client.call(start))).toMatchObject({
          reason: { _tag: "Network", code: "ECONNREFUSED" },
          delivery: "not-sent",
        })
        yield* TestClock.adjust("1 hour")
        expect([...answered.givenUp, ...failed.givenUp]).toEqual([])
      }
    }),
  )

  it.effect("T4: is given up at the deadline, once, whatever it reports afterwards", () =>
    Effect.gen(function* () {
      let report = (_: Response) => {}
      const { client, givenUp } = yield* over((reportResult) => {
        report = reportResult
        return () => {}
      })
      const error = yield* Effect.flip(within("31 seconds", client.call(list)))
      expect(error).toMatchObject({ reason: { _tag: "Timeout" }, delivery: "unknown" })
      report(ok)
      yield* TestClock.adjust("1 hour")
      expect(givenUp).toEqual(["given up"])
    }),
  )

  it.effect("is given up with its caller, and then meets no deadline", () =>
    Effect.gen(function* () {
      const { client, givenUp } = yield* over(() => () => {})
      const fiber = yield* Effect.forkChild(client.call(list), { startImmediately: true })
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 hour")
      expect(givenUp).toEqual(["given up"])
    }),
  )

  it.effect("T4: that throws proves nothing, and shows nothing of the request", () =>
    Effect.gen(function* () {
      const { client } = yield* over(() => {
        throw new Error("sk_live_secret_of_this_test")
      })
      const error = yield* Effect.flip(client.call(start))
      expect(error).toMatchObject({ reason: { _tag: "Network", code: "died" }, delivery: "unknown" })
      expect(String(error)).not.toContain("sk_live")
    }),
  )

  it.effect("T4: whose giving up throws is given up once, and shows nothing", () =>
    Effect.gen(function* () {
      const { client, givenUp } = yield* over(() => () => {
        throw new Error("sk_live_secret_of_this_test")
      })
      const late = yield* Effect.flip(within("31 seconds", client.call(list)))
      expect(late).toMatchObject({ reason: { _tag: "Timeout" } })
      const fiber = yield* Effect.forkChild(client.call(list), { startImmediately: true })
      yield* Fiber.interrupt(fiber)
      const exit = yield* Fiber.await(fiber)
      expect(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)).toBe(true)
      expect(givenUp).toHaveLength(2)
    }),
  )

  it("is given up once, however often that is asked for", () => {
    let count = 0
    const giveUp = startOf(fromCallback(() => () => count++))?.(() => {})
    giveUp?.()
    giveUp?.()
    expect(count).toBe(1)
  })

  it.live("leaves no timer behind, however it ends", () =>
    Effect.gen(function* () {
      const set = vi.spyOn(globalThis, "setTimeout")
      const clear = vi.spyOn(globalThis, "clearTimeout")
      yield* Effect.addFinalizer(() => Effect.sync(() => vi.restoreAllMocks()))
      const deadlines = () => set.mock.results.filter((_, index) => set.mock.calls[index]?.[1] === 30_000)
      const left = () => deadlines().filter(({ value }) => !clear.mock.calls.some(([timer]) => timer === value))
      const atOnce = yield* over((report) => {
        report(ok)
        return () => {}
      })
      yield* atOnce.client.call(list)
      expect(deadlines()).toHaveLength(0)
      const later = yield* over((report) => {
        queueMicrotask(() => report(ok))
        return () => {}
      })
      yield* later.client.call(list)
      expect([deadlines().length, left().length]).toEqual([1, 0])
      const never = yield* over(() => () => {})
      const fiber = yield* Effect.forkChild(never.client.call(list), { startImmediately: true })
      expect(left()).toHaveLength(1)
      yield* Fiber.interrupt(fiber)
      expect([deadlines().length, left().length]).toEqual([2, 0])
    }),
  )

  it.live("T4: has its deadline by the platform's clock, too, and one that lies beyond its timers", () =>
    Effect.gen(function* () {
      const never: Start = () => () => {}
      const soon = yield* over(never, { readTimeout: 5 })
      expect(yield* Effect.flip(soon.client.call(list))).toMatchObject({ reason: { _tag: "Timeout" } })
      expect(soon.givenUp).toEqual(["given up"])
      const none = yield* over(never, { readTimeout: 0 })
      expect(yield* Effect.flip(none.client.call(list))).toMatchObject({ reason: { _tag: "Timeout" } })
      // A timer of the platform would fire at once.
      for (const readTimeout of [2 ** 31, Duration.millis(2 ** 31 - 0.5)]) {
        const late = yield* over(
          (report) => {
            setTimeout(() => report(ok), 20)
            return () => {}
          },
          { readTimeout },
        )
        expect(yield* late.client.call(list)).toEqual({ id: "1" })
      }
    }),
  )
})
