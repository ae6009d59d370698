import { describe, expect, it } from "@effect/vitest"
import { ZeotapSwitches } from "@openretl/emulator/ZeotapSwitches"
import * as ZeotapFacts from "../src/ZeotapFacts.ts"

const { facts, description } = ZeotapFacts

describe("the facts", () => {
  it("have ids of their own", () => {
    expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length)
    for (const { id } of facts) expect(id).toMatch(/^zeotap\/[a-z0-9]+(?:-[a-z0-9]+)*$/)
  })

  it("name the emulator's switches, each of them and no other", () => {
    const switches = Object.values(ZeotapSwitches).map(({ fact }) => fact)
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
      expect(["documented", "assumed"], id).toContain(confidence)
    }
  })

  it("are probed by reads alone", () => {
    for (const { id, probe } of facts) {
      if (probe !== undefined) expect(probe, id).toMatch(/^GET \/api\/v1\/workspaces\/\{workspace\}/)
    }
  })
})

describe("the limits", () => {
  it("B1: are the documented ones, and one budget for all requests", () => {
    const documented = [
      { key: "workspace", requests: 100, window: "1 minute" },
      { key: "workspace", requests: 20, window: "1 second" },
    ]
    expect(description.limits).toEqual({
      start: documented,
      get: documented,
      list: documented,
      schedule: documented,
      check: documented,
      syncs: documented,
      create: documented,
      update: documented,
      delete: documented,
    })
  })
})
