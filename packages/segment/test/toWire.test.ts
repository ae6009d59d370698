import { describe, expect, it } from "@effect/vitest"
import { DateTime } from "effect"
import * as ToWire from "../src/internal/toWire.ts"

describe("a page of runs", () => {
  it("is the first, of 100 runs, unless told", () => {
    expect(ToWire.listQuery({})).toEqual({ count: 100 })
  })

  it.each([[1], [10], [101], [-5]])("L1: of %s runs asks for the most all the same", (size) => {
    expect(ToWire.listQuery({ size })).toEqual({ count: 100 })
  })

  it.each([["MA=="], ["anything at all"], ["2&count=9"]])(
    "L2: after the cursor %j asks with it, as it came",
    (cursor) => {
      expect(ToWire.listQuery({ cursor })).toEqual({ count: 100, cursor })
    },
  )

  it("L3: is asked for without filters, which the vendor does not have", () => {
    const at = DateTime.makeUnsafe("2026-09-20T10:00:00Z")
    expect(ToWire.listQuery({ statuses: ["failed"], startedAfter: at, startedBefore: at })).toEqual({ count: 100 })
  })
})

describe("a start", () => {
  it("names the three ids in the vendor's words", () => {
    const ids = { source: "src", model: "mod", subscription: "sub", destination: "dest" }
    expect(ToWire.startRequest(ids)).toEqual({ sourceId: "src", modelId: "mod", subscriptionId: "sub" })
  })
})

it("a cancel gives another reason than those that are listed", () => {
  expect(ToWire.cancelRequest).toEqual({ reasonForCanceling: 4 })
})
