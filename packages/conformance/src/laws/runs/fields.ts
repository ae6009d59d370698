/**
 * What each field of a run says. The emulator knows what is so, and the answers show what the vendor tells: an adapter reads
 * all of that, and invents nothing.
 */

import * as CoreJson from "@openretl/core/driver/Json"
import { isTerminal, type Run, type Status } from "@openretl/core/Run"
import type { TruthRun } from "@openretl/emulator/Emulator"
import type { RunPlan } from "@openretl/emulator/RunPlan"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import type { Testbed } from "../../Testbed.ts"
import * as Answers from "../../testbed/answers.ts"
import * as Errors from "../../testbed/errors.ts"
import * as Json from "../../testbed/json.ts"
import * as Wire from "../../testbed/wire.ts"
import { startForeignRun, startRun } from "../startRun.ts"

/** Matches the names of the fields in which vendors count rows. */
export const countFields = /count|rows|record|metric|phase|total/i

const millisOf = (time: DateTime.Utc | undefined): number | undefined =>
  time === undefined ? undefined : DateTime.toEpochMillis(time)

/** Whether a run has this time, to within a second: vendors cut fractions off. */
const isSameSecond = (time: DateTime.Utc | undefined, millis: number | undefined): boolean =>
  time !== undefined && millis !== undefined && Math.abs(DateTime.toEpochMillis(time) - millis) < 1_000

/** Expects the times of a run that its answers show, each under its name, and no other time. */
const expectTimes = (run: Run, actual: TruthRun, answers: Answers.Answers) => {
  const { createdAt, startedAt, finishedAt } = actual
  const times = { queuedAt: millisOf(run.queuedAt), startedAt: millisOf(run.startedAt), actual }
  // A vendor that shows only when it took the run may call that the start.
  const startsAtCreation = !answers.haveTime(startedAt) && isSameSecond(run.startedAt, createdAt)
  if (run.queuedAt !== undefined) expect(isSameSecond(run.queuedAt, createdAt), label("queuedAt", times)).toBe(true)
  if (run.startedAt !== undefined && !startsAtCreation)
    expect(isSameSecond(run.startedAt, startedAt), label("startedAt", times)).toBe(true)
  if (answers.haveTime(startedAt)) expect(run.startedAt, label("startedAt", times)).toBeDefined()
  if (answers.haveTime(createdAt))
    expect(run.queuedAt !== undefined || isSameSecond(run.startedAt, createdAt), label("creation", times)).toBe(true)
  if (answers.haveTime(finishedAt) && finishedAt !== startedAt)
    expect(isSameSecond(run.finishedAt, finishedAt), label("finishedAt", times)).toBe(true)
}

const label = (what: string, times: object): string => `R5: ${what}, ${JSON.stringify(times)}`

/** Reads a run as the adapter has it, as the emulator has it, and as the answers show it. */
const readRun = Effect.fnUntraced(function* (testbed: Testbed, id: string) {
  const [run, answers] = yield* Answers.during(testbed, testbed.run(testbed.runs.get(testbed.runRef(id))))
  const actual = (yield* testbed.actualRuns).find((candidate) => candidate.id === id)
  return { run, answers, actual: actual ?? expect.fail("the emulator has no such run") }
})

/** Courses of runs that differ in every field, and the status of each, whatever the vendor's word. */
const courses: ReadonlyArray<readonly [RunPlan, Status]> = [
  [{ duration: "2 minutes", rows: { succeeded: 1_201, failed: 0 } }, "succeeded"],
  [{ duration: "3 minutes", rows: { succeeded: 1_187, failed: 31 } }, "partial"],
  [{ duration: "4 minutes", ends: "failed", error: { text: "no such table", code: "E4711" } }, "failed"],
  [{ duration: "5 minutes", rows: { succeeded: 123_456_789_013, failed: 0 } }, "succeeded"],
]

