/** Triggers whose answer is lost: the run is found or left to the caller, and never started twice. */

import * as IntentModule from "@openretl/core/schema/Intent"
import type { Options } from "@openretl/core/Trigger"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import { type Law, law, needsFullRuns, needsOwnSchedule } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"
import { runOf } from "./trigger.ts"

const exclusive: Options = { whenRunning: "fail", exclusive: true }
const shared: Options = { whenRunning: "fail" }

/** A settle window that covers the late commits below, whatever the vendor's own is. */
const settles = { workspace: { runAppearsWithin: "3 minutes" } } as const

/** The vendor tells nothing of its own clock. */
const silent = { vendorClock: { tells: false } } as const

/** Exactly one request, and the run of this call, if there is one, is the one that was named. */
const onlyOnce = Effect.fnUntraced(function* (testbed: Testbed, named?: string) {
  expect(yield* testbed.count("start"), "T4: one request").toBe(1)
  const own = (yield* testbed.truth).filter(({ origin }) => origin === "call")
  expect(own.length, "T4: at most one run").toBeLessThanOrEqual(1)
  if (named !== undefined) expect(named).toBe(own[0]?.id)
})

/** Ways for the answer to be lost after the vendor did what was asked, at once or late. */
const committed: ReadonlyArray<readonly [string, Fault.Fault]> = [
  ["the line breaks", Fault.lost("start", { commits: true })],
  ["a gateway answers 502", Fault.gatewayPage("start", { status: 502, commits: true })],
  ["a gateway answers 504", Fault.gatewayPage("start", { status: 504, commits: true })],
  ["a 500 in JSON", Fault.respond("start", { status: 500, body: '{"error":"oops"}', commits: true })],
  ["a 200 with an empty body", Fault.emptyBody("start")],
  ["a 200 with half of its JSON", Fault.truncated("start")],
  ["a 200 with other JSON", Fault.respond("start", { status: 200, body: '{"ok":true}', commits: true })],
  ["a 200 without end", Fault.respond("start", { status: 200, body: "x".repeat(9 * 1024 * 1024), commits: true })],
  ["a redirect", Fault.respond("start", { status: 307, headers: { location: "/elsewhere" }, commits: true })],
  ["no answer at all", Fault.never("start", { commits: true })],
  ["the line breaks, and the run comes 81 s later", Fault.lost("start", { commits: true, commitAfter: "81 seconds" })],
  [
    "our deadline ends, and the run comes after it",
    Fault.never("start", { commits: true, commitAfter: "200 seconds" }),
  ],
]

const uncommitted: ReadonlyArray<readonly [string, Fault.Fault]> = [
  ["the line breaks", Fault.lost("start", { commits: false })],
  ["a gateway answers 502", Fault.gatewayPage("start", { status: 502 })],
  ["no answer at all", Fault.never("start", { commits: false })],
]

