import { describe, expect, it } from "@effect/vitest"
import { Fault, SegmentEmulator } from "@openretl/emulator"
import type { Ids } from "@openretl/emulator/Emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { sendTo } from "./client.ts"

const idsBody = (ids: Ids) => ({
  sourceId: ids["source"],
  modelId: ids["model"],
  subscriptionId: ids["subscription"],
})
const listPath = (ids: Ids) => `/reverse-etl-models/${ids["model"]}/subscriptionId/${ids["subscription"]}/syncs`

const setup = (options: SegmentEmulator.Options = {}) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.UTC(2026, 7, 20, 16, 0, 0))
    const emulator = yield* SegmentEmulator.make(options)
    const ids = yield* emulator.addSync()
    const start = sendTo(emulator, "POST", "/reverse-etl-syncs", { body: idsBody(ids) })
    const get = (run: string) => sendTo(emulator, "GET", `/reverse-etl-models/${ids["model"]}/syncs/${run}`)
    const cancel = (run: string, fields = { body: {} as unknown }) =>
      sendTo(emulator, "POST", `/reverse-etl-models/${ids["model"]}/syncs/${run}/cancel`, fields)
    const list = (query = "") => sendTo(emulator, "GET", `${listPath(ids)}${query}`)
    return { emulator, ids, start, get, cancel, list }
  })

const errorsOf = (answer: { json: { errors: ReadonlyArray<{ type: string; message: string; field?: string }> } }) =>
  answer.json.errors.map(({ type, field }) => (field === undefined ? type : `${type}:${field}`))

describe("starting", () => {
  it.effect("a start is answered with the documented body and the rate headers", () =>
    Effect.gen(function* () {
      const { start } = yield* setup()
      const answer = yield* start
      expect(answer.status).toBe(200)
      expect(answer.json).toEqual({
        data: {
          reverseETLManualSync: { syncId: expect.stringMatching(/^\d+$/), startedAt: "2026-08-20T16:00:00.000Z" },
        },
      })
      expect(answer.headers).toMatchObject({
        "content-type": "application/json",
        "x-ratelimit-consumed": "1",
        "x-ratelimit-remaining": "19",
        "x-ratelimit-reset": "Thu, 20 Aug 2026 16:01:00 +0000",
      })
    }),
  )

  it.effect("a 422 lists every problem of the body", () =>
    Effect.gen(function* () {
      const { emulator } = yield* setup()
      const answer = yield* sendTo(emulator, "POST", "/reverse-etl-syncs", {
        body: { sourceId: "", modelId: 7, surprise: true },
      })
      expect(answer.status).toBe(422)
      expect(answer.json.errors).toEqual([
        { type: "input-validation", message: '"sourceId" is not allowed to be empty', field: "sourceId" },
        { type: "input-validation", message: '"modelId" must be a string', field: "modelId" },
        { type: "input-validation", message: '"subscriptionId" is required', field: "subscriptionId" },
        { type: "input-validation", message: '"surprise" is not allowed', field: "surprise" },
      ])
    }),
  )

  it.effect("a body must be a JSON object in one of the two media types", () =>
    Effect.gen(function* () {
      const { emulator, ids } = yield* setup({ switches: { overlap: "new-run" } })
      const send = (raw: string, type: string) =>
        sendTo(emulator, "POST", "/reverse-etl-syncs", { raw, headers: { "content-type": type } })
      expect((yield* send("{", "application/json")).status).toBe(400)
      expect((yield* send("[]", "application/json")).status).toBe(400)
      expect((yield* send("{}", "text/plain")).status).toBe(400)
      const body = JSON.stringify(idsBody(ids))
      expect((yield* send(body, "application/vnd.segment.v1alpha+json")).status).toBe(200)
      expect((yield* send(body, "application/json; charset=utf-8")).status).toBe(200)
    }),
  )

  it.effect("a 404 says whether the model, the subscription or the source is missing", () =>
    Effect.gen(function* () {
      const { emulator, ids } = yield* setup()
      const send = (changed: object) =>
        Effect.map(
          sendTo(emulator, "POST", "/reverse-etl-syncs", { body: { ...idsBody(ids), ...changed } }),
          ({ status, json }) => [status, json.errors[0]] as const,
        )
      const notFound = (message: string) => [404, { type: "not-found", message, data: null }]
      expect(yield* send({ modelId: "m" })).toEqual(notFound("Reverse ETL Model with id 'm' not found."))
      expect(yield* send({ subscriptionId: "s" })).toEqual(notFound("Subscription with id 's' not found."))
      expect(yield* send({ sourceId: "x" })).toEqual(notFound("Source with id 'x' not found."))
      expect(yield* emulator.runsOf(ids)).toEqual([])
    }),
  )
})

