import { expect, it } from "@effect/vitest"
import * as Transport from "@openretl/core/Transport"
import { Fault, SegmentEmulator } from "@openretl/emulator"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"

/** Stands for your pipeline: whatever talks to the vendor through core's transport. */
const triggerOrders = (url: string, token: Redacted.Redacted, ids: object) =>
  Effect.gen(function* () {
    const transport = yield* Transport.Transport
    return yield* transport.send({
      method: "POST",
      url: `${url}/reverse-etl-syncs`,
      headers: {
        authorization: Redacted.make(`Bearer ${Redacted.value(token)}`),
        "content-type": "application/json",
      },
      body: JSON.stringify(ids),
      maxBytes: 100_000,
    })
  })

it.effect("a lost answer still started the run", () =>
  Effect.gen(function* () {
    // Seed: a Segment workspace with one sync.
    const segment = yield* SegmentEmulator.make()
    const orders = yield* segment.addSync()
    // Script: its next run takes two hours and drops three rows; the answer to the next trigger is lost.
    yield* segment.script(orders, [{ duration: "2 hours", rows: { succeeded: 997, failed: 3 } }])
    yield* segment.addFaults(Fault.lost("start", { commits: true }))

    const ids = { sourceId: orders["source"], modelId: orders["model"], subscriptionId: orders["subscription"] }
    const error = yield* triggerOrders(segment.baseUrl, Redacted.make(segment.token), ids).pipe(
      Effect.provideService(Transport.Transport, segment.transport),
      Effect.flip,
    )
    expect(error.delivery).toBe("unknown")

    // Two hours pass at once. Which requests arrived, and what did the runs do?
    yield* TestClock.adjust("2 hours")
    expect(yield* segment.calls).toMatchObject([{ operation: "start", status: "lost" }])
    expect(yield* segment.runsOf(orders)).toMatchObject([{ origin: "call", status: "PARTIAL_SUCCESS" }])
    expect(yield* segment.overLimit).toBe(0)
  }),
)
