import { describe, expect, it } from "@effect/vitest"
import type { PageQuery } from "@openretl/core/driver/Driver"
import type { Status } from "@openretl/core/Run"
import { DateTime } from "effect"
import * as Paging from "../src/internal/paging.ts"
import * as ToWire from "../src/internal/toWire.ts"

const query = (pageQuery: PageQuery, canFilterByStatus = true) =>
  ToWire.listQuery(pageQuery, Paging.requestOf(pageQuery.cursor, Paging.sizeOf(pageQuery.size)), canFilterByStatus)
const utc = DateTime.makeUnsafe

describe("a page of runs", () => {
  it("is the first one, with 100 runs, by default", () => {
    expect(query({})).toEqual({ page: 1, per_page: 100 })
  })

  it.each([
    [1, 1],
    [100, 100],
    [101, 100],
    [0, 1],
    [-5, 1],
    [2.9, 2],
  ])("of %s runs is requested with per_page %s", (size, per_page) => {
    expect(query({ size }).per_page).toBe(per_page)
  })

  it.each([
    ["1.100.0", 1],
    ["37.100.3600", 37],
    ["37.100.3600?~run~1", 37],
    ["0.100.0", Number.NaN],
    ["-1.100.0", Number.NaN],
    ["1", Number.NaN],
    ["1e3.100.0", Number.NaN],
    ["2.100.0&status=failed", Number.NaN],
    ["", Number.NaN],
    ["9999999999.100.0", Number.NaN],
  ])("L2: after the cursor %j is page %s", (cursor, page) => {
    expect(query({ cursor }).page).toBe(page)
  })

  it.each([
    ["3.100.200", 50, { page: 5, per_page: 50 }],
    ["3.50.100", 25, { page: 5, per_page: 25 }],
    ["3.100.200", 30, { page: 3, per_page: 100 }],
    ["3.20.40", 100, { page: 3, per_page: 20 }],
  ])("L1, H4: after the cursor %j in size %s begins where the pages before ended", (cursor, size, expected) => {
    expect(query({ cursor, size })).toEqual(expected)
  })
})

describe("a filter by status", () => {
  it.each<[ReadonlyArray<Status>, string | undefined]>([
    [["running"], "running"],
    [["cancelling"], "running"],
    [["running", "cancelling"], "running"],
    [["succeeded"], "succeeded"],
    [["partial"], "succeeded"],
    [["succeeded", "partial"], "succeeded"],
    // A run of which no row got through is failed for us and `succeeded` for RudderStack.
    [["failed"], undefined],
    [["cancelled"], undefined],
    [["failed", "cancelled"], undefined],
    [["unknown"], undefined],
    [["queued"], undefined],
    [["running", "unknown"], undefined],
    [["queued", "running"], undefined],
    [["running", "succeeded"], undefined],
    [[], undefined],
  ])("L3: on %j is sent as %s", (statuses, status) => {
    expect(query({ statuses }).status).toBe(status)
  })

  it("L3: is not sent where statusWords gives words other meanings", () => {
    expect(query({ statuses: ["running"] }, false)).toEqual({ page: 1, per_page: 100 })
  })
})

describe("a filter by time", () => {
  it.each([
    ["2026-09-20T10:00:00.000Z", "2026-09-20T09:59:59Z", "2026-09-20T10:00:01Z"],
    ["2026-09-20T10:00:00.001Z", "2026-09-20T09:59:59Z", "2026-09-20T10:00:02Z"],
    ["2026-09-20T10:00:00.999Z", "2026-09-20T09:59:59Z", "2026-09-20T10:00:02Z"],
    ["2026-12-31T23:59:59.500Z", "2026-12-31T23:59:58Z", "2027-01-01T00:00:01Z"],
  ])("L3: at %s is widened by a second", (at, started_after, started_before) => {
    expect(query({ startedAfter: utc(at), startedBefore: utc(at) })).toEqual({
      page: 1,
      per_page: 100,
      started_after,
      started_before,
    })
  })

  it.each([[-8.64e15], [-1], [8.64e15]])("L3: at %s, which has no wire form, is not sent", (millis) => {
    expect(
      query({ startedAfter: utc(millis), startedBefore: utc(millis - 2_000 < -8.64e15 ? millis : millis - 2_000) }),
    ).toEqual({
      page: 1,
      per_page: 100,
    })
  })
})