describe("a run's status", () => {
  it.effect("has its end and its phases, with counts as strings, only once the run is over", () =>
    Effect.gen(function* () {
      const { emulator, ids, start, get } = yield* setup()
      yield* emulator.script(ids, [{ duration: "90 seconds", rows: { succeeded: 97, failed: 3 } }])
      const id = (yield* start).json.data.reverseETLManualSync.syncId
      yield* TestClock.adjust("30 seconds")
      expect((yield* get(id)).json.data.reverseETLSyncStatus).toEqual({
        syncId: id,
        modelId: ids["model"],
        sourceId: ids["source"],
        syncStatus: "IN_PROGRESS",
        duration: "30s",
        startedAt: "2026-08-20T16:00:00.000Z",
      })
      yield* TestClock.adjust("1 hour")
      const edges = {
        errorCode: "",
        startedAt: "2026-08-20T16:00:00.000Z",
        finishedAt: "2026-08-20T16:01:30.000Z",
      }
      expect((yield* get(id)).json.data.reverseETLSyncStatus).toEqual({
        syncId: id,
        modelId: ids["model"],
        sourceId: ids["source"],
        syncStatus: "PARTIAL_SUCCESS",
        duration: "1m30s",
        startedAt: "2026-08-20T16:00:00.000Z",
        finishedAt: "2026-08-20T16:01:30.000Z",
        extractPhase: { addedCount: "100", updatedCount: "0", deletedCount: "0", extractCount: "100", ...edges },
        loadPhase: { deliverSuccessCount: "97", deliverFailureCount: "3", ...edges },
      })
    }),
  )

  it.effect("is FAIL with the error's text and code, or SUCCESS without an error", () =>
    Effect.gen(function* () {
      const { emulator, ids, start, get } = yield* setup()
      yield* emulator.script(ids, [{ ends: "failed", error: { text: "no access", code: "E1" } }, {}])
      const first = (yield* start).json.data.reverseETLManualSync.syncId
      yield* TestClock.adjust("1 minute")
      const second = (yield* start).json.data.reverseETLManualSync.syncId
      yield* TestClock.adjust("1 minute")
      const failed = (yield* get(first)).json.data.reverseETLSyncStatus
      expect(failed).toMatchObject({ syncStatus: "FAIL", error: "no access", errorCode: "E1" })
      const succeeded = (yield* get(second)).json.data.reverseETLSyncStatus
      expect(succeeded.syncStatus).toBe("SUCCESS")
      expect(succeeded).not.toHaveProperty("error")
    }),
  )

  it.effect("is not found under another model or another id", () =>
    Effect.gen(function* () {
      const { emulator, start, get } = yield* setup()
      const id = (yield* start).json.data.reverseETLManualSync.syncId
      const otherIds = yield* emulator.addSync()
      expect((yield* sendTo(emulator, "GET", `/reverse-etl-models/${otherIds["model"]}/syncs/${id}`)).status).toBe(404)
      expect((yield* get("1")).json.errors).toEqual([
        { type: "not-found", message: "Sync with id '1' not found.", data: null },
      ])
    }),
  )
})

