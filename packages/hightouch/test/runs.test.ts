import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Hightouch from "../src/Hightouch.ts"
import { ended, onEmulator } from "./onEmulator.ts"

describe("a run", () => {
  it.effect("W3, R4: with rejected rows is partial, and not accepted", () =>
    Effect.gen(function* () {
      const { emulator, ids, runs, ref } = yield* onEmulator({ switches: { rowKinds: "all" } })
      yield* emulator.script(ids, [{ rows: { succeeded: 100, failed: 7 } }])
      const result = yield* ended(runs.run(ref, { whenRunning: "fail" }))
      expect(result).toMatchObject({ failure: { _tag: "OutcomeRejected" } })
      const [run] = yield* Stream.runCollect(runs.list(ref))
      expect(run).toMatchObject({ status: "partial", vendorStatus: "warning", rows: { succeeded: 100, failed: 7 } })
      expect(run && Hightouch.nativeOf(run)?.successfulRows).toEqual({
        addedCount: 50,
        changedCount: 25,
        removedCount: 25,
      })
      expect(run?.rows.deleted).toBe(25)
    }),
  )

  it.effect("W3: that is interrupted and goes on is waited for", () =>
    Effect.gen(function* () {
      const { emulator, ids, runs, ref } = yield* onEmulator({ switches: { interrupted: "goes-on" } })
      yield* emulator.script(ids, [{ duration: "10 minutes" }])
      expect(yield* ended(runs.run(ref, { whenRunning: "fail" }))).toMatchObject({ success: { verdict: "complete" } })
    }),
  )

  it.effect("W3: that is interrupted and has ended is a failure", () =>
    Effect.gen(function* () {
      const { emulator, ids, runs, ref } = yield* onEmulator()
      yield* emulator.script(ids, [{ duration: "10 minutes", words: { ended: "interrupted" } }])
      expect(yield* ended(runs.run(ref, { whenRunning: "fail" }))).toMatchObject({
        failure: { _tag: "OutcomeRejected", run: { status: "failed", vendorStatus: "interrupted" } },
      })
    }),
  )

  it.effect("T6: of a scope of the vendor's has that scope", () =>
    Effect.gen(function* () {
      const { emulator, ids, scopes, ref } = yield* onEmulator()
      yield* ended(scopes.run(ref, { whenRunning: "fail", scope: "clearAndFill" }))
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ scope: "clearAndFill" }])
    }),
  )
})

describe("a trigger while a run is under way", () => {
  it.effect("T5: of another client's is not sent, though the vendor would queue it", () =>
    Effect.gen(function* () {
      const { emulator, ids, runs, ref } = yield* onEmulator()
      const run = yield* emulator.triggerAsStranger(ids, { plan: { ends: "never" } })
      expect(yield* ended(runs.trigger(ref, { whenRunning: "fail" }))).toMatchObject({
        failure: { reason: { _tag: "AlreadyRunning", run: { run } }, delivery: "not-sent" },
      })
      expect(yield* emulator.runsOf(ids)).toHaveLength(1)
    }),
  )

  it.effect("T4, R3: that the vendor queues returns the run that waits", () =>
    Effect.gen(function* () {
      const { emulator, ids, client, sync, runs, ref } = yield* onEmulator()
      yield* emulator.script(ids, [{ duration: "10 minutes" }])
      yield* client.triggerSync(sync, {})
      const second = yield* client.triggerSync(sync, {})
      yield* TestClock.adjust("1 minute")
      const listed = yield* ended(Stream.runCollect(runs.list(ref)))
      expect(listed).toMatchObject({ success: [{ status: "running" }, { ref: { run: second.id }, status: "queued" }] })
    }),
  )
})

it.effect("T1: a disabled sync is NotTriggerable, also where the vendor says so inside a 200", () =>
  Effect.gen(function* () {
    for (const refusalInSuccess of ["no", "yes"] as const) {
      const { emulator, ids, runs, ref } = yield* onEmulator({ switches: { refusalInSuccess } })
      yield* emulator.setState(ids, "paused")
      expect(yield* ended(runs.trigger(ref, { whenRunning: "fail" }))).toMatchObject({
        failure: { reason: { _tag: "NotTriggerable", state: "disabled" }, delivery: "refused" },
      })
      expect(yield* emulator.runsOf(ids)).toEqual([])
    }
  }),
)
