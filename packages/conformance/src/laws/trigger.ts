/** Triggering: how it ends, what is read before it, and what happens while another run is under way. */

import type { Guard } from "@openretl/core/driver/Description"
import type { RunRef } from "@openretl/core/Ref"
import type { Result, WhenRunning } from "@openretl/core/Trigger"
import { Fault } from "@openretl/emulator"
import type * as Emulated from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import { law, needsFullRuns, needsScopes } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"

/** The run of a trigger that ended with one. */
export const runOf = (result: Result): RunRef => {
  if (result._tag === "Skipped") throw new Error("expected a run, found Skipped")
  return result.run
}

const guardOf = ({ guard }: Result): Guard => guard

/** A run of somebody else's that goes on for a while. */
const underWay = (testbed: Testbed, duration: "10 minutes" | "30 minutes" = "10 minutes") =>
  Effect.map(testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration } }), (id) => {
    if (id === undefined) throw new Error("the emulator refused a stranger's run on an idle sync")
    return id
  })

export const trigger = [
  law("T1", "an answered trigger is Started, with the run that it started and the guard it had", {}, (testbed) =>
    Effect.gen(function* () {
      const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
      const truth = yield* testbed.truth
      expect(result._tag).toBe("Started")
      expect(guardOf(result)).toBe(testbed.current.capabilities.guard)
      expect(truth.map(({ id, origin }) => [id, origin])).toEqual([[runOf(result).run, "call"]])
      expect(runOf(result).acceptedAt).toBeDefined()
      expect(yield* testbed.run(testbed.runs.intents)).toEqual([])
    }),
  ),

  law("T7", "a trigger writes nothing but its one request", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.run(testbed.runs.run(testbed.sync, { whenRunning: "fail" }))
      yield* testbed.run(testbed.runs.run(testbed.sync, { whenRunning: "wait" }))
      const writes = (yield* testbed.emulator.calls).filter(({ method }) => method !== "GET")
      expect(writes.map(({ operation }) => operation)).toEqual(["start", "start"])
    }),
  ),

  ...(["paused", "draft"] as const).map((state) =>
    law("T1, T7", `a sync that is ${state} is refused and stays as it is`, { sync: { state } }, (testbed) =>
      Effect.gen(function* () {
        const error = yield* testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
        expect(["NotTriggerable", "InvalidRequest", "Conflict"]).toContain(Errors.reason(error))
        expect(Errors.retl(error).delivery).toBe("refused")
        expect(yield* testbed.truth).toEqual([])
        expect(yield* testbed.count("start")).toBe(1)
        expect(yield* testbed.run(testbed.runs.intents)).toEqual([])
        // Were it enabled now, the next trigger would start a run.
        const again = yield* testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
        expect(Errors.reason(again)).toBe(Errors.reason(error))
      }),
    ),
  ),

  law("T1", "a sync that does not exist is a refusal, and no trigger is sent", {}, (testbed) =>
    Effect.gen(function* () {
      const sync = yield* testbed.refOf(unknownIds(testbed.ids))
      const error = yield* testbed.failure(testbed.runs.trigger(sync, { whenRunning: "fail" }))
      expect(Errors.reason(error)).toBe("NotFound")
      expect(Errors.retl(error).delivery).not.toBe("unknown")
      expect(yield* testbed.count("start")).toBe(0)
    }),
  ),

  law("T1", "a token that is refused, and one that may not trigger, are told apart and start nothing", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.deny(["start"])
      const denied = yield* testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
      expect(Errors.reason(denied)).toBe("PermissionDenied")
      expect(Errors.retl(denied).delivery).toBe("refused")
      yield* testbed.emulator.deny([])
      yield* testbed.emulator.rotateToken
      const refused = yield* testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
      expect(Errors.reason(refused)).toBe("Unauthenticated")
      expect(Errors.retl(refused).delivery).not.toBe("unknown")
      expect(yield* testbed.truth).toEqual([])
      expect(yield* testbed.run(testbed.runs.intents)).toEqual([])
    }),
  ),

  law("T2", "the last thing before the request is a look at the runs that are there", {}, (testbed) =>
    Effect.gen(function* () {
      const before = yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: "1 second" } })
      yield* testbed.pass("1 minute")
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: false }))
      const error = yield* testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
      const calls = yield* testbed.emulator.calls
      const start = calls.findIndex(({ operation }) => operation === "start")
      expect(calls[start - 1]?.operation).toBe("list")
      expect(calls[start - 1]?.at).toBe(calls[start]?.at)
      expect(Errors.indeterminate(error).intent.fence.runs).toContain(before)
      expect(Errors.indeterminate(error).intent.fence.complete).toBe(true)
    }),
  ),

  ...[
    ["5xx", Fault.gatewayPage("list", { status: 503, times: Number.POSITIVE_INFINITY })] as const,
    ["lost answers", Fault.lost("list", { commits: false, times: Number.POSITIVE_INFINITY })] as const,
    ["half of its JSON", Fault.truncated("list", { times: Number.POSITIVE_INFINITY })] as const,
  ].map(([trouble, fault]) =>
    law("T2", `a fence that cannot be read (${trouble}) ends not-sent, and nothing is sent`, {}, (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.addFaults(fault)
        const error = yield* testbed.failure(testbed.runs.trigger(testbed.sync, { whenRunning: "fail" }))
        expect(Errors.retl(error).delivery).toBe("not-sent")
        expect(yield* testbed.count("start")).toBe(0)
        expect(yield* testbed.run(testbed.runs.intents)).toEqual([])
      }),
    ),
  ),

  ...(["fail", "skip", "adopt", "wait"] as const).map((whenRunning) =>
    law(
      "T5",
      `while a run is under way, "${whenRunning}" is what happens, and nothing is sent meanwhile`,
      {},
      (testbed) =>
        Effect.gen(function* () {
          const running = yield* underWay(testbed)
          yield* testbed.pass("1 minute")
          const ended = yield* testbed.exit(testbed.runs.trigger(testbed.sync, { whenRunning }), "1 hour")
          expect(yield* told(ended, running)).toBe(expected[whenRunning])
          const starts = (yield* testbed.emulator.calls).filter(({ operation }) => operation === "start")
          const [first] = yield* testbed.truth
          expect(starts.length).toBe(whenRunning === "wait" ? 1 : 0)
          for (const { at } of starts) expect(at).toBeGreaterThanOrEqual(first?.finishedAt ?? Number.POSITIVE_INFINITY)
        }),
    ),
  ),

  ...(["fail", "skip", "adopt", "wait"] as const).map((whenRunning) =>
    law(
      "T5",
      `a run under way that no read shows yet, and the vendor refuses: "${whenRunning}" means the same`,
      { emulator: { readLag: "20 seconds" } },
      (testbed) =>
        Effect.gen(function* () {
          const running = yield* underWay(testbed)
          const refused = yield* testbed.emulator.triggerAsStranger(testbed.ids)
          if (refused !== undefined) return yield* testbed.skip("the vendor does not refuse a run beside another")
          const ended = yield* testbed.exit(testbed.runs.trigger(testbed.sync, { whenRunning }), "1 hour")
          expect(yield* told(ended, running)).toBe(expected[whenRunning])
          expect((yield* testbed.truth).length).toBe(whenRunning === "wait" ? 2 : 1)
        }),
    ),
  ),

  ...(["fail", "skip", "adopt"] as const).map((whenRunning) =>
    law("T5, R3", `a run under way in a word that nobody listed keeps "${whenRunning}" back too`, {}, (testbed) =>
      Effect.gen(function* () {
        const plan = { ends: "never", words: { running: "BREWING" } } as const
        const running = yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan })
        yield* testbed.pass("1 minute")
        const ended = yield* testbed.exit(testbed.runs.trigger(testbed.sync, { whenRunning }))
        expect(yield* told(ended, running ?? "")).toBe(expected[whenRunning])
        expect(yield* testbed.count("start")).toBe(0)
      }),
    ),
  ),

  law("T5", "callers who wait for the same sync share the run that follows", {}, (testbed) =>
    Effect.gen(function* () {
      yield* underWay(testbed)
      yield* testbed.pass("1 minute")
      const callers = Effect.all(
        Array.from({ length: 5 }, () => testbed.runs.trigger(testbed.sync, { whenRunning: "wait" })),
        { concurrency: "unbounded" },
      )
      const results = yield* testbed.run(callers, "1 hour")
      const truth = yield* testbed.truth
      expect(truth.length).toBe(2)
      expect(new Set(results.map((result) => runOf(result).run))).toEqual(new Set([truth[1]?.id]))
    }),
  ),

  law("T5, H6", "whenRunning has no default, and a word that is none is refused before any request", {}, (testbed) =>
    Effect.gen(function* () {
      for (const options of [{}, { whenRunning: "perhaps" }, { whenRunning: undefined }]) {
        const error = yield* testbed.failure(
          testbed.runs.trigger(testbed.sync, options as { readonly whenRunning: WhenRunning }),
        )
        expect(Errors.reason(error)).toBe("InvalidRequest")
        expect(Errors.retl(error).delivery).toBe("not-sent")
      }
      expect(testbed.wire.seen).toEqual([])
    }),
  ),

  law("T5, T6", "adopting a full run is refused before any request", { needs: needsFullRuns }, (testbed) =>
    Effect.gen(function* () {
      yield* underWay(testbed)
      const scoped = testbed.scoped ?? (yield* testbed.skip("no scopes"))
      const error = yield* testbed.failure(scoped.trigger(testbed.sync, { whenRunning: "adopt", scope: "full" }))
      expect(Errors.reason(error)).toBe("InvalidRequest")
      expect(testbed.wire.seen).toEqual([])
    }),
  ),

  law(
    "T6",
    "a run covers the scope of its call, and without one the scope of the workspace",
    { needs: needsScopes },
    (testbed) =>
      Effect.gen(function* () {
        const { scopes } = testbed.current.capabilities
        const asked: Array<string> = []
        for (const scope of scopes) {
          const configured = yield* testbed.open({ defaultScope: scope })
          yield* testbed.run(configured.runs.trigger(testbed.sync, { whenRunning: "wait" }))
          asked.push(scope)
          for (const named of scopes) {
            const scoped = configured.scoped ?? (yield* testbed.skip("no scopes"))
            yield* testbed.run(scoped.trigger(testbed.sync, { whenRunning: "wait", scope: named }))
            asked.push(named)
          }
        }
        expect((yield* testbed.truth).map(({ scope }) => scope)).toEqual(asked)
      }),
  ),

  law("T6, F4", "a default scope that the vendor does not have is refused with the configuration", {}, (testbed) =>
    Effect.gen(function* () {
      const { scopes } = testbed.current.capabilities
      const wrong = scopes.length === 0 ? "full" : "everything"
      const error = yield* testbed.failure(Effect.scoped(testbed.open({ defaultScope: wrong as "full" })))
      const { reason } = Errors.retl(error)
      expect(reason._tag === "InvalidRequest" ? reason.issues.map(({ path }) => path[0]) : reason).toContain(
        "defaultScope",
      )
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
        yield* testbed.pass("10 minutes")
        const ended = yield* callers.result
        expect(ended.every(({ _tag }) => _tag === "Success")).toBe(true)
        const calls = yield* testbed.emulator.calls
        const starts = calls.filter(({ operation }) => operation === "start")
        for (const start of starts) {
          const meanwhile = calls.filter(
            ({ index, at, operation }) =>
              index !== start.index && at >= start.at && at < start.at + 2_000 && operation !== "get",
          )
          expect(meanwhile, "nothing about this sync between a request and its answer").toEqual([])
        }
        expect((yield* testbed.truth).length).toBe(starts.length)
      }),
  ),
]

/** How a trigger ends that meets a run under way. */
export const expected = { fail: "AlreadyRunning", skip: "Skipped", adopt: "Adopted", wait: "Started" } as const

/** How it ended, in a word, with the run under way named where it has to be. */
export const told = Effect.fnUntraced(function* (ended: Exit.Exit<Result, unknown>, running: string) {
  const result = yield* Effect.result(ended)
  if (result._tag === "Failure") {
    const { reason } = Errors.retl(result.failure)
    if (reason._tag === "AlreadyRunning") expect(reason.run?.run).toBe(running)
    return reason._tag
  }
  const { success } = result
  if (success._tag === "Skipped") expect(success.running?.run).toBe(running)
  if (success._tag === "Adopted") expect([success.run.run, success.because]).toEqual([running, "already-running"])
  if (success._tag === "Started") expect(success.run.run).not.toBe(running)
  return success._tag
})

/** Ids of a sync that is not there, in the form of those that are. */
const unknownIds = (ids: Emulated.Ids): Emulated.Ids =>
  Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, Array.from(id).reverse().join("")]))
