/** Counts that change after a run's end. */
import { describe, expect, it } from "@effect/vitest"
import { Clock, Context, DateTime, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Polling from "../src/engine/poll/polling.ts"
import * as Journal from "../src/journal/Journal.ts"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import { type Rows, Run, type Status } from "../src/model/Run.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import * as Journals from "./support/journals.ts"
import { begin, within, workspace } from "./support/testbed.ts"

const minutes = (count: number) => count * 60_000

const ref = (run = "r1", at: number | "listed" = 0) =>
  new RunRef({ sync: FakeDriver.sync(), run, ...(at !== "listed" && { acceptedAt: DateTime.makeUnsafe(at) }) })

/** A vendor whose counts settle three minutes after an end, and a run that ends after ten minutes with a late failure. */
const late = Effect.fnUntraced(function* (ends: Status = "succeeded") {
  const fake = FakeDriver.make({ description: { countsSettleWithin: "3 minutes" } })
  const run = fake.begin("s1", 0, { lasts: minutes(10), ends: "partial", rows: { succeeded: 9, failed: 1 } })
  run.early = { until: minutes(11), ends, rows: { succeeded: 9, failed: 0 } }
  const { services } = yield* workspace(fake, {})
  return { fake, run, runs: Context.get(services, Runs) }
})

describe("late counts", () => {
  it.effect("R2: an end that would be accepted is read once more when the counts have settled", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* late()
      const wait = yield* begin(runs.wait(ref()))
      yield* TestClock.setTime(minutes(11))
      const seenAt = fake.sent.at(-1)?.at ?? 0
      expect(wait.pollUnsafe()).toBeUndefined()
      yield* TestClock.setTime(minutes(20))
      expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "partial", run: { rows: { failed: 1 } } })
      expect(fake.sent.at(-1)?.at).toBe(seenAt + minutes(3))
    }),
  )

  it.effect("R2: an end that is not accepted is returned at once", () =>
    Effect.gen(function* () {
      const { fake, runs, run } = yield* late()
      run.ends = "failed"
      delete run.early
      const wait = yield* begin(runs.wait(ref()))
      yield* TestClock.setTime(minutes(11))
      expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "failed" })
      expect(fake.sent.at(-1)?.at).toBeLessThanOrEqual(minutes(11))
    }),
  )

  it.effect("R2: each caller's policy says whether it waits for the counts", () =>
    Effect.gen(function* () {
      const { runs } = yield* late()
      const strict = yield* begin(runs.wait(ref(), { policy: { minRows: 100 } }))
      const usual = yield* begin(runs.wait(ref()))
      yield* TestClock.setTime(minutes(11))
      expect(yield* Fiber.join(strict)).toMatchObject({ verdict: "empty", accepted: false })
      expect(usual.pollUnsafe()).toBeUndefined()
      // One who comes while the counts settle is answered at once too.
      const later = yield* begin(runs.wait(ref(), { policy: { minRows: 100 } }))
      yield* TestClock.adjust(10)
      expect(later.pollUnsafe()).toBeDefined()
      yield* TestClock.setTime(minutes(20))
      expect(yield* Fiber.join(usual)).toMatchObject({ verdict: "partial" })
    }),
  )

  it.effect("R2: a watch emits the end at once, and the corrected one when the counts have settled", () =>
    Effect.gen(function* () {
      const { runs } = yield* late()
      const seen: Array<string> = []
      const watch = yield* begin(
        Stream.runForEach(runs.watch(ref()), ({ status, rows }) =>
          Effect.sync(() => void seen.push(`${status} ${rows.failed ?? ""}`)),
        ),
      )
      yield* TestClock.setTime(minutes(11))
      expect(seen).toEqual(["running ", "succeeded 0"])
      yield* TestClock.setTime(minutes(20))
      yield* Fiber.join(watch)
      expect(seen).toEqual(["running ", "succeeded 0", "partial 1"])
    }),
  )

  it.effect("R2: a run that ended long ago has settled", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* late()
      yield* TestClock.setTime(minutes(14) - 10)
      const policy = { maxFailedRows: 1 }
      const early = yield* begin(runs.wait(ref("r1", "listed"), { policy }))
      yield* TestClock.adjust(2)
      expect(early.pollUnsafe()).toBeUndefined()
      yield* Fiber.interrupt(early)
      const sent = fake.sent.length
      yield* TestClock.setTime(minutes(15))
      expect(yield* within(10, runs.wait(ref("r1", "listed"), { policy }))).toMatchObject({
        verdict: "tolerated",
      })
      expect(fake.sent).toHaveLength(sent + 1)
    }),
  )

  it.effect("W7: at its deadline a wait returns the end, although the counts may change", () =>
    Effect.gen(function* () {
      const { runs } = yield* late()
      const wait = yield* begin(runs.wait(ref(), { deadline: "650 seconds" }))
      yield* TestClock.setTime(651_000)
      expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "complete" })
    }),
  )

  it.effect("R2: a later look that fails takes nothing back", () =>
    Effect.gen(function* () {
      for (const failure of [
        FakeDriver.down,
        FakeDriver.failure(new Reason.NotFound({ what: "run" }), "refused", { status: 404 }),
        FakeDriver.failure(new Reason.PermissionDenied(), "refused", { status: 403 }),
      ]) {
        yield* TestClock.setTime(0)
        const { fake, runs } = yield* late()
        fake.failBetween("get", failure, minutes(12), minutes(100))
        const wait = yield* begin(runs.wait(ref(), { patience: "1 second" }))
        yield* TestClock.setTime(minutes(30))
        expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "complete" })
        expect(fake.sent.filter(({ at }) => at >= minutes(12)).length).toBeLessThanOrEqual(10)
      }
    }),
  )

  it.effect("R2: a later look that fails for a while is had again", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* late()
      fake.failBetween("get", FakeDriver.down, minutes(12), minutes(14))
      const wait = yield* begin(runs.wait(ref()))
      yield* TestClock.setTime(minutes(30))
      expect(yield* Fiber.join(wait)).toMatchObject({ verdict: "partial" })
    }),
  )

  it.effect("R2, T12: the journal has the counts that the last read showed", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make({ description: { countsSettleWithin: "3 minutes" } })
      const { services } = yield* workspace(fake, {})
      const runs = Context.get(services, Runs)
      fake.setPlan({ lasts: minutes(1), ends: "partial", rows: { succeeded: 9, failed: 1 } })
      const options = { whenRunning: "fail", key: "k" } as const
      const started = yield* within(1, runs.trigger(FakeDriver.sync(), options))
      if (started._tag !== "Started") throw new Error("the trigger started no run")
      const [run] = fake.runsOf("s1")
      if (run) run.early = { until: minutes(3), ends: "succeeded", rows: { succeeded: 9, failed: 0 } }
      // This caller takes the first end, and the journal has it.
      yield* within("2 minutes", runs.wait(started.run, { policy: { minRows: 100 } }))
      const remembered = Effect.map(runs.trigger(FakeDriver.sync(), options), (result) =>
        result._tag === "Remembered" ? { status: result.status, rows: result.rows } : result._tag,
      )
      expect(yield* remembered).toEqual({ status: "succeeded", rows: { succeeded: 9, failed: 0 } })
      yield* within("10 minutes", runs.wait(started.run))
      expect(yield* remembered).toEqual({ status: "partial", rows: { succeeded: 9, failed: 1 } })
    }),
  )

  const counted: ReadonlyArray<Rows> = [
    { succeeded: 9, failed: 0, invalid: 2 },
    { succeeded: 9, failed: 0, deleted: 5 },
    { succeeded: 9, failed: 0, total: 100 },
  ]
  it.effect.each(counted)("R2, T12: the journal learns of every count that changes (%o)", (rows) =>
    Effect.gen(function* () {
      const fake = FakeDriver.make({ description: { countsSettleWithin: "3 minutes" } })
      const runs = Context.get((yield* workspace(fake, {})).services, Runs)
      fake.setPlan({ lasts: minutes(1), rows })
      const options = { whenRunning: "fail", key: "k" } as const
      const started = yield* within(1, runs.trigger(FakeDriver.sync(), options))
      if (started._tag !== "Started") throw new Error("the trigger started no run")
      const [run] = fake.runsOf("s1")
      if (run) run.early = { until: minutes(3), ends: "succeeded", rows: { succeeded: 9, failed: 0 } }
      yield* within("2 minutes", runs.wait(started.run, { policy: { minRows: 100 } }))
      const later = yield* within("10 minutes", runs.wait(started.run))
      expect(later.run.rows).toMatchObject(rows)
      expect(yield* within(1, runs.trigger(FakeDriver.sync(), options))).toMatchObject({ rows: later.run.rows })
    }),
  )

  it.effect("R2, T12: the journal has the later counts, also where the write of the earlier ones takes its time", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make({ description: { countsSettleWithin: "5 seconds" } })
      let takes = 0
      const journal = Journals.slow(Journal.memory(), () => takes)
      const runs = Context.get((yield* workspace(fake, { journal })).services, Runs)
      fake.setPlan({ lasts: minutes(10), ends: "partial", rows: { succeeded: 9, failed: 1 } })
      const options = { whenRunning: "fail", key: "k" } as const
      const started = yield* within("5 minutes", runs.trigger(FakeDriver.sync(), options))
      if (started._tag !== "Started") throw new Error("the trigger started no run")
      takes = 8_000
      yield* TestClock.setTime(minutes(7))
      const [run] = fake.runsOf("s1")
      if (run === undefined) throw new Error("the vendor has no run")
      const now = yield* Clock.currentTimeMillis
      run.endsAt = now
      run.early = { until: now + 3_000, ends: "succeeded", rows: { succeeded: 9, failed: 0 } }
      const strict = yield* begin(runs.wait(started.run, { policy: { minRows: 100 } }))
      const usual = yield* begin(runs.wait(started.run))
      yield* TestClock.adjust("5 minutes")
      expect([(yield* Fiber.join(strict)).verdict, (yield* Fiber.join(usual)).verdict]).toEqual(["empty", "partial"])
      takes = 0
      expect(yield* within("5 minutes", runs.trigger(FakeDriver.sync(), options))).toMatchObject({
        ...{ _tag: "Remembered", status: "partial", rows: { failed: 1 } },
      })
    }),
  )

  it.effect("W4, R2: waits that join while the counts settle send nothing", () =>
    Effect.gen(function* () {
      const { fake, runs } = yield* late()
      yield* begin(runs.wait(ref()))
      yield* TestClock.setTime(minutes(11))
      const sent = fake.sent.length
      for (let i = 0; i < 50; i++) {
        yield* begin(runs.wait(ref(), { policy: { minRows: i * 10 } }))
        yield* TestClock.adjust("1 second")
      }
      expect(fake.sent).toHaveLength(sent)
    }),
  )

  const table: ReadonlyArray<[Status, Status, Rows, Status]> = [
    ["succeeded", "succeeded", { succeeded: 3, failed: 0 }, "succeeded"],
    ["succeeded", "partial", { succeeded: 2, failed: 1 }, "partial"],
    ["succeeded", "partial", { succeeded: 2, failed: 0, invalid: 1 }, "partial"],
    ["succeeded", "failed", { succeeded: 0, failed: 3 }, "partial"],
    ["succeeded", "cancelled", { succeeded: 3, failed: 0 }, "succeeded"],
    ["partial", "succeeded", { succeeded: 3, failed: 0 }, "partial"],
    ["partial", "failed", { succeeded: 0, failed: 3 }, "partial"],
    ["failed", "succeeded", { succeeded: 3, failed: 0 }, "failed"],
  ]
  it.each(table)(
    "R2: a run that ended %s and reads %s later, with %o, is %s with these rows",
    (first, later, rows, end) => {
      const run = (status: Status, rows: Rows) =>
        new Run({ ref: ref(), status, vendorStatus: status, rows, native: undefined })
      expect(Polling.corrected(run(first, { succeeded: 1 }), run(later, rows))).toMatchObject({ status: end, rows })
    },
  )

  it.each(["running", "queued", "unknown"] as const)(
    "R2: a run that has ended and reads %s later stays as it was",
    (later) => {
      const run = (status: Status, rows: Rows) =>
        new Run({ ref: ref(), status, vendorStatus: status, rows, native: undefined })
      const ended = run("succeeded", { succeeded: 1 })
      expect(Polling.corrected(ended, run(later, {}))).toBe(ended)
    },
  )
})
