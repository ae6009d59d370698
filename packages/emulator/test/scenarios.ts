/**
 * One scenario per vendor that shows every behavior which a switch can change. Its transcript contains all answers and the
 * real runs, and differs between any two values of any switch.
 */

import type { Method } from "@openretl/core/Transport"
import { RudderStackEmulator, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import type { Emulator, Ids, Operation } from "@openretl/emulator/Emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { headersOf, type RequestFields, sendTo } from "./client.ts"
import { configuring } from "./segmentConfiguring.ts"

type Settings = Readonly<Record<string, string>>

/** Sends requests and writes their answers to a transcript. */
const recorder = (emulator: Emulator) => {
  const lines: Array<string> = []
  const record = (method: Method, path: string, fields: RequestFields = {}) =>
    Effect.tap(sendTo(emulator, method, path, fields), ({ status, headers, text }) =>
      Effect.sync(() => lines.push(JSON.stringify([method, path, status, headers, text]))),
    )
  const recordRuns = (ids: Ids) =>
    Effect.map(emulator.runsOf(ids), (runs) => {
      lines.push(JSON.stringify(runs))
    })
  return { record, recordRuns, lines }
}

const deniedOperations: ReadonlyArray<Operation> = ["list"]

export const segment = (settings: Settings) =>
  Effect.gen(function* () {
    const emulator = yield* SegmentEmulator.make({ switches: settings })
    const { record, recordRuns, lines } = recorder(emulator)
    const ids = yield* emulator.addSync()
    const body = { sourceId: ids["source"], modelId: ids["model"], subscriptionId: ids["subscription"] }
    const start = (extra = {}) => record("POST", "/reverse-etl-syncs", { body: { ...body, ...extra } })
    const list = (query = "", fields: RequestFields = {}) =>
      record("GET", `/reverse-etl-models/${body.modelId}/subscriptionId/${body.subscriptionId}/syncs${query}`, fields)
    const cancel = (run: string) =>
      record("POST", `/reverse-etl-models/${body.modelId}/syncs/${run}/cancel`, { body: {} })

    yield* emulator.script(ids, [{ duration: "3 minutes" }])
    const first = (yield* start()).json.data.reverseETLManualSync.syncId
    yield* TestClock.adjust(90_000)
    yield* list()
    yield* start()
    yield* start({ surprise: 1 })
    yield* cancel(first)
    yield* list()
    yield* TestClock.adjust("1 hour")
    yield* list()
    yield* cancel(first)
    yield* start()
    yield* TestClock.adjust("1 hour")
    yield* list("?count=1")
    yield* list("?count=0")
    yield* list("", { headers: { accept: "application/vnd.segment.v1+json" } })
    yield* configuring(record, yield* emulator.addParts())
    yield* emulator.setState(ids, "paused")
    yield* start()
    yield* list("", { token: "wrong" })
    yield* emulator.deny(deniedOperations)
    yield* list()
    yield* TestClock.adjust("1 hour")
    yield* emulator.addTraffic({ operation: "start", atOnce: 20 })
    yield* start()
    yield* recordRuns(ids)
    return lines
  })

export const rudderstack = (settings: Settings) =>
  Effect.gen(function* () {
    const limits = [{ name: "get", operations: ["get"], requests: 1, window: "1 minute" }] as const
    const emulator = yield* RudderStackEmulator.make({ switches: settings, limits })
    const { record, recordRuns, lines } = recorder(emulator)
    const ids = yield* emulator.addSync()
    const root = `/v2/retl-connections/${ids["connection"]}`
    const start = (fields: RequestFields = { body: { syncType: "full" } }) => record("POST", `${root}/start`, fields)
    const list = (query = "", fields: RequestFields = {}) => record("GET", `${root}/syncs${query}`, fields)
    const stop = record("POST", `${root}/stop`)

    yield* start({ body: {} })
    yield* TestClock.adjust("1 hour")
    yield* start({ body: {} })
    yield* TestClock.adjust(30_123)
    yield* list()
    yield* start()
    yield* stop
    yield* TestClock.adjust("1 hour")
    yield* list()
    yield* stop
    for (const fields of [{ raw: "" }, { body: { syncType: "x" } }, { body: { syncType: "full", extra: 1 } }]) {
      yield* start(fields)
      yield* TestClock.adjust("1 hour")
    }
    for (const query of ["?per_page=1", "?page=0", "?page=9", "?status=x", "?started_after=1970-01-01T00:00:00Z"]) {
      yield* list(query)
    }
    for (let count = 0; count < 110; count++) {
      yield* emulator.triggerAsStranger(ids, { plan: { duration: 0 } })
    }
    yield* list()
    yield* list("?per_page=105")
    yield* record("GET", `${root}/syncs/nope`)
    yield* record("GET", `${root}/syncs/nope`)
    yield* record("GET", "/v2/retl-connections")
    yield* rudderstackParts(emulator, record)
    yield* emulator.setState(ids, "paused")
    yield* start()
    yield* emulator.deny(deniedOperations)
    yield* list()
    yield* recordRuns(ids)
    return lines
  })

/** Creates a source and a connection from it twice, deletes that, creates it again, starts it, and sets a short cron. */
const rudderstackParts = (emulator: Emulator, record: ReturnType<typeof recorder>["record"]) =>
  Effect.gen(function* () {
    const destinationId = (yield* emulator.addParts())["destination"]
    const model = {
      sourceType: "model",
      sourceDefinitionName: "postgres",
      config: { primaryKey: "id", sql: "SELECT 1" },
    }
    const body = { name: "Orders", accountId: "a", enabled: true, ...model }
    const source = yield* record("POST", "/v2/retl-sources", { body })
    if (source.status >= 300) return
    yield* record("GET", "/v2/retl-sources")
    const pair = { sourceId: source.json.id, destinationId, schedule: { type: "manual" } }
    const create = record("POST", "/v2/retl-connections", {
      body: { ...pair, identifiers: [{ from: "email", to: "user_id" }], event: { type: "identify" } },
    })
    const { id } = (yield* create).json
    yield* create
    yield* record("DELETE", `/v2/retl-connections/${id}`)
    const secondConnection = yield* create
    yield* record("POST", `/v2/retl-connections/${secondConnection.json.id}/start`, { body: { syncType: "full" } })
    const often = { type: "cron", cronExpression: "* * * * *" }
    yield* record("PUT", `/v2/retl-connections/${secondConnection.json.id}`, { body: { schedule: often } })
    const reserved = { schedule: { type: "manual" }, mappings: [{ from: "device", to: "anonymous_id" }] }
    yield* record("PUT", `/v2/retl-connections/${secondConnection.json.id}`, { body: reserved })
    const users = yield* record("POST", "/v2/retl-sources", { body: { ...body, name: "Users" } })
    const others = { ...pair, sourceId: users.json.id, identifiers: [{ from: "id", to: "user_id" }], externalId: "e" }
    yield* record("POST", "/v2/retl-connections", { body: others })
    yield* record("DELETE", `/v2/retl-connections/${secondConnection.json.id}`)
    yield* record("POST", "/v2/retl-connections", { body: others })
  })

export const zeotap = (settings: Settings) =>
  Effect.gen(function* () {
    const emulator = yield* ZeotapEmulator.make({ switches: settings })
    const { record, recordRuns, lines } = recorder(emulator)
    const ids = yield* emulator.addSync()
    const workspaces = "/api/v1/workspaces"
    const root = `${workspaces}/${emulator.workspace.id}`
    const trigger = record("POST", `${root}/syncs/${ids["sync"]}/trigger`)
    const list = (query = "") => record("GET", `${root}/syncs/${ids["sync"]}/runs${query}`)

    yield* trigger
    yield* trigger
    yield* TestClock.adjust(30_123)
    yield* list()
    yield* TestClock.adjust("1 hour")
    yield* list()
    yield* list("?page=2&page_size=1")
    yield* record("GET", `${root}/syncs`)
    yield* record("GET", `${root}/syncs/${ids["sync"]}/runs/nope`)
    yield* record("GET", `${root}/syncs/nope`)
    yield* record("GET", `${workspaces}/elsewhere`, { headers: { "x-workspace-id": "elsewhere" } })
    yield* record("GET", root, { headers: { "x-workspace-id": "elsewhere" } })
    const { "x-workspace-id": _, ...otherHeaders } = { "x-workspace-id": "", ...headersOf(emulator) }
    const withoutWorkspace = {
      method: "GET",
      url: `${emulator.baseUrl}${root}`,
      headers: otherHeaders,
      maxBytes: 10_000,
    } as const
    lines.push(String((yield* emulator.transport.send(withoutWorkspace)).status))
    for (let count = 0; count < 110; count++) {
      yield* emulator.triggerAsStranger(ids, { plan: { duration: 0 } })
    }
    yield* TestClock.adjust("1 hour")
    yield* list()
    yield* emulator.setState(ids, "paused")
    yield* trigger
    yield* emulator.deny(deniedOperations)
    yield* list()
    yield* emulator.addTraffic({ operation: "list", atOnce: 20 })
    yield* list()
    yield* recordRuns(ids)
    yield* TestClock.adjust("1 hour")
    yield* zeotapConfiguration(emulator, record)
    return lines
  })

/** Creates, updates and deletes a sync. */
const zeotapConfiguration = (emulator: Emulator, record: ReturnType<typeof recorder>["record"]) =>
  Effect.gen(function* () {
    const { model: model_id, destination: destination_id } = yield* emulator.addParts()
    const path = `/api/v1/workspaces/${emulator.workspace.id}/syncs`
    const body = {
      name: "Customers",
      model_id,
      destination_id,
      field_mapping: [{ source_column: "email", destination_field: "Email" }],
      sync_mode: "upsert",
      primary_key: "id",
      schedule: "0 6 * * *",
    }
    yield* record("POST", path, { body })
    yield* record("POST", path, { body })
    const syncPath = `${path}/${(yield* emulator.syncs).at(-1)?.ids["sync"]}`
    for (const schedule of ["", "0 6 * * *", null]) {
      yield* record("PUT", syncPath, { body: { schedule } })
      yield* record("GET", syncPath)
    }
    yield* record("DELETE", syncPath)
    yield* record("GET", syncPath)
  })
