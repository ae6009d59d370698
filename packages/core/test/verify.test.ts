/** Drivers are plug-ins: core verifies what they say and what they return. */
import { describe, expect, it } from "@effect/vitest"
import { Context, Effect, Stream } from "effect"
import * as Schema from "effect/Schema"
import * as AdminWorkspace from "../src/AdminWorkspace.ts"
import { Catalog } from "../src/Catalog.ts"
import type { CatalogPart } from "../src/driver/Catalog.ts"
import type { AnyDriver } from "../src/driver/Driver.ts"
import { RunRef, SyncRef } from "../src/model/Ref.ts"
import { RetlError } from "../src/model/RetlError.ts"
import { Runs } from "../src/Runs.ts"
import * as Workspace from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { within } from "./support/testbed.ts"

const make = (driver: AnyDriver) => Workspace.make({ name: "test", closeWithin: 0 }, driver)

const issuesOf = (error: unknown) => {
  if (!(error instanceof RetlError)) return expect.fail(`expected a RetlError, found ${String(error)}`)
  const { reason } = error
  return reason._tag === "InvalidRequest" || reason._tag === "UnexpectedResponse"
    ? reason.issues.map(({ path }) => path.join("."))
    : expect.fail(`found ${reason._tag}`)
}

const limit = { name: "a", operations: "all", requests: 1, window: "1 second" }

const { driver: valid } = FakeDriver.make()
const { runs, description } = valid

const drivers: ReadonlyArray<readonly [string, object, ReadonlyArray<string>]> = [
  ["another version", { spec: "openretl/1" }, ["driver.spec"]],
  ["no version", { spec: undefined }, ["driver.spec"]],
  ["a vendor's name with a dot", { vendor: "a.b" }, ["driver.vendor"]],
  ["no ids", { ids: Schema.Struct({}) }, ["driver.ids"]],
  ["only optional ids", { ids: Schema.Struct({ a: Schema.optionalKey(Schema.String) }) }, ["driver.ids"]],
  ["ids of another kind", { ids: ["sync"] }, ["driver.ids"]],
  ["an id with a bad name", { ids: Schema.Struct({ "a-b": Schema.String }) }, ["driver.ids.a-b"]],
  ["no description", { description: undefined }, ["driver.description"]],
  [
    "a limit of 0",
    { description: { ...description, limits: [{ ...limit, requests: 0 }] } },
    ["driver.description.limits.0.requests"],
  ],
  [
    "a window of 0",
    { description: { ...description, limits: [{ ...limit, window: 0 }] } },
    ["driver.description.limits.0.window"],
  ],
  [
    "a limit of an unknown operation",
    { description: { ...description, limits: [{ ...limit, operations: ["x"] }] } },
    [],
  ],
  [
    "limits that leave operations out",
    { description: { ...description, limits: [{ ...limit, operations: ["start", "get", "list"] }] } },
    ["driver.description.limits"],
  ],
  ["an account that cannot be read", { account: 1 }, ["driver.account"]],
  ["a workspace's id that is a number", { workspaceId: 1 }, ["driver.workspaceId"]],
  ["no start", { runs: { ...runs, start: undefined } }, ["driver.runs.start"]],
  ["no scopes in the list of scopes", { scopes: [] }, ["driver.scopes"]],
  ["several things", { spec: "x", vendor: "", description: {} }, ["driver.spec", "driver.vendor"]],
]

describe("a driver", () => {
  it.effect.each(drivers)("F4: a driver with %s is refused before any request", ([, parts, paths]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(make({ ...valid, ...parts } as AnyDriver))
      expect(error).toMatchObject({ delivery: "not-sent", operation: "configure", reason: { _tag: "InvalidRequest" } })
      const issues = issuesOf(error)
      expect(issues.length).toBeGreaterThan(0)
      expect(issues).toEqual(expect.arrayContaining([...paths]))
    }),
  )

  it.effect("F4: a driver of another edition is refused with what to do", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(make({ ...valid, spec: "openretl/3" } as never))
      const issues = error.reason._tag === "InvalidRequest" ? error.reason.issues : expect.fail(error.reason._tag)
      expect(issues.map(({ message }) => message)).toEqual([
        'Expected "openretl/2": the driver is of another edition. Install versions of the adapter and of @openretl/core that go together',
      ])
    }),
  )

  it.effect("B1: limits that leave operations out are refused with the names of these", () =>
    Effect.gen(function* () {
      const limits = [{ ...limit, operations: ["start", "get", "list", "schedule", "check", "syncs"] }]
      const error = yield* Effect.flip(make({ ...valid, description: { ...description, limits } } as AnyDriver))
      expect(error.reason).toMatchObject({
        issues: [{ message: 'Expected a limit of cancel, create, update, delete: name them, or add one of "all"' }],
      })
    }),
  )

  it.effect.each([[undefined], [null], ["driver"], [{}]])("F4: %j instead of a driver is refused", ([driver]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(make(driver as never))
      expect(issuesOf(error).length).toBeGreaterThan(0)
    }),
  )
})

