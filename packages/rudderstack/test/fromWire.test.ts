import { describe, expect, it } from "@effect/vitest"
import * as Wire from "@openretl/core/driver/Wire"
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as Run from "@openretl/core/Run"
import { DateTime, Result, Schema } from "effect"
import * as FromWire from "../src/internal/fromWire.ts"
import * as RudderStackApi from "../src/RudderStackApi.ts"
import * as Fixtures from "./fixtures.ts"

const decoder =
  <A>(schema: Schema.ConstraintDecoder<A>) =>
  (value: unknown): A =>
    Result.getOrThrowWith(Wire.decoder(schema)(value), (issues) => new Error(FieldIssue.toText(issues)))

const decodeSync = decoder(RudderStackApi.Sync)
const decodePage = decoder(RudderStackApi.ListSyncsResponse)
const decodeConnection = decoder(RudderStackApi.ConnectionSummary)
const snapshot = (sync: object) => FromWire.snapshot(decodeSync({ id: "run-1", status: "succeeded", ...sync }))
const utc = DateTime.makeUnsafe

describe("a run", () => {
  it("R4, R5: has no end, no error and no count of 0 while it is running, although the documented body has them", () => {
    expect(FromWire.snapshot(decodeSync(Fixtures.runningSync))).toEqual({
      run: "<sync_id>",
      status: "running",
      vendorStatus: "running",
      startedAt: utc("2024-04-20T05:58:14.778Z"),
      rows: {},
      native: Fixtures.runningSync,
    })
  })

  it("R4: has no counts where the body of an official client's tests has none", () => {
    expect(FromWire.snapshot(decodeSync(Fixtures.airflowSucceeded))).toEqual({
      run: "test_retl_sync_id",
      status: "succeeded",
      vendorStatus: "succeeded",
      rows: {},
      native: Fixtures.airflowSucceeded,
    })
  })

  it.each([
    ["running", "running"],
    ["succeeded", "succeeded"],
    ["failed", "failed"],
    // rudder-iac, syncs_test.go (2026-09) uses "paused" for a word to come; the next two are words of the web application.
    ["paused", "unknown"],
    ["aborted", "cancelled"],
    ["syncing", "unknown"],
    ["SUCCEEDED", "succeeded"],
    ["", "unknown"],
    ["constructor", "unknown"],
    ["__proto__", "unknown"],
  ])("R3: with the word %j is %s, and keeps the word", (word, status) => {
    expect(snapshot({ status: word })).toMatchObject({ status, vendorStatus: word })
  })

  it("keeps its error where it failed", () => {
    const failed = snapshot({ ...Fixtures.dagsterFailed, error: Fixtures.credentialsError })
    expect(failed.errorText).toBe(Fixtures.credentialsError)
  })

  it.each([[""], ["  \n"], [null], [7], [{}]])("R5: has no error where the vendor writes %j", (error) => {
    expect(snapshot({ status: "failed", error })).not.toHaveProperty("errorText")
  })

  it("cuts its error to 2,000 characters, and splits no character", () => {
    const text = snapshot({ status: "failed", error: `${"x".repeat(1998)}😀${"y".repeat(5000)}` }).errorText ?? ""
    expect(text).toHaveLength(2000)
    expect(text.isWellFormed()).toBe(true)
  })
})

