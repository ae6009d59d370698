/** Waiting: its deadline, its end, the trouble it outlives, what it costs, and what counts as good news. */

import type { Policy, Verdict } from "@openretl/core/Outcome"
import { parseRun } from "@openretl/core/Ref"
import { isTerminal } from "@openretl/core/Run"
import { Fault } from "@openretl/emulator"
import type { Rows } from "@openretl/emulator/RunPlan"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import { type Law, law } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"
import { reads, start } from "./runs.ts"
import { runOf } from "./trigger.ts"

const always = { times: Number.POSITIVE_INFINITY }

/** What a wait outlives: it costs time, not the wait. */
const troubles: ReadonlyArray<readonly [string, ReadonlyArray<Fault.Fault>]> = (
  [
    ["half of its JSON", (operation, times) => Fault.truncated(operation, times)],
    ["a gateway's page", (operation, times) => Fault.gatewayPage(operation, times)],
    ["maintenance", (operation, times) => Fault.gatewayPage(operation, { ...times, status: 503 })],
    ["an empty body", (operation, times) => Fault.emptyBody(operation, times)],
    ["other JSON", (operation, times) => Fault.respond(operation, { ...times, status: 200, body: "[]" })],
    ["a login page", (operation, times) => Fault.respond(operation, { ...times, status: 200, body: "<html></html>" })],
    ["a lost line", (operation, times) => Fault.lost(operation, { ...times, commits: false })],
    ["no way to the vendor", (operation, times) => Fault.unreachable(operation, times)],
    [
      "a redirect",
      (operation, times) => Fault.redirect(operation, { ...times, location: "https://elsewhere.example/" }),
    ],
    ["no answer", (operation, times) => Fault.never(operation, { ...times, commits: false })],
  ] as ReadonlyArray<readonly [string, (operation: "get" | "list", times: { readonly times: number }) => Fault.Fault]>
).map(([name, make]) => [name, [make("get", { times: 3 }), make("list", { times: 3 })]])

const policies: ReadonlyArray<readonly [Rows, Policy, Verdict, boolean]> = [
  [{ succeeded: 97, failed: 3 }, {}, "partial", false],
  [{ succeeded: 97, failed: 3 }, { maxFailedRows: 3 }, "tolerated", true],
  [{ succeeded: 97, failed: 3 }, { maxFailedRows: 2 }, "partial", false],
  [{ succeeded: 97, failed: 3 }, { maxFailedRatio: 0.03 }, "tolerated", true],
  [{ succeeded: 97, failed: 3 }, { maxFailedRatio: 0.02 }, "partial", false],
  [{ succeeded: 97, failed: 3 }, { maxFailedRatio: 0.5, maxFailedRows: 2 }, "partial", false],
  [{ succeeded: 10, failed: 0 }, { minRows: 11 }, "empty", false],
  [{ succeeded: 0, failed: 0 }, {}, "empty", true],
  [{ succeeded: 0, failed: 5 }, { maxFailedRows: 100 }, "failed", false],
]

/** Whether the run goes on. */
const isLive = Effect.fnUntraced(function* (testbed: Testbed) {
  return (yield* testbed.truth).some(({ finishedAt }) => finishedAt === undefined)
})

