/** The cases of calls about runs. */

import * as Fleet from "@openretl/core/Fleet"
import type { SyncRef } from "@openretl/core/Ref"
import type { CallName } from "@openretl/core/Telemetry"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { needsCancellation, needsScopes } from "../../Setup.ts"
import { type Testbed, workspaceName } from "../../Testbed.ts"
import { startForeignRun } from "../startRun.ts"
import { blockReadsAfterWrite, type Case, fail, interrupt, ofRuns, soon, succeed, withoutLists } from "./cases.ts"

const whenRunning = { whenRunning: "fail" } as const
const fresh = { maxAge: "1 hour", exclusive: true } as const

type Triggers = Readonly<Record<string, (sync: SyncRef) => Effect.Effect<unknown, unknown>>>

/** Triggers that succeed, that are interrupted, and that are refused. */
const triggerAll = Effect.fnUntraced(function* (testbed: Testbed, triggers: Triggers) {
  for (const trigger of Object.values(triggers)) yield* succeed(testbed, trigger((yield* testbed.addSync()).ref))
  for (const [name, trigger] of Object.entries(triggers)) {
    yield* interrupt(testbed, trigger((yield* testbed.addSync()).ref))
    expectInterrupted(testbed, name)
  }
  yield* testbed.emulator.rotateToken
  for (const trigger of Object.values(triggers)) yield* fail(testbed, trigger((yield* testbed.addSync()).ref))
})

const expectInterrupted = (testbed: Testbed, name: string): void => {
  const ends = testbed.emitted().spans.filter((span) => span.name === name)
  expect(ends.map(({ attributes }) => attributes.get("error.type"))).toContain("interrupted")
}

/** Leaves an entry open: the answer to its trigger is lost, and no read says what became of it. */
const leaveOpen = Effect.fnUntraced(function* (testbed: Testbed, key?: string) {
  const { ref } = yield* testbed.addSync()
  blockReadsAfterWrite(testbed)
  yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
  yield* fail(testbed, testbed.runs.trigger(ref, { ...whenRunning, ...(key !== undefined && { key }) }))
  testbed.wire.intercept = () => undefined
  const [entry] = yield* testbed.entries
  return entry ?? expect.fail("the journal has no entry")
})

