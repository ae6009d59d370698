import { describe, expect, it } from "@effect/vitest"
import { Context, Duration, Effect, Exit, Fiber, Logger, References, Schema, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as IntentStore from "../src/journal/IntentStore.ts"
import * as StoredIntent from "../src/model/Intent.ts"
import { RateLimited } from "../src/model/Reason.ts"
import { RetlError } from "../src/model/RetlError.ts"
import { Run } from "../src/model/Run.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()

describe("the store", () => {
  it.effect("T8: a trigger whose intent cannot be written is not sent", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const full = Effect.fail(new IntentStore.IntentStoreError({ message: "the disk is full" }))
      const { services } = yield* workspace(fake, { intents: { ...IntentStore.memory(), put: () => full } })
      const error = yield* Effect.flip(
        within("1 second", Context.get(services, Runs).trigger(sync, { whenRunning: "fail" })),
      )
      expect(error).toMatchObject({ reason: { _tag: "Unavailable" }, delivery: "not-sent" })
      expect(error.message).toContain("the disk is full")
      expect(fake.count("start")).toBe(0)
    }),
  )

  it.effect("T8: an unreadable record stops only triggers of the syncs that it may be about", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const memory = IntentStore.memory()
      const unreadable: Array<unknown> = []
      const all = (name: string) =>
        Effect.map(memory.all(name), (records) => [...unreadable, ...records] as typeof records)
      const { services } = yield* workspace(fake, { intents: { ...memory, all } })
      const { intents, trigger } = Context.get(services, Runs)
      const loseTrigger = Effect.suspend(() => {
        fake.onStart((now, id) => {
          fake.begin(id, now)
          return Effect.fail(FakeDriver.lost)
        })
        return Effect.exit(within("10 minutes", trigger(sync, { whenRunning: "fail" })))
      })
      const later = (workspace: string, name: string) => ({
        intent: { version: 2, id: "later", sync: { workspace, vendor: "fake", ids: { sync: name } } },
      })
      unreadable.push({ intent: { sync: { workspace: "other" } } }, later("other", "s1"), later("test", "s2"))
      expect(yield* loseTrigger).toMatchObject({ value: { _tag: "Adopted" } })
      const messages: Array<string> = []
      const logger = Logger.make(({ message }) => void messages.push(String(message)))
      const listed = intents.pipe(Effect.provideService(References.CurrentLoggers, new Set([logger])))
      expect(yield* listed).toEqual([])
      expect(messages).toHaveLength(1)
      for (const record of [later("test", "s1"), null, "garbage", {}]) {
        unreadable.splice(0, unreadable.length, record)
        const exit = yield* loseTrigger
        expect(Exit.isFailure(exit) && String(exit.cause), JSON.stringify(record)).toContain("TriggerIndeterminate")
        for (const { intent } of yield* intents) yield* memory.remove(intent.id)
      }
    }),
  )

  it.effect("T8: null counts as absent, and a hundred unreadable records break nothing", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.delay("start", 600_000)
      const memory = IntentStore.memory()
      const unreadable: Array<unknown> = []
      const all = (name: string) =>
        Effect.map(memory.all(name), (records) => {
          const rows: ReadonlyArray<unknown> = records.map((record) => ({
            ...record,
            resolution: null,
            intent: { ...record.intent, scope: null },
          }))
          return [...unreadable, ...rows] as typeof records
        })
      const { services } = yield* workspace(fake, { intents: { ...memory, all } })
      const { intents, trigger } = Context.get(services, Runs)
      yield* begin(Effect.exit(trigger(sync, { whenRunning: "fail" })))
      yield* TestClock.adjust("10 seconds")
      expect(yield* intents).toHaveLength(1)
      unreadable.push(
        ...Array.from({ length: 120 }, () => ({})),
        { resolution: null },
        { resolution: { _tag: "Gone" } },
      )
      expect(yield* intents).toHaveLength(1)
      const broken = yield* workspace(fake, { intents: { ...memory, all: () => Effect.succeed(null as never) } })
      const refused = yield* Effect.flip(Context.get(broken.services, Runs).intents)
      expect(refused.message).toContain("no array of records")
    }),
  )

  it.effect("T8: `intents` reads the store anew every time", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.delay("start", 600_000)
      const memory = IntentStore.memory()
      // A store may read its rows when `all` is called, not when its effect is run.
      const all = (name: string) => Effect.succeed(Effect.runSync(memory.all(name)))
      const { services } = yield* workspace(fake, { intents: { ...memory, all } })
      const { intents, trigger } = Context.get(services, Runs)
      expect(yield* intents).toEqual([])
      yield* begin(Effect.exit(trigger(sync, { whenRunning: "fail" })))
      yield* TestClock.adjust("10 seconds")
      expect(yield* intents).toHaveLength(1)
    }),
  )

  it.effect("T8: a trigger whose intent cannot be removed still succeeds", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const readOnly = Effect.fail(new IntentStore.IntentStoreError({ message: "read only" }))
      const { services } = yield* workspace(fake, { intents: { ...IntentStore.memory(), remove: () => readOnly } })
      const result = yield* within("1 second", Context.get(services, Runs).trigger(sync, { whenRunning: "fail" }))
      expect(result._tag).toBe("Started")
    }),
  )

  it.effect("T8: closing the workspace keeps unsettled triggers in the store, and logs them", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.delay("start", 600_000)
      const intents = IntentStore.memory()
      const messages: Array<string> = []
      const logger = Logger.make(({ message }) => void messages.push(String(message)))
      const scope = yield* Scope.make()
      const { services } = yield* workspace(fake, { intents }).pipe(Scope.provide(scope))
      const caller = yield* begin(Effect.exit(Context.get(services, Runs).trigger(sync, { whenRunning: "fail" })))
      yield* TestClock.adjust("10 seconds")
      yield* Scope.close(scope, Exit.void).pipe(Effect.provideService(References.CurrentLoggers, new Set([logger])))
      yield* Fiber.interrupt(caller)
      const [record, ...others] = yield* intents.all("test")
      expect(others).toEqual([])
      expect(record?.resolution).toBeUndefined()
      expect(messages.join()).toContain("A trigger was left unsettled")

      // Another process, on the same store, resolves it.
      if (record === undefined) return expect.unreachable()
      const { services: later } = yield* workspace(fake, { intents })
      const resolved = yield* within("10 minutes", Context.get(later, Runs).resolve(record.intent))
      expect(resolved._tag).toBe("NotStarted")
      expect(yield* intents.all("test")).toEqual([])
    }),
  )

  it.effect("T8: closing the workspace waits for triggers that are being settled", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.delay("start", 3_000)
      const intents = IntentStore.memory()
      const scope = yield* Scope.make()
      const { services } = yield* workspace(fake, { intents, closeWithin: "5 seconds" }).pipe(Scope.provide(scope))
      const caller = yield* begin(Context.get(services, Runs).trigger(sync, { whenRunning: "fail" }))
      yield* TestClock.adjust("1 second")
      const closing = yield* begin(Scope.close(scope, Exit.void))
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(closing)
      expect(yield* Fiber.join(caller)).toMatchObject({ _tag: "Started", run: { run: "r1" } })
    }),
  )
})

