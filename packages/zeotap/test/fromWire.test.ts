import { describe, expect, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import * as FromWire from "../src/internal/fromWire.ts"
import * as ZeotapApi from "../src/ZeotapApi.ts"
import * as Fixtures from "./fixtures.ts"

const decodeRun = Schema.decodeUnknownSync(ZeotapApi.Run)
const decodeSync = Schema.decodeUnknownSync(ZeotapApi.Sync)
const snapshot = (run: object) => FromWire.snapshot(decodeRun({ id: "run-1", status: "completed", ...run }))
const utc = DateTime.makeUnsafe

describe("a run", () => {
  it("R5: the documented pending run has neither a start nor counts, though its body has both", () => {
    expect(FromWire.snapshot(decodeRun(Fixtures.pendingRun))).toEqual({
      run: Fixtures.runId,
      status: "queued",
      vendorStatus: "pending",
      queuedAt: utc("2024-01-15T15:00:00Z"),
      rows: {},
      native: Fixtures.pendingRun,
    })
  })

  it("R4: the documented completed run keeps its failed rows", () => {
    expect(FromWire.snapshot(decodeRun(Fixtures.completedRun))).toEqual({
      run: Fixtures.runId,
      status: "succeeded",
      vendorStatus: "completed",
      queuedAt: utc("2024-01-15T15:00:00Z"),
      startedAt: utc("2024-01-15T15:00:00Z"),
      finishedAt: utc("2024-01-15T15:02:30Z"),
      rows: { succeeded: 5420, failed: 3 },
      native: Fixtures.completedRun,
    })
  })

  it("R4: a run with an id and a status alone has nothing else", () => {
    expect(snapshot({})).toEqual({
      run: "run-1",
      status: "succeeded",
      vendorStatus: "completed",
      rows: {},
      native: { id: "run-1", status: "completed" },
    })
  })

  it.each([
    ["pending", "queued"],
    ["running", "running"],
    ["completed", "succeeded"],
    ["failed", "failed"],
    ["cancelled", "cancelled"],
    // Words of the web application, and of other vendors.
    ["queued", "unknown"],
    ["completed_with_errors", "unknown"],
    ["canceled", "cancelled"],
    ["COMPLETED", "succeeded"],
    ["", "unknown"],
    ["constructor", "unknown"],
    ["__proto__", "unknown"],
  ])("R3: the word %j is %s, and is kept", (word, status) => {
    expect(snapshot({ status: word })).toMatchObject({ status, vendorStatus: word })
  })

  it.each([
    ["failed", "warehouse unreachable", "warehouse unreachable"],
    ["running", "retrying", "retrying"],
    ["completed", "3 rows were refused", "3 rows were refused"],
    ["completed", "", undefined],
    ["failed", null, undefined],
    ["failed", undefined, undefined],
    ["failed", { text: "no" }, undefined],
  ])("R5: the error text of a %s run with %j is %j", (status, error_message, expected) => {
    expect(snapshot({ status, error_message }).errorText).toBe(expected)
  })

  it("an error text has at most 2,000 characters", () => {
    expect(snapshot({ status: "failed", error_message: "x".repeat(9_000) }).errorText).toHaveLength(2_000)
  })
})

describe("times", () => {
  it.each([
    ["2024-01-15T15:00:00Z", "2024-01-15T15:00:00.000Z"],
    ["2024-01-15T15:00:00.250Z", "2024-01-15T15:00:00.250Z"],
    ["2024-01-15T15:00:00.250999Z", "2024-01-15T15:00:00.250Z"],
    ["2024-01-15T17:00:00+02:00", "2024-01-15T15:00:00.000Z"],
  ])("R5: reads %s", (text, expected) => {
    expect(snapshot({ started_at: text }).startedAt).toEqual(utc(expected))
  })

  it.each([[""], [null], [undefined], ["0001-01-01T00:00:00Z"], ["soon"], [1705330800]])(
    "R5: %j is not a time",
    (text) => {
      const read = snapshot({ created_at: text, started_at: text, completed_at: text })
      expect(read).not.toHaveProperty("queuedAt")
      expect(read).not.toHaveProperty("startedAt")
      expect(read).not.toHaveProperty("finishedAt")
    },
  )

  it.each([
    ["pending", undefined, undefined],
    ["running", "15:00", undefined],
    ["completed", "15:00", "15:05"],
    ["failed", "15:00", "15:05"],
    ["cancelled", "15:00", "15:05"],
    ["completed_with_errors", "15:00", "15:05"],
  ])("R5: a %s run starts at %s and ends at %s", (status, started, finished) => {
    const at = (time: string | undefined) => time && utc(`2024-01-15T${time}:00Z`)
    const read = snapshot({ status, started_at: "2024-01-15T15:00:00Z", completed_at: "2024-01-15T15:05:00Z" })
    expect([read.startedAt, read.finishedAt]).toEqual([at(started), at(finished)])
  })

  it("R5: an end before the start is left out", () => {
    const read = snapshot({ started_at: "2024-01-15T15:00:00Z", completed_at: "2024-01-15T14:59:59Z" })
    expect(read).not.toHaveProperty("finishedAt")
  })
})

describe("rows", () => {
  const end = "2024-01-15T15:05:00Z"
  it.each<[string, object, object]>([
    ["pending", { rows_synced: 0, rows_failed: 0 }, {}],
    ["running", { rows_synced: 0, rows_failed: 0 }, {}],
    ["running", { rows_synced: 500, rows_failed: 0 }, { succeeded: 500 }],
    ["running", { rows_synced: 500, rows_failed: 2 }, { succeeded: 500, failed: 2 }],
    ["running", {}, {}],
    ["completed", { rows_synced: 0, rows_failed: 0 }, { succeeded: 0, failed: 0 }],
    ["completed", { rows_synced: 9, rows_failed: 1 }, { succeeded: 9, failed: 1 }],
    ["completed", { rows_synced: "9", rows_failed: "1" }, { succeeded: 9, failed: 1 }],
    ["completed", { rows_synced: 9 }, { succeeded: 9 }],
    ["completed", { rows_synced: -1, rows_failed: 0.5 }, {}],
    ["completed", { rows_synced: null, rows_failed: "many" }, {}],
    ["failed", { rows_synced: 0, rows_failed: 0 }, { succeeded: 0, failed: 0 }],
    ["cancelled", { rows_synced: 40, rows_failed: 0 }, { succeeded: 40, failed: 0 }],
    ["draining", { rows_synced: 0, rows_failed: 0 }, {}],
    ["drained", { rows_synced: 7, rows_failed: 0, completed_at: end }, { succeeded: 7, failed: 0 }],
  ])("R4: a %s run with %j has %j", (status, counts, rows) => {
    expect(snapshot({ status, ...counts }).rows).toEqual(rows)
  })
})

const runs = (count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => decodeRun({ id: `run-${first + index}`, status: "failed" }))

describe("a page that is a bare array", () => {
  const next = (count: number, page_size = 100, page = 1) =>
    FromWire.page({ data: runs(count) }, { page, page_size }).next

  it.each([
    [0, 100, undefined],
    [1, 100, undefined],
    [19, 100, undefined],
    [20, 100, "2.100.20~run-0"],
    [21, 100, undefined],
    [99, 100, undefined],
    [100, 100, "2.100.100~run-0"],
    [101, 100, undefined],
    [10, 10, "2.10.10~run-0"],
    [9, 10, undefined],
    [37, 10, undefined],
    [100, 10, "2.10.100~run-0"],
  ])("L1: with %s runs, of %s requested, continues at %s", (count, size, expected) => {
    expect(next(count, size)).toBe(expected)
  })

  it("L2: that comes again has only the new runs in front of it, and continues with a probe", () => {
    const answer = { data: [...runs(2, 500), ...runs(98)] }
    expect(FromWire.page(answer, { page: 2, page_size: 100, after: "run-0" })).toMatchObject({
      runs: [{ run: "run-500" }, { run: "run-501" }],
      next: "3.100.0?",
    })
  })

  it.each([
    [0, { next: "3.45.0" }],
    [1, {}],
    [45, {}],
    [101, {}],
    [20, { mayHaveMore: true }],
    [100, { mayHaveMore: true }],
  ])("L1, L2: that answers a probe with %s runs continues as %j, and lists none of them", (count, expected) => {
    const request = { page: 3, page_size: 45, isProbe: true } as const
    expect(FromWire.page({ data: runs(count) }, request)).toEqual({ runs: [], ...expected })
  })
})

describe("a page in an envelope", () => {
  it.each([
    ["a total after this page continues", { page: 1, page_size: 100, total: 142 }, 100, "2.100.100~run-0"],
    ["a total that is reached ends", { page: 1, page_size: 100, total: 100 }, 100, undefined],
    ["a smaller size than the requested one continues", { page: 1, page_size: 20, total: 142 }, 20, "2.20.20~run-0"],
    ["a smaller size and a total that is reached ends", { page: 1, page_size: 20, total: 20 }, 20, undefined],
    ["an empty page before the total ends, with that total", { page: 1, page_size: 20, total: 142 }, 0, undefined],
    ["no size continues before the total", { total: 101 }, 100, "2.100.100~run-0"],
    ["no size continues after a short page before the total", { total: 101 }, 20, "2.100.20~run-0"],
    ["a size of 0 ends at the total", { page_size: 0, total: 100 }, 100, undefined],
    ["no total continues after a full page", { page_size: 20 }, 20, "2.20.20~run-0"],
    ["no total continues after a short page", { page_size: 20 }, 19, "2.20.19~run-0"],
    ["no total ends after an empty page", { page_size: 20 }, 0, undefined],
    ["no fields continues after a full page", {}, 100, "2.100.100~run-0"],
  ])("L1: with %s", (_, pagination, count, expected) => {
    expect(FromWire.page({ data: runs(count), pagination }, { page: 1, page_size: 100 }).next).toBe(expected)
  })

  it("L1: the last page of the documented sample is its eighth", () => {
    const pages = [7, 8].map((page) =>
      FromWire.page(
        { data: runs(page === 7 ? 20 : 2), pagination: { ...Fixtures.pagination, page } },
        { page, page_size: 20, count: (page - 1) * 20 },
      ),
    )
    expect(pages.map(({ next }) => next)).toEqual(["8.20.140~run-0", undefined])
  })
})

it("T2: a page has the vendor's clock", () => {
  const date = utc("2026-11-20T10:00:00Z")
  expect(FromWire.page({ data: [], date }, { page: 1, page_size: 100 })).toEqual({ runs: [], asOf: date })
})

describe("the schedule of a sync", () => {
  it.each([
    ["0 */6 * * *", "active", "scheduled"],
    ["0 */6 * * *", "paused", "unknown"],
    ["0 */6 * * *", "draft", "unknown"],
    ["0 */6 * * *", "error", "unknown"],
    ["0 */6 * * *", undefined, "unknown"],
    ["", "active", "manual"],
    [" ", "active", "manual"],
    [null, "active", "manual"],
    [undefined, "active", "manual"],
    [null, "paused", "manual"],
    [{ interval: "15m" }, "active", "unknown"],
    [900, "active", "unknown"],
    [false, "active", "unknown"],
    [[], "active", "unknown"],
  ])("T3: %j in a sync that is %s is %s", (schedule, status, expected) => {
    expect(FromWire.ownSchedule(decodeSync({ ...Fixtures.sync, schedule, status }))).toBe(expected)
  })
})

describe("a check", () => {
  it.each([
    ["paused", "The token can read this sync, which is paused. No read shows whether it may trigger syncs."],
    ["error", "The token can read this sync, which is in error. No read shows whether it may trigger syncs."],
    ["<b>", "The token can read this sync. No read shows whether it may trigger syncs."],
    [undefined, "The token can read this sync. No read shows whether it may trigger syncs."],
  ])("of a sync that is %s: %s", (status, shown) => {
    expect(FromWire.syncAccess(decodeSync({ id: "s", status }))).toEqual({ shown })
  })
})

describe("any answer", () => {
  const field = Schema.Union([
    Schema.Json,
    Schema.Literals(["", "12", "0001-01-01T00:00:00Z", "2024-01-15T15:00:00Z", "9999-12-31T23:59:59Z"]),
  ])

  it.prop(
    "H5: a run is read whatever its fields besides id and status",
    { status: Schema.String, started_at: field, completed_at: field, error_message: field, rows_failed: field },
    ({ status, ...fields }) => {
      const read = snapshot({ ...fields, status, rows_synced: fields.rows_failed, created_at: fields.completed_at })
      expect(read.vendorStatus).toBe(status)
      expect(
        Object.entries(read.rows).every(
          ([name, count]) => name === "addsUp" || (Number.isSafeInteger(count) && Number(count) >= 0),
        ),
      ).toBe(true)
    },
  )

  it.prop(
    "H5: pagination of any shape leads to the next page or to the end",
    { page_size: field, total: field, whole: field },
    ({ whole, ...fields }) => {
      const decodeList = Schema.decodeUnknownSync(ZeotapApi.ListRunsResponse)
      for (const given of [whole, fields]) {
        const { pagination } = decodeList({ data: [], pagination: given })
        const listed = { data: runs(2), ...(pagination !== undefined && { pagination }) }
        const { next = "3." } = FromWire.page(listed, { page: 2, page_size: 2 })
        expect(next).toMatch(/^3\./)
      }
    },
  )

  it.prop("H5: a sync of any shape is manual, scheduled or unknown", { schedule: field, status: field }, (fields) => {
    const decoded = decodeSync({ id: "s", ...fields })
    expect(["manual", "scheduled", "unknown"]).toContain(FromWire.ownSchedule(decoded))
    expect(FromWire.syncAccess(decoded).shown).toMatch(/^The token can read this sync/)
  })
})
