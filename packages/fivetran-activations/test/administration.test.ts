import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import * as Fault from "@openretl/emulator/Fault"
import { Effect, Stream } from "effect"
import * as FivetranActivationsAdmin from "../src/FivetranActivationsAdmin.ts"
import { definition, ended, onEmulator } from "./onEmulator.ts"

describe("the catalog", () => {
  it.effect("K1: GET /syncs: has every sync over several pages, also where nothing says how many there are", () =>
    Effect.gen(function* () {
      for (const switches of [{}, { pagination: "absent" }, { pageSize: "25" }] as const) {
        const { emulator, catalog } = yield* onEmulator({ switches })
        for (let index = 0; index < 120; index++) yield* emulator.addSync({ name: `sync-${index}` })
        const result = yield* ended(Stream.runCollect(catalog.list))
        const names = result._tag === "Success" ? result.success.map(({ name }) => name) : []
        expect(new Set(names).size).toBe(121)
      }
    }),
  )
})

describe("a sync", () => {
  it.effect("A1: PATCH /syncs/{sync_id}: is paused, scheduled, renamed and resumed with one request each", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* onEmulator()
      expect(yield* ended(administration.pause(ref))).toMatchObject({ success: { state: "paused" } })
      yield* ended(administration.setSchedule(ref, Schedule.cron("0 6 * * 1-3")))
      yield* ended(administration.update(ref, { name: "Customers, daily" }))
      yield* ended(administration.resume(ref))
      expect(yield* emulator.syncs).toMatchObject([
        {
          name: "Customers, daily",
          state: "enabled",
          schedule: { triggers: { schedule: { cron_expression: "0 6 * * 1,2,3" } } },
        },
      ])
      const manual = yield* ended(administration.setSchedule(ref, Schedule.manual))
      expect(manual).toMatchObject({ success: { schedule: { _tag: "Manual" } } })
      expect((yield* emulator.calls).filter(({ operation }) => operation === "update")).toHaveLength(5)
    }),
  )

  it.effect("A1: that follows a job shows no schedule, and a schedule takes the job away", () =>
    Effect.gen(function* () {
      const { emulator, ids, administration, catalog, ref } = yield* onEmulator()
      const dbt_cloud = { project_id: "1", job_id: "2" }
      const wireSchedule = { type: "triggered", triggers: { schedule: { frequency: "never" }, dbt_cloud } }
      yield* emulator.changeSync(ids, { wireSchedule })
      const read = yield* ended(catalog.get(ref))
      expect(read).toMatchObject({ success: { unreadSchedule: expect.stringContaining("dbt_cloud") } })
      const changed = yield* ended(administration.setSchedule(ref, Schedule.cron("0 6 * * *")))
      expect(changed).toMatchObject({ success: { schedule: { _tag: "Cron" } } })
      expect(JSON.stringify(yield* emulator.syncs)).not.toContain("dbt_cloud")
    }),
  )

  it.effect("A1: a mapping is compared without its order, and without what the vendor adds", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* onEmulator({ switches: { addedMappings: "compound-key" } })
      const change = FivetranActivationsAdmin.change({
        mappings: [
          { from: { type: "column", data: "id" }, to: "External ID", is_primary_identifier: true },
          { from: { type: "constant_value", data: { value: "web", basic_type: "text" } }, to: "Channel" },
        ],
      })
      const changed = yield* ended(administration.update(ref, change))
      expect(changed).toMatchObject({
        success: {
          mapping: [{ from: "id", to: "External ID", isIdentifier: true }],
          unreadMapping: ["Channel", "census_key"],
        },
      })
      expect((yield* emulator.calls).filter(({ operation }) => operation === "update")).toHaveLength(1)
    }),
  )

  it.effect("A1, A2: POST /syncs: is created paused and manual with one request, whatever the answer shows", () =>
    Effect.gen(function* () {
      for (const createAnswer of ["sync", "id", "empty"] as const) {
        const { emulator, creation } = yield* onEmulator({ switches: { createAnswer } })
        const parts = yield* emulator.addParts()
        const created = yield* ended(creation.create(definition(parts, { name: "Orders" })))
        expect(created).toMatchObject({ success: { name: "Orders", state: "paused", schedule: { _tag: "Manual" } } })
        expect((yield* emulator.calls).filter(({ operation }) => operation === "create")).toHaveLength(1)
      }
    }),
  )

  it.effect("A1: a create that is answered with a 504 makes one sync, which is found", () =>
    Effect.gen(function* () {
      const { emulator, creation } = yield* onEmulator()
      const parts = yield* emulator.addParts()
      yield* emulator.addFaults(Fault.gatewayPage("create", { status: 504, commits: true }))
      const created = yield* ended(creation.create(definition(parts, { name: "Orders" }), { exclusive: true }))
      expect(created).toMatchObject({ success: { name: "Orders" } })
      expect(yield* emulator.syncs).toHaveLength(2)
    }),
  )

  it.effect("A1: DELETE /syncs/{sync_id}: is gone", () =>
    Effect.gen(function* () {
      const { emulator, deletion, ref } = yield* onEmulator()
      expect(yield* ended(deletion.delete(ref))).toMatchObject({ _tag: "Success" })
      expect(yield* emulator.syncs).toEqual([])
    }),
  )

  it.effect("A1: a definition with wrong fields sends nothing, and names each of them", () =>
    Effect.gen(function* () {
      const { emulator, creation } = yield* onEmulator()
      const input = {
        ...{ source_attributes: {}, destination_attributes: { connection_id: "1" }, operation: "merge", color: "red" },
        ...{ mappings: [{ from: { type: "column", data: "a" }, to: "" }], name: "Orders" },
      }
      const failed = yield* ended(creation.create(FivetranActivationsAdmin.definition(input as never)))
      const reason = failed._tag === "Failure" && "reason" in failed.failure ? failed.failure.reason : undefined
      const paths = reason?._tag === "InvalidRequest" ? reason.issues.map(({ path }) => path.slice(2, 5).join(".")) : []
      expect(paths.sort()).toEqual(["color", "mappings.0.to", "operation", "source_attributes"])
      expect(yield* emulator.calls).toEqual([])
    }),
  )
})
