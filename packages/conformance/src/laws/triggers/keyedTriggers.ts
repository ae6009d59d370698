/** Triggers at a vendor that keeps their keys: a trigger whose answer was lost is sent again with its key, and starts one run. */

import type { Options } from "@openretl/core/Trigger"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import { needsKeys, type Setup } from "../../Setup.ts"
import type { Testbed } from "../../Testbed.ts"
import { crashingAt } from "../../testbed/crash.ts"
import * as Errors from "../../testbed/errors.ts"
import { runOf } from "../startRun.ts"

const options: Options = { whenRunning: "fail" }

const answered: Setup = { needs: needsKeys, repeats: "answered" }

/** A `runAppearsWithin` that is longer than every `commitAfter` below, for every vendor. */
const longRunAppearsWithin = { workspace: { runAppearsWithin: "3 minutes" } } as const

const runsOfCalls = (testbed: Testbed) =>
  Effect.map(testbed.actualRuns, (runs) => runs.filter(({ origin }) => origin === "call").map(({ id }) => id))

/** Faults that lose the first answers, whether the vendor starts the run or not. */
const troubles: ReadonlyArray<readonly [string, (commits: boolean) => Fault.Fault]> = [
  ["the connection breaks", (commits) => Fault.lost("start", { commits })],
  ["the connection breaks three times", (commits) => Fault.lost("start", { commits, times: 3 })],
  ["a gateway answers 502", (commits) => Fault.gatewayPage("start", { status: 502, commits })],
  ["a gateway's page with 409", (commits) => Fault.gatewayPage("start", { status: 409, commits })],
  ["a 422 without a body", (commits) => Fault.respond("start", { status: 422, commits })],
  ["no answer at all", (commits) => Fault.never("start", { commits })],
]

export const keyedTriggerLaws: ReadonlyArray<Law> = [
  ...troubles.flatMap(([trouble, fault]) =>
    [true, false].map((commits) =>
      law(
        "T1, T4",
        `a trigger whose answer is lost (${trouble}, ${commits ? "the run starts" : "no run starts"}) is repeated with its key`,
        answered,
        (testbed) =>
          Effect.gen(function* () {
            yield* testbed.emulator.addFaults(fault(commits))
            const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, options))
            expect(result).toMatchObject({ _tag: "Started", guard: "keyed" })
            expect(yield* runsOfCalls(testbed)).toEqual([runOf(result).run])
            expect(yield* testbed.requestCount("start")).toBeGreaterThan(1)
            const run = { run: runOf(result).run }
            expect(yield* testbed.entries).toMatchObject([{ state: "started", run }])
          }),
      ),
    ),
  ),

  law(
    "T4",
    "a trigger that the vendor is still at work on is repeated until it is answered",
    { ...answered, ...longRunAppearsWithin },
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true, commitAfter: "45 seconds" }))
        const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, options))
        expect(result._tag).toBe("Started")
        expect(yield* runsOfCalls(testbed)).toEqual([runOf(result).run])
      }),
  ),

  ...[true, false].map((commits) =>
    law(
      "T3, T4",
      `an error that the vendor keeps is no reason for another key: core looks it up (${commits ? "the run started" : "no run started"})`,
      { ...answered, ...longRunAppearsWithin },
      (testbed) =>
        Effect.gen(function* () {
          yield* testbed.emulator.addFaults(
            Fault.respond("start", { status: 500, body: '{"message":"oops"}', commits, isKept: true }),
          )
          const result = yield* testbed.result(
            testbed.runs.trigger(testbed.sync, { ...options, exclusive: true }),
            "1 hour",
          )
          if (result._tag === "Failure") Errors.requireNotStarted(result.failure)
          expect(result._tag).toBe(commits ? "Success" : "Failure")
          expect(yield* runsOfCalls(testbed)).toEqual(result._tag === "Success" ? [runOf(result.success).run] : [])
        }),
    ),
  ),

  law("T4", "a trigger is repeated neither for a refused token nor for a missing permission", answered, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
      const lost = yield* testbed.begin(
        Effect.exit(testbed.runs.trigger(testbed.sync, { ...options, exclusive: true })),
      )
      yield* testbed.advance("100 millis")
      yield* testbed.emulator.deny(["start"])
      yield* testbed.advance("15 minutes")
      const result = yield* Effect.flatten(lost.result)
      expect(result, "a refusal of a repeated trigger says nothing about the first one").toMatchObject({
        _tag: "Adopted",
        because: "lost-answer",
      })
      expect(yield* runsOfCalls(testbed)).toEqual([runOf(result).run])
    }),
  ),

  ...(["the same key", "no key"] as const).map((which) =>
    law(
      "T10, T3",
      `what a crashed process has left beside another run is settled by its key (the next trigger has ${which})`,
      answered,
      (testbed) =>
        Effect.gen(function* () {
          const key = which === "no key" ? {} : { key: "nightly" }
          yield* testbed.emulator.script(testbed.ids, [{ duration: "1 second" }, { duration: "1 second" }])
          const journal = crashingAt(testbed.journal, { when: "before", operation: "update" })
          const process = yield* testbed.open({ journal, storeWithin: "1 day" })
          yield* testbed.begin(process.runs.trigger(testbed.sync, { ...options, ...key }))
          yield* testbed.advance("10 seconds")
          const [crashed] = yield* runsOfCalls(testbed)
          yield* testbed.emulator.triggerAsStranger(testbed.ids)
          yield* testbed.advance("30 seconds")
          const next = testbed.runs.trigger(testbed.sync, { ...options, ...key, turnWithin: "1 hour" })
          const result = yield* testbed.run(next, "1 hour")
          const runs = yield* runsOfCalls(testbed)
          expect(runs).toEqual(which === "no key" ? [crashed, runOf(result).run] : [crashed])
          expect((yield* testbed.entries).at(-1)).toMatchObject({ state: "started", run: { run: crashed } })
          if (which === "the same key") expect(runOf(result).run).toBe(crashed)
        }),
    ),
  ),

  law("T8, T4", "no trigger is repeated after its caller has left", answered, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: false, latency: "5 seconds" }))
      const caller = yield* testbed.begin(testbed.runs.trigger(testbed.sync, options))
      yield* testbed.advance("2 seconds")
      yield* caller.stop
      yield* testbed.advance("15 minutes")
      expect(yield* testbed.requestCount("start")).toBe(1)
      expect(yield* testbed.actualRuns).toEqual([])
      expect(yield* testbed.entries).toMatchObject([{ state: "not-started" }])
    }),
  ),
]
