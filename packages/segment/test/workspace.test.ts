/** Core's services over the adapter and the emulator, on virtual time. */
import { describe, expect, it } from "@effect/vitest"
import { Cancellation } from "@openretl/core/Cancellation"
import { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type { SyncRef } from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import { Fault, SegmentEmulator } from "@openretl/emulator"
import type { Ids } from "@openretl/emulator/Emulator"
import { SegmentSwitches } from "@openretl/emulator/SegmentSwitches"
import { DateTime, Effect, Fiber, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Segment from "../src/Segment.ts"

interface Scene {
  readonly emulator: SegmentEmulator.SegmentEmulator
  readonly sync: SyncRef
  readonly ids: Ids
}

/** Runs a program of a workspace against a new emulator, for an hour of virtual time. */
const simulate = Effect.fnUntraced(function* <A, E>(
  program: (scene: Scene) => Effect.Effect<A, E, Segment.Services>,
  {
    arrange = () => Effect.void,
    ...options
  }: SegmentEmulator.Options & {
    readonly arrange?: (scene: Scene) => Effect.Effect<void>
  } = {},
) {
  yield* TestClock.setTime(Date.UTC(2026, 7, 20, 16, 0, 0))
  const emulator = yield* SegmentEmulator.make(options)
  const ids = yield* emulator.addSync({ ids: { source: "src", model: "mod", subscription: "sub" } })
  const sync = yield* Segment.syncRef("prod", { source: "src", model: "mod", subscription: "sub" })
  const scene = { emulator, sync, ids }
  const token = Redacted.make(emulator.token)
  yield* arrange(scene)
  const layer = Segment.layer({ name: "prod", token, region: options.region ?? "us" })
  const fiber = yield* program(scene).pipe(
    Effect.provide(layer),
    Effect.provideService(Transport, emulator.transport),
    Effect.result,
    Effect.delay("1 millis"),
    Effect.forkChild,
  )
  yield* TestClock.adjust("1 hour")
  const result = yield* Fiber.join(fiber)
  const calls = yield* emulator.calls
  const truth = yield* emulator.runsOf(ids)
  const sent = (operation: string) => calls.filter((call) => call.operation === operation).length
  return { result, truth, starts: sent("start"), cancels: sent("cancel"), emulator }
})

const success = (value: unknown) => expect.objectContaining({ _tag: "Success", success: value })
const failure = (value: object) => expect.objectContaining({ _tag: "Failure", failure: expect.objectContaining(value) })

describe("a run", () => {
  it.effect.each(["us", "eu"] as const)("R1: a run is triggered, waited for and accepted in the region %s", (region) =>
    Effect.gen(function* () {
      const { result, starts } = yield* simulate(
        ({ sync }) => Effect.flatMap(Runs, (runs) => runs.run(sync, { whenRunning: "fail" })),
        { region, readLag: "10 seconds" },
      )
      expect(result).toEqual(
        success({
          run: expect.objectContaining({
            status: "succeeded",
            vendorStatus: "SUCCESS",
            rows: { succeeded: 100, failed: 0, total: 100, addsUp: "yes", deleted: 0 },
          }),
          verdict: "complete",
          accepted: true,
          how: "started",
        }),
      )
      expect(starts).toBe(1)
    }),
  )

  it.effect("R4: a run with failed rows is partial, and not accepted", () =>
    Effect.gen(function* () {
      const { result } = yield* simulate(
        ({ sync }) => Effect.flatMap(Runs, (runs) => runs.run(sync, { whenRunning: "fail" })),
        { arrange: ({ emulator, ids }) => emulator.script(ids, [{ rows: { succeeded: 97, failed: 3, total: 110 } }]) },
      )
      expect(result).toEqual(
        failure({
          _tag: "OutcomeRejected",
          run: expect.objectContaining({
            status: "partial",
            rows: { succeeded: 97, failed: 3, total: 110, addsUp: "unknown", unaccounted: 10 },
          }),
        }),
      )
    }),
  )

  it.effect("R3: a run with an unknown word and an end does not hold back the next", () =>
    Effect.gen(function* () {
      const { result, truth } = yield* simulate(
        ({ sync }) => Effect.flatMap(Runs, (runs) => runs.run(sync, { whenRunning: "fail" })),
        {
          arrange: ({ emulator, ids }) =>
            Effect.gen(function* () {
              yield* emulator.script(ids, [{ words: { ended: "TIMED_OUT" } }])
              yield* emulator.triggerAsStranger(ids)
              yield* TestClock.adjust("10 minutes")
            }),
        },
      )
      expect(result).toEqual(success(expect.objectContaining({ verdict: "complete" })))
      expect(truth.map(({ status }) => status)).toEqual(["TIMED_OUT", "SUCCESS"])
    }),
  )
})

/** Every switch of the emulator in every position: no open question about the vendor may matter. */
const positions = Object.entries(SegmentSwitches).flatMap(([name, { values }]) =>
  values.map((value) => [name, value] as const),
)

describe("open questions", () => {
  it.effect.each(positions)("R5: a run is followed to its end with %s %s", ([name, value]) =>
    Effect.gen(function* () {
      const { result } = yield* simulate(
        ({ sync }) =>
          Effect.gen(function* () {
            const runs = yield* Runs
            // To a full second, which every form of a time can say.
            yield* Effect.sleep("999 millis")
            const finished = yield* runs.run(sync, { whenRunning: "fail" })
            return { finished, listed: yield* Stream.runCollect(runs.list(sync)) }
          }),
        {
          switches: { [name]: value },
          arrange: ({ emulator, ids }) => emulator.script(ids, [{ duration: "10 minutes" }]),
        },
      )
      const run = {
        status: "succeeded",
        startedAt: DateTime.makeUnsafe("2026-08-20T16:00:01Z"),
        finishedAt: DateTime.makeUnsafe("2026-08-20T16:10:01Z"),
        rows: { succeeded: 100, failed: 0, total: 100, addsUp: "yes", deleted: 0 },
      }
      expect(result).toMatchObject({ success: { finished: { verdict: "complete", run }, listed: [run] } })
    }),
  )
})

describe("a second trigger", () => {
  const triggerTwice = ({ sync }: Scene, whenRunning: "fail" | "adopt" | "skip") =>
    Effect.flatMap(Runs, (runs) =>
      Effect.andThen(runs.trigger(sync, { whenRunning: "fail" }), runs.trigger(sync, { whenRunning })),
    )

  it.effect.each(["409", "422", "400", "new-run", "same-run"] as const)(
    "T5: a trigger during a run sends nothing, whatever the vendor would do with it (%s)",
    (overlap) =>
      Effect.gen(function* () {
        const refused = yield* simulate((scene) => triggerTwice(scene, "fail"), { switches: { overlap } })
        expect(refused.result).toEqual(failure({ reason: expect.objectContaining({ _tag: "AlreadyRunning" }) }))
        expect([refused.starts, refused.truth.length]).toEqual([1, 1])
        const adopted = yield* simulate((scene) => triggerTwice(scene, "adopt"), { switches: { overlap } })
        expect(adopted.result).toEqual(
          success(expect.objectContaining({ _tag: "Adopted", because: "already-running", guard: "observed" })),
        )
        const skipped = yield* simulate((scene) => triggerTwice(scene, "skip"), { switches: { overlap } })
        expect(skipped.result).toEqual(success(expect.objectContaining({ _tag: "Skipped" })))
      }),
  )

  it.effect.each(["409", "422", "400"] as const)(
    "T5: a trigger that the vendor refuses with %s fails with AlreadyRunning",
    (overlap) =>
      Effect.gen(function* () {
        // The run of a stranger that the reads do not show yet.
        const { result, truth, starts } = yield* simulate(
          ({ sync, emulator, ids }) =>
            Effect.gen(function* () {
              const runs = yield* Runs
              yield* emulator.triggerAsStranger(ids)
              return yield* runs.trigger(sync, { whenRunning: "fail" })
            }),
          { switches: { overlap }, readLag: "5 seconds" },
        )
        expect(result).toEqual(failure({ reason: expect.objectContaining({ _tag: "AlreadyRunning" }) }))
        expect([starts, truth.length]).toEqual([1, 1])
      }),
  )
})

describe("a lost answer", () => {
  const loseAnswer = ({ emulator }: Scene) => emulator.addFaults(Fault.lost("start", { commits: true }))

  it.effect("T3: a lost answer is left to the caller, since the mapping may have a schedule", () =>
    Effect.gen(function* () {
      const { result, starts, truth } = yield* simulate(
        ({ sync }) =>
          Effect.gen(function* () {
            const runs = yield* Runs
            const lost = yield* Effect.flip(runs.trigger(sync, { whenRunning: "fail" }))
            if (lost._tag !== "TriggerIndeterminate") return yield* Effect.die(lost)
            return { why: lost.why, resolved: yield* runs.resolve(lost.entry) }
          }),
        { arrange: loseAnswer },
      )
      const run = expect.objectContaining({ run: truth[0]?.id })
      expect(result).toEqual(
        success({
          why: expect.stringContaining("exclusive"),
          resolved: expect.objectContaining({ _tag: "Ambiguous", candidates: [run] }),
        }),
      )
      expect([starts, truth.length]).toEqual([1, 1])
    }),
  )

  it.effect("T3: a lost answer is settled where the caller says that the mapping is exclusive", () =>
    Effect.gen(function* () {
      const { result, starts, truth } = yield* simulate(
        ({ sync }) => Effect.flatMap(Runs, (runs) => runs.trigger(sync, { whenRunning: "fail", exclusive: true })),
        { arrange: loseAnswer },
      )
      expect(result).toEqual(success(expect.objectContaining({ _tag: "Adopted", because: "lost-answer" })))
      expect([starts, truth.length]).toEqual([1, 1])
    }),
  )
})

describe("a cancel", () => {
  const triggerAndCancel = ({ sync }: Scene) =>
    Effect.gen(function* () {
      const runs = yield* Runs
      const { cancel } = yield* Cancellation
      const triggered = yield* runs.trigger(sync, { whenRunning: "fail" })
      if (triggered._tag !== "Started") return yield* Effect.die(triggered)
      return yield* cancel(triggered.run, { confirmWithin: "5 minutes" })
    })

  it.effect.each([
    ["CANCELLED", "IN_PROGRESS"],
    ["CANCELED", "CANCELLING"],
    ["FAIL", "IN_PROGRESS"],
  ] as const)("C1: a cancel that ends as %s, after %s, is a cancelled run", ([cancelledStatus, cancellingStatus]) =>
    Effect.gen(function* () {
      const { result, truth } = yield* simulate(triggerAndCancel, {
        plan: { ends: "never" },
        switches: { cancelledStatus, cancellingStatus },
      })
      const ended = expect.objectContaining({ status: "cancelled", vendorStatus: cancelledStatus })
      expect(result).toEqual(success(expect.objectContaining({ _tag: "Requested", ended })))
      expect(truth).toMatchObject([{ stopped: true }])
    }),
  )

  it.effect.each(["200-body", "409"] as const)(
    "C3: a cancel of a run that ends meanwhile does not fail (%s)",
    (cancelError) =>
      Effect.gen(function* () {
        const { result, cancels } = yield* simulate(
          ({ sync }) =>
            Effect.gen(function* () {
              const runs = yield* Runs
              const { cancel } = yield* Cancellation
              const triggered = yield* runs.trigger(sync, { whenRunning: "fail" })
              if (triggered._tag !== "Started") return yield* Effect.die(triggered)
              // The reads lag: the run is over when the cancel comes, and still shown as running.
              yield* Effect.sleep("63 seconds")
              return yield* cancel(triggered.run, { confirmWithin: "5 minutes" })
            }),
          { switches: { cancelError }, readLag: "10 seconds" },
        )
        const run: unknown = expect.objectContaining({ status: "succeeded" })
        expect(result).toEqual(success({ _tag: "AlreadyFinished", run }))
        expect(cancels).toBe(1)
      }),
  )
})

describe("a list", () => {
  it.effect.each([
    ["newest-first", "omitted"],
    ["oldest-first", "null"],
  ] as const)("L1: a list has every run once (%s, the last page's next %s)", ([listOrder, lastPageForm]) =>
    Effect.gen(function* () {
      const { result, truth } = yield* simulate(
        ({ sync }) => Effect.flatMap(Runs, (runs) => Stream.runCollect(runs.list(sync, { pageSize: 7 }))),
        {
          switches: { listOrder, lastPageForm },
          arrange: ({ emulator, ids }) =>
            Effect.repeat(Effect.andThen(emulator.triggerAsStranger(ids), TestClock.adjust("2 minutes")), {
              times: 29,
            }).pipe(Effect.asVoid),
        },
      )
      const listed = result._tag === "Success" ? result.success.map(({ ref }) => ref.run) : []
      expect(truth).toHaveLength(30)
      const newestFirst = truth.map(({ id }) => id).reverse()
      expect(listed).toEqual(listOrder === "newest-first" ? newestFirst : newestFirst.reverse())
    }),
  )
})

describe("limits", () => {
  it.effect("B1: a burst of triggers stays within 20 a minute, and no answer is a 429", () =>
    Effect.gen(function* () {
      const { result, emulator } = yield* simulate(({ emulator, sync }) =>
        Effect.gen(function* () {
          const runs = yield* Runs
          const others = yield* Effect.forEach(Array.from({ length: 40 }), () =>
            Effect.flatMap(emulator.addSync(), (ids) =>
              Segment.syncRef("prod", {
                source: ids["source"] ?? "",
                model: ids["model"] ?? "",
                subscription: ids["subscription"] ?? "",
              }),
            ),
          )
          const all = [sync, ...others].map((ref) => runs.trigger(ref, { whenRunning: "fail" }))
          return (yield* Effect.all(all, { concurrency: "unbounded" })).length
        }),
      )
      expect(result).toEqual(success(41))
      expect(yield* emulator.overLimit).toBe(0)
      const at = (yield* emulator.calls).filter(({ operation }) => operation === "start").map((call) => call.at)
      const most = Math.max(...at.map((from) => at.filter((time) => time >= from && time < from + 60_000).length))
      expect(at).toHaveLength(41)
      expect(most).toBeLessThanOrEqual(20)
    }),
  )

  it.effect("B2: a trigger waits after a 429 that others caused as long as its body says", () =>
    Effect.gen(function* () {
      const { result, emulator } = yield* simulate(
        ({ sync }) => Effect.flatMap(Runs, (runs) => runs.trigger(sync, { whenRunning: "fail" })),
        { arrange: ({ emulator }) => emulator.addTraffic({ operation: "start", atOnce: 20 }) },
      )
      expect(result).toEqual(success(expect.objectContaining({ _tag: "Started" })))
      const starts = (yield* emulator.calls).filter(({ operation }) => operation === "start")
      expect(starts.map(({ status }) => status)).toEqual([429, 200])
      const [refused = 0, accepted = 0] = starts.map(({ at }) => at)
      expect(accepted - refused).toBeGreaterThanOrEqual(59_000)
    }),
  )
})

describe("access", () => {
  it.effect("a check returns the workspace, and reads a sync", () =>
    Effect.gen(function* () {
      const { result, emulator } = yield* simulate(({ sync }) =>
        Effect.flatMap(CurrentWorkspace, ({ check }) => Effect.all([check(), check(sync)])),
      )
      expect(result).toEqual(
        success([
          { identity: emulator.workspace, shown: expect.any(String) },
          { shown: expect.stringContaining("the runs of this mapping") },
        ]),
      )
    }),
  )

  it.effect.each(["401", "403"] as const)(
    "a refused token and a missing permission have different reasons (%s)",
    (status) =>
      Effect.gen(function* () {
        const switches = { unauthorizedStatus: status, permissionDeniedStatus: status }
        const trigger = ({ sync }: Scene) => Effect.flatMap(Runs, (runs) => runs.trigger(sync, { whenRunning: "fail" }))
        const expired = yield* simulate(trigger, {
          switches,
          arrange: ({ emulator }) => Effect.asVoid(emulator.rotateToken),
        })
        expect(expired.result).toEqual(failure({ reason: expect.objectContaining({ _tag: "Unauthenticated" }) }))
        const denied = yield* simulate(trigger, { switches, arrange: ({ emulator }) => emulator.deny(["start"]) })
        expect(denied.result).toEqual(failure({ reason: expect.objectContaining({ _tag: "PermissionDenied" }) }))
      }),
  )

  it.effect.each(["400", "422"] as const)(
    "T7: a disabled mapping is not triggered, and stays disabled (%s)",
    (disabledSync) =>
      Effect.gen(function* () {
        const { result, truth } = yield* simulate(
          ({ sync }) => Effect.flatMap(Runs, (runs) => runs.trigger(sync, { whenRunning: "fail" })),
          { switches: { disabledSync }, arrange: ({ emulator, ids }) => emulator.setState(ids, "paused") },
        )
        expect(result).toEqual(
          failure({ reason: expect.objectContaining({ _tag: "NotTriggerable", state: "disabled" }) }),
        )
        expect(truth).toEqual([])
      }),
  )
})
