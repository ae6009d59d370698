import { describe, expect, it } from "@effect/vitest"
import { DateTime, Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import type { StartOptions } from "../src/driver/Driver.ts"
import * as Claims from "../src/engine/trigger/claims.ts"
import * as Open from "../src/engine/trigger/open.ts"
import * as Repeating from "../src/engine/trigger/repeating.ts"
import * as Settling from "../src/engine/trigger/settling.ts"
import { SendGate } from "../src/http/SendGate.ts"
import * as Reason from "../src/model/Reason.ts"
import type { RetlError } from "../src/model/RetlError.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within } from "./support/testbed.ts"

const { failure, lost, down } = FakeDriver

type Answer = RetlError | string

/** A vendor that keeps keys, and answers the starts one after the other; the last answer comes again and again. */
const answering = (answers: ReadonlyArray<Answer>, keysKeptFor: Duration.Input = "24 hours") => {
  const fake = FakeDriver.make({ description: { keyedTrigger: true, keysKeptFor } })
  const passed: Array<StartOptions & { readonly at: number }> = []
  const start = (_: unknown, options: StartOptions) =>
    SendGate.pipe(
      Effect.flatten,
      Effect.mapError((why) => failure(new Reason.Stopped({ why }), "not-sent")),
      Effect.andThen(DateTime.now),
      Effect.flatMap((now) => {
        const answer = answers[Math.min(passed.length, answers.length - 1)] ?? "none"
        passed.push({ ...options, at: DateTime.toEpochMillis(now) })
        return typeof answer === "string" ? Effect.succeed(answer) : Effect.fail(answer)
      }),
    )
  return { passed, fake: { ...fake, driver: { ...fake.driver, runs: { ...fake.driver.runs, start } } } }
}

const refusal = (reason: Reason.Reason) => failure(reason, "refused")

/** Settles a trigger whose starts are answered so. */
const settled = Effect.fnUntraced(function* (answers: ReadonlyArray<Answer>, keysKeptFor?: Duration.Input) {
  const { fake, passed } = answering(answers, keysKeptFor)
  const engine = yield* Engine.make(Engine.none, {}, fake)
  const sent = yield* Engine.mark(engine)
  const result = yield* within("30 minutes", Settling.settle(engine.context, sent, Effect.void))
  return { engine, sent, passed, result }
})

const invalid = new Reason.InvalidRequest({ issues: [] })
const halted = new Reason.NotTriggerable({ state: "paused" })

describe("a trigger whose answer is lost, at a vendor that keeps keys", () => {
  it.effect("T4: is sent again with the same key and scope, and says that it is repeated", () =>
    Effect.gen(function* () {
      const { passed, result, sent } = yield* settled([lost, down, "n1"])
      expect(result).toMatchObject({ _tag: "Started", run: { run: "n1" } })
      const key = `${sent.entry.id}-${DateTime.toEpochMillis(sent.entry.request.sentAt)}`
      expect(passed.map(({ at: _, ...options }) => options)).toStrictEqual([
        { key },
        { key, isRepeated: true },
        { key, isRepeated: true },
      ])
      // The first pause is half a second, and each further one twice as long.
      const [first] = passed
      expect(passed.map(({ at }) => at - (first?.at ?? 0))).toEqual([0, 500, 1_500])
    }),
  )

  it.effect("T4: ends each attempt after a quarter of the time of a write, and all of them after half of it", () =>
    Effect.gen(function* () {
      const { fake } = answering([])
      const times: Array<number> = []
      const start = () =>
        Effect.flatMap(DateTime.now, (now) => {
          times.push(DateTime.toEpochMillis(now))
          return Effect.never
        })
      const hanging = { ...fake, driver: { ...fake.driver, runs: { ...fake.driver.runs, start } } }
      const engine = yield* Engine.make(Engine.none, {}, hanging)
      const sent = yield* Engine.mark(engine)
      yield* begin(Settling.settle(engine.context, sent, Effect.void))
      yield* TestClock.adjust("89 seconds")
      expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 45_500])
      expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state: "sent" })
      yield* TestClock.adjust("2 seconds")
      expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state: "lost" })
    }),
  )

  it.effect.each([
    ["AlreadyRunning", refusal(new Reason.AlreadyRunning({})), false],
    ["InvalidRequest", refusal(invalid), true],
    ["NotTriggerable", refusal(halted), true],
    ["NotFound", refusal(new Reason.NotFound({ what: "sync" })), true],
  ] as const)("T1: is refused by a repetition that is %s", ([_tag, error, isOver]) =>
    Effect.gen(function* () {
      const { result, passed } = yield* settled([lost, error])
      expect(result).toMatchObject({ _tag: "Refused", error: { reason: { _tag } }, isOver })
      expect(passed).toHaveLength(2)
    }),
  )

  it.effect.each([
    ["a refused token", new Reason.Unauthenticated(), 2],
    ["a missing permission", new Reason.PermissionDenied(), 2],
  ] as const)("T4: is looked up after %s, which says nothing about the first request", ([_, reason, count]) =>
    Effect.gen(function* () {
      const { result, passed } = yield* settled([lost, refusal(reason)])
      expect(result).toMatchObject({ _tag: "NotStarted", error: { reason: { _tag: "Network" } } })
      expect(passed).toHaveLength(count)
    }),
  )

  it.effect.each([
    ["too many requests", refusal(new Reason.RateLimited({}))],
    ["a key in use", failure(new Reason.Conflict(), "unknown")],
    ["no connection", failure(new Reason.Network({ code: "ECONNREFUSED" }), "not-sent")],
    ["an error", down],
  ] as const)("T4: is sent again after %s, and its answer counts then", ([_, error]) =>
    Effect.gen(function* () {
      const { result, passed } = yield* settled([lost, error, error, "n1"])
      expect(result).toMatchObject({ _tag: "Started", run: { run: "n1" } })
      expect(passed).toHaveLength(4)
    }),
  )

  it.effect("T3: is looked up where the vendor repeats an error, after a minute and a half", () =>
    Effect.gen(function* () {
      const { result, passed } = yield* settled([down])
      expect(result).toMatchObject({ _tag: "NotStarted", error: { reason: { _tag: "Unavailable" } } })
      const [first] = passed
      const last = passed.at(-1)
      expect(passed.length).toBeGreaterThan(5)
      expect((last?.at ?? 0) - (first?.at ?? 0)).toBeLessThanOrEqual(90_000)
      expect(new Set(passed.map(({ key }) => key)).size).toBe(1)
    }),
  )

  it.effect.each([
    ["AlreadyRunning", refusal(new Reason.AlreadyRunning({})), undefined, "Refused", "refused"],
    ["AlreadyRunning, with a key", refusal(new Reason.AlreadyRunning({})), "nightly", "Refused", "refused"],
    ["the run", "n1", undefined, "Started", "started"],
  ] as const)(
    "T3, T9: is sent again after a look-up that left it open, and %s settles it",
    ([_, answer, key, _tag, state]) =>
      Effect.gen(function* () {
        // Until the look-up is over, every answer is lost; meanwhile the sync's schedule starts a run.
        const { fake, passed } = answering([...Array.from({ length: 8 }, () => lost), answer])
        fake.setSchedule("scheduled")
        fake.begin("s1", 10_000)
        const engine = yield* Engine.make(Engine.none, {}, fake)
        const sent = yield* Engine.mark(engine, key === undefined ? {} : { key })
        let isReleased = false
        const release = Effect.sync(() => {
          isReleased = true
        })
        const result = yield* within("30 minutes", Settling.settle(engine.context, sent, release))
        expect(result).toMatchObject({ _tag })
        expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state })
        expect([passed.length, isReleased]).toEqual([9, true])
      }),
  )

  it.effect("T4: is not repeated where its first answer is a refusal", () =>
    Effect.gen(function* () {
      for (const error of [refusal(invalid), refusal(new Reason.AlreadyRunning({})), failure(invalid, "not-sent")]) {
        expect((yield* settled([error])).passed).toHaveLength(1)
      }
    }),
  )

  it.effect("T8: is not repeated once its caller has left", () =>
    Effect.gen(function* () {
      const { fake, passed } = answering([lost])
      const engine = yield* Engine.make(Engine.none, {}, fake)
      const sent = yield* Engine.mark(engine)
      const settling = begin(Settling.settle(engine.context, sent, Effect.void))
      yield* settling
      yield* within(
        "1 second",
        Effect.sync(() => (sent.call.hasLeft = true)),
      )
      yield* within("30 minutes", Effect.void)
      expect(passed.length).toBeLessThanOrEqual(2)
      expect(yield* Engine.entryOf(engine, sent)).toMatchObject({ state: "not-started" })
    }),
  )
})

