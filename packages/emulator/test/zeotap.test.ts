import { describe, expect, it } from "@effect/vitest"
import { ZeotapEmulator } from "@openretl/emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type RequestFields, sendTo } from "./client.ts"

const setup = (options: ZeotapEmulator.Options = {}) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(Date.UTC(2024, 0, 15, 15, 0, 0))
    const emulator = yield* ZeotapEmulator.make(options)
    const ids = yield* emulator.addSync()
    const root = `/api/v1/workspaces/${emulator.workspace.id}`
    const trigger = (fields: RequestFields = {}) =>
      sendTo(emulator, "POST", `${root}/syncs/${ids["sync"]}/trigger`, fields)
    const get = (run: string) => sendTo(emulator, "GET", `${root}/syncs/${ids["sync"]}/runs/${run}`)
    const list = (query = "") => sendTo(emulator, "GET", `${root}/syncs/${ids["sync"]}/runs${query}`)
    return { emulator, ids, root, trigger, get, list }
  })

const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)

describe("triggering", () => {
  it.effect("a trigger is answered with 201 and a pending run, as in the vendor's sample", () =>
    Effect.gen(function* () {
      const { emulator, ids, trigger } = yield* setup()
      const answer = yield* trigger()
      expect(answer.status).toBe(201)
      expect(answer.json).toEqual({
        id: uuid,
        sync_id: ids["sync"],
        workspace_id: emulator.workspace.id,
        status: "pending",
        started_at: "2024-01-15T15:00:00Z",
        rows_synced: 0,
        rows_failed: 0,
        triggered_by: uuid,
        created_at: "2024-01-15T15:00:00Z",
      })
    }),
  )

  it.effect("a second run starts when the first ends", () =>
    Effect.gen(function* () {
      const { emulator, ids, trigger, get } = yield* setup()
      yield* emulator.script(ids, [{ duration: "10 minutes" }, { duration: "1 minute" }])
      yield* trigger()
      const secondId = (yield* trigger()).json.id
      yield* TestClock.adjust("9 minutes")
      expect((yield* get(secondId)).json.status).toBe("pending")
      yield* TestClock.adjust("90 seconds")
      expect((yield* get(secondId)).json).toMatchObject({ status: "running", started_at: "2024-01-15T15:10:00Z" })
      const [firstRun, secondRun] = yield* emulator.runsOf(ids)
      expect(secondRun?.startedAt).toBe(firstRun?.finishedAt)
    }),
  )

  it.effect.each(["paused", "draft", "error"] as const)("the refusal of a sync names its state: %s", (state) =>
    Effect.gen(function* () {
      const { emulator, ids, trigger } = yield* setup()
      yield* emulator.setState(ids, state)
      const answer = yield* trigger()
      expect([answer.status, answer.json]).toEqual([400, { error: `sync is ${state}` }])
    }),
  )
})

describe("a run", () => {
  it.effect("whose rows partly failed is completed, with an empty error", () =>
    Effect.gen(function* () {
      const { emulator, ids, trigger, get } = yield* setup()
      yield* emulator.script(ids, [{ duration: "150 seconds", rows: { succeeded: 5420, failed: 3 } }])
      const { id } = (yield* trigger()).json
      yield* TestClock.adjust("1 hour")
      const { json } = yield* get(id)
      expect(json).toMatchObject({
        status: "completed",
        started_at: "2024-01-15T15:00:00Z",
        completed_at: "2024-01-15T15:02:30Z",
        rows_synced: 5420,
        rows_failed: 3,
        error_message: "",
      })
    }),
  )

  it.effect("can fail, be cancelled in the app, or not exist", () =>
    Effect.gen(function* () {
      const { emulator, ids, trigger, get } = yield* setup()
      yield* emulator.script(ids, [{ ends: "failed", error: { text: "warehouse unreachable" } }, { ends: "never" }])
      const failedId = (yield* trigger()).json.id
      yield* TestClock.adjust("1 minute")
      const stoppedId = (yield* trigger()).json.id
      yield* emulator.stopRun(stoppedId)
      yield* TestClock.adjust("1 minute")
      expect((yield* get(failedId)).json).toMatchObject({ status: "failed", error_message: "warehouse unreachable" })
      expect((yield* get(stoppedId)).json.status).toBe("cancelled")
      const notFound = yield* get("nope")
      expect([notFound.status, notFound.json]).toEqual([404, { error: "run not found" }])
    }),
  )
})

