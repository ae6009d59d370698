import { describe, expect, it } from "@effect/vitest"
import * as Run from "@openretl/core/Run"
import { DateTime, Schema } from "effect"
import * as FromWire from "../src/internal/fromWire.ts"
import type { PageRequest } from "../src/internal/page.ts"
import * as StatusWords from "../src/internal/statusWords.ts"
import * as SegmentApi from "../src/SegmentApi.ts"
import * as Fixtures from "./fixtures.ts"

const decodeSync = Schema.decodeUnknownSync(SegmentApi.SyncStatus)
const decodePage = Schema.decodeUnknownSync(SegmentApi.ListSyncStatusesResponse)
const decodeCanceled = Schema.decodeUnknownSync(SegmentApi.CanceledSync)
const snapshot = (sync: object) => FromWire.snapshot(decodeSync({ syncId: "1", syncStatus: "SUCCESS", ...sync }))
const utc = DateTime.makeUnsafe

describe("a run", () => {
  it("R5: a run has every field of the schema, from counts as strings and an empty string for no error", () => {
    const read = FromWire.snapshot(decodeSync(Fixtures.partialSync))
    expect(read).toEqual({
      run: "1",
      status: "partial",
      vendorStatus: "PARTIAL_SUCCESS",
      startedAt: utc("2026-08-20T16:00:00Z"),
      finishedAt: utc("2026-08-20T16:01:30Z"),
      rows: { succeeded: 97, failed: 3, total: 100, addsUp: "yes", deleted: 0 },
      native: expect.objectContaining({ duration: "1m30s" }),
    })
  })

  it("R4: a run without counts has no rows", () => {
    const { reverseETLSyncStatus } = Fixtures.kestraInProgress.data
    expect(FromWire.snapshot(decodeSync({ syncId: "sync-123", ...reverseETLSyncStatus }))).toEqual({
      run: "sync-123",
      status: "running",
      vendorStatus: "IN_PROGRESS",
      rows: {},
      native: { syncId: "sync-123", syncStatus: "IN_PROGRESS" },
    })
  })

  it.each([
    // The SDKs 73.2.0 (2026-08).
    ["IN_PROGRESS", "running"],
    ["SUCCESS", "succeeded"],
    ["PARTIAL_SUCCESS", "partial"],
    ["FAIL", "failed"],
    // Only the answer to a cancel has a documented word, the first; the app writes "Canceling" and "Canceled".
    ["CANCELLING", "cancelling"],
    ["CANCELING", "cancelling"],
    ["CANCELLED", "cancelled"],
    ["CANCELED", "cancelled"],
    ["FAILED", "failed"],
    ["COMPLETED", "succeeded"],
    ["success", "succeeded"],
    ["QUEUED", "unknown"],
    ["", "unknown"],
    ["constructor", "unknown"],
    ["__proto__", "unknown"],
  ])("R3: the word %j means %s, and is kept", (syncStatus, status) => {
    expect(snapshot({ syncStatus })).toMatchObject({ status, vendorStatus: syncStatus })
  })

  it.each([["FAIL"], ["PARTIAL_SUCCESS"], ["CANCELLED"], ["TIMED_OUT"]])("a %s run keeps its error", (syncStatus) => {
    expect(snapshot({ syncStatus, error: "no access", errorCode: "E1" })).toMatchObject({
      errorText: "no access",
      errorCode: "E1",
    })
  })

  it("R5: a run in progress has no error", () => {
    const read = snapshot({ syncStatus: "IN_PROGRESS", error: "x", errorCode: "E1", loadPhase: { errorCode: "E2" } })
    expect(read).not.toHaveProperty("errorText")
    expect(read).not.toHaveProperty("errorCode")
  })

  it.each([[""], ["  \n"], [null], [7], [{}]])("R5: an error and a code of %j are left out", (nothing) => {
    const phase = { errorCode: nothing }
    const read = snapshot({
      syncStatus: "FAIL",
      error: nothing,
      errorCode: nothing,
      extractPhase: phase,
      loadPhase: phase,
    })
    expect(read).not.toHaveProperty("errorText")
    expect(read).not.toHaveProperty("errorCode")
  })

  it.each([
    [{ errorCode: "RUN", extractPhase: { errorCode: "EXTRACT" }, loadPhase: { errorCode: "LOAD" } }, "RUN"],
    [{ errorCode: "", extractPhase: { errorCode: "EXTRACT" }, loadPhase: { errorCode: "LOAD" } }, "EXTRACT"],
    [{ extractPhase: { errorCode: "" }, loadPhase: { errorCode: "LOAD" } }, "LOAD"],
    [{ loadPhase: { errorCode: "L".repeat(5_000) } }, "L".repeat(100)],
  ])("the error code is the run's, or else the one of a phase: %#", (fields, code) => {
    expect(snapshot({ syncStatus: "FAIL", ...fields }).errorCode).toBe(code)
  })

  it("an error is cut to 2,000 characters, and no character is split", () => {
    const text = snapshot({ syncStatus: "FAIL", error: `${"x".repeat(1998)}😀${"y".repeat(5000)}` }).errorText ?? ""
    expect(text).toHaveLength(2000)
    expect(text.isWellFormed()).toBe(true)
  })
})