export const runCases: ReadonlyArray<Case> = [
  ofRuns(
    "triggers have their spans, metrics and log lines, on success, on failure and on an interrupt",
    {},
    {
      spans: ["Runs.trigger", "Runs.run", "Runs.ensure", "openretl.fence", "request"],
      metrics: {
        "openretl.triggers": [
          { "openretl.trigger.result": "started" },
          { "openretl.trigger.result": "not-sent", "error.type": "retl.unauthenticated" },
        ],
        "openretl.requests": [{ "openretl.status_class": "2xx" }, { "openretl.status_class": "4xx" }],
      },
      lines: ["A trigger has ended", "A run has ended", "A request has ended"],
    },
    (testbed) =>
      triggerAll(testbed, {
        "Runs.trigger": (sync) => testbed.runs.trigger(sync, whenRunning),
        "Runs.run": (sync) => testbed.runs.run(sync, whenRunning),
        "Runs.ensure": (sync) => testbed.runs.ensure(sync, fresh),
      }),
  ),

  ofRuns(
    "triggers with a scope have their spans, on success, on failure and on an interrupt",
    { needs: needsScopes },
    { spans: ["ScopedTriggers.trigger", "ScopedTriggers.run", "ScopedTriggers.ensure"] },
    (testbed) => {
      const { scoped, current } = testbed
      const [scope] = current.capabilities.scopes
      if (scoped === undefined || scope === undefined) return testbed.skip("the vendor has no scopes")
      return triggerAll(testbed, {
        "ScopedTriggers.trigger": (sync) => scoped.trigger(sync, { ...whenRunning, scope }),
        "ScopedTriggers.run": (sync) => scoped.run(sync, { ...whenRunning, scope }),
        "ScopedTriggers.ensure": (sync) => scoped.ensure(sync, { ...fresh, scope }),
      })
    },
  ),

  ofRuns(
    "reads of runs have their spans, on success, on failure and on an interrupt",
    {},
    {
      spans: [
        "Runs.get",
        "Runs.list",
        "Runs.freshness",
        "Runs.wait",
        "Runs.watch",
        "Runs.check",
        "Runs.notice",
        "CurrentWorkspace.check",
      ],
    },
    (testbed) =>
      Effect.gen(function* () {
        const { runs, current, sync, runRef } = testbed
        const run = runRef(yield* startForeignRun(testbed, { duration: "1 minute" }))
        yield* testbed.advance("10 minutes")
        const reads = {
          "Runs.get": runs.get(run),
          "Runs.list": Stream.runDrain(runs.list(sync)),
          "Runs.freshness": runs.freshness(sync, { warnAfter: "1 hour" }),
          "Runs.wait": runs.wait(run),
          "Runs.watch": Stream.runDrain(runs.watch(run)),
          "Runs.check": runs.check(run),
          "CurrentWorkspace.check": current.check(sync),
        } satisfies { readonly [Name in CallName]?: Effect.Effect<unknown, unknown> }
        for (const read of Object.values<Effect.Effect<unknown, unknown>>(reads)) yield* succeed(testbed, read)
        yield* succeed(testbed, runs.notice(sync))
        for (const [name, read] of Object.entries<Effect.Effect<unknown, unknown>>(reads)) {
          yield* interrupt(testbed, read)
          expectInterrupted(testbed, name)
        }
        yield* fail(testbed, runs.notice(yield* testbed.syncRef(testbed.ids, "elsewhere")))
        yield* testbed.emulator.rotateToken
        // A check returns its trouble.
        for (const read of Object.values<Effect.Effect<unknown, unknown>>(reads))
          yield* testbed.exit(read, "30 minutes")
      }),
  ),

  ofRuns(
    "what goes on with an entry has its spans and log lines, on success and on failure",
    soon,
    {
      spans: ["Runs.pending", "Runs.resolve", "Runs.resume", "Runs.settle", "openretl.look_up"],
      lines: [
        "The answer to a trigger was lost: core looks up what became of it",
        "A trigger may have started a run: its entry stays open",
        "An entry was settled by hand",
      ],
    },
    (testbed) =>
      Effect.gen(function* () {
        const { runs } = testbed
        const settled = yield* leaveOpen(testbed)
        const resolved = yield* leaveOpen(testbed, "an occasion")
        const open = testbed.emitted().series.filter(({ name }) => name === "openretl.journal.open")
        expect(open.length, "the series of openretl.journal.open").toBe(1)
        yield* succeed(testbed, runs.pending)
        yield* testbed.advance("1 hour")
        yield* succeed(testbed, runs.settle(settled, "not-started"))
        yield* succeed(testbed, runs.resolve(resolved))
        yield* succeed(testbed, runs.run((yield* testbed.addSync()).ref, { ...whenRunning, key: "another occasion" }))
        const [entry] = yield* testbed.entries
        yield* succeed(testbed, runs.resume(entry ?? expect.fail("the journal has no entry")))
        const elsewhere = { ...resolved, sync: yield* testbed.syncRef(testbed.ids, "elsewhere") }
        yield* fail(testbed, runs.resolve(elsewhere))
        yield* fail(testbed, runs.resume(elsewhere))
        yield* fail(testbed, runs.settle(elsewhere, "not-started"))
        const blind = yield* testbed.openBeside({ journal: withoutLists(testbed) })
        yield* fail(testbed, blind.runs.pending)
      }),
  ),

  ofRuns(
    "a cancel has its span, on success, on failure and on an interrupt",
    { needs: needsCancellation },
    { spans: ["Cancellation.cancel", "openretl.look_up"] },
    (testbed) =>
      Effect.gen(function* () {
        const { cancellation } = testbed
        if (cancellation === undefined) return yield* testbed.skip("the vendor cannot cancel a run")
        const run = testbed.runRef(yield* startForeignRun(testbed, { ends: "never" }))
        yield* testbed.advance("1 minute")
        yield* interrupt(testbed, cancellation.cancel(run))
        yield* succeed(testbed, cancellation.cancel(run))
        yield* testbed.advance("10 minutes")
        for (const commits of [true, false]) {
          const { ids, ref } = yield* testbed.addSync()
          const started = yield* testbed.emulator.triggerAsStranger(ids, { plan: { ends: "never" } })
          yield* testbed.emulator.addFaults(Fault.lost("cancel", { commits }))
          const lost = cancellation.cancel(testbed.runRef(started ?? expect.fail("no run"), ref))
          yield* testbed.exit(lost)
        }
        const other = testbed.runRef(yield* startForeignRun(testbed, { ends: "never" }))
        yield* testbed.emulator.rotateToken
        yield* fail(testbed, cancellation.cancel(other))
      }),
  ),

  ofRuns(
    "a batch has its span, on success, on failure and on an interrupt",
    {},
    { spans: ["Fleet.runAll"] },
    (testbed) =>
      Effect.gen(function* () {
        const fleet = yield* Fleet.make({ [workspaceName]: testbed.workspace })
        const batch = fleet.runAll([{ name: "orders", sync: testbed.sync }], whenRunning)
        yield* interrupt(testbed, batch)
        expectInterrupted(testbed, "Fleet.runAll")
        yield* succeed(testbed, batch)
        yield* fail(testbed, fleet.runAll([], { ...whenRunning, concurrency: 0 }))
        const spans = testbed.emitted().spans.filter(({ name }) => name === "Fleet.runAll")
        expect(spans.map(({ attributes }) => attributes.get("openretl.jobs"))).toEqual([1, 1, 0])
      }),
  ),
]
