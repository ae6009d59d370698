import { describe, expect, it } from "@effect/vitest"
import * as Schedule from "@openretl/core/Schedule"
import { DateTime, Effect, Schema } from "effect"
import * as FromWire from "../src/internal/fromWire.ts"
import * as Paging from "../src/internal/paging.ts"
import * as SyncFromWire from "../src/internal/syncFromWire.ts"
import * as Api from "../src/PolytomicApi.ts"
import * as Fixtures from "./fixtures.ts"

const executionOf = (body: object) => Schema.decodeUnknownSync(Api.Execution)({ ...Fixtures.execution, ...body })
const snapshotOf = (body: object) => FromWire.snapshot(executionOf(body))

const at = (text: string) => DateTime.makeUnsafe(text)

const done = {
  status: "completed",
  created_at: "2026-01-05T09:30:00Z",
  started_at: "2026-01-05T09:30:01Z",
  completed_at: "2026-01-05T09:31:00Z",
}

describe("a run", () => {
  it("R4, R5: of the vendor's sample waits, and its counts are of different things", () => {
    const { native: _, ...run } = snapshotOf({})
    expect(run).toEqual({
      run: Fixtures.execution.id,
      status: "queued",
      vendorStatus: "created",
      queuedAt: at("2024-01-01T00:00:00Z"),
      rows: { succeeded: 147, failed: 5 },
    })
  })

  it("R4: that has ended has its rows, its times and its errors", () => {
    const { native: _, ...run } = snapshotOf(done)
    expect(run).toEqual({
      run: Fixtures.execution.id,
      status: "succeeded",
      vendorStatus: "completed",
      queuedAt: at("2026-01-05T09:30:00Z"),
      startedAt: at("2026-01-05T09:30:01Z"),
      finishedAt: at("2026-01-05T09:31:00Z"),
      errorText: "something went wrong",
      rows: { succeeded: 147, failed: 5, deleted: 42, total: 100, addsUp: "unknown" },
    })
  })

  it.each([
    ["created", "queued"],
    ["scheduled", "queued"],
    ["queued", "queued"],
    ["waiting", "queued"],
    ["running", "running"],
    ["processing", "running"],
    ["canceling", "cancelling"],
    ["canceled", "cancelled"],
    ["completed", "succeeded"],
    ["completed_with_errors", "partial"],
    ["failed", "failed"],
    ["aborted", "cancelled"],
    ["pondering", "unknown"],
  ])("R3: that is %s is %s", (word, status) => {
    expect(snapshotOf({ status: word })).toMatchObject({ status, vendorStatus: word })
  })

  it.each([
    ["with an end", done.completed_at, "failed"],
    ["without one", undefined, "running"],
    ["whose end is Go's zero time", "0001-01-01T00:00:00Z", "running"],
    ["whose end is empty", "", "running"],
  ])("R3: that is interrupted, %s, is %s", (_, completed_at, status) => {
    const run = snapshotOf({ ...done, status: "interrupted", completed_at })
    expect(run.status).toBe(status)
    expect(run.finishedAt === undefined).toBe(status === "running")
  })

  it.each([
    ["lacks a kind", { insert: 1, error: 0, total: 1 }, { succeeded: 1, failed: 0 }],
    ["has no kind", { error: 2, total: 2 }, { failed: 2 }],
    ["has a kind that is not a count", { insert: 1, update: -1, error: 0 }, { failed: 0 }],
    ["has a text for a kind", { upserts: "7", error: "0" }, { succeeded: 7, failed: 0 }],
    ["is null", null, {}],
  ])("R4: where the counts %s (%s)", (_, counts, rows) => {
    const { total: __, addsUp: ___, ...read } = snapshotOf({ ...done, counts }).rows
    expect(read).toEqual(rows)
  })

  it("R4: under way leaves out zeros and the total", () => {
    const run = { ...done, status: "processing", completed_at: null }
    expect(snapshotOf({ ...run, counts: { upserts: 0, error: 0, total: 0 } }).rows).toEqual({})
    expect(snapshotOf({ ...run, counts: { upserts: 3, error: 0, total: 9 } }).rows).toEqual({ succeeded: 3 })
  })

  it("R4: warnings are about delivered rows", () => {
    expect(snapshotOf({ ...done, counts: { upserts: 9, error: 0, warnings: 4, total: 9 } }).rows).toMatchObject({
      succeeded: 9,
      failed: 0,
    })
  })

  const count = Schema.optionalKey(Schema.Int)
  const Any = Schema.Struct({
    ...Api.Execution.fields,
    counts: Schema.optionalKey(
      Schema.Struct({ insert: count, upserts: count, delete: count, error: count, total: count }),
    ),
    errors: Schema.optionalKey(Schema.Array(Schema.String)),
  })
  it.effect.prop("H5: of any fields is a run", { execution: Any }, ({ execution }) =>
    Effect.sync(() => {
      expect(FromWire.snapshot(execution).run).toBe(execution.id)
    }),
  )
})

