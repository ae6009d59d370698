import { describe, expect, it } from "@effect/vitest"
import * as Fault from "@openretl/emulator/Fault"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as FivetranActivations from "../src/FivetranActivations.ts"
import { ended, onEmulator } from "./onEmulator.ts"

describe("a trigger that the vendor takes while another run is under way", () => {
  it.effect.each(["skipped", "skipped-later"] as const)(
    "T15, W3: a run that ends as skipped is no success, and is not sent again by `fail` (%s)",
    (overlap) =>
      Effect.gen(function* () {
        const { emulator, ids, client, sync, runs, ref } = yield* onEmulator({ switches: { overlap } })
        yield* emulator.script(ids, [{ duration: "10 minutes" }])
        yield* client.triggerSync(sync)
        // The vendor answers with a success all the same.
        const second = yield* client.triggerSync(sync)
        yield* TestClock.adjust("1 minute")
        const listed = yield* ended(Stream.runCollect(runs.list(ref)))
        expect(listed).toMatchObject({
          success: [{ ref: { run: second }, status: "skipped", rows: {} }, { status: "running" }],
        })
        expect(listed._tag === "Success" && listed.success[0]?.startedAt).toBeUndefined()
      }),
  )

  it.effect("T5, T15: of another client, which no read shows yet, is waited for and sent again by `wait`", () =>
    Effect.gen(function* () {
      const { emulator, ids, runs, ref } = yield* onEmulator({ readLag: "20 seconds" })
      yield* emulator.triggerAsStranger(ids, { plan: { duration: "5 minutes" } })
      const result = yield* ended(runs.run(ref, { whenRunning: "wait" }))
      expect(result).toMatchObject({ success: { run: { status: "succeeded" }, verdict: "complete" } })
      const own = (yield* emulator.runsOf(ids)).filter(({ origin }) => origin === "call")
      expect(own.map(({ skipped }) => skipped === true)).toEqual([true, false])
    }),
  )

  it.effect("T5: that a read shows is not sent", () =>
    Effect.gen(function* () {
      const { emulator, ids, runs, ref } = yield* onEmulator()
      const run = yield* emulator.triggerAsStranger(ids, { plan: { ends: "never" } })
      expect(yield* ended(runs.trigger(ref, { whenRunning: "fail" }))).toMatchObject({
        failure: { reason: { _tag: "AlreadyRunning", run: { run } }, delivery: "not-sent" },
      })
      expect(yield* emulator.runsOf(ids)).toHaveLength(1)
    }),
  )
})

