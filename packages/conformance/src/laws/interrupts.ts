/** Interrupting a trigger: before its request nothing is left behind, after it the intent is never lost. */

import type { SyncRef } from "@openretl/core/Ref"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import * as Random from "../internal/random.ts"
import { type Law, law } from "../Law.ts"
import type { Made, Testbed } from "../Testbed.ts"
import { runOf } from "./trigger.ts"

const exclusive = { whenRunning: "fail", exclusive: true } as const
const settles = { workspace: { runAppearsWithin: "3 minutes" } } as const

/** Triggers and gives up after so long, then lets everything come to rest. Yields the run, if it had come by then. */
const giveUpAfter = Effect.fnUntraced(function* (testbed: Testbed, sync: SyncRef, millis: number) {
  const caller = yield* testbed.begin(Effect.result(testbed.runs.trigger(sync, exclusive)))
  yield* testbed.pass(1 + millis)
  yield* caller.stop
  const ended = yield* caller.exit
  yield* testbed.pass("15 minutes")
  return Exit.isSuccess(ended) && Result.isSuccess(ended.value) ? runOf(ended.value.success).run : undefined
})

/** What the caller has, what is in the store and what is true about a sync agree; what is open can be resolved. */
const settled = Effect.fnUntraced(function* (testbed: Testbed, { ids, ref }: Made, told?: string) {
  const own = (yield* testbed.emulator.runsOf(ids)).filter(({ origin }) => origin === "call")
  expect(own.length, "T4: at most one run").toBeLessThanOrEqual(1)
  const records = (yield* testbed.store.all("testbed")).filter(({ intent }) => String(intent.sync) === String(ref))
  expect(records.length).toBeLessThanOrEqual(1)
  const [record] = records
  if (record === undefined) return expect(told, "a run whose intent is gone is in the caller's hands").toBe(own[0]?.id)
  const resolution = yield* testbed.run(testbed.runs.resolve(record.intent))
  expect(resolution._tag === "Started" ? resolution.run.run : resolution._tag).toBe(own[0]?.id ?? "NotStarted")
})

