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
import type { Lab } from "../Lab.ts"
import { type Law, law } from "../Law.ts"
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
      (lab) =>
        Effect.gen(function* () {
          if (name === undefined) return yield* lab.skip("no open question of this vendor lists the oldest runs first")
          for (let run = 0; run < 700; run++) {
            yield* lab.emulator.stranger(lab.ids, { plan: { duration: 0 } })
            if (run % 50 === 0) yield* lab.pass("1 minute")
          }
          yield* lab.emulator.fault(Fault.lost("start", { commits: true }))
          const ended = yield* lab.exit(
            Effect.timeout(lab.runs.trigger(lab.sync, { whenRunning: "fail", exclusive: true }), "5 seconds"),
          )
          expect(ended._tag).toBe("Failure")
          const [record] = yield* lab.store.all("lab")
          if (record === undefined) return expect.fail("the intent is lost")
          if (record.intent.fence.complete) return yield* lab.skip("the vendor lists so few runs that all are read")
          yield* lab.pass("1 hour")
          const [later] = yield* lab.run(lab.runs.intents)
          expect(later?.resolution).toBeUndefined()
          expect(yield* lab.count("start")).toBe(1)
        }),
    ),
  ]
}

const scenario = (lab: Lab) =>
  Effect.gen(function* () {
    yield* firstRun(lab)
    yield* lostAnswer(lab)
    yield* paused(lab)
    yield* stopped(lab)
    yield* unknownRun(lab)
    yield* everyRun(lab)
  })

/** A run, others who want one meanwhile, and its end. */
const firstRun = Effect.fnUntraced(function* (lab: Lab) {
  const ref = yield* start(lab, { duration: "2 minutes", rows: { succeeded: 40, failed: 0 } })
  const atOnce = yield* lab.run(lab.runs.get(ref))
  expect([atOnce.ref.run, isTerminal(atOnce.status), atOnce.finishedAt, atOnce.errorText]).toEqual([
    ref.run,
    false,
    undefined,
    undefined,
  ])
  yield* lab.pass("1 minute")
  const running = yield* lab.run(lab.runs.get(ref))
  expect([running.status, running.finishedAt, running.errorText]).toEqual(["running", undefined, undefined])
  expect(running.startedAt).toBeDefined()

  for (const whenRunning of ["fail", "skip", "adopt"] as const) {
    const ended = yield* Effect.result(yield* lab.exit(lab.runs.trigger(lab.sync, { whenRunning })))
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
  expect((yield* lab.truth).length).toBe(1)

  const [finished, next] = yield* lab.run(
    Effect.all([lab.runs.wait(ref), lab.runs.trigger(lab.sync, { whenRunning: "wait" })], { concurrency: "unbounded" }),
  )
  expect([finished.verdict, finished.run.rows.succeeded, finished.run.rows.failed]).toEqual(["complete", 40, 0])
  expect(finished.run.finishedAt).toBeDefined()
  expect(finished.run.errorText).toBeUndefined()
  expect(next._tag).toBe("Started")
  expect((yield* lab.run(lab.runs.wait(runOf(next)))).verdict).toBe("complete")
  expect((yield* lab.truth).length).toBe(2)
})

/** The answer is lost, and whatever is told about it is true. */
const lostAnswer = Effect.fnUntraced(function* (lab: Lab) {
  for (const commits of [true, false]) {
    const before = (yield* lab.truth).length
    yield* lab.emulator.script(lab.ids, commits ? [{ duration: "20 seconds" }] : [])
    yield* lab.emulator.fault(Fault.lost("start", { commits }))
    const trigger = lab.runs.trigger(lab.sync, { whenRunning: "fail", exclusive: true })
    const ended = yield* Effect.result(yield* lab.exit(trigger))
    const found =
      ended._tag === "Success"
        ? runOf(ended.success).run
        : yield* Effect.map(lab.run(lab.runs.resolve(Errors.indeterminate(ended.failure).intent)), (resolution) =>
            resolution._tag === "Started" ? resolution.run.run : resolution._tag,
          )
    const truth = yield* lab.truth
    expect(truth.length - before).toBe(commits ? 1 : 0)
    expect(found).toBe(commits ? truth.at(-1)?.id : "NotStarted")
  }
})

/** A sync that is paused: refused, or started once where the vendor does not mind. */
const paused = Effect.fnUntraced(function* (lab: Lab) {
  const before = (yield* lab.truth).length
  yield* lab.emulator.setState(lab.ids, "paused")
  const ended = yield* Effect.result(yield* lab.exit(lab.runs.trigger(lab.sync, { whenRunning: "fail" })))
  yield* lab.emulator.setState(lab.ids, "enabled")
  if (ended._tag === "Success") yield* lab.run(lab.runs.wait(runOf(ended.success)))
  else expect(Errors.retl(ended.failure).delivery).toBe("refused")
  expect((yield* lab.truth).length - before).toBe(ended._tag === "Success" ? 1 : 0)
})

/** A run that is cancelled, where it can be, and one that has ended. */
const stopped = Effect.fnUntraced(function* (lab: Lab) {
  const { cancelling } = lab
  if (cancelling === undefined) return
  const ref = yield* start(lab, { duration: "1 hour" })
  yield* lab.pass("1 minute")
  const result = yield* lab.run(cancelling.cancel(ref, { confirmWithin: "10 minutes" }))
  expect(result._tag === "Requested" && result.ended && isTerminal(result.ended.status)).toBe(true)
  expect(result._tag === "Requested" && result.ended?.status).not.toBe("failed")
  const again = yield* lab.run(cancelling.cancel(ref))
  expect(again._tag).toBe("AlreadyFinished")
  expect(yield* lab.count("cancel")).toBe(1)
})

/** A run that is not there. */
const unknownRun = Effect.fnUntraced(function* (lab: Lab) {
  const [first] = yield* lab.truth
  const run = Array.from(first?.id ?? "")
    .reverse()
    .join("")
  const error = Errors.retl(yield* lab.failure(lab.runs.get(lab.runRef(run)), "5 minutes"))
  expect(["NotFound", "InvalidRequest", "Unavailable"]).toContain(error.reason._tag)
})

/** The list holds all that is true, and each run's answer agrees with it. */
const everyRun = Effect.fnUntraced(function* (lab: Lab) {
  const listed = yield* lab.run(Stream.runCollect(lab.runs.list(lab.sync, { pageSize: 2 })))
  const truth = (yield* lab.truth).map(({ id }) => id)
  expect(listed.map(({ ref }) => ref.run).sort()).toEqual(truth.sort())
  for (const run of listed) {
    const read = yield* lab.run(lab.runs.get(run.ref))
    expect([read.status, read.vendorStatus, read.rows]).toEqual([run.status, run.vendorStatus, run.rows])
  }
  expect(yield* lab.run(lab.current.check())).toMatchObject({ shown: expect.any(String) })
  expect(yield* lab.run(lab.current.check(lab.sync))).toMatchObject({ shown: expect.any(String) })
})
