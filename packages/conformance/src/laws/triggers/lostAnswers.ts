/** Triggers whose answer is lost: core finds the run or leaves it to the caller, and never starts it twice. */

import { JournalEntryFromText } from "@openretl/core/JournalEntry"
import type { Options } from "@openretl/core/Trigger"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as EffectScope from "effect/Scope"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import { needsFullRuns, needsOwnSchedule } from "../../Setup.ts"
import type { Testbed } from "../../Testbed.ts"
import * as Errors from "../../testbed/errors.ts"
import { runOf } from "../startRun.ts"
import { expectNoRefusal } from "./wrongRefusal.ts"

const exclusive: Options = { whenRunning: "fail", exclusive: true }
const shared: Options = { whenRunning: "fail" }

/** A `runAppearsWithin` that is longer than every `commitAfter` below, for every vendor. */
const longRunAppearsWithin = { workspace: { runAppearsWithin: "3 minutes" } } as const

const withoutVendorClock = { vendorClock: { sendsDate: false } } as const

/** Expects one request, and at most one run of this call; if `run` is given, it is that run. */
const expectOneRun = Effect.fnUntraced(function* (testbed: Testbed, run?: string) {
  expect(yield* testbed.requestCount("start"), "T4: one request").toBe(1)
  const runsOfCall = (yield* testbed.actualRuns).filter(({ origin }) => origin === "call")
  expect(runsOfCall.length, "T4: at most one run").toBeLessThanOrEqual(1)
  if (run !== undefined) expect(run).toBe(runsOfCall[0]?.id)
})

/** Expects that a trigger whose answer is lost fails, and that its error proves that it started nothing. */
const expectNotStarted = <E, R>(testbed: Testbed, trigger: Effect.Effect<unknown, E, R>) =>
  Effect.map(testbed.failure(trigger), Errors.requireNotStarted)

/** Faults that lose the answer although the vendor starts the run, at once or later. */
const lostAfterStart: ReadonlyArray<readonly [string, Fault.Fault]> = [
  ["the connection breaks", Fault.lost("start", { commits: true })],
  ["a gateway answers 502", Fault.gatewayPage("start", { status: 502, commits: true })],
  ["a gateway answers 504", Fault.gatewayPage("start", { status: 504, commits: true })],
  ["a 500 in JSON", Fault.respond("start", { status: 500, body: '{"error":"oops"}', commits: true })],
  ["a 200 with an empty body", Fault.emptyBody("start")],
  ["a 200 with half of its JSON", Fault.truncated("start")],
  ["a 200 with other JSON", Fault.respond("start", { status: 200, body: '{"ok":true}', commits: true })],
  [
    "a 200 whose body is too large",
    Fault.respond("start", { status: 200, body: "x".repeat(9_437_184), commits: true }),
  ],
  ["a redirect", Fault.respond("start", { status: 307, headers: { location: "/elsewhere" }, commits: true })],
  ["no answer at all", Fault.never("start", { commits: true })],
  [
    "the connection breaks, and the run appears 81 s later",
    Fault.lost("start", { commits: true, commitAfter: "81 seconds" }),
  ],
  [
    "the request times out, and the run appears after that",
    Fault.never("start", { commits: true, commitAfter: "200 seconds" }),
  ],
]

/**
 * Refusals that are not the vendor's own: a gateway may give them after the vendor started the run, as where a filter
 * refuses the answer instead of the request.
 */
const foreignRefusals: ReadonlyArray<readonly [string, (commits: boolean) => Fault.Fault]> = [
  ...[400, 403, 404, 409, 413, 418, 422, 499].map(
    (status) =>
      [
        `a gateway's page with ${status}`,
        (commits: boolean) => Fault.gatewayPage("start", { status, commits }),
      ] as const,
  ),
  ...[400, 403, 418, 422, 499].map(
    (status) =>
      [`a ${status} without a body`, (commits: boolean) => Fault.respond("start", { status, commits })] as const,
  ),
  ...[408, 421, 423, 425, 499].map(
    (status) =>
      [
        `a ${status} in JSON`,
        (commits: boolean) =>
          Fault.refuse("start", {
            status,
            commits,
          }),
      ] as const,
  ),
]

/** Faults that lose the answer and start no run. */
const lostWithoutStart: ReadonlyArray<readonly [string, Fault.Fault]> = [
  ["the connection breaks", Fault.lost("start", { commits: false })],
  ["a gateway answers 502", Fault.gatewayPage("start", { status: 502 })],
  ["no answer at all", Fault.never("start", { commits: false })],
]

