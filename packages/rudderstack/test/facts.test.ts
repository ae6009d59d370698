import { describe, expect, it } from "@effect/vitest"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import * as RudderStackFacts from "../src/RudderStackFacts.ts"

const { facts } = RudderStackFacts

describe("the facts", () => {
  it("have ids of their own", () => {
    expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length)
    for (const { id } of facts) expect(id).toMatch(/^rudderstack\/[a-z0-9]+(?:-[a-z0-9]+)*$/)
  })

  it("name the emulator's switches, each of them and no other", () => {
    const switches = Object.values(RudderStackSwitches).map(({ fact }) => fact)
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
      if (probe !== undefined) expect(probe, id).toMatch(/^(?:GET \/v2\/|Read )/)
    }
  })
})
