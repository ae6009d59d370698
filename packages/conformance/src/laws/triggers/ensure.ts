/** Making data fresh: a run that was there, a run under way, or one trigger of all who want it. */

import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import type { Testbed } from "../../Testbed.ts"

const hourly = { maxAge: "1 hour", exclusive: true } as const

/** A `runAppearsWithin` that is longer than every `commitAfter` below, for every vendor. */
const longRunAppearsWithin = { runAppearsWithin: "3 minutes" } as const

/** What happens to the request of the trigger. */
const troubles: ReadonlyArray<readonly [string, ReadonlyArray<Fault.Fault>]> = [
  ["the answer comes", []],
  ["the answer is slow", [Fault.slow("start", { latency: "40 seconds" })]],
  ["the answer is lost", [Fault.lost("start", { commits: true })]],
  ["the run appears 81 s after a lost answer", [Fault.lost("start", { commits: true, commitAfter: "81 seconds" })]],
  ["the request never left", [Fault.unreachable("start", { times: 2 })]],
]

const startedByCalls = ({ actualRuns }: Testbed) =>
  Effect.map(actualRuns, (runs) => runs.filter(({ origin }) => origin === "call").map(({ id }) => id))

export const ensureLaws: ReadonlyArray<Law> = [
  ...troubles.map(([trouble, faults]) =>
    law(
      "T11",
      `ten callers in three processes who want fresh data trigger once (${trouble})`,
      { workspace: longRunAppearsWithin, emulator: { latency: "100 millis" } },
      (testbed) =>
        Effect.gen(function* () {
          yield* testbed.emulator.script(testbed.ids, [{ duration: "10 minutes" }])
          yield* testbed.emulator.addFaults(...faults)
          const { journal } = testbed
          const processes = [testbed, yield* testbed.open({ journal }), yield* testbed.open({ journal })]
          const callers = Array.from({ length: 10 }, (_, index) =>
            (processes[index % 3] ?? testbed).runs.ensure(testbed.sync, hourly),
          )
          const ends = yield* testbed.run(Effect.all(callers, { concurrency: "unbounded" }), "1 hour")
          const runs = yield* startedByCalls(testbed)
          expect(runs.length, "one run").toBe(1)
          expect(new Set(ends.map(({ run }) => run.ref.run))).toEqual(new Set(runs))
          expect(ends.filter(({ how }) => how === "joined").length).toBe(9)
          const before = (yield* testbed.writes).length
          const later = yield* testbed.run(testbed.runs.ensure(testbed.sync, hourly))
          expect([later.how, later.accepted, later.run.ref.run]).toEqual(["fresh", true, runs[0]])
          expect((yield* testbed.writes).length).toBe(before)
        }),
    ),
  ),

  law("T11", "a run that somebody else has started makes data fresh, once it is accepted", {}, (testbed) =>
    Effect.gen(function* () {
      const plan = { duration: "20 minutes" } as const
      const run = yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan })
      yield* testbed.advance("5 minutes")
      const joined = yield* testbed.run(testbed.runs.ensure(testbed.sync, hourly), "30 minutes")
      expect([joined.how, joined.run.ref.run]).toEqual(["joined", run])
      yield* testbed.advance("10 minutes")
      const fresh = yield* testbed.run(testbed.runs.ensure(testbed.sync, hourly))
      expect([fresh.how, fresh.run.ref.run]).toEqual(["fresh", run])
      expect(yield* testbed.writes).toEqual([])
    }),
  ),

  law("T11", "after a run of somebody else that fails, or that is too old, a call triggers once", {}, (testbed) =>
    Effect.gen(function* () {
      const plan = { duration: "20 minutes", ends: "failed" } as const
      yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan })
      yield* testbed.advance("5 minutes")
      const first = yield* testbed.run(testbed.runs.ensure(testbed.sync, hourly), "1 hour")
      expect(first.how).toBe("started")
      yield* testbed.advance("2 hours")
      yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: "90 minutes" } })
      yield* testbed.advance("80 minutes")
      const second = yield* testbed.run(testbed.runs.ensure(testbed.sync, hourly), "1 hour")
      expect(second.how).toBe("started")
      expect(yield* startedByCalls(testbed)).toEqual([first.run.ref.run, second.run.ref.run])
    }),
  ),
]