describe("times", () => {
  const startedAt = "2026-08-20T16:00:00.000Z"

  it.each([
    ["2026-08-20T16:00:00.871Z", "2026-08-20T16:00:00.871Z"],
    ["2026-08-20T16:00:00.871503Z", "2026-08-20T16:00:00.871Z"],
    ["2026-08-20T16:00:00Z", "2026-08-20T16:00:00.000Z"],
    ["2026-08-20T18:00:00+02:00", "2026-08-20T16:00:00.000Z"],
  ])("R5: the time %s is decoded", (text, expected) => {
    expect(snapshot({ startedAt: text }).startedAt).toEqual(utc(expected))
  })

  it.each([["0001-01-01T00:00:00Z"], [""], ["soon"], ["2026-08-20"], [null], [1713592878871]])(
    "R5: %j is not a time",
    (text) => {
      const read = snapshot({ startedAt: text, finishedAt: text })
      expect(read).not.toHaveProperty("startedAt")
      expect(read).not.toHaveProperty("finishedAt")
    },
  )

  it.each([
    ["IN_PROGRESS", "2026-08-20T17:00:00Z", undefined],
    ["CANCELLING", "2026-08-20T17:00:00Z", undefined],
    // Where the word is unknown, an end is the one sign that the run is over.
    ["TIMED_OUT", "2026-08-20T17:00:00Z", "2026-08-20T17:00:00Z"],
    ["TIMED_OUT", "", undefined],
    ["SUCCESS", "2026-08-20T17:00:00Z", "2026-08-20T17:00:00Z"],
    ["PARTIAL_SUCCESS", "2026-08-20T17:00:00Z", "2026-08-20T17:00:00Z"],
    ["FAIL", startedAt, startedAt],
    ["CANCELLED", "2026-08-20T15:59:59Z", undefined],
    ["FAIL", "0001-01-01T00:00:00Z", undefined],
  ])("R5: a %s run that started at four has the right finishedAt for %j", (syncStatus, finishedAt, expected) => {
    expect(snapshot({ syncStatus, startedAt, finishedAt }).finishedAt).toEqual(expected && utc(expected))
  })
})

