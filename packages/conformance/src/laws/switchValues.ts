/** Open questions about a vendor: one scenario, which must end correctly at every value of every switch. */

import { isTerminal } from "@openretl/core/Run"
import { Fault } from "@openretl/emulator"
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { type Law, law } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"
import * as Errors from "../testbed/errors.ts"
import { runOf, startRun } from "./startRun.ts"
import { unknownId } from "./unknownId.ts"

export const switchValueLaws = (switches: Switches): ReadonlyArray<Law> =>
  Object.entries(switches).flatMap(([name, { values, fact }]) =>
    values.map((value) =>
      law(
        "T4, T5, R1, R5, W3, L1",
        `runs are triggered and read correctly with ${name}=${value} (${fact})`,
        { emulator: { switches: { [name]: value } } },
        scenario,
      ),
    ),
  )

const scenario = (testbed: Testbed) =>
  Effect.gen(function* () {
    yield* checkFirstRun(testbed)
    yield* checkLostAnswers(testbed)
    yield* checkPausedSync(testbed)
    yield* checkCancelledRun(testbed)
    yield* checkUnknownRun(testbed)
    yield* checkEveryRun(testbed)
  })

/** A run, triggers that meet it, and its end. */
const checkFirstRun = Effect.fnUntraced(function* (testbed: Testbed) {
  const ref = yield* startRun(testbed, { duration: "2 minutes", rows: { succeeded: 40, failed: 0 } })
  const justStarted = yield* testbed.run(testbed.runs.get(ref))
  expect(justStarted.ref.run).toBe(ref.run)
  expect(isTerminal(justStarted.status)).toBe(false)
  expect([justStarted.finishedAt, justStarted.errorText]).toEqual([undefined, undefined])
  yield* testbed.advance("1 minute")
  const running = yield* testbed.run(testbed.runs.get(ref))
  expect([running.status, running.finishedAt, running.errorText]).toEqual(["running", undefined, undefined])
  expect(running.startedAt).toBeDefined()
  // The vendor has delivered rows by then: where it shows 0, it has not counted them yet.
  expect(running.rows.succeeded).not.toBe(0)

  for (const whenRunning of ["fail", "skip", "adopt"] as const) {
    const result = yield* testbed.result(testbed.runs.trigger(testbed.sync, { whenRunning }))
    if (result._tag === "Failure") {
      const { reason } = Errors.requireRetlError(result.failure)
      const run = reason._tag === "AlreadyRunning" && reason.run?.run
      expect([whenRunning, reason._tag, run]).toEqual(["fail", "AlreadyRunning", ref.run])
    } else if (result.success._tag === "Skipped") {
      expect([whenRunning, result.success.running?.run]).toEqual(["skip", ref.run])
    } else expect([whenRunning, result.success._tag, result.success.run.run]).toEqual(["adopt", "Adopted", ref.run])
  }
  expect((yield* testbed.actualRuns).length).toBe(1)

  const [finished, next] = yield* testbed.run(
    Effect.all([testbed.runs.wait(ref), testbed.runs.trigger(testbed.sync, { whenRunning: "wait" })], {
      concurrency: "unbounded",
    }),
  )
  expect([finished.verdict, finished.run.rows.succeeded, finished.run.rows.failed]).toEqual(["complete", 40, 0])
  expect(finished.run.finishedAt).toBeDefined()
  expect(finished.run.errorText).toBeUndefined()
  expect(next._tag).toBe("Started")
  expect((yield* testbed.run(testbed.runs.wait(runOf(next)))).verdict).toBe("complete")
  expect((yield* testbed.actualRuns).length).toBe(2)
})

/** A lost answer, with and without a run: the trigger returns its run, or fails and proves that there is none. */
const checkLostAnswers = Effect.fnUntraced(function* (testbed: Testbed) {
  for (const commits of [true, false]) {
    const before = (yield* testbed.actualRuns).length
    yield* testbed.emulator.script(testbed.ids, commits ? [{ duration: "20 seconds" }] : [])
    yield* testbed.emulator.addFaults(Fault.lost("start", { commits }))
    const trigger = testbed.runs.trigger(testbed.sync, { whenRunning: "fail", exclusive: true })
    const result = yield* testbed.result(trigger)
    const reported =
      result._tag === "Success" ? runOf(result.success).run : Errors.requireNotStarted(result.failure).delivery
    const actualRuns = yield* testbed.actualRuns
    expect(actualRuns.length - before).toBe(commits ? 1 : 0)
    expect(reported).toBe(commits ? actualRuns.at(-1)?.id : "refused")
  }
})

/**
 * A paused sync: its trigger starts one run where the vendor allows that, and none where the vendor refuses it. A refusal
 * that does not have the vendor's form proves nothing by itself: then the list of runs proves that none was started.
 */
const checkPausedSync = Effect.fnUntraced(function* (testbed: Testbed) {
  const before = (yield* testbed.actualRuns).length
  yield* testbed.emulator.setState(testbed.ids, "paused")
  const result = yield* testbed.result(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
  yield* testbed.emulator.setState(testbed.ids, "enabled")
  if (result._tag === "Success") yield* testbed.run(testbed.runs.wait(runOf(result.success)))
  else expect(Errors.requireRetlError(result.failure).delivery).toBe("refused")
  expect((yield* testbed.actualRuns).length - before).toBe(result._tag === "Success" ? 1 : 0)
})

/** A cancel of a run under way, and of a run that has ended; nothing where the vendor cannot cancel. */
const checkCancelledRun = Effect.fnUntraced(function* (testbed: Testbed) {
  const { cancellation } = testbed
  if (cancellation === undefined) return
  const ref = yield* startRun(testbed, { duration: "1 hour" })
  yield* testbed.advance("1 minute")
  const result = yield* testbed.run(cancellation.cancel(ref, { confirmWithin: "10 minutes" }))
  expect(result._tag === "Requested" && result.ended && isTerminal(result.ended.status)).toBe(true)
  expect(result._tag === "Requested" && result.ended?.status).not.toBe("failed")
  const secondResult = yield* testbed.run(cancellation.cancel(ref))
  expect(secondResult._tag).toBe("AlreadyFinished")
  expect(yield* testbed.requestCount("cancel")).toBe(1)
})

const checkUnknownRun = Effect.fnUntraced(function* (testbed: Testbed) {
  const [actualRun] = yield* testbed.actualRuns
  const ref = testbed.runRef(unknownId(actualRun?.id ?? ""))
  const error = yield* testbed.failure(testbed.runs.get(ref), "5 minutes")
  expect(Errors.reasonTag(error), "whatever the vendor answers, the run does not exist").toBe("NotFound")
})

/** The list has every actual run, and reading each run gives what the list gives. */
const checkEveryRun = Effect.fnUntraced(function* (testbed: Testbed) {
  const runs = yield* testbed.run(Stream.runCollect(testbed.runs.list(testbed.sync, { pageSize: 2 })))
  const actualIds = (yield* testbed.actualRuns).map(({ id }) => id)
  expect(runs.map(({ ref }) => ref.run).sort()).toEqual(actualIds.sort())
  for (const listed of runs) {
    const run = yield* testbed.run(testbed.runs.get(listed.ref))
    expect([run.status, run.vendorStatus, run.rows]).toEqual([listed.status, listed.vendorStatus, listed.rows])
  }
  expect(yield* testbed.run(testbed.current.check())).toMatchObject({ shown: expect.any(String) })
  expect(yield* testbed.run(testbed.current.check(testbed.sync))).toMatchObject({ shown: expect.any(String) })
})
