import { describe, expect, it } from "@effect/vitest"
import { DateTime, type Duration, Effect } from "effect"
import type { StartOptions } from "../src/driver/Driver.ts"
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