describe("an intent", () => {
  it.effect("T3: an intent is one line of text without secrets, and is parsed from it unchanged", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.begin("s1", -5_000, { lasts: 1 })
      const { services } = yield* workspace(fake)
      fake.onStart(() => Effect.fail(FakeDriver.lost))
      const runs = Context.get(services, Runs)
      const error = yield* Effect.flip(
        within("6 minutes", runs.trigger(sync, { whenRunning: "fail", exclusive: true })),
      )
      if (error._tag !== "TriggerIndeterminate") return expect.unreachable()
      const text = StoredIntent.format(error.intent)
      expect(text).not.toContain("\n")
      expect(yield* StoredIntent.parse(text)).toEqual(error.intent)
      expect(error).toMatchObject({
        code: "retl.trigger-indeterminate",
        intent: { exclusive: true, fence: { runs: ["r1"] } },
      })
      const invalid = yield* Effect.flip(StoredIntent.parse('{"version":2}'))
      expect(invalid.message).toContain("version")
    }),
  )

  it.effect("F2: an intent of another workspace is not resolved", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const { services } = yield* workspace(fake)
      fake.onStart(() => Effect.fail(FakeDriver.lost))
      const runs = Context.get(services, Runs)
      const error = yield* Effect.flip(within("6 minutes", runs.trigger(sync, { whenRunning: "fail" })))
      if (error._tag !== "TriggerIndeterminate") return expect.unreachable()
      const foreign = { ...error.intent, sync: FakeDriver.sync("s1", "other") }
      expect(yield* Effect.flip(runs.resolve(foreign))).toMatchObject({ reason: { _tag: "WrongWorkspace" } })
    }),
  )
})