describe("rows", () => {
  it.each([
    ["SUCCESS", "2026-08-20T16:05:00Z", "2026-08-20T16:07:00Z", "2026-08-20T16:05:00Z"],
    ["SUCCESS", undefined, "2026-08-20T16:07:00Z", "2026-08-20T16:07:00Z"],
    ["SUCCESS", "", "2026-08-20T15:00:00Z", undefined],
    ["IN_PROGRESS", undefined, "2026-08-20T16:07:00Z", undefined],
    ["BREWING", undefined, "2026-08-20T16:07:00Z", undefined],
  ])("R5: a %s run with the end %j and the end of its load phase %j", (syncStatus, finishedAt, loaded, expected) => {
    const loadPhase = { finishedAt: loaded }
    const run = snapshot({ syncStatus, startedAt: "2026-08-20T16:00:00Z", finishedAt, loadPhase })
    expect(run.finishedAt).toEqual(expected === undefined ? undefined : utc(expected))
  })

  it.each([
    [
      { deliverSuccessCount: "9", deliverFailureCount: "1" },
      { succeeded: 9, failed: 1 },
    ],
    [
      { deliverSuccessCount: 9, deliverFailureCount: 1 },
      { succeeded: 9, failed: 1 },
    ],
    [
      { deliverSuccessCount: "0", deliverFailureCount: "0" },
      { succeeded: 0, failed: 0 },
    ],
    [{ deliverSuccessCount: "3000000000" }, { succeeded: 3_000_000_000 }],
    [{ deliverSuccessCount: "", deliverFailureCount: null }, {}],
    [{ deliverSuccessCount: "-1", deliverFailureCount: "0.5" }, {}],
    [{ deliverSuccessCount: "9 rows", deliverFailureCount: "1e3" }, {}],
    [null, {}],
    ["none", {}],
    [[], {}],
    [undefined, {}],
  ])("R4: the load phase %j has the right rows", (loadPhase, rows) => {
    expect(snapshot({ loadPhase }).rows).toEqual(rows)
  })

  it.each([
    ["SUCCESS", "12", 2],
    ["CANCELLED", "12", 2],
    ["SUCCESS", "10", undefined],
    ["SUCCESS", "4", undefined],
    ["SUCCESS", "", undefined],
    ["SUCCESS", undefined, undefined],
    ["IN_PROGRESS", "12", undefined],
    ["TIMED_OUT", "12", 2],
    ["BREWING", "12", undefined],
  ])(
    "R4: a %s run of 9 and 1 rows that extracted %j leaves %s unaccounted",
    (syncStatus, extractCount, unaccounted) => {
      const loadPhase = { deliverSuccessCount: "9", deliverFailureCount: "1" }
      const { rows } = snapshot({ syncStatus, loadPhase, extractPhase: { extractCount } })
      expect(Run.account(rows).unaccounted).toBe(unaccounted)
      expect([undefined, "unknown"]).toContain(rows.addsUp)
    },
  )

  it("R4: no row is unaccounted where a count of the load phase is absent", () => {
    const extractPhase = { extractCount: "12" }
    const unexplained = { total: 12, addsUp: "unknown" }
    expect(Run.account(snapshot({ extractPhase }).rows)).toEqual(unexplained)
    const loadPhase = { deliverSuccessCount: "9" }
    expect(Run.account(snapshot({ extractPhase, loadPhase }).rows)).toEqual({ succeeded: 9, ...unexplained })
  })

  // Added, updated and deleted rows of the extraction; delivered and failed ones; what that says.
  it.each<[ReadonlyArray<number | undefined>, ReadonlyArray<number>, object]>([
    [[10, 0, 0], [9, 1], { total: 10, addsUp: "yes", deleted: 0 }],
    [[10, 5, 3], [10, 0], { total: 10, addsUp: "yes", deleted: 0 }],
    [[10, 5, 3], [14, 1], { total: 15, addsUp: "yes", deleted: 0 }],
    [[10, 5, 3], [18, 0], { total: 18, addsUp: "yes", deleted: 3 }],
    [[10, 5, 3], [2, 1], { total: 3, addsUp: "yes", deleted: 3 }],
    // Added or deleted rows: the counts cannot tell which were sent.
    [[3, 5, 3], [3, 0], { total: 3, addsUp: "yes" }],
    [[10, 5, 3], [7, 0], { total: 18, addsUp: "unknown" }],
    [[10, 5, 3], [0, 0], { total: 18, addsUp: "unknown" }],
    [[0, 0, 0], [0, 0], { total: 0, addsUp: "unknown" }],
    [[10, undefined, undefined], [10, 0], { total: 10, addsUp: "yes" }],
  ])("R6: extracted %j, delivered and failed %j", ([added, updated, deleted], [delivered, failed], expected) => {
    const text = (count: number | undefined) => (count === undefined ? {} : { count: String(count) })
    const extractPhase = {
      addedCount: text(added).count,
      updatedCount: text(updated).count,
      deletedCount: text(deleted).count,
      extractCount: String((added ?? 0) + (updated ?? 0) + (deleted ?? 0)),
    }
    const loadPhase = { deliverSuccessCount: String(delivered), deliverFailureCount: String(failed) }
    const { rows } = snapshot({
      syncStatus: "SUCCESS",
      extractPhase: JSON.parse(JSON.stringify(extractPhase)),
      loadPhase,
    })
    expect(rows).toEqual({ succeeded: delivered, failed, ...expected })
  })
})

const runs = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ syncId: `${index}`, syncStatus: "FAIL" }))
const page = (pagination: unknown, count = 1, request: PageRequest = { count: 100 }) =>
  FromWire.page(
    decodePage({ data: { syncStatuses: runs(count), ...(pagination !== undefined && { pagination }) } }).data,
    request,
  )