describe("a page of executions", () => {
  const page = (count: number) =>
    Array.from({ length: count }, (_, index) => executionOf({ ...done, id: `e${count - index}` }))

  it("L1: that may be cut is followed by the list from its other end", () => {
    expect(Paging.executionsAfter(undefined, { data: page(20) })).toEqual({ next: "oldest:e1" })
    expect(Paging.executionsQuery("oldest:e1")).toEqual({ ascending: true })
    expect(Paging.executionsAfter("oldest:e1", { data: page(20).toReversed() })).toEqual({})
    expect(Paging.executionsAfter("oldest:e7", { data: page(20).toReversed() })).toEqual({ mayHaveMore: true })
  })

  it("L1: of another length ends the list, and one with a token goes on", () => {
    expect(Paging.executionsAfter(undefined, { data: page(21) })).toEqual({})
    expect(Paging.executionsAfter("t1", { data: page(20), next: "t2" })).toEqual({ next: "t2" })
    expect(Paging.executionsQuery("t2")).toEqual({ page_token: "t2" })
    expect(Paging.executionsAfter(undefined, { data: [] })).toEqual({})
  })
})

describe("a sync", () => {
  const syncOf = (body: object) =>
    SyncFromWire.snapshot(Schema.decodeUnknownSync(Api.Sync)({ ...Fixtures.sync, ...body }))

  it("K2: of the vendor's sample has its parts, its state, its mode and its schedule", () => {
    const { native: _, vendorFields, ...sync } = syncOf({})
    expect(sync).toEqual({
      ids: { sync: Fixtures.sync.id },
      name: "Users Sync",
      connection: { source: { id: "model_ids" }, destination: { id: Fixtures.sync.id } },
      state: "enabled",
      vendorState: "active",
      mode: "insert",
      vendorMode: "create",
      mapping: [],
      unreadMapping: ["name"],
      schedule: Schedule.manual,
    })
    expect(vendorFields?.map(({ field }) => field)).toContain("filter_logic")
    expect(JSON.stringify(vendorFields)).not.toContain("encryption_passphrase")
  })

  it("K2: a field that a column fills is in its mapping", () => {
    const fields = [{ source: { field: "mail", model_id: "m" }, target: "Email" }, { target: "Type" }]
    expect(syncOf({ fields })).toMatchObject({ mapping: [{ from: "mail", to: "Email" }], unreadMapping: ["Type"] })
  })

  it.each([
    [{ active: false }, "paused"],
    [{ active: null }, "unknown"],
    [{ active: "yes" }, "unknown"],
  ])("K2: with %j is %s", (fields, state) => {
    expect(syncOf(fields).state).toBe(state)
  })

  it("K2: a field that the vendor adds is named as unread, and a mask as masked", () => {
    const sync = syncOf({ alerts: { email: "a@example.com" }, encryption_passphrase: "********" })
    expect(sync).toMatchObject({ unreadFields: ["alerts"], maskedSettings: ["encryption_passphrase"] })
  })
})

describe("whether a sync fires by itself", () => {
  it.each([
    [{ schedule: { frequency: "manual" }, active: true }, "manual"],
    [{ schedule: { frequency: "manual" }, active: false }, "manual"],
    [{ schedule: { frequency: "hourly" }, active: true }, "scheduled"],
    [{ schedule: { frequency: "runafter" }, active: true }, "scheduled"],
    [{ schedule: { frequency: "hourly" }, active: false }, "unknown"],
    [{ schedule: {}, active: true }, "unknown"],
    [{ schedule: null, active: true }, "unknown"],
    [{ active: true }, "unknown"],
  ])("T3: %j is %s", (fields, own) => {
    expect(FromWire.ownSchedule(fields)).toBe(own)
  })
})
