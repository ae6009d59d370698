import { describe, expect, it } from "@effect/vitest"
import type { Method } from "@openretl/core/Transport"
import { HightouchEmulator } from "@openretl/emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type RequestFields, sendTo } from "./client.ts"

const syncs = "/api/v1/syncs"

const setup = (options: HightouchEmulator.Options = {}) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.UTC(2022, 1, 8, 16, 11, 4))
    const emulator = yield* HightouchEmulator.make(options)
    const ids = yield* emulator.addSync({ name: "testsync", schedule: { every: "1 day" } })
    const send = (method: Method, path: string, fields: RequestFields = {}) => sendTo(emulator, method, path, fields)
    const root = `${syncs}/${ids["sync"]}`
    const trigger = (body: object = {}) => send("POST", `${root}/trigger`, { body })
    const list = (query = "") => send("GET", `${root}/runs${query}`)
    return { emulator, ids, root, send, trigger, list }
  })

describe("runs", () => {
  it.effect("have every field of the vendor's sample, and ids of its forms", () =>
    Effect.gen(function* () {
      const { trigger, list } = yield* setup()
      const triggered = yield* trigger()
      expect([triggered.status, triggered.json]).toEqual([200, { id: expect.stringMatching(/^\d+$/) }])
      yield* TestClock.adjust("1 hour")
      const { json } = yield* list()
      expect(json).toEqual({
        data: [
          {
            id: Number(triggered.json.id),
            createdAt: "2022-02-08T16:11:04.000Z",
            startedAt: "2022-02-08T16:11:04.000Z",
            finishedAt: "2022-02-08T16:12:04.000Z",
            querySize: 100,
            status: "success",
            completionRatio: 1,
            plannedRows: { addedCount: 100, changedCount: 0, removedCount: 0 },
            successfulRows: { addedCount: 100, changedCount: 0, removedCount: 0 },
            failedRows: { addedCount: 0, changedCount: 0, removedCount: 0 },
            error: null,
          },
        ],
        hasMore: false,
      })
    }),
  )

  it.effect("wait for each other, and go through the vendor's words", () =>
    Effect.gen(function* () {
      const { emulator, ids, trigger, list } = yield* setup()
      yield* emulator.script(ids, [{ duration: "100 seconds" }])
      for (let count = 0; count < 3; count++) yield* trigger()
      const words: Array<ReadonlyArray<string>> = []
      for (const seconds of [10, 60, 25, 5]) {
        yield* TestClock.adjust(seconds * 1_000)
        words.push((yield* list()).json.data.map(({ status }: { readonly status: string }) => status))
      }
      expect(words).toEqual([
        ["querying", "queued", "queued"],
        ["processing", "queued", "queued"],
        ["reporting", "queued", "queued"],
        ["success", "querying", "queued"],
      ])
    }),
  )

  it.effect("are listed by offset, oldest first, and filtered by their start", () =>
    Effect.gen(function* () {
      const { emulator, ids, list } = yield* setup()
      const runs: Array<number> = []
      for (let count = 0; count < 5; count++) {
        runs.push(Number(yield* emulator.triggerAsStranger(ids, { plan: { duration: 0 } })))
        yield* TestClock.adjust("1 minute")
      }
      const idsIn = (query: string) =>
        Effect.map(list(query), ({ json }) => [json.data.map(({ id }: { readonly id: number }) => id), json.hasMore])
      expect(yield* idsIn("?limit=2&offset=2")).toEqual([runs.slice(2, 4), true])
      expect(yield* idsIn("?offset=4")).toEqual([runs.slice(4), false])
      expect(yield* idsIn("?offset=9")).toEqual([[], false])
      expect(yield* idsIn("?after=2022-02-08T16:12:04Z&before=2022-02-08T16:15:04Z")).toEqual([runs.slice(2, 4), false])
      expect(yield* idsIn("?within=2")).toEqual([runs.slice(4), false])
      expect(yield* idsIn(`?runId=${runs[3]}`)).toEqual([[runs[3]], false])
      expect(yield* idsIn("?runId=1")).toEqual([[], false])
      for (const query of ["?offset=-1", "?limit=0", "?after=monday", "?runId=x"]) {
        expect((yield* list(query)).status, query).toBe(422)
      }
    }),
  )

  it.effect("cannot be cancelled, and syncs cannot be deleted", () =>
    Effect.gen(function* () {
      const { root, send, trigger } = yield* setup()
      const { id } = (yield* trigger()).json
      expect((yield* send("POST", `${root}/runs/${id}/cancel`)).status).toBe(404)
      expect((yield* send("DELETE", root)).status).toBe(404)
    }),
  )

  it.effect("are refused with the field that is wrong", () =>
    Effect.gen(function* () {
      const { trigger } = yield* setup()
      const answer = yield* trigger({ fullResync: "yes", surprise: true })
      expect([answer.status, answer.json]).toEqual([
        422,
        {
          message: "Validation failed",
          details: { "body.fullResync": { message: "invalid value" }, "body.surprise": { message: "invalid value" } },
        },
      ])
    }),
  )
})