describe("a page", () => {
  it.each<[string, unknown, string | undefined]>([
    ["a documented first page", Fixtures.firstPage, "MQ=="],
    ["a documented only page", Fixtures.onlyPage, undefined],
    ["no pagination", undefined, undefined],
    ["pagination that is null", null, undefined],
    ["pagination that is empty", {}, undefined],
    ["a next that is null", { current: "MQ==", next: null, previous: null }, undefined],
    ["an empty next", { next: "" }, undefined],
    ["a next that looks like a probe", { next: "?10:x" }, "=?10:x"],
    ["a next that looks like an address", { next: "https://evil.example/" }, "https://evil.example/"],
    ["entries that are not all here, and no next", { totalEntries: 500 }, undefined],
  ])("L1: a page with %s has the right next cursor", (_, pagination, next) => {
    expect(page(pagination).next).toBe(next)
  })

  it.each([[{ next: 7 }], [{ next: {} }], ["MQ=="], [[]], [7]])(
    "L1: a page with the pagination %j is refused, since runs might be missing in silence",
    (pagination) => {
      expect(() => page(pagination)).toThrow()
    },
  )

  it.each([
    [100, 100, "?100:99"],
    [99, 100, undefined],
    [20, 100, "?20:19"],
    [7, 7, "?7:6"],
    [0, 100, undefined],
  ])("L1: after %s runs of %s without pagination, the cursor is %j", (count, wanted, next) => {
    for (const pagination of [undefined, null]) {
      const runs = expect.objectContaining({ length: count })
      expect(page(pagination, count, { count: wanted })).toEqual({ runs, ...(next !== undefined && { next }) })
    }
  })

  it("L1: one run of one without pagination may not be the last, and nothing can show it", () => {
    expect(page(undefined, 1, { count: 1 })).toMatchObject({ mayHaveMore: true })
  })

  it("L1: a probe whose answer has a next page goes on there, without the run that was listed; any other shows nothing", () => {
    const probe = { count: 19, probed: "19" }
    expect(page({ next: "MTk=" }, 19, probe)).toEqual({ runs: [], next: "!19:2:19MTk=" })
    expect(page({ next: "Mzg=" }, 20, { count: 19, cursor: "MTk=", after: "19" })).toEqual({
      runs: expect.objectContaining({ length: 19 }),
      next: "!19:0:Mzg=",
    })
    for (const pagination of [undefined, null, {}]) {
      expect(page(pagination, 19, probe)).toEqual({ runs: [], mayHaveMore: true })
    }
  })

  it("L1: a page has the vendor's total", () => {
    expect(page({ totalEntries: 500 }).total).toBe(500)
  })

  it("a page has its runs in their order, and the vendor's clock", () => {
    const date = utc("2026-11-20T10:00:00Z")
    const { data } = decodePage({ data: { syncStatuses: runs(3) } })
    expect(FromWire.page({ ...data, date }, { count: 100 })).toMatchObject({
      runs: [{ run: "0" }, { run: "1" }, { run: "2" }],
      asOf: date,
    })
  })
})

describe("the answer to a cancel", () => {
  it.each<[object, object | undefined]>([
    [Fixtures.cancelling, undefined],
    [{}, undefined],
    [{ status: "CANCELLING", errorCode: "", errorMessage: "" }, undefined],
    [{ errorCode: null }, undefined],
    [Fixtures.alreadyCanceled, { status: 200, code: "SyncAlreadyCanceled", text: "sync already canceled" }],
    [Fixtures.alreadyFinished, { status: 200, code: "SyncFinishedCannotCancel", text: "sync already finished" }],
    [{ errorCode: "Boom" }, { status: 200, code: "Boom" }],
    [{ errorMessage: "no" }, { status: 200, text: "no" }],
    [
      { errorCode: "c".repeat(999), errorMessage: "m".repeat(999) },
      { status: 200, code: "c".repeat(100), text: "m".repeat(500) },
    ],
  ])("C1: %j has the right error", (answer, expected) => {
    expect(FromWire.cancelError(decodeCanceled(answer))).toEqual(expected)
  })

  it.each([
    ["SyncAlreadyCanceled", true],
    ["SyncFinishedCannotCancel", true],
    ["Boom", false],
    ["toString", false],
    [undefined, false],
  ])("C3: whether the code %s says that nothing is left to cancel: %s", (code, expected) => {
    expect(StatusWords.isFinishedCode(code)).toBe(expected)
  })
})

describe("arbitrary answers", () => {
  const field = Schema.Union([
    Schema.Json,
    Schema.Literals(["12", "", "0001-01-01T00:00:00Z", "2026-08-20T16:00:00Z", "9999-12-31T23:59:59Z"]),
    Schema.Struct({ deliverSuccessCount: Schema.Literals(["12", "", "x"]), extractCount: Schema.Json }),
  ])

  it.prop(
    "H5: only a wrong id or status keeps a run from being decoded",
    { syncStatus: Schema.String, startedAt: field, finishedAt: field, error: field, loadPhase: field, code: field },
    ({ code, ...fields }) => {
      const read = snapshot({ ...fields, extractPhase: fields.loadPhase, errorCode: code, duration: code })
      expect(read.vendorStatus).toBe(fields.syncStatus)
      expect(
        Object.entries(read.rows).every(
          ([name, count]) => name === "addsUp" || (Number.isSafeInteger(count) && Number(count) >= 0),
        ),
      ).toBe(true)
    },
  )
})
