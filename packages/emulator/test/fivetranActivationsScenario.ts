/** What shows every behavior of Fivetran Activations that a switch can change, as `scenarios.ts` has it for the others. */
import type { Method } from "@openretl/core/Transport"
import { FivetranActivationsEmulator } from "@openretl/emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type RequestFields, sendTo } from "./client.ts"

export const fivetranActivations = (settings: Readonly<Record<string, string>>) =>
  Effect.gen(function* () {
    const emulator = yield* FivetranActivationsEmulator.make({
      switches: settings,
      limits: [{ name: "all", operations: "all", requests: 200, window: "10 seconds" }],
    })
    const lines: Array<string> = []
    const record = (method: Method, path: string, fields: RequestFields = {}) =>
      Effect.map(sendTo(emulator, method, path, fields), ({ status, headers, text }) => {
        lines.push(JSON.stringify([method, path, status, headers, text]))
      })
    const ids = yield* emulator.addSync({ schedule: { cron: "0 0 1 6 *" } })
    const syncs = "/api/v2/syncs"
    const root = `${syncs}/${ids["sync"]}`
    const trigger = record("POST", `${root}/trigger?force_full_sync=true`)
    const list = record("GET", `${root}/sync_runs`)
    const runIds = Effect.map(emulator.runsOf(ids), (runs) => runs.map(({ id }) => id))

    yield* emulator.script(ids, [{ rows: { succeeded: 90, failed: 10, invalid: 5 } }, { ends: "failed" }])
    for (let count = 0; count < 2; count++) yield* trigger
    yield* list
    yield* TestClock.adjust(30_123)
    yield* list
    yield* TestClock.adjust("1 hour")
    yield* trigger
    yield* TestClock.adjust("1 hour")
    yield* trigger
    const cancel = Effect.flatMap(runIds, (all) => record("POST", `/api/v2/sync_runs/${all.at(-1)}/cancel`))
    yield* cancel
    yield* TestClock.adjust("1 hour")
    yield* cancel
    yield* list
    for (const path of ["/api/v2/sync_runs/1", `${syncs}/1/sync_runs`, `${syncs}/1`, syncs]) yield* record("GET", path)
    yield* record("PATCH", root, { body: { label: "Renamed" } })
    yield* emulator.setState(ids, "paused")
    yield* trigger
    yield* emulator.setState(ids, "enabled")
    for (let count = 0; count < 110; count++) {
      yield* emulator.triggerAsStranger(ids, { plan: { duration: 0 } })
      yield* TestClock.adjust("1 second")
    }
    yield* record("GET", `${root}/sync_runs?per_page=105`)
    yield* emulator.deny(["list"])
    yield* list
    yield* emulator.addTraffic({ operation: "list", atOnce: 200 })
    yield* list
    lines.push(JSON.stringify(yield* emulator.runsOf(ids)))
    return lines
  })