describe("syncs", () => {
  it.effect("have every field of the vendor's sample", () =>
    Effect.gen(function* () {
      const { ids, root, send, emulator } = yield* setup()
      expect((yield* send("GET", root)).json).toEqual({
        id: Number(ids["sync"]),
        slug: "testsync",
        workspaceId: Number(emulator.workspace.id),
        createdAt: "2022-02-08T16:11:04.000Z",
        updatedAt: "2022-02-08T16:11:04.000Z",
        destinationId: expect.any(Number),
        modelId: expect.any(Number),
        configuration: expect.objectContaining({ mode: "upsert" }),
        schedule: { type: "interval", schedule: { interval: { unit: "day", quantity: 1 } } },
        disabled: false,
        status: "pending",
        lastRunAt: null,
        referencedColumns: ["email", "test_id"],
        primaryKey: "id",
        externalSegment: {},
        tags: {},
      })
    }),
  )

  it.effect("are updated field by field, and fire by the new schedule", () =>
    Effect.gen(function* () {
      const { emulator, ids, root, send } = yield* setup()
      const hourly = { type: "cron", schedule: { expression: "0 * * * *" } }
      expect((yield* send("PATCH", root, { body: { schedule: hourly } })).json).toMatchObject({ schedule: hourly })
      yield* TestClock.adjust("3 hours")
      expect(yield* emulator.runsOf(ids)).toHaveLength(3)
      yield* send("PATCH", root, { body: { disabled: true } })
      yield* TestClock.adjust("3 hours")
      expect(yield* emulator.runsOf(ids)).toHaveLength(3)
      expect((yield* send("GET", root)).json).toMatchObject({ status: "disabled", schedule: hourly })
      expect((yield* send("PATCH", root, { body: { schedule: null } })).json).toMatchObject({ schedule: null })
      expect((yield* send("PATCH", root, { body: { slug: "x" } })).status).toBe(422)
    }),
  )

  it.effect("are created with all fields, and one slug each", () =>
    Effect.gen(function* () {
      const { emulator, send } = yield* setup()
      const { model, destination } = yield* emulator.addParts()
      const body = {
        slug: "orders",
        modelId: Number(model),
        destinationId: Number(destination),
        configuration: { mode: "insert" },
        schedule: null,
        disabled: true,
      }
      const { disabled: _, ...incomplete } = body
      expect((yield* send("POST", syncs, { body: incomplete })).json.details).toHaveProperty(["requestBody.disabled"])
      expect((yield* send("POST", syncs, { body })).json).toMatchObject(body)
      expect((yield* send("POST", syncs, { body })).status).toBe(409)
      expect((yield* send("GET", `${syncs}?slug=orders`)).json.data).toHaveLength(1)
      expect((yield* send("GET", `${syncs}?modelId=${model}`)).json.data).toHaveLength(1)
    }),
  )
})

it.effect("a workspace may send 200 requests in 10 seconds", () =>
  Effect.gen(function* () {
    const { list } = yield* setup()
    for (let count = 0; count < 200; count++) expect((yield* list()).status).toBe(200)
    const refusal = yield* list()
    expect([refusal.status, refusal.headers["retry-after"]]).toEqual([429, undefined])
    yield* TestClock.adjust("10 seconds")
    expect((yield* list()).status).toBe(200)
  }),
)
