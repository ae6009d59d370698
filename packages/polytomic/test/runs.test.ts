import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Polytomic from "../src/Polytomic.ts"
import { ended, onEmulator } from "./onEmulator.ts"

describe("a run", () => {
  it.effect("W3, R4: with rejected rows is partial, and not accepted", () =>
    Effect.gen(function* () {
      const { emulator, ids, runs, ref } = yield* onEmulator({ switches: { rowCounts: "all" } })
      yield* emulator.script(ids, [{ rows: { succeeded: 100, failed: 7 } }])
      expect(yield* ended(runs.run(ref, { whenRunning: "fail" }))).toMatchObject({
        failure: { _tag: "OutcomeRejected" },
      })
      const [run] = yield* Stream.runCollect(runs.list(ref))
      expect(run).toMatchObject({ status: "partial", vendorStatus: "completed", rows: { succeeded: 100, failed: 7 } })
      expect(run && Polytomic.nativeOf(run)?.counts).toMatchObject({ insert: 25, update: 25, upserts: 25, delete: 25 })
    }),
  )

  it.effect.each([
    ["goes-on", { success: { verdict: "complete" } }],
    ["ends", { success: { verdict: "complete" } }],
  ] as const)("W3: that may be interrupted (%s) is waited for", ([interrupted, expected]) =>
    Effect.gen(function* () {
      const { emulator, ids, runs, ref } = yield* onEmulator({ switches: { interrupted } })
      yield* emulator.script(ids, [{ duration: "10 minutes" }])
      expect(yield* ended(runs.run(ref, { whenRunning: "fail" }))).toMatchObject(expected)
    }),
  )

  it.effect("C1: is cancelled by its id, and no other is", () =>
    Effect.gen(function* () {
      const { emulator, ids, runs, cancellation, ref } = yield* onEmulator({
        switches: { overlap: "overlaps" },
      })
      yield* emulator.script(ids, [{ duration: "2 hours" }, { duration: "2 hours" }])
      const result = yield* ended(runs.trigger(ref, { whenRunning: "fail" }))
      const other = yield* emulator.triggerAsStranger(ids)
      if (result._tag === "Failure" || result.success._tag !== "Started") return expect.fail("it is not started")
      yield* ended(cancellation.cancel(result.success.run))
      yield* TestClock.adjust("1 minute")
      const listed = yield* Stream.runCollect(runs.list(ref))
      expect(new Map(listed.map(({ ref, status }) => [ref.run, status]))).toEqual(
        new Map([
          [result.success.run.run, "cancelled"],
          [other, "running"],
        ]),
      )
    }),
  )

  it.effect("T6: of the full scope resyncs every row", () =>
    Effect.gen(function* () {
      const { emulator, ids, scopes, ref } = yield* onEmulator()
      yield* ended(scopes.run(ref, { whenRunning: "fail", scope: "full" }))
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ scope: "full" }])
    }),
  )
})

it.effect("T1: a sync that is not active is NotTriggerable", () =>
  Effect.gen(function* () {
    for (const triggerWhenInactive of ["400", "403", "409", "422"] as const) {
      const { emulator, ids, runs, ref } = yield* onEmulator({ switches: { triggerWhenInactive } })
      yield* emulator.setState(ids, "paused")
      expect(yield* ended(runs.trigger(ref, { whenRunning: "fail" }))).toMatchObject({
        failure: { reason: { _tag: "NotTriggerable", state: "disabled" }, delivery: "refused" },
      })
      expect(yield* emulator.runsOf(ids)).toEqual([])
    }
  }),
)