const snapshot = { run: "999", status: "succeeded", vendorStatus: "done", rows: {}, native: {} } as const

const withRuns = Effect.fnUntraced(function* (parts: object) {
  const { services } = yield* make({ ...valid, runs: { ...runs, ...parts } })
  return Context.get(services, Runs)
})

describe("what a driver returns", () => {
  const ref = new RunRef({ sync: FakeDriver.sync(), run: "1" })

  it.effect("F5: another run than the requested one is an unexpected response, and no outcome of a wait", () =>
    Effect.gen(function* () {
      const service = yield* withRuns({ get: () => Effect.succeed(snapshot) })
      expect(issuesOf(yield* Effect.flip(within("1 minute", service.get(ref))))).toEqual(["run"])
      expect(issuesOf(yield* Effect.flip(within("1 hour", service.wait(ref, { patience: "30 minutes" }))))).toEqual([
        "run",
      ])
    }),
  )

  const runsThatCannotBe: ReadonlyArray<readonly [string, object, string]> = [
    ["without an id", { run: undefined }, "run"],
    ["with an unknown status", { status: "done" }, "status"],
    ["with a negative count", { rows: { succeeded: -1 } }, "rows.succeeded"],
    ["with a time that is a string of another form", { startedAt: "yesterday" }, "startedAt"],
    ["without a vendor's word", { vendorStatus: undefined }, "vendorStatus"],
    ["with a Date", { startedAt: new Date(0) }, "startedAt"],
    ["without rows", { rows: undefined }, "rows"],
  ]

  it.effect.each(runsThatCannotBe)("H5: a run %s ends a listing with an unexpected response", ([, parts, path]) =>
    Effect.gen(function* () {
      const service = yield* withRuns({ list: () => Effect.succeed({ runs: [{ ...snapshot, ...parts }] }) })
      const error = yield* Effect.flip(within("1 minute", Stream.runCollect(service.list(FakeDriver.sync()))))
      expect(issuesOf(error)).toContain(path)
    }),
  )
})

describe("what a driver in JavaScript returns", () => {
  const ref = new RunRef({ sync: FakeDriver.sync(), run: "999" })

  it.effect("H5: fields of a run that are undefined are absent", () =>
    Effect.gen(function* () {
      const answer = { ...snapshot, startedAt: undefined, errorText: undefined, rows: { failed: undefined } }
      const service = yield* withRuns({
        get: () => Effect.succeed(answer),
        list: () => Effect.succeed({ runs: [answer], next: undefined, asOf: undefined }),
      })
      const run = yield* within("1 minute", service.get(ref))
      expect(Object.keys(run)).not.toContain("startedAt")
      expect(run.rows).toEqual({})
      expect(yield* within("1 minute", Stream.runCollect(service.list(FakeDriver.sync())))).toHaveLength(1)
    }),
  )

  it.effect.each([[undefined], [null], ["text"], [[]]])("H5: %j is no run: an unexpected response", ([answer]) =>
    Effect.gen(function* () {
      const service = yield* withRuns({
        get: () => Effect.succeed(answer),
        list: () => Effect.succeed({ runs: [answer] }),
      })
      const calls: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
        service.get(ref),
        service.wait(ref, { patience: "30 minutes" }),
        Stream.runDrain(service.list(FakeDriver.sync())),
        service.trigger(FakeDriver.sync(), { whenRunning: "fail" }),
      ]
      for (const call of calls) expect(issuesOf(yield* Effect.flip(within("1 hour", call)))).toHaveLength(1)
    }),
  )

  const pages: ReadonlyArray<readonly [string, unknown, string]> = [
    ["undefined", undefined, ""],
    ["null", null, ""],
    ["a list", [snapshot], ""],
    ["a page without runs", {}, "runs"],
    ["a page whose runs are null", { runs: null }, "runs"],
    ["a page whose next is a number", { runs: [], next: 2 }, "next"],
    ["a page whose next is null", { runs: [], next: null }, "next"],
    ["a page whose clock is a text", { runs: [], asOf: "2026-09-20T10:00:00Z" }, "asOf"],
  ]

  it.effect.each(pages)("H5: %s is no page: an unexpected response", ([, page, path]) =>
    Effect.gen(function* () {
      const service = yield* withRuns({ list: () => Effect.succeed(page) })
      const listing = Stream.runDrain(service.list(FakeDriver.sync()))
      expect(issuesOf(yield* Effect.flip(within("1 minute", listing)))).toEqual([path])
      const trigger = service.trigger(FakeDriver.sync(), { whenRunning: "fail" })
      expect(issuesOf(yield* Effect.flip(within("1 minute", trigger)))).toEqual([path])
    }),
  )

  it.effect("H5: an entry of a catalog that is no sync is an unexpected response", () =>
    Effect.gen(function* () {
      const catalog = { list: () => Stream.succeed(null), get: () => Effect.succeed(null) }
      const { services } = yield* AdminWorkspace.make({ name: "test", closeWithin: 0 }, {
        ...valid,
        catalog,
      } as unknown as typeof valid & { readonly catalog: CatalogPart<FakeDriver.Ids> })
      const { list } = Context.get(services, Catalog)
      const error = yield* Effect.flip(within("1 minute", Stream.runDrain(list)))
      expect(issuesOf(error)).toEqual([""])
      expect(error).toMatchObject({ delivery: "unknown" })
    }),
  )
})

