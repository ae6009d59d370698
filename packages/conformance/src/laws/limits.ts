/** Rate limits: core never exceeds them, waits after a 429, and sends urgent requests first. */

import type { SyncRef } from "@openretl/core/Ref"
import type { Response } from "@openretl/core/Transport"
import { Fault } from "@openretl/emulator"
import type { Call, Operation } from "@openretl/emulator/Emulator"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as EffectScope from "effect/Scope"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { type Law, law } from "../Law.ts"
import { needsCancellation, type Setup } from "../Setup.ts"
import type { Testbed } from "../Testbed.ts"
import * as Errors from "../testbed/errors.ts"
import { startRun } from "./startRun.ts"
import { expectWithinLimits } from "./withinLimits.ts"

/** Returns when the requests for this operation arrived, in epoch milliseconds. */
const arrivalTimes = (testbed: Testbed, operation: Operation) =>
  Effect.map(testbed.emulator.calls, (calls) =>
    calls.filter((call) => call.operation === operation).map(({ at }) => at),
  )

const unbounded = { concurrency: "unbounded" } as const

/** The setup of a law in which other clients spend the vendor's limits. */
const crowded: Setup = { isCrowded: true }

/** The setup of a law in which calls wait out several 429s. */
const patient: Setup = { isCrowded: true, workspace: { rateLimitWithin: "1 hour" } }

/** The requests that may still be sent, as the header of an answer says. */
const remainingIn = ({ headers }: Response): number | undefined => {
  const name = Object.keys(headers).find((header) => /rate-?limit-remaining$/.test(header))
  return name === undefined ? undefined : Number(headers[name])
}

/** Whether the vendor enforces any rate limit. Sends requests of this law to a fresh emulator as fast as it can. */
const hasLimits = Effect.fnUntraced(function* (testbed: Testbed) {
  const emulator = yield* testbed.freshEmulator
  for (const method of ["GET", "POST"]) {
    const sent = testbed.wire.sent.find(({ request }) => request.method === method)
    if (sent === undefined) continue
    for (let count = 0; count < 2_000; count++) {
      yield* Effect.exit(emulator.transport.send(sent.request))
      if (count % 50 === 0 && (yield* emulator.overLimit) > 0) return true
    }
  }
  return (yield* emulator.overLimit) > 0
})

