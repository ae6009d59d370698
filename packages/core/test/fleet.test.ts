import { describe, expect, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Stream } from "effect"
import { Cancellation } from "../src/Cancellation.ts"
import { CurrentWorkspace } from "../src/CurrentWorkspace.ts"
import * as Fleet from "../src/Fleet.ts"
import type { TriggerEntry } from "../src/model/JournalEntry.ts"
import type * as Ref from "../src/model/Ref.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Runs } from "../src/Runs.ts"
import { ScopedTriggers } from "../src/ScopedTriggers.ts"
import * as Workspace from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { within } from "./support/testbed.ts"

/** Three vendors: one that can cancel, one with scopes, one with neither. */
const make = Effect.gen(function* () {
  const fakes = { cancels: FakeDriver.make(), scopes: FakeDriver.make(), plain: FakeDriver.make() }
  const { cancellation: _, ...plainDriver } = fakes.plain.driver
  const { cancellation: __, ...scopedDriver } = fakes.scopes.driver
  const cancels = yield* Workspace.make({ name: "cancels", closeWithin: 0 }, fakes.cancels.driver)
  const scopes = yield* Workspace.make(
    { name: "scopes", closeWithin: 0, defaultScope: "incremental" },
    { ...scopedDriver, scopes: ["incremental", "full"] as const },
  )
  const plain = yield* Workspace.make({ name: "plain", closeWithin: 0 }, plainDriver)
  return { fakes, workspaces: { cancels, scopes, plain }, fleet: yield* Fleet.make({ cancels, scopes, plain }) }
})

const sync = (workspace: string) => FakeDriver.sync("s1", workspace)
const run = (workspace: string) => new RunRef({ sync: sync(workspace), run: "r1" })
const sent = (fakes: Readonly<Record<string, FakeDriver.Fake>>) =>
  Object.values(fakes).reduce((sum, fake) => sum + fake.sent.length, 0)

describe("routing", () => {
  it.effect.each(["cancels", "scopes", "plain"] as const)(
    "F1: operations on the workspace %s find it by the ref",
    (name) =>
      Effect.gen(function* () {
        const { fakes, fleet } = yield* make
        const finished = yield* within("5 minutes", fleet.run(sync(name), { whenRunning: "fail" }))
        expect(finished.verdict).toBe("complete")
        expect(fakes[name].count("start")).toBe(1)
        expect(yield* Stream.runCollect(fleet.list(sync(name)))).toHaveLength(1)
        expect((yield* fleet.get(run(name))).status).toBe("succeeded")
        expect((yield* fleet.freshness(sync(name), { warnAfter: "1 hour" }))._tag).toBe("Fresh")
      }),
  )

  it.effect("F1: a call that the vendor cannot perform fails with Unsupported before any request", () =>
    Effect.gen(function* () {
      const { fakes, fleet } = yield* make
      const cancel = yield* Effect.flip(fleet.cancel(run("plain")))
      expect(cancel).toMatchObject({
        reason: { _tag: "Unsupported", capability: "cancellation" },
        delivery: "not-sent",
      })
      const full = yield* Effect.flip(fleet.trigger(sync("plain"), { whenRunning: "fail", scope: "full" }))
      expect(full).toMatchObject({ reason: { _tag: "Unsupported", capability: "scopes" } })
      expect(sent(fakes)).toBe(0)
      expect(fleet.supports(run("plain"), Cancellation)).toBe(false)
      expect(fleet.supports(sync("cancels"), Cancellation)).toBe(true)
      expect(fleet.supports(sync("elsewhere"), Runs)).toBe(false)
    }),
  )

  it.effect.each(["elsewhere", "constructor", "__proto__"])(
    "F2: a call with a ref of the unknown workspace %s fails with WrongWorkspace and sends nothing",
    (name) =>
      Effect.gen(function* () {
        const { fakes, fleet } = yield* make
        const error = yield* Effect.flip(fleet.get(run(name)))
        expect(error).toMatchObject({ reason: { _tag: "WrongWorkspace" }, workspace: name })
        expect(sent(fakes)).toBe(0)
      }),
  )

  const values: ReadonlyArray<readonly [string, unknown]> = [
    ["undefined", undefined],
    ["null", null],
    ["an empty object", {}],
    ["a string", "text"],
  ]
  it.effect.each(values)("F2: a call with %s in place of a ref fails with WrongWorkspace", ([, value]) =>
    Effect.gen(function* () {
      const { fleet } = yield* make
      const [sync, run, entry] = [value as Ref.SyncRef, value as RunRef, value as TriggerEntry]
      const calls: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
        fleet.trigger(sync, { whenRunning: "fail" }),
        fleet.get(run),
        fleet.wait(run),
        fleet.cancel(run),
        fleet.resolve(entry),
        fleet.resume(entry),
        fleet.settle(entry, "abandoned"),
        Stream.runDrain(fleet.list(sync)),
        Stream.runDrain(fleet.watch(run)),
      ]
      for (const call of calls) {
        expect(yield* Effect.flip(call)).toMatchObject({ reason: { _tag: "WrongWorkspace" }, delivery: "not-sent" })
      }
      expect(fleet.supports(run, Runs)).toBe(false)
    }),
  )

  it.effect("F4: a fleet refuses a workspace under another name than its own", () =>
    Effect.gen(function* () {
      const { workspaces } = yield* make
      const error = yield* Effect.flip(Fleet.make({ one: workspaces.plain, two: workspaces.scopes }))
      expect(error.message).toContain(`one: Expected the workspace's name, "plain"; two:`)
    }),
  )
})

