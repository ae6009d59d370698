/** The cases of the parts of calls, and of metrics. */

import { named } from "@openretl/core/Telemetry"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import type { OpenedWorkspace, Testbed } from "../../Testbed.ts"
import { startForeignRun } from "../startRun.ts"
import { blockReadsAfterWrite, type Case, fail, interrupt, ofRuns, soon, succeed } from "./cases.ts"

const whenRunning = { whenRunning: "fail" } as const
const unbounded = { concurrency: "unbounded" } as const

/** Lets a call wait for another call on its sync: until that is done, and until the waiting one is interrupted. */
const waitForAnother = Effect.fnUntraced(function* (testbed: Testbed, { runs }: OpenedWorkspace) {
  for (const isInterrupted of [false, true]) {
    const { ref } = yield* testbed.addSync()
    yield* testbed.emulator.addFaults(Fault.slow("start", { latency: "20 seconds" }))
    const first = yield* testbed.begin(testbed.runs.trigger(ref, whenRunning))
    yield* testbed.advance("2 seconds")
    const second = yield* testbed.begin(Effect.exit(runs.trigger(ref, { whenRunning: "adopt" })))
    yield* testbed.advance("2 seconds")
    if (isInterrupted) yield* second.stop
    yield* testbed.advance("2 minutes")
    yield* first.result
    if (!isInterrupted) yield* second.result
  }
})

export const partCases: ReadonlyArray<Case> = [
  ofRuns("a wait for one's turn has its span", {}, { spans: ["openretl.turn.wait"] }, (testbed) =>
    waitForAnother(testbed, testbed),
  ),

  ofRuns("a wait for another process has its span", {}, { spans: ["openretl.lease.wait"] }, (testbed) =>
    Effect.gen(function* () {
      const other = yield* testbed.open({ journal: testbed.journal })
      yield* waitForAnother(testbed, other)
    }),
  ),

  ofRuns(
    "a wait for the rate limit has its span and its metric",
    { isCrowded: true },
    {
      spans: ["openretl.rate_limit.wait"],
      metrics: {
        "openretl.rate_limit.wait": [{ "openretl.operation": "list" }, { "error.type": "interrupted" }],
      },
    },
    (testbed) =>
      Effect.gen(function* () {
        const read = testbed.runs.freshness(testbed.sync, { warnAfter: "1 hour" })
        const busy = Fault.tooManyRequests("list", { retryAfter: "20 seconds" })
        yield* testbed.emulator.addFaults(busy)
        yield* succeed(testbed, read)
        yield* testbed.emulator.addFaults(busy)
        const call = yield* testbed.begin(read)
        yield* testbed.advance("10 seconds")
        yield* call.stop
      }),
  ),

  ofRuns(
    "fence, look-up, poll and request have their spans, on success and on failure; a poll has links to its waits",
    soon,
    {
      spans: ["openretl.fence", "openretl.look_up", "openretl.poll", "request"],
      metrics: { "openretl.polls": [{}, { "error.type": "retl.unauthenticated" }] },
      lines: ["A run was adopted"],
    },
    (testbed) =>
      Effect.gen(function* () {
        const { runs } = testbed
        const lost = Fault.lost("start", { commits: true })
        yield* testbed.emulator.addFaults(lost)
        yield* testbed.exit(runs.trigger(testbed.sync, { ...whenRunning, exclusive: true }))
        yield* testbed.emulator.addFaults(lost)
        blockReadsAfterWrite(testbed)
        yield* fail(testbed, runs.trigger((yield* testbed.addSync()).ref, whenRunning))
        testbed.wire.intercept = () => undefined
        yield* testbed.advance("10 minutes")
        const run = testbed.runRef(yield* startForeignRun(testbed, { duration: "10 minutes" }))
        yield* succeed(testbed, Effect.all([runs.wait(run), runs.wait(run)], unbounded))
        const polls = testbed.emitted().spans.filter(({ name }) => name === "openretl.poll")
        expect(polls.map(({ links }) => links)).toContain(2)
        yield* testbed.emulator.rotateToken
        yield* fail(testbed, runs.wait(run))
        yield* fail(testbed, runs.trigger((yield* testbed.addSync()).ref, whenRunning))
      }),
  ),

  ofRuns(
    "metrics count runs that succeed, runs that fail, and calls that see no end",
    {},
    {
      metrics: {
        "openretl.run.duration": [
          { "openretl.run.verdict": "complete", "openretl.sync.name": "orders" },
          { "openretl.run.verdict": "none", "error.type": "interrupted" },
        ],
        "openretl.rows": [{ "openretl.rows.outcome": "succeeded" }, { "openretl.rows.outcome": "failed" }],
        "openretl.triggers": [
          { "openretl.trigger.result": "started" },
          { "openretl.trigger.result": "interrupted", "error.type": "interrupted" },
        ],
        "openretl.requests": [{ "openretl.status_class": "2xx" }, { "openretl.status_class": "none" }],
        "openretl.journal.open": [{}, {}],
        "openretl.freshness.age": [{ "openretl.sync.name": "orders" }, { "openretl.sync.name": "old orders" }],
      },
    },
    (testbed) =>
      Effect.gen(function* () {
        const { runs, emulator, ids, sync } = testbed
        yield* emulator.script(ids, [
          { duration: "2 minutes", rows: { succeeded: 12, failed: 0 } },
          { duration: "2 minutes", rows: { succeeded: 12, failed: 3 } },
          { duration: "2 minutes", ends: "failed" },
          { ends: "never" },
        ])
        const run = named("orders")(runs.run(sync, whenRunning))
        yield* succeed(testbed, run)
        yield* succeed(testbed, named("orders")(runs.freshness(sync, { warnAfter: "1 hour" })))
        yield* fail(testbed, run)
        yield* fail(testbed, run)
        yield* testbed.advance("2 hours")
        yield* succeed(testbed, named("old orders")(runs.freshness(sync, { warnAfter: "1 hour" })))
        yield* interrupt(testbed, run)
        const waiting = yield* testbed.begin(run)
        yield* testbed.advance("5 minutes")
        yield* waiting.stop
        const verdicts = testbed
          .emitted()
          .series.filter(({ name }) => name === "openretl.run.duration")
          .map(({ attributes }) => attributes["openretl.run.verdict"])
        expect(verdicts).toContain("failed")
        // A request that gets no answer.
        yield* emulator.addFaults(Fault.lost("list", { commits: true, times: Number.POSITIVE_INFINITY }))
        yield* testbed.exit(runs.freshness(sync, { warnAfter: "1 hour" }), "2 days")
      }),
  ),

  ofRuns(
    "how late an end was seen is measured for runs that succeed and for runs that fail, where the vendor reports the end",
    {},
    { metrics: { "openretl.detection.delay": [{}, {}] } },
    (testbed) =>
      Effect.gen(function* () {
        const delays = () =>
          testbed
            .emitted()
            .series.filter(({ name }) => name === "openretl.detection.delay")
            .map(({ count }) => count)
        for (const ends of ["succeeded", "failed"] as const) {
          const run = testbed.runRef(yield* startForeignRun(testbed, { duration: "5 minutes", ends }))
          const finished = yield* succeed(testbed, testbed.runs.wait(run))
          if (finished.run.finishedAt === undefined)
            return yield* testbed.skip("the vendor does not report when a run ended")
          expect(delays()).toEqual([ends === "succeeded" ? 1 : 2])
        }
      }),
  ),
]
