/** Waiting: its deadline, its end, the trouble that it survives, its cost, and its outcome. */

import type { Policy, Verdict } from "@openretl/core/Outcome"
import { parseRun } from "@openretl/core/Ref"
import { isTerminal } from "@openretl/core/Run"
import { Fault } from "@openretl/emulator"
import type { Rows } from "@openretl/emulator/RunPlan"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import type { Testbed } from "../../Testbed.ts"
import * as Errors from "../../testbed/errors.ts"
import { runOf, startRun } from "../startRun.ts"

const always = { times: Number.POSITIVE_INFINITY }

type Trouble = (operation: "get" | "list", times: { readonly times: number }) => Fault.Fault

/** Trouble that does not end a wait, three times for each kind of read. */
const troubles: ReadonlyArray<readonly [string, ReadonlyArray<Fault.Fault>]> = (
  [
    ["half of its JSON", (operation, times) => Fault.truncated(operation, times)],
    ["a gateway's page", (operation, times) => Fault.gatewayPage(operation, times)],
    ["a 503", (operation, times) => Fault.gatewayPage(operation, { ...times, status: 503 })],
    ["an empty body", (operation, times) => Fault.emptyBody(operation, times)],
    ["other JSON", (operation, times) => Fault.respond(operation, { ...times, status: 200, body: "[]" })],
    ["a login page", (operation, times) => Fault.respond(operation, { ...times, status: 200, body: "<html></html>" })],
    ["a broken connection", (operation, times) => Fault.lost(operation, { ...times, commits: false })],
    ["an unreachable vendor", (operation, times) => Fault.unreachable(operation, times)],
    [
      "a redirect",
      (operation, times) => Fault.redirect(operation, { ...times, location: "https://elsewhere.example/" }),
    ],
    ["no answer", (operation, times) => Fault.never(operation, { ...times, commits: false })],
  ] as ReadonlyArray<readonly [string, Trouble]>
).map(([name, trouble]) => [name, [trouble("get", { times: 3 }), trouble("list", { times: 3 })]])

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

/** Whether a run of the testbed's sync is under way. */
const hasRunUnderWay = Effect.fnUntraced(function* (testbed: Testbed) {
  return (yield* testbed.actualRuns).some(({ finishedAt }) => finishedAt === undefined)
})