describe("the times of a run", () => {
  it.each([
    ["2024-04-20T05:41:18.871Z", "2024-04-20T05:41:18.871Z"],
    ["2024-07-22T15:38:39.059503Z", "2024-07-22T15:38:39.059Z"],
    ["2024-07-22T15:38:39Z", "2024-07-22T15:38:39.000Z"],
    ["2024-07-22T17:38:39+02:00", "2024-07-22T15:38:39.000Z"],
  ])("R5: %s is decoded", (text, expected) => {
    expect(snapshot({ startedAt: text }).startedAt).toEqual(utc(expected))
  })

  it.each([
    ["0001-01-01T00:00:00Z"],
    [""],
    ["soon"],
    ["7"],
    ["2024-07-22"],
    ["2024-13-45T99:00:00Z"],
    [null],
    [1713592878871],
  ])("R5: %j is left out", (text) => {
    const run = snapshot({ startedAt: text, finishedAt: text })
    expect(run).not.toHaveProperty("startedAt")
    expect(run).not.toHaveProperty("finishedAt")
  })

  const startedAt = "2024-04-20T05:00:00Z"
  it.each([
    ["running", "2024-04-20T06:00:00Z", undefined],
    ["paused", "2024-04-20T06:00:00Z", undefined],
    ["succeeded", "2024-04-20T06:00:00Z", "2024-04-20T06:00:00Z"],
    ["failed", "2024-04-20T06:00:00Z", "2024-04-20T06:00:00Z"],
    ["failed", startedAt, startedAt],
    ["failed", "2024-04-20T04:59:59Z", undefined],
    ["failed", "0001-01-01T00:00:00Z", undefined],
  ])("R5: finishedAt of a %s run that started at five and says %s", (status, finishedAt, expected) => {
    expect(snapshot({ status, startedAt, finishedAt }).finishedAt).toEqual(expected && utc(expected))
  })
})

describe("the rows of a run", () => {
  const total = (count: unknown) => ({ total: count })
  it.each([
    [
      { succeeded: total(9), failed: total(1) },
      { succeeded: 9, failed: 1 },
    ],
    [
      { succeeded: total("9"), failed: total("1") },
      { succeeded: 9, failed: 1 },
    ],
    [{ succeeded: total(3_000_000_000) }, { succeeded: 3_000_000_000 }],
    [{ succeeded: total(""), failed: total(null) }, {}],
    [{ succeeded: total(-1), failed: total(0.5) }, {}],
    [{ succeeded: total("9 rows"), failed: total(Number.MAX_VALUE) }, {}],
    [{ succeeded: null, failed: [] }, {}],
    [{ succeeded: 9, failed: "1" }, {}],
    [null, {}],
    ["none", {}],
    [{ total: 12 }, {}],
  ])("R4: of metrics %j", (metrics, rows) => {
    expect(snapshot({ metrics }).rows).toEqual(rows)
  })

  it.each([
    ["succeeded", 12, 2],
    ["succeeded", 10, undefined],
    ["succeeded", 4, undefined],
    ["succeeded", undefined, undefined],
    ["running", 12, undefined],
  ])("R4: a %s run of 9 and 1 rows where %s changed leaves %s unaccounted", (status, changed, unaccounted) => {
    const metrics = { succeeded: total(9), failed: total(1), ...(changed !== undefined && { changed: total(changed) }) }
    const { rows } = snapshot({ status, metrics })
    expect(Run.account(rows).unaccounted).toBe(unaccounted)
    expect(rows.addsUp).toBe(status === "running" || changed === undefined ? undefined : "unknown")
  })
})

const runs = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `run-${index}`, status: "failed" }))
const first = { page: 1, size: 100, count: 0, isGuess: false }
const second = { page: 2, size: 10, count: 10, isGuess: false }
const next = (answer: object, request: Parameters<typeof FromWire.page>[1]) =>
  FromWire.page(decodePage(answer), request).next

