/**
 * How to test a pipeline of yours: against emulators, in virtual time. The pipeline is the unchanged one of
 * `examples/pipeline.ts`. Each test scripts what the vendors do and asserts what the pipeline does.
 *
 * Run it with `vitest run examples/test/test-your-pipeline.test.ts`.
 */
import { expect, it } from "@effect/vitest"
import { Fault } from "@openretl/emulator"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Alerts, afterWarehouse, emulate, Warehouse } from "../pipeline.ts"

/** Starts the pipeline with a warehouse that is fresh at once. Returns its fiber and the alerts that it sends. */
const startPipeline = Effect.gen(function* () {
  const emulated = yield* emulate
  const alerts: Array<string> = []
  const fiber = yield* afterWarehouse(emulated.fleet, emulated.syncs).pipe(
    Effect.provideService(Warehouse, { fresh: Effect.void }),
    Effect.provideService(Alerts, { send: (text) => Effect.sync(() => void alerts.push(text)) }),
    // The test clock waits only for fibers that it woke, so the pipeline begins with a sleep.
    Effect.delay("1 millis"),
    Effect.forkChild,
  )
  return { ...emulated, alerts, fiber }
})

it.effect("a sync that loses rows sends an alert, and the other syncs continue", () =>
  Effect.gen(function* () {
    const { fiber, alerts } = yield* startPipeline
    yield* TestClock.adjust("10 minutes")
    const { orders, audiences, profiles } = yield* Fiber.join(fiber)
    expect(orders).toBeUndefined()
    expect(audiences).toMatchObject({ verdict: "tolerated", run: { rows: { succeeded: 4_999, failed: 1 } } })
    expect(profiles).toMatchObject({ verdict: "complete", run: { rows: { succeeded: 8_200 } } })
    expect(alerts).toEqual([expect.stringContaining("orders: partial, 12 rows failed")])
  }),
)

it.effect("a lost answer starts no second run", () =>
  Effect.gen(function* () {
    const { fiber, crm, syncs } = yield* startPipeline
    yield* crm.addFaults(Fault.lost("start", { commits: true }))
    yield* TestClock.adjust("30 minutes")
    yield* Fiber.join(fiber)
    expect(yield* crm.runsOf(syncs.orders.ids)).toHaveLength(1)
    expect((yield* crm.calls).filter(({ operation }) => operation === "start")).toHaveLength(1)
  }),
)

it.effect("a run that never ends sends an alert after two hours and continues at the vendor", () =>
  Effect.gen(function* () {
    const { app, fiber, alerts, syncs } = yield* startPipeline
    yield* app.script(syncs.profiles.ids, [{ ends: "never" }])
    // A stranger's run uses up the plan that `emulate` scripted.
    yield* app.triggerAsStranger(syncs.profiles.ids)
    yield* TestClock.adjust("3 hours")
    const { profiles } = yield* Fiber.join(fiber)
    expect(profiles).toBeUndefined()
    expect(alerts.filter((alert) => alert.startsWith("profiles"))).toEqual([
      expect.stringContaining("retl.wait-deadline-exceeded"),
    ])
    expect(yield* app.runsOf(syncs.profiles.ids)).toMatchObject([{ origin: "stranger" }, { origin: "call" }])
    expect((yield* app.runsOf(syncs.profiles.ids))[1]?.finishedAt).toBeUndefined()
  }),
)

it.effect("an outage of one vendor sends one alert", () =>
  Effect.gen(function* () {
    const { ads, alerts, fiber } = yield* startPipeline
    yield* ads.addFaults(Fault.gatewayPage("any", { times: Number.POSITIVE_INFINITY }))
    yield* TestClock.adjust("1 hour")
    const { audiences, profiles } = yield* Fiber.join(fiber)
    expect(audiences).toBeUndefined()
    expect(profiles).toBeDefined()
    expect(alerts.filter((alert) => alert.startsWith("audiences"))).toEqual([
      expect.stringContaining("retl.unavailable"),
    ])
    expect(yield* ads.overLimit).toBe(0)
  }),
)
