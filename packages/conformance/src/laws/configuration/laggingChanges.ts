/** Changes while reads show an older state, while the vendor takes its time, and while answers have another sync's body. */
import { ChangeIncomplete } from "@openretl/core/Change"
import * as Schedule from "@openretl/core/Schedule"
import * as Fault from "@openretl/emulator/Fault"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import type { Law } from "../../Law.ts"
import { needsCreation, needsCreationAndDeletion, needsDeletion } from "../../Setup.ts"
import { type ConfiguredTestbed, changing, requireIndeterminate, syncName } from "./configuredTestbed.ts"

/** Reads lag for almost as long as the facts of the vendors allow. */
const lagging = { emulator: { readLag: "45 seconds" } } as const

/** Reads show the testbed's sync from then on. */
const settled = (testbed: ConfiguredTestbed) => testbed.advance("2 minutes")

export const laggingChangeLaws: ReadonlyArray<Law> = [
  changing("A4", "a resume right after a pause is sent, whatever reads show", lagging, (testbed) =>
    Effect.gen(function* () {
      yield* settled(testbed)
      const { pause, resume } = testbed.administration
      const both = Effect.andThen(pause(testbed.sync), resume(testbed.sync))
      expect((yield* testbed.run(both, "1 hour")).state).toBe("enabled")
      expect((yield* testbed.actualSync())?.state).toBe("enabled")
      yield* testbed.run(Effect.andThen(both, pause(testbed.sync)), "1 hour")
      expect((yield* testbed.actualSync())?.state).toBe("paused")
    }),
  ),

  changing("A6", "a change brings no schedule back that was taken away right before it", lagging, (testbed) =>
    Effect.gen(function* () {
      const [schedule] = testbed.schedules
      if (schedule === undefined) return yield* testbed.skip("the vendor has no schedules")
      const { setSchedule, pause, resume } = testbed.administration
      yield* testbed.run(setSchedule(testbed.sync, schedule), "1 hour")
      yield* settled(testbed)
      const changes = Effect.andThen(setSchedule(testbed.sync, Schedule.manual), pause(testbed.sync))
      yield* testbed.run(Effect.andThen(changes, resume(testbed.sync)), "1 hour")
      const actual = yield* testbed.actualSync()
      expect(actual).toMatchObject({ state: "enabled" })
      expect(actual?.nextFire, "A6: it does not fire by itself").toBeUndefined()
    }),
  ),

  changing("A1", "a delete right after a create is sent", { ...lagging, needs: needsCreationAndDeletion }, (testbed) =>
    Effect.gen(function* () {
      const parts = yield* testbed.emulator.addParts()
      const { create, delete: remove } = testbed.administration
      yield* testbed.run(
        Effect.flatMap(create(testbed.definition(parts)), ({ ref }) => remove(ref)),
        "1 hour",
      )
      expect(yield* testbed.syncsOver(parts)).toEqual([])
      expect(yield* testbed.requestCount("delete")).toBe(1)
    }),
  ),

  changing("A1", "a change that was accepted without a proof is looked for until it takes effect", {}, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.setChangeTakes("70 seconds")
      yield* testbed.emulator.addFaults(Fault.emptyBody("update"))
      expect((yield* testbed.run(testbed.administration.pause(testbed.sync), "1 hour")).state).toBe("paused")
      expect((yield* testbed.actualSync())?.state).toBe("paused")
      expect(yield* testbed.requestCount("update")).toBe(1)
    }),
  ),

  changing("A1", "a delete is done when reads show no sync any more", { needs: needsDeletion }, (testbed) =>
    Effect.gen(function* () {
      yield* testbed.emulator.setChangeTakes("70 seconds")
      yield* testbed.run(testbed.administration.delete(testbed.sync), "1 hour")
      expect(yield* testbed.actualSync()).toBeUndefined()
      expect(yield* testbed.requestCount("delete")).toBe(1)
    }),
  ),

  changing("A1", "an answer with another sync's body proves no create", { needs: needsCreation }, (testbed) =>
    Effect.gen(function* () {
      const parts = yield* testbed.emulator.addParts()
      yield* testbed.emulator.addFaults(Fault.anothersBody("create", { another: testbed.ids }))
      const sync = yield* testbed.run(testbed.administration.create(testbed.definition(parts)), "1 hour")
      const [made] = yield* testbed.syncsOver(parts)
      expect(testbed.textOf(sync.ref)).toBe(String(yield* testbed.syncRef(made?.ids ?? {})))
      expect(yield* testbed.requestCount("create")).toBe(1)
    }),
  ),

  changing("A1", "an answer with another sync's body proves no update", { needs: needsCreation }, (testbed) =>
    Effect.gen(function* () {
      const parts = yield* testbed.emulator.addParts()
      const other = yield* testbed.run(testbed.administration.create(testbed.definition(parts)), "1 hour")
      const another = (yield* testbed.actualSync(other.ref))?.ids ?? {}
      yield* testbed.emulator.addFaults(Fault.anothersBody("update", { another }))
      const paused = yield* testbed.run(testbed.administration.pause(testbed.sync), "1 hour")
      expect(testbed.textOf(paused.ref)).toBe(testbed.textOf(testbed.sync))
      expect((yield* testbed.actualSync())?.state).toBe("paused")
    }),
  ),

  changing(
    "A1, A2",
    "a lost create takes no sync for its own without `exclusive`, and changes none",
    { needs: needsCreation },
    (testbed) =>
      Effect.gen(function* () {
        const parts = yield* testbed.emulator.addParts()
        yield* testbed.emulator.addFaults(Fault.lost("create", { commits: true }))
        const enabled = testbed.definition(parts, { enabled: true })
        const error = requireIndeterminate(yield* testbed.failure(testbed.administration.create(enabled), "1 hour"))
        const [made] = yield* testbed.syncsOver(parts)
        expect(error.candidates.map(testbed.textOf)).toEqual([String(yield* testbed.syncRef(made?.ids ?? {}))])
        expect(yield* testbed.requestCount("update")).toBe(0)
      }),
  ),

  changing(
    "A1",
    "with a key, a create makes one sync however often it is called",
    { needs: needsCreation },
    (testbed) =>
      Effect.gen(function* () {
        const parts = yield* testbed.emulator.addParts()
        const create = testbed.administration.create(testbed.definition(parts), { key: "one" })
        const refs = yield* testbed.run(Effect.all([create, create, create], { concurrency: "unbounded" }), "1 hour")
        expect(new Set(refs.map(({ ref }) => testbed.textOf(ref))).size).toBe(1)
        expect(yield* testbed.syncsOver(parts)).toHaveLength(1)
        expect(yield* testbed.requestCount("create")).toBe(1)
      }),
  ),

  changing(
    "A3",
    "a name that the vendor stores in another form is reported, and not sent again",
    { needs: needsCreation },
    (testbed) =>
      Effect.gen(function* () {
        yield* testbed.emulator.setNormalization("names")
        const parts = yield* testbed.emulator.addParts()
        const name = `  ${syncName}   with blanks `
        const create = testbed.administration.create(testbed.definition(parts, { name }))
        const result = yield* testbed.result(create, "1 hour")
        if (result._tag === "Success") return yield* testbed.skip("the vendor's syncs have no name")
        expect(result.failure).toBeInstanceOf(ChangeIncomplete)
        expect(yield* testbed.syncsOver(parts)).toHaveLength(1)
        expect(yield* testbed.requestCount("create")).toBe(1)
      }),
  ),
]
