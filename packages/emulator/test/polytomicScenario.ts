/** What shows every behavior of Polytomic that a switch can change, as `scenarios.ts` has it for the others. */
import type { Method } from "@openretl/core/Transport"
import { PolytomicEmulator } from "@openretl/emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type RequestFields, sendTo } from "./client.ts"

export const polytomic = (settings: Readonly<Record<string, string>>) =>
  Effect.gen(function* () {
    const emulator = yield* PolytomicEmulator.make({
      switches: settings,
      limits: [{ name: "all", operations: "all", requests: 200, window: "10 seconds" }],
    })
    const lines: Array<string> = []
    const record = (method: Method, path: string, fields: RequestFields = {}) =>
      Effect.map(sendTo(emulator, method, path, fields), ({ status, headers, text }) => {
        lines.push(JSON.stringify([method, path, status, headers, text]))
      })
    const ids = yield* emulator.addSync({ schedule: { cron: "0 0 1 6 *" } })
    const root = `/api/syncs/${ids["sync"]}/executions`
    const list = record("GET", root)
    const start = (key: string, resync: boolean) =>
      record("POST", root, { headers: { "idempotency-key": key }, body: { resync } })
    const cancel = Effect.flatMap(emulator.runsOf(ids), (runs) => record("POST", `${root}/${runs.at(-1)?.id}/cancel`))

    yield* list
    yield* emulator.script(ids, [{ rows: { succeeded: 90, failed: 10 } }, { ends: "failed" }])
    yield* start("the-first-key", true)
    yield* start("the-first-key", false)
    yield* start("the-second-key", true)
    yield* list
    yield* TestClock.adjust(30_123)
    yield* list
    yield* TestClock.adjust("1 hour")
    yield* start("the-third-key", true)
    yield* cancel
    yield* TestClock.adjust("1 hour")
    yield* cancel
    yield* list
    for (const path of [`${root}/1`, "/api/syncs/1/executions", "/api/syncs/1", "/api/syncs"])
      yield* record("GET", path)
    yield* emulator.setState(ids, "paused")
    yield* start("the-fourth-key", true)
    yield* emulator.setState(ids, "enabled")
    for (let count = 0; count < 110; count++) {
      yield* emulator.triggerAsStranger(ids, { plan: { duration: 0 } })
      yield* TestClock.adjust("1 second")
    }
    yield* list
    yield* emulator.deny(["list"])
    yield* list
    yield* emulator.addTraffic({ operation: "list", atOnce: 200 })
    yield* list
    lines.push(JSON.stringify(yield* emulator.runsOf(ids)))
    return lines
  })