export const lostAnswerLaws: ReadonlyArray<Law> = [
  ...[...lostAfterStart, ...foreignRefusals.map(([trouble, fault]) => [trouble, fault(true)] as const)].map(
    ([trouble, fault]) =>
      law("T1, T3, T4, R1", `a run whose answer is lost (${trouble}) is adopted`, longRunAppearsWithin, (testbed) =>
        Effect.gen(function* () {
          yield* testbed.emulator.script(testbed.ids, [{ duration: "2 minutes" }])
          yield* testbed.emulator.addFaults(fault)
          const exit = yield* testbed.exit(testbed.runs.trigger(testbed.sync, exclusive))
          yield* expectNoRefusal(testbed, exit)
          const result = yield* exit
          expect(result).toMatchObject({
            _tag: "Adopted",
            because: "lost-answer",
            evidence: expect.stringMatching(/./),
          })
          yield* expectOneRun(testbed, runOf(result).run)
          expect((yield* testbed.run(testbed.runs.get(runOf(result)))).ref.run).toBe(runOf(result).run)
          const run = { run: runOf(result).run }
          expect(yield* testbed.entries).toMatchObject([{ state: "started", adopted: "lost-answer", run }])
        }),
      ),
  ),

  ...[...lostWithoutStart, ...foreignRefusals.map(([trouble, fault]) => [trouble, fault(false)] as const)].map(
    ([trouble, fault]) =>
      law(
        "T3, T4",
        `a lost answer (${trouble}) without a run is a failure that says so, and its entry is not-started`,
        {},
        (testbed) =>
          Effect.gen(function* () {
            yield* testbed.emulator.addFaults(fault)
            yield* expectNotStarted(testbed, testbed.runs.trigger(testbed.sync, exclusive))
            const [entry, ...moreEntries] = yield* testbed.entries
            if (entry === undefined) return expect.fail("the journal has no entry")
            expect([entry.state, moreEntries]).toEqual(["not-started", []])
            expect(yield* testbed.run(testbed.runs.pending)).toEqual([])
            expect((yield* testbed.run(testbed.runs.resolve(entry)))._tag).toBe("NotStarted")
            yield* expectOneRun(testbed)
            expect(yield* testbed.actualRuns).toEqual([])
          }),
      ),
  ),

  ...(
    [
      ["appears at once", Fault.lost("start", { commits: true })],
      ["appears 81 s later", Fault.lost("start", { commits: true, commitAfter: "81 seconds" })],
      ["never appears", Fault.lost("start", { commits: false })],
    ] as const
  ).map(([when, fault]) =>
    law(
      "T3, T4",
      `without the vendor's clock, a run that ${when} after a lost answer is not mistaken for another`,
      { ...longRunAppearsWithin, ...withoutVendorClock },
      (testbed) =>
        Effect.gen(function* () {
          yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: "1 second" } })
          yield* testbed.advance("1 hour")
          yield* testbed.emulator.addFaults(fault)
          const result = yield* testbed.result(testbed.runs.trigger(testbed.sync, exclusive))
          if (result._tag === "Success") return yield* expectOneRun(testbed, runOf(result.success).run)
          expect(when, "a run that appears is found").toBe("never appears")
          Errors.requireNotStarted(result.failure)
          yield* expectOneRun(testbed)
        }),
    ),
  ),

  law("T4", "a request that provably never left is sent again, and starts one run", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.addFaults(Fault.unreachable("start", { times: 2 }))
      const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, shared))
      expect(result._tag).toBe("Started")
      expect(yield* testbed.requestCount("start")).toBe(3)
      expect((yield* testbed.actualRuns).map(({ id }) => id)).toEqual([runOf(result).run])
    }),
  ),

  ...(
    [
      ["in plain text", "Too many requests"],
      ["with a page", "<html><body>429</body></html>"],
      ["without a body", ""],
    ] as const
  ).map(([how, body]) =>
    law("T4, B2", `a trigger waits out a 429 ${how}, and starts one run`, { isCrowded: true }, (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.addFaults(Fault.tooManyRequests("start", { retryAfter: "20 seconds", body }))
        const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, shared))
        expect(result._tag).toBe("Started")
        const starts = (yield* testbed.emulator.calls).filter(({ operation }) => operation === "start")
        expect(starts.length).toBe(2)
        expect((starts[1]?.at ?? 0) - (starts[0]?.at ?? 0)).toBeGreaterThanOrEqual(20_000)
        expect((yield* testbed.actualRuns).length).toBe(1)
      }),
    ),
  ),

  law(
    "T3, R1",
    "a run whose answer is lost is found although reads lag",
    { ...longRunAppearsWithin, emulator: { readLag: "40 seconds" } },
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
        const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, exclusive))
        expect(result._tag).toBe("Adopted")
        yield* expectOneRun(testbed, runOf(result).run)
      }),
  ),

  ...([3_600_000, -3_600_000] as const).map((offset) =>
    law(
      "T2, T3",
      `with the vendor's clock an hour ${offset > 0 ? "ahead" : "behind"}, the run is adopted and an older run is not`,
      { ...longRunAppearsWithin, vendorClock: { offset, sendsDate: true } },
      (testbed) =>
        Effect.gen(function* () {
          yield* testbed.emulator.triggerAsStranger(testbed.ids, { plan: { duration: "5 seconds" } })
          yield* testbed.advance("30 seconds")
          yield* testbed.emulator.script(testbed.ids, [{ duration: "5 seconds" }])
          yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
          const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, exclusive))
          expect(result._tag).toBe("Adopted")
          yield* expectOneRun(testbed, runOf(result).run)
          yield* testbed.emulator.addFaults(Fault.lost("start", { commits: false }))
          yield* expectNotStarted(testbed, testbed.runs.trigger(testbed.sync, exclusive))
        }),
    ),
  ),

  ...(
    [
      ["10 seconds", "30 seconds"],
      ["45 seconds", "55 seconds"],
    ] as const
  ).map(([age, readLag]) =>
    law(
      "T2, T3",
      `a run that began ${age} before the request by the vendor's clock is not adopted, however late reads show it`,
      { vendorClock: { sendsDate: true } },
      (testbed) =>
        Effect.gen(function* () {
          const strangersRun = yield* testbed.emulator.triggerAsStranger(testbed.ids, {
            plan: { duration: "1 second" },
          })
          yield* testbed.advance(age)
          yield* testbed.emulator.setReadLag(readLag)
          yield* testbed.emulator.addFaults(Fault.lost("start", { commits: false }))
          const failure = yield* testbed.failure(testbed.runs.trigger(testbed.sync, shared))
          const error = Errors.requireIndeterminate(failure)
          const fence = "request" in error.entry ? error.entry.request?.fence : undefined
          expect(fence?.runs).toEqual([])
          expect(fence?.asOf, "the fence has the vendor's clock").toBeDefined()
          // Dates narrow an adoption and prove no absence, so the run stays a candidate.
          expect(error.candidates.map(({ run }) => run)).toEqual([strangersRun])
        }),
    ),
  ),

  law(
    "T3",
    "a trigger with a lost and a foreign run is indeterminate: both are candidates, and resolve returns Ambiguous",
    {},
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.script(testbed.ids, [{ duration: "1 second" }, { duration: "1 second" }])
        yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
        const foreignRun = Effect.delay(testbed.emulator.triggerAsStranger(testbed.ids), "5 seconds")
        const [exit] = yield* testbed.run(
          Effect.all([Effect.exit(testbed.runs.trigger(testbed.sync, exclusive)), foreignRun], {
            concurrency: "unbounded",
          }),
        )
        const error = Errors.requireIndeterminate(yield* Effect.flip(exit))
        const actualRuns = yield* testbed.actualRuns
        expect(new Set(error.candidates.map(({ run }) => run))).toEqual(new Set(actualRuns.map(({ id }) => id)))
        expect(actualRuns.length).toBe(2)
        yield* expectOneRun(testbed)
        const resolution = yield* testbed.run(testbed.runs.resolve(error.entry))
        expect(resolution._tag).toBe("Ambiguous")
        expect(yield* testbed.entries, "an ambiguous entry stays open").toMatchObject([{ state: "lost" }])
      }),
  ),

  ...([true, false] as const).map((commits) =>
    law(
      "T3",
      `no run is adopted for a sync with a schedule (answer lost, ${commits ? "run started" : "no run started"})`,
      { sync: { schedule: { every: "1 hour", first: "1 minute" } } },
      (testbed) =>
        Effect.gen(function* () {
          yield* testbed.emulator.script(testbed.ids, [{ duration: "10 seconds" }, { duration: "10 seconds" }])
          yield* testbed.emulator.addFaults(Fault.lost("start", { commits }))
          const error = yield* testbed.failure(testbed.runs.trigger(testbed.sync, shared))
          Errors.requireIndeterminate(error)
          yield* expectOneRun(testbed)
        }),
    ),
  ),

  law("T3", "the only new run of a sync without a schedule is adopted", { needs: needsOwnSchedule }, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
      const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, shared))
      expect(result._tag).toBe("Adopted")
      yield* expectOneRun(testbed, runOf(result).run)
    }),
  ),

  law("T3", "a full run is adopted only with exclusive: true", { needs: needsFullRuns }, (testbed) =>
    Effect.gen(function* () {
      const scoped = testbed.scoped ?? (yield* testbed.skip("the vendor has no scopes"))
      yield* testbed.emulator.script(testbed.ids, [{ duration: "1 second" }, { duration: "1 second" }])
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true, times: 2 }))
      const full = { scope: "full" } as const
      const failure = yield* testbed.failure(scoped.trigger(testbed.sync, { ...shared, ...full }))
      const { entry, candidates } = Errors.requireIndeterminate(failure)
      expect(entry.scope).toBe("full")
      const [candidate] = candidates
      if (candidate === undefined) return expect.fail("the error has no candidate")
      yield* testbed.advance("10 minutes")
      yield* testbed.run(testbed.runs.settle(entry, { run: candidate }))
      yield* testbed.advance("1 hour")
      const result = yield* testbed.run(scoped.trigger(testbed.sync, { ...exclusive, ...full }))
      expect(result._tag).toBe("Adopted")
      const actualRuns = yield* testbed.actualRuns
      expect(actualRuns.map(({ scope }) => scope)).toEqual(["full", "full"])
      expect(runOf(result).run).toBe(actualRuns[1]?.id)
    }),
  ),

  law(
    "T3",
    "a trigger settles what another process has left open at its sync, before it sends its own request",
    {},
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.addFaults(
          Fault.lost("start", { commits: false }),
          Fault.lost("start", { commits: true }),
        )
        // The first process ends while its request is under way: only the journal knows of its trigger.
        const scope = yield* EffectScope.make()
        const firstProcess = yield* EffectScope.provide(testbed.open({ journal: testbed.journal }), scope)
        const caller = yield* testbed.begin(firstProcess.runs.trigger(testbed.sync, exclusive))
        yield* testbed.advance("1 second")
        yield* testbed.run(EffectScope.close(scope, Exit.void))
        expect((yield* caller.exit)._tag).toBe("Failure")
        const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, exclusive))
        expect(result._tag, "nothing else explains the new run").toBe("Adopted")
        const actualRuns = yield* testbed.actualRuns
        expect(actualRuns.map(({ id }) => id)).toEqual([runOf(result).run])
        expect(yield* testbed.entries).toMatchObject([
          { state: "started", run: { run: runOf(result).run } },
          { state: "not-started" },
        ])
        const [, firstEntry] = yield* testbed.entries
        expect(firstEntry && (yield* testbed.run(testbed.runs.resolve(firstEntry)))._tag).toBe("NotStarted")
      }),
  ),

  law(
    "T3",
    "a run of an earlier trigger of this process is not adopted when reads show it late, in this process or another",
    withoutVendorClock,
    (testbed) =>
      Effect.gen(function* () {
        // Longer than any vendor's read lag: only the journal has the first run.
        yield* testbed.emulator.setReadLag("90 seconds")
        yield* testbed.emulator.script(testbed.ids, [{ duration: "1 second" }])
        const result = yield* testbed.run(testbed.runs.trigger(testbed.sync, exclusive))
        expect(result._tag).toBe("Started")
        yield* testbed.advance("70 seconds")
        yield* testbed.emulator.addFaults(Fault.lost("start", { commits: false }))
        const otherProcess = yield* testbed.open({ journal: testbed.journal })
        yield* expectNotStarted(testbed, otherProcess.runs.trigger(testbed.sync, exclusive))
        yield* testbed.advance("10 minutes")
        yield* testbed.emulator.addFaults(Fault.lost("start", { commits: false }))
        yield* expectNotStarted(testbed, testbed.runs.trigger(testbed.sync, exclusive))
      }),
  ),

  law("T3", "another process can resolve an entry from its text", longRunAppearsWithin, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.addFaults(Fault.lost("start", { commits: true }))
      const caller = yield* testbed.begin(testbed.runs.trigger(testbed.sync, exclusive))
      yield* testbed.advance("5 seconds")
      const [entry] = yield* testbed.entries
      if (entry === undefined) return expect.fail("the journal has no entry")
      const text = yield* Schema.encodeEffect(JournalEntryFromText)(entry)
      const otherProcess = yield* testbed.open({ journal: testbed.journal })
      const decoded = yield* Schema.decodeEffect(JournalEntryFromText)(text)
      if (decoded.kind !== "trigger") return expect.fail("the text is of another entry")
      const resolution = yield* testbed.run(otherProcess.runs.resolve(decoded))
      if (resolution._tag !== "Started") return expect.fail(resolution._tag)
      yield* expectOneRun(testbed, resolution.run.run)
      expect(runOf(yield* caller.result).run).toBe(resolution.run.run)
    }),
  ),
]
