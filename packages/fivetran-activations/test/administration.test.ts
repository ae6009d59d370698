import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import { Effect, Stream } from "effect"
import * as FivetranActivationsAdmin from "../src/FivetranActivationsAdmin.ts"
import { ended, onEmulator } from "./onEmulator.ts"

describe("the catalog", () => {
  it.effect("K1: GET /syncs: has every sync over several pages, also where nothing says how many there are", () =>
    Effect.gen(function* () {
      for (const switches of [{}, { pagination: "absent" }, { pagination: "short-pages" }] as const) {
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

  it.effect("A1: fields in the vendor's words are changed with one request, whatever the answer shows", () =>
    Effect.gen(function* () {
      for (const updateAnswer of ["sync", "id", "empty"] as const) {
        const { emulator, administration, ref } = yield* onEmulator({ switches: { updateAnswer } })
        const change = FivetranActivationsAdmin.change({
          ...{ operation: "mirror", mirror_strategy: "upload_and_swap", advanced_configuration: { batch: 5 } },
          enabled: true,
        })
        const changed = yield* ended(administration.update(ref, change))
        expect(changed).toMatchObject({ success: { mode: "mirror", state: "enabled" } })
        expect((yield* emulator.calls).filter(({ operation }) => operation === "update")).toHaveLength(1)
      }
    }),
  )

  it.effect("K2: has a mapping in the order of its positions, without what the vendor adds", () =>
    Effect.gen(function* () {
      const { catalog, ref } = yield* onEmulator({ switches: { addedMappings: "compound-key" } })
      expect(yield* ended(catalog.get(ref))).toMatchObject({
        success: {
          mapping: [
            { from: "email", to: "Email", isIdentifier: true },
            { from: "name", to: "Name" },
          ],
          unreadMapping: ["census_key"],
        },
      })
    }),
  )

  it.effect("A1: DELETE /syncs/{sync_id}: is gone", () =>
    Effect.gen(function* () {
      const { emulator, deletion, ref } = yield* onEmulator()
      expect(yield* ended(deletion.delete(ref))).toMatchObject({ _tag: "Success" })
      expect(yield* emulator.syncs).toEqual([])
    }),
  )

  it.effect("A1: a change with wrong fields sends nothing, and names each of them", () =>
    Effect.gen(function* () {
      const { emulator, administration, ref } = yield* onEmulator()
      const input = { operation: "merge", alert_attributes: [1], color: "red", mappings: [] }
      const failed = yield* ended(administration.update(ref, FivetranActivationsAdmin.change(input as never)))
      const reason = failed._tag === "Failure" && "reason" in failed.failure ? failed.failure.reason : undefined
      const paths = reason?._tag === "InvalidRequest" ? reason.issues.map(({ path }) => path.slice(2).join(".")) : []
      expect(paths.sort()).toEqual(["alert_attributes.0", "color", "mappings", "operation"])
      expect(yield* emulator.calls).toEqual([])
    }),
  )
})
