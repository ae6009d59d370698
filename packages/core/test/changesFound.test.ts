/** Creates whose answer does not name their sync: when core looks, what it takes for its own, and what the error says. */
import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect, Result } from "effect"
import * as Journal from "../src/journal/Journal.ts"
import * as ProcessState from "../src/journal/ProcessState.ts"
import * as Reason from "../src/model/Reason.ts"
import { every } from "../src/model/schedule/Schedule.ts"
import { failure, lost } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { within } from "./support/testbed.ts"

const { definition, refOf } = FakeSyncs
const hourly = every("1 hour")

/** A workspace in a process of its own, of a vendor whose administration has these parts besides. */
const make = Effect.fnUntraced(function* (options: FakeSyncs.Options = {}, parts: object = {}) {
  const made = FakeSyncs.make(options)
  const fake: FakeSyncs.Fake = {
    ...made,
    driver: { ...made.driver, administration: { ...made.driver.administration, ...parts } },
  }
  const start = Effect.provideService(
    FakeSyncs.open(fake, { journal: Journal.memory() }),
    ProcessState.ProcessState,
    ProcessState.isolated(),
  )
  return { fake, ...(yield* start) }
})

/** Returns how a call ends, and after how many milliseconds. */
const timed = <A, E>(call: Effect.Effect<A, E>) =>
  within(
    "1 hour",
    Effect.gen(function* () {
      const start = yield* Clock.currentTimeMillis
      const result = yield* Effect.result(call)
      const millis = (yield* Clock.currentTimeMillis) - start
      return {
        value: Result.isSuccess(result) ? result.success : undefined,
        error: Result.isFailure(result) ? result.failure : undefined,
        millis,
      }
    }),
  )

describe("a create whose answer names no sync", () => {
  it.effect("A1: with exclusive, is found at once", () =>
    Effect.gen(function* () {
      const { administration } = yield* make({ answers: "nothing" })
      const { value, millis } = yield* timed(administration.create(definition("a"), { exclusive: true }))
      expect([value?.ref, millis]).toEqual([refOf("s1"), 0])
    }),
  )

  it.effect("A1: without it, is found once every new sync has to show", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ answers: "nothing" })
      fake.trouble("create", { commits: 170_000 })
      fake.when("create", (now) => fake.add({ id: "theirs", pair: "a", state: "paused", at: now }))
      const { error, millis } = yield* timed(administration.create(definition("a")))
      expect(error).toMatchObject({
        _tag: "ChangeIndeterminate",
        candidates: [refOf("theirs"), refOf("s1")],
        error: { reason: { _tag: "UnexpectedResponse" }, delivery: "unknown" },
      })
      expect(millis).toBeGreaterThanOrEqual(180_000)
    }),
  )

  it.effect("A1, A2: is not taken for a sync that fires unrequested", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ answers: "nothing" })
      fake.when("create", (now) => fake.add({ id: "theirs", pair: "a", schedule: hourly, at: now }))
      expect((yield* timed(administration.create(definition("a")))).value?.ref).toEqual(refOf("s1"))
    }),
  )

  it.effect("A1: and is answered with the sync of another create, is found all the same", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      yield* timed(administration.create(definition("b")))
      fake.answerWith("create", "s1")
      expect((yield* timed(administration.create(definition("a")))).value?.ref).toEqual(refOf("s2"))
    }),
  )

  it.effect("A1: and is answered with another sync where the vendor closes its list, names that", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.store((sync) => ({ ...sync, name: "another" }))
      fake.close()
      const { error } = yield* timed(administration.create(definition("a")))
      expect(error).toMatchObject({
        _tag: "ChangeIndeterminate",
        candidates: [refOf("s1")],
        error: { reason: { _tag: "UnexpectedResponse" }, delivery: "unknown" },
      })
    }),
  )

  it.effect("A1: and is answered with one that existed before, leaves its key free", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ isShy: true })
      fake.add({ id: "old", pair: "a", at: -1_000_000 })
      const create = administration.create(definition("a"), { key: "crm" })
      for (let times = 0; times < 2; times++) {
        const { error } = yield* timed(create)
        expect(error).toMatchObject({ reason: { _tag: "Conflict" }, delivery: "refused" })
      }
      expect(fake.count("create")).toBe(2)
      expect(yield* administration.pending).toEqual([])
    }),
  )
})