describe("the list", () => {
  it.effect("has cursors of base64 offsets, and omits those of pages that do not exist", () =>
    Effect.gen(function* () {
      const { emulator, ids, list } = yield* setup({ switches: { overlap: "new-run" } })
      const runs: Array<string | undefined> = []
      for (let count = 0; count < 25; count++) {
        runs.unshift(yield* emulator.triggerAsStranger(ids))
        yield* TestClock.adjust("1 second")
      }
      const first = (yield* list()).json.data
      expect(first.pagination).toEqual({ current: "MA==", next: "MTA=", totalEntries: 25 })
      const second = (yield* list(`?cursor=${encodeURIComponent(first.pagination.next)}`)).json.data
      expect(second.pagination).toEqual({ current: "MTA=", next: "MjA=", previous: "MA==", totalEntries: 25 })
      const third = (yield* list(`?cursor=${encodeURIComponent(second.pagination.next)}`)).json.data
      expect(third.pagination).toEqual({ current: "MjA=", previous: "MTA=", totalEntries: 25 })
      const listedIds = [first, second, third].flatMap((page) =>
        page.syncStatuses.map((run: { syncId: string }) => run.syncId),
      )
      expect(listedIds).toEqual(runs)
      expect((yield* list("?count=100")).json.data).not.toHaveProperty("pagination")
    }),
  )

  it.effect("has no next page after a full last page", () =>
    Effect.gen(function* () {
      const { emulator, ids, list } = yield* setup({ switches: { overlap: "new-run", listPagination: "present" } })
      for (let count = 0; count < 4; count++) yield* emulator.triggerAsStranger(ids)
      expect((yield* list("?count=4")).json.data.pagination).toEqual({ current: "MA==", totalEntries: 4 })
      expect((yield* list("?count=2&cursor=Mg%3D%3D")).json.data.pagination).toEqual({
        current: "Mg==",
        previous: "MA==",
        totalEntries: 4,
      })
    }),
  )

  it.effect.each([
    { query: "?count=0", field: "count" },
    { query: "?count=101", field: "count" },
    { query: "?count=ten", field: "count" },
    { query: "?cursor=!", field: "cursor" },
  ])("refuses the query $query", ({ query, field }) =>
    Effect.gen(function* () {
      const { list } = yield* setup()
      const answer = yield* list(query)
      expect([answer.status, ...errorsOf(answer)]).toEqual([422, `input-validation:${field}`])
    }),
  )

  it.effect("is empty for a mapping that never ran, and a 404 for one that does not exist", () =>
    Effect.gen(function* () {
      const { emulator, ids, list } = yield* setup()
      expect((yield* list()).json).toEqual({ data: { syncStatuses: [] } })
      const path = `/reverse-etl-models/${ids["model"]}/subscriptionId/nope/syncs`
      expect((yield* sendTo(emulator, "GET", path)).json.errors[0].message).toBe(
        "Subscription with id 'nope' not found.",
      )
    }),
  )
})

describe("cancelling", () => {
  it.effect("a cancel takes `stopTakes`, and a second one says whether the run was cancelled or had finished", () =>
    Effect.gen(function* () {
      const { emulator, ids, start, get, cancel } = yield* setup({ stopTakes: "10 seconds" })
      yield* emulator.script(ids, [{ ends: "never" }])
      const id = (yield* start).json.data.reverseETLManualSync.syncId
      const idsInBody = { modelId: ids["model"], syncId: id }
      expect((yield* cancel(id, { body: { reasonForCanceling: 4 } })).json.data).toEqual({
        ...idsInBody,
        status: "CANCELLING",
      })
      expect((yield* get(id)).json.data.reverseETLSyncStatus.syncStatus).toBe("IN_PROGRESS")
      yield* TestClock.adjust("10 seconds")
      expect((yield* get(id)).json.data.reverseETLSyncStatus.syncStatus).toBe("CANCELLED")
      const secondCancel = yield* cancel(id)
      expect([secondCancel.status, secondCancel.json.data]).toEqual([
        200,
        { ...idsInBody, errorCode: "SyncAlreadyCanceled", errorMessage: "sync already canceled" },
      ])
      const secondId = (yield* start).json.data.reverseETLManualSync.syncId
      yield* TestClock.adjust("1 hour")
      expect((yield* cancel(secondId)).json.data).toMatchObject({
        errorCode: "SyncFinishedCannotCancel",
        errorMessage: "sync already finished",
      })
    }),
  )

  it.effect("a cancel needs a body, whose reason is a number", () =>
    Effect.gen(function* () {
      const { emulator, ids, start, cancel } = yield* setup()
      const id = (yield* start).json.data.reverseETLManualSync.syncId
      expect(errorsOf(yield* cancel(id, { body: { reasonForCanceling: "4" } }))).toEqual([
        "input-validation:reasonForCanceling",
      ])
      const withoutBody = yield* sendTo(emulator, "POST", `/reverse-etl-models/${ids["model"]}/syncs/${id}/cancel`)
      expect([withoutBody.status, ...errorsOf(withoutBody)]).toEqual([400, "bad-request"])
      expect((yield* cancel("1")).status).toBe(404)
    }),
  )
})

