import { expect, it } from "@effect/vitest"
import * as Facts from "@openretl/conformance/Facts"
import { HightouchSwitches } from "@openretl/emulator/HightouchSwitches"
import * as HightouchFacts from "../src/HightouchFacts.ts"

it("the facts are well-formed, have their switches and probes, and none is live", () => {
  const problems = Facts.problems({
    vendor: "hightouch",
    facts: HightouchFacts.facts,
    switches: HightouchSwitches,
    confidence: ["documented", "seen-in-official-client", "assumed"],
    probe: /^GET \/api\/v1\/syncs/,
  })
  expect(problems).toEqual([])
})

it("B1: the rate limit is the documented one, shared by all requests", () => {
  expect(HightouchFacts.description.limits).toEqual([
    { name: "workspace", operations: "all", requests: 200, window: "10 seconds" },
  ])
})