describe("a page", () => {
  it("L4: with the documented link has a next one, and follows no link", () => {
    const page = FromWire.page(decodePage(Fixtures.syncsPage), first)
    expect(page.next).toBe("2.100.1~<sync_id>")
    expect(page.runs.map(({ run }) => run)).toEqual(["<sync_id>"])
  })

  it.each([
    ["an internal path", { next: "/apigateway/v1/retl-connections/c/syncs?page=9" }, 10, "3.10.20~run-0"],
    ["another origin", { next: "https://evil.example/?page=9" }, 10, "3.10.20~run-0"],
    ["a link on an empty page", { total: 5, next: "/x" }, 0, "3.10.10"],
    ["no link, and a total that is reached", { total: 20 }, 10, undefined],
    ["an empty link, and a total that is reached", { total: 20, next: "" }, 10, undefined],
    ["a null link, and a total that is reached", { total: 15, next: null }, 5, undefined],
    ["no link, and a total that is not reached", { total: 21 }, 10, "3.10.20~run-0"],
    ["no link, and a total that is a string", { total: "21" }, 10, "3.10.20~run-0"],
    ["no link, and a total that is not reached, on a short page", { total: 21 }, 5, "3.10.15~run-0"],
    ["no link, and a total that is not reached, on an empty page", { total: 21 }, 0, undefined],
    ["no link, and a total that makes no sense", { total: 3 }, 10, "3.10.20~run-0"],
    ["neither, on a full page", {}, 10, "3.10.20?~run-0"],
    ["neither, on a short page", {}, 9, "3.10.19?~run-0"],
    ["no paging at all, on a full page", undefined, 10, "3.10.20?~run-0"],
    ["no paging at all, on an empty page", undefined, 0, undefined],
    ["paging that is null", null, 9, "3.10.19?~run-0"],
  ])("L1: of 10 runs, with %s", (_, paging, count, expected) => {
    expect(next({ syncs: runs(count), paging }, second)).toBe(expected)
  })

  it.each([
    ["the second page repeats the first, of a usual size", 2, 10, true],
    ["the second page repeats the first, of an unusual size", 2, 7, undefined],
    ["a later page repeats the one before", 3, 10, undefined],
  ])("L2: is the last, and empty, where %s", (_, page, count, mayHaveMore) => {
    const request = { page, size: 100, count: 10, isGuess: true, after: "run-0" }
    expect(FromWire.page(decodePage({ syncs: runs(count) }), request)).toEqual({
      runs: [],
      ...(mayHaveMore && { mayHaveMore }),
    })
  })

  it("without runs is a null list; an answer without a list does not decode", () => {
    expect(FromWire.page(decodePage({ syncs: null }), first)).toEqual({ runs: [] })
    expect(() => decodePage({})).toThrow("syncs: Expected a value: it is missing")
  })
})

describe("ownSchedule", () => {
  it.each([
    [{ type: "manual" }, true, "manual"],
    [{ type: "manual" }, false, "manual"],
    [{ type: "basic", everyMinutes: 60 }, true, "scheduled"],
    [{ type: "cron", cronExpression: "0 */6 * * *" }, true, "scheduled"],
    [{ type: "cron", cronExpression: "0 */6 * * *" }, undefined, "scheduled"],
    [{ type: "basic", everyMinutes: 60 }, false, "unknown"],
    [{ type: "weekly" }, true, "unknown"],
    [{}, true, "unknown"],
    [null, true, "unknown"],
    ["manual", true, "unknown"],
  ])("T3: %j, enabled %s, is %s", (schedule, enabled, expected) => {
    expect(FromWire.ownSchedule(decodeConnection({ id: "conn-1", schedule, enabled }))).toBe(expected)
  })
})

describe("arbitrary fields", () => {
  const field = Schema.Union([
    Schema.Json,
    Schema.Struct({ total: Schema.Literals(["12", "", 12]) }),
    Schema.Literals(["0001-01-01T00:00:00Z", "2024-04-20T05:41:18.871Z", "9999-12-31T23:59:59Z"]),
  ])

  it.prop(
    "H5: of a run never keep it from being decoded, except its id and its status",
    { status: Schema.String, startedAt: field, finishedAt: field, error: field, metrics: field, succeeded: field },
    ({ metrics, succeeded, ...fields }) => {
      for (const counted of [metrics, { succeeded, failed: metrics, changed: succeeded }]) {
        const run = snapshot({ ...fields, metrics: counted })
        expect(run.vendorStatus).toBe(fields.status)
        expect(run.finishedAt === undefined || ["succeeded", "failed"].includes(fields.status)).toBe(true)
        expect(
          Object.entries(run.rows).every(
            ([name, count]) => name === "addsUp" || (Number.isSafeInteger(count) && Number(count) >= 0),
          ),
        ).toBe(true)
      }
    },
  )

  it.prop("H5: of paging lead to the next page or to the end", { paging: field }, ({ paging }) => {
    for (const syncs of [runs(10), []]) {
      expect(next({ syncs, paging }, second) ?? "3.10.").toMatch(/^3\.10\./)
    }
  })

  it.prop("H5: of a connection lead to a schedule or to an unknown one", { type: field, enabled: field }, (fields) => {
    for (const schedule of [fields.type, { type: fields.type }]) {
      const decoded = decodeConnection({ id: "conn-1", enabled: fields.enabled, schedule })
      expect(FromWire.ownSchedule(decoded)).toBe("unknown")
    }
  })
})