describe("repeating", () => {
  it.effect.each([
    ["11 hours", "24 hours", true],
    ["12 hours", "24 hours", false],
    ["-11 hours", "24 hours", true],
    ["-12 hours", "24 hours", false],
    ["25 hours", "48 hours", false],
    ["23 hours", "48 hours", true],
    ["1 second", 0, false],
  ] as const)("T4: is possible %s after the mark, with keys that are kept for %s: %s", ([age, keptFor, isSent]) =>
    Effect.gen(function* () {
      const { fake, passed } = answering(["n1"], keptFor)
      const engine = yield* Engine.make(Engine.none, {}, fake)
      const sent = yield* Engine.mark(engine)
      const [number = "0", unit = "hours"] = age.split(" ")
      const millis = Number(number) * (unit === "hours" ? 3_600_000 : 1_000)
      const answer = yield* within("10 minutes", Repeating.repeat(engine.context, sent, millis))
      expect(answer === undefined).toBe(!isSent)
      expect(passed).toHaveLength(isSent ? 1 : 0)
    }),
  )

  it.effect.each([{ keyedTrigger: true }, { keysKeptFor: "24 hours" }, {}] as const)(
    "T4: sends nothing at a vendor that says %j",
    (description) =>
      Effect.gen(function* () {
        const fake = FakeDriver.make({ description })
        fake.onStart(() => Effect.fail(lost))
        const engine = yield* Engine.make(Engine.none, {}, fake)
        const sent = yield* Engine.mark(engine)
        yield* within("30 minutes", Settling.settle(engine.context, sent, Effect.void))
        expect(fake.count("start")).toBe(1)
      }),
  )
})