export const interrupts: ReadonlyArray<Law> = [
  law("T8", "interrupted while the fence is read: nothing is sent and nothing is left", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.addFaults(Fault.slow("list", { latency: "10 seconds" }))
      yield* giveUpAfter(testbed, testbed.sync, 5_000)
      expect(yield* testbed.count("start")).toBe(0)
      expect(yield* testbed.store.all("testbed")).toEqual([])
      const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, exclusive))
      expect(result._tag, "the sync's turn is given back").toBe("Started")
    }),
  ),

  law(
    "T8",
    "Effect.timeout around a trigger whose answer is slow: it is settled, and resolve tells the run",
    {},
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.addFaults(Fault.slow("start", { latency: "40 seconds" }))
        const ended = yield* testbed.exit(Effect.timeout(testbed.runs.trigger(testbed.sync, exclusive), "10 seconds"))
        expect(Exit.isFailure(ended)).toBe(true)
        yield* testbed.pass("5 minutes")
        const [record] = yield* testbed.run(testbed.runs.intents)
        const truth = yield* testbed.truth
        expect(truth.length).toBe(1)
        expect(record?.resolution).toMatchObject({ _tag: "Started", run: { run: truth[0]?.id } })
        if (record === undefined) return
        expect(yield* testbed.run(testbed.runs.resolve(record.intent))).toMatchObject({ run: { run: truth[0]?.id } })
        expect(yield* testbed.run(testbed.runs.intents)).toEqual([])
        expect(yield* testbed.count("start")).toBe(1)
      }),
  ),

  ...[
    ["lost, and the run comes 81 s later", Fault.lost("start", { commits: true, commitAfter: "81 seconds" })] as const,
    ["lost, and no run comes", Fault.lost("start", { commits: false })] as const,
    [
      "never there, and the run comes late",
      Fault.never("start", { commits: true, commitAfter: "150 seconds" }),
    ] as const,
  ].map(([how, fault]) =>
    law("T8, T3", `interrupted while the answer is ${how}`, settles, (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.addFaults(fault)
        yield* giveUpAfter(testbed, testbed.sync, 5_000)
        expect(yield* testbed.count("start")).toBe(1)
        yield* settled(testbed, { ids: testbed.ids, ref: testbed.sync })
      }),
    ),
  ),

  law("T8, T4", "interrupted at any moment", { ...settles, emulator: { latency: "100 millis" } }, (testbed) =>
    Effect.gen(function* () {
      const random = Random.make(8)
      for (let moment = 0; moment < 360; moment += 1 + random.int(18)) {
        const made = yield* testbed.addSync()
        yield* settled(testbed, made, yield* giveUpAfter(testbed, made.ref, moment))
      }
    }),
  ),

  law("T8, T4", "interrupted at any moment, on a bad line", { ...settles, emulator: { seed: 3 } }, (testbed) =>
    Effect.gen(function* () {
      const random = Random.make(9)
      const always = { times: Number.POSITIVE_INFINITY, chance: 0.25 }
      yield* testbed.emulator.addFaults(
        Fault.lost("start", { ...always, commits: true, latency: "200 millis" }),
        Fault.lost("start", { ...always, commits: true, latency: "50 millis", commitAfter: "60 seconds" }),
        Fault.lost("start", { ...always, commits: false, latency: "100 millis" }),
        Fault.gatewayPage("list", { ...always, latency: "300 millis" }),
        Fault.slow("any", { ...always, chance: 1, latency: "150 millis" }),
      )
      for (let round = 0; round < 30; round++) {
        const made = yield* testbed.addSync()
        yield* settled(testbed, made, yield* giveUpAfter(testbed, made.ref, random.int(1_500)))
      }
    }),
  ),

  law(
    "T8",
    "closing the workspace meanwhile leaves the intent in the store, for the next process",
    settles,
    (testbed) =>
      Effect.gen(function* () {
        const scope = yield* Scope.make()
        const closing = yield* Scope.provide(testbed.open({ intents: testbed.store }), scope)
        yield* testbed.emulator.addFaults(Fault.slow("start", { latency: "30 seconds", commitAfter: "10 seconds" }))
        const caller = yield* testbed.begin(closing.runs.trigger(testbed.sync, exclusive))
        yield* testbed.pass("5 seconds")
        yield* testbed.run(Scope.close(scope, Exit.void))
        yield* testbed.pass("1 second")
        yield* caller.exit
        yield* testbed.pass("5 minutes")
        yield* settled(testbed, { ids: testbed.ids, ref: testbed.sync })
        expect((yield* testbed.truth).length).toBe(1)
        // A workspace that is closed sends nothing any more.
        const before = testbed.wire.seen.length
        yield* testbed.exit(closing.runs.trigger(testbed.sync, exclusive))
        expect(testbed.wire.seen.length).toBe(before)
      }),
  ),

  ...[true, false].map((tells) =>
    law(
      "T3, T4",
      `forty triggers on a bad line, ${tells ? "with" : "without"} the vendor's clock: one run each, every run told rightly`,
      { ...settles, vendorClock: { tells } },
      (testbed) =>
        Effect.gen(function* () {
          const always = { times: Number.POSITIVE_INFINITY, chance: 0.2 }
          yield* testbed.emulator.addFaults(
            Fault.lost("start", { ...always, commits: true }),
            Fault.lost("start", { ...always, commits: false }),
            Fault.never("start", { ...always, commits: true, commitAfter: "81 seconds" }),
            Fault.gatewayPage("start", { ...always, commits: true, status: 504 }),
            Fault.gatewayPage("list", { ...always, status: 503 }),
            Fault.truncated("any", { ...always, chance: 0.1 }),
          )
          const told: Array<string> = []
          let calls = 0
          for (let round = 0; round < 40; round++) {
            const ended = yield* testbed.exit(Effect.result(testbed.runs.trigger(testbed.sync, exclusive)), "1 hour")
            const result = yield* ended
            calls++
            if (result._tag === "Success") told.push(runOf(result.success).run)
            else if (result.failure._tag === "TriggerIndeterminate") {
              const resolution = yield* testbed.run(testbed.runs.resolve(result.failure.intent), "1 hour")
              if (resolution._tag === "Started") told.push(resolution.run.run)
              else expect(resolution).toMatchObject({ _tag: "NotStarted" })
            } else expect(Errors.retl(result.failure).delivery).not.toBe("unknown")
            yield* testbed.pass("30 minutes")
          }
          const truth = (yield* testbed.truth).map(({ id }) => id)
          expect(truth.length).toBeLessThanOrEqual(calls)
          expect(told).toEqual(truth)
          expect(truth.length, "the line is not that bad").toBeGreaterThan(10)
        }),
    ),
  ),
]
