import { describe, expect, it } from "@effect/vitest"
import type { Method } from "@openretl/core/Transport"
import { FivetranActivationsEmulator } from "@openretl/emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type RequestFields, sendTo } from "./client.ts"

const syncs = "/api/v2/syncs"

const setup = (options: FivetranActivationsEmulator.Options = {}) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.UTC(2021, 9, 20, 2, 51, 7))
    const emulator = yield* FivetranActivationsEmulator.make(options)
    const ids = yield* emulator.addSync({ name: "Customers" })
    const send = (method: Method, path: string, fields: RequestFields = {}) => sendTo(emulator, method, path, fields)
    const root = `${syncs}/${ids["sync"]}`
    return {
      emulator,
      ids,
      root,
      send,
      trigger: send("POST", `${root}/trigger`),
      list: send("GET", `${root}/sync_runs`),
    }
  })

describe("runs", () => {
  it.effect("have every field of the vendor's sample, in its envelope", () =>
    Effect.gen(function* () {
      const { emulator, ids, trigger, list } = yield* setup()
      yield* emulator.script(ids, [{ rows: { succeeded: 13, failed: 1, invalid: 1 } }])
      const triggered = yield* trigger
      expect(triggered.json).toEqual({ status: "success", data: { sync_run_id: expect.any(Number) } })
      yield* TestClock.adjust("1 hour")
      expect((yield* list).json).toEqual({
        status: "success",
        pagination: { total_records: 1, per_page: 25, prev_page: null, page: 1, next_page: null, last_page: 1 },
        data: [
          {
            ...{ id: triggered.json.data.sync_run_id, sync_id: Number(ids["sync"]), source_record_count: 150 },
            ...{ source_record_updates: 14, source_record_deletes: 0, source_record_invalids: 1 },
            ...{ records_processed: 14, records_updated: 13, records_failed: 1, records_invalid: 0 },
            created_at: "2021-10-20T02:51:07.000Z",
            updated_at: "2021-10-20T02:52:07.000Z",
            completed_at: "2021-10-20T02:52:07.000Z",
            ...{ scheduled_execution_time: null, error_code: null, error_message: null, error_detail: null },
            ...{ status: "completed", canceled: false, full_sync: false, current_step: null },
            sync_trigger_reason: { ui_tag: "API", ui_detail: "Triggered by the API" },
          },
        ],
      })
    }),
  )

  it.effect("that are triggered while one is under way are skipped, and the trigger is a success", () =>
    Effect.gen(function* () {
      const { emulator, ids, trigger } = yield* setup()
      yield* emulator.script(ids, [{ duration: "10 minutes" }])
      expect([(yield* trigger).status, (yield* trigger).status]).toEqual([200, 200])
      yield* TestClock.adjust("1 minute")
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ status: "working" }, { status: "skipped", skipped: true }])
    }),
  )

  it.effect("at skipped-later are queued for a while, and at queued run one after the other", () =>
    Effect.gen(function* () {
      for (const [overlap, early, late] of [
        ["skipped-later", "queued", "skipped"],
        ["queued", "queued", "completed"],
      ] as const) {
        const { emulator, ids, trigger } = yield* setup({ switches: { overlap } })
        yield* trigger
        yield* trigger
        yield* TestClock.adjust("2 seconds")
        expect((yield* emulator.runsOf(ids))[1]?.status).toBe(early)
        yield* TestClock.adjust("1 hour")
        expect((yield* emulator.runsOf(ids))[1]?.status).toBe(late)
      }
    }),
  )

  it.effect("are cancelled one by one, beside a status that says nothing of it", () =>
    Effect.gen(function* () {
      const { emulator, ids, send } = yield* setup()
      const run = yield* emulator.triggerAsStranger(ids, { plan: { ends: "never" } })
      const cancel = send("POST", `/api/v2/sync_runs/${run}/cancel`)
      expect((yield* cancel).json).toEqual({ status: "cancelled", data: {} })
      yield* TestClock.adjust("1 minute")
      expect((yield* send("GET", `/api/v2/sync_runs/${run}`)).json.data).toMatchObject({
        ...{ status: "completed", canceled: true },
      })
      expect((yield* cancel).status).toBe(200)
    }),
  )
})

describe("syncs", () => {
  const schedule = (cron_expression: string) => ({
    mode: { type: "triggered", triggers: { schedule: { frequency: "expression", cron_expression } } },
  })

  it.effect("are changed field by field, and a nested object whole", () =>
    Effect.gen(function* () {
      const { root, send } = yield* setup()
      yield* send("PATCH", root, { body: schedule("0 6 * * 1,2") })
      const { json } = yield* send("PATCH", root, { body: { paused: true } })
      expect(json).toMatchObject({
        status: "updated",
        data: {
          ...{ label: "Customers", paused: true, schedule_frequency: "expression", cron_expression: "0 6 * * 1,2" },
          // The vendor computes a day and a time beside an expression.
          mode: { triggers: { schedule: { hour: 0, minute: 0, cron_expression: "0 6 * * 1,2" } } },
        },
      })
    }),
  )

  it.effect.each<[object, string]>([
    [schedule("0 6 * * 1-5"), "mode"],
    [{ paused: 1 }, "paused"],
    [{ operation: "merge", color: "red" }, "operation, color"],
    [{ mappings: [] }, "mappings"],
  ])("refuse %j", ([body, fields]) =>
    Effect.gen(function* () {
      const { root, send } = yield* setup()
      const { status, json } = yield* send("PATCH", root, { body })
      expect([status, json]).toEqual([400, { status: 400, message: `${fields}: invalid value` }])
    }),
  )

  it.effect("are deleted", () =>
    Effect.gen(function* () {
      const { emulator, root, send } = yield* setup()
      expect((yield* send("DELETE", root)).json).toEqual({ status: "deleted" })
      expect(yield* emulator.syncs).toEqual([])
      expect((yield* send("DELETE", root)).status).toBe(404)
    }),
  )
})
