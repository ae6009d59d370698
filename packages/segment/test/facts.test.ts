import { describe, expect, it } from "@effect/vitest"
import * as Facts from "@openretl/conformance/Facts"
import { SegmentSwitches } from "@openretl/emulator/SegmentSwitches"
import * as SegmentFacts from "../src/SegmentFacts.ts"

it("the facts are in order, switched in the emulator, probed by reads, and none is said to be seen live", () => {
  const problems = Facts.problems({
    vendor: "segment",
    facts: SegmentFacts.facts,
    switches: SegmentSwitches,
    confidence: ["documented", "seen-in-official-client", "assumed"],
    probe: /^(?:GET \/|Read )/,
  })
  expect(problems).toEqual([])
})

describe("the limits", () => {
  it("B1: are the documented ones, and the most that is known of the others, each with a budget of its own", () => {
    const { limits } = SegmentFacts.description
    expect(limits).toEqual({
      start: [{ key: expect.any(String), requests: 20, window: "1 minute" }],
      get: [{ key: expect.any(String), requests: 250, window: "1 minute" }],
      syncs: [{ key: expect.any(String), requests: 600, window: "1 minute" }],
      create: [{ key: expect.any(String), requests: 5, window: "1 minute" }],
      update: [{ key: expect.any(String), requests: 5, window: "1 minute" }],
      delete: [{ key: expect.any(String), requests: 5, window: "1 minute" }],
    })
    expect(new Set(Object.values(limits).map(([limit]) => limit?.key)).size).toBe(6)
  })
})