export const fieldLaws: ReadonlyArray<Law> = [
  law("R1, R3, R4, R5, L1", "of several runs of a sync, each read and the list show each as it is", {}, (testbed) =>
    Effect.gen(function* () {
      const expected: Array<readonly [string, RunPlan, Status]> = []
      for (const [plan, status] of courses) {
        expected.push([yield* startForeignRun(testbed, { queued: "20 seconds", ...plan }), plan, status])
        yield* testbed.advance("10 minutes")
      }
      const listed = yield* testbed.run(Stream.runCollect(testbed.runs.list(testbed.sync)))
      expect(listed.length).toBe(courses.length)
      for (const [id, { rows, error }, status] of expected) {
        const { run, answers, actual } = yield* readRun(testbed, id)
        expect([run.ref.run, run.status, run.vendorStatus]).toEqual([id, status, actual.status])
        for (const [name, count] of Object.entries(rows ?? {})) {
          expect({ ...run.rows }[name], `R4: rows.${name} of a run that the vendor shows with ${count}`).toBe(count)
        }
        const { deleted = 0, invalid = 0, unaccounted = 0 } = run.rows
        expect([deleted, invalid, unaccounted], "R4: the run deletes no row, and loses none").toEqual([0, 0, 0])
        expectTimes(run, actual, answers)
        const code = error?.code
        expect([run.errorText, run.errorCode]).toEqual([
          error?.text,
          code !== undefined && answers.haveText(code) ? code : undefined,
        ])
        expect(run.startedBy ?? "person", "R5: a person started the run").toBe("person")
        expect(CoreJson.stringify(run.native), "the vendor's payload names the run").toContain(id)
        const { native: _, ...listedFields } = listed.find(({ ref }) => ref.run === id) ?? expect.fail("not listed")
        const { native: __, ...fields } = run
        expect(listedFields).toEqual(fields)
      }
    }),
  ),

  law("R3, R5", "a run that waits is queued and has no start, where the vendor has a word for that", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { queued: "10 minutes", duration: "10 minutes" })
      yield* testbed.advance("1 minute")
      const waiting = yield* readRun(testbed, ref.run)
      expect([isTerminal(waiting.run.status), waiting.run.finishedAt]).toEqual([false, undefined])
      yield* testbed.advance("14 minutes")
      const working = yield* readRun(testbed, ref.run)
      expect(working.run.status).toBe("running")
      expectTimes(working.run, working.actual, working.answers)
      if (waiting.actual.status === working.actual.status) {
        return yield* testbed.skip("the vendor has no word for a run that waits")
      }
      expect([waiting.run.status, waiting.run.startedAt]).toEqual(["queued", undefined])
      expectTimes(waiting.run, waiting.actual, waiting.answers)
    }),
  ),

  law("R3", "a run that a person stopped is cancelled, where the vendor has a word for that", {}, (testbed) =>
    Effect.gen(function* () {
      const words = new Map<string, string>()
      for (const ends of ["succeeded", "failed"] as const) {
        yield* startForeignRun(testbed, { ends })
        yield* testbed.advance("10 minutes")
        words.set((yield* testbed.actualRuns).at(-1)?.status ?? "", ends)
      }
      const stopped = yield* startForeignRun(testbed, { ends: "cancelled" })
      yield* testbed.advance("10 minutes")
      const { run, actual } = yield* readRun(testbed, stopped)
      const listed = (yield* testbed.run(Stream.runCollect(testbed.runs.list(testbed.sync)))).find(
        ({ ref }) => ref.run === stopped,
      )
      expect([run.status, listed?.status]).toEqual(Array(2).fill(words.get(actual.status) ?? "cancelled"))
      const { accepted } = yield* testbed.run(testbed.runs.wait(testbed.runRef(stopped)))
      expect(accepted).toBe(false)
    }),
  ),

  law(
    "R3, R4",
    "the vendor's word for a success of some rows is partial, also where counts are absent",
    {},
    (testbed) =>
      Effect.gen(function* () {
        testbed.wire.rewrite = (response) => Json.mapResponse(response, (json) => Json.withoutFields(json, countFields))
        yield* startForeignRun(testbed, { rows: { succeeded: 100 } })
        yield* testbed.advance("10 minutes")
        const id = yield* startForeignRun(testbed, { rows: { succeeded: 97, failed: 3 } })
        yield* testbed.advance("10 minutes")
        const [complete] = yield* testbed.actualRuns
        const { run, actual } = yield* readRun(testbed, id)
        if (complete?.status === actual.status) return yield* testbed.skip("the vendor has one word for all successes")
        expect([run.status, run.rows]).toEqual(["partial", {}])
      }),
  ),

  law("R4", "the counts of a run under way are those of its answers", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "10 minutes", rows: { succeeded: 1_000, failed: 200 } })
      yield* testbed.advance("5 minutes")
      const { run, answers } = yield* readRun(testbed, ref.run)
      for (const [name, count] of Object.entries(run.rows)) {
        if (typeof count === "number") expect(answers.haveNumber(count), `${name}: ${count}`).toBe(true)
      }
    }),
  ),

  law("R4", "a count that no number can hold is absent, and never rounded", {}, (testbed) =>
    Effect.gen(function* () {
      const ref = yield* startRun(testbed, { duration: "1 minute", rows: { succeeded: 1_409, failed: 0 } })
      yield* testbed.advance("2 minutes")
      testbed.wire.rewrite = (response) => ({
        ...response,
        body: Wire.response(200, Wire.bodyText(response).replaceAll(/\b1409\b/g, "9007199254740993")).body,
      })
      const result = yield* testbed.result(testbed.runs.get(ref))
      if (result._tag === "Failure") return expect(Errors.reasonTag(result.failure)).toBe("UnexpectedResponse")
      expect(result.success.rows.succeeded).toBe(undefined)
    }),
  ),
]
