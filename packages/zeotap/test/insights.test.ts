import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Fixtures from "./fixtures.ts"
import { onEmulator } from "./onEmulator.ts"
import { clientOver, recording } from "./recordingTransport.ts"

describe("the health of syncs", () => {
  it.effect("GET /insights/sync-health: reads the figures of the last 7 days, or of the requested days", () =>
    Effect.gen(function* () {
      const { emulator, client, sync } = yield* onEmulator()
      yield* emulator.addSync({ state: "paused" })
      yield* emulator.script({ sync }, [
        { duration: "1 minute", rows: { succeeded: 100 } },
        { duration: "3 minutes", ends: "failed" },
      ])
      yield* client.triggerSync(sync)
      yield* TestClock.adjust("8 days")
      yield* client.triggerSync(sync)
      yield* TestClock.adjust("1 hour")
      expect(yield* client.getSyncHealth()).toMatchObject({
        total_syncs: 2,
        active_syncs: 1,
        healthy_syncs: 0,
        failing_syncs: 1,
        paused_syncs: 1,
        syncs: [
          {
            sync_id: sync,
            sync_name: "Customers",
            status: "active",
            last_run_status: "failed",
            last_run_at: "2024-01-23T15:00:00Z",
            success_rate: 0,
            total_runs: 1,
            failed_runs: 1,
            avg_duration_seconds: 180,
          },
          { status: "paused", total_runs: 0 },
        ],
      })
      const { syncs } = yield* client.getSyncHealth({ days: 30 })
      expect(syncs?.[0]).toMatchObject({ success_rate: 0.5, total_runs: 2, avg_duration_seconds: 120 })
      expect((yield* emulator.calls).map(({ query }) => query).slice(-2)).toEqual([{}, { days: "30" }])
    }),
  )

  it.effect.each([
    [{ days: 0 }, ["days"]],
    [{ days: -1 }, ["days"]],
    [{ days: 1.5 }, ["days"]],
    [{ days: 0, ...{ hours: 1 } }, ["days", "hours"]],
  ] as const)("GET /insights/sync-health: H6: refuses %j, and sends nothing", ([query, fields]) =>
    Effect.gen(function* () {
      const { emulator, client } = yield* onEmulator()
      const { delivery, reason } = yield* Effect.flip(client.getSyncHealth(query))
      expect(delivery).toBe("not-sent")
      const issues = reason._tag === "InvalidRequest" ? reason.issues : []
      expect(issues.map(({ path }) => path.join(".")).sort()).toEqual(fields)
      expect(yield* emulator.calls).toHaveLength(0)
    }),
  )

  it.effect("GET /insights/sync-health: leaves out malformed figures, and accepts null for no syncs", () =>
    Effect.gen(function* () {
      const read = (body: object) => Effect.flatMap(clientOver(recording({ body })), (client) => client.getSyncHealth())
      const odd = { total_syncs: "12", active_syncs: -1, syncs: [{ sync_id: "s-1", success_rate: "high" }] }
      expect(yield* read(odd)).toEqual({ total_syncs: 12, syncs: [{ sync_id: "s-1" }] })
      expect(yield* read({ syncs: null })).toEqual({ syncs: null })
      expect(yield* Effect.flip(read({ syncs: [{ sync_name: "no id" }] }))).toMatchObject({
        reason: { _tag: "UnexpectedResponse", issues: [{ path: ["syncs", "0", "sync_id"] }] },
      })
    }),
  )

  it.effect(
    "GET /insights/sync-health: fails with PermissionDenied without the permission, and with NotFound of the workspace for a 404",
    () =>
      Effect.gen(function* () {
        const { emulator, client } = yield* onEmulator()
        yield* emulator.deny(["insights"])
        expect(yield* Effect.flip(client.getSyncHealth())).toMatchObject({ reason: { _tag: "PermissionDenied" } })
        const gone = yield* clientOver(recording({ status: 404, body: Fixtures.error }))
        expect(yield* Effect.flip(gone.getSyncHealth())).toMatchObject({
          reason: { _tag: "NotFound", what: "workspace" },
        })
      }),
  )
})