describe("programs", () => {
  it.effect("F1: `in` runs a program against one workspace", () =>
    Effect.gen(function* () {
      const { fleet } = yield* make
      const name = Effect.map(CurrentWorkspace, (current) => current.name)
      expect(yield* fleet.in("scopes")(name)).toBe("scopes")
      const full = Effect.flatMap(ScopedTriggers, ({ trigger }) =>
        trigger(sync("scopes"), { whenRunning: "fail", scope: "full" }),
      )
      expect((yield* within("1 second", fleet.in("scopes")(full)))._tag).toBe("Started")
    }),
  )

  it.effect("F3: `each` goes on when one workspace fails, and returns every exit by name", () =>
    Effect.gen(function* () {
      const { fakes, fleet } = yield* make
      fakes.scopes.fail("check", FakeDriver.down, 5)
      const results = yield* within("1 minute", fleet.each(Effect.flatMap(CurrentWorkspace, ({ check }) => check())))
      expect(Exit.isSuccess(results.cancels)).toBe(true)
      expect(Exit.isFailure(results.scopes)).toBe(true)
      expect(Exit.isSuccess(results.plain)).toBe(true)
    }),
  )
})

describe("a workspace with an odd name", () => {
  it.effect.each(["__proto__", "constructor"])("F3: `each` returns the exit of %s", (name) =>
    Effect.gen(function* () {
      const workspace = yield* Workspace.make({ name, closeWithin: 0 }, FakeDriver.make().driver)
      const fleet = yield* Fleet.make({ [name]: workspace })
      const exits = yield* within("1 minute", fleet.each(Effect.flatMap(CurrentWorkspace, ({ check }) => check())))
      expect(Object.entries(exits).map(([key, exit]) => [key, Exit.isSuccess(exit)])).toEqual([[name, true]])
    }),
  )
})

describe("merged layers", () => {
  it.effect("F2: with merged layers a trigger fails rather than start the other vendor's run", () =>
    Effect.gen(function* () {
      const first = FakeDriver.make()
      const second = FakeDriver.make()
      const layer = (name: string, fake: FakeDriver.Fake) =>
        Workspace.toLayer(Workspace.make({ name, closeWithin: 0 }, fake.driver))
      const program = Effect.gen(function* () {
        const { trigger } = yield* Runs
        const firstExit = yield* Effect.exit(trigger(sync("first"), { whenRunning: "fail" }))
        const secondExit = yield* Effect.exit(trigger(sync("second"), { whenRunning: "fail" }))
        return [firstExit, secondExit]
      })
      for (const layers of [
        Layer.mergeAll(layer("first", first), layer("second", second)),
        Layer.mergeAll(layer("second", second), layer("first", first)),
      ]) {
        const exits = yield* within("1 second", Effect.provide(program, layers))
        expect(exits.filter(Exit.isSuccess)).toHaveLength(1)
        expect(String(exits.find(Exit.isFailure))).toContain("WrongWorkspace")
      }
      expect(first.count("start")).toBe(1)
      expect(second.count("start")).toBe(1)
    }),
  )
})

describe("options", () => {
  it.effect("F4, T6: every invalid option is named before any request", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const options = JSON.parse(
        '{"name":"no name","rateLimitShare":0,"resolveWithin":"soon","runAppearsWithin":-1,"statusWords":{"x":"y"}}',
      )
      const error = yield* Effect.flip(Workspace.make(options, { ...fake.driver, scopes: ["incremental"] as const }))
      for (const field of [
        "name",
        "rateLimitShare",
        "resolveWithin",
        "runAppearsWithin",
        "statusWords.x",
        "defaultScope",
      ]) {
        expect(error.message).toContain(`${field}: Expected`)
      }
      expect(error).toMatchObject({ operation: "configure", delivery: "not-sent" })
      expect(fake.sent).toEqual([])
    }),
  )

  it.effect("F1: capabilities are derived from the driver", () =>
    Effect.gen(function* () {
      const { workspaces } = yield* make
      const capabilitiesOf = (services: Context.Context<CurrentWorkspace>) =>
        Context.get(services, CurrentWorkspace).capabilities
      expect(capabilitiesOf(workspaces.cancels.services)).toEqual({
        scopes: [],
        cancellation: "run",
        whenBusy: "unknown",
        keyedTriggers: false,
        ownSchedule: true,
        catalog: false,
        administration: false,
        creation: false,
        deletion: false,
      })
      expect(capabilitiesOf(workspaces.scopes.services)).toMatchObject({
        scopes: ["incremental", "full"],
        cancellation: false,
      })
    }),
  )
})