describe("access and limits", () => {
  it.effect("`GET /` returns the workspace to a valid token only", () =>
    Effect.gen(function* () {
      const { emulator } = yield* setup()
      expect((yield* sendTo(emulator, "GET", "/")).json.data.workspace).toEqual({
        ...emulator.workspace,
        slug: "emulated-workspace",
      })
      const refusal = yield* sendTo(emulator, "GET", "/", { token: "other" })
      expect([refusal.status, ...errorsOf(refusal)]).toEqual([401, "unauthorized"])
    }),
  )

  it.effect("the 21st start of a minute gets the documented 429, without Retry-After", () =>
    Effect.gen(function* () {
      const { emulator, start } = yield* setup({ switches: { overlap: "new-run" } })
      for (let count = 0; count < 20; count++) expect((yield* start).status).toBe(200)
      yield* TestClock.adjust(2353)
      const refusal = yield* start
      expect(refusal.status).toBe(429)
      expect(refusal.json).toEqual({
        errors: [
          {
            type: "RequestError",
            message: "Too many requests",
            data: { remainingPoints: 0, msBeforeNext: 57647, consumedPoints: 21 },
          },
        ],
      })
      expect(refusal.headers).not.toHaveProperty("retry-after")
      expect(refusal.headers).not.toHaveProperty("x-ratelimit-reset")
      expect(yield* emulator.overLimit).toBe(1)
      yield* TestClock.adjust(57647)
      expect((yield* start).status).toBe(200)
    }),
  )

  it.effect("a success has the rate headers of the tightest limit", () =>
    Effect.gen(function* () {
      const limit = { operations: "all", window: "1 minute" } as const
      const { list } = yield* setup({
        limits: [
          { ...limit, name: "wide", requests: 9 },
          { ...limit, name: "tight", requests: 3 },
          { ...limit, name: "wider", requests: 12 },
        ],
      })
      expect((yield* list()).headers["x-ratelimit-remaining"]).toBe("2")
    }),
  )

  it.effect("a 429 has Retry-After where the token is limited", () =>
    Effect.gen(function* () {
      const { list } = yield* setup({
        limits: [{ name: "token", operations: "all", requests: 1, window: "1 minute" }],
      })
      yield* list()
      yield* TestClock.adjust("500 millis")
      expect((yield* list()).headers["retry-after"]).toBe("60")
    }),
  )

  it.effect("each region has its host", () =>
    Effect.gen(function* () {
      const emulator = yield* SegmentEmulator.make({ region: "eu" })
      expect(emulator.baseUrl).toBe("https://eu1.api.segmentapis.com")
    }),
  )

  it.effect("a request that a fault answers counts against the rate limit", () =>
    Effect.gen(function* () {
      const { emulator, start } = yield* setup({ switches: { overlap: "new-run" } })
      yield* emulator.addFaults(Fault.gatewayPage("start", { times: 20 }))
      for (let count = 0; count < 20; count++) expect((yield* start).status).toBe(502)
      expect((yield* start).status).toBe(429)
    }),
  )
})
