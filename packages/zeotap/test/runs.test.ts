import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { nowhere, onEmulator } from "./onEmulator.ts"

const notFound = (what: string) => ({ delivery: "refused", reason: { _tag: "NotFound", what } })

describe("runs", () => {
  it.effect("POST /syncs/{syncId}/trigger: starts a run, and fails with NotFound for a sync that does not exist", () =>
    Effect.gen(function* () {
      const { emulator, client, sync } = yield* onEmulator()
      const run = yield* client.triggerSync(sync)
      expect(run).toMatchObject({ sync_id: sync, status: "pending", rows_synced: 0 })
      expect(yield* emulator.runsOf({ sync })).toMatchObject([{ id: run.id, origin: "call" }])
      expect(yield* Effect.flip(client.triggerSync(nowhere))).toMatchObject(notFound("sync"))
    }),
  )

  it.effect("GET /syncs/{syncId}/runs: reads a page in either form, and fails with NotFound for another sync", () =>
    Effect.gen(function* () {
      const { emulator, client, sync } = yield* onEmulator()
      const first = yield* client.triggerSync(sync)
      const second = yield* client.triggerSync(sync)
      const { data } = yield* client.listRuns(sync)
      expect(data.map(({ id }) => id)).toEqual([second.id, first.id])
      yield* emulator.setSwitches({ listShape: "envelope" })
      const page = yield* client.listRuns(sync, { page: 2, page_size: 1 })
      expect(page).toMatchObject({ data: [{ id: first.id }], pagination: { page: 2, page_size: 1, total: 2 } })
      expect(yield* Effect.flip(client.listRuns(nowhere))).toMatchObject(notFound("sync"))
    }),
  )

  it.effect("GET /syncs/{syncId}/runs: streams every page, and reads only pages that are pulled", () =>
    Effect.gen(function* () {
      const { emulator, client, sync } = yield* onEmulator({ switches: { listShape: "envelope" } })
      for (let count = 0; count < 7; count++) yield* emulator.triggerAsStranger({ sync }, { plan: { duration: 0 } })
      const all = yield* Stream.runCollect(client.streamRuns(sync, { page_size: 3 }))
      expect(all.map(({ id }) => id)).toEqual((yield* emulator.runsOf({ sync })).map(({ id }) => id).reverse())
      expect((yield* emulator.calls).map(({ query }) => query["page"])).toEqual(["1", "2", "3", "1", "2", "3"])
      yield* emulator.clearCalls
      const some = yield* Stream.runCollect(client.streamRuns(sync, { page_size: 3 }).pipe(Stream.take(4)))
      expect(some).toEqual(all.slice(0, 4))
      expect(yield* emulator.calls).toHaveLength(2)
    }),
  )

  it.effect("GET /syncs/{syncId}/runs/{runId}: reads a run that has ended, and fails with NotFound for another", () =>
    Effect.gen(function* () {
      const { emulator, client, sync } = yield* onEmulator()
      yield* emulator.script({ sync }, [{ duration: "150 seconds", rows: { succeeded: 5420, failed: 3 } }])
      const { id } = yield* client.triggerSync(sync)
      yield* TestClock.adjust("10 minutes")
      expect(yield* client.getRun(sync, id)).toMatchObject({
        id,
        status: "completed",
        completed_at: "2024-01-15T15:02:30Z",
        rows_synced: 5420,
        rows_failed: 3,
      })
      expect(yield* Effect.flip(client.getRun(sync, nowhere))).toMatchObject(notFound("run"))
    }),
  )

  it.effect("GET /syncs/{syncId}: reads a sync, and fails with NotFound for another", () =>
    Effect.gen(function* () {
      const { emulator, client, sync } = yield* onEmulator()
      const [configured] = yield* emulator.syncs
      expect(yield* client.getSync(sync)).toEqual({
        id: sync,
        workspace_id: emulator.workspace.id,
        model_id: configured?.parts["model"],
        destination_id: configured?.parts["destination"],
        name: "Customers",
        description: "",
        field_mapping: [{ source_column: "email", destination_field: "Email" }],
        sync_mode: "upsert",
        primary_key: "customer_id",
        config: {},
        status: "active",
        status_error: "",
        created_by: expect.any(String),
        created_at: "2024-01-15T15:00:00Z",
        updated_at: "2024-01-15T15:00:00Z",
      })
      expect(yield* Effect.flip(client.getSync(nowhere))).toMatchObject(notFound("sync"))
    }),
  )

  it.effect.each(["404", "400", "403"] as const)(
    "GET /syncs/{syncId}: a %s with a text fails with NotFound",
    (unknownSync) =>
      Effect.gen(function* () {
        const { client, request } = yield* onEmulator({ switches: { unknownSync } })
        for (const call of [
          client.getSync(nowhere),
          client.updateSync(nowhere, { name: request.name }),
          client.deleteSync(nowhere),
        ]) {
          expect(yield* Effect.flip<unknown, unknown, never>(call)).toMatchObject(notFound("sync"))
        }
      }),
  )

  it.effect("GET /: reads the workspace, and fails with PermissionDenied without the permission", () =>
    Effect.gen(function* () {
      const { emulator, client } = yield* onEmulator()
      expect(yield* client.getWorkspace).toMatchObject(emulator.workspace)
      yield* emulator.deny(["identity"])
      expect(yield* Effect.flip(client.getWorkspace)).toMatchObject({ reason: { _tag: "PermissionDenied" } })
    }),
  )
})
