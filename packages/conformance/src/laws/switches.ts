/**
 * What is not known about a vendor: whichever way it is, the same program must end rightly. One scenario, at every
 * value of every switch of the vendor's emulator.
 */

import { isTerminal } from "@openretl/core/Run"
import { Fault } from "@openretl/emulator"
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import { type Law, law } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"
import { start } from "./runs.ts"
import { runOf } from "./trigger.ts"

export const switchValues = (switches: Switches): ReadonlyArray<Law> =>
  Object.entries(switches).flatMap(([name, { values, fact }]) =>
    values.map((value) =>
      law(
        "T4, T5, R1, R5, W3, L1",
        `${name}=${value} (${fact})`,
        { emulator: { switches: { [name]: value } } },
        scenario,
      ),
    ),
  )

/** The oldest run first: the switch of this vendor that says so, where there is one. */
export const oldestFirst = (switches: Switches): ReadonlyArray<Law> => {
  const [name] = Object.entries(switches).find(([, { values }]) => values.includes("oldest-first")) ?? []
  return [
    law(
      "T2, T3",
      "with more runs than are read, in an order that does not show, nothing is adopted",
      name === undefined ? {} : { emulator: { switches: { [name]: "oldest-first" } } },
      (testbed) =>
        Effect.gen(function* () {
          if (name === undefined)
            return yield* testbed.skip("no open question of this vendor lists the oldest runs first")
          for (let run = 0; run < 700; run++) {
            yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: 0 } })
            if (run % 50 === 0) yield* testbed.pass("1 minute")
          }
          yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
          const ended = yield* testbed.exit(
            Effect.timeout(testbed.runs.trigger(testbed.sync, { whenRunning: "fail", exclusive: true }), "5 seconds"),
          )
          expect(ended._tag).toBe("Failure")
          const [record] = yield* testbed.store.all("testbed")
          if (record === undefined) return expect.fail("the intent is lost")
          if (record.intent.fence.complete) return yield* testbed.skip("the vendor lists so few runs that all are read")
          yield* testbed.pass("1 hour")
          const [later] = yield* testbed.run(testbed.runs.intents)
          expect(later?.resolution).toBeUndefined()
          expect(yield* testbed.count("start")).toBe(1)
        }),
    ),
  ]
}

const scenario = (testbed: Testbed) =>
  Effect.gen(function* () {
    yield* firstRun(testbed)
    yield* lostAnswer(testbed)
    yield* paused(testbed)
    yield* stopped(testbed)
    yield* unknownRun(testbed)
    yield* everyRun(testbed)
  })

/** A run, others who want one meanwhile, and its end. */
const firstRun = Effect.fnUntraced(function* (testbed: Testbed) {
  const ref = yield* start(testbed, { duration: "2 minutes", rows: { succeeded: 40, failed: 0 } })
  const atOnce = yield* testbed.run(testbed.runs.get(ref))
  expect([atOnce.ref.run, isTerminal(atOnce.status), atOnce.finishedAt, atOnce.errorText]).toEqual([
    ref.run,
    false,
    undefined,
    undefined,
  ])
  yield* testbed.pass("1 minute")
  const running = yield* testbed.run(testbed.runs.get(ref))
  expect([running.status, running.finishedAt, running.errorText]).toEqual(["running", undefined, undefined])
  expect(running.startedAt).toBeDefined()

  for (const whenRunning of ["fail", "skip", "adopt"] as const) {
    const ended = yield* Effect.result(yield* testbed.exit(testbed.runs.trigger(testbed.sync, { whenRunning })))
    if (ended._tag === "Failure") {
      const { reason } = Errors.retl(ended.failure)
      expect([whenRunning, reason._tag, reason._tag === "AlreadyRunning" && reason.run?.run]).toEqual([
        "fail",
        "AlreadyRunning",
        ref.run,
      ])
    } else if (ended.success._tag === "Skipped")
      expect([whenRunning, ended.success.running?.run]).toEqual(["skip", ref.run])
    else expect([whenRunning, ended.success._tag, ended.success.run.run]).toEqual(["adopt", "Adopted", ref.run])
  }
  expect((yield* testbed.truth).length).toBe(1)

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
  expect((yield* testbed.truth).length).toBe(2)
})

