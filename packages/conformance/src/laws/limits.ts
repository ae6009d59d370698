/** Limits: never exceeded, a 429 honored, and what is urgent first. */

import { Fault } from "@openretl/emulator"
import type { Call, Operation } from "@openretl/emulator/Emulator"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import { type Law, law } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"
import { start } from "./runs.ts"

/** When requests of this kind arrived. */
const times = (testbed: Testbed, operation: Operation) =>
  Effect.map(testbed.emulator.calls, (calls) =>
    calls.filter((call) => call.operation === operation).map(({ at }) => at),
  )

const unbounded = { concurrency: "unbounded" } as const

/** Whether the vendor has a limit at all: somebody who knows of none sends the same over and over. */
const hasLimits = Effect.fnUntraced(function* (testbed: Testbed) {
  const lawless = yield* testbed.another
  for (const method of ["GET", "POST"]) {
    const sent = testbed.wire.seen.find(({ request }) => request.method === method)
    if (sent === undefined) continue
    for (let count = 0; count < 2_000; count++) yield* Effect.exit(lawless.transport.send(sent.request))
  }
  return (yield* lawless.overLimit) > 0
})

export const limits: ReadonlyArray<Law> = [
  law("B1", "triggers, waits, reads and lists of a busy hour break no limit", {}, (testbed) =>
    Effect.gen(function* () {
      const made = yield* Effect.forEach(Array.from({ length: 30 }), () => testbed.addSync())
      const busy = Effect.forEach(
        made,
        ({ ref }) =>
          Effect.gen(function* () {
            for (let round = 0; round < 2; round++) {
              yield* testbed.runs.run(ref, { whenRunning: "wait" })
              yield* Effect.all([Stream.runDrain(testbed.runs.list(ref)), testbed.current.check(ref)], unbounded)
            }
          }),
        unbounded,
      )
      yield* testbed.run(busy, "5 hours")
      expect(yield* testbed.emulator.overLimit).toBe(0)
      expect(yield* testbed.count("start")).toBe(60)
      // Where no limit is enforced, keeping within it proves nothing.
      if (!(yield* hasLimits(testbed))) return yield* testbed.skip("the vendor documents no limit")
    }),
  ),

  law(
    "B2",
    "other clients use the limits up: everything still ends rightly, and 429s are few",
    { isCrowded: true },
    (testbed) =>
      Effect.gen(function* () {
        for (const operation of ["start", "get", "list"] as const) {
          yield* testbed.emulator.addTraffic({ operation, atOnce: 1_000, every: "1300 millis" })
        }
        const made = yield* Effect.forEach(Array.from({ length: 8 }), () => testbed.addSync())
        const finished = yield* testbed.run(
          Effect.forEach(made, ({ ref }) => testbed.runs.run(ref, { whenRunning: "fail" }), unbounded),
          "10 hours",
        )
        expect(finished.every(({ verdict }) => verdict === "complete")).toBe(true)
        for (const { ids } of made) expect((yield* testbed.emulator.runsOf(ids)).length).toBe(1)
        const refused = yield* testbed.emulator.overLimit
        if (refused === 0) return yield* testbed.skip("the vendor documents no limit")
        expect(refused).toBeLessThanOrEqual(testbed.wire.seen.length / 2)
      }),
  ),

  ...(["list", "get", "start", "cancel"] as const).flatMap((operation) =>
    (["30", undefined] as const).map((retryAfter) =>
      law(
        "B2",
        `a 429 to ${operation} ${retryAfter === undefined ? "that names no wait" : "for 30 s"} is waited out, by all`,
        {
          isCrowded: true,
          needs: ({ cancellation }) =>
            operation === "cancel" && cancellation === false ? "the vendor cannot cancel a run" : undefined,
        },
        (testbed) =>
          Effect.gen(function* () {
            const ref = yield* start(testbed, { duration: "1 hour" })
            yield* testbed.emulator.clearCalls
            yield* testbed.emulator.addFaults(
              Fault.tooManyRequests(operation, retryAfter === undefined ? {} : { retryAfter }),
            )
            const other = yield* testbed.addSync()
            const once: Record<typeof operation, Effect.Effect<unknown, unknown>> = {
              list: Stream.runDrain(testbed.runs.list(testbed.sync)),
              get: testbed.runs.get(ref),
              start: testbed.runs.trigger(other.ref, { whenRunning: "wait" }),
              cancel: testbed.cancellation?.cancel(ref) ?? Effect.void,
            }
            yield* testbed.exit(
              Effect.all([Effect.exit(once[operation]), Effect.delay(Effect.exit(once[operation]), 500)], unbounded),
            )
            const [first = 0, ...others] = yield* times(testbed, operation)
            const quiet = Duration.toMillis(Duration.seconds(retryAfter === undefined ? 4 : 30))
            for (const at of others) expect(at - first).toBeGreaterThanOrEqual(quiet)
          }),
      ),
    ),
  ),

  law("B2", "429s without end: a read ends as RateLimited after few requests", { isCrowded: true }, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { duration: "1 minute" })
      yield* testbed.emulator.addFaults(
        Fault.tooManyRequests("get", { retryAfter: "10", times: Number.POSITIVE_INFINITY }),
      )
      const error = Errors.retl(yield* testbed.failure(testbed.runs.get(ref)))
      expect([error.reason._tag, error.exhausted]).toEqual(["RateLimited", true])
      expect(yield* testbed.count("get")).toBeLessThanOrEqual(6)
    }),
  ),

  law("B2", "a wait that is too long for a plain call is told, not slept through", { isCrowded: true }, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { duration: "1 minute" })
      yield* testbed.emulator.addFaults(Fault.tooManyRequests("get", { retryAfter: "86400" }))
      const { reason } = Errors.retl(yield* testbed.failure(testbed.runs.get(ref), "5 minutes"))
      expect(reason._tag === "RateLimited" && reason.retryAfter && Duration.toHours(reason.retryAfter)).toBe(24)
    }),
  ),

  law("B2", "thirty callers who meet 429s make no storm", { isCrowded: true }, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { duration: "1 minute" })
      yield* testbed.emulator.addFaults(Fault.tooManyRequests("get", { times: 5 }))
      const callers = Array.from({ length: 30 }, () => testbed.runs.get(ref))
      yield* testbed.run(Effect.all(callers, unbounded), "1 hour")
      const at = yield* times(testbed, "get")
      // The first few may be out together; from then on each 429 is met by one request.
      expect(at.length).toBeLessThanOrEqual(65)
      const late = at.filter((time) => time > (at[0] ?? 0) + 1_000)
      expect(late[1] === undefined || late[0] === undefined || late[1] - late[0] >= 1_000 || late.length >= 25).toBe(
        true,
      )
    }),
  ),

  law("B2, W3", "a wait goes on through 429s and hears of the end", { isCrowded: true }, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { duration: "10 minutes" })
      yield* testbed.emulator.addFaults(
        Fault.tooManyRequests("get", { times: 4, retryAfter: "45" }),
        Fault.tooManyRequests("list", { times: 4 }),
      )
      expect((yield* testbed.run(testbed.runs.wait(ref), "2 hours")).verdict).toBe("complete")
    }),
  ),

  law("B4", "a trigger overtakes the polls that wait for their turn", { isCrowded: true }, (testbed) =>
    Effect.gen(function* () {
      const waits = yield* Effect.forEach(Array.from({ length: 12 }), () =>
        Effect.gen(function* () {
          const { ids, ref } = yield* testbed.addSync()
          const run = yield* testbed.emulator.triggerAsStranger(ids, { plan: { ends: "never" } })
          return yield* testbed.begin(testbed.runs.wait(testbed.runRef(run ?? "", ref)))
        }),
      )
      yield* testbed.pass("20 minutes")
      yield* testbed.emulator.addFaults(
        Fault.tooManyRequests("get", { retryAfter: "100" }),
        Fault.tooManyRequests("list", { retryAfter: "100" }),
      )
      yield* testbed.pass("80 seconds")
      yield* testbed.emulator.clearCalls
      yield* testbed.emulator.clearFaults
      const trigger = yield* testbed.begin(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
      yield* testbed.pass("3 minutes")
      expect((yield* trigger.result)._tag).toBe("Started")
      const calls = yield* testbed.emulator.calls
      const isOwn = ({ path }: Call) => Object.values(testbed.ids).some((id) => path.includes(id))
      expect(calls.findIndex(isOwn), "its look at the runs goes first").toBeLessThanOrEqual(1)
      const sent = calls.find(({ operation }) => operation === "start")?.at ?? Number.POSITIVE_INFINITY
      expect(sent - (calls[0]?.at ?? 0), "and its request follows").toBeLessThanOrEqual(5_000)
      yield* Effect.forEach(waits, ({ stop }) => stop, { discard: true })
    }),
  ),

  law("B4", "waiters who give up give their places back", { isCrowded: true }, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { ends: "never" })
      yield* testbed.emulator.addFaults(Fault.tooManyRequests("get", { retryAfter: "60" }))
      const began = yield* testbed.emulator.now
      const leaving = yield* Effect.forEach(Array.from({ length: 50 }), (_, index) =>
        testbed.begin(Effect.delay(testbed.runs.get(ref), index === 0 ? 0 : 2_000)),
      )
      yield* testbed.pass("5 seconds")
      const staying = yield* testbed.begin(testbed.runs.get(ref))
      yield* testbed.pass("5 seconds")
      yield* Effect.forEach(leaving, ({ stop }) => stop, { discard: true })
      yield* testbed.emulator.clearCalls
      yield* testbed.pass("3 minutes")
      yield* staying.result
      const [sent = began, ...others] = yield* times(testbed, "get")
      expect(others).toEqual([])
      expect(sent - began).toBeGreaterThanOrEqual(60_000)
      expect(sent - began).toBeLessThanOrEqual(65_000)
    }),
  ),
]