describe("a record", () => {
  it.effect("T8: a record is one line of text, also with its resolution", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const { services } = yield* workspace(fake)
      const runs = Context.get(services, Runs)
      fake.delay("start", 20_000)
      const caller = yield* begin(runs.trigger(sync, { whenRunning: "fail" }))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(caller)
      yield* TestClock.adjust("1 minute")
      const [record] = yield* runs.intents
      if (record?.resolution?._tag !== "Started") return expect.unreachable()
      const text = IntentStore.format(record)
      expect(text).not.toContain("\n")
      expect(yield* IntentStore.parse(text)).toEqual(record)
    }),
  )

  it.effect("H6: errors and runs are decoded from JSON unchanged", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const { services } = yield* workspace(fake)
      const runs = Context.get(services, Runs)
      const { run } = yield* within("5 minutes", runs.run(sync, { whenRunning: "fail" }))
      const Text = Schema.fromJsonString(Run)
      const decoded = yield* Effect.flatMap(Schema.encodeEffect(Text)(run), Schema.decodeUnknownEffect(Text))
      expect(decoded.startedAt).toEqual(run.startedAt)
      expect(String(decoded.ref)).toBe(String(run.ref))
      const limited = FakeDriver.failure(new RateLimited({ retryAfter: Duration.seconds(3) }), "refused")
      const ErrorText = Schema.fromJsonString(RetlError)
      const error = yield* Effect.flatMap(
        Schema.encodeEffect(ErrorText)(limited),
        Schema.decodeUnknownEffect(ErrorText),
      )
      expect(error.message).toBe(limited.message)
    }),
  )
})

describe("resolving an intent later", () => {
  const indeterminate = Effect.fnUntraced(function* () {
    const fake = FakeDriver.make()
    fake.begin("s1", -5_000, { lasts: 1 })
    const { services } = yield* workspace(fake)
    fake.onStart(() => Effect.fail(FakeDriver.lost))
    const runs = Context.get(services, Runs)
    const error = yield* Effect.flip(within("6 minutes", runs.trigger(sync, { whenRunning: "fail" })))
    return error._tag === "TriggerIndeterminate" ? { fake, runs, intent: error.intent } : expect.unreachable()
  })

  it.effect("T3: a run that began hours after the trigger is not adopted", () =>
    Effect.gen(function* () {
      const { fake, runs, intent } = yield* indeterminate()
      yield* TestClock.adjust("5 hours")
      fake.begin("s1", Duration.toMillis("4 hours"))
      expect((yield* within("1 minute", runs.resolve(intent)))._tag).toBe("Ambiguous")
    }),
  )

  it.effect("T3: a trigger whose process died stays open for as long as its request may take", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      fake.delay("start", 3_600_000)
      const intents = IntentStore.memory()
      const scope = yield* Scope.make()
      const { services } = yield* workspace(fake, { intents }).pipe(Scope.provide(scope))
      const caller = yield* begin(Effect.exit(Context.get(services, Runs).trigger(sync, { whenRunning: "fail" })))
      yield* TestClock.adjust("1 second")
      yield* Scope.close(scope, Exit.void)
      yield* Fiber.interrupt(caller)
      fake.begin("s1", 9 * 60_000)
      const [record] = yield* intents.all("test")
      if (record === undefined) return expect.unreachable()
      const { services: later } = yield* workspace(fake, { intents, writeTimeout: "10 minutes" })
      const resolved = yield* within("13 minutes", Context.get(later, Runs).resolve(record.intent))
      expect(resolved).toMatchObject({ _tag: "Started", run: { run: "r1" } })
    }),
  )

  it.effect("T3: when the runs cannot be listed, `resolve` fails and the intent stays", () =>
    Effect.gen(function* () {
      const { fake, runs, intent } = yield* indeterminate()
      fake.fail("list", FakeDriver.down, 5)
      const error = yield* Effect.flip(within("1 minute", runs.resolve(intent)))
      expect(error).toMatchObject({ reason: { _tag: "Unavailable" }, operation: "resolve" })
      expect(yield* runs.intents).toHaveLength(1)
      expect((yield* within("1 minute", runs.resolve(intent)))._tag).toBe("NotStarted")
    }),
  )
})