describe("a sync that a driver returns", () => {
  const open = Effect.fnUntraced(function* (fake: FakeSyncs.Fake, get: () => Effect.Effect<unknown, RetlError>) {
    const catalog = { ...fake.driver.catalog, get: get as typeof fake.driver.catalog.get }
    return yield* FakeSyncs.open({ ...fake, driver: { ...fake.driver, catalog } })
  })

  const attempts = ({ catalog, administration }: Effect.Success<ReturnType<typeof open>>, sync: SyncRef) => ({
    get: catalog.get(sync),
    pause: administration.pause(sync),
    update: administration.update(sync, { name: "new" }),
    delete: administration.delete(sync),
  })

  it.effect.each([["get"], ["pause"], ["update"], ["delete"]] as const)(
    "F5: another sync than the requested one is an unexpected response to %s, which writes nothing",
    ([name]) =>
      Effect.gen(function* () {
        const fake = FakeSyncs.make()
        const sync = fake.add({ id: "s1" })
        const another = fake.snapshotOf({ id: "s2", pair: "p", name: "x", state: "paused", mode: "upsert" })
        const services = yield* open(fake, () => Effect.succeed(another))
        const error = yield* Effect.flip(within("1 hour", attempts(services, sync)[name]))
        expect(issuesOf(error)).toEqual(["ids"])
        expect(error).toMatchObject({ delivery: name === "get" ? "unknown" : "not-sent" })
        expect(fake.writes()).toBe(0)
      }),
  )

  it.effect.each([[undefined], [null], ["text"], [{}]])("H5: %j is no sync, and nothing is written", ([answer]) =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      const sync = fake.add({ id: "s1" })
      const services = yield* open(fake, () => Effect.succeed(answer))
      for (const attempt of Object.values(attempts(services, sync))) {
        expect(issuesOf(yield* Effect.flip(within("1 hour", attempt)))).toHaveLength(1)
      }
      expect(fake.writes()).toBe(0)
    }),
  )

  it.effect.each([[null], ["text"], [{}]])("H5: %j after a create shows nothing: core finds the sync", ([answer]) =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      const create: typeof fake.driver.administration.create = (wanted) =>
        Effect.as(fake.driver.administration.create(wanted), answer as never)
      const administration = { ...fake.driver.administration, create }
      const services = yield* FakeSyncs.open({ ...fake, driver: { ...fake.driver, administration } })
      const created = yield* within("1 hour", services.administration.create(FakeSyncs.definition("a")))
      expect(created.ref.ids).toEqual({ sync: "s1" })
      expect(fake.count("create")).toBe(1)
    }),
  )

  it.effect("F5: an answer to an update that shows another sync shows nothing: core reads", () =>
    Effect.gen(function* () {
      const fake = FakeSyncs.make()
      const sync = fake.add({ id: "s1" })
      const another = fake.snapshotOf({ id: "s2", pair: "p", name: "new", state: "enabled", mode: "upsert" })
      const update: typeof fake.driver.administration.update = (current, change) =>
        Effect.as(fake.driver.administration.update(current, change), another)
      const administration = { ...fake.driver.administration, update }
      const services = yield* FakeSyncs.open({ ...fake, driver: { ...fake.driver, administration } })
      const readsBefore = fake.count("syncs")
      const updated = yield* within("1 hour", services.administration.update(sync, { name: "new" }))
      expect(updated).toMatchObject({ ref: sync, name: "new" })
      expect(fake.count("syncs") - readsBefore).toBe(2)
    }),
  )
})

describe("options of a workspace that cannot be read", () => {
  const unreadable = {
    get name(): string {
      throw new Error("secret")
    },
  }

  it.effect.each([[undefined], [null], ["text"], [unreadable]])("F4: options %# are refused", ([options]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Workspace.make(options as never, valid))
      expect(issuesOf(error).length).toBeGreaterThan(0)
      expect(error.message).not.toContain("secret")
    }),
  )
})

describe("the identity of a sync", () => {
  const refOf = (region?: string) =>
    new SyncRef({ workspace: "test", vendor: "fake", ids: { sync: "s1", ...(region !== undefined && { region }) } })

  it.effect("T9: two refs that differ in an optional id take turns, and see each other's run", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const { services } = yield* make(fake.driver)
      const { trigger } = Context.get(services, Runs)
      const results = yield* within(
        "1 minute",
        Effect.all(
          [refOf(), refOf("eu")].map((sync) => Effect.result(trigger(sync, { whenRunning: "fail" }))),
          { concurrency: "unbounded" },
        ),
      )
      expect(results.map(({ _tag }) => _tag).sort()).toEqual(["Failure", "Success"])
      expect(fake.count("start")).toBe(1)
    }),
  )
})
