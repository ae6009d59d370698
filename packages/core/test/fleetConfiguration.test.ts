import { describe, expect, it } from "@effect/vitest"
import { Effect, Result, Stream } from "effect"
import { Administration } from "../src/Administration.ts"
import * as AdminWorkspace from "../src/AdminWorkspace.ts"
import { Catalog } from "../src/Catalog.ts"
import * as Fleet from "../src/Fleet.ts"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import * as Workspace from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import * as FakeSyncs from "./support/fakeSyncs.ts"
import { within } from "./support/testbed.ts"

/** Two accounts that can be configured, and one that only runs syncs. */
const make = Effect.gen(function* () {
  const fakes = { one: FakeSyncs.make(), two: FakeSyncs.make() }
  const plain = FakeDriver.make()
  const one = yield* AdminWorkspace.make({ name: "one", closeWithin: 0 }, fakes.one.driver)
  const two = yield* AdminWorkspace.make({ name: "two", closeWithin: 0 }, fakes.two.driver)
  const runs = yield* Workspace.make({ name: "runs", closeWithin: 0 }, plain.driver)
  return { fakes, plain, fleet: yield* Fleet.make({ one, runs, two }) }
})

describe("a fleet's configuration", () => {
  it.effect("F1, A4: changes find their workspace by the ref, and a create by the workspace's name", () =>
    Effect.gen(function* () {
      const { fakes, fleet } = yield* make
      const { ref } = yield* within("5 minutes", fleet.createSync("two", FakeSyncs.definition("p")))
      expect(ref.workspace).toBe("two")
      expect((yield* within("5 minutes", fleet.resumeSync(ref))).state).toBe("enabled")
      expect((yield* within("5 minutes", fleet.pauseSync(ref))).state).toBe("paused")
      const hourly = Schedule.every("1 hour")
      expect((yield* within("5 minutes", fleet.setSchedule(ref, hourly))).schedule).toEqual(hourly)
      expect((yield* within("5 minutes", fleet.updateSync(ref, { name: "other" }))).name).toBe("other")
      expect((yield* within("5 minutes", fleet.getSync(ref))).name).toBe("other")
      yield* within("5 minutes", fleet.deleteSync(ref))
      const error = yield* Effect.flip(within("5 minutes", fleet.getSync(ref)))
      expect(error.reason).toMatchObject({ _tag: "NotFound", what: "sync" })
      expect(fakes.one.sent).toEqual([])
    }),
  )

  it.effect("F1: changes in a workspace that only runs syncs fail with Unsupported before any request", () =>
    Effect.gen(function* () {
      const { fleet, plain } = yield* make
      const ref = FakeDriver.sync("s1", "runs")
      expect(yield* Effect.flip(fleet.getSync(ref))).toMatchObject({
        reason: { _tag: "Unsupported", capability: "catalog" },
        delivery: "not-sent",
      })
      const changes = [
        ["administration", fleet.pauseSync(ref)],
        ["administration", fleet.resumeSync(ref)],
        ["administration", fleet.updateSync(ref, { name: "x" })],
        ["administration", fleet.setSchedule(ref, Schedule.manual)],
        ["deletion", fleet.deleteSync(ref)],
        ["creation", fleet.createSync("runs", FakeSyncs.definition("p"))],
      ] as const
      for (const [capability, change] of changes) {
        const reason = { _tag: "Unsupported", capability }
        expect(yield* Effect.flip(change)).toMatchObject({ reason })
      }
      expect(plain.sent).toEqual([])
      expect(fleet.supports(ref, Administration)).toBe(false)
      expect(fleet.supports(FakeSyncs.refOf("s1", "one"), Catalog)).toBe(true)
    }),
  )

  it.effect("F3, K3: `syncs` emits an error in place of an unreadable workspace, and goes on with the others", () =>
    Effect.gen(function* () {
      const { fleet } = yield* make
      yield* within("5 minutes", fleet.createSync("one", FakeSyncs.definition("p")))
      yield* within("5 minutes", fleet.createSync("two", FakeSyncs.definition("q")))
      const results = yield* within("5 minutes", Stream.runCollect(fleet.syncs))
      const lines = results.map(
        Result.match({
          onSuccess: ({ ref, name }) => `${ref.workspace}: ${name}`,
          onFailure: ({ workspace, reason }) => `${workspace}: ${reason._tag}`,
        }),
      )
      expect(lines).toEqual(["one: from p", "runs: Unsupported", "two: from q"])
    }),
  )
})
