/** After the trigger, every way to end names the run, and the journal has it. */

import type { RunOptions } from "@openretl/core/Runs"
import { WaitDeadlineExceeded } from "@openretl/core/Wait"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import type { Testbed } from "../../Testbed.ts"
import * as Errors from "../../testbed/errors.ts"

const whenRunning = { whenRunning: "fail" } as const

/** A way in which `run` ends after its trigger, although its run goes on. */
interface Ending {
  readonly title: string
  readonly options: RunOptions
  /** What happens a minute after the trigger. */
  readonly happen: (testbed: Testbed) => Effect.Effect<unknown>
  /** Returns the run that the error names. */
  readonly named: (error: unknown) => string | undefined
  /** What ends the trouble. */
  readonly mend: (testbed: Testbed) => Effect.Effect<unknown>
}

const namedByRetlError = (error: unknown) => Errors.requireRetlError(error).run?.run
const isDown = (testbed: Testbed) =>
  testbed.emulator.addFaults(
    ...(["get", "list"] as const).map((operation) =>
      Fault.gatewayPage(operation, { status: 503, times: Number.POSITIVE_INFINITY }),
    ),
  )

const endings: ReadonlyArray<Ending> = [
  {
    title: "a deadline",
    options: { ...whenRunning, deadline: "10 minutes" },
    happen: () => Effect.void,
    named: (error) => (error instanceof WaitDeadlineExceeded ? error.ref.run : undefined),
    mend: () => Effect.void,
  },
  {
    title: "an outage until the deadline",
    options: { ...whenRunning, deadline: "6 hours" },
    happen: isDown,
    named: (error) => (error instanceof WaitDeadlineExceeded ? error.ref.run : Errors.requireRetlError(error).run?.run),
    mend: ({ emulator }) => emulator.clearFaults,
  },
  {
    title: "a refused token",
    options: whenRunning,
    // The process that goes on has the new token.
    happen: ({ emulator }) => emulator.rotateToken,
    named: namedByRetlError,
    mend: () => Effect.void,
  },
  {
    title: "a missing permission",
    options: whenRunning,
    happen: ({ emulator }) => emulator.deny(["get", "list"]),
    named: namedByRetlError,
    mend: ({ emulator }) => emulator.deny([]),
  },
]

/** Expects that the journal has the run of the only trigger, and that another process goes on with it to its end. */
const expectResumable = Effect.fnUntraced(function* (testbed: Testbed) {
  const [actualRun, ...moreRuns] = yield* testbed.actualRuns
  expect([actualRun !== undefined, moreRuns]).toEqual([true, []])
  const run = { run: actualRun?.id }
  const other = yield* testbed.open({ journal: testbed.journal })
  const [pending, ...morePending] = yield* testbed.run(other.runs.pending)
  expect(morePending).toEqual([])
  expect(pending).toMatchObject({ entry: { state: "started", run } })
  if (pending?.entry.kind !== "trigger") return expect.fail("the journal has no trigger")
  const resumed = yield* testbed.run(other.runs.resume(pending.entry), "2 days")
  expect(resumed).toMatchObject({ _tag: "Finished", finished: { how: "joined", run: { ref: run } } })
  expect(yield* testbed.entries).toMatchObject([{ state: "finished", run }])
  expect(yield* testbed.requestCount("start")).toBe(1)
  return actualRun?.id
})

export const endingLaws: ReadonlyArray<Law> = [
  ...endings.map(({ title, options, happen, named, mend }) =>
    law(
      "T12",
      `${title} after the trigger names the run, and another process goes on with it`,
      { emulator: { plan: { duration: "20 hours" } } },
      (testbed) =>
        Effect.gen(function* () {
          const caller = yield* testbed.begin(Effect.flip(testbed.runs.run(testbed.sync, options)))
          yield* testbed.advance("1 minute")
          yield* happen(testbed)
          yield* testbed.advance("8 hours")
          const error = yield* caller.result
          yield* mend(testbed)
          expect(named(error)).toBe(yield* expectResumable(testbed))
          expect(error).toMatchObject({ how: "started" })
        }),
    ),
  ),

  ...([0, 150, 1_000, 60_000] as const).map((millis) =>
    law(
      "T12, T8",
      `an interrupt ${millis} ms after the answer leaves the run in the journal`,
      { emulator: { latency: "100 millis", plan: { duration: "20 minutes" } } },
      (testbed) =>
        Effect.gen(function* () {
          const caller = yield* testbed.begin(testbed.runs.run(testbed.sync, whenRunning))
          yield* testbed.advance(1)
          while ((yield* testbed.actualRuns).length === 0) yield* testbed.advance("10 millis")
          yield* testbed.advance(millis)
          yield* caller.stop
          yield* testbed.advance("1 second")
          yield* expectResumable(testbed)
        }),
    ),
  ),

  law("T12", "a run that its caller's policy does not accept is named", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.script(testbed.ids, [{ ends: "failed" }])
      const error = yield* testbed.failure(testbed.runs.run(testbed.sync, whenRunning), "1 hour")
      const [actualRun] = yield* testbed.actualRuns
      expect(error).toMatchObject({ _tag: "OutcomeRejected", how: "started", run: { ref: { run: actualRun?.id } } })
      expect(yield* testbed.entries).toMatchObject([
        { state: "finished", status: "failed", run: { run: actualRun?.id } },
      ])
    }),
  ),
]
