import { describe, expect, it } from "@effect/vitest"
import { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type { RetlError } from "@openretl/core/RetlError"
import { Runs } from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import { Fault } from "@openretl/emulator"
import * as ZeotapEmulator from "@openretl/emulator/ZeotapEmulator"
import { ZeotapSwitches } from "@openretl/emulator/ZeotapSwitches"
import { Effect, Fiber, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Zeotap from "../src/Zeotap.ts"

type Emulator = ZeotapEmulator.ZeotapEmulator

/** Runs a program on a workspace over the emulator while two hours of virtual time pass. */
const on = Effect.fnUntraced(function* <A, E>(
  emulator: Emulator,
  program: Effect.Effect<A, E, Zeotap.Services>,
  options: Partial<Zeotap.Options> = {},
) {
  const layer = Zeotap.layer({
    name: "prod",
    workspaceId: emulator.workspace.id,
    token: Redacted.make(emulator.token),
    ...options,
  })
  const provided = program.pipe(Effect.provide(layer), Effect.provideService(Transport, emulator.transport))
  const fiber = yield* Effect.forkChild(Effect.delay(provided, "1 millis"))
  yield* TestClock.adjust("2 hours")
  return yield* Fiber.join(fiber)
})

const setup = Effect.fnUntraced(function* (options: ZeotapEmulator.Options = {}) {
  yield* TestClock.setTime(Date.parse("2026-11-20T10:00:00Z"))
  const emulator = yield* ZeotapEmulator.make(options)
  const ids = yield* emulator.addSync()
  const sync = yield* Zeotap.syncRef("prod", { sync: ids["sync"] ?? "" })
  return { emulator, ids, sync }
})

const settings = Object.values(ZeotapSwitches).flatMap(({ fact, values }) =>
  values.map((value) => [fact, value] as const),
)

describe("a run from its trigger to its end", () => {
  it.effect.each(settings)("is reported correctly with %s as %s", ([fact, value]) =>
    Effect.gen(function* () {
      const { emulator, ids, sync } = yield* setup()
      yield* emulator.setSwitch(fact, value)
      yield* emulator.script(ids, [
        { queued: "1 minute", duration: "10 minutes", rows: { succeeded: 5420, failed: 3 } },
      ])
      const { run, verdict, listed } = yield* on(
        emulator,
        Effect.gen(function* () {
          const runs = yield* Runs
          const result = yield* runs.trigger(sync, { whenRunning: "fail" })
          if (result._tag !== "Started") return yield* Effect.die(result)
          const finished = yield* runs.wait(result.run)
          return { ...finished, listed: yield* Stream.runCollect(runs.list(sync)) }
        }),
      )
      expect([verdict, run.status, run.vendorStatus]).toEqual(["partial", "partial", "completed"])
      expect(run.rows).toEqual({ succeeded: 5420, failed: 3 })
      expect(Zeotap.nativeOf(run)?.rows_failed).toBe(3)
      expect(listed.map(({ ref, status }) => [ref.run, status])).toEqual([[run.ref.run, "partial"]])
      const [emulated] = yield* emulator.runsOf(ids)
      expect([run.startedAt?.epochMilliseconds, run.finishedAt?.epochMilliseconds]).toEqual(
        [emulated?.startedAt, emulated?.finishedAt].map((at) =>
          at === undefined || value === "milliseconds" ? at : Math.floor(at / 1_000) * 1_000,
        ),
      )
      expect(yield* emulator.overLimit).toBe(0)
    }),
  )

  it.effect.each([
    [{ rows: { succeeded: 10 } }, "complete"],
    [{ rows: { succeeded: 0 } }, "empty"],
    [{ rows: { succeeded: 0, failed: 4 } }, "failed"],
    [{ ends: "failed", error: { text: "warehouse unreachable" } }, "failed"],
    [{ ends: "cancelled" }, "cancelled"],
  ] as const)("R4: %j ends %s", ([plan, verdict]) =>
    Effect.gen(function* () {
      const { emulator, ids, sync } = yield* setup()
      yield* emulator.script(ids, [plan])
      const finished = yield* on(
        emulator,
        Effect.gen(function* () {
          const runs = yield* Runs
          const result = yield* runs.trigger(sync, { whenRunning: "fail" })
          return yield* result._tag === "Started" ? runs.wait(result.run) : Effect.die(result)
        }),
      )
      expect(finished.verdict).toBe(verdict)
      expect(finished.run.errorText).toBe("error" in plan ? plan.error.text : undefined)
    }),
  )

  it.effect("H2: continues when the token, which lasts an hour, has expired", () =>
    Effect.gen(function* () {
      const { emulator, ids, sync } = yield* setup()
      yield* emulator.script(ids, [{ duration: "90 minutes" }])
      let current = emulator.token
      const firebase = Effect.sync(() => Redacted.make(current))
      const program = Effect.gen(function* () {
        const runs = yield* Runs
        return yield* runs.run(sync, { whenRunning: "fail" })
      })
      const rotation = Effect.gen(function* () {
        yield* Effect.sleep("1 hour")
        current = yield* emulator.rotateToken
      })
      const [finished] = yield* on(emulator, Effect.all([program, rotation], { concurrency: 2 }), { token: firebase })
      expect(finished.verdict).toBe("complete")
      expect((yield* emulator.calls).filter(({ status }) => status === 401)).toHaveLength(1)
    }),
  )
})

describe("a trigger", () => {
  const trigger = (sync: Effect.Success<ReturnType<typeof setup>>["sync"]) =>
    Effect.gen(function* () {
      return yield* (yield* Runs).trigger(sync, { whenRunning: "fail" })
    })

  it.effect.each(ZeotapSwitches.absentForm.values)(
    "T3: with a lost answer adopts the only new run of a sync without a schedule, with %s for absent fields",
    (absentForm) =>
      Effect.gen(function* () {
        const { emulator, ids, sync } = yield* setup({ switches: { absentForm }, plan: { queued: "1 hour" } })
        yield* emulator.addFaults(Fault.lost("start", { commits: true }))
        const result = yield* on(emulator, trigger(sync))
        const created = yield* emulator.runsOf(ids)
        expect(created).toHaveLength(1)
        expect(result).toMatchObject({ _tag: "Adopted", because: "lost-answer", run: { run: created[0]?.id } })
      }),
  )

  it.effect("T3: with a lost answer adopts the only new run of a list that is cut off at a hundred", () =>
    Effect.gen(function* () {
      const { emulator, ids, sync } = yield* setup({ plan: { duration: "10 seconds" } })
      for (let count = 0; count < 100; count++) {
        yield* emulator.triggerAsStranger(ids)
        yield* TestClock.adjust("1 minute")
      }
      yield* emulator.script(ids, [{ queued: "1 hour" }])
      yield* emulator.addFaults(Fault.lost("start", { commits: true }))
      const result = yield* on(emulator, trigger(sync))
      const last = (yield* emulator.runsOf(ids)).at(-1)
      expect(result).toMatchObject({ _tag: "Adopted", because: "lost-answer", run: { run: last?.id } })
    }),
  )

  it.effect("T3: with a lost answer is left to the caller where the sync has a schedule", () =>
    Effect.gen(function* () {
      const { emulator } = yield* setup()
      const ids = yield* emulator.addSync({ schedule: { every: "6 hours", first: "6 hours" } })
      const sync = yield* Zeotap.syncRef("prod", { sync: ids["sync"] ?? "" })
      yield* emulator.addFaults(Fault.lost("start", { commits: true }))
      const failure = yield* Effect.flip(on(emulator, trigger(sync)))
      expect(failure).toMatchObject({ _tag: "TriggerIndeterminate", why: expect.stringContaining("schedule") })
      expect((yield* emulator.calls).filter(({ operation }) => operation === "start")).toHaveLength(1)
    }),
  )

  it.effect.each([
    ["paused", "400"],
    ["draft", "400"],
    ["error", "400"],
    ["paused", "409"],
  ] as const)(
    "T7: of a sync that is %s, refused with %s, fails with NotTriggerable, and changes nothing",
    ([state, status]) =>
      Effect.gen(function* () {
        const { emulator, ids, sync } = yield* setup({ switches: { triggerWhenPaused: status } })
        yield* emulator.setState(ids, state)
        const failure = yield* Effect.flip(on(emulator, trigger(sync)))
        expect(failure).toMatchObject({ delivery: "refused", reason: { _tag: "NotTriggerable", state } })
        const methods = (yield* emulator.calls).map(({ method, operation }) => `${method} ${operation}`)
        expect(methods).toEqual(["GET list", "POST start"])
      }),
  )

  it.effect.each([
    ["queue", "visible", "AlreadyRunning"],
    ["409", "visible", "AlreadyRunning"],
    ["409", "not visible yet", "AlreadyRunning"],
    ["400", "not visible yet", "AlreadyRunning"],
  ] as const)("T5: where an overlap means %s and the other run is %s, ends in %s", ([overlap, visible, _tag]) =>
    Effect.gen(function* () {
      const { emulator, ids, sync } = yield* setup({ switches: { overlap } })
      yield* emulator.script(ids, [{ duration: "1 hour" }])
      const other = yield* emulator.triggerAsStranger(ids)
      if (visible !== "visible") yield* emulator.setReadLag("10 seconds")
      const failure = yield* Effect.flip(on(emulator, trigger(sync)))
      // A caller who does not need the run is not kept waiting for its name.
      expect(failure).toMatchObject({ reason: { _tag, ...(visible === "visible" && { run: { run: other } }) } })
      expect(yield* emulator.runsOf(ids)).toHaveLength(1)
    }),
  )
})

describe("a check", () => {
  const check = Effect.gen(function* () {
    return yield* (yield* CurrentWorkspace).check()
  })

  it.effect("names the workspace", () =>
    Effect.gen(function* () {
      const { emulator } = yield* setup()
      expect((yield* on(emulator, check)).identity).toEqual(emulator.workspace)
    }),
  )

  it.effect("fails for a workspace that the key does not belong to", () =>
    Effect.gen(function* () {
      const { emulator } = yield* setup()
      const failure: RetlError = yield* Effect.flip(on(emulator, check, { workspaceId: "another" }))
      expect(failure.reason._tag).toBe("PermissionDenied")
    }),
  )
})

it.effect("B1: thirty triggers and their waits stay within 100 requests a minute and 20 a second", () =>
  Effect.gen(function* () {
    const { emulator } = yield* setup({ plan: { duration: "10 minutes" } })
    const program = Effect.gen(function* () {
      const runs = yield* Runs
      const started = yield* Effect.forEach(Array.from({ length: 30 }), () =>
        Effect.gen(function* () {
          const ids = yield* emulator.addSync()
          const sync = yield* Zeotap.syncRef("prod", { sync: ids["sync"] ?? "" })
          const result = yield* runs.trigger(sync, { whenRunning: "fail" })
          return yield* result._tag === "Started" ? Effect.succeed(result.run) : Effect.die(result)
        }),
      )
      return yield* Effect.forEach(started, (run) => runs.wait(run), { concurrency: "unbounded" })
    })
    const finished = yield* on(emulator, program)
    expect(finished.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 30 }, () => "complete"))
    expect(yield* emulator.overLimit).toBe(0)
  }),
)