export const lostAnswers: ReadonlyArray<Law> = [
  ...committed.map(([how, fault]) =>
    law("T1, T3, T4, R1", `the run exists and its answer is lost (${how}): it is adopted`, settles, (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.script(testbed.ids, [{ duration: "2 minutes" }])
        yield* testbed.emulator.addFaults(fault)
        const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, exclusive))
        expect(result).toMatchObject({ _tag: "Adopted", because: "lost-answer", evidence: expect.stringMatching(/./) })
        yield* onlyOnce(testbed, runOf(result).run)
        expect((yield* testbed.run(testbed.runs.get(runOf(result)))).ref.run).toBe(runOf(result).run)
        expect(yield* testbed.run(testbed.runs.intents)).toEqual([])
      }),
    ),
  ),

  ...uncommitted.map(([how, fault]) =>
    law(
      "T3, T4",
      `no run exists and the answer is lost (${how}): it is said to be open, then NotStarted`,
      {},
      (testbed) =>
        Effect.gen(function* () {
          yield* testbed.emulator.addFaults(fault)
          const error = Errors.indeterminate(yield* testbed.failure(testbed.runs.trigger(testbed.sync, exclusive)))
          expect(error.candidates).toEqual([])
          expect((yield* testbed.run(testbed.runs.intents)).map(({ intent }) => intent.id)).toEqual([error.intent.id])
          const resolution = yield* testbed.run(testbed.runs.resolve(error.intent))
          expect(resolution._tag).toBe("NotStarted")
          expect(yield* testbed.run(testbed.runs.intents)).toEqual([])
          yield* onlyOnce(testbed)
          expect(yield* testbed.truth).toEqual([])
        }),
    ),
  ),

  ...(
    [
      ["at once", Fault.lost("start", { commits: true })],
      ["81 s later", Fault.lost("start", { commits: true, commitAfter: "81 seconds" })],
      ["never", Fault.lost("start", { commits: false })],
    ] as const
  ).map(([when, fault]) =>
    law(
      "T3, T4",
      `the answer is lost, the run comes ${when}, and the vendor tells no time`,
      { ...settles, ...silent },
      (testbed) =>
        Effect.gen(function* () {
          yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: "1 second" } })
          yield* testbed.pass("1 hour")
          yield* testbed.emulator.addFaults(fault)
          const ended = yield* Effect.result(yield* testbed.exit(testbed.runs.trigger(testbed.sync, exclusive)))
          if (ended._tag === "Success") return yield* onlyOnce(testbed, runOf(ended.success).run)
          expect(when, "a run that came is found").toBe("never")
          const { intent } = Errors.indeterminate(ended.failure)
          expect((yield* testbed.run(testbed.runs.resolve(intent)))._tag).toBe("NotStarted")
        }),
    ),
  ),

  law("T4", "a request that provably never left is tried again, and starts one run", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.addFaults(Fault.unreachable("start", { times: 2 }))
      const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, shared))
      expect(result._tag).toBe("Started")
      expect(yield* testbed.count("start")).toBe(3)
      expect((yield* testbed.truth).map(({ id }) => id)).toEqual([runOf(result).run])
    }),
  ),

  law("T4, B2", "a 429 to the trigger is waited out, and one run starts", { isCrowded: true }, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.addFaults(Fault.tooManyRequests("start", { retryAfter: "20" }))
      const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, shared))
      expect(result._tag).toBe("Started")
      const starts = (yield* testbed.emulator.calls).filter(({ operation }) => operation === "start")
      expect(starts.length).toBe(2)
      expect((starts[1]?.at ?? 0) - (starts[0]?.at ?? 0)).toBeGreaterThanOrEqual(20_000)
      expect((yield* testbed.truth).length).toBe(1)
    }),
  ),

  law(
    "T3, R1",
    "the run whose answer was lost is found although reads lag behind",
    { ...settles, emulator: { readLag: "40 seconds" } },
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
        const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, exclusive))
        expect(result._tag).toBe("Adopted")
        yield* onlyOnce(testbed, runOf(result).run)
      }),
  ),

  ...([3_600_000, -3_600_000] as const).map((off) =>
    law(
      "T2, T3",
      `the vendor's clock is an hour ${off > 0 ? "ahead" : "behind"}: the run is found, an older one is not taken for it`,
      { ...settles, vendorClock: { off, tells: true } },
      (testbed) =>
        Effect.gen(function* () {
          yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: "5 seconds" } })
          yield* testbed.pass("30 seconds")
          yield* testbed.emulator.script(testbed.ids, [{ duration: "5 seconds" }])
          yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
          const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, exclusive))
          expect(result._tag).toBe("Adopted")
          yield* onlyOnce(testbed, runOf(result).run)
          yield* testbed.emulator.addFaults(Fault.lost("start", { commits: false }))
          const open = yield* testbed.failure(testbed.runs.trigger(testbed.sync, exclusive))
          expect(Errors.indeterminate(open).candidates).toEqual([])
        }),
    ),
  ),

  ...(
    [
      ["10 seconds", "30 seconds"],
      ["45 seconds", "55 seconds"],
    ] as const
  ).map(([before, readLag]) =>
    law(
      "T2, T3",
      `a run that began ${before} before the request by the vendor's clock is not adopted, however late it shows`,
      { vendorClock: { tells: true } },
      (testbed) =>
        Effect.gen(function* () {
          yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: "1 second" } })
          yield* testbed.pass(before)
          yield* testbed.emulator.setReadLag(readLag)
          yield* testbed.emulator.addFaults(Fault.lost("start", { commits: false }))
          const error = Errors.indeterminate(yield* testbed.failure(testbed.runs.trigger(testbed.sync, exclusive)))
          expect(error.intent.fence.runs).toEqual([])
          expect(error.intent.fence.asOf, "the vendor's own clock, which it tells").toBeDefined()
          // Clocks differ a little: a run from shortly before may be named, for a person to judge.
          if (before === "45 seconds") expect(error.candidates).toEqual([])
        }),
    ),
  ),

  law(
    "T3",
    "a stranger's run beside it: nothing is guessed, both are candidates, and resolve is Ambiguous",
    {},
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.script(testbed.ids, [{ duration: "1 second" }, { duration: "1 second" }])
        yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
        const stranger = Effect.delay(testbed.emulator.triggerAsStranger(testbed.ids), "5 seconds")
        const [ended] = yield* testbed.run(
          Effect.all([Effect.exit(testbed.runs.trigger(testbed.sync, exclusive)), stranger], {
            concurrency: "unbounded",
          }),
        )
        const error = Errors.indeterminate(yield* Effect.flip(ended))
        const truth = yield* testbed.truth
        expect(new Set(error.candidates.map(({ run }) => run))).toEqual(new Set(truth.map(({ id }) => id)))
        expect(truth.length).toBe(2)
        yield* onlyOnce(testbed)
        const resolution = yield* testbed.run(testbed.runs.resolve(error.intent))
        expect(resolution._tag).toBe("Ambiguous")
        expect((yield* testbed.run(testbed.runs.intents)).length, "what is ambiguous stays").toBe(1)
      }),
  ),

  ...([true, false] as const).map((commits) =>
    law(
      "T3",
      `a sync with a schedule of its own (answer lost, ${commits ? "run started" : "nothing started"}): nothing is adopted`,
      { sync: { schedule: { every: "1 hour", first: "1 minute" } } },
      (testbed) =>
        Effect.gen(function* () {
          yield* testbed.emulator.script(testbed.ids, [{ duration: "10 seconds" }, { duration: "10 seconds" }])
          yield* testbed.emulator.addFaults(Fault.lost("start", { commits }))
          const error = yield* testbed.failure(testbed.runs.trigger(testbed.sync, shared))
          Errors.indeterminate(error)
          yield* onlyOnce(testbed)
        }),
    ),
  ),

  law(
    "T3",
    "a sync that is known to have no schedule: the only new run is adopted",
    { needs: needsOwnSchedule },
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
        const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, shared))
        expect(result._tag).toBe("Adopted")
        yield* onlyOnce(testbed, runOf(result).run)
      }),
  ),

  law("T3", "a full run is adopted only where nothing else triggers the sync", { needs: needsFullRuns }, (testbed) =>
    Effect.gen(function* () {
      const scoped = testbed.scoped ?? (yield* testbed.skip("no scopes"))
      yield* testbed.emulator.script(testbed.ids, [{ duration: "1 second" }, { duration: "1 second" }])
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true, times: 2 }))
      const full = { scope: "full" } as const
      const open = Errors.indeterminate(yield* testbed.failure(scoped.trigger(testbed.sync, { ...shared, ...full })))
      expect(open.intent.scope).toBe("full")
      yield* testbed.pass("10 minutes")
      yield* testbed.run(testbed.runs.resolve(open.intent))
      yield* testbed.pass("1 hour")
      const result = yield* testbed.run(scoped.trigger(testbed.sync, { ...exclusive, ...full }))
      expect(result._tag).toBe("Adopted")
      const truth = yield* testbed.truth
      expect(truth.map(({ scope }) => scope)).toEqual(["full", "full"])
      expect(runOf(result).run).toBe(truth[1]?.id)
    }),
  ),

  law(
    "T3",
    "while an earlier trigger of the sync is open, a new run is not adopted, nor resolved to be the wrong one",
    {},
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.addFaults(
          Fault.lost("start", { commits: false }),
          Fault.lost("start", { commits: true }),
        )
        // The first caller is gone, and its process with it: only the store knows of it.
        yield* testbed.exit(Effect.timeout(testbed.runs.trigger(testbed.sync, exclusive), "1 second"))
        const [first] = yield* testbed.store.all("testbed")
        const other = yield* testbed.open({ intents: testbed.store })
        const second = Errors.indeterminate(yield* testbed.failure(other.runs.trigger(testbed.sync, exclusive)))
        expect((yield* testbed.truth).length).toBe(1)
        const resolution = yield* testbed.run(other.runs.resolve((first ?? expect.fail("the intent is lost")).intent))
        expect(resolution._tag, "the run is the second's").not.toBe("Started")
        expect((yield* testbed.store.all("testbed")).map(({ intent }) => intent.id)).toContain(second.intent.id)
      }),
  ),

  law(
    "T3",
    "a run of another trigger of this process, which shows late, is not adopted, here or elsewhere",
    silent,
    (testbed) =>
      Effect.gen(function* () {
        // Longer than vendors are known to lag: by then nothing but memory tells of the first run.
        yield* testbed.emulator.setReadLag("90 seconds")
        yield* testbed.emulator.script(testbed.ids, [{ duration: "1 second" }])
        const first = yield* testbed.run(testbed.runs.trigger(testbed.sync, exclusive))
        expect(first._tag).toBe("Started")
        yield* testbed.pass("70 seconds")
        yield* testbed.emulator.addFaults(Fault.lost("start", { commits: false }))
        const error = Errors.indeterminate(yield* testbed.failure(testbed.runs.trigger(testbed.sync, exclusive)))
        expect(error.candidates).toEqual([])
        const elsewhere = yield* testbed.open()
        expect((yield* testbed.run(elsewhere.runs.resolve(error.intent)))._tag).toBe("NotStarted")
        expect((yield* testbed.run(testbed.runs.resolve(error.intent)))._tag).toBe("NotStarted")
      }),
  ),

  law("T3", "an intent is resolved by another process, from its text", settles, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
      const trigger = testbed.runs.trigger(testbed.sync, exclusive)
      // The process ends while the answer is being looked for.
      yield* testbed.exit(Effect.timeout(trigger, "5 seconds"))
      const [record] = yield* testbed.store.all("testbed")
      const text = IntentModule.format((record ?? expect.fail("the intent was lost")).intent)
      const elsewhere = yield* testbed.open()
      const resolution = yield* testbed.run(
        Effect.flatMap(IntentModule.parse(text), (intent) => elsewhere.runs.resolve(intent)),
      )
      expect(resolution._tag).toBe("Started")
      if (resolution._tag === "Started") yield* onlyOnce(testbed, resolution.run.run)
    }),
  ),
]
