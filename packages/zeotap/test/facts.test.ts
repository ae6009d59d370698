import { describe, expect, it } from "@effect/vitest"
import * as Facts from "@openretl/conformance/Facts"
import { ZeotapSwitches } from "@openretl/emulator/ZeotapSwitches"
import * as ZeotapFacts from "../src/ZeotapFacts.ts"

it("the facts are well-formed, have their switches and probes, and none is live", () => {
  const problems = Facts.problems({
    vendor: "zeotap",
    facts: ZeotapFacts.facts,
    switches: ZeotapSwitches,
    confidence: ["documented", "assumed"],
    probe: /^GET \/api\/v1\/workspaces\/\{workspace\}/,
  })
  expect(problems).toEqual([])
})

describe("the rate limits", () => {
  it("B1: are the documented ones, shared by all requests", () => {
    expect(ZeotapFacts.description.limits).toEqual([
      { name: "workspace", operations: "all", requests: 100, window: "1 minute" },
      { name: "workspace", operations: "all", requests: 20, window: "1 second" },
    ])
  })
})
