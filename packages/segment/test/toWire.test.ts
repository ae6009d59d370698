import { describe, expect, it } from "@effect/vitest"
import type { PageQuery } from "@openretl/core/driver/Driver"
import { DateTime } from "effect"
import { queryOf } from "../src/internal/page.ts"
import * as ToWire from "../src/internal/toWire.ts"

const query = (pageQuery: PageQuery) => queryOf(ToWire.pageRequest(pageQuery))

describe("a page of runs", () => {
  it("a listing wants the first 100 runs by default", () => {
    expect(query({})).toEqual({ count: 100 })
  })

  it.each([[1], [10], [101], [-5]])("L1: a listing of %s runs wants pages of 100 all the same", (size) => {
    expect(query({ size })).toEqual({ count: 100 })
  })

  it.each([
    [1, 1],
    [10, 10],
    [101, 100],
    [-5, 1],
  ])("H4: where a page may have %s runs at the most, it wants %s", (maxSize, count) => {
    expect(query({ size: 1, maxSize })).toEqual({ count })
  })

  it.each([
    ["?20:x", { count: 19 }],
    ["=?20:x", { count: 100, cursor: "?20:x" }],
    ["!19:2:r1MTk=", { count: 19, cursor: "MTk=" }],
    ["==", { count: 100, cursor: "=" }],
  ])("L1: a listing sends the query of the cursor %j", (cursor, expected) => {
    expect(query({ cursor })).toEqual(expected)
  })

  it.each([["MA=="], ["anything at all"], ["2&count=9"]])("L2: a listing sends the cursor %j as it came", (cursor) => {
    expect(query({ cursor })).toEqual({ count: 100, cursor })
  })

  it("L3: a listing sends no filters, since the vendor has none", () => {
    const at = DateTime.makeUnsafe("2026-09-20T10:00:00Z")
    expect(query({ statuses: ["failed"], startedAfter: at, startedBefore: at })).toEqual({ count: 100 })
  })
})

describe("a start", () => {
  it("a start has the three ids in the vendor's words", () => {
    const ids = { source: "src", model: "mod", subscription: "sub", destination: "dest" }
    expect(ToWire.startRequest(ids)).toEqual({ sourceId: "src", modelId: "mod", subscriptionId: "sub" })
  })
})

it("a cancel has the reason 4: another one than the listed reasons", () => {
  expect(ToWire.cancelRequest).toEqual({ reasonForCanceling: 4 })
})
