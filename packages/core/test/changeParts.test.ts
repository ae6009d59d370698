/** The optional parts of an administration: steps, ends, what a create cannot carry, and what stands beside a new sync. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Reason from "../src/model/Reason.ts"
import { every } from "../src/model/schedule/Schedule.ts"
import { down, failure } from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { within } from "./support/testbed.ts"

const { definition, refOf } = FakeSyncs
type Part = FakeSyncs.Fake["driver"]["administration"]
type Optional = Partial<
  Record<"steps" | "withEnds" | "existingIssues" | "afterCreate", (...args: ReadonlyArray<never>) => unknown>
>

const hourly = every("1 hour")
const denied = failure(new Reason.PermissionDenied(), "refused", { status: 403 })

const make = Effect.fnUntraced(function* (parts: Optional, options: FakeSyncs.Options = {}) {
  const made = FakeSyncs.make(options)
  const administration = { ...made.driver.administration, ...parts } as Part
  const fake: FakeSyncs.Fake = { ...made, driver: { ...made.driver, administration } }
  return { fake, ...(yield* FakeSyncs.open(fake)) }
})

const perField = ({ name, ...others }: { readonly name?: string }) => [{ name }, others]
const both = { name: "b", enabled: false }

describe("a change of two steps", () => {
  it.effect("A3: is two requests, and done after both", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ steps: perField })
      fake.add({ id: "s1", at: -1_000_000 })
      const sync = yield* within("5 minutes", administration.update(refOf("s1"), both))
      expect(sync).toMatchObject({ name: "b", state: "paused" })
      expect(fake.sent.flatMap(({ change }) => (change === undefined ? [] : [change]))).toEqual([
        { name: "b" },
        { enabled: false },
      ])
    }),
  )

  it.effect("A3: whose second one is refused says what is missing, and why", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ steps: perField })
      fake.add({ id: "s1", at: -1_000_000 })
      fake.trouble("update", {}, { error: denied })
      const error = yield* within("5 minutes", Effect.flip(administration.update(refOf("s1"), both)))
      expect(error).toMatchObject({
        _tag: "ChangeIncomplete",
        sync: { name: "b", state: "enabled" },
        remaining: { enabled: false },
        error: { reason: { _tag: "PermissionDenied" } },
      })
    }),
  )

  it.effect("A3: whose first one does not show sends no second one, and names both", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ steps: perField })
      fake.add({ id: "s1", at: -1_000_000 })
      fake.obey((wanted, was) => ({ ...wanted, name: was.name }))
      const error = yield* within("10 minutes", Effect.flip(administration.update(refOf("s1"), both)))
      expect(error).toMatchObject({ _tag: "ChangeIncomplete", remaining: both })
      expect(fake.count("update")).toBe(1)
    }),
  )
})

describe("a driver that reads a sync alone for its changes", () => {
  it.effect("A4: needs no more than that", () =>
    Effect.gen(function* () {
      const made = FakeSyncs.make()
      const { administration, catalog } = made.driver
      const unreadable = { ...catalog, get: () => Effect.fail(denied) }
      const fake = {
        ...made,
        driver: { ...made.driver, catalog: unreadable, administration: { ...administration, read: catalog.get } },
      }
      fake.add({ id: "s1", at: -1_000_000 })
      const opened = yield* FakeSyncs.open(fake)
      expect(yield* within("1 minute", opened.administration.pause(refOf("s1")))).toMatchObject({ state: "paused" })
    }),
  )
})

describe("a sync whose state its ends tell", () => {
  const withEnds = (_: never, snapshot: object) => Effect.succeed({ ...snapshot, state: "error" })

  it.effect("A4: is read with them after a change that shows no state", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ withEnds }, { more: { state: "unknown", isSwitchedOn: false } })
      fake.add({ id: "s1", at: -1_000_000 })
      expect(yield* within("5 minutes", administration.pause(refOf("s1")))).toMatchObject({ state: "error" })
    }),
  )

  it.effect("A4: is as it was read where they cannot be read", () =>
    Effect.gen(function* () {
      const fails = () => Effect.fail(down)
      const { fake, administration } = yield* make(
        { withEnds: fails },
        { more: { state: "unknown", isSwitchedOn: false } },
      )
      fake.add({ id: "s1", at: -1_000_000 })
      expect(yield* within("5 minutes", administration.pause(refOf("s1")))).toMatchObject({ state: "unknown" })
    }),
  )

  it.effect("A4: is read alone where its state is shown", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ withEnds })
      fake.add({ id: "s1", at: -1_000_000 })
      expect(yield* within("5 minutes", administration.pause(refOf("s1")))).toMatchObject({ state: "paused" })
    }),
  )
})

describe("a create", () => {
  const existingIssues = (_: never, existing: ReadonlyArray<unknown>) =>
    existing.length === 0 ? [] : [{ path: ["part", "spec", "pair"], message: "Expected a pair without a sync" }]

  it.effect("A1: is refused beside a sync that stands in its way, and not beside one that was just deleted", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ existingIssues }, { lag: 30_000 })
      fake.add({ id: "old", pair: "a", at: -1_000_000 })
      const create = administration.create(definition("a"))
      expect(yield* within("5 minutes", Effect.flip(create))).toMatchObject({
        reason: { _tag: "InvalidRequest", issues: [{ path: ["part", "spec", "pair"] }] },
        delivery: "not-sent",
      })
      expect(fake.count("create")).toBe(0)
      yield* within("40 seconds", administration.delete(refOf("old")))
      fake.setLag(400_000)
      expect(yield* within("10 minutes", create)).toMatchObject({ ref: refOf("s1") })
    }),
  )

  it.effect("A3: sends what it cannot carry in an update", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ afterCreate: () => ({ mode: "mirror" }) })
      const wanted = definition("a", { enabled: true, schedule: hourly })
      expect(yield* within("5 minutes", administration.create(wanted))).toMatchObject({ vendorMode: "mirror" })
      expect(fake.sent.filter(({ operation }) => operation === "update")).toMatchObject([
        { change: { spec: { mode: "mirror" } } },
      ])
    }),
  )

  it.effect("A3: says what is missing, and why, where the second step of that update is refused", () =>
    Effect.gen(function* () {
      const steps = ({ enabled, ...others }: { readonly enabled?: boolean }) => [{ enabled }, others]
      const { fake, administration } = yield* make({ steps }, { isBare: true })
      fake.trouble("update", {}, { error: denied })
      const wanted = definition("a", { enabled: true, schedule: hourly })
      expect(yield* within("5 minutes", Effect.flip(administration.create(wanted)))).toMatchObject({
        _tag: "ChangeIncomplete",
        sync: { state: "enabled" },
        remaining: { schedule: hourly },
        error: { reason: { _tag: "PermissionDenied" } },
      })
    }),
  )

  it.effect("A3: says what is missing where that update is refused", () =>
    Effect.gen(function* () {
      const { fake, administration } = yield* make({ afterCreate: () => ({ mode: "mirror" }) })
      fake.trouble("update", { error: denied })
      expect(yield* within("5 minutes", Effect.flip(administration.create(definition("a"))))).toMatchObject({
        _tag: "ChangeIncomplete",
        remaining: { part: { vendor: "fake", spec: { mode: "mirror" } } },
        error: { reason: { _tag: "PermissionDenied" } },
      })
    }),
  )
})
