import { describe, expect, it } from "@effect/vitest"
import type { PageQuery } from "@openretl/core/driver/Driver"
import { DateTime } from "effect"
import * as Cursor from "../src/internal/cursor.ts"
import * as Paging from "../src/internal/paging.ts"
import * as ToWire from "../src/internal/toWire.ts"

const query = (pageQuery: PageQuery) =>
  ToWire.listQuery(Paging.requestOf(pageQuery.cursor, Paging.pageSizeOf(pageQuery.size)))

describe("a page of runs", () => {
  it("is the first, of 100 runs, by default", () => {
    expect(query({})).toEqual({ page: 1, page_size: 100 })
  })

  it.each([
    [1, 1],
    [100, 100],
    [101, 100],
    [0, 1],
    [-5, 1],
    [2.9, 2],
  ])("of %s runs requests %s", (size, page_size) => {
    expect(query({ size }).page_size).toBe(page_size)
  })

  it("L3: has no filter, since the vendor documents none", () => {
    const startedAfter = DateTime.makeUnsafe("2026-09-20T10:00:00Z")
    expect(query({ statuses: ["failed"], startedAfter, startedBefore: startedAfter })).toEqual({
      page: 1,
      page_size: 100,
    })
  })

  it.each([
    ["1.100.0", 1],
    ["37.100.3600", 37],
    ["2.100.100~bbe8400-e29b", 2],
    ["2.100.100~", Number.NaN],
    ["0.100.0", Number.NaN],
    ["-1.100.0", Number.NaN],
    ["1", Number.NaN],
    ["1e3.100.0", Number.NaN],
    ["2.100.0&page_size=1", Number.NaN],
    ["", Number.NaN],
    ["9999999.100.0", Number.NaN],
    ["3.100.200?", Cursor.probePage],
  ])("L2: at the cursor %j is page %s", (cursor, page) => {
    expect(query({ cursor }).page).toBe(page)
  })

  it.each([
    ["3.100.200", 50, { page: 5, page_size: 50 }],
    ["3.100.200", 30, { page: 3, page_size: 100 }],
    ["3.20.40", 100, { page: 3, page_size: 20 }],
  ])("L1, H4: after the cursor %j in size %s begins where the pages before ended", (cursor, size, expected) => {
    expect(query({ cursor, size })).toEqual(expected)
  })
})

describe("a cursor", () => {
  it.each<[Cursor.Cursor]>([
    [{ page: 2, count: 0 }],
    [{ page: 2, size: 20, count: 20, after: "run~1?" }],
    [{ page: 999_999, size: 100, count: 9, after: "\n" }],
    [{ page: 3, size: 100, count: 0, isProbe: true }],
  ])("%j comes back from its text", (cursor) => {
    expect(Cursor.parse(Cursor.format(cursor))).toEqual(cursor)
  })
})