export const waitingLaws: ReadonlyArray<Law> = [
  law(
    "W1, W2",
    "a wait ends 24 hours after its run was accepted, sends no more requests, and leaves the run alone",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const ref = yield* startRun(testbed, { ends: "never" })
        yield* testbed.advance("3 hours")
        const error = yield* testbed.failure(testbed.runs.wait(ref), "30 hours")
        expect(error).toMatchObject({ _tag: "WaitDeadlineExceeded", run: { status: "running" } })
        if (error._tag !== "WaitDeadlineExceeded") return
        const deadline = DateTime.toEpochMillis(error.deadline)
        const acceptedAt = ref.acceptedAt ?? expect.fail("the ref does not say when the run was accepted")
        expect(deadline).toBe(DateTime.toEpochMillis(acceptedAt) + 86_400_000)
        yield* testbed.advance("1 hour")
        for (const { at } of yield* testbed.emulator.calls) expect(at).toBeLessThanOrEqual(deadline)
        expect(yield* hasRunUnderWay(testbed)).toBe(true)
        expect(yield* testbed.requestCount("cancel")).toBe(0)
      }),
  ),

  law("W1", "a wait that another process resumes keeps the original deadline", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { ends: "never" })
      yield* testbed.exit(Effect.timeout(testbed.runs.wait(ref), "20 hours"), "21 hours")
      const otherProcess = yield* testbed.open()
      const parsedRef = yield* parseRun(String(ref))
      const error = yield* testbed.failure(otherProcess.runs.wait(parsedRef), "10 hours")
      const acceptedAt = ref.acceptedAt ?? expect.fail("the ref does not say when the run was accepted")
      expect(error._tag === "WaitDeadlineExceeded" && DateTime.toEpochMillis(error.deadline)).toBe(
        DateTime.toEpochMillis(acceptedAt) + 86_400_000,
      )
    }),
  ),

  law("W1", "a wait whose deadline has passed reads the run once, and returns a run that has ended", {}, (testbed) =>
    Effect.gen(function* () {
      const ended = yield* startRun(testbed, { duration: "1 minute" })
      yield* testbed.advance("2 hours")
      expect((yield* testbed.run(testbed.runs.wait(ended, { deadline: "1 hour" }))).verdict).toBe("complete")
      const deadline = DateTime.makeUnsafe(yield* testbed.emulator.now)
      const running = yield* startRun(testbed, { ends: "never" })
      const error = yield* testbed.failure(testbed.runs.wait(running, { deadline }))
      expect(error).toMatchObject({ _tag: "WaitDeadlineExceeded", run: { status: "running" } })
    }),
  ),

  law(
    "W2",
    "interrupting a wait stops its requests at once, even one under way, and leaves the run alone",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const ref = yield* startRun(testbed, { duration: "5 hours" })
        const wait = yield* testbed.begin(testbed.runs.wait(ref))
        yield* testbed.advance("1 hour")
        yield* testbed.emulator.addFaults(Fault.slow("any", { ...always, latency: "20 seconds" }))
        const lastCall = Effect.map(testbed.emulator.calls, (calls) => calls.at(-1))
        for (let second = 0; (yield* lastCall)?.status !== "pending" && second < 120; second++) {
          yield* testbed.advance("1 second")
        }
        const pendingCall = yield* lastCall
        expect(pendingCall?.status).toBe("pending")
        yield* wait.stop
        yield* testbed.advance("1 hour")
        const call = yield* lastCall
        expect([call?.index, call?.status], "its answer is not awaited").toEqual([pendingCall?.index, "pending"])
        expect(yield* hasRunUnderWay(testbed)).toBe(true)
        expect(yield* testbed.requestCount("cancel")).toBe(0)
      }),
  ),

  law("W2", "a waiter receives the end when another waiter of the run is interrupted", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "30 minutes" })
      const leaving = yield* testbed.begin(testbed.runs.wait(ref))
      yield* testbed.advance("1 minute")
      const staying = yield* testbed.begin(testbed.runs.wait(ref))
      yield* testbed.advance("1 minute")
      yield* leaving.stop
      yield* testbed.advance("1 hour")
      expect((yield* staying.result).verdict).toBe("complete")
    }),
  ),

  law("W2", "a run that a person stops in the vendor's app ends the wait and is not accepted", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "5 hours" })
      const wait = yield* testbed.begin(testbed.runs.wait(ref))
      yield* testbed.advance("10 minutes")
      yield* testbed.emulator.stopRun(ref.run)
      yield* testbed.advance("10 minutes")
      const { run, accepted } = yield* wait.result
      expect(accepted).toBe(false)
      expect(["cancelled", "failed"]).toContain(run.status)
      expect(yield* testbed.requestCount("cancel")).toBe(0)
    }),
  ),

  ...troubles.map(([trouble, faults]) =>
    law("W3", `a wait survives ${trouble}`, {}, (testbed) =>
      Effect.gen(function* () {
        const ref = yield* startRun(testbed, { duration: "5 minutes" })
        yield* testbed.emulator.addFaults(...faults)
        expect((yield* testbed.run(testbed.runs.wait(ref), "1 hour")).verdict).toBe("complete")
      }),
    ),
  ),

  law("W3", "endless trouble ends a wait once its patience is over, and the error says so", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { ends: "never" })
      yield* testbed.emulator.addFaults(Fault.gatewayPage("any", always))
      const before = testbed.wire.sent.length
      const wait = testbed.runs.wait(ref, { patience: "30 minutes" })
      const error = Errors.requireRetlError(yield* testbed.failure(wait, "1 hour"))
      expect([error.reason._tag, error.exhausted]).toEqual(["Unavailable", true])
      expect(testbed.wire.sent.length - before).toBeLessThanOrEqual(100)
    }),
  ),

  law("W3, W7", "trouble that outlasts the deadline ends a wait at the deadline, which names it", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { ends: "never" })
      yield* testbed.emulator.addFaults(Fault.gatewayPage("any", always))
      const error = yield* testbed.failure(testbed.runs.wait(ref, { deadline: "2 hours" }), "3 hours")
      expect(error).toMatchObject({ _tag: "WaitDeadlineExceeded", trouble: { reason: { _tag: "Unavailable" } } })
    }),
  ),

  law("W7", "a run that ended right before the deadline is not reported as running", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "59 minutes" })
      const { verdict } = yield* testbed.run(
        testbed.runs.wait(ref, { deadline: { minutes: 59, seconds: 30 } }),
        "61 minutes",
      )
      expect(verdict).toBe("complete")
    }),
  ),

  ...(["Unauthenticated", "PermissionDenied"] as const).map((reason) =>
    law("W3", `${reason} ends a wait at once`, {}, (testbed) =>
      Effect.gen(function* () {
        const ref = yield* startRun(testbed, { duration: "5 hours" })
        const wait = yield* testbed.begin(Effect.flip(testbed.runs.wait(ref)))
        yield* testbed.advance("1 minute")
        yield* reason === "Unauthenticated" ? testbed.emulator.rotateToken : testbed.emulator.deny(["get", "list"])
        const before = testbed.wire.sent.length
        yield* testbed.advance("10 minutes")
        expect(Errors.reasonTag(yield* wait.result)).toBe(reason)
        expect(testbed.wire.sent.length - before).toBeLessThanOrEqual(2)
      }),
    ),
  ),

  law("W3", "a wait goes on when the token is refused and the token source yields a new one", {}, (testbed) =>
    Effect.gen(function* () {
      const token = Effect.sync(() => Redacted.make(testbed.emulator.token))
      const workspace = yield* testbed.open({ token })
      yield* testbed.emulator.script(testbed.ids, [{ duration: "1 hour" }])
      const ref = runOf(yield* testbed.run(workspace.runs.trigger(testbed.sync, { whenRunning: "fail" })))
      const wait = yield* testbed.begin(workspace.runs.wait(ref))
      for (let rotation = 0; rotation < 3; rotation++) {
        yield* testbed.advance("19 minutes")
        yield* testbed.emulator.rotateToken
      }
      yield* testbed.advance("10 minutes")
      expect((yield* wait.result).verdict).toBe("complete")
      const refused = (yield* testbed.emulator.calls).filter(({ status }) => status === 401 || status === 403)
      expect(refused.length).toBe(3)
    }),
  ),

  law("W4", "twenty waiters of one run send as many requests as one waiter", {}, (testbed) =>
    Effect.gen(function* () {
      const requests: Array<number> = []
      for (const waiters of [1, 20]) {
        // A sync each: what the first run has taught would count for the second.
        const sync = yield* testbed.addSync({ plan: { duration: "1 hour" } })
        const ref = runOf(yield* testbed.run(testbed.runs.trigger(sync.ref, { whenRunning: "fail" })))
        const before = yield* testbed.readCount
        const waits = Array.from({ length: waiters }, () => testbed.runs.wait(ref))
        const finished = yield* testbed.run(Effect.all(waits, { concurrency: "unbounded" }), "2 hours")
        expect(finished.every(({ verdict }) => verdict === "complete")).toBe(true)
        requests.push((yield* testbed.readCount) - before)
      }
      expect(requests[1]).toBe(requests[0])
    }),
  ),

  law(
    "W5",
    "after ten runs of about an hour, the end of the next is seen within half a minute, with few requests",
    {},
    (testbed) =>
      Effect.gen(function* () {
        for (let past = 0; past < 10; past++) {
          yield* startRun(testbed, { duration: `${3_600 + 10 * past} seconds` })
          yield* testbed.advance("65 minutes")
        }
        const ref = yield* startRun(testbed, { duration: "3650 seconds" })
        const before = yield* testbed.readCount
        const wait = yield* testbed.begin(testbed.runs.wait(ref))
        yield* testbed.advance("3670 seconds")
        expect((yield* wait.result).verdict).toBe("complete")
        // Without past runs it is a hundred, and a minute.
        expect((yield* testbed.readCount) - before).toBeLessThanOrEqual(80)
      }),
  ),

  law("W5", "checks at the times that they name send the requests of a wait, each by another process", {}, (testbed) =>
    Effect.gen(function* () {
      const counts: Array<number> = []
      for (const way of ["wait", "checks"] as const) {
        const sync = yield* testbed.addSync({ plan: { duration: "40 minutes", rows: { succeeded: 5, failed: 0 } } })
        const ref = runOf(yield* testbed.run(testbed.runs.trigger(sync.ref, { whenRunning: "fail" })))
        const before = yield* testbed.readCount
        if (way === "wait") {
          expect((yield* testbed.run(testbed.runs.wait(ref), "1 hour")).verdict).toBe("complete")
        } else {
          const check = Effect.gen(function* () {
            let memory: string | undefined
            while (true) {
              const { runs } = yield* testbed.open()
              const checked = yield* runs.check(ref, memory === undefined ? {} : { memory: JSON.parse(memory) })
              if (checked._tag === "Finished" || checked._tag === "Overdue") return checked
              memory = JSON.stringify(checked.memory)
              const now = yield* Clock.currentTimeMillis
              yield* Effect.sleep(DateTime.toEpochMillis(checked.lookAgainAt) - now)
            }
          })
          expect(yield* testbed.run(Effect.scoped(check), "1 hour")).toMatchObject({
            _tag: "Finished",
            verdict: "complete",
          })
        }
        counts.push((yield* testbed.readCount) - before)
      }
      expect(counts[1]).toBe(counts[0])
    }),
  ),

  law(
    "W8",
    "for hints that are lost, doubled, late and forged, the outcome is the same, and requests stay few",
    {},
    (testbed) =>
      Effect.gen(function* () {
        const { runs } = yield* testbed.open({ hints: "expected" })
        const plan = { duration: "29 minutes", rows: { succeeded: 5, failed: 0 } } as const
        const ref = yield* startRun(testbed, plan)
        const before = yield* testbed.readCount
        const wait = yield* testbed.begin(runs.wait(ref))
        yield* testbed.advance("15 minutes")
        // A forged one, which comes twice.
        yield* runs.notice(ref)
        yield* runs.notice(ref)
        yield* runs.notice(testbed.runRef("r-none"))
        yield* testbed.advance("15 minutes")
        // The one about the end was lost: the net sees it.
        yield* testbed.advance("10 minutes")
        expect((yield* wait.result).verdict).toBe("complete")
        expect((yield* testbed.readCount) - before).toBeLessThanOrEqual(6)
        const second = yield* startRun(testbed, plan)
        const hinted = yield* testbed.begin(runs.wait(second))
        yield* testbed.advance("29 minutes")
        yield* testbed.advance("1 second")
        yield* runs.notice(testbed.sync)
        yield* testbed.advance("5 seconds")
        expect((yield* hinted.result).verdict).toBe("complete")
      }),
  ),

  law("W1", "a watch emits every change of a run until it ends, or until the deadline", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "10 minutes", rows: { succeeded: 5, failed: 1 } })
      const observations = yield* testbed.run(Stream.runCollect(testbed.runs.watch(ref)), "1 hour")
      const statuses = observations.map(({ status }) => status)
      expect(statuses.length).toBeGreaterThanOrEqual(2)
      expect(statuses[0]).toBe("running")
      expect(statuses.filter(isTerminal)).toEqual(["partial"])
      expect(statuses.at(-1)).toBe("partial")
      const endless = yield* startRun(testbed, { ends: "never" })
      const error = yield* testbed.failure(
        Stream.runDrain(testbed.runs.watch(endless, { deadline: "1 hour" })),
        "2 hours",
      )
      expect(error._tag).toBe("WaitDeadlineExceeded")
    }),
  ),

  law("W4, B1", "thirty waits at once all end in time, within every rate limit", {}, (testbed) =>
    Effect.gen(function* () {
      const waits = yield* Effect.forEach(Array.from({ length: 30 }), () =>
        Effect.gen(function* () {
          const { ids, ref } = yield* testbed.addSync()
          const run = yield* testbed.emulator.triggerAsStranger(ids, { plan: { duration: "20 minutes" } })
          return yield* testbed.begin(Effect.andThen(testbed.runs.wait(testbed.runRef(run ?? "", ref)), DateTime.now))
        }),
      )
      yield* testbed.advance("1 hour")
      for (const wait of waits) {
        const delay = DateTime.toEpochMillis(yield* wait.result) - testbed.startedAt - 20 * 60_000
        expect(delay).toBeLessThanOrEqual(3 * 60_000)
      }
    }),
  ),

  ...policies.map(([rows, policy, verdict, accepted]) =>
    law("W6", `${JSON.stringify(rows)} under ${JSON.stringify(policy)} is ${verdict}`, {}, (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.script(testbed.ids, [{ rows }])
        const result = yield* testbed.result(testbed.runs.run(testbed.sync, { whenRunning: "fail", policy }))
        const outcome = result._tag === "Success" ? result.success : result.failure
        expect(outcome).toMatchObject(accepted ? { verdict, accepted } : { _tag: "OutcomeRejected", verdict })
      }),
    ),
  ),
]
