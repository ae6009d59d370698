/** What shows every behavior of Hightouch that a switch can change, as `scenarios.ts` has it for the others. */
import type { Method } from "@openretl/core/Transport"
import { HightouchEmulator } from "@openretl/emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type RequestFields, sendTo } from "./client.ts"

export const hightouch = (settings: Readonly<Record<string, string>>) =>
  Effect.gen(function* () {
    const emulator = yield* HightouchEmulator.make({ switches: settings })
    const lines: Array<string> = []
    const record = (method: Method, path: string, fields: RequestFields = {}) =>
      Effect.map(sendTo(emulator, method, path, fields), ({ status, headers, text }) => {
        lines.push(JSON.stringify([method, path, status, headers, text]))
      })
    const ids = yield* emulator.addSync({ schedule: { cron: "0 0 1 1 *" } })
    const syncs = "/api/v1/syncs"
    const root = `${syncs}/${ids["sync"]}`
    const trigger = record("POST", `${root}/trigger`, { body: { fullResync: true } })
    const list = record("GET", `${root}/runs`)

    yield* emulator.script(ids, [{ rows: { succeeded: 90, failed: 10 } }])
    for (let count = 0; count < 3; count++) yield* trigger
    yield* TestClock.adjust(30_123)
    yield* list
    yield* TestClock.adjust("1 hour")
    yield* list
    for (const path of [`${root}/runs?runId=1`, `${syncs}/1/runs`]) yield* record("GET", path)
    yield* record("POST", `${syncs}/1/trigger`)
    yield* record("PATCH", root, { body: { schedule: "daily" } })
    yield* emulator.setState(ids, "paused")
    yield* trigger
    yield* record("GET", syncs)
    yield* TestClock.adjust("1 hour")
    for (let count = 0; count < 110; count++) yield* emulator.triggerAsStranger(ids, { plan: { duration: 0 } })
    yield* emulator.setState(ids, "enabled")
    for (let count = 0; count < 110; count++) yield* emulator.triggerAsStranger(ids, { plan: { duration: 0 } })
    yield* TestClock.adjust("1 hour")
    yield* record("GET", `${root}/runs?limit=105`)
    yield* emulator.deny(["list"])
    yield* list
    yield* emulator.addTraffic({ operation: "list", atOnce: 200 })
    yield* list
    lines.push(JSON.stringify(yield* emulator.runsOf(ids)))
    return lines
  })
