/** How the durable workflow ends, in virtual time: on an engine in memory, against an emulator in this process. */
import { expect, it } from "@effect/vitest"
import { Transport } from "@openretl/core/Transport"
import { Fault, RudderStackEmulator } from "@openretl/emulator"
import type { RunPlan } from "@openretl/emulator/RunPlan"
import { RudderStack } from "@openretl/rudderstack"
import { Console, Effect, Fiber, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { WorkflowEngine } from "effect/workflow"
import { form } from "../../scripts/forms.ts"
import { SyncOnce, SyncOnceLayer } from "../durable/workflow.ts"

/** Runs the workflow of one sync to its end. */
const execute = Effect.fnUntraced(function* (plan: RunPlan, ...faults: ReadonlyArray<Fault.Fault>) {
  const emulator = yield* RudderStackEmulator.make({ plan })
  const { connection = "" } = yield* emulator.addSync()
  const sync = yield* RudderStack.syncRef("crm", { connection })
  yield* emulator.addFaults(...faults)
  const token = Redacted.make(emulator.token)
  const Crm = RudderStack.layer({ name: "crm", region: "us", token, defaultScope: "incremental" })
  const looks: Array<string> = []
  const log = (line: string) => void (line.startsWith("looks ") && looks.push(line))
  const fiber = yield* SyncOnce.execute({ sync, key: "nightly" }).pipe(
    Effect.result,
    Effect.provide(SyncOnceLayer.pipe(Layer.provide(Crm), Layer.provideMerge(WorkflowEngine.layerMemory))),
    Effect.provideService(Transport, emulator.transport),
    Effect.provideService(Console.Console, { ...console, log }),
    // The test clock waits only for fibers that it woke, so the workflow begins with a sleep.
    Effect.delay("1 millis"),
    Effect.forkChild,
  )
  // The engine hashes names in the background, which no clock waits for: time goes on until the workflow has ended.
  while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust("30 seconds")
  const end = yield* Fiber.join(fiber)
  const reads = (yield* emulator.calls).filter(({ operation }) => operation === "get").length
  return { end, looks, reads }
})

it.effect("a workflow ends with the verdict and the rows of its run", () =>
  Effect.gen(function* () {
    const { end } = yield* execute({ duration: "10 minutes", rows: { succeeded: 640 } })
    expect(end).toMatchObject({ _tag: "Success", success: { verdict: "complete", rows: { succeeded: 640 } } })
  }),
)

it.effect("a workflow fails for an outcome that the policy does not accept", () =>
  Effect.gen(function* () {
    const { end } = yield* execute({ rows: { succeeded: 640, failed: 12 } })
    expect(end).toMatchObject({ _tag: "Failure", failure: { _tag: "SyncFailed", code: "retl.outcome-partial" } })
  }),
)

// An engine in memory begins anew at each of 170 looks, which takes seconds.
it.effect.skipIf(form(true, false))("W1: a workflow fails for a run that is under way at the deadline", () =>
  Effect.gen(function* () {
    const { end } = yield* execute({ ends: "never" })
    expect(end).toMatchObject({ _tag: "Failure", failure: { code: "retl.wait-deadline-exceeded" } })
  }),
)

it.effect("W3: a workflow sends one request for a look that fails, and looks again", () =>
  Effect.gen(function* () {
    const { end, looks, reads } = yield* execute({ duration: "2 minutes" }, Fault.gatewayPage("get", { times: 5 }))
    expect(end).toMatchObject({ _tag: "Success", success: { verdict: "complete" } })
    expect(looks.filter((line) => line.endsWith(": Unreachable"))).toHaveLength(5)
    expect(reads).toBe(looks.length)
  }),
)
