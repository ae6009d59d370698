/** Triggers whose answer is lost: the run is found or left to the caller, and never started twice. */

import * as IntentModule from "@openretl/core/schema/Intent"
import type { Options } from "@openretl/core/Trigger"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import * as Errors from "../internal/errors.ts"
import type { Lab } from "../Lab.ts"
import { type Law, law, needsFullRuns, needsOwnSchedule } from "../Law.ts"
import { runOf } from "./trigger.ts"

const exclusive: Options = { whenRunning: "fail", exclusive: true }
const shared: Options = { whenRunning: "fail" }

/** A settle window that covers the late commits below, whatever the vendor's own is. */
const settles = { workspace: { settleWindow: "3 minutes" } } as const

/** The vendor tells nothing of its own clock. */
const silent = { vendorClock: { tells: false } } as const

/** Exactly one request, and the run of this call, if there is one, is the one that was named. */
const onlyOnce = Effect.fnUntraced(function* (lab: Lab, named?: string) {
  expect(yield* lab.count("start"), "T4: one request").toBe(1)
  const own = (yield* lab.truth).filter(({ origin }) => origin === "call")
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
    law("T1, T3, T4, R1", `the run exists and its answer is lost (${how}): it is adopted`, settles, (lab) =>
      Effect.gen(function* () {
        yield* lab.emulator.script(lab.ids, [{ duration: "2 minutes" }])
        yield* lab.emulator.fault(fault)
        const result = yield* lab.run(lab.runs.trigger(lab.sync, exclusive))
        expect(result).toMatchObject({ _tag: "Adopted", because: "lost-answer", evidence: expect.stringMatching(/./) })
        yield* onlyOnce(lab, runOf(result).run)
        expect((yield* lab.run(lab.runs.get(runOf(result)))).ref.run).toBe(runOf(result).run)
        expect(yield* lab.run(lab.runs.intents)).toEqual([])
      }),
    ),
  ),

  ...uncommitted.map(([how, fault]) =>
    law("T3, T4", `no run exists and the answer is lost (${how}): it is said to be open, then NotStarted`, {}, (lab) =>
      Effect.gen(function* () {
        yield* lab.emulator.fault(fault)
        const error = Errors.indeterminate(yield* lab.failure(lab.runs.trigger(lab.sync, exclusive)))
        expect(error.candidates).toEqual([])
        expect((yield* lab.run(lab.runs.intents)).map(({ intent }) => intent.id)).toEqual([error.intent.id])
        const resolution = yield* lab.run(lab.runs.resolve(error.intent))
        expect(resolution._tag).toBe("NotStarted")
        expect(yield* lab.run(lab.runs.intents)).toEqual([])
        yield* onlyOnce(lab)
        expect(yield* lab.truth).toEqual([])
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
      (lab) =>
        Effect.gen(function* () {
          yield* lab.emulator.stranger(lab.ids, { plan: { duration: "1 second" } })
          yield* lab.pass("1 hour")
          yield* lab.emulator.fault(fault)
          const ended = yield* Effect.result(yield* lab.exit(lab.runs.trigger(lab.sync, exclusive)))
          if (ended._tag === "Success") return yield* onlyOnce(lab, runOf(ended.success).run)
          expect(when, "a run that came is found").toBe("never")
          const { intent } = Errors.indeterminate(ended.failure)
          expect((yield* lab.run(lab.runs.resolve(intent)))._tag).toBe("NotStarted")
        }),
    ),
  ),

  law("T4", "a request that provably never left is tried again, and starts one run", {}, (lab) =>
    Effect.gen(function* () {
      yield* lab.emulator.fault(Fault.unreachable("start", { times: 2 }))
      const result = yield* lab.run(lab.runs.trigger(lab.sync, shared))
      expect(result._tag).toBe("Started")
      expect(yield* lab.count("start")).toBe(3)
      expect((yield* lab.truth).map(({ id }) => id)).toEqual([runOf(result).run])
    }),
  ),

  law("T4, B2", "a 429 to the trigger is waited out, and one run starts", { isCrowded: true }, (lab) =>
    Effect.gen(function* () {
      yield* lab.emulator.fault(Fault.tooManyRequests("start", { retryAfter: "20" }))
      const result = yield* lab.run(lab.runs.trigger(lab.sync, shared))
      expect(result._tag).toBe("Started")
      const starts = (yield* lab.emulator.calls).filter(({ operation }) => operation === "start")
      expect(starts.length).toBe(2)
      expect((starts[1]?.at ?? 0) - (starts[0]?.at ?? 0)).toBeGreaterThanOrEqual(20_000)
      expect((yield* lab.truth).length).toBe(1)
    }),
  ),

  law(
    "T3, R1",
    "the run whose answer was lost is found although reads lag behind",
    { ...settles, emulator: { readLag: "40 seconds" } },
    (lab) =>
      Effect.gen(function* () {
        yield* lab.emulator.fault(Fault.lost("start", { commits: true }))
        const result = yield* lab.run(lab.runs.trigger(lab.sync, exclusive))
        expect(result._tag).toBe("Adopted")
        yield* onlyOnce(lab, runOf(result).run)
      }),
  ),

  ...([3_600_000, -3_600_000] as const).map((off) =>
    law(
      "T2, T3",
      `the vendor's clock is an hour ${off > 0 ? "ahead" : "behind"}: the run is found, an older one is not taken for it`,
      { ...settles, vendorClock: { off, tells: true } },
      (lab) =>
        Effect.gen(function* () {
          yield* lab.emulator.stranger(lab.ids, { plan: { duration: "5 seconds" } })
          yield* lab.pass("30 seconds")
          yield* lab.emulator.script(lab.ids, [{ duration: "5 seconds" }])
          yield* lab.emulator.fault(Fault.lost("start", { commits: true }))
          const result = yield* lab.run(lab.runs.trigger(lab.sync, exclusive))
          expect(result._tag).toBe("Adopted")
          yield* onlyOnce(lab, runOf(result).run)
          yield* lab.emulator.fault(Fault.lost("start", { commits: false }))
          const open = yield* lab.failure(lab.runs.trigger(lab.sync, exclusive))
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
      (lab) =>
        Effect.gen(function* () {
          yield* lab.emulator.stranger(lab.ids, { plan: { duration: "1 second" } })
          yield* lab.pass(before)
          yield* lab.emulator.setReadLag(readLag)
          yield* lab.emulator.fault(Fault.lost("start", { commits: false }))
          const error = Errors.indeterminate(yield* lab.failure(lab.runs.trigger(lab.sync, exclusive)))
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
    (lab) =>
      Effect.gen(function* () {
        yield* lab.emulator.script(lab.ids, [{ duration: "1 second" }, { duration: "1 second" }])
        yield* lab.emulator.fault(Fault.lost("start", { commits: true }))
        const stranger = Effect.delay(lab.emulator.stranger(lab.ids), "5 seconds")
        const [ended] = yield* lab.run(
          Effect.all([Effect.exit(lab.runs.trigger(lab.sync, exclusive)), stranger], { concurrency: "unbounded" }),
        )
        const error = Errors.indeterminate(yield* Effect.flip(ended))
        const truth = yield* lab.truth
        expect(new Set(error.candidates.map(({ run }) => run))).toEqual(new Set(truth.map(({ id }) => id)))
        expect(truth.length).toBe(2)
        yield* onlyOnce(lab)
        const resolution = yield* lab.run(lab.runs.resolve(error.intent))
        expect(resolution._tag).toBe("Ambiguous")
        expect((yield* lab.run(lab.runs.intents)).length, "what is ambiguous stays").toBe(1)
      }),
  ),

  ...([true, false] as const).map((commits) =>
    law(
      "T3",
      `a sync with a schedule of its own (answer lost, ${commits ? "run started" : "nothing started"}): nothing is adopted`,
      { sync: { schedule: { every: "1 hour", first: "1 minute" } } },
      (lab) =>
        Effect.gen(function* () {
          yield* lab.emulator.script(lab.ids, [{ duration: "10 seconds" }, { duration: "10 seconds" }])
          yield* lab.emulator.fault(Fault.lost("start", { commits }))
          const error = yield* lab.failure(lab.runs.trigger(lab.sync, shared))
          Errors.indeterminate(error)
          yield* onlyOnce(lab)
        }),
    ),
  ),

  law(
    "T3",
    "a sync that is known to have no schedule: the only new run is adopted",
    { needs: needsOwnSchedule },
    (lab) =>
      Effect.gen(function* () {
        yield* lab.emulator.fault(Fault.lost("start", { commits: true }))
        const result = yield* lab.run(lab.runs.trigger(lab.sync, shared))
        expect(result._tag).toBe("Adopted")
        yield* onlyOnce(lab, runOf(result).run)
      }),
  ),

  law("T3", "a full run is adopted only where nothing else triggers the sync", { needs: needsFullRuns }, (lab) =>
    Effect.gen(function* () {
      const scoped = lab.scoped ?? (yield* lab.skip("no scopes"))
      yield* lab.emulator.script(lab.ids, [{ duration: "1 second" }, { duration: "1 second" }])
      yield* lab.emulator.fault(Fault.lost("start", { commits: true, times: 2 }))
      const full = { scope: "full" } as const
      const open = Errors.indeterminate(yield* lab.failure(scoped.trigger(lab.sync, { ...shared, ...full })))
      expect(open.intent.scope).toBe("full")
      yield* lab.pass("10 minutes")
      yield* lab.run(lab.runs.resolve(open.intent))
      yield* lab.pass("1 hour")
      const result = yield* lab.run(scoped.trigger(lab.sync, { ...exclusive, ...full }))
      expect(result._tag).toBe("Adopted")
      const truth = yield* lab.truth
      expect(truth.map(({ scope }) => scope)).toEqual(["full", "full"])
      expect(runOf(result).run).toBe(truth[1]?.id)
    }),
  ),

  law(
    "T3",
    "while an earlier trigger of the sync is open, a new run is not adopted, nor resolved to be the wrong one",
    {},
    (lab) =>
      Effect.gen(function* () {
        yield* lab.emulator.fault(Fault.lost("start", { commits: false }), Fault.lost("start", { commits: true }))
        // The first caller is gone, and its process with it: only the store knows of it.
        yield* lab.exit(Effect.timeout(lab.runs.trigger(lab.sync, exclusive), "1 second"))
        const [first] = yield* lab.store.all("lab")
        const other = yield* lab.open({ intents: lab.store })
        const second = Errors.indeterminate(yield* lab.failure(other.runs.trigger(lab.sync, exclusive)))
        expect((yield* lab.truth).length).toBe(1)
        const resolution = yield* lab.run(other.runs.resolve((first ?? expect.fail("the intent is lost")).intent))
        expect(resolution._tag, "the run is the second's").not.toBe("Started")
        expect((yield* lab.store.all("lab")).map(({ intent }) => intent.id)).toContain(second.intent.id)
      }),
  ),

  law(
    "T3",
    "a run of another trigger of this process, which shows late, is not adopted, here or elsewhere",
    silent,
    (lab) =>
      Effect.gen(function* () {
        // Longer than vendors are known to lag: by then nothing but memory tells of the first run.
        yield* lab.emulator.setReadLag("90 seconds")
        yield* lab.emulator.script(lab.ids, [{ duration: "1 second" }])
        const first = yield* lab.run(lab.runs.trigger(lab.sync, exclusive))
        expect(first._tag).toBe("Started")
        yield* lab.pass("70 seconds")
        yield* lab.emulator.fault(Fault.lost("start", { commits: false }))
        const error = Errors.indeterminate(yield* lab.failure(lab.runs.trigger(lab.sync, exclusive)))
        expect(error.candidates).toEqual([])
        const elsewhere = yield* lab.open()
        expect((yield* lab.run(elsewhere.runs.resolve(error.intent)))._tag).toBe("NotStarted")
        expect((yield* lab.run(lab.runs.resolve(error.intent)))._tag).toBe("NotStarted")
      }),
  ),

  law("T3", "an intent is resolved by another process, from its text", settles, (lab) =>
    Effect.gen(function* () {
      yield* lab.emulator.fault(Fault.lost("start", { commits: true }))
      const trigger = lab.runs.trigger(lab.sync, exclusive)
      // The process ends while the answer is being looked for.
      yield* lab.exit(Effect.timeout(trigger, "5 seconds"))
      const [record] = yield* lab.store.all("lab")
      const text = IntentModule.format((record ?? expect.fail("the intent was lost")).intent)
      const elsewhere = yield* lab.open()
      const resolution = yield* lab.run(
        Effect.flatMap(IntentModule.parse(text), (intent) => elsewhere.runs.resolve(intent)),
      )
      expect(resolution._tag).toBe("Started")
      if (resolution._tag === "Started") yield* onlyOnce(lab, resolution.run.run)
    }),
  ),
]