/** The answer is lost, and whatever is told about it is true. */
const lostAnswer = Effect.fnUntraced(function* (testbed: Testbed) {
  for (const commits of [true, false]) {
    const before = (yield* testbed.truth).length
    yield* testbed.emulator.script(testbed.ids, commits ? [{ duration: "20 seconds" }] : [])
    yield* testbed.emulator.addFaults(Fault.lost("start", { commits }))
    const trigger = testbed.runs.trigger(testbed.sync, { whenRunning: "fail", exclusive: true })
    const ended = yield* Effect.result(yield* testbed.exit(trigger))
    const found =
      ended._tag === "Success"
        ? runOf(ended.success).run
        : yield* Effect.map(
            testbed.run(testbed.runs.resolve(Errors.indeterminate(ended.failure).intent)),
            (resolution) => (resolution._tag === "Started" ? resolution.run.run : resolution._tag),
          )
    const truth = yield* testbed.truth
    expect(truth.length - before).toBe(commits ? 1 : 0)
    expect(found).toBe(commits ? truth.at(-1)?.id : "NotStarted")
  }
})

/** A sync that is paused: refused, or started once where the vendor does not mind. */
const paused = Effect.fnUntraced(function* (testbed: Testbed) {
  const before = (yield* testbed.truth).length
  yield* testbed.emulator.setState(testbed.ids, "paused")
  const ended = yield* Effect.result(yield* testbed.exit(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" })))
  yield* testbed.emulator.setState(testbed.ids, "enabled")
  if (ended._tag === "Success") yield* testbed.run(testbed.runs.wait(runOf(ended.success)))
  else expect(Errors.retl(ended.failure).delivery).toBe("refused")
  expect((yield* testbed.truth).length - before).toBe(ended._tag === "Success" ? 1 : 0)
})

/** A run that is cancelled, where it can be, and one that has ended. */
const stopped = Effect.fnUntraced(function* (testbed: Testbed) {
  const { cancellation } = testbed
  if (cancellation === undefined) return
  const ref = yield* start(testbed, { duration: "1 hour" })
  yield* testbed.pass("1 minute")
  const result = yield* testbed.run(cancellation.cancel(ref, { confirmWithin: "10 minutes" }))
  expect(result._tag === "Requested" && result.ended && isTerminal(result.ended.status)).toBe(true)
  expect(result._tag === "Requested" && result.ended?.status).not.toBe("failed")
  const again = yield* testbed.run(cancellation.cancel(ref))
  expect(again._tag).toBe("AlreadyFinished")
  expect(yield* testbed.count("cancel")).toBe(1)
})

/** A run that is not there. */
const unknownRun = Effect.fnUntraced(function* (testbed: Testbed) {
  const [first] = yield* testbed.truth
  const run = Array.from(first?.id ?? "")
    .reverse()
    .join("")
  const error = Errors.retl(yield* testbed.failure(testbed.runs.get(testbed.runRef(run)), "5 minutes"))
  expect(["NotFound", "InvalidRequest", "Unavailable"]).toContain(error.reason._tag)
})

/** The list holds all that is true, and each run's answer agrees with it. */
const everyRun = Effect.fnUntraced(function* (testbed: Testbed) {
  const listed = yield* testbed.run(Stream.runCollect(testbed.runs.list(testbed.sync, { pageSize: 2 })))
  const truth = (yield* testbed.truth).map(({ id }) => id)
  expect(listed.map(({ ref }) => ref.run).sort()).toEqual(truth.sort())
  for (const run of listed) {
    const read = yield* testbed.run(testbed.runs.get(run.ref))
    expect([read.status, read.vendorStatus, read.rows]).toEqual([run.status, run.vendorStatus, run.rows])
  }
  expect(yield* testbed.run(testbed.current.check())).toMatchObject({ shown: expect.any(String) })
  expect(yield* testbed.run(testbed.current.check(testbed.sync))).toMatchObject({ shown: expect.any(String) })
})