describe("lists", () => {
  it.effect("are bare arrays, whatever page the query names", () =>
    Effect.gen(function* () {
      const { trigger, list } = yield* setup()
      yield* trigger()
      yield* TestClock.adjust("1 minute")
      const lastId = (yield* trigger()).json.id
      const { json } = yield* list("?page=2&page_size=1")
      expect(json.map((run: { id: string }) => run.id)).toEqual([lastId, expect.any(String)])
    }),
  )

  it.effect("can be envelopes with pages from 1", () =>
    Effect.gen(function* () {
      const { trigger, list } = yield* setup({ switches: { listShape: "envelope" } })
      for (let count = 0; count < 3; count++) yield* trigger()
      expect((yield* list("?page=2&page_size=2")).json).toMatchObject({
        data: [{ status: "running" }],
        pagination: { page: 2, page_size: 2, total: 3 },
      })
      expect((yield* list("?page_size=101")).status).toBe(400)
      expect((yield* list("?page=0")).status).toBe(400)
    }),
  )

  it.effect("show syncs with their states and last runs", () =>
    Effect.gen(function* () {
      const { emulator, ids, root, trigger } = yield* setup()
      const { id } = (yield* trigger()).json
      yield* emulator.addSync({ state: "error", schedule: { every: "6 hours" } })
      yield* TestClock.adjust("2 minutes")
      const { json } = yield* sendTo(emulator, "GET", `${root}/syncs`)
      expect(json).toMatchObject([
        {
          id: ids["sync"],
          status: "active",
          status_error: "",
          last_run_id: id,
          last_synced_at: "2024-01-15T15:01:00Z",
        },
        { status: "error", schedule: "0 */6 * * *", last_run_id: null, last_synced_at: null },
      ])
      const single = yield* sendTo(emulator, "GET", `${root}/syncs/${ids["sync"]}`)
      expect(single.json).toEqual(json[0])
      expect((yield* sendTo(emulator, "GET", `${root}/syncs/nope`)).status).toBe(404)
    }),
  )
})

describe("access and limits", () => {
  it.effect("path and header must both name the workspace", () =>
    Effect.gen(function* () {
      const { emulator, root } = yield* setup()
      const otherWorkspace = "660e8400-e29b-41d4-a716-446655440000"
      expect((yield* sendTo(emulator, "GET", root)).json).toMatchObject(emulator.workspace)
      const headers = { authorization: `Bearer ${emulator.token}` }
      const send = (path: string, headers: Record<string, string>) =>
        Effect.map(
          emulator.transport.send({ method: "GET", url: `${emulator.baseUrl}${path}`, headers, maxBytes: 10_000 }),
          ({ status }) => status,
        )
      expect(yield* send(root, headers)).toBe(400)
      expect(yield* send(root, { ...headers, "x-workspace-id": otherWorkspace })).toBe(403)
      expect(
        yield* send(`/api/v1/workspaces/${otherWorkspace}`, { ...headers, "x-workspace-id": otherWorkspace }),
      ).toBe(403)
      expect(yield* send(root, { "x-workspace-id": emulator.workspace.id })).toBe(401)
    }),
  )

  it.effect("there is no cancel", () =>
    Effect.gen(function* () {
      const { emulator, ids, root, trigger } = yield* setup()
      const { id } = (yield* trigger()).json
      const answer = yield* sendTo(emulator, "POST", `${root}/syncs/${ids["sync"]}/runs/${id}/cancel`)
      expect([answer.status, answer.json]).toEqual([404, { error: "not found" }])
    }),
  )

  it.effect("20 requests a second and 100 a minute are allowed, and a 429 has Retry-After", () =>
    Effect.gen(function* () {
      const { emulator, list } = yield* setup()
      for (let second = 0; second < 5; second++) {
        for (let count = 0; count < 20; count++) expect((yield* list()).status).toBe(200)
        const burst = yield* list()
        expect([burst.status, burst.json]).toEqual([429, { error: "rate limit exceeded" }])
        expect(burst.headers["retry-after"]).toBe(second < 4 ? "1" : "56")
        yield* TestClock.adjust("1 second")
      }
      expect((yield* list()).headers["retry-after"]).toBe("55")
      expect(yield* emulator.overLimit).toBe(6)
    }),
  )
})