export const waiting: ReadonlyArray<Law> = [
  law(
    "W1, W2",
    "a wait ends 24 hours after its run was accepted, asks nothing more, and leaves the run alone",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const ref = yield* start(testbed, { ends: "never" })
        yield* testbed.pass("3 hours")
        const error = yield* testbed.failure(testbed.runs.wait(ref), "30 hours")
        expect(error).toMatchObject({ _tag: "WaitDeadlineExceeded", run: { status: "running" } })
        if (error._tag !== "WaitDeadlineExceeded") return
        const due = DateTime.toEpochMillis(error.deadline)
        expect(due).toBe(DateTime.toEpochMillis(ref.acceptedAt ?? expect.fail("no acceptance")) + 86_400_000)
        yield* testbed.pass("1 hour")
        for (const { at } of yield* testbed.emulator.calls) expect(at).toBeLessThanOrEqual(due)
        expect(yield* isLive(testbed)).toBe(true)
        expect(yield* testbed.count("cancel")).toBe(0)
      }),
  ),

  law("W1", "a wait that is resumed in another process keeps the deadline", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { ends: "never" })
      yield* testbed.exit(Effect.timeout(testbed.runs.wait(ref), "20 hours"), "21 hours")
      const elsewhere = yield* testbed.open()
      const resumed = yield* parseRun(String(ref))
      const error = yield* testbed.failure(elsewhere.runs.wait(resumed), "10 hours")
      expect(error._tag === "WaitDeadlineExceeded" && DateTime.toEpochMillis(error.deadline)).toBe(
        DateTime.toEpochMillis(ref.acceptedAt ?? expect.fail("no acceptance")) + 86_400_000,
      )
    }),
  ),

  law("W1", "a deadline that is over still gets one look: a run that ended in time is told", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { duration: "1 minute" })
      yield* testbed.pass("2 hours")
      expect((yield* testbed.run(testbed.runs.wait(ref, { deadline: "1 hour" }))).verdict).toBe("complete")
      const past = DateTime.makeUnsafe(yield* testbed.emulator.now)
      const other = yield* start(testbed, { ends: "never" })
      const error = yield* testbed.failure(testbed.runs.wait(other, { deadline: past }))
      expect(error).toMatchObject({ _tag: "WaitDeadlineExceeded", run: { status: "running" } })
    }),
  ),

  law(
    "W2",
    "interrupting a wait stops its requests at once, one under way too, and leaves the run alone",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const ref = yield* start(testbed, { duration: "5 hours" })
        const wait = yield* testbed.begin(testbed.runs.wait(ref))
        yield* testbed.pass("1 hour")
        yield* testbed.emulator.addFaults(Fault.slow("any", { ...always, latency: "20 seconds" }))
        const last = Effect.map(testbed.emulator.calls, (calls) => calls.at(-1))
        for (let second = 0; (yield* last)?.status !== "pending" && second < 120; second++)
          yield* testbed.pass("1 second")
        const under = yield* last
        expect(under?.status).toBe("pending")
        yield* wait.stop
        yield* testbed.pass("1 hour")
        expect([(yield* last)?.index, (yield* last)?.status], "nobody waits for its answer").toEqual([
          under?.index,
          "pending",
        ])
        expect(yield* isLive(testbed)).toBe(true)
        expect(yield* testbed.count("cancel")).toBe(0)
      }),
  ),

  law("W2", "one of two waiters leaves: the other hears of the end", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { duration: "30 minutes" })
      const leaving = yield* testbed.begin(testbed.runs.wait(ref))
      yield* testbed.pass("1 minute")
      const staying = yield* testbed.begin(testbed.runs.wait(ref))
      yield* testbed.pass("1 minute")
      yield* leaving.stop
      yield* testbed.pass("1 hour")
      expect((yield* staying.result).verdict).toBe("complete")
    }),
  ),

  law("W2", "a run that somebody stops by hand ends the wait, and is no good news", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { duration: "5 hours" })
      const wait = yield* testbed.begin(testbed.runs.wait(ref))
      yield* testbed.pass("10 minutes")
      yield* testbed.emulator.stopRun(ref.run)
      yield* testbed.pass("10 minutes")
      const { run, accepted } = yield* wait.result
      expect(accepted).toBe(false)
      expect(["cancelled", "failed"]).toContain(run.status)
      expect(yield* testbed.count("cancel")).toBe(0)
    }),
  ),

  ...troubles.map(([trouble, faults]) =>
    law("W3", `a wait outlives ${trouble}`, {}, (testbed) =>
      Effect.gen(function* () {
        const ref = yield* start(testbed, { duration: "5 minutes" })
        yield* testbed.emulator.addFaults(...faults)
        expect((yield* testbed.run(testbed.runs.wait(ref), "1 hour")).verdict).toBe("complete")
      }),
    ),
  ),

  law("W3", "trouble that goes on ends the wait: a bounded number of requests, and the error says so", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { ends: "never" })
      yield* testbed.emulator.addFaults(Fault.gatewayPage("any", always))
      const before = testbed.wire.seen.length
      const error = Errors.retl(yield* testbed.failure(testbed.runs.wait(ref), "23 hours"))
      expect([error.reason._tag, error.exhausted]).toEqual(["Unavailable", true])
      expect(testbed.wire.seen.length - before).toBeLessThanOrEqual(100)
    }),
  ),

  ...(["Unauthenticated", "PermissionDenied"] as const).map((reason) =>
    law("W3", `${reason} ends a wait at once`, {}, (testbed) =>
      Effect.gen(function* () {
        const ref = yield* start(testbed, { duration: "5 hours" })
        const wait = yield* testbed.begin(Effect.flip(testbed.runs.wait(ref)))
        yield* testbed.pass("1 minute")
        yield* reason === "Unauthenticated" ? testbed.emulator.rotateToken : testbed.emulator.deny(["get", "list"])
        const before = testbed.wire.seen.length
        yield* testbed.pass("10 minutes")
        expect(Errors.reason(yield* wait.result)).toBe(reason)
        expect(testbed.wire.seen.length - before).toBeLessThanOrEqual(2)
      }),
    ),
  ),

  law("W3", "a token that is read again when it is refused keeps a wait going", {}, (testbed) =>
    Effect.gen(function* () {
      const rotating = yield* testbed.open({ token: Effect.sync(() => Redacted.make(testbed.emulator.token)) })
      yield* testbed.emulator.script(testbed.ids, [{ duration: "1 hour" }])
      const ref = runOf(yield* testbed.run(rotating.runs.trigger(testbed.sync, { whenRunning: "fail" })))
      const wait = yield* testbed.begin(rotating.runs.wait(ref))
      for (let hour = 0; hour < 3; hour++) {
        yield* testbed.pass("19 minutes")
        yield* testbed.emulator.rotateToken
      }
      yield* testbed.pass("10 minutes")
      expect((yield* wait.result).verdict).toBe("complete")
      const refused = (yield* testbed.emulator.calls).filter(({ status }) => status === 401 || status === 403)
      expect(refused.length).toBe(3)
    }),
  ),

  law("W4", "twenty waiters of one run cost as much as one", {}, (testbed) =>
    Effect.gen(function* () {
      const cost: Array<number> = []
      for (const waiters of [1, 20]) {
        const ref = yield* start(testbed, { duration: "1 hour" })
        const before = yield* reads(testbed)
        const waits = Array.from({ length: waiters }, () => testbed.runs.wait(ref))
        const ended = yield* testbed.run(Effect.all(waits, { concurrency: "unbounded" }), "2 hours")
        expect(ended.every(({ verdict }) => verdict === "complete")).toBe(true)
        cost.push((yield* reads(testbed)) - before)
      }
      expect(cost[1]).toBe(cost[0])
    }),
  ),

  law("W1", "watching tells every change, from the first sight to the end", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* start(testbed, { duration: "10 minutes", rows: { succeeded: 5, failed: 1 } })
      const seen = yield* testbed.run(Stream.runCollect(testbed.runs.watch(ref)), "1 hour")
      expect(seen.length).toBeGreaterThanOrEqual(2)
      expect(seen[0]?.status).toBe("running")
      expect(seen.filter(({ status }) => isTerminal(status)).map(({ status }) => status)).toEqual(["partial"])
      expect(seen.at(-1)?.status).toBe("partial")
      const never = yield* start(testbed, { ends: "never" })
      const error = yield* testbed.failure(
        Stream.runDrain(testbed.runs.watch(never, { deadline: "1 hour" })),
        "2 hours",
      )
      expect(error._tag).toBe("WaitDeadlineExceeded")
    }),
  ),

  law("W4, B1", "thirty waits at once: none starves, and no limit is broken", {}, (testbed) =>
    Effect.gen(function* () {
      const waits = yield* Effect.forEach(Array.from({ length: 30 }), () =>
        Effect.gen(function* () {
          const { ids, ref } = yield* testbed.addSync()
          const run = yield* testbed.emulator.triggerAsStranger(ids, { plan: { duration: "20 minutes" } })
          return yield* testbed.begin(Effect.andThen(testbed.runs.wait(testbed.runRef(run ?? "", ref)), DateTime.now))
        }),
      )
      yield* testbed.pass("1 hour")
      for (const wait of waits) {
        const late = DateTime.toEpochMillis(yield* wait.result) - testbed.origin - 20 * 60_000
        expect(late).toBeLessThanOrEqual(3 * 60_000)
      }
    }),
  ),

  ...policies.map(([rows, policy, verdict, accepted]) =>
    law("W6", `${JSON.stringify(rows)} under ${JSON.stringify(policy)} is ${verdict}`, {}, (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.script(testbed.ids, [{ rows }])
        const ended = yield* testbed.exit(testbed.runs.run(testbed.sync, { whenRunning: "fail", policy }))
        const result = yield* Effect.result(ended)
        const told = result._tag === "Success" ? result.success : result.failure
        expect(told).toMatchObject(accepted ? { verdict, accepted } : { _tag: "OutcomeRejected", verdict })
      }),
    ),
  ),
]