export const limitLaws: ReadonlyArray<Law> = [
  law("B1", "the triggers, waits, reads and lists of a busy hour stay within every rate limit", {}, (testbed) =>
    Effect.gen(function* () {
      const syncs = yield* Effect.forEach(Array.from({ length: 30 }), () => testbed.addSync())
      const work = Effect.forEach(
        syncs,
        ({ ref }) =>
          Effect.gen(function* () {
            for (let round = 0; round < 2; round++) {
              yield* testbed.runs.run(ref, { whenRunning: "wait" })
              yield* Effect.all([Stream.runDrain(testbed.runs.list(ref)), testbed.current.check(ref)], unbounded)
            }
          }),
        unbounded,
      )
      yield* testbed.run(work, "5 hours")
      yield* expectWithinLimits(testbed)
      expect(yield* testbed.requestCount("start")).toBe(60)
      // Where the vendor enforces no limit, the law proves nothing.
      if (!(yield* hasLimits(testbed))) return yield* testbed.skip("the vendor documents no rate limit")
    }),
  ),

  law("B1", "triggers that the rate limit allows at once begin at once", {}, (testbed) =>
    Effect.gen(function* () {
      const syncs = yield* Effect.forEach(Array.from({ length: 7 }), () => testbed.addSync())
      yield* testbed.run(
        Effect.forEach(syncs, ({ ref }) => testbed.runs.trigger(ref, { whenRunning: "fail" }), unbounded),
        "2 minutes",
      )
      const times = yield* arrivalTimes(testbed, "start")
      expect(times.length).toBe(syncs.length)
      expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1_000)
    }),
  ),

  law("B1", "jobs with a workspace each, one after the other, stay within every rate limit", {}, (testbed) =>
    Effect.gen(function* () {
      const syncs = yield* Effect.forEach(Array.from({ length: 40 }), () => testbed.addSync())
      const job = (ref: SyncRef) =>
        Effect.scoped(Effect.flatMap(testbed.openBeside(), ({ runs }) => runs.trigger(ref, { whenRunning: "fail" })))
      yield* testbed.run(
        Effect.forEach(syncs, ({ ref }) => job(ref), { discard: true }),
        "1 hour",
      )
      yield* expectWithinLimits(testbed)
      expect(yield* testbed.requestCount("start")).toBe(syncs.length)
      if (!(yield* hasLimits(testbed))) return yield* testbed.skip("the vendor documents no rate limit")
    }),
  ),

  law(
    "B2",
    "every run ends correctly, with few 429s, while other clients use up the rate limits",
    { isCrowded: true },
    (testbed) =>
      Effect.gen(function* () {
        for (const operation of ["start", "get", "list"] as const) {
          yield* testbed.emulator.addTraffic({ operation, atOnce: 1_000, every: "1300 millis" })
        }
        const syncs = yield* Effect.forEach(Array.from({ length: 8 }), () => testbed.addSync())
        const finished = yield* testbed.run(
          Effect.forEach(syncs, ({ ref }) => testbed.runs.run(ref, { whenRunning: "fail" }), unbounded),
          "10 hours",
        )
        expect(finished.every(({ verdict }) => verdict === "complete")).toBe(true)
        for (const { ids } of syncs) expect((yield* testbed.emulator.runsOf(ids)).length).toBe(1)
        const refused = yield* testbed.emulator.overLimit
        if (refused === 0) return yield* testbed.skip("the vendor documents no rate limit")
        expect(refused).toBeLessThanOrEqual(testbed.wire.sent.length / 2)
      }),
  ),

  ...(["list", "get", "start", "cancel"] as const).flatMap((operation) =>
    (["30 seconds", undefined] as const).map((retryAfter) =>
      law(
        "B2",
        `all callers wait out a 429 to ${operation} ${retryAfter === undefined ? "without a Retry-After" : "for 30 s"}`,
        { isCrowded: true, ...(operation === "cancel" && { needs: needsCancellation }) },
        (testbed) =>
          Effect.gen(function* () {
            const ref = yield* startRun(testbed, { duration: "1 hour" })
            yield* testbed.emulator.clearCalls
            yield* testbed.emulator.addFaults(
              Fault.tooManyRequests(operation, retryAfter === undefined ? {} : { retryAfter }),
            )
            const other = yield* testbed.addSync()
            const programs: Record<typeof operation, Effect.Effect<unknown, unknown>> = {
              list: Stream.runDrain(testbed.runs.list(testbed.sync)),
              get: testbed.runs.get(ref),
              start: testbed.runs.trigger(other.ref, { whenRunning: "wait" }),
              cancel: testbed.cancellation?.cancel(ref) ?? Effect.void,
            }
            const program = Effect.exit(programs[operation])
            yield* testbed.exit(Effect.all([program, Effect.delay(program, 500)], unbounded))
            const [first = 0, ...others] = yield* arrivalTimes(testbed, operation)
            const pause = Duration.toMillis(Duration.seconds(retryAfter === undefined ? 4 : 30))
            for (const at of others) expect(at - first).toBeGreaterThanOrEqual(pause)
          }),
      ),
    ),
  ),

  law("B2", "a read that meets endless 429s ends as RateLimited after few requests", { isCrowded: true }, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "1 minute" })
      yield* testbed.emulator.addFaults(
        Fault.tooManyRequests("get", { retryAfter: "10 seconds", times: Number.POSITIVE_INFINITY }),
      )
      const error = Errors.requireRetlError(yield* testbed.failure(testbed.runs.get(ref)))
      expect([error.reason._tag, error.exhausted]).toEqual(["RateLimited", true])
      expect(yield* testbed.requestCount("get")).toBeLessThanOrEqual(6)
    }),
  ),

  law("B2", "a read fails with the vendor's wait when the wait is too long", { isCrowded: true }, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "1 minute" })
      yield* testbed.emulator.addFaults(Fault.tooManyRequests("get", { retryAfter: "86400 seconds" }))
      const { reason } = Errors.requireRetlError(yield* testbed.failure(testbed.runs.get(ref), "5 minutes"))
      expect(reason._tag === "RateLimited" && reason.retryAfter && Duration.toHours(reason.retryAfter)).toBe(24)
    }),
  ),

  law("B2", "thirty callers that meet 429s cause no storm", patient, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "1 minute" })
      yield* testbed.emulator.addFaults(Fault.tooManyRequests("get", { times: 5 }))
      const callers = Array.from({ length: 30 }, () => testbed.runs.get(ref))
      yield* testbed.run(Effect.all(callers, unbounded), "1 hour")
      const calls = (yield* testbed.emulator.calls).filter(({ operation }) => operation === "get")
      expect(calls.length).toBeLessThanOrEqual(65)
      // The first requests may leave together, before any answer; after that, each 429 is met by one request.
      const later = calls.filter(({ at }) => at > (calls[0]?.at ?? 0) + 1_000)
      for (const [index, { at, status }] of later.entries()) {
        if (status === 429) expect((later[index + 1]?.at ?? at + 1_000) - at).toBeGreaterThanOrEqual(1_000)
      }
    }),
  ),

  law("B2", "a call that would wait for too long after a 429 fails at once, and a wait goes on", crowded, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "10 minutes" })
      yield* testbed.emulator.addFaults(Fault.tooManyRequests("get", { retryAfter: "110 seconds" }))
      const wait = yield* testbed.begin(testbed.runs.wait(ref))
      yield* testbed.advance("2 seconds")
      yield* testbed.emulator.clearFaults
      const before = testbed.wire.sent.length
      const error = Errors.requireRetlError(yield* testbed.failure(testbed.runs.get(ref), "1 second"))
      expect([error.reason._tag, error.delivery, testbed.wire.sent.length - before]).toEqual([
        "RateLimited",
        "not-sent",
        0,
      ])
      const rest = error.reason._tag === "RateLimited" && error.reason.retryAfter
      expect(rest && Duration.toSeconds(rest)).toBeLessThanOrEqual(110)
      expect(rest && Duration.toSeconds(rest)).toBeGreaterThan(100)
      yield* testbed.advance("20 minutes")
      expect((yield* wait.result).verdict).toBe("complete")
    }),
  ),

  law("B3", "where the vendor says that no request remains, none is sent before its window ends", crowded, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "1 hour" })
      let remaining: number | undefined
      testbed.wire.rewrite = (response) => {
        remaining = remainingIn(response)
        return response
      }
      yield* testbed.run(testbed.runs.get(ref))
      if (remaining === undefined) return yield* testbed.skip("no answer of the vendor says what remains")
      yield* testbed.emulator.addTraffic({ operation: "get", atOnce: remaining - 3 })
      yield* testbed.run(
        Effect.forEach(Array.from({ length: 6 }), () => testbed.runs.get(ref)),
        "5 minutes",
      )
      yield* expectWithinLimits(testbed)
    }),
  ),

  law("B5", "workspaces of one process that use one token stay within its rate limits together", {}, (testbed) =>
    Effect.gen(function* () {
      const others = yield* Effect.forEach(Array.from({ length: 3 }), (_, index) =>
        testbed.openBeside(index === 0 ? {} : { name: `other-${index}` }),
      )
      const workspaces = [testbed, ...others]
      const work = Effect.forEach(
        workspaces,
        ({ runs, workspace }) =>
          Effect.gen(function* () {
            const syncs = yield* Effect.forEach(Array.from({ length: 12 }), () => testbed.addSync())
            const refs = yield* Effect.forEach(syncs, ({ ids }) => testbed.syncRef(ids, workspace.name))
            yield* Effect.forEach(refs, (ref) => runs.run(ref, { whenRunning: "fail" }), unbounded)
          }),
        unbounded,
      )
      yield* testbed.run(work, "5 hours")
      yield* expectWithinLimits(testbed)
      expect(yield* testbed.requestCount("start")).toBe(48)
      expect(testbed.logLines.filter((line) => line.includes("use one token"))).toHaveLength(1)
      if (!(yield* hasLimits(testbed))) return yield* testbed.skip("the vendor documents no rate limit")
    }),
  ),

  law("B5", "closing a workspace ends its own calls at once, and no others", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "1 hour" })
      const scope = yield* EffectScope.make()
      const other = yield* EffectScope.provide(testbed.openBeside(), scope)
      yield* testbed.emulator.addFaults(Fault.slow("get", { latency: "20 seconds", times: 2 }))
      const closed = yield* testbed.begin(other.runs.get(ref))
      const open = yield* testbed.begin(testbed.runs.get(ref))
      yield* testbed.advance("1 second")
      yield* EffectScope.close(scope, Exit.void)
      expect(Exit.isFailure(yield* closed.exit)).toBe(true)
      const late = yield* testbed.begin(other.runs.get(ref))
      yield* testbed.advance("1 second")
      expect(Exit.isFailure(yield* late.exit)).toBe(true)
      yield* testbed.advance("30 seconds")
      expect((yield* open.result).ref.run).toBe(ref.run)
    }),
  ),

  law("B2, W3", "a wait survives 429s and receives the end", { isCrowded: true }, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "10 minutes" })
      yield* testbed.emulator.addFaults(
        Fault.tooManyRequests("get", { times: 4, retryAfter: "45 seconds" }),
        Fault.tooManyRequests("list", { times: 4 }),
      )
      expect((yield* testbed.run(testbed.runs.wait(ref), "2 hours")).verdict).toBe("complete")
    }),
  ),

  law("B4", "a trigger goes before polls that wait for the rate limit", { isCrowded: true }, (testbed) =>
    Effect.gen(function* () {
      const waits = yield* Effect.forEach(Array.from({ length: 12 }), () =>
        Effect.gen(function* () {
          const { ids, ref } = yield* testbed.addSync()
          const run = yield* testbed.emulator.triggerAsStranger(ids, { plan: { ends: "never" } })
          return yield* testbed.begin(testbed.runs.wait(testbed.runRef(run ?? "", ref)))
        }),
      )
      yield* testbed.advance("20 minutes")
      yield* testbed.emulator.addFaults(
        Fault.tooManyRequests("get", { retryAfter: "100 seconds" }),
        Fault.tooManyRequests("list", { retryAfter: "100 seconds" }),
      )
      yield* testbed.advance("80 seconds")
      yield* testbed.emulator.clearCalls
      yield* testbed.emulator.clearFaults
      const trigger = yield* testbed.begin(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
      yield* testbed.advance("3 minutes")
      expect((yield* trigger.result)._tag).toBe("Started")
      const calls = yield* testbed.emulator.calls
      const isAboutSync = ({ path }: Call) => Object.values(testbed.ids).some((id) => path.includes(id))
      expect(calls.findIndex(isAboutSync), "the trigger's fence is read first").toBeLessThanOrEqual(1)
      const startedAt = calls.find(({ operation }) => operation === "start")?.at ?? Number.POSITIVE_INFINITY
      expect(startedAt - (calls[0]?.at ?? 0), "the trigger request follows soon").toBeLessThanOrEqual(5_000)
      yield* Effect.forEach(waits, ({ stop }) => stop, { discard: true })
    }),
  ),

  law("B4", "interrupted waiters give their places back", { isCrowded: true }, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { ends: "never" })
      yield* testbed.emulator.addFaults(Fault.tooManyRequests("get", { retryAfter: "60 seconds" }))
      const begin = yield* testbed.emulator.now
      const leaving = yield* Effect.forEach(Array.from({ length: 50 }), (_, index) =>
        testbed.begin(Effect.delay(testbed.runs.get(ref), index === 0 ? 0 : 2_000)),
      )
      yield* testbed.advance("5 seconds")
      const staying = yield* testbed.begin(testbed.runs.get(ref))
      yield* testbed.advance("5 seconds")
      yield* Effect.forEach(leaving, ({ stop }) => stop, { discard: true })
      yield* testbed.emulator.clearCalls
      yield* testbed.advance("3 minutes")
      yield* staying.result
      const [sentAt = begin, ...others] = yield* arrivalTimes(testbed, "get")
      expect(others).toEqual([])
      expect(sentAt - begin).toBeGreaterThanOrEqual(60_000)
      expect(sentAt - begin).toBeLessThanOrEqual(65_000)
    }),
  ),
]
