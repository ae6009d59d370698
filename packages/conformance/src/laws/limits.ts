/** Limits: never exceeded, a 429 honoured, and what is urgent first. */

import { Fault } from "@openretl/emulator"
import type { Call, Operation } from "@openretl/emulator/Emulator"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import type { Lab } from "../Lab.ts"
import { type Law, law } from "../Law.ts"
import { start } from "./runs.ts"

/** When requests of this kind arrived. */
const times = (lab: Lab, operation: Operation) =>
  Effect.map(lab.emulator.calls, (calls) => calls.filter((call) => call.operation === operation).map(({ at }) => at))

const unbounded = { concurrency: "unbounded" } as const

/** Whether the vendor has a limit at all: somebody who knows of none sends the same over and over. */
const hasLimits = Effect.fnUntraced(function* (lab: Lab) {
  const lawless = yield* lab.another
  for (const method of ["GET", "POST"]) {
    const sent = lab.wire.seen.find(({ request }) => request.method === method)
    if (sent === undefined) continue
    for (let count = 0; count < 2_000; count++) yield* Effect.exit(lawless.transport.send(sent.request))
  }
  return (yield* lawless.overLimit) > 0
})

export const limits: ReadonlyArray<Law> = [
  law("B1", "triggers, waits, reads and lists of a busy hour break no limit", {}, (lab) =>
    Effect.gen(function* () {
      const made = yield* Effect.forEach(Array.from({ length: 30 }), () => lab.addSync())
      const busy = Effect.forEach(
        made,
        ({ ref }) =>
          Effect.gen(function* () {
            for (let round = 0; round < 2; round++) {
              yield* lab.runs.run(ref, { whenRunning: "wait" })
              yield* Effect.all([Stream.runDrain(lab.runs.list(ref)), lab.current.check(ref)], unbounded)
            }
          }),
        unbounded,
      )
      yield* lab.run(busy, "5 hours")
      expect(yield* lab.emulator.overLimit).toBe(0)
      expect(yield* lab.count("start")).toBe(60)
      // Where no limit is enforced, keeping within it proves nothing.
      if (!(yield* hasLimits(lab))) return yield* lab.skip("the vendor documents no limit")
    }),
  ),

  law(
    "B2",
    "other clients use the limits up: everything still ends rightly, and 429s are few",
    { isCrowded: true },
    (lab) =>
      Effect.gen(function* () {
        for (const operation of ["start", "get", "list"] as const) {
          yield* lab.emulator.noise({ operation, atOnce: 1_000, every: "1300 millis" })
        }
        const made = yield* Effect.forEach(Array.from({ length: 8 }), () => lab.addSync())
        const finished = yield* lab.run(
          Effect.forEach(made, ({ ref }) => lab.runs.run(ref, { whenRunning: "fail" }), unbounded),
          "10 hours",
        )
        expect(finished.every(({ verdict }) => verdict === "complete")).toBe(true)
        for (const { ids } of made) expect((yield* lab.emulator.runsOf(ids)).length).toBe(1)
        const refused = yield* lab.emulator.overLimit
        if (refused === 0) return yield* lab.skip("the vendor documents no limit")
        expect(refused).toBeLessThanOrEqual(lab.wire.seen.length / 2)
      }),
  ),

  ...(["list", "get", "start", "cancel"] as const).flatMap((operation) =>
    (["30", undefined] as const).map((retryAfter) =>
      law(
        "B2",
        `a 429 to ${operation} ${retryAfter === undefined ? "that names no wait" : "for 30 s"} is waited out, by all`,
        {
          isCrowded: true,
          needs: ({ cancelling }) =>
            operation === "cancel" && cancelling === false ? "the vendor cannot cancel a run" : undefined,
        },
        (lab) =>
          Effect.gen(function* () {
            const ref = yield* start(lab, { duration: "1 hour" })
            yield* lab.emulator.clearCalls
            yield* lab.emulator.fault(Fault.tooManyRequests(operation, retryAfter === undefined ? {} : { retryAfter }))
            const other = yield* lab.addSync()
            const once: Record<typeof operation, Effect.Effect<unknown, unknown>> = {
              list: Stream.runDrain(lab.runs.list(lab.sync)),
              get: lab.runs.get(ref),
              start: lab.runs.trigger(other.ref, { whenRunning: "wait" }),
              cancel: lab.cancelling?.cancel(ref) ?? Effect.void,
            }
            yield* lab.exit(
              Effect.all([Effect.exit(once[operation]), Effect.delay(Effect.exit(once[operation]), 500)], unbounded),
            )
            const [first = 0, ...others] = yield* times(lab, operation)
            const quiet = Duration.toMillis(Duration.seconds(retryAfter === undefined ? 4 : 30))
            for (const at of others) expect(at - first).toBeGreaterThanOrEqual(quiet)
          }),
      ),
    ),
  ),

  law("B2", "429s without end: a read ends as RateLimited after few requests", { isCrowded: true }, (lab) =>
    Effect.gen(function* () {
      const ref = yield* start(lab, { duration: "1 minute" })
      yield* lab.emulator.fault(Fault.tooManyRequests("get", { retryAfter: "10", times: Number.POSITIVE_INFINITY }))
      const error = Errors.retl(yield* lab.failure(lab.runs.get(ref)))
      expect([error.reason._tag, error.exhausted]).toEqual(["RateLimited", true])
      expect(yield* lab.count("get")).toBeLessThanOrEqual(6)
    }),
  ),

  law("B2", "a wait that is too long for a plain call is told, not slept through", { isCrowded: true }, (lab) =>
    Effect.gen(function* () {
      const ref = yield* start(lab, { duration: "1 minute" })
      yield* lab.emulator.fault(Fault.tooManyRequests("get", { retryAfter: "86400" }))
      const { reason } = Errors.retl(yield* lab.failure(lab.runs.get(ref), "5 minutes"))
      expect(reason._tag === "RateLimited" && reason.retryAfter && Duration.toHours(reason.retryAfter)).toBe(24)
    }),
  ),

  law("B2", "thirty callers who meet 429s make no storm", { isCrowded: true }, (lab) =>
    Effect.gen(function* () {
      const ref = yield* start(lab, { duration: "1 minute" })
      yield* lab.emulator.fault(Fault.tooManyRequests("get", { times: 5 }))
      const callers = Array.from({ length: 30 }, () => lab.runs.get(ref))
      yield* lab.run(Effect.all(callers, unbounded), "1 hour")
      const at = yield* times(lab, "get")
      // The first few may be out together; from then on each 429 is met by one request.
      expect(at.length).toBeLessThanOrEqual(65)
      const late = at.filter((time) => time > (at[0] ?? 0) + 1_000)
      expect(late[1] === undefined || late[0] === undefined || late[1] - late[0] >= 1_000 || late.length >= 25).toBe(
        true,
      )
    }),
  ),

  law("B2, W3", "a wait goes on through 429s and hears of the end", { isCrowded: true }, (lab) =>
    Effect.gen(function* () {
      const ref = yield* start(lab, { duration: "10 minutes" })
      yield* lab.emulator.fault(
        Fault.tooManyRequests("get", { times: 4, retryAfter: "45" }),
        Fault.tooManyRequests("list", { times: 4 }),
      )
      expect((yield* lab.run(lab.runs.wait(ref), "2 hours")).verdict).toBe("complete")
    }),
  ),

  law("B4", "a trigger overtakes the polls that wait for their turn", { isCrowded: true }, (lab) =>
    Effect.gen(function* () {
      const waits = yield* Effect.forEach(Array.from({ length: 12 }), () =>
        Effect.gen(function* () {
          const { ids, ref } = yield* lab.addSync()
          const run = yield* lab.emulator.stranger(ids, { plan: { ends: "never" } })
          return yield* lab.begin(lab.runs.wait(lab.runRef(run ?? "", ref)))
        }),
      )
      yield* lab.pass("20 minutes")
      yield* lab.emulator.fault(
        Fault.tooManyRequests("get", { retryAfter: "100" }),
        Fault.tooManyRequests("list", { retryAfter: "100" }),
      )
      yield* lab.pass("80 seconds")
      yield* lab.emulator.clearCalls
      yield* lab.emulator.clearFaults
      const trigger = yield* lab.begin(lab.runs.trigger(lab.sync, { whenRunning: "fail" }))
      yield* lab.pass("3 minutes")
      expect((yield* trigger.result)._tag).toBe("Started")
      const calls = yield* lab.emulator.calls
      const isOwn = ({ path }: Call) => Object.values(lab.ids).some((id) => path.includes(id))
      expect(calls.findIndex(isOwn), "its look at the runs goes first").toBeLessThanOrEqual(1)
      const sent = calls.find(({ operation }) => operation === "start")?.at ?? Number.POSITIVE_INFINITY
      expect(sent - (calls[0]?.at ?? 0), "and its request follows").toBeLessThanOrEqual(5_000)
      yield* Effect.forEach(waits, ({ stop }) => stop, { discard: true })
    }),
  ),

  law("B4", "waiters who give up give their places back", { isCrowded: true }, (lab) =>
    Effect.gen(function* () {
      const ref = yield* start(lab, { ends: "never" })
      yield* lab.emulator.fault(Fault.tooManyRequests("get", { retryAfter: "60" }))
      const began = yield* lab.emulator.now
      const leaving = yield* Effect.forEach(Array.from({ length: 50 }), (_, index) =>
        lab.begin(Effect.delay(lab.runs.get(ref), index === 0 ? 0 : 2_000)),
      )
      yield* lab.pass("5 seconds")
      const staying = yield* lab.begin(lab.runs.get(ref))
      yield* lab.pass("5 seconds")
      yield* Effect.forEach(leaving, ({ stop }) => stop, { discard: true })
      yield* lab.emulator.clearCalls
      yield* lab.pass("3 minutes")
      yield* staying.result
      const [sent = began, ...others] = yield* times(lab, "get")
      expect(others).toEqual([])
      expect(sent - began).toBeGreaterThanOrEqual(60_000)
      expect(sent - began).toBeLessThanOrEqual(65_000)
    }),
  ),
]