describe("what another call has left", () => {
  /** Concludes an entry of that age beside a run of the sync's schedule. */
  const concluded = Effect.fnUntraced(function* (answers: ReadonlyArray<Answer>, age: Duration.Input, fence = ["r0"]) {
    const { fake, passed } = answering(answers)
    fake.setSchedule("scheduled")
    yield* TestClock.adjust("30 days")
    const engine = yield* Engine.make(Engine.none, {}, fake)
    const sent = yield* Engine.mark(engine, {}, fence)
    yield* TestClock.adjust("1 minute")
    fake.begin("s1", DateTime.toEpochMillis(yield* DateTime.now))
    yield* TestClock.adjust(age)
    const stored = yield* engine.journal.get(sent.entry.id)
    if (stored?._tag !== "Stored") return yield* Effect.die(new Error("the journal has no such entry"))
    const conclude = Open.conclude(engine.context, sent.call, stored, sent.entry, Effect.succeed(true))
    const resolution = yield* within("30 minutes", conclude)
    return { engine, sent, passed, resolution, entry: yield* Engine.entryOf(engine, sent) }
  })

  it.effect("T3: is settled by the run that the vendor answers with, which is then its trigger's", () =>
    Effect.gen(function* () {
      const { engine, sent, resolution, entry } = yield* concluded(["n1"], "11 hours")
      expect(resolution).toMatchObject({ _tag: "Started", run: { run: "n1" } })
      expect(entry).toMatchObject({ state: "started", run: { run: "n1" } })
      expect(entry).not.toHaveProperty("adopted")
      const run = resolution._tag === "Started" ? resolution.run : expect.fail(resolution._tag)
      expect(Claims.isClaimedByOther(engine.context, run, "another entry")).toBe(true)
      expect(Claims.isClaimedByOther(engine.context, run, sent.entry.id)).toBe(false)
    }),
  )

  it.effect("T3: is settled by the vendor's refusal", () =>
    Effect.gen(function* () {
      const { resolution, entry } = yield* concluded([refusal(invalid)], "1 hour")
      expect([resolution._tag, entry?.state]).toEqual(["NotStarted", "refused"])
    }),
  )

  it.effect("T3: stays open where the vendor answers with a run that was there before", () =>
    Effect.gen(function* () {
      const { resolution, entry } = yield* concluded(["r0"], "1 hour")
      expect(resolution).toMatchObject({ _tag: "Ambiguous", candidates: [{ run: "r0" }] })
      expect(entry?.state).toBe("sent")
    }),
  )

  it.effect("T4: is not sent again half the time after its mark that the vendor keeps its key", () =>
    Effect.gen(function* () {
      const { passed, resolution } = yield* concluded(["n1"], "12 hours")
      expect([passed, resolution._tag]).toEqual([[], "Ambiguous"])
    }),
  )

  it.effect.each([
    ["60 seconds", "Ambiguous"],
    ["10 minutes", "NotStarted"],
  ] as const)("T3: may appear late, by a repetition of a call that died: after %s it is %s", ([after, _tag]) =>
    Effect.gen(function* () {
      const { fake } = answering(["n1"])
      const engine = yield* Engine.make(Engine.none, {}, fake)
      const sent = yield* Engine.mark(engine)
      yield* TestClock.adjust("1 hour")
      const stored = yield* engine.journal.get(sent.entry.id)
      if (stored?._tag !== "Stored") return expect.fail("the journal has no such entry")
      fake.setSchedule("unknown")
      fake.begin("s1", DateTime.toEpochMillis(yield* DateTime.now) + Duration.toMillis(Duration.fromInputUnsafe(after)))
      const resolution = yield* within("30 minutes", Open.conclude(engine.context, sent.call, stored, sent.entry))
      expect(resolution._tag).toBe(_tag)
    }),
  )
})
