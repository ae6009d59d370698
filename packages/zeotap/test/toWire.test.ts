import { describe, expect, it } from "@effect/vitest"
import type { PageQuery } from "@openretl/core/driver/Driver"
import { DateTime } from "effect"
import * as Cursor from "../src/internal/cursor.ts"
import * as ToWire from "../src/internal/toWire.ts"

const query = (pageQuery: PageQuery) => ToWire.listQuery(ToWire.pageRequest(pageQuery))

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
    ["1", 1],
    ["37", 37],
    ["2~bbe8400-e29b", 2],
    ["2~", Number.NaN],
    ["0", Number.NaN],
    ["-1", Number.NaN],
    ["1.5", Number.NaN],
    ["1e3", Number.NaN],
    ["2&page_size=1", Number.NaN],
    ["", Number.NaN],
    ["9999999", Number.NaN],
    ["3?", Cursor.probePage],
  ])("L2: at the cursor %j is page %s", (cursor, page) => {
    expect(query({ cursor }).page).toBe(page)
  })
})

describe("a cursor", () => {
  it.each<[Cursor.Cursor]>([
    [{ page: 2 }],
    [{ page: 2, after: "run~1?" }],
    [{ page: 999_999, after: "\n" }],
    [{ page: 3, isProbe: true }],
  ])("%j comes back from its text", (cursor) => {
    expect(Cursor.parse(Cursor.format(cursor))).toEqual(cursor)
  })
})
