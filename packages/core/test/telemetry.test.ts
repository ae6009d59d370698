import { readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import { Context, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { form } from "../../../scripts/forms.ts"
import { Conflict, Unauthenticated } from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Runs } from "../src/Runs.ts"
import { attributes, named } from "../src/telemetry/Telemetry.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import * as Operator from "./support/operator.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const whenRunning = { whenRunning: "fail" } as const
const sync = FakeDriver.sync()

const setUp = Effect.gen(function* () {
  const fake = FakeDriver.make()
  const { services } = yield* workspace(fake)
  return { fake, runs: Context.get(services, Runs), operator: Operator.make() }
})

describe("O1: what operators see of a run", () => {
  it.effect("its span has the trigger, the run and the judgment", () =>
    Effect.gen(function* () {
      const { runs, operator } = yield* setUp
      const { run } = yield* within("5 minutes", operator.watching(named("orders")(runs.run(sync, whenRunning))))
      expect(operator.attributesOf("Runs.run")).toEqual([
        {
          "openretl.vendor": "fake",
          "openretl.workspace": "test",
          "openretl.operation": "run",
          "openretl.sync.name": "orders",
          "openretl.sync.ref": String(sync),
          "openretl.run.ref": String(run.ref),
          "openretl.entry.id": expect.any(String),
          "openretl.trigger.result": "started",
          "openretl.guard": "observed",
          "openretl.how": "started",
          "openretl.run.status": "succeeded",
          "openretl.run.verdict": "complete",
          "openretl.rows.succeeded": 10,
          "openretl.rows.failed": 0,
        },
      ])
      expect(operator.pathsOf("openretl.fence")).toEqual([["Runs.run", "openretl.fence"]])
      expect(new Set(operator.pathsOf("openretl.poll").map(String))).toEqual(new Set(["Runs.run,openretl.poll"]))
      expect(operator.statesOf("openretl.triggers")).toEqual({ "started orders": 1 })
      expect(operator.statesOf("openretl.run.duration")).toEqual({ "complete orders": 1 })
      expect(operator.statesOf("openretl.rows")).toEqual({ "succeeded orders": 10 })
      expect(operator.statesOf("openretl.journal.open")).toEqual({ "": 0 })
      expect(operator.messagesOf("Info")).toEqual(["A trigger has ended", "A run has ended"])
    }),
  )

  it.effect("a run that several calls wait for counts once", () =>
    Effect.gen(function* () {
      const { runs, operator } = yield* setUp
      const program = Effect.gen(function* () {
        const { run } = yield* runs.run(sync, whenRunning)
        yield* Effect.all([runs.wait(run.ref), runs.wait(run.ref), runs.check(run.ref)])
      })
      yield* within("5 minutes", operator.watching(program))
      expect(operator.statesOf("openretl.run.duration")).toEqual({ complete: 1 })
      expect(operator.messagesOf("Info")).toEqual(["A trigger has ended", "A run has ended"])
    }),
  )

  it.effect("a refused trigger counts with its code", () =>
    Effect.gen(function* () {
      const { fake, runs, operator } = yield* setUp
      fake.fail("start", FakeDriver.failure(new Conflict(), "refused"))
      yield* within("5 minutes", operator.watching(Effect.exit(runs.trigger(sync, whenRunning))))
      expect(operator.statesOf("openretl.triggers")).toEqual({ "refused retl.conflict": 1 })
      expect(operator.attributesOf("Runs.trigger")).toMatchObject([
        { "openretl.trigger.result": "refused", "error.type": "retl.conflict" },
      ])
      expect(operator.lines).toMatchObject([
        { message: "A trigger has ended", annotations: { result: "refused", error: "retl.conflict" } },
      ])
    }),
  )

  it.effect("a lost answer has a look-up, and a warning", () =>
    Effect.gen(function* () {
      const { fake, runs, operator } = yield* setUp
      fake.fail("start", FakeDriver.lost)
      yield* within("15 minutes", operator.watching(Effect.exit(runs.trigger(sync, whenRunning))))
      expect(operator.pathsOf("openretl.look_up")).toEqual([["Runs.trigger", "openretl.look_up"]])
      expect(operator.messagesOf("Warn")[0]).toBe("The answer to a trigger was lost: core looks up what became of it")
    }),
  )

  it.effect("a call that stops waiting counts with the verdict none, also where it is interrupted", () =>
    Effect.gen(function* () {
      const { fake, runs, operator } = yield* setUp
      const ref = new RunRef({ sync, run: fake.begin("s1", 0, { lasts: 86_400_000 }).id })
      yield* within("1 hour", operator.watching(Effect.exit(runs.wait(ref, { deadline: "10 minutes" }))))
      const fiber = yield* begin(operator.watching(runs.wait(ref)))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.interrupt(fiber)
      fake.fail("get", FakeDriver.failure(new Unauthenticated(), "refused", { status: 401 }))
      yield* within("1 hour", operator.watching(Effect.exit(runs.wait(ref))))
      expect(operator.statesOf("openretl.run.duration")).toEqual({
        "none retl.wait-deadline-exceeded": 1,
        "none interrupted": 1,
        "none retl.unauthenticated": 1,
      })
      expect(operator.attributesOf("Runs.wait").map((attributes) => attributes["error.type"])).toEqual([
        "retl.wait-deadline-exceeded",
        "interrupted",
        "retl.unauthenticated",
      ])
    }),
  )
})

describe("O1: a list that is interrupted", () => {
  it.effect("says so on its span, also while its reader is at work", () =>
    Effect.gen(function* () {
      const { fake, runs, operator } = yield* setUp
      fake.begin("s1", 0, { lasts: 1_000 })
      const reader = yield* begin(operator.watching(Stream.runForEach(runs.list(sync), () => Effect.never)))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.interrupt(reader)
      expect(operator.attributesOf("Runs.list")).toMatchObject([{ "error.type": "interrupted" }])
    }),
  )
})

/** The nights, and the syncs of each: 10,000 runs in the long form. */
const [nights, syncsOfNight] = form([2, 100], [20, 500])

describe("O1: what makes no more series", () => {
  it.effect(
    `${nights * syncsOfNight} runs add none beyond the product of the attributes`,
    () =>
      Effect.gen(function* () {
        const operator = Operator.make()
        /** A night, in a process of its own. */
        const night = (number: number) =>
          Effect.gen(function* () {
            const { fake, runs } = yield* setUp
            fake.setPlan({ lasts: 1_000 })
            const jobs = Array.from({ length: syncsOfNight }, (_, index) =>
              runs.run(FakeDriver.sync(`s${index}`), { ...whenRunning, key: `night ${number}` }),
            )
            for (let job = 0; job < jobs.length; job += 100) {
              const some = Effect.all(jobs.slice(job, job + 100), { concurrency: "unbounded" })
              yield* within("3 minutes", operator.counting(some))
            }
          })
        yield* night(0)
        const before = operator.series().length
        for (let number = 1; number < nights; number++) yield* night(number)
        expect(operator.statesOf("openretl.triggers")).toEqual({ started: nights * syncsOfNight })
        expect(operator.series().length).toBe(before)
      }),
    120_000,
  )
})

describe("O1: one look for several waits", () => {
  it.effect("has links to 16 of them at the most, and is a child of one", () =>
    Effect.gen(function* () {
      const { fake, runs, operator } = yield* setUp
      const ref = new RunRef({ sync, run: fake.begin("s1", 0, { lasts: 60_000 }).id })
      const waits = Array.from({ length: 20 }, () => runs.wait(ref))
      yield* within("10 minutes", operator.watching(Effect.all(waits, { concurrency: "unbounded" })))
      const polls = operator.spans.filter(({ name }) => name === "openretl.poll")
      const ends = polls.slice(1)
      expect(ends.length).toBeGreaterThan(0)
      for (const { links, parent } of ends) {
        expect(links).toHaveLength(16)
        expect(parent._tag === "Some" && parent.value.spanId).toBe(links[0]?.span.spanId)
      }
      expect(operator.statesOf("openretl.polls")).toEqual({ "": polls.length })
    }),
  )
})

/** Codes of errors with which no call of the contract ends: of a text that is no ref, of accepted runs, and of stores. */
const ofNoCall = /^retl\.(?:invalid-ref|outcome-(?:complete|tolerated)|journal\..+)$/

describe("O1: error.type", () => {
  it("has the code of each error", () => {
    const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8")
    const codes = Array.from(page.matchAll(/^\| `(retl\.[^`]+)`/gm), ([, code = ""]) => code)
    const ofCalls = codes.filter((code) => !ofNoCall.test(code))
    expect(new Set([...ofCalls, "interrupted", "defect"])).toEqual(new Set(attributes["error.type"].values))
  })
})

describe("O1: the age of data", () => {
  it.effect("is a gauge of syncs with a name", () =>
    Effect.gen(function* () {
      const { fake, runs, operator } = yield* setUp
      fake.begin("s1", 0, { lasts: 1_000 })
      yield* TestClock.adjust("1 hour")
      const look = runs.freshness(sync, { warnAfter: "2 hours" })
      yield* within("1 minute", operator.watching(look))
      expect(operator.statesOf("openretl.freshness.age")).toEqual({})
      yield* within("1 minute", operator.watching(named("orders")(look)))
      expect(operator.statesOf("openretl.freshness.age")).toEqual({ orders: expect.closeTo(3_660, -1) })
    }),
  )
})
