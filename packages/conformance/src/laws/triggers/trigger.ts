/** Triggering: how it ends, what core reads before it, and what happens while another run is under way. */

import type { WhenRunning } from "@openretl/core/Trigger"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import { needsFullRuns, needsScopes } from "../../Setup.ts"
import type { Testbed } from "../../Testbed.ts"
import * as Errors from "../../testbed/errors.ts"
import { runOf, startForeignRun } from "../startRun.ts"
import { unknownId } from "../unknownId.ts"
import { endingOf, expectedEnding } from "./whenRunning.ts"

/** Whether the vendor has taken a run of the testbed's sync that it never begins. */
const hasSkippedRun = ({ emulator, ids }: Testbed) =>
  Effect.map(emulator.runsOf(ids), (runs) => runs.some(({ skipped }) => skipped === true))

export const triggerLaws: ReadonlyArray<Law> = [
  law("T1", "an answered trigger returns Started, with its run and its guard", {}, (testbed) =>
    Effect.gen(function* () {
      const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
      const actualRuns = yield* testbed.actualRuns
      expect(result._tag).toBe("Started")
      const { whenBusy, keyedTriggers } = testbed.current.capabilities
      const guard = keyedTriggers ? "keyed" : whenBusy === "refuses" ? "vendor" : "observed"
      expect(result).toMatchObject({ guard })
      expect(actualRuns.map(({ id, origin }) => [id, origin])).toEqual([[runOf(result).run, "call"]])
      expect(runOf(result).acceptedAt).toBeDefined()
      const run = { run: runOf(result).run }
      expect(yield* testbed.run(testbed.runs.pending)).toMatchObject([{ entry: { state: "started", run } }])
    }),
  ),

  law("T7", "a trigger writes nothing but its one request", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.run(testbed.runs.run(testbed.sync, { whenRunning: "fail" }))
      yield* testbed.run(testbed.runs.run(testbed.sync, { whenRunning: "wait" }))
      const writes = yield* testbed.writes
      expect(writes.map(({ operation }) => operation)).toEqual(["start", "start"])
    }),
  ),

  law("T1", "a trigger of a missing sync fails with NotFound, and sends no trigger request", {}, (testbed) =>
    Effect.gen(function* () {
      const ids = Object.fromEntries(Object.entries(testbed.ids).map(([name, id]) => [name, unknownId(id)]))
      const sync = yield* testbed.syncRef(ids)
      const error = yield* testbed.failure(testbed.runs.trigger(sync, { whenRunning: "fail" }))
      expect(Errors.reasonTag(error)).toBe("NotFound")
      expect(Errors.requireRetlError(error).delivery).not.toBe("unknown")
      expect(yield* testbed.requestCount("start")).toBe(0)
    }),
  ),

  law("T1", "a missing permission and a refused token have different errors, and start no run", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.deny(["start"])
      const denied = yield* testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
      expect(Errors.reasonTag(denied)).toBe("PermissionDenied")
      expect(Errors.requireRetlError(denied).delivery).toBe("refused")
      yield* testbed.emulator.deny([])
      yield* testbed.emulator.rotateToken
      const refused = yield* testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
      expect(Errors.reasonTag(refused)).toBe("Unauthenticated")
      expect(Errors.requireRetlError(refused).delivery).not.toBe("unknown")
      expect(yield* testbed.actualRuns).toEqual([])
      expect(yield* testbed.run(testbed.runs.pending)).toEqual([])
    }),
  ),

  law("T2", "core reads the existing runs right before it sends the trigger request", {}, (testbed) =>
    Effect.gen(function* () {
      const existingRun = yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: "1 second" } })
      yield* testbed.advance("1 minute")
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: false }))
      yield* testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
      const calls = yield* testbed.emulator.calls
      const start = calls.findIndex(({ operation }) => operation === "start")
      expect(calls[start - 1]?.operation).toBe("list")
      expect(calls[start - 1]?.at).toBe(calls[start]?.at)
      expect(yield* testbed.entries).toMatchObject([{ request: { fence: { runs: [existingRun], complete: true } } }])
    }),
  ),

  ...[
    ["5xx", Fault.gatewayPage("list", { status: 503, times: Number.POSITIVE_INFINITY })] as const,
    ["lost answers", Fault.lost("list", { commits: false, times: Number.POSITIVE_INFINITY })] as const,
    ["half of its JSON", Fault.truncated("list", { times: Number.POSITIVE_INFINITY })] as const,
  ].map(([trouble, fault]) =>
    law("T2", `a trigger whose fence cannot be read (${trouble}) ends not-sent, and sends nothing`, {}, (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.addFaults(fault)
        const error = yield* testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
        expect(Errors.requireRetlError(error).delivery).toBe("not-sent")
        expect(yield* testbed.requestCount("start")).toBe(0)
        expect(yield* testbed.entries).toEqual([])
      }),
    ),
  ),

  ...(["fail", "skip", "adopt", "wait"] as const).map((whenRunning) =>
    law(
      "T5",
      `with a run under way, "${whenRunning}" ends as ${expectedEnding[whenRunning]}, and nothing is sent meanwhile`,
      {},
      (testbed) =>
        Effect.gen(function* () {
          const runUnderWay = yield* startForeignRun(testbed, { duration: "10 minutes" })
          yield* testbed.advance("1 minute")
          const exit = yield* testbed.exit(testbed.runs.trigger(testbed.sync, { whenRunning }), "1 hour")
          expect(yield* endingOf(exit, runUnderWay)).toBe(expectedEnding[whenRunning])
          const starts = (yield* testbed.emulator.calls).filter(({ operation }) => operation === "start")
          const [firstRun] = yield* testbed.actualRuns
          expect(starts.length).toBe(whenRunning === "wait" ? 1 : 0)
          const finishedAt = firstRun?.finishedAt ?? Number.POSITIVE_INFINITY
          for (const { at } of starts) expect(at).toBeGreaterThanOrEqual(finishedAt)
        }),
    ),
  ),

  ...(["fail", "skip", "adopt", "wait"] as const).map((whenRunning) =>
    law(
      "T5",
      `"${whenRunning}" means the same when the vendor refuses because of a run that no read shows yet`,
      { emulator: { readLag: "20 seconds" } },
      (testbed) =>
        Effect.gen(function* () {
          const runUnderWay = yield* startForeignRun(testbed, { duration: "10 minutes" })
          const secondRun = yield* testbed.emulator.triggerAsStranger(testbed.ids)
          if (secondRun !== undefined) return yield* testbed.skip("the vendor lets runs of one sync overlap")
          const exit = yield* testbed.exit(testbed.runs.trigger(testbed.sync, { whenRunning }), "1 hour")
          if (yield* hasSkippedRun(testbed))
            return yield* testbed.skip("the vendor takes such a trigger, and skips its run")
          expect(yield* endingOf(exit, runUnderWay, false)).toBe(expectedEnding[whenRunning])
          expect((yield* testbed.actualRuns).length).toBe(whenRunning === "wait" ? 2 : 1)
        }),
    ),
  ),

  ...(["fail", "skip", "adopt"] as const).map((whenRunning) =>
    law("T5, R3", `a run whose word no adapter lists is under way for "${whenRunning}"`, {}, (testbed) =>
      Effect.gen(function* () {
        const plan = { ends: "never", words: { running: "BREWING" } } as const
        const runUnderWay = yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan })
        yield* testbed.advance("1 minute")
        const exit = yield* testbed.exit(testbed.runs.trigger(testbed.sync, { whenRunning }))
        expect(yield* endingOf(exit, runUnderWay ?? "")).toBe(expectedEnding[whenRunning])
        expect(yield* testbed.requestCount("start")).toBe(0)
      }),
    ),
  ),

  ...(["fail", "wait"] as const).map((whenRunning) =>
    law(
      "T15",
      `a run that the vendor took and skipped is over, and "${whenRunning}" decides what follows`,
      { emulator: { readLag: "20 seconds" } },
      (testbed) =>
        Effect.gen(function* () {
          yield* startForeignRun(testbed, { duration: "10 minutes" })
          const exit = yield* testbed.exit(testbed.runs.run(testbed.sync, { whenRunning }), "2 hours")
          if (!(yield* hasSkippedRun(testbed))) return yield* testbed.skip("the vendor skips no run")
          const [first, second, ...moreRuns] = yield* testbed.actualRuns
          const result = yield* Effect.result(exit)
          if (whenRunning === "fail") {
            expect(result).toMatchObject({ failure: { _tag: "OutcomeRejected", run: { status: "skipped" } } })
            return expect(second, "no second run").toBeUndefined()
          }
          expect(result._tag === "Success" && result.success.run.ref.run).toBe(second?.id)
          expect(second?.startedAt).toBeGreaterThanOrEqual(first?.finishedAt ?? Infinity)
          expect(moreRuns).toEqual([])
        }),
    ),
  ),

  law("T5", "callers who wait for the same sync share the run that follows", {}, (testbed) =>
    Effect.gen(function* () {
      yield* startForeignRun(testbed, { duration: "10 minutes" })
      yield* testbed.advance("1 minute")
      const callers = Effect.all(
        Array.from({ length: 5 }, () => testbed.runs.trigger(testbed.sync, { whenRunning: "wait" })),
        { concurrency: "unbounded" },
      )
      const results = yield* testbed.run(callers, "1 hour")
      const actualRuns = yield* testbed.actualRuns
      expect(actualRuns.length).toBe(2)
      expect(new Set(results.map((result) => runOf(result).run))).toEqual(new Set([actualRuns[1]?.id]))
    }),
  ),

  law("T5, H6", "whenRunning has no default, and another word is refused before any request", {}, (testbed) =>
    Effect.gen(function* () {
      for (const options of [{}, { whenRunning: "perhaps" }, { whenRunning: undefined }]) {
        const error = yield* testbed.failure(
          testbed.runs.trigger(testbed.sync, options as { readonly whenRunning: WhenRunning }),
        )
        expect(Errors.reasonTag(error)).toBe("InvalidRequest")
        expect(Errors.requireRetlError(error).delivery).toBe("not-sent")
      }
      expect(testbed.wire.sent).toEqual([])
    }),
  ),

  law("T5, T6", "adopt with a full run is refused before any request", { needs: needsFullRuns }, (testbed) =>
    Effect.gen(function* () {
      yield* startForeignRun(testbed, { duration: "10 minutes" })
      const scoped = testbed.scoped ?? (yield* testbed.skip("the vendor has no scopes"))
      const error = yield* testbed.failure(scoped.trigger(testbed.sync, { whenRunning: "adopt", scope: "full" }))
      expect(Errors.reasonTag(error)).toBe("InvalidRequest")
      expect(testbed.wire.sent).toEqual([])
    }),
  ),

  law(
    "T6",
    "a run covers the scope of its call, or else the scope of its workspace",
    { needs: needsScopes },
    (testbed) =>
      Effect.gen(function* () {
        const { scopes } = testbed.current.capabilities
        const expectedScopes: Array<string> = []
        for (const defaultScope of scopes) {
          const workspace = yield* testbed.open({ defaultScope: defaultScope as "full" })
          yield* testbed.run(workspace.runs.trigger(testbed.sync, { whenRunning: "wait" }))
          expectedScopes.push(defaultScope)
          for (const scope of scopes) {
            const scoped = workspace.scoped ?? (yield* testbed.skip("the vendor has no scopes"))
            yield* testbed.run(scoped.trigger(testbed.sync, { whenRunning: "wait", scope }))
            expectedScopes.push(scope)
          }
        }
        expect((yield* testbed.actualRuns).map(({ scope }) => scope)).toEqual(expectedScopes)
      }),
  ),

  law("T6, F4", "a default scope that the vendor does not have is refused with the configuration", {}, (testbed) =>
    Effect.gen(function* () {
      const { scopes } = testbed.current.capabilities
      const scope = scopes.length === 0 ? "full" : "everything"
      const error = yield* testbed.failure(Effect.scoped(testbed.open({ defaultScope: scope as "full" })))
      expect(Errors.invalidFields(error)).toContain("defaultScope")
    }),
  ),

  law(
    "T9",
    "triggers of one sync go one at a time, from fence to settlement",
    { emulator: { latency: "2 seconds", plan: { duration: "1 second" } } },
    (testbed) =>
      Effect.gen(function* () {
        const callers = yield* testbed.begin(
          Effect.all(
            Array.from({ length: 4 }, () => Effect.exit(testbed.runs.trigger(testbed.sync, { whenRunning: "wait" }))),
            { concurrency: "unbounded" },
          ),
        )
        yield* testbed.advance("10 minutes")
        const exits = yield* callers.result
        expect(exits.every(({ _tag }) => _tag === "Success")).toBe(true)
        const calls = yield* testbed.emulator.calls
        const starts = calls.filter(({ operation }) => operation === "start")
        for (const start of starts) {
          const meanwhile = calls.filter(
            ({ index, at, operation }) =>
              index !== start.index && at >= start.at && at < start.at + 2_000 && operation !== "get",
          )
          expect(meanwhile, "no request about the sync between a trigger request and its answer").toEqual([])
        }
        expect((yield* testbed.actualRuns).length).toBe(starts.length)
      }),
  ),
]
