import { describe, expect, it } from "@effect/vitest"
import * as Facts from "@openretl/conformance/Facts"
import { SegmentSwitches } from "@openretl/emulator/SegmentSwitches"
import * as SegmentFacts from "../src/SegmentFacts.ts"

it("the facts are well-formed: each switch has one, probes are reads, and none is live", () => {
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
  it("B1: core applies the documented limits, and to all requests together a lower bound of the default one", () => {
    const { limits } = SegmentFacts.description
    const window = "1 minute"
    expect(limits.map(({ name: _, ...limit }) => limit)).toEqual([
      { operations: ["start"], requests: 20, window },
      { operations: ["get"], requests: 250, window },
      { operations: "all", requests: 600, window },
      { operations: ["create"], requests: 5, window },
      { operations: ["update"], requests: 5, window },
      { operations: ["delete"], requests: 5, window },
    ])
    expect(new Set(limits.map(({ name }) => name)).size).toBe(6)
  })
})