describe("a run", () => {
  it.effect("W3, R4: with invalid rows is partial and not accepted, whichever field counts them", () =>
    Effect.gen(function* () {
      for (const invalidRows of ["source", "records", "both", "processed"] as const) {
        const { emulator, ids, runs, ref } = yield* onEmulator({ switches: { invalidRows } })
        yield* emulator.script(ids, [{ rows: { succeeded: 100, failed: 0, invalid: 7 } }])
        const result = yield* ended(runs.run(ref, { whenRunning: "fail" }))
        expect(result).toMatchObject({ failure: { _tag: "OutcomeRejected", verdict: "partial" } })
        const [run] = yield* Stream.runCollect(runs.list(ref))
        expect(run).toMatchObject({ status: "partial", rows: { succeeded: 100, failed: 0, invalid: 7 } })
        expect(run?.rows).not.toHaveProperty("unaccounted")
      }
    }),
  )

  it.effect("R4: that is under way has no counts, and not zeros", () =>
    Effect.gen(function* () {
      const { emulator, ids, client, sync, runs, ref } = yield* onEmulator()
      yield* emulator.script(ids, [{ duration: "10 minutes" }])
      yield* client.triggerSync(sync)
      yield* TestClock.adjust("5 minutes")
      expect(yield* ended(Stream.runCollect(runs.list(ref)))).toMatchObject({
        success: [{ status: "running", rows: {} }],
      })
    }),
  )

  it.effect("T9: that is cancelled is cancelled, whatever its status is, and no other is", () =>
    Effect.gen(function* () {
      for (const cancelledStatus of ["completed", "failed", "canceled", "working"] as const) {
        const opened = yield* onEmulator({ switches: { cancelledStatus } })
        const { emulator, ids, runs, ref, cancellation } = opened
        const other = yield* emulator.addSync({ name: "Another" })
        const stranger = yield* emulator.triggerAsStranger(other, { plan: { ends: "never" } })
        yield* emulator.script(ids, [{ ends: "never" }])
        const started = yield* ended(runs.trigger(ref, { whenRunning: "fail" }))
        if (started._tag === "Failure" || started.success._tag !== "Started") return expect.fail("it has not started")
        const { run } = started.success
        expect(yield* ended(cancellation.cancel(run))).toMatchObject({ _tag: "Success" })
        yield* TestClock.adjust("1 minute")
        expect(yield* ended(runs.get(run))).toMatchObject({
          success: { status: "cancelled", vendorStatus: "canceled" },
        })
        const [actual] = yield* emulator.runsOf(other)
        expect([actual?.id, actual?.finishedAt]).toEqual([stranger, undefined])
      }
    }),
  )

  it.effect("R5: says who started it, where the vendor's word is clear, and keeps the detail to its payload", () =>
    Effect.gen(function* () {
      const { emulator, ids, client, sync, runs, ref } = yield* onEmulator()
      yield* client.triggerSync(sync)
      yield* TestClock.adjust("5 minutes")
      yield* emulator.triggerAsStranger(ids)
      yield* TestClock.adjust("5 minutes")
      const [byPerson, byRequest] = yield* Stream.runCollect(runs.list(ref))
      expect([byPerson?.startedBy, byRequest?.startedBy]).toEqual([undefined, "api"])
      expect(byPerson && FivetranActivations.nativeOf(byPerson)?.sync_trigger_reason?.ui_tag).toBe("Manual")
      expect(JSON.stringify(byPerson?.toJSON())).not.toContain("@")
    }),
  )
})

describe("a 504", () => {
  it.effect("T4: to a trigger that the vendor carries out all the same leads to no second run", () =>
    Effect.gen(function* () {
      const { emulator, ids, runs, ref } = yield* onEmulator()
      yield* emulator.addFaults(Fault.gatewayPage("start", { status: 504, commits: true }))
      const result = yield* ended(runs.run(ref, { whenRunning: "fail", exclusive: true }))
      expect(result).toMatchObject({ success: { verdict: "complete" } })
      expect(yield* emulator.runsOf(ids)).toHaveLength(1)
      expect((yield* emulator.calls).filter(({ operation }) => operation === "start")).toHaveLength(1)
    }),
  )

  it.effect("W1: to reads is waited out", () =>
    Effect.gen(function* () {
      const { emulator, runs, ref } = yield* onEmulator()
      yield* emulator.addFaults(Fault.gatewayPage("get", { status: 504, times: 3 }))
      expect(yield* ended(runs.run(ref, { whenRunning: "fail" }))).toMatchObject({ success: { verdict: "complete" } })
    }),
  )
})

it.effect("T4: an empty success of a trigger leads to no second run", () =>
  Effect.gen(function* () {
    const { emulator, ids, runs, ref } = yield* onEmulator()
    yield* emulator.addFaults(Fault.respond("start", { status: 200, body: "", commits: true }))
    const result = yield* ended(runs.run(ref, { whenRunning: "fail", exclusive: true }))
    expect(result).toMatchObject({ success: { verdict: "complete" } })
    expect(yield* emulator.runsOf(ids)).toHaveLength(1)
    expect((yield* emulator.calls).filter(({ operation }) => operation === "start")).toHaveLength(1)
  }),
)

it.effect("T1: a paused sync is NotTriggerable, whatever the status of the refusal is", () =>
  Effect.gen(function* () {
    for (const triggerWhenPaused of ["400", "409", "422"] as const) {
      const { emulator, ids, runs, ref } = yield* onEmulator({ switches: { triggerWhenPaused } })
      yield* emulator.setState(ids, "paused")
      expect(yield* ended(runs.trigger(ref, { whenRunning: "fail" }))).toMatchObject({
        failure: { reason: { _tag: "NotTriggerable", state: "paused" }, delivery: "refused" },
      })
      expect(yield* emulator.runsOf(ids)).toEqual([])
    }
  }),
)