describe("a create whose answer is lost", () => {
  it.effect.each([
    ["a sync that shows at once is found when the create can have had its effect", 0, 120_000],
    ["one that takes effect at the last moment is found then", 120_000, 120_000],
    ["one that shows as late as reads may lag is found", 150_000, 151_000],
  ] as const)("A1: with exclusive, %s", ([, commits, found]) =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { error: lost, commits })
      const { value, millis } = yield* timed(administration.create(definition("a"), { exclusive: true }))
      expect(value?.ref).toEqual(refOf("s1"))
      expect(millis).toBe(found)
      expect(yield* administration.pending).toEqual([])
      yield* within("1 minute", administration.pause(refOf("s1")))
    }),
  )

  it.effect("A1: without it, one look when all is there to see names the candidates", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { error: lost, commits: 170_000 })
      const { error, millis } = yield* timed(administration.create(definition("a")))
      expect(error).toMatchObject({ _tag: "ChangeIndeterminate", candidates: [refOf("s1")] })
      expect(millis).toBe(180_000)
    }),
  )

  it.effect("A1: is not taken for the sync of another process' create that shows late", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make({ lag: 50_000 })
      const [one, other] = yield* FakeSyncs.openTwo(fake)
      yield* within("1 second", one.administration.create(definition("a")))
      fake.trouble("create", { error: lost })
      const { error } = yield* timed(other.administration.create(definition("a"), { exclusive: true }))
      expect(error).toMatchObject({ _tag: "ChangeIndeterminate", candidates: [] })
    }),
  )

  it.effect("A1: says in what each candidate differs, and names none that does not", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make()
      fake.trouble("create", { error: lost })
      fake.when("create", (at) => {
        fake.add({ id: "like", pair: "a", state: "paused", at })
        fake.add({ id: "named", pair: "a", state: "paused", name: "b", at })
        fake.add({ id: "on", pair: "a", name: "b", schedule: hourly, at })
      })
      const { error } = yield* timed(administration.create(definition("a")))
      expect(error).toMatchObject({
        candidates: [refOf("like"), refOf("named"), refOf("on")],
        differences: [
          { candidate: refOf("named"), differs: ["name"] },
          { candidate: refOf("on"), differs: ["name", "enabled", "schedule"] },
        ],
      })
    }),
  )

  it.effect("A1: says where a candidate differs in nothing but its part", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({}, { matches: () => false })
      fake.trouble("create", { error: lost })
      fake.when("create", (at) => fake.add({ id: "like", pair: "a", state: "paused", at }))
      const { error } = yield* timed(administration.create(definition("a")))
      expect(error).toMatchObject({ differences: [{ candidate: refOf("like"), differs: ["part"] }] })
    }),
  )

  it.effect("A1: leaves out in another process what existed before it", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      fake.add({ id: "old", pair: "a", state: "paused", at: -1_000_000 })
      const [one, other] = yield* FakeSyncs.openTwo(fake)
      fake.trouble("create", { error: lost })
      yield* timed(one.administration.create(definition("a")))
      const [{ entry } = expect.fail()] = yield* other.administration.pending
      expect((yield* timed(other.administration.resolve(entry))).value).toMatchObject({ _tag: "NotDone" })
    }),
  )
})

describe("a create where the list of syncs has an odd entry", () => {
  const listed = (...paths: ReadonlyArray<ReadonlyArray<string>>) =>
    failure(
      new Reason.UnexpectedResponse({ issues: paths.map((path) => ({ path, message: "Expected an id" })) }),
      "unknown",
    )

  it.effect.each<[string, ReadonlyArray<ReadonlyArray<string>>, creates: number]>([
    ["without an id", [["0", "id"]], 1],
    ["without an id, deep in the answer", [["data", "syncs", "3", "id"]], 1],
    [
      "and another one without an id",
      [
        ["data", "0", "id"],
        ["data", "1", "id"],
      ],
      1,
    ],
    [
      "that is odd in other ways, too",
      [
        ["data", "0", "id"],
        ["data", "0", "name"],
      ],
      0,
    ],
    ["with an id of another shape", [["data", "0", "id", "x"]], 0],
    ["that is no list", [["id"]], 0],
    ["for no reason", [], 0],
  ])("K2, A1: %s: stops no create where its id is all that is missing", ([, paths, creates]) =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({}, { listCandidates: () => Effect.fail(listed(...paths)) })
      const { error } = yield* timed(administration.create(definition("a")))
      expect(fake.count("create")).toBe(creates)
      expect(error === undefined).toBe(creates === 1)
      if (creates === 0) expect(error).toMatchObject({ delivery: "not-sent" })
    }),
  )
})
