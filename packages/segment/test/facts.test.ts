import { describe, expect, it } from "@effect/vitest"
import { SegmentSwitches } from "@openretl/emulator/SegmentSwitches"
import * as SegmentFacts from "../src/SegmentFacts.ts"

const { facts } = SegmentFacts

describe("the facts", () => {
  it("have ids of their own", () => {
    expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length)
    for (const { id } of facts) expect(id).toMatch(/^segment\/[a-z0-9]+(?:-[a-z0-9]+)*$/)
  })

  it("name the emulator's switches, each of them and no other", () => {
    const switches = Object.values(SegmentSwitches).map(({ fact }) => fact)
    expect(
      facts
        .filter(({ hasSwitch }) => hasSwitch === true)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...switches].sort())
  })

  it("say where they come from and what follows, and claim nothing seen live", () => {
    for (const { id, claim, source, consequence, confidence } of facts) {
      expect(
        [claim, source, consequence].every((text) => text.length > 5),
        id,
      ).toBe(true)
      expect(confidence, id).not.toBe("live")
    }
  })

  it("are probed by reads alone", () => {
    for (const { id, probe } of facts) {
      if (probe !== undefined) expect(probe, id).toMatch(/^(?:GET \/|Read )/)
    }
  })
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
