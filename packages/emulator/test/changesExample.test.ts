import { expect, it } from "@effect/vitest"
import { Fault, ZeotapEmulator } from "@openretl/emulator"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"

it.effect("a pause is accepted, and a colleague's change comes first", () =>
  Effect.gen(function* () {
    // Reads show what was true 30 seconds ago, and an accepted change takes effect after 70 to 100 seconds.
    const zeotap = yield* ZeotapEmulator.make({ readLag: "30 seconds", changeTakes: { min: 70_000, max: 100_000 } })
    const orders = yield* zeotap.addSync({ schedule: { every: "1 hour" } })
    yield* zeotap.addFaults(Fault.respond("update", { status: 202, commits: true }))

    // Stands for your program, which pauses the sync.
    const url = `${zeotap.baseUrl}/api/v1/workspaces/${zeotap.workspace.id}/syncs/${orders["sync"]}`
    const headers = {
      authorization: Redacted.make(`Bearer ${zeotap.token}`),
      "x-workspace-id": zeotap.workspace.id,
      "content-type": "application/json",
    }
    const body = JSON.stringify({ status: "paused" })
    const answer = yield* zeotap.transport.send({ method: "PUT", url, headers, body, maxBytes: 10_000 })
    expect(answer.status).toBe(202)

    // A colleague renames the sync. The pause is under way, and no read shows either yet.
    yield* zeotap.changeSync(orders, { name: "Orders, daily" })
    expect(yield* zeotap.syncs).toMatchObject([{ name: "Orders, daily", state: "enabled" }])
    yield* TestClock.adjust("100 seconds")
    expect(yield* zeotap.syncs).toMatchObject([{ name: "Orders, daily", state: "paused" }])
  }),
)
