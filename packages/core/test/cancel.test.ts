import { describe, expect, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { Cancellation } from "../src/Cancellation.ts"
import * as Reason from "../src/model/Reason.ts"
import { RunRef } from "../src/model/Ref.ts"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { within, workspace } from "./support/testbed.ts"

const sync = FakeDriver.sync()
const ref = new RunRef({ sync, run: "r1" })

const make = Effect.fnUntraced(function* (fake: FakeDriver.Fake = FakeDriver.make()) {
  const { services } = yield* workspace(fake)
  return { fake, runs: Context.get(services, Runs), cancellation: Context.get(services, Cancellation) }
})

describe("cancelling", () => {
  it.effect("C1: a cancel is sent once, and is confirmed when the run has ended as cancelled", () =>
    Effect.gen(function* () {
      const { fake, runs, cancellation } = yield* make()
      fake.begin("s1", 0, { lasts: 3_600_000 })
      const result = yield* within("1 minute", cancellation.cancel(ref, { confirmWithin: "1 minute" }))
      expect(result).toMatchObject({ _tag: "Requested", ended: { status: "cancelled", vendorStatus: "failed" } })
      expect(fake.count("cancel")).toBe(1)
      expect((yield* runs.get(ref)).status).toBe("cancelled")
    }),
  )

  it.effect("C1: a run with a requested cancel is cancelling until it ends", () =>
    Effect.gen(function* () {
      const { fake, runs, cancellation } = yield* make()
      fake.begin("s1", 0, { lasts: 3_600_000 })
      expect(yield* cancellation.cancel(ref)).toMatchObject({ _tag: "Requested" })
      expect((yield* runs.get(ref)).status).toBe("cancelling")
    }),
  )

  it.effect("C1: a cancel that is not confirmed in time fails with WaitDeadlineExceeded", () =>
    Effect.gen(function* () {
      const { fake, cancellation } = yield* make()
      fake.begin("s1", 0, { lasts: 3_600_000 })
      const error = yield* Effect.flip(within("1 minute", cancellation.cancel(ref, { confirmWithin: "2 seconds" })))
      expect(error).toMatchObject({ _tag: "WaitDeadlineExceeded" })
    }),
  )

  it.effect("C3: a cancel of an ended run returns AlreadyFinished and sends no cancel request", () =>
    Effect.gen(function* () {
      const { fake, cancellation } = yield* make()
      fake.begin("s1", -100_000)
      expect(yield* cancellation.cancel(ref)).toMatchObject({ _tag: "AlreadyFinished", run: { status: "succeeded" } })
      expect(fake.count("cancel")).toBe(0)
    }),
  )

  it.effect("C1: a cancel whose answer is lost is looked up and not sent again", () =>
    Effect.gen(function* () {
      const { fake, cancellation } = yield* make()
      const run = fake.begin("s1", 0, { lasts: 3_600_000 })
      fake.fail("cancel", FakeDriver.lost)
      const error = yield* Effect.flip(within("2 minutes", cancellation.cancel(ref)))
      expect(error).toMatchObject({ reason: { _tag: "Network" }, delivery: "unknown" })
      expect(fake.count("cancel")).toBe(1)

      fake.fail("cancel", FakeDriver.lost)
      run.endsAt = 150_000
      expect(yield* within("2 minutes", cancellation.cancel(ref))).toMatchObject({ _tag: "Requested" })
      expect(fake.count("cancel")).toBe(2)
    }),
  )

  it.effect("C2: where the vendor stops whatever runs, a cancel is refused while another run is under way", () =>
    Effect.gen(function* () {
      const fake = FakeDriver.make()
      const driver = { ...fake.driver, cancellation: { ...fake.driver.cancellation, stops: "sync" as const } }
      const { cancellation } = yield* make({ ...fake, driver })
      fake.begin("s1", 0, { lasts: 3_600_000 })
      fake.begin("s1", 1, { lasts: 3_600_000 })
      const error = yield* Effect.flip(within("1 second", cancellation.cancel(ref)))
      expect(error).toMatchObject({ reason: { _tag: "Conflict" }, delivery: "not-sent" })
      expect(fake.count("cancel")).toBe(0)
    }),
  )

  it.effect("C1: after a refused cancel, core reports a failed run as failed, not as cancelled", () =>
    Effect.gen(function* () {
      const { fake, runs, cancellation } = yield* make()
      fake.begin("s1", 0, { lasts: 30_000, ends: "failed" })
      fake.fail("cancel", FakeDriver.failure(new Reason.PermissionDenied(), "refused"))
      yield* Effect.flip(cancellation.cancel(ref))
      expect((yield* within("1 minute", runs.wait(ref))).verdict).toBe("failed")
    }),
  )

  it.effect("C3: where the vendor answers that the run has ended, reads show it later", () =>
    Effect.gen(function* () {
      const { fake, cancellation } = yield* make(saysEnded())
      fake.begin("s1", 0, { lasts: 20_000 })
      const result = yield* within("1 minute", cancellation.cancel(ref))
      expect(result).toMatchObject({ _tag: "AlreadyFinished", run: { status: "succeeded" } })
      expect(fake.count("cancel")).toBe(1)
    }),
  )

  it.effect(
    "C3: where the vendor answers that the run has ended, and every read shows it under way, the cancel is refused",
    () =>
      Effect.gen(function* () {
        const { fake, runs, cancellation } = yield* make(saysEnded())
        fake.begin("s1", 0, { lasts: 3_600_000 })
        const error = yield* Effect.flip(within("2 minutes", cancellation.cancel(ref)))
        expect(error).toMatchObject({ reason: { _tag: "Conflict" }, delivery: "refused" })
        expect((yield* runs.get(ref)).status).toBe("running")
        expect(fake.count("cancel")).toBe(1)
      }),
  )
})

/** A vendor that answers every cancel with a run that has ended. */
const saysEnded = (): FakeDriver.Fake => {
  const fake = FakeDriver.make()
  const { cancellation } = fake.driver
  const cancel: typeof cancellation.cancel = (ids) => cancellation.cancel(ids, "another")
  return { ...fake, driver: { ...fake.driver, cancellation: { ...cancellation, cancel } } }
}
